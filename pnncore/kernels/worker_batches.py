"""An epoch of worker batches, merged after each round or as workers return."""

from __future__ import annotations

from typing import NamedTuple

from pnncore.arrays import Floats, Indices, Labels
from pnncore.kernels.atomic import Cells, fetch_add, load, store
from pnncore.kernels.compiled import exact
from pnncore.kernels.descent import train_samples
from pnncore.kernels.listed import Listed
from pnncore.kernels.merging import add_changes, add_shares, average, copy
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.threads import acquire, await_turn, end_turn, release, wait

RULES = ("mean", "sum", "outstanding")
"""Merge rules by their codes."""

MEAN, SUM, OUTSTANDING = range(3)


class Common(NamedTuple):
    """Data shared by the threads of an epoch.

    Attributes
    ----------
    merged, start
        Parameters of the main network, now and at the start of the run, shape (parameters,).
    workers, bases
        Each worker's parameters, now and at its last merge, shape (workers, parameters); the latter has no rows if
        merges are in rounds.
    size
        Exemplars per worker batch.
    threads
        Number of threads.
    rule
        `MEAN`, `SUM` or `OUTSTANDING`.
    refresh
        Whether workers take over the merged parameters.
    arrival
        Whether workers return in the order in which their threads finish, not in their own.
    barrier, turns, lock
        Synchronisation of merges in rounds, of merges on return in turn, and of those by arrival.
    returned
        Number of workers that are back: of a round's, or of those that have no batch left.
    divisors
        What each worker's change is divided by at the end of a round, shape (workers,).
    losses
        Each worker's loss so far, shape (workers,).
    """

    merged: Floats
    start: Floats
    workers: Floats
    bases: Floats
    size: int
    threads: int
    rule: int
    refresh: bool
    arrival: bool
    barrier: Cells
    turns: Cells
    lock: Cells
    returned: Cells
    divisors: Floats
    losses: Floats


@exact
def work_in_rounds(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    sums: Floats,
    common: Common,
    listed: Listed,
    labels: Labels,
    order: Indices,
    rank: int,
) -> None:
    """Run one thread of an epoch: train its workers on a batch each, wait, merge its part of the parameters, wait."""
    merged, workers, size = common.merged, common.workers, common.size
    n, count = order.shape[0], workers.shape[0]
    low = merged.shape[0] * rank // common.threads
    high = merged.shape[0] * (rank + 1) // common.threads
    origin = merged if common.refresh else common.start
    for first in range(0, n, size * count):
        # Refreshed workers are merged only if they had a batch; workers with their own weights are always merged.
        handed = min(count, (n - first + size - 1) // size)
        part = handed if common.refresh else count
        for w in range(rank, part, common.threads):
            batch = order[first + w * size : first + (w + 1) * size]
            if batch.shape[0] > 0:
                if common.refresh:
                    copy(merged, workers[w])
                common.losses[w] += train_samples(
                    shape, rule, scratch, workers[w], listed, labels, batch
                )
            back = fetch_add(common.returned, 0, 1) if common.arrival else w
            common.divisors[w] = part - back
        wait(common.barrier)
        if common.rule == MEAN:
            average(workers, part, merged, low, high, sums)
        elif common.rule == SUM:
            add_changes(workers, part, origin, merged, low, high, sums)
        else:
            add_shares(workers, common.divisors[:part], origin, merged, low, high, sums)
        if rank == 0:
            store(common.returned, 0, 0)
        wait(common.barrier)


@exact
def work_in_turn(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    sums: Floats,
    common: Common,
    listed: Listed,
    labels: Labels,
    order: Indices,
    rank: int,
) -> None:
    """Run one thread of an epoch: train a worker on its batch, merge it in turn, and continue with the next batch."""
    merged, workers, size = common.merged, common.workers, common.size
    n, count = order.shape[0], workers.shape[0]
    batches = (n + size - 1) // size
    for b in range(batches):
        w = b % count
        if w % common.threads != rank:
            continue
        batch = order[b * size : (b + 1) * size]
        common.losses[w] += train_samples(shape, rule, scratch, workers[w], listed, labels, batch)
        if common.arrival:
            acquire(common.lock)
        else:
            await_turn(common.turns, b)
        divisor = 1 if common.rule == SUM else count
        if common.rule == OUTSTANDING:
            divisor = min(count, batches) - load(common.returned, 0)
        _merge_one(merged, workers[w], common.bases[w], divisor, common.refresh)
        if b + count >= batches:
            fetch_add(common.returned, 0, 1)
        if common.arrival:
            release(common.lock)
        else:
            end_turn(common.turns)


@exact
def _merge_one(merged: Floats, worker: Floats, base: Floats, divisor: int, refresh: bool) -> None:
    """Add a worker's change since its last merge, divided; with `refresh`, give it the merged parameters."""
    for j in range(merged.shape[0]):
        # A single worker is the merged network, bit for bit.
        if divisor == 1 and merged[j] == base[j]:
            merged[j] = worker[j]
        else:
            merged[j] += (worker[j] - base[j]) / divisor
        if refresh:
            worker[j] = merged[j]
        base[j] = worker[j]
