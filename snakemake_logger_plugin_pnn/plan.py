"""State of a run: jobs done, of all and of the current study, and estimated time left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from logging import LogRecord
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

TRUSTED = 0.02
"""Least share of the work that must be done for an estimate of the time left."""


class Expected(NamedTuple):
    """Estimate of a job before it runs.

    Attributes
    ----------
    study
        Name of its study; empty if it belongs to all.
    seconds
        Estimated seconds for which it keeps the whole machine busy.
    """

    study: str
    seconds: float


UNKNOWN = Expected("", 1.0)


class Job(NamedTuple):
    """A running job.

    Attributes
    ----------
    name
        Its rule and wildcards.
    expected
        Its estimate.
    """

    name: str
    expected: Expected


class Plan:
    """The jobs of a run and their work.

    Parameters
    ----------
    clock
        Function that returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.done = 0
        self.total = 0
        self._clock = clock
        self._began: float | None = None
        self._expected: dict[str, Expected] = {}
        self._to_do: dict[str, Expected] = {}
        self._running: dict[int, Job] = {}
        self._finished: list[Expected] = []
        self._study = ""
        self._unforeseen = False

    def expect(self, outputs: Mapping[str, Expected]) -> None:
        """Register jobs by one output each; a job whose output exists is not to be done.

        Parameters
        ----------
        outputs
            Estimates by output.
        """
        self._expected = dict(outputs)
        self._to_do = {path: job for path, job in outputs.items() if not Path(path).exists()}

    def start(self, record: LogRecord) -> None:
        """Register the start of a job.

        Parameters
        ----------
        record
            Snakemake's JOB_INFO record.
        """
        job: Any = record
        if self._began is None:
            self._began = self._clock()
        known = [path for path in job.output if path in self._expected]
        expected = self._expected[known[0]] if known else UNKNOWN
        self._unforeseen |= bool(known) and self._to_do.keys().isdisjoint(known)
        for path in known:  # counted as one job, however many of its outputs are known
            self._to_do.pop(path, None)
        self._to_do |= dict.fromkeys(known[:1], expected)
        self._running[job.jobid] = Job(" ".join([job.rule_name, *job.wildcards.values()]), expected)
        self._study = expected.study or self._study

    def finish(self, number: int) -> None:
        """Register the success of a job."""
        if job := self._running.pop(number, None):
            self._finished.append(job.expected)

    def fail(self, number: int) -> Job | None:
        """Register the failure of a job, and return it; None if it was not running."""
        return self._running.pop(number, None)

    @property
    def elapsed(self) -> float:
        """Seconds since the first job started."""
        return 0.0 if self._began is None else self._clock() - self._began

    def now(self) -> str:
        """Return the name of one running job and the number of the others."""
        names = [job.name for job in self._running.values()]
        return ", ".join(names[:1] + [f"{len(names) - 1} more"] * (len(names) > 1))

    def line(self) -> str:
        """Return the state as text, without the count of all jobs."""
        left = self._left()
        # Most important first, because terminals are narrow.
        parts = [
            f"about {duration(left)} left" if left is not None else "",
            self._of_study(),
            f"{timedelta(seconds=round(self.elapsed))} so far",
        ]
        return " · ".join(filter(None, parts))

    def _of_study(self) -> str:
        """Return the count of the current study's jobs, with their total if only missing files are made."""
        if not self._study:
            return ""
        done = sum(job.study == self._study for job in self._finished)
        planned = Counter(job.study for job in self._to_do.values())[self._study]
        whole = len(self._to_do) <= self.total and not self._unforeseen
        return f"{self._study} {done:,}" + (f"/{planned:,}" if whole else "")

    def _left(self) -> float | None:
        """Estimate the seconds left from the pace so far; None if too little is done."""
        planned = sum(job.seconds for job in self._to_do.values())
        share = min(self.total / len(self._to_do), 1.0) if self._to_do else 1.0
        work = share * planned + max(self.total - len(self._to_do), 0)
        done = sum(job.seconds for job in self._finished)
        if done < TRUSTED * work or not done or self.done >= self.total:
            return None
        return self.elapsed * max(work - done, 0.0) / done


def duration(seconds: float) -> str:
    """Return a duration as text, rounded to its accuracy as an estimate.

    Parameters
    ----------
    seconds
        The duration.
    """
    minutes = max(round(seconds / 60), 1)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(round(minutes, -1), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
