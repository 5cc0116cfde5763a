"""Child networks: their slices and their merging (Kalwarowskyj & Schikuta, Section 3; Ott, Section 2)."""

from __future__ import annotations

from typing import cast

import numpy as np

from pnncore.arrays import Floats
from pnncore.data.dataset import Dataset
from pnncore.data.slices import deal
from pnncore.network.architecture import Architecture
from pnncore.network.evaluation import Classifier
from pnncore.pool import pool
from pnncore.properties.contract import Facts, Property
from pnncore.properties.samples import first_samples
from pnncore.strategies.contract import Task
from pnncore.strategies.spmd import STRATEGY
from records.settings import Initialisation, Training

SAMPLES = 1200
"""Largest number of training samples."""

WORKERS = 4
JOBS = (1, 4)
"""Numbers of child networks that train at the same time."""

SHARED = 50_000
"""Number of training samples that Ott divides (Section 2)."""

THREADS = (1, 2, 4, 6, 8, 12, 16)
"""Numbers of threads that they are divided among."""


def examine(dataset: Dataset) -> Facts:
    """Train child networks for an epoch, merge them by mean and by sum, and compare their parameters."""
    (mean, children), (together, _) = (_trained(dataset, "mean", jobs) for jobs in JOBS)
    total, _ = _trained(dataset, "sum", 1)
    size = float(np.abs(total).max())
    slices = deal("contiguous", SHARED, WORKERS, seed=1, epoch=1)
    dealt = np.concatenate(slices)
    return {
        "mean_error": float(np.abs(mean - children.mean(axis=0)).max()) / size,
        "sum_error": float(np.abs(total - WORKERS * mean).max()) / size,
        "jobs_difference": float(np.abs(mean - together).max()),
        "children_distance": float(np.abs(children[0] - children[1]).max()) / size,
        "slices_overlap": len(dealt) - len(np.unique(dealt)),
        "slices_missing": SHARED - len(np.unique(dealt)),
        "share_error": max(
            abs(len(part) - SHARED // n)
            for n in THREADS
            for part in deal("contiguous", SHARED, n, seed=1, epoch=1)
        ),
    }


def _trained(dataset: Dataset, combine: str, jobs: int) -> tuple[Floats, Floats]:
    """Return the parameters of the merged network, shape (parameters,), and of the child networks, one per row."""
    pixels, labels = first_samples(dataset.train, SAMPLES)
    with pool("threading", jobs) as workers:
        task = Task(
            architecture=Architecture((pixels.shape[1], 32, dataset.classes)),
            initialisation=Initialisation(weights="he-normal"),
            pixels=pixels,
            labels=labels,
            training=Training(learning_rate=0.1, batch_size=50, epochs=1),
            workers=WORKERS,
            options=STRATEGY.complete({"combine": {"name": combine}}),
            seed=1,
            checkpoints=(1,),
            pool=workers,
        )
        *_, last = STRATEGY.train(task)
    merged = cast(Classifier, last.network)  # not None: merged after every epoch
    return merged.parameters, np.array([child.parameters for child in last.children])


PROPERTY = Property(
    "merging", "Overlap of slices, and the mean and the sum of child networks.", examine
)
