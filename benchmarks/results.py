"""The file of results: a row for each fact, written as soon as it is measured."""

from __future__ import annotations

import csv
from dataclasses import fields
from io import StringIO
from pathlib import Path

from benchmarks.facts import Fact
from records.atomic import write_text

COLUMNS = ("part", *(field.name for field in fields(Fact)))


class Results:
    """Facts of all parts that were ever measured, in a CSV file.

    Parameters
    ----------
    path
        The file; it need not exist. One with other columns is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows = _read(path)
        self._measured: set[str] = set()

    def add(self, part: str, fact: Fact) -> None:
        """Write a fact; the first of a part replaces those that an earlier run measured."""
        if part not in self._measured:
            self._measured.add(part)
            self._rows = [row for row in self._rows if row["part"] != part]
        values = {column: str(getattr(fact, column)) for column in COLUMNS[1:]}
        self._rows.append({"part": part, **values})
        text = StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_text(self._path, text.getvalue())


def _read(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return list(reader) if tuple(reader.fieldnames or ()) == COLUMNS else []
