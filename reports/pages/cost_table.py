"""The table of costs: seconds of every study and stage, with their sums and shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.tables.costs import STAGES


@dataclass(frozen=True)
class CostTable:
    """Costs by study and stage.

    Attributes
    ----------
    stages
        Names of the stages.
    rows
        Name of each study, with the seconds of each stage, None where it has none, and their sum.
    seconds, cpu_seconds
        The sum of each stage, and of all.
    shares
        The share of each stage in all seconds, and of all.
    """

    stages: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]
    seconds: tuple[float, ...]
    cpu_seconds: tuple[float, ...]
    shares: tuple[float, ...]


def cost_table(costs: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> CostTable:
    """Arrange the rows of ``cost.csv`` by study and stage.

    Parameters
    ----------
    costs
        The rows.
    names
        Names of the studies by id, in their order.
    """
    known = {row["stage"] for row in costs}
    stages = tuple(stage for stage in STAGES if stage in known)
    found = {(row["paper"], row["stage"]): float(row["seconds"]) for row in costs}
    rows = []
    for paper, name in {**names, "": "shared by all"}.items():
        own = tuple(found.get((paper, stage)) for stage in stages)
        rows.append((name, (*own, sum(each or 0.0 for each in own))))
    seconds = _sums(costs, stages, "seconds")
    return CostTable(
        stages=stages,
        rows=tuple(rows),
        seconds=seconds,
        cpu_seconds=_sums(costs, stages, "cpu_seconds"),
        shares=tuple(each / seconds[-1] if seconds[-1] else 0.0 for each in seconds),
    )


def _sums(
    costs: Iterable[Mapping[str, Any]], stages: Sequence[str], column: str
) -> tuple[float, ...]:
    """Return the sum of a column for each stage, and of all stages."""
    sums = [sum(row[column] for row in costs if row["stage"] == stage) for stage in stages]
    return (*sums, sum(sums))
