"""The verdicts of a bundle as a table in Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from reports.bundle.archive import Bundle
from reports.tables.tidy import read_table
from reports.verdicts import claims as verdicts
from reports.verdicts.rule import NOT_TESTABLE
from reports.verdicts.scoreboard import DECIDED, MARKS, scoreboard


def verdict_table(bundle: Bundle) -> Iterator[str]:
    """Yield the lines of a table: a row for each paper and comparison with claims.

    Verdicts that rest on independent runs have a column each; those by definition or of a model are counted together.
    """
    claims = _claims(bundle)
    tested = scoreboard(claims[claims["nature"] == verdicts.SUBSTANTIVE])
    everything = scoreboard(claims)
    heads = [*(f"{MARKS[each]} {each}" for each in DECIDED), "others", NOT_TESTABLE]
    yield f"| claims | {' | '.join(heads)} |"
    yield f"|---|{'---|' * len(heads)}"
    for study in map(str, everything.index):
        own, counted = (
            [int(board[each].get(study, 0)) for each in DECIDED] for board in (tested, everything)
        )
        cells = [*own, sum(counted) - sum(own), int(everything[NOT_TESTABLE][study])]
        yield f"| {_name(bundle, study)} | {' | '.join(map(str, cells))} |"


def _claims(bundle: Bundle) -> pd.DataFrame:
    with bundle.unpacked() as folder:
        tables = [
            read_table(folder / "tables" / study / "claims.csv", verdicts.COLUMNS)
            for study in (*bundle.papers, *bundle.comparisons)
        ]
    return pd.concat(tables, ignore_index=True)


def _name(bundle: Bundle, study: str) -> str:
    return str(json.loads(bundle.members[f"config/{study}.json"])["name"])
