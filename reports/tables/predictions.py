"""Read modelled timings: what a training would take on a machine that nobody here has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isclose
from pathlib import Path

from reports.documents import Node
from reports.pages.machine_numbers import Parameter, read_parameters
from reports.tables.collections import Found, read_records
from reports.tables.runs import Subject, fingerprint, subject_of

PARTS = ("compute", "wait", "merge", "dispatch")
"""Where the time goes; together they are all of it."""


@dataclass(frozen=True)
class Modelled:
    """A modelled time with one number of workers.

    Attributes
    ----------
    subject
        What would be run.
    seconds
        How long it would take.
    parts
        Seconds of each of `PARTS`.
    oversubscribed
        Whether there are more workers than hardware threads.
    """

    subject: Subject
    seconds: float
    parts: dict[str, float]
    oversubscribed: bool


@dataclass(frozen=True)
class PredictionRecord:
    """The record of a modelled timing.

    Attributes
    ----------
    path
        The collection it was read from.
    hardware
        The machine: a profile, or ``host``.
    cores
        Its physical cores.
    implementation
        Whose program it is: the ``paper``'s own, or ``ours``.
    parameters
        What the model rests on; the time of one worker is the first.
    timings
        The modelled times by number of workers.
    environment
        Fingerprint of the machine and software that the model was calibrated with.
    """

    path: Path
    hardware: str
    cores: int
    implementation: str
    parameters: tuple[Parameter, ...]
    timings: tuple[Modelled, ...]
    environment: str


def read_predictions(paths: Iterable[Path]) -> Found[PredictionRecord]:
    """Read collections of modelled timings."""
    return read_records(paths, "prediction", prediction_of)


def prediction_of(root: Node) -> PredictionRecord:
    """Check the record of a modelled timing.

    Raises
    ------
    InputError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    root["source"].one_of(("modelled",))
    spec = root["spec"]
    timings = tuple(_modelled(node, spec) for node in root["timings"])
    planned = [node.whole(1) for node in spec["workers"]]
    if [timing.subject.workers for timing in timings] != planned:
        root["timings"].fail(f"a list of the workers {planned}, as spec.workers says")
    return PredictionRecord(
        path=root.file,
        hardware=root["hardware"].text(),
        cores=root["machine"]["cores"].whole(1),
        implementation=root["implementation"].one_of(("paper", "ours")),
        parameters=(_one_worker(root["one_worker"]), *read_parameters(root["parameters"])),
        timings=timings,
        environment=fingerprint(root),
    )


def _modelled(node: Node, spec: Node) -> Modelled:
    seconds = node["seconds"].number(0)
    parts = {part: node[part].number(0) for part in PARTS}
    if not isclose(sum(parts.values()), seconds, rel_tol=1e-6, abs_tol=1e-9):
        node["seconds"].fail(f"the sum of {', '.join(PARTS)}, {sum(parts.values()):g}")
    return Modelled(
        subject=subject_of(spec, node["workers"].whole(1)),
        seconds=seconds,
        parts=parts,
        oversubscribed=node["oversubscribed"].flag(),
    )


def _one_worker(node: Node) -> Parameter:
    origin = node["origin"].one_of(("published", "calibrated"))
    where = f" ({node['where'].text()})" if origin == "published" else ""
    seconds = node["seconds"].number(0)
    return Parameter("one_worker", seconds, "s", origin, f"time of one worker{where}")
