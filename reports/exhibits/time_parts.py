"""Where the time goes: what share of a modelled timing each of its parts takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from reports.exhibits.data_table import Cell, DataTable
from reports.exhibits.quantity import in_column
from reports.exhibits.variants import Variant
from reports.pages.machine_view import MachineView
from reports.pages.paper_tables import PaperTables
from reports.tables.metrics import METRICS, PART_METRICS

COLUMNS: Final = ("machine", "name", "order", "share", "value")


def time_parts(
    paper: PaperTables, variant: Variant, machines: Sequence[MachineView]
) -> pd.DataFrame:
    """Return what the time of a method is spent on, on each machine.

    Parameters
    ----------
    paper
        The paper with its tables.
    variant
        The method.
    machines
        The machines, in the order of the rows.

    Returns
    -------
    DataFrame
        One row a machine and part, with as many workers as the machine has cores, or the most below that: ``machine``
        (its title and the workers), ``name`` and ``order`` of the part, its ``share`` and its seconds (``value``). None
        for a method that has one worker only, whose time goes into computing alone.
    """
    rows = paper.timings[variant.rows(paper.timings) & paper.timings["metric"].isin(PART_METRICS)]
    parts = {metric: place for place, metric in enumerate(PART_METRICS)}
    found = [pd.DataFrame(columns=list(COLUMNS))]
    for machine in machines if rows["workers"].max() > 1 else ():
        own = rows[(rows["hardware"] == machine.id) & (rows["workers"] <= rows["cores"])]
        own = own[own["workers"] == own["workers"].max()]
        if not own.empty:
            most = int(own["workers"].iloc[0])
            own = own.assign(
                machine=f"{machine.title}, {most} worker{'' if most == 1 else 's'}",
                name=own["metric"].map({metric: METRICS[metric].label for metric in parts}),
                order=own["metric"].map(parts),
                share=own["value"] / own["value"].sum(),
            )
            found.append(own[list(COLUMNS)])
    return pd.concat(found[1:] or found, ignore_index=True)


def parts_table(title: str, rows: pd.DataFrame) -> DataTable:
    """Lay out the shares of a method's parts for readers."""
    names = tuple(METRICS[metric].label for metric in PART_METRICS)
    shares = {(row["machine"], row["name"]): row["share"] for row in rows.to_dict("records")}
    return DataTable(
        title=title,
        corner="machine",
        unit="%",
        columns=names,
        rows=tuple(
            (machine, tuple(Cell(in_column(shares[machine, name], "fraction")) for name in names))
            for machine in dict.fromkeys(rows["machine"])
        ),
    )
