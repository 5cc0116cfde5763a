"""Numbers that a model of a machine rests on, and where each of them comes from."""

from __future__ import annotations

from dataclasses import dataclass

from reports.documents import Node

ORIGINS = ("fitted", "calibrated", "default")


@dataclass(frozen=True)
class Parameter:
    """A number that a model rests on.

    Attributes
    ----------
    name
        What the model calls it.
    value
        The number.
    unit
        Its unit.
    origin
        ``fitted`` to what a paper prints, ``calibrated`` on the machine that made the report, or a documented
        ``default``.
    meaning
        What it stands for.
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
        If one of them is not whole.
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
