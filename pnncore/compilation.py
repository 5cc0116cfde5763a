"""Compilation of the loops before anything is trained: what comes later loads them."""

from __future__ import annotations

from typing import Final, NamedTuple

from pnncore.network.evaluation import Evaluator
from pnncore.pool import pool
from pnncore.strategies.contract import Strategy
from pnncore.timing.breakdown import profile
from pnncore.timing.sample_cost import Kind, Noise
from records.dataset import Image
from records.optimisers import Plain
from records.settings import Network, Training

WORKERS = 2

SAMPLES = 20

NETWORK = Network(hidden=(4,))

NOISE = Noise(Image(8, 8), classes=2, ink=0.5)


class Loops(NamedTuple):
    """Hyper-parameters, and options as JSON, with which a strategy uses a group of loops."""

    training: Training
    options: str = "{}"


LOOPS: Final = {
    "usual": Loops(Training(epochs=1, batch_size=1)),
    "repeats": Loops(Training(epochs=1, batch_size=1, repeats=2)),
    "optimised": Loops(Training(epochs=1, batch_size=1, optimiser=Plain())),
    "team": Loops(Training(epochs=1, batch_size=1), '{"every": {"updates": 1}}'),
}
"""The groups of loops: the usual one, that of several updates in a row on each sample, that of optimisers, and that of
child networks that are merged within epochs."""


def compile_loops(strategy: Strategy, loops: str = "usual") -> None:
    """Train a tiny network. Its arrays have the types, for which loops are compiled, of those of any other.

    Where each worker trains a network of its own, test and profile it, too, by the usual loops. The other groups have a
    loop of training alone.

    Parameters
    ----------
    strategy
        The strategy to train it with.
    loops
        A group of `LOOPS`.
    """
    workers = min(WORKERS, strategy.most_workers or WORKERS)
    training, options = LOOPS[loops]
    tiny = Kind(strategy.name, options, NETWORK, training, workers, WORKERS, SAMPLES, NOISE)
    with pool("threading", tiny.at_once) as several:
        task = tiny.task(tiny.samples, several)
        *_, last = strategy.train(task)
        if last.network is not None and not strategy.shares_network and loops == "usual":
            Evaluator.of(task.pixels, task.labels, task.training.inputs).accuracy(last.network)
            profile(strategy, task)
