"""The charts of a page: a shared configuration, and their specifications packed together."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from gzip import compress
from typing import Any, Final

import altair as alt

from reports.exhibits import theme

# The page has one legend for all panels, and describes each panel in words for screen readers instead
# of exposing hundreds of points. A chart saved from the page keeps its own legend and points.
ON_THE_PAGE: Final = {"legend": {"disable": True}, "mark": {"aria": False}}
SCHEMA: Final = alt.SCHEMA_URL

Chart = Mapping[str, Any]


class PageCharts:
    """The charts of one page, collected while it is rendered.

    The charts of a page are similar: packed together they take a tenth of the space. The script that draws them
    unpacks them.
    """

    def __init__(self) -> None:
        self._charts: dict[str, Chart] = {}

    def add(self, key: str, chart: Chart) -> str:
        """Add a chart, without the shared configuration, and return the key that its element on the page names."""
        own = {name: value for name, value in chart.items() if name not in ("config", "$schema")}
        self._charts[key] = own
        return key

    @property
    def packed(self) -> str:
        """All charts by key: JSON, compressed with gzip, in base 64."""
        text = json.dumps(self._charts, ensure_ascii=False, separators=(",", ":"))
        # A fixed time stamp, so that the same charts make the same page.
        return b64encode(compress(text.encode(), mtime=0)).decode()


def for_picture(chart: Chart) -> dict[str, Any]:
    """Return a chart without its own legend, for a page that has one."""
    return {**chart, "config": {**chart["config"], **ON_THE_PAGE}}


def shared_script() -> str:
    """Return the script with the configuration that all charts share."""
    shared = {
        "schema": SCHEMA,
        "configuration": theme.chart_configuration(),
        "onThePage": ON_THE_PAGE,
    }
    return f"window.sharedByCharts = {json.dumps(shared, ensure_ascii=False)};\n"
