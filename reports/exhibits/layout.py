"""Where an exhibit's points stand: on which line, in which panel, at which place of the axis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from records.authors import SOURCE
from records.metric import Metric
from records.variants import RunVariant, TimingVariant
from reports.exhibits.keys import ChartKeys
from reports.tables.host import HOST, THIS_MACHINE, part_of_host

EVERY_PANEL = ""
"""The panel of a row that belongs into all of them."""

Point = Mapping[str, Any]
"""A point's factors (metric, variant, workers, epoch, hidden, hardware, bar) and columns."""


@dataclass(frozen=True)
class Layout:
    """How the points of an exhibit are laid out.

    Attributes
    ----------
    x
        The factor along the axis, such as ``epoch``; empty for bars, which have no such axis.
    series, panel
        The factors that tell one line, and one panel, from another.
    in_every_panel
        Variants that every panel shows.
    worker
        What the paper calls a worker, in the singular.
    metrics
        Metrics of the points by name.
    titles
        Titles of the variants by name.
    machines
        Titles of the machines by name.
    """

    x: str
    series: Sequence[str]
    panel: Sequence[str]
    in_every_panel: Sequence[str]
    worker: str
    metrics: Mapping[str, Metric]
    titles: Mapping[str, str]
    machines: Mapping[str, str]

    @classmethod
    def of(
        cls,
        exhibit: ChartKeys,
        variants: Mapping[str, RunVariant | TimingVariant],
        machines: Mapping[str, str],
        metrics: Mapping[str, Metric],
    ) -> Layout:
        """Return the layout of an exhibit."""
        return cls(
            x=exhibit.axis,
            series=exhibit.series,
            panel=exhibit.panels,
            in_every_panel=exhibit.in_every_panel,
            worker=exhibit.worker,
            metrics=metrics,
            titles={name: variant.title for name, variant in variants.items()},
            machines=machines,
        )

    @property
    def x_name(self) -> str:
        """Name of the axis; that of workers after what the paper calls a worker."""
        return f"{self.worker}s" if self.x == "workers" else self.x

    def series_of(self, point: Point) -> str:
        """Name the line of a point: by its own label, or by its factors.

        What the authors measured is of none of our variants or seeds: where these have lines of their own, so has that,
        or each of their programs.
        """
        words = self._words(point, self.series)
        ours = not {"variant", "seed"}.isdisjoint(self.series) and "program" not in self.series
        if ours and point["source"] == SOURCE:
            words = " · ".join(filter(None, ["the authors’ own run", words]))
        return str(point.get("label") or words or point["source"])

    def panel_of(self, point: Point) -> str:
        """Name the panel of a point."""
        if point.get("variant") in self.in_every_panel:
            return EVERY_PANEL
        return self._words(point, self.panel)

    def panels_of(self, point: Point, others: Iterable[Point]) -> list[str]:
        """Name the panels into which a point belongs that may not tell all of a panel's factors."""
        known = [name for name in self.panel if name in point]
        matching = (other for other in others if all(other[name] == point[name] for name in known))
        panels = list(dict.fromkeys(self.panel_of(other) for other in matching)) if known else []
        return panels or [self.panel_of(point)]

    def _words(self, point: Point, factors: Iterable[str]) -> str:
        return " · ".join(self._word(name, point) for name in factors if name in point)

    def _word(self, name: str, point: Point) -> str:
        value = point[name]
        if name == "workers":
            return f"{value} {self.worker}{'' if value == 1 else 's'}"
        if name == "seed":
            return f"seed {value}"
        if name == "program":
            return f"the authors’ program {value}"
        if name == "metric":
            return self.metrics[value].label
        if name == "hardware":
            return self._machine(value, point)
        return str(self.titles.get(value, value) if name == "variant" else value)

    def _machine(self, name: str, point: Point) -> str:
        if name == HOST:
            return THIS_MACHINE
        if point["source"] == "measured":
            return part_of_host(int(point["cores"]))
        return self.machines.get(name, name)
