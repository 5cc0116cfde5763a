"""Optimisers, which turn a gradient into a step, and schedules of the learning rate: their settings."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta

from records.values import Count, Entry, Fraction, Positive

Decay: TypeAlias = Annotated[float, Meta(ge=0, lt=1)]
"""Share of a running mean that an update keeps."""


class Constant(Entry, frozen=True, tag_field="name", tag="constant"):
    """The same rate in all updates."""


class Stairs(Entry, frozen=True, tag_field="name", tag="stairs"):
    """A rate that is multiplied by a factor every so many epochs."""

    every: Annotated[Count, Meta(description="Epochs between two changes.")] = 5
    factor: Annotated[Positive, Meta(description="Factor of a change.")] = 0.5


class Cosine(Entry, frozen=True, tag_field="name", tag="cosine"):
    """A rate that falls along half a cosine (Loshchilov & Hutter, 2017, eq. 5, without restarts)."""

    floor: Annotated[
        float, Meta(ge=0, le=1, description="Share of the rate that is left at the end.")
    ] = 0.0


class BoldDriver(Entry, frozen=True, tag_field="name", tag="bold-driver"):
    """A rate that grows after each epoch with a smaller training loss than the last, and falls after any other."""

    increase: Annotated[
        Positive, Meta(description="Factor after an epoch with a smaller loss.")
    ] = 1.05
    decrease: Annotated[Fraction, Meta(description="Factor after any other.")] = 0.5


Schedule: TypeAlias = Constant | Stairs | Cosine | BoldDriver


class Optimiser(Entry, frozen=True, tag_field="name"):
    """Base of the optimisers' settings."""

    schedule: Annotated[
        Schedule, Meta(description="How the learning rate changes from update to update.")
    ] = Constant()
    warm_up: Annotated[
        float,
        Meta(
            ge=0,
            le=100_000,
            description="Epochs, or a part of one, over which the rate rises from zero; 0 for none.",
        ),
    ] = 0.0
    by_worker: Annotated[
        bool,
        Meta(
            description=(
                "Whether the learning rate is for one worker, and multiplied by their number (Goyal et al., 2017)."
            )
        ),
    ] = False


class Plain(Optimiser, frozen=True, tag="plain"):
    """Gradient descent: w ← w - rate·g."""


class Heavy(Optimiser, frozen=True):
    """Base of optimisers with a velocity."""

    momentum: Annotated[Decay, Meta(description="Share of the velocity that an update keeps.")] = (
        0.9
    )


class Momentum(Heavy, frozen=True, tag="momentum"):
    """Heavy ball (Polyak, 1964): v ← momentum·v + g, w ← w - rate·v."""


class Nesterov(Heavy, frozen=True, tag="nesterov"):
    """Nesterov's momentum (Sutskever et al., 2013): v ← momentum·v + g, w ← w - rate·(g + momentum·v)."""


class RMSprop(Optimiser, frozen=True, tag="rmsprop"):
    """RMSprop (Tieleman & Hinton, 2012): s ← decay·s + (1 - decay)·g², w ← w - rate·g / (√s + epsilon)."""

    decay: Annotated[Decay, Meta(description="Share of the mean square that an update keeps.")] = (
        0.99
    )
    epsilon: Annotated[Positive, Meta(description="Added to the divisor.")] = 1e-8


class Adaptive(Optimiser, frozen=True):
    """Base of optimisers with running means of gradients and of their squares."""

    decay_mean: Annotated[
        Decay, Meta(description="β₁: share of the mean that an update keeps.")
    ] = 0.9
    decay_square: Annotated[
        Decay, Meta(description="β₂: share of the mean square that an update keeps.")
    ] = 0.999
    epsilon: Annotated[Positive, Meta(description="Added to the divisor.")] = 1e-8


class Adam(Adaptive, frozen=True, tag="adam"):
    """Adam (Kingma & Ba, 2015, Algorithm 1)."""


class Nadam(Adaptive, frozen=True, tag="nadam"):
    """NADAM (Dozat, 2016, Algorithm 2), with its schedule μₜ = β₁·(1 - ½·0.96^(t·momentum_decay))."""

    momentum_decay: Annotated[
        float, Meta(ge=0, le=1, description="How fast μₜ approaches β₁; at 0 it is β₁ / 2.")
    ] = 0.004


class Rprop(Optimiser, frozen=True, tag="rprop"):
    """Rprop (Riedmiller & Braun, 1993), without weight backtracking; for batches of all samples.

    Each parameter has a step size of its own, which starts at the learning rate.
    """

    increase: Annotated[
        Positive, Meta(description="Factor of a step size while the gradient keeps its sign.")
    ] = 1.2
    decrease: Annotated[Fraction, Meta(description="Factor when it changes its sign.")] = 0.5
    least: Annotated[Positive, Meta(description="Least step size.")] = 1e-6
    most: Annotated[Positive, Meta(description="Largest step size.")] = 50.0


AnyOptimiser: TypeAlias = Plain | Momentum | Nesterov | RMSprop | Adam | Nadam | Rprop
