"""Summary at the end of a run: the verdicts on each paper, counted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reports.tables.tidy import read_table
from reports.verdicts.claims import COLUMNS
from reports.verdicts.rule import VERDICTS
from reports.verdicts.scoreboard import scoreboard


def summary(papers: Mapping[str, str], tables: Path) -> str:
    """Count the verdicts on each paper, one line per paper.

    Parameters
    ----------
    papers
        Names of the papers by the names of their folders.
    tables
        The folder of the tables, ``<paper>/claims.csv``; a paper without one is left out.

    Returns
    -------
    str
        The lines; empty if no paper has claims.

    Raises
    ------
    InputError
        If a table does not have the columns of claims.csv.
    """
    rows = [["", *VERDICTS]]
    for folder, name in papers.items():
        path = tables / folder / "claims.csv"
        if path.exists():
            counts = scoreboard(read_table(path, COLUMNS)).sum()
            rows.append([name, *(str(counts[verdict]) for verdict in VERDICTS)])
    if len(rows) == 1:
        return ""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [name.ljust(widths[0]), *(n.rjust(w) for n, w in zip(cells, widths[1:], strict=True))]
        )
        for name, *cells in rows
    )
