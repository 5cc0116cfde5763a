"""What drawings of a configuration or a dataset are made of, and what a page needs of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from records.strategy import Diagram, Division
from records.study import Study
from reports.exhibits.scene import Scene

if TYPE_CHECKING:
    from records.kinds.gallery import GalleryRecord
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
    study
        The study's resolved configuration.
    datasets
        Facts of the datasets (``dataset.json``).
    albums
        Images of datasets, by name.
    exhibit
        Name of the exhibit that is drawn.
    """

    study: Study
    datasets: Sequence[Json]
    albums: Mapping[str, GalleryRecord] = field(default_factory=dict)
    exhibit: str = ""

    def scene(self, exhibit: DrawingKeys) -> Scene:
        """Return the variant that an exhibit names."""
        return Scene.of(self.study, self.datasets, exhibit.experiment, exhibit.variant)

    @property
    def words(self) -> Diagram | Division:
        """Words of the strategy that the exhibit draws."""
        return self.study.diagrams[self.exhibit]
