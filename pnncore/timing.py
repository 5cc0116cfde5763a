"""A timing: a specification and a dataset in, seconds out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from pnncore.datasets import Dataset
from pnncore.environment import environment, load
from pnncore.pool import Pool
from pnncore.run import VERSION, Progress, is_finite, make_task, warm_up
from pnncore.strategies.contract import Strategy


def measure(
    strategy: Strategy,
    spec: Mapping[str, Any],
    dataset: Dataset,
    pool: Pool,
    progress: Progress,
) -> dict[str, Any]:
    """Time a specification: one warm-up, then its ``repeats``.

    Only training and merging stand between the two clock reads, not loading, starting networks, testing or the pool's
    own start.

    Parameters
    ----------
    strategy
        The strategy; the specification's ``strategy`` names it.
    spec
        Timing specification: see docs/architecture.md.
    dataset
        The dataset to train on.
    pool
        Where parallel tasks run; as many at once as it has jobs.
    progress
        Is told a line after every repeat.

    Returns
    -------
    dict
        Timing record: see docs/architecture.md.
    """
    task = replace(
        make_task(strategy, spec, dataset, pool), checkpoints=(spec["training"]["epochs"],)
    )
    described = environment(pool.inner_threads())
    warm_up(strategy, task)
    repeats: list[dict[str, Any]] = []
    finite = True
    for repeat in range(spec["repeats"] + 1):
        snapshots = strategy.train(task)
        next(snapshots)
        before = load()
        with np.errstate(over="ignore", invalid="ignore"):
            started = perf_counter()
            snapshot = next(snapshots)
            elapsed = perf_counter() - started
        finite = finite and is_finite(snapshot)
        if repeat == 0:
            progress(f"warm-up: {elapsed:.3f} s")
            continue
        repeats.append({"seconds": elapsed, "load_before": before, "load_after": load()})
        progress(f"repeat {repeat}/{spec['repeats']}: {elapsed:.3f} s")
    times = [repeat["seconds"] for repeat in repeats]
    return {
        "record": "timing",
        "version": VERSION,
        "status": "completed" if finite else "diverged",
        "spec": dict(spec),
        "hardware": spec["hardware"],
        "source": "measured",
        "backend": pool.backend,
        "jobs": pool.jobs,
        "oversubscribed": pool.jobs > described["host"]["physical_cores"],
        "warmups": 1,
        "repeats": repeats,
        "seconds": {"median": float(np.median(times)), "min": min(times), "max": max(times)},
        "schedule": strategy.schedule(task).as_json(),
        "environment": described,
    }
