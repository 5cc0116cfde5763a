"""How a strategy divides the training among workers, drawn from the configuration."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

from msgspec import Meta

from reports.exhibits.checks import check_drawing, unknown
from reports.exhibits.contract import Fault, Kind, Study
from reports.exhibits.diagram import DIAGRAMS, Diagram, Division, diagram
from reports.exhibits.drawings import Models
from reports.exhibits.keys import DrawingKeys, Name


class DiagramKeys(DrawingKeys, frozen=True, kw_only=True, tag="diagram"):
    """Configuration of a diagram."""

    strategy: Annotated[
        Name, Meta(description="The strategy to draw, if it is not the variant's.")
    ] = ""
    worker: Annotated[Name, Meta(description="The paper's word for a worker, in the singular.")] = (
        ""
    )

    @property
    def shows_method(self) -> bool:
        """Whether it shows the paper's own strategy."""
        return not self.strategy


def check_names(exhibit: DiagramKeys, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Check the variant, and that there is a diagram of the strategy."""
    yield from check_drawing(exhibit, study)
    if exhibit.strategy:
        yield from unknown(exhibit.strategy, DIAGRAMS, "strategy")


def draw(exhibit: DiagramKeys, models: Models) -> Diagram | Division:
    """Draw the diagram."""
    return diagram(models.scene(exhibit, exhibit.strategy, exhibit.worker))


KIND = Kind(
    name="diagram",
    summary="How a strategy divides the training among workers.",
    keys=DiagramKeys,
    check=check_names,
    drawing=draw,
)
