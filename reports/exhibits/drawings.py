"""Exhibits that are drawn from the configuration or from a dataset, and not from runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from reports.exhibits.activation_curves import ActivationCurves, activation_curves
from reports.exhibits.diagram import Diagram, Division, diagram
from reports.exhibits.gallery import Album, Gallery, gallery
from reports.exhibits.listing import Listing, listing
from reports.exhibits.network_diagram import NetworkDiagram, network_diagram
from reports.exhibits.scene import Scene
from reports.pages.paper import Paper

Json = Mapping[str, Any]

Drawing: TypeAlias = Diagram | Division | NetworkDiagram | ActivationCurves | Gallery | Listing
"""What a page shows in the place of a chart; each names its ``template``."""


@dataclass(frozen=True)
class Models:
    """What drawings are made of.

    Attributes
    ----------
    paper
        The paper's resolved configuration.
    datasets
        Facts of the datasets (``dataset.json``).
    albums
        Images of datasets, by name.
    """

    paper: Paper
    datasets: Sequence[Json]
    albums: Mapping[str, Album] = field(default_factory=dict)

    def scene(self, exhibit: Json) -> Scene:
        """Return the variant that an exhibit names."""
        return Scene.of(exhibit, self.paper, self.datasets)


DRAWINGS: Final[dict[str, Callable[[Json, Models], Drawing]]] = {
    "diagram": lambda exhibit, models: diagram(models.scene(exhibit)),
    "network": lambda exhibit, models: network_diagram(models.scene(exhibit)),
    "activation": lambda exhibit, models: activation_curves(models.scene(exhibit)),
    "gallery": lambda exhibit, models: gallery(
        exhibit, models.paper["edition"]["datasets"], models.albums, models.datasets
    ),
    "pseudocode": lambda exhibit, models: listing(exhibit),
}
"""The drawings by their names in the configuration."""

SETTINGS: Final = "settings"
"""Name of an exhibit that is a table of settings."""

UNMEASURED: Final = (*DRAWINGS, SETTINGS)
"""Names of all exhibits that show no runs."""


def drawing(exhibit: Json, models: Models) -> Drawing | None:
    """Draw an exhibit that shows no runs.

    Parameters
    ----------
    exhibit
        The exhibit in the configuration.
    models
        What to draw it of.

    Returns
    -------
    Drawing or None
        What to show; None if the exhibit is a chart or a table.
    """
    draw = DRAWINGS.get(exhibit["chart"])
    return draw(exhibit, models) if draw else None
