"""How our readings of what the papers leave open fared against the authors' own programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd
from msgspec import UNSET, structs

from records.study import Study
from reports.tables.tidy import table

COLUMNS: Final = ("id", "paper", "open", "reading", "settled", "guess")

RIGHT, PARTLY, WRONG, NOT_SETTLED = "right", "partly", "wrong", "not settled"
GUESSES: Final = (RIGHT, PARTLY, WRONG, NOT_SETTLED)
"""The values of the column ``guess``."""


def readings(papers: Iterable[Study]) -> pd.DataFrame:
    """List what papers leave open, with our reading, what the authors' program says, and how the reading fared.

    Parameters
    ----------
    papers
        The resolved configurations of the papers.

    Returns
    -------
    DataFrame
        One row per ambiguity, with the columns of ``readings.csv``. Where no program settles it, ``settled`` is empty
        and ``guess`` is ``not settled``.
    """
    rows = (
        {"paper": paper.id, "guess": NOT_SETTLED}
        | {key: value for key, value in structs.asdict(each).items() if value is not UNSET}
        for paper in papers
        for each in paper.ambiguities
    )
    return table(rows, COLUMNS)


def tally(found: pd.DataFrame) -> dict[str, int]:
    """Count the rows of ``readings.csv`` by how the reading fared, in the order of `GUESSES`."""
    counts = found["guess"].value_counts()
    return {guess: int(counts.get(guess, 0)) for guess in GUESSES}
