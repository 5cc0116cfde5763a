"""The table of jobs: how many of the configured runs and timings were made, and how long they took."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reports.pages.paper import Paper


@dataclass(frozen=True)
class JobRow:
    """The jobs of one variant of an experiment or a timing.

    `key` holds the names of stage, paper, experiment and variant in paths.
    """

    key: tuple[str, str, str, str]
    paper: str
    experiment: str
    variant: str
    workers: tuple[int, ...]
    seeds: tuple[int, ...]
    planned: int
    done: int
    diverged: int
    seconds: float

    @property
    def missing(self) -> int:
        """The number of jobs without a record."""
        return max(self.planned - self.done, 0)


def run_rows(papers: Iterable[Paper], runs: Iterable[Mapping[str, Any]]) -> tuple[JobRow, ...]:
    """Count the training runs of every variant.

    Parameters
    ----------
    papers
        Resolved configurations.
    runs
        The runs of provenance.json.

    Returns
    -------
    tuple of JobRow
        One row per variant, in the order of the configuration.
    """
    records = list(runs)
    return tuple(
        _row(paper, "experiments", name, variant, records, ("seconds_train", "seconds_evaluate"))
        for paper in papers
        for name, experiment in paper["experiments"].items()
        for variant in experiment["variants"]
    )


def timing_rows(
    papers: Iterable[Paper], timings: Iterable[Mapping[str, Any]], measurable: Collection[str]
) -> tuple[JobRow, ...]:
    """Count the timings of every variant that this machine can measure.

    Parameters
    ----------
    papers
        Resolved configurations.
    timings
        The timings of provenance.json.
    measurable
        Names of the machines that timings are measured on.
    """
    records = list(timings)
    return tuple(
        _row(paper, "timings", name, variant, records, ("seconds_total",), measurable)
        for paper in papers
        for name, timing in paper.get("timings", {}).items()
        for variant in timing["variants"]
    )


def _row(
    paper: Paper,
    stage: str,
    name: str,
    variant: str,
    records: list[Mapping[str, Any]],
    clocks: tuple[str, ...],
    measurable: Collection[str] = (),
) -> JobRow:
    settings = paper[stage][name]["variants"][variant]
    key = (paper["id"], name, variant)
    own = [r for r in records if (r["paper"], r["experiment"], r["variant"]) == key]
    workers = tuple(settings.get("workers", (1,)))
    seeds = tuple(settings.get("seeds", (settings.get("seed", 1),)))
    return JobRow(
        key=("runs" if stage == "experiments" else stage, *key),
        paper=paper.get("name", paper["id"]),
        experiment=paper[stage][name]["title"],
        variant=settings["title"],
        workers=workers,
        seeds=seeds,
        planned=len(workers) * len(settings.get("seeds") or _measured(settings, measurable)),
        done=len(own),
        diverged=sum(record["status"] == "diverged" for record in own),
        seconds=sum(record[clock] for record in own for clock in clocks),
    )


def _measured(settings: Mapping[str, Any], measurable: Collection[str]) -> list[str]:
    """List the machines of a timing whose core counts this machine can imitate; others are modelled."""
    return [name for name in settings.get("hardware", ("host",)) if name in measurable]
