"""What a model of a program on a machine may take from published timings, each with its physical meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

VERSION = 3
"""Version of the form of the records of calibrations, models and predictions."""

SMT_YIELD = 0.25
"""What a second hardware thread adds to a core's speed where nothing tells: between nothing and about a half."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model.

    Attributes
    ----------
    value
        Its value.
    origin
        ``fitted`` to published timings, ``calibrated`` on this host, or the documented ``default``.
    """

    value: float
    origin: str


@dataclass(frozen=True)
class Meaning:
    """What a parameter stands for.

    Attributes
    ----------
    text
        What it is.
    unit
        In what it is measured.
    bounds
        Between which values it makes sense.
    """

    text: str
    unit: str
    bounds: tuple[float, float]


MEANINGS: dict[str, Meaning] = {
    "serial_share": Meaning(
        "work that only one worker can do", "share of one worker's time", (0.0, 0.95)
    ),
    "merge_share": Meaning(
        "merging what one worker has learnt", "share of one worker's time", (0.0, 0.95)
    ),
    "sync_share": Meaning(
        "waiting at the barriers, for each worker", "share of one worker's time", (0.0, 1.0)
    ),
    "smt_yield": Meaning(
        "what a core gains from its further hardware threads",
        "share of one thread's speed",
        (0.0, 1.0),
    ),
    "loaded": Meaning(
        "how long a task takes with all cores busy: lower clocks, shared memory and caches",
        "times as long as with one core busy",
        (1.0, 10.0),
    ),
}
"""Every parameter by its name."""

Parameters = Mapping[str, Parameter]


def as_json(parameters: Parameters) -> dict[str, Any]:
    """Return parameters with their meanings as what JSON can hold."""
    return {
        name: {**asdict(each), "unit": MEANINGS[name].unit, "meaning": MEANINGS[name].text}
        for name, each in parameters.items()
    }


def from_json(content: Mapping[str, Any]) -> dict[str, Parameter]:
    """Return the parameters that `as_json` has written."""
    return {name: Parameter(each["value"], each["origin"]) for name, each in content.items()}


def fitted(parameters: Parameters, values: Mapping[str, float]) -> dict[str, Parameter]:
    """Return parameters with some values replaced by fitted ones."""
    return {
        name: replace(each, value=values[name], origin="fitted") if name in values else each
        for name, each in parameters.items()
    }
