"""The figures: one pure function a figure, from a tidy table to charts.

A figure is drawn as one chart a panel, so that the page can set the panels side by side or, on a
phone, one below the other. All panels share the series, their colours and, where they are to be
compared, the axes. Every chart is complete in itself, legend included; the page hides that legend
and sets one of its own above all the panels.
"""

from collections.abc import Callable
from typing import Final

import pandas as pd

from records.errors import InputError
from reports.exhibits import theme
from reports.exhibits.composition import complete, compose
from reports.exhibits.figure import POINT, PUBLISHED, VLINE, Figure, Series
from reports.exhibits.layers import Axes
from reports.exhibits.strategy_charts import accuracy_lost, accuracy_of_strategies, time_to_accuracy
from reports.exhibits.work_bars import profile
from reports.tables.host import THIS_MACHINE

ONE_NETWORK: Final = "one network"
MERGED: Final = "merged network"
CHILDREN: Final = "mean of its child networks"
VARIANTS: Final = {**theme.STRATEGIES, "spmd-broadcast": "merged", "spmd-shadow": "children"}
"""Tokens of the variants that have the same colour in every figure."""


def accuracy_by_epoch(table: pd.DataFrame) -> Figure:
    """Draw accuracy against epochs, one line a number of workers, one panel a reading.

    The untrained network (epoch 0) is left out: its accuracy, that of guessing, would flatten all
    the rest.
    """
    points = table[~(table["x"] < 1)]
    ours = points[points["source"] != PUBLISHED].drop_duplicates("series")
    ours = ours.sort_values("workers", kind="stable")
    tokens = theme.ramp(len(ours)) if len(ours) > 1 else ["merged"]
    series = [Series(name, token) for name, token in zip(ours["series"], tokens, strict=True)]
    # A published point stands on the line of its worker count, whatever the paper calls it.
    lines = dict(zip(ours["workers"], ours["series"], strict=True))
    columns = (points[name] for name in ("source", "workers", "series"))
    names = [
        lines.get(workers, name) if source == PUBLISHED else name
        for source, workers, name in zip(*columns, strict=True)
    ]
    remark = "Epoch 0, the untrained network, is left out."
    return compose(points.assign(name=names), series, Axes(), remark)


def accuracy_of_children(table: pd.DataFrame) -> Figure:
    """Draw the merged network's accuracy beside the mean of its child networks' own.

    The two differ by tenths of a percent and are compared within a panel, so each panel (a number
    of child networks under a reading) has its own axis, and the steep climb of the first tenth of
    the epochs enters it from below.
    """
    points = table[~(table["x"] < 1)]
    named = points["y_name"].str.startswith("child").map({True: CHILDREN, False: MERGED})
    # A place without a value, such as where the curves meet, is no point of either series.
    names = named.where(points["kind"] != VLINE, points["series"])
    series = [Series(MERGED, "merged"), Series(CHILDREN, "children")]
    axes = Axes(shared_y=False, below=0.1, y_title="accuracy")
    remark = "Each panel has its own axis, which leaves out the climb of the first epochs."
    return compose(points.assign(name=names), series, axes, remark)


def accuracy_and_confidence(table: pd.DataFrame) -> Figure:
    """Draw accuracy (solid) and confidence (dashed) of one network and of merged ones."""
    return compose(table.assign(name=table["series"]), _by_variant(table), Axes())


def accuracy_by_workers(table: pd.DataFrame) -> Figure:
    """Draw the last accuracies against workers: a colour a variant, the first metric solid and the others dashed.

    What the paper prints of no variant in particular is in the colour of the text, for it belongs to none of ours.
    """
    series = _by_variant(table)
    tokens = _variant_tokens(table)
    known = {entry.name for entry in series}
    theirs = table[(table["kind"] == POINT) & ~table["series"].isin(known)]
    theirs = theirs.drop_duplicates("series")
    series += [
        Series(name, tokens.get(variant, "ink"), "none")
        for name, variant in zip(theirs["series"], theirs["variant"], strict=True)
    ]
    points = table.assign(name=table["series"])
    return compose(points, series, Axes(x_log=True), "Each point is of the last epoch.")


