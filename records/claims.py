"""Claims, cross-checks and findings of a paper."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.check import Check, Checks
from records.rules import exactly_one, together, where, without
from records.values import UNIQUE, Entry, Name, Reference, References, Text, Title

Editions: TypeAlias = Annotated[
    tuple[Name, ...],
    Meta(
        min_length=1,
        extra_json_schema=UNIQUE,
        description="Editions whose data can decide it; all of them unless given.",
    ),
]
Entries: TypeAlias = Annotated[tuple[Reference, ...], Meta(extra_json_schema=UNIQUE)]


class Published(Entry, frozen=True, kw_only=True):
    """A number that a paper prints."""

    value: Annotated[float, Meta(description="The number.")]
    unit: Annotated[
        Reference,
        Meta(description="Its unit; empty for a plain number, `fraction` for a percentage."),
    ]


class TheirRuns(Entry, frozen=True, kw_only=True):
    """What of the authors' own runs a claim is tested against."""

    machine: Annotated[
        Reference,
        Meta(
            description="The machine of theirs whose accuracies are meant: see config/authors.yaml."
        ),
    ]
    checks: Annotated[
        Checks | UnsetType,
        Meta(description="What must all hold of their runs; the claim's own checks unless given."),
    ] = UNSET


class ClaimEntry(Entry, frozen=True, kw_only=True):
    """One statement of a paper, and what decides whether our runs bear it out."""

    id: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{2}-C[0-9]{2,3}\Z",
            examples=["OT-C01"],
            description="Its name: the paper's key and a number.",
        ),
    ]
    kind: Annotated[
        Literal[
            "accuracy", "time", "speedup", "convergence", "confidence", "profile", "engineering"
        ],
        Meta(description="What it is about."),
    ]
    strength: Annotated[
        Literal["quantitative", "qualitative", "opinion"],
        Meta(
            description=(
                "Whether it gives a number or only a direction; an opinion is listed and not "
                "judged."
            )
        ),
    ]
    where: Annotated[Title, Meta(description="Where the paper says it.")]
    statement: Annotated[Text, Meta(description="The statement in our own words.")]
    exhibit: Annotated[Reference | UnsetType, Meta(description="The exhibit that it is about.")] = (
        UNSET
    )
    published: Annotated[
        Published | UnsetType, Meta(description="The number that the paper prints.")
    ] = UNSET
    readings: Annotated[
        References | UnsetType,
        Meta(
            description=(
                'Variants under each of which the claim is judged; a test calls the one at hand "reading". The '
                "first is of a primary reading and decides; the others tell how much depends on it."
            )
        ),
    ] = UNSET
    editions: Editions | UnsetType = UNSET
    not_testable: Annotated[
        Text | UnsetType, Meta(description="Why nothing here can decide it.")
    ] = UNSET
    checks: Annotated[
        Checks | UnsetType,
        Meta(
            description=(
                "What must all hold for the claim to be reproduced; the number of the first is "
                "shown beside the published one."
            )
        ),
    ] = UNSET
    trend: Annotated[
        Checks | UnsetType,
        Meta(description="What must all hold for the trend to hold where the checks do not."),
    ] = UNSET
    no_trend: Annotated[
        Text | UnsetType, Meta(description="Why its checks have no direction to test.")
    ] = UNSET
    by_definition: Annotated[
        Text | UnsetType,
        Meta(
            description=(
                "Why the checks could not have come out otherwise: what they test is a property of a formula or of our "
                "build, and no run."
            )
        ),
    ] = UNSET
    stands_in: Annotated[
        Text | UnsetType,
        Meta(
            description=(
                "What of ours stands in for what the paper does not give: a machine, a program, hyper-parameters. "
                "Where it is given, the claim may fail to transfer, but is not contradicted."
            )
        ),
    ] = UNSET
    counted_with: Annotated[
        Reference | UnsetType,
        Meta(description="The claim that has the same published number, and is counted instead."),
    ] = UNSET
    answers: Annotated[
        Entries | UnsetType,
        Meta(
            description="Claims of papers whose open question it takes up; pages link them with each other."
        ),
    ] = UNSET
    authors: Annotated[
        TheirRuns | UnsetType,
        Meta(
            description=(
                "The authors' own runs that it is tested against, before ours. It decides no verdict: a "
                "test's experiment, variant and seeds are ours, its metric, machine, workers and points "
                "theirs."
            )
        ),
    ] = UNSET


Claim: TypeAlias = Annotated[
    ClaimEntry,
    Meta(
        extra_json_schema={
            **together({"trend": "checks"}),
            **where(
                "strength",
                ["opinion"],
                without("checks", "not_testable"),
                exactly_one(["checks"], ["not_testable"]),
            ),
        }
    ),
]


class FoundNumber(Check, frozen=True, kw_only=True):
    """A number that an answer rests on."""

    published: Annotated[
        float | UnsetType, Meta(description="What the paper prints of it, in the unit of ours.")
    ] = UNSET


class Finding(Entry, frozen=True, kw_only=True):
    """A question that the paper's numbers raise, our answer, and the numbers that the answer rests on."""

    id: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{2}-F[0-9]{2,3}\Z",
            examples=["OT-F01"],
            description="Its name: the paper's key and a number.",
        ),
    ]
    question: Annotated[Text, Meta(description="The question.")]
    answer: Annotated[
        Text,
        Meta(
            description=(
                "The answer in words, shown where all its numbers are as expected. Its first sentence is the answer in "
                "short, which stands alone at the head of the page. Numbers of our "
                "runs belong into `numbers`."
            )
        ),
    ]
    numbers: Annotated[
        tuple[FoundNumber, ...], Meta(min_length=1, description="The numbers that show it.")
    ]
    exhibits: Annotated[Entries | UnsetType, Meta(description="The exhibits that it concerns.")] = (
        UNSET
    )
    claims: Annotated[Entries | UnsetType, Meta(description="The claims that it concerns.")] = UNSET
    editions: Editions | UnsetType = UNSET


class DerivedNumber(Entry, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A number of ours that follows from the paper's."""

    name: Annotated[Title, Meta(description="What the number is.")]
    value: Annotated[float, Meta(description="The number.")]
    unit: Annotated[Reference, Meta(description="Its unit.")]
    from_: Annotated[Text, Meta(description="How it follows from the paper's numbers.")]


class CrossCheck(Entry, frozen=True, kw_only=True):
    """One place where the paper's own numbers or words do not fit together."""

    id: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]{2}-X[0-9]{2,3}\Z",
            examples=["OT-X01"],
            description="Its name: the paper's key and a number.",
        ),
    ]
    kind: Annotated[
        Literal[
            "contradiction",
            "tension",
            "missing",
            "factual",
            "wording",
            "derived",
            "inference",
            "interpretation",
        ],
        Meta(description="In what way."),
    ]
    statement: Annotated[Text, Meta(description="What it is in our own words.")]
    claims: Annotated[Entries | UnsetType, Meta(description="The claims that it concerns.")] = UNSET
    exhibits: Annotated[Entries | UnsetType, Meta(description="The exhibits that it concerns.")] = (
        UNSET
    )
    numbers: Annotated[
        tuple[DerivedNumber, ...] | UnsetType,
        Meta(description="Numbers of our own derived from the paper's."),
    ] = UNSET
