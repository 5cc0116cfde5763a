"""Tables of the numbers behind a figure: ours, and the paper's beside ours."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd
from msgspec import Struct

from reports.exhibits.figure import (
    AUTHORS,
    BAR,
    HLINE,
    MODELLED,
    OURS,
    PUBLISHED,
    VLINE,
    Figure,
    axis_title,
    in_panel,
)
from reports.exhibits.quantity import NONE, PERCENT, in_column, missing, quantity, within_whole
from reports.tables.host import HOST
from reports.tables.marks import NOISY, OVERSUBSCRIBED


class Cell(Struct, frozen=True, forbid_unknown_fields=True):
    """A formatted number and a note: its interval, its place or its marks."""

    value: str
    note: str = ""


class DataTable(Struct, frozen=True, forbid_unknown_fields=True):
    """A panel's numbers: one row per place on the axis, one column per series."""

    title: str
    corner: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


class Comparison(Struct, frozen=True, forbid_unknown_fields=True):
    """A published number beside ours, in each panel that shows it, and beside that of the authors' own runs."""

    what: str
    at: str
    published: Cell
    where: str
    ours: tuple[tuple[str, Cell], ...]
    authors: Cell = Cell(NONE)


def data_tables(figure: Figure) -> tuple[DataTable, ...]:
    """Return the tables of a figure's points that are measured, modelled or the authors' own.

    They are the figure's own or, if it has none, one per panel.
    """
    if figure.tables:
        return figure.tables
    points = figure.points[figure.points["source"] != PUBLISHED]
    tables = (_table(panel.title, in_panel(points, panel.title), figure) for panel in figure.panels)
    return tuple(table for table in tables if table.rows)


def cross_table(
    points: pd.DataFrame, corner: str, rows: tuple[str, list[str]], columns: tuple[str, list[str]]
) -> DataTable:
    """Return a table with the numbers of points where two of their columns cross.

    Parameters
    ----------
    points
        Completed rows of exhibits.csv.
    corner
        What the rows of the table are.
    rows, columns
        The column of the points that names each, and the names in their order.
    """
    (down, order), (across, labels) = rows, columns
    cells = {
        (row[down], row[across]): Cell(quantity(row["y"], row["unit"]), interval(row, row["unit"]))
        for row in points.to_dict("records")
    }
    return DataTable(
        title="",
        corner=corner,
        unit="",
        columns=tuple(labels),
        rows=tuple(
            (name, tuple(cells.get((name, label), Cell(NONE)) for label in labels))
            for name in order
        ),
    )


def beside_all(figure: Figure) -> tuple[DataTable, ...]:
    """Return the tables of published points without a series of ours, with ours at the same places, one per panel."""
    free = figure.points[figure.points["name"].isin(_published_only(figure))]
    theirs = free[free["source"] == PUBLISHED]
    ours = figure.points[figure.points["source"].isin(OURS)]
    same = ours["x"].isin(theirs["x"]) & ours["y_name"].isin(theirs["y_name"])
    points = pd.concat([theirs, ours[same]])
    tables = (_table(panel.title, in_panel(points, panel.title), figure) for panel in figure.panels)
    return tuple(table for table in tables if table.rows and not theirs.empty)


def _published_only(figure: Figure) -> list[str]:
    """Return the names of the series that have published points only."""
    return [series.name for series in figure.series if series.stroke == "none"]


def comparisons(figure: Figure) -> tuple[Comparison, ...]:
    """Compare each published point, level or place with ours.

    A point is compared with ours at the same place, a level with our last point, and a place with all our series there.
    Published points that match no series of ours are in `beside_all`.
    """
    theirs = figure.points[figure.points["source"] == PUBLISHED]
    theirs = theirs[~theirs["name"].isin(_published_only(figure))]
    same = theirs.groupby(["name", "x", "y", "where"], sort=False, dropna=False)
    return tuple(_comparison(rows, figure) for _, rows in same)


def _table(title: str, rows: pd.DataFrame, figure: Figure) -> DataTable:
    ours = rows[rows["x"].notna()]
    shown = set(zip(ours["name"], ours["source"], strict=True))
    sources = (PUBLISHED, *OURS, AUTHORS)
    columns = [(s.name, source) for s in figure.series for source in sources]
    columns = sorted((c for c in columns if c in shown), key=lambda c: c[1] != PUBLISHED)
    unit = _unit(ours)
    cells = {
        (row["x"], row["name"], row["source"]): _cell(row, unit) for row in ours.to_dict("records")
    }
    return DataTable(
        title=title,
        corner=axis_title(ours["x_name"]),
        unit="%" if unit in PERCENT else unit,
        columns=tuple(_heading(name, source, ours) for name, source in columns),
        rows=tuple(
            (_place(x), tuple(cells.get((x, *column), Cell(NONE)) for column in columns))
            for x in _places(ours)
        ),
    )


def _heading(name: str, source: str, rows: pd.DataFrame) -> str:
    """Return a column's heading; a published series is followed by its place in the paper."""
    if source != PUBLISHED:
        return _named(name, source)
    theirs = rows[(rows["source"] == PUBLISHED) & (rows["name"] == name)]
    return ", ".join([name, *dict.fromkeys(filter(None, theirs["where"]))])


def _places(ours: pd.DataFrame) -> list[Any]:
    """Return the places on the axis in ascending order, or bars in the order of the figure."""
    places = ours["x"].unique().tolist()
    return places if (ours["kind"] == BAR).all() else sorted(places)


