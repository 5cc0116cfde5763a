"""What lies behind the numbers of an experiment or a timing: every seed and epoch, or every repeat, as CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from reports.pages.paper_tables import PaperTables
from reports.tables.tidy import csv_of

OF_RUN: Final = ["variant", "workers", "seed", "epoch", "status"]
OF_REPEAT: Final = ["variant", "workers", "hardware", "source", "repeat", "mark", "status"]
"""What tells rows apart that have a column for each metric."""


def data_name(kind: str, study: str, experiment: str) -> str:
    """Return the name, in the site, of the archive of an experiment (`kind` runs) or of a timing (timings).

    Examples
    --------
    >>> data_name("runs", "ott", "accuracy")
    'data/ott/runs-accuracy.zip'
    """
    return f"data/{study}/{kind}-{experiment}.zip"


def archives(study: PaperTables) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield the name of each archive of a study with its members."""
    for kind, rows, factors in (
        ("runs", study.epochs, OF_RUN),
        ("timings", study.timings, OF_REPEAT),
    ):
        for experiment, own in rows.groupby("experiment", sort=False):
            wide = _wide(own, factors)
            name = f"{study.id}-{kind}-{experiment}"
            yield (
                data_name(kind, study.id, str(experiment)),
                {
                    f"{name}.csv": csv_of(wide).encode(),
                    f"{name}.json": _json(wide).encode(),
                },
            )


def _wide(rows: pd.DataFrame, factors: list[str]) -> pd.DataFrame:
    """Give each metric a column; a run that diverged has a last row without any."""
    metrics = list(dict.fromkeys(rows["metric"]))
    known = rows.assign(**{name: rows[name].fillna("") for name in factors})
    # A pivot table would drop the row without values that a diverged run ends with.
    by_metric = known.pivot(index=factors, columns="metric", values="value")  # noqa: PD010
    return by_metric.reindex(columns=metrics).reset_index()


def _json(rows: pd.DataFrame) -> str:
    return str(rows.to_json(orient="records", force_ascii=False, double_precision=15)) + "\n"
