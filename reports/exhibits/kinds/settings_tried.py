"""Settings that a search tried and chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from records.search import Outcome, mean_accuracy
from reports.exhibits.contract import Kind
from reports.exhibits.drawings import Models
from reports.exhibits.keys import Exhibit, Name, Names


class SettingsTried(Exhibit, frozen=True, kw_only=True, tag="settings_tried"):
    """Configuration of a table of settings that a search tried."""

    search: Annotated[Name, Meta(description="The comparison that searched.")]
    rounds: Annotated[Names, Meta(description="Its experiments, in the order of its rounds.")]


@dataclass(frozen=True)
class Round:
    """What an experiment has shown of a method.

    Attributes
    ----------
    tried
        Number of combinations.
    best, worst
        Largest and least mean accuracy over the seeds, in percent; a training that diverged counts as 0.
    """

    tried: int
    best: float
    worst: float


@dataclass(frozen=True)
class Method:
    """A method, what was tried of it, and what was chosen.

    Attributes
    ----------
    name
        Its name in the search.
    rounds
        A round for each experiment; None where the method was not in it.
    chosen
        Setting and value of what was chosen.
    """

    name: str
    rounds: tuple[Round | None, ...]
    chosen: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Tried:
    """The methods of a search.

    Attributes
    ----------
    rounds
        Names of the experiments.
    methods
        The methods, as they are in the first.
    """

    template: ClassVar[str] = "tried.html.j2"

    rounds: tuple[str, ...]
    methods: tuple[Method, ...]


def tried(exhibit: SettingsTried, models: Models) -> Tried:
    """Return the methods with what was tried of each."""
    outcomes = models.study.searched.get(exhibit.search, {})
    rounds = [outcomes.get(name, {}) for name in exhibit.rounds]
    methods = {name: None for found in rounds for name in found}
    return Tried(
        exhibit.rounds,
        tuple(_method(name, [each.get(name) for each in rounds]) for name in methods),
    )


def _method(name: str, outcomes: list[Outcome | None]) -> Method:
    last = [outcome for outcome in outcomes if outcome][-1]
    return Method(
        name,
        tuple(None if outcome is None else _round(outcome) for outcome in outcomes),
        tuple(_settings(last.kept[0].values)),
    )


def _round(outcome: Outcome) -> Round:
    means = [100 * mean_accuracy(found) for found in outcome.accuracies.values()]
    return Round(outcome.tried, max(means), min(means))


def _settings(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the way to each single value, and the value."""
    for key, value in values.items():
        way = f"{path}.{key}".removeprefix(".")
        if isinstance(value, Mapping):
            yield from _settings(value, way)
        else:
            yield way, "none" if value is None else str(value)


KIND = Kind(
    name="settings_tried",
    summary="Settings that a search tried, by method, and the one that it chose.",
    keys=SettingsTried,
    drawing=tried,
)