def _place(x: Any) -> str:
    return x if isinstance(x, str) else f"{x:g}"


def _comparison(rows: pd.DataFrame, figure: Figure) -> Comparison:
    first = rows.iloc[0]
    unit = "" if missing(first["unit"]) else str(first["unit"])
    titles = [panel.title for panel in figure.panels]
    shown = [t for t in titles if rows["panel"].isin([t, ""]).any()]
    return Comparison(
        what=str(first["name"]),
        at=place_of(first),
        published=Cell(quantity(first["y"], unit), interval(first.to_dict(), unit)),
        where=str(first["where"]),
        ours=tuple((title, _ours(first, in_panel(figure.points, title))) for title in shown),
        authors=_authors(first, figure.points),
    )


def _authors(row: pd.Series[Any], points: pd.DataFrame) -> Cell:
    """Return the number of the authors' own runs at the place of a published one."""
    theirs = points[(points["source"] == AUTHORS) & (points["y_name"] == row["y_name"])]
    theirs = theirs[theirs["x"] == row["x"]]
    if not missing(row["workers"]):
        theirs = theirs[theirs["workers"] == row["workers"]]
    if row["hardware"]:
        theirs = theirs[theirs["hardware"] == row["hardware"]]
    if theirs.empty:
        return Cell(NONE)
    found = theirs.iloc[0].to_dict()
    return Cell(_printed(found), interval(found, str(found["unit"])))


def place_of(row: pd.Series[Any]) -> str:
    """Describe the place of a published number: a bar, a place on the axis, or a dash for a level."""
    if row["kind"] == HLINE:
        return NONE
    if row["kind"] == BAR:
        return str(row["x"]) or NONE
    return f"{axis_title([row['x_name']])} {_place(row['x'])}"


def matching(row: pd.Series[Any], panel: pd.DataFrame) -> pd.DataFrame:
    """Return our points at the place of a published one.

    Parameters
    ----------
    row : Series
        The published point, level or place.
    panel : DataFrame
        The points of a panel.

    Returns
    -------
    DataFrame
        Those of the machine that was published, and of this one; of the series that was published, or of all if it is
        none of ours. Beside a level stands the last point of each series.
    """
    ours = panel[panel["source"].isin(OURS)]
    if row["kind"] == BAR:
        same = ours[(ours["x"] == row["x"]) | (row["x"] == "")]
        return _own(same[same["y_name"] == row["y_name"]], row)
    if not missing(row["workers"]):
        ours = ours[ours["workers"] == row["workers"]]
    if row["kind"] == VLINE:
        at_its_place: pd.DataFrame = ours[ours["x"] == row["x"]]
        return at_its_place
    same = ours[ours["y_name"] == row["y_name"]]
    last = same.sort_values("x").groupby("name", sort=False).tail(1)
    same = last if row["kind"] == HLINE else same[same["x"] == row["x"]]
    if row["hardware"]:
        on_its_machine: pd.DataFrame = same[same["hardware"].isin([row["hardware"], HOST])]
        return on_its_machine
    return _own(same, row)


def _own(same: pd.DataFrame, row: pd.Series[Any]) -> pd.DataFrame:
    meant = same[same["name"] == row["name"]]
    return same if meant.empty else meant


def _ours(row: pd.Series[Any], panel: pd.DataFrame) -> Cell:
    same = matching(row, panel)
    of_machines = row["kind"] != BAR and row["hardware"]
    if row["kind"] == VLINE or of_machines or len(set(same["name"])) > 1:
        return _several(same)
    if same.empty:
        return Cell(NONE)
    found = same.iloc[0].to_dict()
    if row["kind"] == HLINE:
        return Cell(_printed(found), f"at {axis_title([found['x_name']])} {_place(found['x'])}")
    return Cell(_printed(found), interval(found, str(found["unit"])))


def _several(rows: pd.DataFrame) -> Cell:
    printed = [
        f"{_named(entry['name'], entry['source'])}: {_printed(entry)}"
        for entry in rows.to_dict("records")
    ]
    return Cell("\n".join(printed) or NONE)


def _named(name: str, source: str) -> str:
    if source == AUTHORS:
        return f"{name} (the authors’ own)"
    return f"{name} ({MODELLED})" if source == MODELLED else name


def _printed(row: dict[Hashable, Any]) -> str:
    unit = "" if missing(row["unit"]) else str(row["unit"])
    return quantity(row["y"], unit)


def _cell(row: dict[Hashable, Any], unit: str) -> Cell:
    notes = [interval(row, unit), row.get("note"), *_marks(row)]
    return Cell(in_column(row["y"], unit), ", ".join(str(note) for note in notes if note))


def _marks(row: dict[Hashable, Any]) -> Iterator[str]:
    """Yield the marks of a timing that a reader must know."""
    if row["mark"] == NOISY:
        yield NOISY
    if row["oversubscribed"] is True:
        yield OVERSUBSCRIBED


def interval(row: Mapping[Hashable, Any], unit: str) -> str:
    """Return the ends of a point's interval in words; nothing if it has none."""
    if missing(row["lower"]) or missing(row["upper"]):
        return ""
    low, high = within_whole((row["lower"], row["upper"]), row["y"], unit)
    return f"{in_column(low, unit)} to {in_column(high, unit)}"


def _unit(rows: pd.DataFrame) -> str:
    units = [str(unit) for unit in rows["unit"].dropna().unique()]
    return units[0] if units else ""
