"""Compilation of the loops before anything is trained: what comes later loads them."""

from __future__ import annotations

from pnncore.network.evaluation import Evaluator
from pnncore.pool import pool
from pnncore.strategies.contract import Strategy
from pnncore.timing.breakdown import profile
from pnncore.timing.sample_cost import Kind, Noise
from records.dataset import Image
from records.settings import Network, Training

WORKERS = 2

SAMPLES = 20

NETWORK = Network(hidden=(4,))

NOISE = Noise(Image(8, 8), classes=2, ink=0.5)


def compile_loops(strategy: Strategy, repeated: bool = False) -> None:
    """Train a tiny network. Its arrays have the types, for which loops are compiled, of those of any other.

    Where each worker trains a network of its own, test and profile it, too, by the same loops. Several updates on a
    sample have a loop of their own, and nothing else that differs: with these it is only trained.

    Parameters
    ----------
    strategy
        The strategy to train it with.
    repeated
        Whether there are several updates in a row on each sample.
    """
    workers = min(WORKERS, strategy.most_workers or WORKERS)
    training = Training(epochs=1, batch_size=1, repeats=1 + repeated)
    tiny = Kind(strategy.name, "{}", NETWORK, training, workers, WORKERS, SAMPLES, NOISE)
    with pool("threading", tiny.at_once) as several:
        task = tiny.task(tiny.samples, several)
        *_, last = strategy.train(task)
        if last.network is not None and not strategy.shares_network and not repeated:
            Evaluator.of(task.pixels, task.labels, task.training.inputs).accuracy(last.network)
            profile(strategy, task)
