"""Fitted models of papers: parameters, and predictions beside the published speed-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.documents import Node
from reports.pages.machine_numbers import Parameter, read_parameters
from reports.tables.collections import Found, read_records


@dataclass(frozen=True)
class Point:
    """A published speed-up and the model's predictions of it.

    Attributes
    ----------
    machine
        The machine that the paper measured it on.
    workers
        The number of workers.
    observed
        The published speed-up over one worker.
    predicted
        The prediction of the model fitted to all points.
    left_out
        The prediction of the model fitted to all other points.
    where
        The place in the paper.
    """

    machine: str
    workers: int
    observed: float
    predicted: float
    left_out: float
    where: str


@dataclass(frozen=True)
class Model:
    """The fitted model of a paper's program on the paper's machines.

    Attributes
    ----------
    path
        The collection that holds the record.
    paper, experiment, variant
        The modelled timing.
    parameters
        The model's parameters.
    points
        The published points.
    """

    path: Path
    paper: str
    experiment: str
    variant: str
    parameters: tuple[Parameter, ...]
    points: tuple[Point, ...]


def read_models(paths: Iterable[Path]) -> Found[Model]:
    """Read the models in collections."""
    return read_records(paths, "model", model_of)


def model_of(root: Node) -> Model:
    """Read the record of a model.

    Raises
    ------
    InputError
        If a field is missing or invalid.
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
