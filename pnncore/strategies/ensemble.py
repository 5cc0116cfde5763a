"""Ensemble of networks trained on shares of the data (Olsen, West & Thomasma, Section V.i: future work)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from pnncore.arrays import Floats
from pnncore.data.slices import NAMES as SLICES
from pnncore.data.slices import deal
from pnncore.network.network import Network
from pnncore.strategies.child import restore, state_of, train_child
from pnncore.strategies.contract import Snapshot, Strategy, Task
from pnncore.strategies.schedule import Round, Schedule, training_flops

TIE_BREAK = 1e-6
"""Weight of the mean output added to the votes: less than one vote, but enough to decide a tie."""


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

    def outputs(self, inputs: Floats) -> Floats:
        """Propagate inputs of shape (samples, pixels) to outputs of shape (samples, outputs)."""
        outputs = np.array([member.outputs(inputs) for member in self.members])
        # In single precision, the means that break a tie could round to the same number.
        mean: Floats = outputs.mean(axis=0, dtype=np.float64)
        if self.combine == "mean":
            return mean
        classes = np.arange(outputs.shape[2])
        votes = (outputs.argmax(axis=2)[:, :, None] == classes).mean(axis=0)
        shares: Floats = votes + TIE_BREAK * mean
        return shares


def train(task: Task) -> Iterator[Snapshot]:
    """Train one network per worker on its share of the data; the networks are combined but never merged."""
    combine = str(task.options["combine"])
    members = [
        task.start(w if task.options["start"] == "independent" else 0) for w in range(task.workers)
    ]
    if task.resume:
        restore(members, task.resume)
    else:
        yield Snapshot(0, Ensemble(members, combine), None, tuple(members))
    done = task.done
    for checkpoint in task.ahead:
        epochs = range(done + 1, checkpoint + 1)
        trained = task.pool.map(
            train_child,
            [
                (member, task.pixels, task.labels, share, task.training, task.seed, worker, epochs)
                for worker, (member, share) in enumerate(zip(members, _shares(task), strict=True))
            ],
        )
        members = [member for member, _ in trained]
        loss = float(np.mean([loss for _, loss in trained]))
        done = checkpoint
        together = Ensemble(members, combine)
        yield Snapshot(done, together, loss, together.members, state=partial(state_of, members))


def schedule(task: Task) -> Schedule:
    """Return one round of parallel training without merges."""
    samples = [len(share) for share in _shares(task)]
    tasks = training_flops(task.architecture.flops_per_sample, samples, task.training.epochs)
    return Schedule((Round(times=1, tasks=tasks, barriers=1, dispatched=task.workers),))


def _shares(task: Task) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return deal(str(task.options["slices"]), len(task.labels), task.workers, task.seed, epoch=1)


STRATEGY = Strategy(
    name="ensemble",
    summary="Networks train on shares of the data and decide together (Olsen, West & Thomasma, future work).",
    options={
        "combine": ("mean", "vote"),
        "start": ("independent", "same"),
        "slices": tuple(kind for kind in SLICES if kind != "redrawn"),
    },
    train=train,
    schedule=schedule,
)
