"""Checks: numbers taken off curves, facts and properties, and what is expected of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType, structs, to_builtins

from records.rules import exactly_one, required, together, where
from records.values import Entry, Reference, Title

Point: TypeAlias = Annotated[int, Meta(ge=0)] | Annotated[str, Meta(max_length=200)]
"""A point of an axis: an epoch, a number of workers, the name of a variant; ``last``, or ``cores``: the largest
number of workers that have a core each."""

Measure: TypeAlias = Literal[
    "value",
    "rise",
    "mean",
    "minimum",
    "maximum",
    "spread",
    "knee",
    "share_above",
    "rank_correlation",
    "log_slope",
    "first_reaching",
    "lead",
    "largest_fall",
    "unsteadiness",
    "line_fit",
    "exponential_fit",
    "power_fit",
]


class OtherCurve(Entry, frozen=True, kw_only=True):
    """A curve that differs from another one in these keys alone."""

    experiment: Annotated[
        Reference | UnsetType, Meta(description="The experiment or the timing.")
    ] = UNSET
    metric: Annotated[Reference | UnsetType, Meta(description="The metric.")] = UNSET
    variant: Annotated[
        Reference | UnsetType,
        Meta(
            description='The variant; "reading" is the one under judgement. May be left out where there is one.'
        ),
    ] = UNSET
    workers: Annotated[
        Annotated[int, Meta(ge=1)] | UnsetType,
        Meta(description="The number of workers. May be left out where there is one."),
    ] = UNSET
    seed: Annotated[
        Annotated[int, Meta(ge=0)] | UnsetType,
        Meta(
            description=(
                "The seed of a run, where a mean over seeds says little of any; all seeds unless given."
            )
        ),
    ] = UNSET
    across: Annotated[
        Literal["epochs", "workers", "variants"] | UnsetType,
        Meta(description="The axis; `epochs` unless given. A timing always runs across workers."),
    ] = UNSET
    epoch: Annotated[
        Annotated[int, Meta(ge=0)] | UnsetType,
        Meta(description="The epoch of a curve across workers or variants; the last unless given."),
    ] = UNSET
    hardware: Annotated[
        Reference | UnsetType, Meta(description="The machine of a timing; this host unless given.")
    ] = UNSET
    left_out: Annotated[
        bool | UnsetType,
        Meta(
            description=(
                "For a paper's own program on its own machines: whether each published point is "
                "modelled by a fit to all points but itself."
            )
        ),
    ] = UNSET


class Curve(OtherCurve, frozen=True, kw_only=True):
    """A metric along an axis."""

    experiment: Annotated[Reference, Meta(description="The experiment or the timing.")]
    metric: Annotated[Reference, Meta(description="The metric.")]

    def changed(self, other: OtherCurve) -> Curve:
        """Return the curve that differs from this one in the keys that another has."""
        return structs.replace(self, **to_builtins(other))


class TestEntry(Entry, frozen=True, kw_only=True, rename={"from_": "from"}):
    """One number a seed: a measure of a curve, a fact of a dataset or a property, or two tests combined."""

    measure: Annotated[
        Measure | UnsetType,
        Meta(
            description=(
                "How the number is taken off the curve: its value at a point; its rise from first "
                "to last; mean, minimum, maximum, or spread (largest less smallest); its value at "
                "the knee where it turns flat; the share of points above a threshold; the first "
                "point that reaches one; the rank correlation of values with points; the slope on "
                "logarithmic axes; its lead at a point over the best of all others; its largest "
                "fall from one point to the next; its unsteadiness (standard deviation of the "
                "changes from point to point); or the share of its variance that a straight line, "
                "an exponential curve or a power explain (R², of logarithms for the last two)."
            )
        ),
    ] = UNSET
    of: Annotated[Curve | UnsetType, Meta(description="The curve.")] = UNSET
    minus: Annotated[
        Annotated[OtherCurve, Meta(extra_json_schema={"minProperties": 1})] | UnsetType,
        Meta(description="A curve to subtract, by the keys in which it differs."),
    ] = UNSET
    absolute: Annotated[
        bool | UnsetType, Meta(description="Whether to drop the signs of the values.")
    ] = UNSET
    from_: Annotated[Point | UnsetType, Meta(description="The first point.")] = UNSET
    to: Annotated[Point | UnsetType, Meta(description="The last point.")] = UNSET
    at: Annotated[Point | UnsetType, Meta(description="The point.")] = UNSET
    threshold: Annotated[float | UnsetType, Meta(description="A value to compare with.")] = UNSET
    difference: Annotated[
        tuple[Test, Test] | UnsetType, Meta(description="The first test less the second.")
    ] = UNSET
    ratio: Annotated[
        tuple[Test, Test] | UnsetType, Meta(description="The first test by the second.")
    ] = UNSET
    product: Annotated[
        tuple[Test, Test] | UnsetType, Meta(description="The first test times the second.")
    ] = UNSET
    dataset: Annotated[
        Reference | UnsetType, Meta(description="The dataset that the paper names.")
    ] = UNSET
    property: Annotated[
        Reference | UnsetType, Meta(description="The property: see docs/properties.md.")
    ] = UNSET
    fact: Annotated[
        Title | UnsetType,
        Meta(
            description=(
                "Way to a number in dataset.json or in the property's record, such as "
                "splits.train.samples."
            )
        ),
    ] = UNSET

    def curves(self) -> Iterator[OtherCurve]:
        """Yield its curves, and those of the tests that it combines."""
        for curve in (self.of, self.minus):
            if curve is not UNSET:
                yield curve
        for part in self.difference or self.ratio or self.product or ():
            yield from part.curves()


COMBINED = ("difference", "ratio", "product")
"""Keys of a test that combine two others."""

Test: TypeAlias = Annotated[
    TestEntry,
    Meta(
        extra_json_schema={
            **exactly_one(
                ["measure", "of"],
                *([key] for key in COMBINED),
                ["dataset", "fact"],
                ["property", "fact"],
            ),
            **together(dict.fromkeys(("minus", "absolute", "from", "to", "at", "threshold"), "of")),
            "allOf": [
                where("measure", ["value", "lead"], required("at")),
                where("measure", ["share_above", "first_reaching"], required("threshold")),
            ],
        }
    ),
]


class Expectation(Entry, frozen=True, kw_only=True):
    """What is expected of the mean over the seeds."""

    equal: Annotated[float | UnsetType, Meta(description="This number.")] = UNSET
    within: Annotated[
        Annotated[float, Meta(gt=0)] | UnsetType,
        Meta(description="How far from it the number may be."),
    ] = UNSET
    between: Annotated[
        tuple[float, float] | UnsetType, Meta(description="Between these, ends included.")
    ] = UNSET
    at_least: Annotated[float | UnsetType, Meta(description="This or more.")] = UNSET
    at_most: Annotated[float | UnsetType, Meta(description="This or less.")] = UNSET
    above: Annotated[float | UnsetType, Meta(description="More than this.")] = UNSET
    below: Annotated[float | UnsetType, Meta(description="Less than this.")] = UNSET


Expected: TypeAlias = Annotated[
    Expectation,
    Meta(
        description="What is expected of it.",
        extra_json_schema={
            **exactly_one(["equal"], ["between"], ["at_least"], ["at_most"], ["above"], ["below"]),
            **together({"within": "equal"}),
        },
    ),
]


class Check(Entry, frozen=True, kw_only=True):
    """A number and what is expected of it."""

    name: Annotated[Title, Meta(description="What the number is.")]
    test: Annotated[Test, Meta(description="How the number is made.")]
    expect: Expected


Checks: TypeAlias = Annotated[tuple[Check, ...], Meta(min_length=1)]
