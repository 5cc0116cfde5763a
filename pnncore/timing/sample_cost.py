"""Cost of trainings and tests before they run: seconds of an epoch, and of testing a sample."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np

from pnncore.data.dataset import Dataset, Split
from pnncore.network.evaluation import Evaluator
from pnncore.pool import Pool, pool
from pnncore.strategies.contract import Task
from pnncore.strategies.registry import STRATEGIES
from pnncore.strategies.sequential import STRATEGY as SEQUENTIAL
from pnncore.task import assemble_task, warm_up
from pnncore.timing.passes import pass_timer
from pnncore.timing.stopwatch import timer
from records.dataset import Image
from records.job import Content, Job
from records.samples import Samples
from records.settings import Network, Training

SAMPLES: Final = (500, 2000)
"""Samples of the two epochs that are timed: the time of more is on the line through both."""

TESTED: Final = 400
"""Samples that are tested on."""

TIMES: Final = 3
"""How often each thing is timed; the least counts, since whatever else the machine does only adds to it."""


@dataclass(frozen=True)
class Noise:
    """Images of noise.

    Attributes
    ----------
    image
        Size of an image in pixels.
    classes
        Number of classes.
    ink
        Share of pixels that are not zero, which training skips.
    """

    image: Image
    classes: int
    ink: float

    @cache  # noqa: B019 - an edition has a handful of them
    def dataset(self, samples: int) -> Dataset:
        """Return a dataset whose two splits are the same samples."""
        rng = np.random.default_rng(1)
        shape = (samples, self.image.height, self.image.width)
        images = rng.integers(1, 256, shape, dtype=np.uint8)
        images[rng.random(images.shape) > self.ink] = 0
        split = Split(images, rng.integers(0, self.classes, samples).astype(np.uint8))
        return Dataset("noise", self.classes, split, split)


@dataclass(frozen=True)
class Kind:
    """A kind of training: all that decides how long an epoch takes.

    Attributes
    ----------
    strategy, options
        Name of the strategy, and its options as JSON.
    network, training
        Settings of the network, and hyper-parameters; only the first epoch is run.
    workers, at_once
        Number of workers, and how many of them run at the same time.
    samples
        Samples of an epoch.
    images
        What they look like.
    """

    strategy: str
    options: str
    network: Network
    training: Training
    workers: int
    at_once: int
    samples: int
    images: Noise

    def task(self, samples: int, workers: Pool) -> Task[Any]:
        """Return the task of its first epoch on so many such images, which may be too few to train on."""
        dataset = self.images.dataset(samples)
        spec = Job(
            dataset=dataset.name,
            data=Content(self.images.classes, {}, {}),
            strategy=self.strategy,
            options=json.loads(self.options),
            network=self.network,
            training=self.training,
            samples=Samples(),
        )
        strategy = STRATEGIES.named(self.strategy)
        task = assemble_task(strategy, spec, self.workers, 1, dataset, workers)
        return replace(task, checkpoints=(1,))


@cache
def epoch_cost(kind: Kind) -> float:
    """Return the seconds of an epoch: those of few samples, and for each further one what it adds to an epoch of more.

    The start of threads, copies of networks and a merge at the end take as long for few samples as for many.
    """
    strategy = STRATEGIES.named(kind.strategy)
    with pool("threading", kind.at_once) as workers:
        kept = strategy.least_samples(kind.task(min(SAMPLES), workers)) - 1
        few, more = (min(kind.samples, kept + max(each, kind.workers)) for each in SAMPLES)
        task = kind.task(more, workers)
        warm_up(strategy, task)
        seconds = _least(pass_timer(strategy, task))
        if more == kind.samples:
            return seconds
        less = _least(pass_timer(strategy, kind.task(few, workers)))
    return seconds + (kind.samples - more) * max(0.0, seconds - less) / (more - few)


@cache
def evaluation_cost(network: Network, images: Noise) -> float:
    """Return the seconds that a network takes to be tested on a sample."""
    with pool("threading", 1) as one:
        training = Training(epochs=1)
        kind = Kind(SEQUENTIAL.name, "{}", network, training, 1, 1, TESTED, images)
        task = kind.task(TESTED, one)
        evaluator = Evaluator.of(task.pixels, task.labels, task.training.inputs)
        tested = task.start()
        evaluator.accuracy(tested)
        return _least(timer(lambda: evaluator.accuracy(tested))) / TESTED


def _least(timed: Callable[[], float]) -> float:
    return min(timed() for _ in range(TIMES))
