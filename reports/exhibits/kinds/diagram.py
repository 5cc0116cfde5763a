"""How a strategy divides the training among workers, drawn from the configuration."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

from msgspec import Meta

from records.errors import nearest
from records.study import Study
from reports.exhibits.checks import check_drawing, unknown
from reports.exhibits.contract import Fault, Kind
from reports.exhibits.diagram import Diagram, Division, diagram
from reports.exhibits.drawings import Models
from reports.exhibits.keys import DrawingKeys, Name
from reports.exhibits.scene import Scene


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
    """Check the variant, and that the strategy has words for a diagram."""
    known = study.strategies
    wrong = [*check_drawing(exhibit, study)]
    if exhibit.strategy:
        wrong += unknown(exhibit.strategy, known, "strategy")
    yield from wrong
    if wrong:
        return
    name = drawn_strategy(exhibit, study).strategy
    if not known[name].diagram:
        drawable = [other for other, each in known.items() if each.diagram]
        key = "strategy" if exhibit.strategy else "chart"
        yield key, f"{name!r} has no words for a diagram; {nearest(name, drawable)}"


def drawn_strategy(exhibit: DiagramKeys, study: Study) -> Scene:
    """Return the strategy, and the variant that it is drawn of."""
    return Scene.of(
        study, [], exhibit.experiment, exhibit.variant, exhibit.strategy, exhibit.worker
    )


def draw(exhibit: DiagramKeys, models: Models) -> Diagram | Division:
    """Draw the diagram."""
    return diagram(models.words, models.scene(exhibit).dataset)


KIND = Kind(
    name="diagram",
    summary="How a strategy divides the training among workers.",
    keys=DiagramKeys,
    check=check_names,
    drawing=draw,
    strategy=drawn_strategy,
)
