"""How does cost grow with samples, with neurons, with workers, and with an edition's variants and runs?

The exponent is the slope of the logarithm of seconds over that of the size: 1 is in proportion. Below 1, a part of the
seconds does not grow with the size. How far points lie off the best straight line tells whether the rest grows in
proportion.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import log

import numpy as np

from benchmarks import comparison, data, editions, minibatch, workers
from benchmarks.facts import Fact, Target
from benchmarks.size import Size
from benchmarks.timing import medians
from benchmarks.watched import is_supported
from pnncore.network.architecture import Architecture
from pnncore.pool import pool
from pnncore.strategies.registry import STRATEGIES
from pnncore.timing.hardware import host

TIMES = (1, 2, 4, 8)
HIDDEN = (64, 128, 256, 512, 1024)
WORKERS = (1, 2, 4, 8, 16, 32, 64)
RUNS = (100, 1000, 10_000)
RUNS_OF_A_VARIANT = (5, 10)
"""Workers and seeds of a variant, as a paper would have them."""

COMPLETED = 1000
"""Most variants of an edition that is completed: to pretend that its files were made takes Snakemake minutes."""

IN_PROPORTION = Target("<=", 1.1)
STRAIGHT = Target("<=", 0.1)
FLAT = Target("<=", 0.1)
BUILT = Target("<=", 15)
MEMORY = Target("<=", 1000)


def facts(size: Size) -> Iterator[Fact]:
    """Time epochs of more and more samples, neurons and workers, and Snakemake's plans of more and more variants."""
    yield from _samples(size)
    yield from _hidden(size)
    yield from _workers(size)
    if not is_supported():
        print("variants are skipped: this system does not report a process's peak", file=sys.stderr)
        return
    if size.is_toy:
        yield from _variants("variants", [editions.Size(1, 1, 1)], 0)
        return
    yield from _variants("variants", [editions.Size(count, 1, 1) for count in RUNS], COMPLETED)
    each = RUNS_OF_A_VARIANT[0] * RUNS_OF_A_VARIANT[1]
    yield from _variants(
        "runs", [editions.Size(n // each, *RUNS_OF_A_VARIANT) for n in RUNS], COMPLETED
    )


def exponent(values: Mapping[int, float]) -> float:
    """Return the slope of the logarithm of values over that of sizes, by least squares."""
    slope, _ = np.polyfit(
        [log(size) for size in values], [log(each) for each in values.values()], 1
    )
    return float(slope)


def off_line(values: Mapping[int, float]) -> float:
    """Return the largest deviation from the straight line that fits values best, both relative to the values."""
    sizes, seconds = np.array([*values], float), np.array([*values.values()])
    slope, least = np.polyfit(sizes, seconds, 1, w=1 / seconds)
    return float(np.max(np.abs(least + slope * sizes - seconds) / seconds))


def _samples(size: Size) -> Iterator[Fact]:
    samples = data.samples("mnist", size.samples)
    runs = {times: _epoch(minibatch.ARCHITECTURE, samples.repeated(times)) for times in TIMES}
    yield from _grown("samples", size, samples.name, "784-256-10, batches of 50", runs)


def _hidden(size: Size) -> Iterator[Fact]:
    samples = data.samples("mnist", size.samples)
    runs = {count: _epoch(Architecture((784, count, 10)), samples) for count in HIDDEN}
    yield from _grown(
        "hidden",
        size,
        samples.name,
        "784-hidden-10, batches of 50; listing and outputs do not grow",
        runs,
    )


def _epoch(architecture: Architecture, samples: data.Samples) -> Callable[[], object]:
    return comparison.ours(architecture, minibatch.TRAINING, samples).run


def _workers(size: Size) -> Iterator[Fact]:
    """Time the same epoch with more and more workers: one merge, and no more work beyond it."""
    samples = data.samples("mnist", size.samples)
    strategy = STRATEGIES.named("spmd")
    seconds = {}
    for count in WORKERS:
        with pool("threading", count) as some:
            run = workers.epochs(strategy, workers.task(strategy, samples, some), size.repeats)
            seconds.update(medians({str(count): run}, size.repeats))
    found = {int(count): each for count, each in seconds.items()}
    cores = host().hardware_threads
    beyond = {count: each for count, each in found.items() if count >= cores}
    note = f"784-256-10, a merge at the end; at most {cores} run at once, then the work is the same"
    yield from _points("workers", samples.name, note, found)
    if len(beyond) > 1:
        peer = f"{min(beyond)} to {max(beyond)}"
        yield Fact("growth, workers", "exponent", peer, exponent(beyond), target=FLAT)


def _grown(
    case: str, size: Size, name: str, note: str, runs: Mapping[int, Callable[[], object]]
) -> Iterator[Fact]:
    """Time trainings of growing sizes."""
    seconds = medians({str(each): run for each, run in runs.items()}, size.repeats)
    found = {int(each): value for each, value in seconds.items()}
    yield from _points(case, name, note, found)
    peer = f"{min(found)} to {max(found)}"
    yield Fact(f"growth, {case}", "exponent", peer, exponent(found), target=IN_PROPORTION)
    yield Fact(f"growth, {case}", "off_line", peer, off_line(found), target=STRAIGHT)


def _points(case: str, name: str, note: str, found: Mapping[int, float]) -> Iterator[Fact]:
    for place, (each, seconds) in enumerate(found.items()):
        told = "" if place else note
        yield Fact(f"growth, {case}", "seconds", str(each), seconds, "s", data=name, note=told)


def _variants(case: str, sizes: list[editions.Size], most_completed: int) -> Iterator[Fact]:
    """Time how long Snakemake takes to plan editions, and to find that nothing is to do."""
    fact = partial(Fact, f"growth, {case}", data="an edition of one paper")
    built, idle = {}, {}
    for each in sizes:
        last = each is sizes[-1]
        peer = f"{each.runs:,} runs"
        note = f"{each.runs // each.variants} a variant" if each is sizes[0] else ""
        with editions.edition(each) as folder:
            plan = editions.snakemake(folder, "--dry-run", "--quiet")
            built[each.runs] = plan.seconds
            yield fact("plan", peer, plan.seconds, "s", BUILT if last else None, note=note)
            yield fact("plan_memory", peer, plan.megabytes, "MB", MEMORY if last else None)
            if each.variants <= most_completed:
                editions.complete(folder)
                done = editions.snakemake(folder, "--quiet")
                idle[each.runs] = done.seconds
                yield fact("nothing_to_do", peer, done.seconds, "s")
    for quantity, found in (("plan_exponent", built), ("nothing_exponent", idle)):
        if len(found) > 1:
            peer = f"{min(found):,} to {max(found):,} runs"
            yield fact(quantity, peer, exponent(found), target=IN_PROPORTION)
    if len(built) > 2:
        yield fact(
            "off_line", f"{min(built):,} to {max(built):,} runs", off_line(built), target=STRAIGHT
        )
