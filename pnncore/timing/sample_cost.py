"""Cost of a sample: seconds to train on it and to test on it, for one network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np

from pnncore.data.dataset import Dataset, Split
from pnncore.network.evaluation import Evaluator
from pnncore.pool import Pool, pool
from pnncore.strategies.contract import Task
from pnncore.strategies.sequential import STRATEGY
from pnncore.task import make_task, warm_up
from pnncore.timing.passes import prepare_pass
from records.dataset import Image
from records.job import Content, Job
from records.settings import Network, Samples, Training

SAMPLES = 400
"""Number of samples that are trained and tested on."""

INK = 0.25
"""Share of non-zero pixels; it is a fifth in MNIST and a half in Fashion-MNIST."""


@dataclass(frozen=True)
class Kind:
    """A kind of training: all that decides how long a sample takes.

    Attributes
    ----------
    network, training
        Settings of the network, and hyper-parameters; only the first epoch is run.
    image
        Size of an image in pixels.
    classes
        Number of classes.
    """

    network: Network
    training: Training
    image: Image
    classes: int


@cache
def learning_cost(kind: Kind) -> float:
    """Return the seconds that one network takes to learn from a sample of noise."""
    with pool("threading", 1) as one:
        task = _task(kind, one)
        warm_up(STRATEGY, task)
        seconds, _ = prepare_pass(STRATEGY, task)()
        return seconds / SAMPLES


@cache
def evaluation_cost(kind: Kind) -> float:
    """Return the seconds that one network takes to be tested on a sample of noise."""
    with pool("threading", 1) as one:
        task = _task(kind, one)
        evaluator = Evaluator.of(task.pixels, task.labels, task.training.inputs)
        tested = task.start()
        evaluator.accuracy(tested)
        started = perf_counter()
        evaluator.accuracy(tested)
        return (perf_counter() - started) / SAMPLES


def _task(kind: Kind, one: Pool) -> Task[Any]:
    rng = np.random.default_rng(1)
    shape = (SAMPLES, kind.image.height, kind.image.width)
    images = rng.integers(1, 256, shape, dtype=np.uint8)
    images[rng.random(images.shape) > INK] = 0
    split = Split(images, rng.integers(0, kind.classes, SAMPLES).astype(np.uint8))
    spec = Job(
        dataset="noise",
        data=Content(kind.classes, {}, {}),
        strategy=STRATEGY.name,
        options={},
        network=kind.network,
        training=kind.training,
        samples=Samples(),
    )
    dataset = Dataset("noise", kind.classes, split, split)
    return replace(make_task(STRATEGY, spec, 1, 1, dataset, one), checkpoints=(1,))
