"""Packs: results that one process makes, one after another, since its start takes as long as a small training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from pnncore.strategies.registry import STRATEGIES
from records.dataset import Manifest
from workflow.batch import Batch
from workflow.workload import CALIBRATION, seconds

LARGEST = 20.0
"""Estimated seconds that a pack of trainings does not exceed, unless it is of one variant."""


@dataclass(frozen=True)
class Pack:
    """Batches that one process makes, of one dataset.

    Attributes
    ----------
    name
        Name of its rule. It has a hyphen, which no study has in its name, so that it is no target's.
    dataset
        The dataset's description, a file.
    threads
        Threads that work at the same time.
    seconds
        Estimated seconds of its work, without the start of the process.
    batches
        At least one.
    """

    name: str
    dataset: str
    threads: int
    seconds: float
    batches: tuple[Batch, ...]

    @property
    def paths(self) -> list[str]:
        """Return its files."""
        return [batch.path for batch in self.batches]


def pack_study(
    study: str,
    runs: Mapping[str, Sequence[Batch]],
    repeats: Mapping[int, Sequence[Batch]],
    calibrations: Mapping[str, Sequence[Batch]],
    manifest: Manifest,
) -> dict[str, list[Pack]]:
    """Pack the small trainings of each experiment, and each repeat of all timings and of all calibrations.

    What is timed runs alone on the machine, in whatever process; each repeat of it has another one.
    """

    def weigh(batch: Batch) -> float:
        return seconds(batch.spec, manifest)

    interleaved = dict(enumerate(zip(*calibrations.values(), strict=True), 1))
    return {
        "train": [
            each
            for name, batches in runs.items()
            for each in pack(f"train-{study}-{name}", batches, _count_threads, weigh, LARGEST)
        ],
        "time": [
            each
            for n, batches in repeats.items()
            for each in pack(f"time-{study}-repeat{n}", batches, lambda batch: 1, weigh, inf)
        ],
        "calibrate": [
            each
            for n, batches in interleaved.items()
            for each in pack(
                f"calibrate-{study}-repeat{n}",
                batches,
                lambda batch: 1,
                lambda batch: CALIBRATION,
                inf,
            )
        ],
    }


def pack(
    name: str,
    batches: Iterable[Batch],
    threads: Callable[[Batch], int],
    weigh: Callable[[Batch], float],
    most: float,
) -> list[Pack]:
    """Pack batches of a dataset and a number of threads, in their order.

    Parameters
    ----------
    name
        Name of the first pack; others have their number behind it.
    batches
        Batches of jobs on datasets.
    threads, weigh
        Functions that return a batch's threads, and its estimated seconds.
    most
        Seconds that a pack does not exceed, unless it has one batch.
    """
    kinds: dict[tuple[str, int], list[Batch]] = {}
    for batch in batches:
        kinds.setdefault((batch.spec.dataset, threads(batch)), []).append(batch)
    packs: list[Pack] = []
    for (dataset, count), alike in kinds.items():
        for part in _parts(alike, weigh, most):
            number = f"_{len(packs) + 1}" if packs else ""
            file = f"resources/datasets/{dataset}/dataset.json"
            packs.append(Pack(f"{name}{number}", file, count, sum(map(weigh, part)), tuple(part)))
    return packs


def _parts(
    batches: Iterable[Batch], weigh: Callable[[Batch], float], most: float
) -> Iterator[list[Batch]]:
    """Divide a list into parts of so many seconds."""
    part: list[Batch] = []
    total = 0.0
    for batch in batches:
        took = weigh(batch)
        if part and total + took > most:
            yield part
            part, total = [], 0.0
        part.append(batch)
        total += took
    yield part


def _count_threads(batch: Batch) -> int:
    """Return one thread for the runs of a variant, but one per worker if its workers race."""
    strategy = STRATEGIES.named(batch.spec.strategy)
    races = strategy.races(strategy.complete(batch.spec.options))
    return max(batch.spec.workers) if races else 1
