"""What a bias does to an activation: the same curve, moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from math import exp, tanh
from typing import ClassVar, Final

from records.errors import nearest
from records.study import Study
from reports.exhibits.checks import check_drawing
from reports.exhibits.contract import Fault, Kind
from reports.exhibits.drawings import Models
from reports.exhibits.keys import DrawingKeys
from reports.exhibits.scene import Scene, activation

BIASES: Final = {-2.0: "children", 0.0: "one", 2.0: "merged"}
"""The biases that are drawn, with their colours."""

REACH: Final = 5.0  # of the input, either way
STEPS: Final = 60
WIDTH: Final = 360.0
HEIGHT: Final = 180.0

FUNCTIONS: Final[dict[str, Callable[[float, float], float]]] = {
    "identity": lambda x, alpha: x,
    "relu": lambda x, alpha: max(x, 0.0),
    "elu": lambda x, alpha: x if x >= 0 else alpha * (exp(x) - 1),
    "tanh": lambda x, alpha: tanh(x),
    "sigmoid": lambda x, alpha: 1 / (1 + exp(-x)),
}
"""The activations of a single neuron."""


class ActivationKeys(DrawingKeys, frozen=True, kw_only=True, tag="activation"):
    """Configuration of a drawing of an activation."""


@dataclass(frozen=True)
class Curve:
    """A curve: the bias, the token of its colour, and its way through the drawing."""

    bias: str
    token: str
    path: str


@dataclass(frozen=True)
class ActivationCurves:
    """The curves of an activation with several biases.

    Attributes
    ----------
    name
        What the activation is called.
    curves
        One a bias.
    ends
        The largest and the smallest output that is drawn.
    """

    template: ClassVar[str] = "activation.html.j2"

    name: str
    curves: tuple[Curve, ...]
    ends: tuple[str, str]

    @property
    def description(self) -> str:
        """The curves in words."""
        biases = ", ".join(curve.bias for curve in self.curves)
        return (
            f"Output of a neuron with {self.name} against the weighted sum of its inputs, for biases of {biases}: "
            "a bias moves the curve sideways and leaves its shape alone. Drawn by the formula; nothing was run."
        )


def activation_curves(scene: Scene) -> ActivationCurves:
    """Draw the activation of a variant's hidden layers.

    Parameters
    ----------
    scene
        The variant.
    """
    network = scene.variant.network
    name = network.hidden_activation
    function = FUNCTIONS[name]
    inputs = [REACH * (2 * step / STEPS - 1) for step in range(STEPS + 1)]
    curves = {bias: [function(x + bias, network.elu_alpha) for x in inputs] for bias in BIASES}
    outputs = [y for values in curves.values() for y in values]
    low, high = min(outputs), max(outputs)
    return ActivationCurves(
        name=activation(name),
        curves=tuple(
            Curve(_number(bias), BIASES[bias], _path(values, low, high))
            for bias, values in curves.items()
        ),
        ends=(_number(round(high, 1)), _number(round(low, 1))),
    )


def _path(values: list[float], low: float, high: float) -> str:
    points = (
        f"{WIDTH * step / STEPS:.1f} {HEIGHT * (high - y) / (high - low):.1f}"
        for step, y in enumerate(values)
    )
    return "M" + "L".join(points)


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def check_names(
    exhibit: ActivationKeys, study: Study, properties: Collection[str]
) -> Iterator[Fault]:
    """Check the variant, and that its activation is one of a single neuron."""
    wrong = list(check_drawing(exhibit, study))
    yield from wrong
    if not wrong:
        scene = Scene.of(study, [], exhibit.experiment, exhibit.variant)
        name = scene.variant.network.hidden_activation
        if name not in FUNCTIONS:
            yield "chart", f"{name!r} has no curve; {nearest(name, FUNCTIONS)}"


def draw(exhibit: ActivationKeys, models: Models) -> ActivationCurves:
    """Draw it for the variant that an exhibit names."""
    return activation_curves(models.scene(exhibit))


KIND = Kind(
    name="activation",
    summary="A variant's hidden activation with several biases.",
    keys=ActivationKeys,
    check=check_names,
    drawing=draw,
)
