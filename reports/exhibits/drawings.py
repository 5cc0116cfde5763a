"""What drawings of a configuration or a dataset are made of, and what a page needs of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from msgspec import convert

from records.strategy import Diagram, Division
from reports.exhibits.scene import Scene
from reports.pages.paper import Paper

if TYPE_CHECKING:
    from reports.exhibits.gallery import Album
    from reports.exhibits.keys import DrawingKeys

Json = Mapping[str, Any]


class Drawing(Protocol):
    """What a page shows in the place of a chart.

    Attributes
    ----------
    template
        The template that draws it.
    """

    template: ClassVar[str]


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
    exhibit
        Name of the exhibit that is drawn.
    """

    paper: Paper
    datasets: Sequence[Json]
    albums: Mapping[str, Album] = field(default_factory=dict)
    exhibit: str = ""

    def scene(self, exhibit: DrawingKeys) -> Scene:
        """Return the variant that an exhibit names."""
        return Scene.of(self.paper, self.datasets, exhibit.experiment, exhibit.variant)

    @property
    def words(self) -> Diagram | Division:
        """Words of the strategy that the exhibit draws."""
        found: Diagram | Division = convert(
            self.paper["diagrams"][self.exhibit], Diagram | Division
        )
        return found
