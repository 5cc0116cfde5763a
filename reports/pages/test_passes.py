"""Passes that test beside passes that train: what of the time of trainings cannot be merging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from records.authors import Authors, Spread


class ScalingPair(NamedTuple):
    """Speed-ups of passes that train and of passes that test with a number of workers on a machine."""

    machine: str
    workers: int
    training: float
    testing: float


def scaling_pairs(authors: Authors) -> Iterator[ScalingPair]:
    """Yield the speed-ups of the authors' passes that train and that test, from the fewest workers to the most.

    A machine counts if both were timed with one worker there, too. Both go through the training samples, and speed-ups
    are of medians over passes.
    """
    timed: dict[str, dict[int, tuple[float, float]]] = {}
    for run in authors.runs:
        if isinstance(run.training, Spread) and isinstance(run.testing, Spread):
            medians = run.training.median, run.testing.median
            timed.setdefault(run.machine, {})[run.workers] = medians
    for machine, medians_by in timed.items():
        if 1 not in medians_by:
            continue
        one_trains, one_tests = medians_by.pop(1)
        for workers, (trains, tests) in sorted(medians_by.items()):
            yield ScalingPair(machine, workers, one_trains / trains, one_tests / tests)


def told(authors: Authors, titles: Mapping[str, str]) -> str:
    """Say whether passes that test, which merge nothing, scale worse than passes that train.

    Empty where the authors timed no tests.
    """
    pairs = list(scaling_pairs(authors))
    if not pairs:
        return ""
    worse = sum(pair.testing < pair.training for pair in pairs)
    examples = " and ".join(_printed(pair, titles) for pair in _largest(pairs))
    if 2 * worse > len(pairs):
        found = "and yet they scale worse than passes that train"
        meaning = "So what does not scale in a training is not merging alone."
    else:
        found = "and they seldom scale worse than passes that train"
        meaning = "So merging may be all that does not scale in a training."
    return (
        f"Passes that test merge nothing, {found}: at {worse} of {len(pairs)} numbers of workers. "
        f"Speed-ups of training and of testing are {examples}. {meaning}"
    )


def _largest(pairs: Iterable[ScalingPair]) -> Iterable[ScalingPair]:
    """Return the pair of each machine with the most workers."""
    return {pair.machine: pair for pair in pairs}.values()


def _printed(pair: ScalingPair, titles: Mapping[str, str]) -> str:
    return (
        f"{pair.training:.2f} and {pair.testing:.2f} with {pair.workers} workers on the "
        f"{titles[pair.machine]}"
    )
