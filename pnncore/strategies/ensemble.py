"""Ensemble of networks trained on shares of the data (Olsen, West & Thomasma, Section V.i: future work)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta

from pnncore.arrays import Floats
from pnncore.data.slices import deal
from pnncore.kernels.listed import Listed
from pnncore.network.network import Network
from pnncore.strategies.child import restore, start_child, state_of, train_child
from pnncore.strategies.contract import Snapshot, Strategy, Task
from records.schedule import Round, Schedule, training_flops
from records.settings import Inputs, Options
from records.strategy import Diagram, Presentation, Setup, wording

TIE_BREAK = 1e-6
"""Weight of the mean output added to the votes: less than one vote, but enough to decide a tie."""


class EnsembleOptions(Options, frozen=True):
    """Options of `ensemble`."""

    combine: Annotated[
        Literal["mean", "vote"],
        Meta(
            description=(
                "How networks decide: by the mean of their outputs, or by a vote for the largest output, in which "
                "the mean breaks ties."
            )
        ),
    ] = "mean"
    start: Annotated[
        Literal["independent", "same"],
        Meta(description="A random network for each member, or one for all."),
    ] = "independent"
    slices: Annotated[
        Literal["contiguous", "strided", "random"],
        Meta(description="How the data are shared out: in blocks, every n-th sample, drawn once."),
    ] = "contiguous"


class Ensemble:
    """Several networks as one classifier.

    Parameters
    ----------
    members
        The networks.
    combine
        ``mean`` of their outputs, or ``vote``: the share of members whose largest output is that of a class, with ties
        broken by the mean output.
    """

    def __init__(self, members: Sequence[Network], combine: str) -> None:
        self.members = tuple(members)
        self.combine = combine

    @property
    def parameters(self) -> Floats:
        """All members' parameters, shape (members × parameters,)."""
        return np.concatenate([member.parameters for member in self.members])

    @property
    def all_weights(self) -> Floats:
        """All members' weights, without biases, shape (members × weights,)."""
        return np.concatenate([member.all_weights for member in self.members])

    def outputs(self, listed: Listed, coding: Inputs) -> Floats:
        """Propagate samples, listed for the coding, to outputs of shape (samples, classes)."""
        outputs = np.array([member.outputs(listed, coding) for member in self.members])
        # In single precision, the means that break a tie could round to the same number.
        mean: Floats = outputs.mean(axis=0, dtype=np.float64)
        if self.combine == "mean":
            return mean
        classes = np.arange(outputs.shape[2])
        votes = (outputs.argmax(axis=2)[:, :, None] == classes).mean(axis=0)
        shares: Floats = votes + TIE_BREAK * mean
        return shares


def train(task: Task[EnsembleOptions]) -> Iterator[Snapshot]:
    """Train one network per worker on its share of the data; the networks are combined but never merged."""
    combine = task.options.combine
    children = [
        start_child(task, w if task.options.start == "independent" else 0)
        for w in range(task.workers)
    ]
    if task.resume:
        restore(children, task.resume)
    else:
        members = [child.network for child in children]
        yield Snapshot(0, Ensemble(members, combine), None, tuple(members))
    done = task.done
    for checkpoint in task.ahead:
        epochs = range(done + 1, checkpoint + 1)
        trained = task.pool.map(
            train_child,
            [
                (
                    child,
                    task.optimiser,
                    task.listed,
                    task.labels,
                    share,
                    task.training,
                    task.seed,
                    worker,
                    epochs,
                )
                for worker, (child, share) in enumerate(zip(children, _shares(task), strict=True))
            ],
        )
        children = [child for child, _ in trained]
        loss = float(np.mean([last.loss for _, last in trained]))
        done = checkpoint
        together = Ensemble([child.network for child in children], combine)
        yield Snapshot(done, together, loss, together.members, state=partial(state_of, children))


def schedule(task: Task[EnsembleOptions]) -> Schedule:
    """Return one round of parallel training without merges."""
    samples = [len(share) for share in _shares(task)]
    tasks = training_flops(task.flops_per_sample, samples, task.training.epochs)
    return Schedule((Round(times=1, tasks=tasks, barriers=1, dispatched=task.workers),))


def _shares(task: Task[EnsembleOptions]) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return deal(task.options.slices, len(task.labels), task.workers, task.seed, epoch=1)


@wording
def diagram(options: EnsembleOptions, setup: Setup) -> Diagram:
    """Return the words of its diagram."""
    vote = options.combine == "vote"
    return Diagram(
        result="prediction",
        network="class of a test sample",
        step="vote" if vote else "mean of the outputs",
        worker="network",
        task=setup.layers,
        share="share",
        whole="training set",
        again="",
        description="From bottom to top: n networks, a share of the training data for each, and what they make of a "
        f"test sample together, by {'a vote' if vote else 'the mean of their outputs'}. They never meet. "
        f"{setup.counts}",
    )


STRATEGY = Strategy(
    name="ensemble",
    summary="Networks train on shares of the data and decide together (Olsen, West & Thomasma, future work).",
    options=EnsembleOptions,
    train=train,
    schedule=schedule,
    repeats=True,
    optimises=True,
    presentation=Presentation(colour="other-1", diagram=diagram),
)
