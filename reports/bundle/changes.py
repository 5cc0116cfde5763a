"""Comparison of two bundles: verdicts that differ, and numbers that moved beyond the interval of their difference."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from records.errors import InputError
from reports.bundle.archive import ANEW, Bundle, read_bundle
from reports.exhibits import columns as exhibits
from reports.exhibits.figure import OURS
from reports.exhibits.quantity import missing, quantity
from reports.tables.cells import text
from reports.tables.tidy import read_table, table, write_table
from reports.verdicts import claims as verdicts
from reports.verdicts import findings

TOLERANCE: Final = 0.05
"""The largest relative change of a number without an interval that does not count as moved."""

DIFFERENT: Final = 3
"""Status with which the command ends where bundles differ; 1 and 2 are of errors."""

COLUMNS: Final = ("change", "paper", "id", "which", "before", "after")

CHANGES: Final = (
    *("verdict", "finding", "number", "exhibit"),
    *("only in the first", "only in the second"),
)
VERDICT, FINDING, NUMBER, POINT, ONLY_BEFORE, ONLY_AFTER = CHANGES
"""The kinds of difference, one per row."""

CLAIM_KEY: Final = ("paper", "id", "reading")
FINDING_KEY: Final = ("paper", "id", "number")
EXHIBIT_KEY: Final = ("paper", "exhibit")
POINT_KEY: Final = ("panel", "series", "variant", "hardware", "x", "y_name", "source")

Row = dict[str, Any]
Interval = tuple[float, float] | None


@dataclass(frozen=True)
class Results:
    """The compared tables of a bundle, each of all papers."""

    claims: pd.DataFrame
    findings: pd.DataFrame
    exhibits: pd.DataFrame

    @property
    def shown(self) -> pd.DataFrame:
        """The exhibits that have points."""
        return self.exhibits[list(EXHIBIT_KEY)].drop_duplicates()

    @classmethod
    def of(cls, bundle: Bundle) -> Results:
        """Read the tables of a bundle."""
        columns = {
            "claims": verdicts.COLUMNS,
            "findings": findings.COLUMNS,
            "exhibits": exhibits.COLUMNS,
        }
        with bundle.unpacked() as folder:
            return cls(
                **{
                    name: pd.concat(
                        [
                            read_table(folder / "tables" / paper / f"{name}.csv", expected)
                            for paper in bundle.papers
                        ],
                        ignore_index=True,
                    )
                    for name, expected in columns.items()
                }
            )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports compare``."""
    for name, which in (("before", "the first bundle"), ("after", "the second bundle")):
        parser.add_argument(name, type=Path, metavar=name.upper(), help=f"{which} (zip)")
    parser.add_argument(
        "--output", type=Path, metavar="TABLE", help="also write the differences to a table (CSV)"
    )
    parser.add_argument(
        "--exit-code", action="store_true", help=f"exit with status {DIFFERENT} if there are any"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the differences between two bundles.

    Returns
    -------
    int
        0, or `DIFFERENT` if that is asked for and they differ.

    Raises
    ------
    InputError
        If the table would overwrite a bundle, or a file is not a valid bundle.
    """
    paths = (arguments.before, arguments.after)
    if arguments.output and arguments.output.resolve() in {path.resolve() for path in paths}:
        raise InputError(f"{arguments.output}: is a compared bundle; name another file")
    bundles = [read_bundle(path) for path in paths]
    try:
        found = compare(*(Results.of(bundle) for bundle in bundles))
    except (KeyError, TypeError, ValueError) as error:
        # The tables are intact, but hold values that no version writes.
        raise InputError(
            f"{arguments.before}, {arguments.after}: a number or an interval in the tables is invalid ({error}); {ANEW}"
        ) from error
    if arguments.output:
        write_table(found, arguments.output)
    for which, bundle in zip(("first", "second"), bundles, strict=True):
        print(f"{which:<7} {bundle.file}: {bundle.title}, pnn-reproduction {bundle.software}")
    print(*_lines(found), sep="\n")
    return DIFFERENT if arguments.exit_code and len(found) else 0


def compare(before: Results, after: Results) -> pd.DataFrame:
    """List the differences between two bundles' results.

    A number moved if the interval of the difference of both, which are independent, does not hold zero. If neither has
    an interval, it moved if it changed by more than `TOLERANCE`.

    Parameters
    ----------
    before, after
        The results.

    Returns
    -------
    DataFrame
        One row per difference: verdicts, findings, numbers, exhibits, then what only one bundle has.
    """
    claims = _Pairs.of(before.claims, after.claims, CLAIM_KEY)
    stated = _Pairs.of(before.findings, after.findings, FINDING_KEY)
    shown = _Pairs.of(before.shown, after.shown, EXHIBIT_KEY)
    rows = [
        *claims.different(VERDICT, lambda row: text(row["verdict"]) or "opinion"),
        *stated.different(FINDING, lambda row: text(row["holds"]) or "not tested"),
        *claims.moved(),
        *stated.moved(),
        *_moved_points(before.exhibits, after.exhibits, shown),
        *claims.alone(),
        *stated.alone(),
        *shown.alone(),
    ]
    return table(rows, COLUMNS)


@dataclass(frozen=True)
class _Pairs:
    """The rows of two tables, by key."""

    before: Mapping[tuple[str, ...], Row]
    after: Mapping[tuple[str, ...], Row]

    @classmethod
    def of(cls, before: pd.DataFrame, after: pd.DataFrame, key: tuple[str, ...]) -> _Pairs:
        return cls(*(_by_key(rows, key) for rows in (before, after)))

    @property
    def both(self) -> Iterator[tuple[tuple[str, ...], Row, Row]]:
        for key, row in self.before.items():
            if key in self.after:
                yield key, row, self.after[key]

    def different(self, change: str, said: Callable[[Row], str]) -> Iterator[Row]:
        """Yield a row for each key where the text differs."""
        for key, one, other in self.both:
            if said(one) != said(other):
                yield _row(change, key, said(one), said(other))

    def moved(self) -> Iterator[Row]:
        """Yield a row for each key where our number moved."""
        for key, one, other in self.both:
            if _moved(one["ours"], _interval(one), other["ours"], _interval(other)):
                yield _row(NUMBER, key, _printed(one), _printed(other))

    def alone(self) -> Iterator[Row]:
        """Yield a row for each key that only one table has."""
        for key in self.before:
            if key not in self.after:
                yield _row(ONLY_BEFORE, key, "there", "")
        for key in self.after:
            if key not in self.before:
                yield _row(ONLY_AFTER, key, "", "there")


def _by_key(rows: pd.DataFrame, key: tuple[str, ...]) -> dict[tuple[str, ...], Row]:
    return {
        tuple(text(row[name]) for name in key): {str(name): cell for name, cell in row.items()}
        for row in rows.to_dict("records")
    }


def _row(change: str, key: tuple[str, ...], before: str, after: str) -> Row:
    paper, name, *which = key
    stated = {"change": change, "paper": paper, "id": name, "which": " ".join(which)}
    return {**stated, "before": before, "after": after}


def _moved_points(before: pd.DataFrame, after: pd.DataFrame, shown: _Pairs) -> Iterator[Row]:
    """Yield a row for each exhibit with moved points: how many, and the farthest."""
    for key, _, _ in shown.both:
        points = _Pairs.of(_points(before, key), _points(after, key), POINT_KEY)
        moved = [
            (abs(_change(one["y"], other["y"])), one, other)
            for _, one, other in points.both
            if _moved(one["y"], _bounds(one), other["y"], _bounds(other))
        ]
        if moved:
            _, one, other = max(moved, key=lambda each: each[0])
            where = " ".join(filter(None, (text(one[name]) for name in ("panel", "series"))))
            most = f"{len(moved)} of {len(list(points.both))} points, most: {where} at {quantity(one['x'])}"
            pair = (_said(each["y"], text(each["unit"])) for each in (one, other))
            yield _row(POINT, (*key, most), *pair)


def _points(rows: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    own = (rows["paper"] == key[0]) & (rows["exhibit"] == key[1])
    return rows[own & rows["source"].isin(OURS) & rows["x"].notna() & rows["y"].notna()]


def _bounds(point: Row) -> Interval:
    if missing(point["lower"]) or missing(point["upper"]):
        return None
    return float(point["lower"]), float(point["upper"])


def _interval(row: Row) -> Interval:
    if missing(row["interval"]):
        return None
    low, high = json.loads(row["interval"])
    return float(low), float(high)


def _moved(one: Any, ours: Interval, other: Any, theirs: Interval) -> bool:
    if missing(one) or missing(other):
        return bool(missing(one)) != bool(missing(other))
    if ours is None and theirs is None:
        return abs(_change(one, other)) > TOLERANCE
    # Its half on the side of the other number; the squares of independent errors add up.
    halves = (_half(one, ours, other > one), _half(other, theirs, one > other))
    return bool(abs(one - other) > math.hypot(*halves))


def _half(number: float, interval: Interval, upper: bool) -> float:
    """Return how far a number's interval reaches to one side."""
    if interval is None:
        return 0.0
    return interval[1] - number if upper else number - interval[0]


def _change(one: float, other: float) -> float:
    """Return the change relative to the first number; infinite if that is zero."""
    if one == other:
        return 0.0
    return (other - one) / abs(one) if one else math.inf


def _printed(row: Row) -> str:
    interval, unit = _interval(row), text(row["unit"])
    ours = _said(row["ours"], unit)
    if interval is None:
        return ours
    return f"{ours} ({_said(interval[0], unit)} to {_said(interval[1], unit)})"


def _said(number: float, unit: str) -> str:
    return quantity(number, unit).replace("\N{NO-BREAK SPACE}", " ")


def _lines(found: pd.DataFrame) -> Iterator[str]:
    changes = found["change"]
    said = ", ".join(f"{what} {(changes == what).sum()}" for what in CHANGES)
    yield f"\nDifferences: {said}."
    yield (
        "A number or a point of an exhibit moved if the interval of the difference does not hold zero or, if neither "
        f"has one, if it changed by more than {100 * TOLERANCE:g} %. Times are of the machine of each."
    )
    if len(found):
        rows = [COLUMNS, *found.itertuples(index=False, name=None)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
        yield ""
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            yield "  ".join(cells).rstrip()
