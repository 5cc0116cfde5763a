"""The columns of ``exhibits.csv``."""

from __future__ import annotations

COLUMNS: tuple[str, ...] = (
    "edition",
    "paper",
    "exhibit",
    "panel",
    "series",
    "workers",
    "x",
    "x_name",
    "y",
    "y_name",
    "y_label",
    "lower",
    "upper",
    "seeds",
    "unit",
    "source",
    "variant",
    "hardware",
    "mark",
    "oversubscribed",
    "where",
    "evidence",
)
