"""What timings are modelled for: numbers of workers, and what authors measured and did not print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import UNSET

from pnncore.strategies.registry import STRATEGIES
from records.authors import Spread
from records.model import UnseenTime
from records.study import Study
from records.variants import TimingVariant

MODELLED = (1, 2, 4, 8, 16, 32, 64)
"""Numbers of workers that every variant is modelled for."""


def modelled_workers(variant: TimingVariant, known: Iterable[int]) -> tuple[int, ...]:
    """Return the worker counts that a variant is modelled for: what is timed, what is known, and powers of two.

    Parameters
    ----------
    variant
        The timed variant.
    known
        Worker counts whose speed is known for what the variant stands for: see `known_workers`.
    """
    most = STRATEGIES.named(variant.strategy).most_workers
    if most is not None:
        return tuple(range(1, most + 1))
    return tuple(sorted({*MODELLED, *variant.workers, *known}))


def known_workers(study: Study) -> set[int]:
    """Return the worker counts of the paper's own program whose speed is printed, or kept by its authors."""
    printed = {point.workers for point in study.model.points} if study.model else set()
    return printed | {each.workers for each in unseen_times(study)}


def unseen_times(study: Study) -> Iterator[UnseenTime]:
    """Yield what the authors measured with worker counts of which the paper prints nothing that its model is fitted to.

    That is of machines with printed seconds of one worker, to which speed-ups are relative, and of enough passes to
    have quartiles.
    """
    if study.model is UNSET or study.authors is UNSET:
        return
    timed = {each.hardware for each in study.model.one_worker}
    for run in study.authors.runs:
        fresh = run.machine in timed and (run.machine, run.workers) not in study.model.printed
        if fresh and isinstance(run.training, Spread):
            yield UnseenTime(
                hardware=run.machine,
                workers=run.workers,
                seconds=run.training.median,
                lower=run.training.lower,
                upper=run.training.upper,
            )
