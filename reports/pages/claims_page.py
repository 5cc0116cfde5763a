"""The page of all claims: a row each, and what to choose them by."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from reports.pages.claim_view import (
    ELSEWHERE,
    EVIDENCE,
    OPINION,
    UNTESTED,
    ClaimView,
    claim_views,
)
from reports.pages.paper_tables import PaperTables
from reports.verdicts.rule import VERDICTS

Facets = Mapping[str, Mapping[str, str]]
"""What claims can be chosen by: the words of each value, by value and facet."""

PRINTED: Final = {"yes": "with a printed number", "no": "without"}
DEFAULT_EDITION: Final = "sample"
"""The edition that Snakemake makes unless another file is named."""


def claims_page(
    studies: Sequence[PaperTables], provenance: Mapping[str, Any], site: Path
) -> dict[str, Any]:
    """Return the variables of the page's template.

    Parameters
    ----------
    studies
        The papers and the comparisons with their tables.
    provenance
        The content of ``provenance.json``.
    site
        The folder of the page.
    """
    claims = [view for each in studies for view in claim_views(each.claims, each.study, site)]
    return {
        "claims": claims,
        "facets": facets(claims),
        "command": commands(provenance),
    }


def facets(claims: Iterable[ClaimView]) -> Facets:
    """Return what claims can be chosen by, without values that none of them has."""
    claims = list(claims)
    kinds = sorted({claim.kind for claim in claims})
    found = {
        "paper": {claim.study: claim.study_name for claim in claims},
        "verdict": {verdict: verdict for verdict in (*VERDICTS, OPINION)},
        "evidence": {each: each for each in (*EVIDENCE.values(), UNTESTED, ELSEWHERE)},
        "kind": {kind: kind for kind in kinds},
        "printed": PRINTED,
    }
    present = {name: {chosen_by(claim)[name] for claim in claims} for name in found}
    return {
        name: {value: words for value, words in values.items() if value in present[name]}
        for name, values in found.items()
    }


def chosen_by(claim: ClaimView) -> dict[str, str]:
    """Return the value of each facet that a claim has."""
    return {
        "paper": claim.study,
        "verdict": claim.decides.badge.text,
        "evidence": claim.evidence,
        "kind": claim.kind,
        "printed": "yes" if claim.printed else "no",
    }


def commands(provenance: Mapping[str, Any]) -> Callable[[ClaimView], str]:
    """Return a function that gives the command which makes what decides a claim, and little else.

    Snakemake is asked for the records of the runs. Timings are made for a whole study, each repeat in a process.
    """
    edition = provenance["edition"]["name"]
    flags = [] if edition == DEFAULT_EDITION else ["--configfile", f"config/{edition}.yaml"]
    records = dict.fromkeys(run["record"] for run in provenance["runs"])

    def command(claim: ClaimView) -> str:
        folders = [f"results/{edition}/{link.text}/" for link in claim.decides.evidence]
        runs = [each for each in records if each.startswith(tuple(folders))]
        alone = all("/runs/" in folder for folder in folders)
        targets = runs if runs and alone else [claim.study]
        return shlex.join([".venv/bin/snakemake", "--cores", "all", *flags, *targets])

    return command
