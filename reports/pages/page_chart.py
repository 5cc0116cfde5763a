"""The charts of a page: a shared configuration, and their specifications packed together."""

from __future__ import annotations

import json
from base64 import b64encode
from gzip import compress

from reports.exhibits import theme
from reports.exhibits.specification import ON_THE_PAGE, SCHEMA, Specification


class PageCharts:
    """The charts of one page, collected while it is rendered.

    The charts of a page are similar: packed together they take a tenth of the space. The script that draws them
    unpacks them.
    """

    def __init__(self) -> None:
        self._charts: dict[str, Specification] = {}

    def add(self, key: str, chart: Specification) -> str:
        """Add a chart, and return the key that its element on the page names."""
        self._charts[key] = chart
        return key

    @property
    def packed(self) -> str:
        """All charts by key: JSON, compressed with gzip, in base 64."""
        text = json.dumps(self._charts, ensure_ascii=False, separators=(",", ":"))
        # A fixed time stamp, so that the same charts make the same page.
        return b64encode(compress(text.encode(), mtime=0)).decode()


def shared_script() -> str:
    """Return the script with the configuration that all charts share."""
    shared = {
        "schema": SCHEMA,
        "configuration": theme.chart_configuration(),
        "onThePage": ON_THE_PAGE,
    }
    return f"window.sharedByCharts = {json.dumps(shared, ensure_ascii=False)};\n"
