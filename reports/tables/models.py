"""Read the models of papers: parameters fitted to what a paper prints, and how well they fit it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.documents import Node
from reports.pages.machine_numbers import Parameter, read_parameters
from reports.tables.collections import Found, read_records


@dataclass(frozen=True)
class Point:
    """A published speed-up, beside what the model makes of it.

    Attributes
    ----------
    machine
        The machine that it was measured on.
    workers
        Its number of workers.
    observed
        The speed-up over one worker that the paper prints.
    predicted
        That of the model fitted to all points.
    left_out
        That of the model fitted to all points but this one.
    where
        Where the paper prints it.
    """

    machine: str
    workers: int
    observed: float
    predicted: float
    left_out: float
    where: str


@dataclass(frozen=True)
class Model:
    """The model of a paper's own program on its own machines.

    Attributes
    ----------
    path
        The collection it was read from.
    paper, experiment, variant
        The timing that it is of.
    parameters
        What it rests on.
    points
        What the paper prints.
    """

    path: Path
    paper: str
    experiment: str
    variant: str
    parameters: tuple[Parameter, ...]
    points: tuple[Point, ...]


def read_models(paths: Iterable[Path]) -> Found[Model]:
    """Read collections of models."""
    return read_records(paths, "model", model_of)


def model_of(root: Node) -> Model:
    """Check the record of a model.

    Raises
    ------
    InputError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    return Model(
        path=root.file,
        paper=root["paper"].text(),
        experiment=root["timing"].text(),
        variant=root["variant"].text(),
        parameters=read_parameters(root["parameters"]),
        points=tuple(_point(node) for node in root["points"]),
    )


def _point(node: Node) -> Point:
    speedups = {name: _speedup(node[name]) for name in ("observed", "predicted", "left_out")}
    return Point(
        machine=node["hardware"].text(),
        workers=node["workers"].whole(2),
        where=node["where"].text(),
        **speedups,
    )


def _speedup(node: Node) -> float:
    speedup = node.number(0)
    if speedup == 0:
        node.fail("a speed-up above 0")
    return speedup
