"""How fast is a merge?

Thirty networks of 784-256-10 neurons are merged by each rule, as `spmd` does it. The cost of a merge is its time over
that of reading the networks once, which no merge can do without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numba
import numpy as np

from benchmarks import data, minibatch
from benchmarks.comparison import INITIALISATION
from benchmarks.facts import Fact, Target
from benchmarks.peers import is_installed
from benchmarks.size import Size
from benchmarks.timing import medians
from pnncore.arrays import Floats
from pnncore.combining.registry import RULES
from pnncore.pool import pool
from pnncore.strategies.child import Child
from pnncore.strategies.contract import Task
from pnncore.strategies.merger import Merger
from pnncore.strategies.registry import STRATEGIES

NETWORKS = 30
TARGET = Target("<=", 1.5)
ADDING = ("mean", "sum", "weighted")
"""Rules that only add networks up. Others sort or judge networks, too, or write one for each child: no target."""

PYTORCH: dict[str, Callable[[Any], Any]] = {
    "mean": lambda networks: networks.mean(0),
    "sum": lambda networks: networks.sum(0),
    "median": lambda networks: networks.median(0),
}


def facts(size: Size) -> Iterator[Fact]:
    """Time each rule and a reading of the networks, in turns."""
    samples = data.samples("mnist", min(size.samples, 1_000))
    spmd = STRATEGIES.named("spmd")
    with pool("threading", 1) as one:
        task: Task[Any] = Task(
            architecture=minibatch.ARCHITECTURE,
            initialisation=INITIALISATION,
            pixels=samples.pixels,
            labels=samples.labels,
            training=minibatch.TRAINING,
            workers=NETWORKS,
            options=spmd.complete({}),
            seed=1,
            checkpoints=(1,),
            pool=one,
        )
        networks = [task.start(worker) for worker in range(NETWORKS)]
        children = [Child(network) for network in networks]
        shares = [100] * NETWORKS

        def merge(rule: str) -> Callable[[], object]:
            options = spmd.complete({"combine": {"name": rule}})
            merger = Merger(replace(task, options=options))
            merger.begin(networks)
            return lambda: merger.merge(networks, shares, children)

        arrays = [network.parameters for network in networks]
        runs: dict[str, Callable[[], object]] = {rule: merge(rule) for rule in RULES.entries}
        runs |= {f"PyTorch, {rule}": run for rule, run in _pytorch(arrays).items()}
        seconds = medians(
            {"reading": lambda: [_read(each) for each in arrays], **runs}, size.repeats
        )
    note = f"{NETWORKS} networks of 784-256-10 neurons"
    yield Fact("merges", "seconds", "reading", seconds["reading"], unit="s", note=note)
    for rule in RULES.entries:
        case, own = f"merge, {rule}", seconds[rule]
        yield Fact(case, "seconds", "ours", own, unit="s", note=note)
        target = TARGET if rule in ADDING else None
        yield Fact(case, "cost", "reading", own / seconds["reading"], target=target)
        if theirs := seconds.get(f"PyTorch, {rule}"):
            yield Fact(case, "seconds", "PyTorch", theirs, unit="s")
            yield Fact(case, "ratio", "PyTorch", theirs / own)


def _pytorch(arrays: list[Floats]) -> dict[str, Callable[[], object]]:
    """Return the rules that are one call in PyTorch, on networks in one tensor."""
    if not is_installed("torch", "PyTorch"):
        return {}
    import torch

    torch.set_num_threads(1)
    networks = torch.from_numpy(np.stack(arrays))
    return {
        rule: (lambda merge=merge: merge(networks))  # type: ignore[misc]
        for rule, merge in PYTORCH.items()
    }


@numba.njit(nogil=True, cache=True, fastmath=True)
def _read(parameters: Floats) -> float:
    """Return the sum of a network's parameters: the fastest way to read them all."""
    total = np.float32(0)
    for j in range(parameters.shape[0]):
        total += parameters[j]
    return float(total)
