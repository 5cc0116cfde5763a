"""What drawings of a configuration or a dataset are made of, and what a page needs of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

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
    """

    paper: Paper
    datasets: Sequence[Json]
    albums: Mapping[str, Album] = field(default_factory=dict)

    def scene(self, exhibit: DrawingKeys, strategy: str = "", worker: str = "") -> Scene:
        """Return the variant that an exhibit names.

        Parameters
        ----------
        exhibit
            The exhibit.
        strategy
            The strategy to draw, if it is not the variant's.
        worker
            The paper's word for a worker.
        """
        return Scene.of(
            self.paper, self.datasets, exhibit.experiment, exhibit.variant, strategy, worker
        )
