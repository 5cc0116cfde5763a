"""Cost of a sample: seconds to train on it and to test on it, for one network."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from time import perf_counter

import numpy as np

from pnncore.data.dataset import Dataset, Split
from pnncore.network.evaluation import Evaluator
from pnncore.pool import Pool, pool
from pnncore.run import make_task, warm_up
from pnncore.strategies.contract import Task
from pnncore.strategies.sequential import STRATEGY
from pnncore.timing.passes import prepare_pass

SAMPLES = 400
"""Number of samples that are trained and tested on."""

INK = 0.25
"""Share of non-zero pixels; it is a fifth in MNIST and a half in Fashion-MNIST."""


@cache
def learning_cost(network: str, training: str) -> float:
    """Return the seconds that one network takes to train on a sample of noise.

    Parameters
    ----------
    network, training
        ``network`` and ``training`` of a run specification, as JSON; only the first epoch is run.
    """
    with pool("threading", 1) as one:
        task = _task(network, training, one)
        warm_up(STRATEGY, task)
        seconds, _ = prepare_pass(STRATEGY, task)()
        return seconds / SAMPLES


@cache
def evaluation_cost(network: str, training: str) -> float:
    """Return the seconds that one network takes to be tested on a sample of noise: see `learning_cost`."""
    with pool("threading", 1) as one:
        task = _task(network, training, one)
        evaluator = Evaluator.of(task.pixels, task.labels, task.training.inputs)
        tested = task.start()
        evaluator.accuracy(tested)
        started = perf_counter()
        evaluator.accuracy(tested)
        return (perf_counter() - started) / SAMPLES


def _task(network: str, training: str, one: Pool) -> Task:
    rng = np.random.default_rng(1)
    images = rng.integers(1, 256, (SAMPLES, 28, 28), dtype=np.uint8)
    images[rng.random(images.shape) > INK] = 0
    split = Split(images, rng.integers(0, 10, SAMPLES).astype(np.uint8))
    spec = {
        "dataset": "noise",
        "network": json.loads(network),
        "training": json.loads(training),
        "options": {},
        "samples": {"train": None, "test": None},
        "workers": 1,
        "seed": 1,
    }
    task = make_task(STRATEGY, spec, Dataset("noise", 10, split, split), one)
    return replace(task, checkpoints=(1,))
