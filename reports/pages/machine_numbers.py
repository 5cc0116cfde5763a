"""Parameters of models, with the origin of each."""

from __future__ import annotations

from dataclasses import dataclass

from reports.documents import Node

ORIGINS = ("fitted", "calibrated", "default")


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model.

    Attributes
    ----------
    name
        The name of the parameter.
    value
        The value.
    unit
        The unit.
    origin
        ``fitted`` to published speed-ups, ``calibrated`` on the machine that made the report, or a documented
        ``default``.
    meaning
        What the parameter means, in words.
    """

    name: str
    value: float
    unit: str
    origin: str
    meaning: str


def read_parameters(node: Node) -> tuple[Parameter, ...]:
    """Read the parameters of a model or of a prediction.

    Raises
    ------
    InputError
        If a field is missing or invalid.
    """
    return tuple(
        Parameter(
            name=name,
            value=node[name]["value"].number(),
            unit=node[name]["unit"].text(),
            origin=node[name]["origin"].one_of(ORIGINS),
            meaning=node[name]["meaning"].text(),
        )
        for name in node.names()
    )
