"""Parameters of a model, each with its physical meaning, which may be fitted to published timings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from records import parameter
from records.parameter import Origin

SMT_YIELD = 0.25
"""Default gain of a core's speed by a second hardware thread; real gains lie between 0 and about 0.5."""


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
    origin: Origin


@dataclass(frozen=True)
class Meaning:
    """Description of a parameter.

    Attributes
    ----------
    text
        Its meaning.
    unit
        Its unit.
    bounds
        Its smallest and largest sensible value.
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
"""All parameters by name."""

Parameters = Mapping[str, Parameter]


def recorded(parameters: Parameters) -> dict[str, parameter.Parameter]:
    """Return parameters with unit and meaning, for a record."""
    return {
        name: parameter.Parameter(each.value, each.origin, MEANINGS[name].unit, MEANINGS[name].text)
        for name, each in parameters.items()
    }


def from_record(content: Mapping[str, parameter.Parameter]) -> dict[str, Parameter]:
    """Return the parameters that `recorded` described."""
    return {name: Parameter(each.value, each.origin) for name, each in content.items()}


def fitted(parameters: Parameters, values: Mapping[str, float]) -> dict[str, Parameter]:
    """Return the parameters with some values replaced by fitted ones."""
    return {
        name: replace(each, value=values[name], origin="fitted") if name in values else each
        for name, each in parameters.items()
    }
