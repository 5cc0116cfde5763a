"""The table of jobs: how many of the configured runs and timings were made, and how long they took."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from records.study import Experiment, Study, Timing
from records.variants import RunVariant


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


def run_rows(studies: Iterable[Study], runs: Iterable[Mapping[str, Any]]) -> tuple[JobRow, ...]:
    """Count the training runs of every variant.

    Parameters
    ----------
    studies
        Resolved configurations.
    runs
        The runs of provenance.json.

    Returns
    -------
    tuple of JobRow
        One row per variant, in the order of the configuration.
    """
    records = list(runs)
    clocks = ("seconds_train", "seconds_evaluate")
    return tuple(
        _row(study, experiment, ("runs", study.id, name, variant), records, clocks)
        for study in studies
        for name, experiment in study.experiments.items()
        for variant in experiment.variants
    )


def timing_rows(
    studies: Iterable[Study], timings: Iterable[Mapping[str, Any]], measurable: Collection[str]
) -> tuple[JobRow, ...]:
    """Count the timings of every variant that this machine can measure.

    Parameters
    ----------
    studies
        Resolved configurations.
    timings
        The timings of provenance.json.
    measurable
        Names of the machines that timings are measured on.
    """
    records = list(timings)
    return tuple(
        _row(
            study,
            timing,
            ("timings", study.id, name, variant),
            records,
            ("seconds_total",),
            measurable,
        )
        for study in studies
        for name, timing in study.timings.items()
        for variant in timing.variants
    )


def _row(
    study: Study,
    entry: Experiment | Timing,
    key: tuple[str, str, str, str],
    records: list[Mapping[str, Any]],
    clocks: tuple[str, ...],
    measurable: Collection[str] = (),
) -> JobRow:
    settings = entry.variants[key[-1]]
    own = [r for r in records if (r["paper"], r["experiment"], r["variant"]) == key[1:]]
    if isinstance(settings, RunVariant):
        seeds, jobs = settings.seeds, len(settings.seeds)
    else:
        # Other machines are modelled.
        seeds, jobs = (settings.seed,), sum(name in measurable for name in settings.hardware)
    return JobRow(
        key=key,
        paper=study.name,
        experiment=entry.title,
        variant=settings.title,
        workers=settings.workers,
        seeds=seeds,
        planned=len(settings.workers) * jobs,
        done=len(own),
        diverged=sum(record["status"] == "diverged" for record in own),
        seconds=sum(record[clock] for record in own for clock in clocks),
    )
