"""What README.md and docs/findings.md show of the reference run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from records.errors import InputError
from reports.bundle.archive import Bundle, read_bundle
from reports.bundle.hero import SCHEMES, hero
from reports.bundle.members import PROVENANCE
from reports.bundle.prose import with_numbers
from reports.bundle.verdict_table import verdict_table
from reports.exhibits.figure_view import FigureView
from reports.pages.overview import overview
from reports.pages.paper_tables import read_tables
from reports.study import read_study
from workflow.documents import read_yaml
from workflow.edition import load
from workflow.plan import Plan

BUNDLE: Final = Path("reference/paper-edition.zip")
"""The bundle of a whole run of the paper edition on an idle machine."""

EDITION: Final = Path("config/paper.yaml")

PICTURES: Final = {scheme: Path(f"reference/overview-{scheme}.svg") for scheme in SCHEMES}
"""The index's first figure, by colour scheme."""

FINDINGS: Final = Path("docs/findings.md")
TEMPLATE: Final = Path("docs/findings.md.j2")
"""The prose of the findings, with an expression for each number of our runs."""


def lines(root: Path) -> Iterator[str]:
    """Yield the lines of the README about the reference run.

    Parameters
    ----------
    root
        The folder that the README is in.
    """
    bundle = read_bundle(root / BUNDLE)
    light, dark = (PICTURES[scheme].as_posix() for scheme in SCHEMES)
    yield "<picture>"
    yield f'<source media="(prefers-color-scheme: dark)" srcset="{dark}">'
    yield f'<img alt="Speed-up and change of accuracy of every method, measured here and modelled" src="{light}">'
    yield "</picture>"
    yield ""
    plan = load(read_yaml(root / EDITION), str(EDITION), root).plan
    provenance = json.loads(bundle.members[PROVENANCE])
    yield from verdict_table(bundle)
    yield ""
    yield f"{_machine(provenance)} {_changes(provenance, plan)}"


def pictures(root: Path) -> dict[Path, str]:
    """Return the pictures of the index's first figure by their paths below a folder, that of the README.

    Raises
    ------
    InputError
        If no study has a line in the figure.
    """
    bundle = read_bundle(root / BUNDLE)
    figure = _overview(bundle)
    if figure is None:
        raise InputError(f"{BUNDLE}: has no points for the index's first figure")
    return {path: hero(figure, scheme) for scheme, path in PICTURES.items()}


def findings(root: Path) -> str:
    """Return the findings: their template with the numbers of the reference run.

    Parameters
    ----------
    root
        The folder that the README is in.

    Raises
    ------
    InputError
        If an expression of the template does not find its number in the bundle.
    """
    prose = (root / TEMPLATE).read_text(encoding="utf-8")
    made = with_numbers(prose, TEMPLATE.as_posix(), read_bundle(root / BUNDLE))
    return f"<!-- Generated from {TEMPLATE} and {BUNDLE} by `make reference`: edit the template. -->\n\n{made}"


def _overview(bundle: Bundle) -> FigureView | None:
    with bundle.unpacked() as folder:
        return overview(
            [
                read_tables(read_study(folder / "config" / f"{name}.json"), folder / "tables")
                for name in (*bundle.papers, *bundle.comparisons)
            ]
        )


def _machine(provenance: Any) -> str:
    """Say on what the runs were made, most of them if not all."""
    environment = provenance["environments"][0]
    host = environment["host"]
    return (
        f"Trained and timed on {host['physical_cores']} cores ({host['cpu']}, {host['memory_gb']:g} GB) with Python "
        f"{environment['python']} and Numba {environment['packages']['numba']}."
    )


def _changes(provenance: Any, plan: Plan) -> str:
    """Say which studies' runs are other ones now: by their settings, data or code, or the versions of packages."""
    made: dict[str, set[str]] = {}
    for run in provenance["runs"]:
        made.setdefault(run["paper"], set()).add(run["record"])
    moved = [
        study
        for study, planned in plan.studies.items()
        if {batch.path for batch in planned.runs} != made.get(study, set())
    ]
    if not moved:
        return "The code, settings and data of its runs are those of now."
    if len(moved) == len(plan.studies):
        return "Since then, the code that makes runs, or a package, has changed, so that all would be run again."
    return f"Since then, runs of {', '.join(moved)} have changed, by their settings or code."
