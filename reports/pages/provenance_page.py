"""The provenance page: data, environments, costs, jobs, and the results that are missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reports.pages.cost_table import cost_table
from reports.pages.job_table import JobRow, run_rows, timing_rows
from reports.pages.links import Link, data_link
from reports.pages.paper_tables import PaperTables

Json = Mapping[str, Any]


def provenance_page(provenance: Json, studies: Sequence[PaperTables]) -> dict[str, Any]:
    """Return the variables of the page's template.

    Parameters
    ----------
    provenance
        The content of ``provenance.json``.
    studies
        The papers and comparisons with their tables.
    """
    configurations = [each.study for each in studies]
    names = {each.id: each.name for each in studies}
    runs = run_rows(configurations, provenance["runs"])
    timings = timing_rows(configurations, provenance["timings"], provenance["measurable"])
    return {
        "provenance": provenance,
        "runs": _by_study(runs, names),
        "timings": _by_study(timings, names),
        "missing": [row for row in (*runs, *timings) if row.missing],
        "costs": cost_table(provenance["cost"], names),
        "failures": _failures(provenance["missing"]),
        "mixed": _mixed(provenance["environments"]),
        "edition_configuration": json.dumps(provenance["config"], indent=2, ensure_ascii=False),
    }


def _by_study(
    rows: Iterable[JobRow], names: Mapping[str, str]
) -> dict[str, list[tuple[JobRow, Link | None]]]:
    """Group rows by the name of their study, each with the link to what was made, if anything was."""
    found: dict[str, list[tuple[JobRow, Link | None]]] = {}
    for row in rows:
        _, study, *_ = row.key
        link = data_link(row.key) if row.done else None
        found.setdefault(names[study], []).append((row, link))
    return found


def _failures(missing: Mapping[str, str]) -> dict[str, list[str]]:
    """Group missing results by reason, failures before the results that need them."""
    found: dict[str, list[str]] = {}
    for about, why in sorted(missing.items(), key=lambda item: item[1].startswith("needs ")):
        found.setdefault(why, []).append(about)
    return found


def _mixed(environments: Sequence[Json]) -> dict[str, list[str]]:
    """Return the packages and facts in which environments differ, with their values."""
    flat = [
        {**each["packages"], "Python": each["python"], "processor": each["host"]["cpu"]}
        for each in environments
    ]
    names = dict.fromkeys(name for each in flat for name in each)
    values = {name: list(dict.fromkeys(str(each.get(name)) for each in flat)) for name in names}
    return {name: found for name, found in values.items() if len(found) > 1}
