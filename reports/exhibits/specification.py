"""A chart's Vega-Lite specification: what a page carries of it, and the whole that other programs draw."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import altair as alt

from reports.exhibits import theme

SCHEMA: Final = alt.SCHEMA_URL
VEGA_LITE: Final = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])

# The page has one legend for all panels, and describes each panel in words for screen readers instead
# of exposing hundreds of points. A chart saved from the page keeps its own legend and points.
ON_THE_PAGE: Final = {"legend": {"disable": True}, "mark": {"aria": False}}

WIDTH: Final = 520
"""The width of a chart in a file of its own."""

# Programs other than browsers know no custom properties: a file has the colours of a light screen themselves.
COLOUR: Final = re.compile(r"var\(--[\w-]+, (#\w+)\)")

SHARED: Final = ("config", "$schema")
"""The keys of Vega-Lite that all charts share, and specifications leave out."""

Specification: TypeAlias = Mapping[str, Any]
"""A chart as Vega-Lite, without the keys that all charts share."""


def specification(chart: alt.LayerChart) -> dict[str, Any]:
    """Return the specification of a chart."""
    # Tests check all kinds against Vega-Lite's schema; to do so here would take a fifth of the time of drawing.
    found = chart.to_dict(validate=False)
    return {name: value for name, value in found.items() if name not in SHARED}


def for_picture(chart: Specification) -> dict[str, Any]:
    """Return the whole chart without its own legend, for a page that has one."""
    return {**chart, "config": {**theme.chart_configuration(), **ON_THE_PAGE}}


def alone(chart: Specification, title: str) -> dict[str, Any]:
    """Return the whole chart for a file of its own: titled, with a width, and with the colours of a light screen."""
    whole = {"$schema": SCHEMA, "config": theme.chart_configuration(), **chart, "title": title}
    coloured: dict[str, Any] = json.loads(COLOUR.sub(r"\1", json.dumps(whole, sort_keys=True)))
    return {**coloured, "width": WIDTH, "background": theme.TOKENS["surface"][0]}
