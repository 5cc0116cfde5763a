"""Digests of the code of each command of `reports`, and of templates, style sheets and scripts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from pnncore import code
from reports.exhibits.registry import KINDS

ROOT: Final = Path(__file__).parents[1]

TABLES: Final = (
    "epochs",
    "timings",
    "authors",
    "exhibits",
    "claims",
    "findings",
    "readings",
    "model_error",
    "scaling",
    "parameters",
)
"""Tables of a study; an edition's tables join them."""

MODULES: Final[dict[str, tuple[str, ...]]] = {
    "tabulate": ("reports.tables.tidy",),
    "authors": ("reports.tables.authors",),
    "models": ("reports.tables.model_error", "reports.tables.scaling"),
    "exhibits": ("reports.exhibits.points",),
    "charts": ("reports.exhibits.chart_files",),
    "judge": ("reports.verdicts.findings",),
    "join": ("reports.tables.joined",),
    "provenance": ("reports.pages.provenance",),
    "publish": ("reports.pages.site",),
    "bundle": ("reports.bundle.archive",),
    "site": ("reports.bundle.rebuild",),
}
"""Modules of each command."""

PAGES: Final = ("publish", "site")
"""Commands that use templates and style sheets."""

LOOKS: Final = (".j2", ".css", ".js")


def get_code(command: str) -> str:
    """Return the digests of a command's code and looks as JSON."""
    return json.dumps(code_of(command), sort_keys=True)


@cache
def code_of(command: str) -> dict[str, Any]:
    """Return the digests of a command's code, its software and, for pages, templates, style sheets and scripts."""
    modules = MODULES[command]
    if "reports.exhibits.registry" in code.closure(*modules):
        # The registry finds the kinds at run time, so no import names them.
        modules += KINDS.modules
    found: dict[str, Any] = {**code.digest(*modules)}
    if command in PAGES:
        found["looks"] = _looks()
    return found


@cache
def _looks() -> dict[str, str]:
    """Return the digests of templates, style sheets and scripts by name."""
    folder = ROOT / "reports"
    return {
        path.relative_to(folder).as_posix(): code.short(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*"))
        # Editors keep hidden files, some of them unreadable.
        if path.suffix in LOOKS and not path.name.startswith(".")
    }
