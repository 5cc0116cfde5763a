"""Packs: results that one process makes, one after another, since its start takes as long as a small training."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from workflow.batch import Batch


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


def pack(
    name: str,
    batches: Iterable[Batch],
    threads: Callable[[Batch], int],
    seconds: Callable[[Batch], float],
    most: float,
) -> list[Pack]:
    """Pack batches of a dataset and a number of threads, in their order.

    Parameters
    ----------
    name
        Name of the first pack; others have their number behind it.
    batches
        Batches of jobs on datasets.
    threads, seconds
        Functions that return a batch's threads, and its estimated seconds.
    most
        Seconds that a pack does not exceed, unless it has one batch.
    """
    kinds: dict[tuple[str, int], list[Batch]] = {}
    for batch in batches:
        kinds.setdefault((batch.spec.dataset, threads(batch)), []).append(batch)
    packs: list[Pack] = []
    for (dataset, count), alike in kinds.items():
        for part in _parts(alike, seconds, most):
            number = f"_{len(packs) + 1}" if packs else ""
            file = f"resources/datasets/{dataset}/dataset.json"
            packs.append(Pack(f"{name}{number}", file, count, sum(map(seconds, part)), tuple(part)))
    return packs


def _parts(
    batches: Iterable[Batch], seconds: Callable[[Batch], float], most: float
) -> Iterator[list[Batch]]:
    """Divide a list into parts of so many seconds."""
    part: list[Batch] = []
    for batch in batches:
        if part and sum(map(seconds, [*part, batch])) > most:
            yield part
            part = []
        part.append(batch)
    yield part
