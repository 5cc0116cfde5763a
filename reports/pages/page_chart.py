"""The charts of a page: what they share the page has once, and the rest it carries packed."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from gzip import compress
from typing import Any, Final

import altair as alt

from reports.exhibits import theme

# The page sets one legend above all the panels, and says in words what a panel shows instead of
# leaving a screen reader with hundreds of points; a chart taken out of the page keeps both.
ON_THE_PAGE: Final = {"legend": {"disable": True}, "mark": {"aria": False}}
SCHEMA: Final = alt.SCHEMA_URL

Chart = Mapping[str, Any]


class PageCharts:
    """The charts of one page, gathered while it is rendered.

    Charts of a page are much alike: together and packed they take a tenth of their room, and a script that draws them
    can unpack them.
    """

    def __init__(self) -> None:
        self._charts: dict[str, Chart] = {}

    def add(self, key: str, chart: Chart) -> str:
        """Take up a chart, without what all charts share; return the key that its place on the page names."""
        own = {name: value for name, value in chart.items() if name not in ("config", "$schema")}
        self._charts[key] = own
        return key

    @property
    def packed(self) -> str:
        """All charts by key: JSON, compressed with gzip, in base 64."""
        text = json.dumps(self._charts, ensure_ascii=False, separators=(",", ":"))
        # Without a time of its own, so that the same charts make the same page.
        return b64encode(compress(text.encode(), mtime=0)).decode()


def for_picture(chart: Chart) -> dict[str, Any]:
    """Return a chart that stands under the page's legend."""
    return {**chart, "config": {**chart["config"], **ON_THE_PAGE}}


def shared_script() -> str:
    """Write the script with what every chart shares, on the page and taken out of it."""
    shared = {
        "schema": SCHEMA,
        "configuration": theme.chart_configuration(),
        "onThePage": ON_THE_PAGE,
    }
    return f"window.sharedByCharts = {json.dumps(shared, ensure_ascii=False)};\n"
