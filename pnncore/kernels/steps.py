"""Steps of optimisers: a gradient moves parameters and what the optimiser remembers of earlier gradients.

The weights of a pixel that no sample of a batch has ink on have no gradient, but a velocity or a mean that moves them
all the same. These steps are owed, and paid when the weights are next read, by the same formulas and in the same order,
so that skipping zeros changes no number but for rounding.

No sum has two products as its terms: either could become one instruction with the addition, and which does may differ
between a loop's vectorised part and its rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pnncore.arrays import Floats, Real
from pnncore.kernels.compiled import exact, inlined

PLAIN, VELOCITY, MOMENTS, SIGNS = range(4)


class Steps(NamedTuple):
    """An optimiser's steps in the updates of an epoch, or of a part of one.

    Attributes
    ----------
    kind
        `PLAIN`: w ← w - a·g. `VELOCITY`: v ← decay·v + g, w ← w - a·g - b·v. `MOMENTS`: m ← decay·m + (1 - decay)·g,
        s ← square_decay·s + (1 - square_decay)·g², w ← w - (a·g + b·m) / (c·√s + epsilon). `SIGNS`: Rprop.
    factors
        a, b and c of each update, shape (updates, 3). Of Rprop, a is 1, or -1 if updates add the gradient.
    decay, square_decay
        Share of what it remembers that an update keeps. Of Rprop, the factors of a step size.
    epsilon
        Added to the divisor.
    least, most
        Bounds of Rprop's step sizes.
    """

    kind: int
    factors: Floats
    decay: Real
    square_decay: Real
    epsilon: Real
    least: Real
    most: Real


class Memory(NamedTuple):
    """What an optimiser remembers, one number a parameter, shape (parameters,); empty where it needs none.

    Attributes
    ----------
    first
        The velocity v, the mean m, or the last gradient.
    second
        The mean square s, or the step size.
    """

    first: Floats
    second: Floats


@inlined
def take_step(
    steps: Steps,
    memory: Memory,
    update: int,
    parameters: Floats,
    gradient: Floats,
    low: int,
    high: int,
) -> None:
    """Move parameters `low` to `high` by their gradient, and set it to zero.

    Parameters
    ----------
    steps, memory
        The optimiser's steps and what it remembers.
    update
        Number of the update, from 0.
    parameters, gradient
        Shape (parameters,).
    low, high
        Range of the parameters.
    """
    a, b, c = steps.factors[update]
    w, g = parameters[low:high], gradient[low:high]
    if steps.kind == PLAIN:
        _step_plain(w, g, a)
    elif steps.kind == VELOCITY:
        _step_velocity(w, g, memory.first[low:high], a, b, steps.decay)
    else:
        first, second = memory.first[low:high], memory.second[low:high]
        if steps.kind == MOMENTS:
            _step_moments(
                w, g, first, second, a, b, c, steps.decay, steps.square_decay, steps.epsilon
            )
        else:
            _step_signs(
                w, g, first, second, a, steps.decay, steps.square_decay, steps.least, steps.most
            )


@inlined
def pay_steps(
    steps: Steps, memory: Memory, since: int, until: int, parameters: Floats, low: int, high: int
) -> None:
    """Take the steps of updates `since` to `until` with parameters `low` to `high`, which had no gradient in them."""
    if since < until:
        if steps.kind == VELOCITY:
            _pay_velocity(
                parameters[low:high],
                memory.first[low:high],
                steps.factors,
                since,
                until,
                steps.decay,
            )
        elif steps.kind == MOMENTS:
            first, second = memory.first[low:high], memory.second[low:high]
            for update in range(since, until):
                _, b, c = steps.factors[update]
                _pay_moments(
                    parameters[low:high],
                    first,
                    second,
                    b,
                    c,
                    steps.decay,
                    steps.square_decay,
                    steps.epsilon,
                )


@exact
def step_all(steps: Steps, memory: Memory, parameters: Floats, gradient: Floats) -> None:
    """Take the first step with all parameters."""
    take_step(steps, memory, 0, parameters, gradient, 0, parameters.shape[0])


@exact
def _step_plain(w: Floats, g: Floats, a: Real) -> None:
    for j in range(w.shape[0]):
        w[j] -= a * g[j]
        g[j] = 0


@exact
def _step_velocity(w: Floats, g: Floats, v: Floats, a: Real, b: Real, decay: Real) -> None:
    for j in range(w.shape[0]):
        moved = decay * v[j] + g[j]
        v[j] = moved
        w[j] = (w[j] - a * g[j]) - b * moved
        g[j] = 0


@exact
def _pay_velocity(
    w: Floats, v: Floats, factors: Floats, since: int, until: int, decay: Real
) -> None:
    kept, moved = w.dtype.type(1), w.dtype.type(0)
    for update in range(since, until):
        kept *= decay
        moved += factors[update, 1] * kept
    for j in range(w.shape[0]):
        w[j] -= moved * v[j]
        v[j] *= kept


@exact
def _step_moments(
    w: Floats,
    g: Floats,
    m: Floats,
    s: Floats,
    a: Real,
    b: Real,
    c: Real,
    decay: Real,
    square_decay: Real,
    epsilon: Real,
) -> None:
    one = w.dtype.type(1)
    for j in range(w.shape[0]):
        slope = g[j]
        mean = m[j] + (one - decay) * (slope - m[j])
        square = s[j] + (one - square_decay) * (slope * slope - s[j])
        m[j], s[j] = mean, square
        share = one / (c * np.sqrt(square) + epsilon)
        w[j] = (w[j] - (a * slope) * share) - (b * mean) * share
        g[j] = 0


@exact
def _pay_moments(
    w: Floats,
    m: Floats,
    s: Floats,
    b: Real,
    c: Real,
    decay: Real,
    square_decay: Real,
    epsilon: Real,
) -> None:
    for j in range(w.shape[0]):
        mean, square = decay * m[j], square_decay * s[j]
        m[j], s[j] = mean, square
        w[j] -= b * mean / (c * np.sqrt(square) + epsilon)


@exact
def _step_signs(
    w: Floats,
    g: Floats,
    last: Floats,
    size: Floats,
    a: Real,
    increase: Real,
    decrease: Real,
    least: Real,
    most: Real,
) -> None:
    zero = w.dtype.type(0)
    for j in range(w.shape[0]):
        slope = g[j]
        agreed = slope * last[j]
        if agreed > 0:
            size[j] = min(size[j] * increase, most)
        elif agreed < 0:
            size[j] = max(size[j] * decrease, least)
            slope = zero
        if slope > 0:
            w[j] -= a * size[j]
        elif slope < 0:
            w[j] += a * size[j]
        last[j] = slope
        g[j] = 0
