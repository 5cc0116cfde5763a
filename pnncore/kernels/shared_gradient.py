"""An epoch of mini-batches whose gradients several threads add into one buffer or into one buffer each."""

from __future__ import annotations

from typing import NamedTuple

from pnncore.arrays import Floats, Indices, Labels, Real
from pnncore.kernels.atomic import Cells
from pnncore.kernels.compiled import exact
from pnncore.kernels.descent import backward_layers, update_by_sample
from pnncore.kernels.elastic_net import shrink_weights
from pnncore.kernels.forward import forward_sample
from pnncore.kernels.listed import Listed
from pnncore.kernels.plan import Rule, Shape
from pnncore.kernels.scratch import Scratch
from pnncore.kernels.steps import PLAIN, Memory, Steps, take_step
from pnncore.kernels.subnormal import flush_subnormals, restore_mode
from pnncore.kernels.threads import acquire, release, wait

UPDATES = ("reduction", "locked", "locked-weights", "race")
REDUCTION, LOCKED, LOCKED_WEIGHTS, RACE = range(4)


class Common(NamedTuple):
    """Data shared by the threads of an epoch.

    Attributes
    ----------
    parameters
        Parameters of the network, shape (parameters,).
    gradients
        Buffers of the gradient, one per worker or one for all, shape (workers or 1, parameters).
    own
        Of locks for single weights: each thread's gradient of its samples, zero between them, shape (threads,
        parameters); no rows otherwise.
    apart
        Of an audit: each worker's own gradient and, in the last row, the shared one before the update, shape
        (workers + 1, parameters); no rows without an audit.
    workers, size
        Number of workers, and samples per worker and update.
    threads
        Number of threads.
    update
        `REDUCTION`, `LOCKED`, `LOCKED_WEIGHTS` or `RACE`.
    clear
        Whether gradients are reset to zero after each update.
    steps, memory
        The optimiser's steps, one an update, and what it remembers.
    total
        Of an optimiser that remembers something: sum of the gradients, shape (parameters,), zero between two updates.
    barrier, locks
        The threads' barrier, and the lock of the shared gradient or one for each of its elements.
    lost
        Each thread's sums of the magnitudes of lost and of added gradients, shape (threads, 2).
    losses
        Each worker's loss so far, shape (workers,).
    """

    parameters: Floats
    gradients: Floats
    own: Floats
    apart: Floats
    workers: int
    size: int
    threads: int
    update: int
    clear: bool
    steps: Steps
    memory: Memory
    total: Floats
    barrier: Cells
    locks: Cells
    lost: Floats
    losses: Floats


@exact
def train_batches(
    shape: Shape,
    rule: Rule,
    scratch: Scratch,
    common: Common,
    listed: Listed,
    labels: Labels,
    order: Indices,
    rank: int,
) -> None:
    """Run one thread of an epoch: add its workers' gradients, wait, update its part of the parameters, wait."""
    mode = flush_subnormals()
    parameters, gradients, apart = common.parameters, common.gradients, common.apart
    workers, size, threads = common.workers, common.size, common.threads
    n, minus = order.shape[0], parameters.dtype.type(-1)
    low = parameters.shape[0] * rank // threads
    high = parameters.shape[0] * (rank + 1) // threads
    for first in range(0, n, workers * size):
        batch, update = order[first : first + workers * size], first // (workers * size)
        for w in range(rank, workers, threads):
            share = batch[w * size : (w + 1) * size]
            loss = 0.0
            for s in range(share.shape[0]):
                loss += forward_sample(
                    shape, rule, scratch, parameters, listed, share, labels[share[s]], s, 0
                )
            common.losses[w] += loss
            backward_layers(shape, rule, scratch, parameters, share.shape[0])
            if common.update == REDUCTION:
                update_by_sample(shape, rule, scratch, gradients[w], listed, share, minus)
            elif common.update == LOCKED:
                acquire(common.locks)
                update_by_sample(shape, rule, scratch, gradients[0], listed, share, minus)
                release(common.locks)
            elif common.update == LOCKED_WEIGHTS:
                update_by_sample(shape, rule, scratch, common.own[rank], listed, share, minus)
                _add_locked(gradients[0], common.own[rank], common.locks)
            else:
                update_by_sample(shape, rule, scratch, gradients[0], listed, share, minus)
            if apart.shape[0] > 0:
                update_by_sample(shape, rule, scratch, apart[w], listed, share, minus)
        wait(common.barrier)
        if apart.shape[0] > 0:
            _audit(gradients, apart, common.clear, common.lost[rank], low, high)
        divisor = parameters.dtype.type(batch.shape[0] if rule.mean else 1)
        if common.steps.kind == PLAIN:
            step = common.steps.factors[update, 0] / divisor
            _subtract(parameters, gradients, step, common.clear, low, high)
        else:
            _subtract(common.total, gradients, minus / divisor, common.clear, low, high)
            take_step(common.steps, common.memory, update, parameters, common.total, low, high)
        if rule.shrink != 0 or rule.pull != 0:
            _shrink(shape, rule, parameters, low, high)
        wait(common.barrier)
    restore_mode(mode)


@exact
def _add_locked(gradient: Floats, own: Floats, locks: Cells) -> None:
    """Add a thread's own gradient to the shared one, each element behind a lock of its own, and reset it to zero."""
    for j in range(own.shape[0]):
        lock = locks[j : j + 1]
        acquire(lock)
        gradient[j] += own[j]
        release(lock)
        own[j] = 0


@exact
def _subtract(
    numbers: Floats, gradients: Floats, step: Real, clear: bool, low: int, high: int
) -> None:
    """Subtract the sum of the gradients, times `step`, from numbers `low` to `high` of the parameters' shape."""
    part = numbers[low:high]
    for w in range(gradients.shape[0]):
        gradient = gradients[w, low:high]
        for j in range(part.shape[0]):
            part[j] -= step * gradient[j]
        if clear:
            gradient[:] = 0


@exact
def _shrink(shape: Shape, rule: Rule, parameters: Floats, low: int, high: int) -> None:
    """Apply one update's shrinkage to those of parameters `low` to `high` that the elastic net pulls."""
    shrink, pull = parameters.dtype.type(rule.shrink), parameters.dtype.type(rule.pull)
    if rule.pulls_biases:
        shrink_weights(parameters, shrink, pull, low, high)
        return
    for layer in range(shape.layers.shape[0]):
        first, last = max(low, shape.weights[layer]), min(high, shape.biases[layer])
        shrink_weights(parameters, shrink, pull, first, max(first, last))


@exact
def _audit(
    gradients: Floats, apart: Floats, clear: bool, lost: Floats, low: int, high: int
) -> None:
    """Add the magnitudes of what the shared gradient lacks, and of what the workers added, to `lost`."""
    last = apart.shape[0] - 1
    for j in range(low, high):
        found = 0.0
        for w in range(gradients.shape[0]):
            found += gradients[w, j]
        added = 0.0
        for w in range(last):
            added += apart[w, j]
            lost[1] += abs(apart[w, j])
            apart[w, j] = 0
        lost[0] += abs(apart[last, j] + added - found)
        apart[last, j] = 0 if clear else found
