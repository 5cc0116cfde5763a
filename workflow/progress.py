"""What a person sees while jobs run: how many are done, of all and of a paper, and about how long the rest takes."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from pnncore.network import Architecture
from workflow.workload import count_samples

START = 1.5
"""Seconds that a job takes at least: its process starts and loads what it needs."""

PACE = 1e11
"""Operations a second that a training does, zeros counted. All that matters is how it compares with `START`."""

TRUSTED = 0.02
"""Share of the work that must be done before the time left is told."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """A job to be run.

    Attributes
    ----------
    paper
        Name of the paper that it is for; empty if it is for all.
    work
        About the seconds that it keeps the whole machine busy.
    """

    paper: str
    work: float


class Progress(logging.Handler):
    """Listens to Snakemake's log for jobs that end, and words the line that it writes after each.

    Parameters
    ----------
    steps
        The jobs to be run by Snakemake's number of them.
    clock
        Returns seconds.
    """

    def __init__(self, steps: Mapping[int, Step], clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._steps = steps
        self._planned = Counter(step.paper for step in steps.values())
        self._done: dict[int, Step] = {}
        self._paper = ""
        self._clock = clock
        self._started = clock()

    def attach(self, logger: logging.Logger) -> None:
        """Listen to a logger, and write its lines of progress from now on."""
        for handler in logger.handlers:
            formatter: Any = handler.formatter
            if hasattr(formatter, "format_progress"):
                formatter.format_progress = self.line
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of a job that has ended."""
        ended = getattr(getattr(record, "event", None), "name", "") == "JOB_FINISHED"
        number: Any = getattr(record, "job_id", None)
        if ended and number in self._steps:
            self._done[number] = self._steps[number]
            self._paper = self._steps[number].paper

    def line(self, message: Json) -> str:
        """Return the line of progress.

        Parameters
        ----------
        message
            What Snakemake says of it: jobs ``done`` of ``total``.
        """
        parts = [f"{message['done']:,} of {message['total']:,} jobs"]
        if self._paper:
            done = sum(step.paper == self._paper for step in self._done.values())
            parts.append(f"{self._paper} {done:,}/{self._planned[self._paper]:,}")
        left = self._left()
        if left is not None and message["done"] < message["total"]:
            parts.append(f"about {_duration(left)} left")
        return " · ".join(parts)

    def _left(self) -> float | None:
        """Return about how many seconds the rest takes at the pace so far, if enough is done to tell."""
        total = sum(step.work for step in self._steps.values())
        done = sum(step.work for step in self._done.values())
        if done < TRUSTED * total or not done:
            return None
        return (self._clock() - self._started) * (total - done) / done


def work(spec: Json | None, manifest: Json, threads: int, cores: int) -> float:
    """Return about how many seconds a job keeps all cores busy.

    Parameters
    ----------
    spec
        Its run specification; None if it trains nothing.
    manifest
        The datasets.
    threads, cores
        Cores that it takes, of so many.
    """
    return (START + (_training(spec, manifest) if spec else 0.0)) * min(threads, cores) / cores


def _training(spec: Json, manifest: Json) -> float:
    """Return about the seconds that one thread trains and tests, counted in operations."""
    dataset = manifest[spec["dataset"]]
    pixels = dataset["image"]["height"] * dataset["image"]["width"]
    network = Architecture.from_spec(spec["network"], pixels, dataset["classes"])
    learned, tested = count_samples(spec, manifest)
    # To test a sample takes a third of what it takes to learn from it.
    seconds: float = (learned + tested / 3) * network.flops_per_sample / PACE
    return seconds


def _duration(seconds: float) -> str:
    minutes = max(round(seconds / 60), 1)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(round(minutes, -1), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