def _by_variant(table: pd.DataFrame) -> list[Series]:
    """List our series: a colour a variant, solid for its first metric and dashed for others."""
    ours = table[table["source"] != PUBLISHED]
    first = dict(ours.drop_duplicates("variant")[["variant", "y_name"]].to_numpy())
    tokens = _variant_tokens(table)
    named = ours.drop_duplicates("series")
    columns = (named[name] for name in ("series", "variant", "y_name"))
    return [
        Series(name, tokens[variant], "solid" if metric == first[variant] else "dashed")
        for name, variant, metric in zip(*columns, strict=True)
    ]


def _variant_tokens(table: pd.DataFrame) -> dict[str, str]:
    ours = table[table["source"] != PUBLISHED]
    return theme.spread([str(name) for name in dict.fromkeys(ours["variant"].dropna())], VARIANTS)


def accuracy_by_hidden(table: pd.DataFrame) -> Figure:
    """Draw accuracy against the size of the hidden layer, on a logarithmic axis."""
    names = table["series"].where(table["source"] == PUBLISHED, ONE_NETWORK)
    return compose(table.assign(name=names), [Series(ONE_NETWORK, "one")], Axes(x_log=True))


def time_by_workers(table: pd.DataFrame) -> Figure:
    """Draw seconds, or speedups, against workers, one line a machine.

    Both axes are logarithmic, so that halving the time is the same step everywhere.
    """
    return _by_machine(table, Axes(x_log=True, y_log=True))


def time_by_epoch(table: pd.DataFrame) -> Figure:
    """Draw seconds against epochs, one line a machine and number of workers; both axes are logarithmic."""
    remark = "Ours are as many times an epoch's."
    return _by_machine(table, Axes(x_log=True, y_log=True), remark)


def saving_by_workers(table: pd.DataFrame) -> Figure:
    """Draw the share of one worker's time that is saved against workers, one line a machine."""
    return _by_machine(table, Axes(x_log=True))


def _by_machine(table: pd.DataFrame, axes: Axes, remark: str = "") -> Figure:
    # What the paper gives without a machine is a place or a level, and no machine's line.
    named = table[(table["source"] != PUBLISHED) | (table["hardware"] != "")]
    tokens = theme.spread(list(dict.fromkeys(named["series"])), {THIS_MACHINE: "one"})
    series = [Series(name, token) for name, token in tokens.items()]
    return compose(table.assign(name=table["series"]), series, axes, remark)


FIGURES: Final[dict[str, Callable[[pd.DataFrame], Figure]]] = {
    "accuracy_by_epoch": accuracy_by_epoch,
    "accuracy_of_children": accuracy_of_children,
    "accuracy_and_confidence": accuracy_and_confidence,
    "accuracy_by_hidden": accuracy_by_hidden,
    "accuracy_by_workers": accuracy_by_workers,
    "time_by_workers": time_by_workers,
    "time_by_epoch": time_by_epoch,
    "saving_by_workers": saving_by_workers,
    "profile": profile,
    "accuracy_of_strategies": accuracy_of_strategies,
    "time_to_accuracy": time_to_accuracy,
    "accuracy_lost": accuracy_lost,
}
"""The figures by their names in the configuration."""


def draw(name: str, table: pd.DataFrame) -> Figure:
    """Draw a figure by its name in the configuration.

    Parameters
    ----------
    name : str
        A name of `FIGURES`.
    table : DataFrame
        The exhibit's rows of exhibits.csv.

    Returns
    -------
    Figure
        The drawn figure.

    Raises
    ------
    InputError
        If no figure has that name.
    """
    if name not in FIGURES:
        raise InputError(f"no chart is called {name!r}; it must be {' or '.join(sorted(FIGURES))}")
    return FIGURES[name](complete(table))
