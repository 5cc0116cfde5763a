"""Worker batches: the cost of smaller batches, and so of more merges (Wiesinger & Schikuta, III-D and V-A4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import structs

from pnncore.data.dataset import Dataset
from pnncore.network.architecture import Architecture
from pnncore.pool import Pool, pool
from pnncore.properties.contract import Facts, Property
from pnncore.properties.samples import first_samples
from pnncore.strategies.contract import Task
from pnncore.strategies.exemplar import STRATEGY
from pnncore.timing.hardware import host
from pnncore.timing.passes import pass_timer
from pnncore.timing.stopwatch import medians
from records.settings import Initialisation, Training

SIZES = (10, 100, 1000)
"""Samples of a worker batch."""

SAMPLES = 12_000
"""Largest number of training samples: three rounds of the largest batches."""

WORKERS = 4

REPEATS = 5


def examine(dataset: Dataset) -> Facts:
    """Time an epoch with worker batches of each size, on up to `WORKERS` cores, with interleaved repeats."""
    n = min(SAMPLES, len(dataset.train.labels))
    with pool("threading", min(WORKERS, host().cores)) as threads:
        task = _task(dataset, n, threads)
        passes = [pass_timer(STRATEGY, _in_batches(task, size)) for size in SIZES]
        seconds = medians(passes, REPEATS)
    return {
        "threads": threads.jobs,
        "merges": {str(size): -(-n // (size * WORKERS)) for size in SIZES},
        "seconds": dict(zip(map(str, SIZES), seconds, strict=True)),
    }


def _task(dataset: Dataset, n: int, threads: Pool) -> Task[Any]:
    """Return a task of one epoch with the paper's network and training, in our main reading."""
    pixels, labels = first_samples(dataset.train, n)
    return Task(
        architecture=Architecture(
            (pixels.shape[1], 100, dataset.classes),
            hidden_activation="elu",
            elu_alpha=0.5,
            loss="quadratic",
            division="layer",
            division_gradient="ignored",
        ),
        initialisation=Initialisation(weights="uniform"),
        pixels=pixels,
        labels=labels,
        training=Training(
            learning_rate=0.8,
            batch_size=1,
            epochs=1,
            inputs="raw",
            error="direct",
            elastic_net=1e-7,
            elastic_net_form="eq24",
        ),
        workers=WORKERS,
        options=STRATEGY.complete({}),
        seed=1,
        checkpoints=(1,),
        pool=threads,
    )


def _in_batches(task: Task[Any], size: int) -> Task[Any]:
    return replace(task, training=structs.replace(task.training, batch_size=size))


PROPERTY = Property(
    "worker-batches",
    "Seconds of an epoch by the size of worker batches, on all cores.",
    examine,
    alone=True,
)
