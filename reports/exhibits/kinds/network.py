"""A network's layers, from the pixels to the classes, with their sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from reports.exhibits.checks import check_drawing
from reports.exhibits.contract import Kind
from reports.exhibits.drawings import Models
from reports.exhibits.keys import DrawingKeys
from reports.exhibits.scene import Scene, activation


class NetworkKeys(DrawingKeys, frozen=True, kw_only=True, tag="network"):
    """Configuration of a drawing of a network."""


@dataclass(frozen=True)
class NetworkDiagram:
    """What the diagram of a network writes into its boxes.

    Attributes
    ----------
    layers
        Name and details of each layer, from the pixels on.
    description
        The diagram in words.
    """

    template: ClassVar[str] = "network.html.j2"

    layers: tuple[tuple[str, str], ...]

    @property
    def description(self) -> str:
        """The diagram in words."""
        said = "; ".join(f"{name}, {details}" for name, details in self.layers)
        return f"From bottom to top: {said}."


def network_diagram(scene: Scene) -> NetworkDiagram:
    """List the layers of a variant's network.

    Parameters
    ----------
    scene
        The variant.
    """
    return NetworkDiagram(tuple(_layers(scene)))


def _layers(scene: Scene) -> Iterator[tuple[str, str]]:
    network = scene.variant.network
    image = scene.image
    below = None if image is None else image[0] * image[1]
    yield "image", scene.used if image is None else f"{image[0]} × {image[1]} pixels"
    convolution = network.convolution
    if convolution:
        side = None if image is None else image[0]  # a convolution is of square images
        filters, size, pool = convolution.filters, convolution.size, convolution.pool
        parameters = (size**2 + 1) * filters
        maps = "" if side is None else f", {_maps(filters, side - size + 1)}"
        yield f"{filters} filters of {size} × {size}", f"{parameters:,} parameters{maps}"
        pooled = None if side is None else (side - size + 1) // pool
        below = None if pooled is None else pooled**2 * filters
        cells = "the largest goes on" if pooled is None else _maps(filters, pooled)
        hidden = activation(network.hidden_activation)
        yield f"pools of {pool} × {pool}", f"{cells}, then {hidden}"
    for size in network.hidden:
        hidden = activation(network.hidden_activation)
        yield f"{size} hidden neurons", f"{hidden}{_parameters(below, size)}"
        below = size
    classes = scene.classes
    outputs = activation(network.output_activation)
    if classes is None:
        yield "outputs", outputs
    else:
        yield f"{classes} outputs", f"{outputs}{_parameters(below, classes)}"


def _maps(count: int, side: int) -> str:
    return f"{count} maps of {side} × {side}"


def _parameters(below: int | None, size: int) -> str:
    return "" if below is None else f", {(below + 1) * size:,} parameters"


def draw(exhibit: NetworkKeys, models: Models) -> NetworkDiagram:
    """Draw it for the variant that an exhibit names."""
    return network_diagram(models.scene(exhibit))


KIND = Kind(
    name="network",
    summary="The layers of a variant's network, from the pixels to the classes.",
    keys=NetworkKeys,
    check=check_drawing,
    drawing=draw,
)
