"""Schedule of child networks on slices of the data: what they and their merges compute, and what these move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import structs

from pnncore.combining.registry import RULES
from pnncore.combining.rounding import BYTES
from pnncore.strategies.contract import Task
from pnncore.strategies.merger import kept_apart
from pnncore.strategies.spmd_epochs import child_training, in_parts, parts, period, slices
from pnncore.strategies.spmd_team import in_team
from records.schedule import Round, Schedule, training_flops


def schedule(task: Task[Any]) -> Schedule:
    """Return the rounds of parallel training between synchronisations of the child networks, and the merges."""
    if in_team(task):
        return Schedule(tuple(_rounds_in_team(task)))
    rounds = list(_rounds_in_parts(task) if in_parts(task) else _rounds(task))
    epochs, merge = task.training.epochs, _merge(task)
    if in_parts(task):
        return Schedule(tuple(_merging(each, merge) for each in rounds))
    merges = -(-epochs // period(task))
    if len(rounds) == 1 and rounds[0].times == merges:
        return Schedule((_merging(rounds[0], merge),))
    return Schedule((*rounds, structs.replace(merge, times=merges)))


def _rounds(task: Task[Any]) -> Iterator[Round]:
    """Yield the rounds of children that are merged after epochs."""
    epochs, samples = task.training.epochs, [len(positions) for positions in slices(task, 1)]
    meetings = 1 if task.options.slices == "redrawn" else period(task)
    for times, length in ((epochs // meetings, meetings), (1, epochs % meetings)):
        if times and length:
            tasks = training_flops(task.flops_per_sample, samples, length)
            yield Round(times=times, tasks=tasks, barriers=1, dispatched=task.workers)


def _rounds_in_parts(task: Task[Any]) -> Iterator[Round]:
    """Yield the rounds of children that are merged within epochs, like ones once."""
    samples = [len(positions) for positions in slices(task, 1)]
    trained = parts(task, samples, child_training(task))
    for counts, times in Counter(
        tuple((stops - starts).tolist()) for starts, stops in trained
    ).items():
        yield Round(
            times=times * task.training.epochs,
            tasks=training_flops(task.flops_per_sample, counts),
            barriers=1,
            dispatched=task.workers,
        )


def _rounds_in_team(task: Task[Any]) -> Iterator[Round]:
    """Yield the rounds of a team, whose threads are started once an epoch, and merge in parts."""
    yield Round(times=task.training.epochs, tasks=(), started=task.workers)
    arrays = 1 + _merged_memories(task)
    # A child that goes on reads the merged arrays, and writes its own.
    copied = 2 * arrays * task.workers
    for each in _rounds_in_parts(task):
        yield structs.replace(
            each,
            shared=_merge(task).serial + task.architecture.n_parameters * copied,
            # Its part of everybody's arrays, and all merged ones.
            bytes_moved=2 * 4 * arrays * task.architecture.n_parameters,
            barriers=2,
            dispatched=0,
        )


def _merge(task: Task[Any]) -> Round:
    """Return a merge: its operations, and the bytes that it moves."""
    memories = _merged_memories(task)
    rule = RULES.of(task.options.combine)
    flops = rule.flops(task.workers) + memories * (task.workers + 1)
    # A network that is judged on a sample is read as by a merge, but for the weights of its zeros.
    judged = kept_apart(task) * rule.judgements(task.workers)
    return Round(
        times=1,
        tasks=(),
        serial=task.architecture.n_parameters * (flops + judged),
        bytes_moved=bytes_moved(task, task.workers, 1),
    )


def bytes_moved(task: Task[Any], arrived: int, merges: int) -> int:
    """Return the bytes that go to merges at which so many networks arrived, and, if children go on from them, back."""
    each = task.architecture.n_parameters * (BYTES[task.options.sent] + 4 * _merged_memories(task))
    return round(each * (arrived + (merges * task.workers if _goes_on(task) else 0)))


def _merged_memories(task: Task[Any]) -> int:
    """Return how many arrays of the parameters' size children's optimisers send to a merge."""
    merged = _goes_on(task) and task.options.memories == "merged"
    return task.optimiser.memory if merged and task.optimiser else 0


def _goes_on(task: Task[Any]) -> bool:
    """Return whether children go on from a merged network."""
    again = in_parts(task) or period(task) < task.training.epochs
    return again and task.options.after_merge == "broadcast"


def _merging(training: Round, merge: Round) -> Round:
    """Return rounds of training with a merge at the end of each."""
    return structs.replace(training, serial=merge.serial, bytes_moved=merge.bytes_moved)
