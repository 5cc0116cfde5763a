"""The series of a figure, each with its colour."""

import pandas as pd

from reports.exhibits import theme
from reports.exhibits.axes import Axes
from reports.exhibits.composition import compose
from reports.exhibits.figure import MEASURED, OURS, PUBLISHED, Figure, Series
from reports.tables.host import HOST


def by_variant(table: pd.DataFrame) -> list[Series]:
    """List our series: a colour a variant, solid for its first metric and dashed for others."""
    ours = table[table["source"].isin(OURS)]
    first = dict(ours.drop_duplicates("variant")[["variant", "y_name"]].to_numpy())
    tokens = tokens_of(table)
    named = ours.drop_duplicates("series")
    columns = (named[name] for name in ("series", "variant", "y_name"))
    return [
        Series(name, tokens[variant], "solid" if metric == first[variant] else "dashed")
        for name, variant, metric in zip(*columns, strict=True)
    ]


def tokens_of(table: pd.DataFrame) -> dict[str, str]:
    """Return the token of each variant of ours: the same in every figure where it has one."""
    ours = table[table["source"].isin(OURS)].dropna(subset="variant")
    known = ours.dropna(subset="token")
    own = dict(zip(known["variant"], known["token"], strict=True))
    return theme.spread([str(name) for name in dict.fromkeys(ours["variant"])], own)


def by_strategy(table: pd.DataFrame) -> list[Series]:
    """List the series of a figure of strategies, each with its strategy's colour."""
    named = table.drop_duplicates("series")
    tokens = tokens_of(table)
    return [
        Series(str(name), tokens[str(variant)])
        for name, variant in zip(named["series"], named["variant"], strict=True)
    ]


def plot_by_machine(table: pd.DataFrame, axes: Axes, remark: str = "") -> Figure:
    """Draw a figure with one line a machine."""
    # What the paper gives without a machine is a place or a level, and no machine's line.
    named = table[(table["source"] != PUBLISHED) | (table["hardware"] != "")]
    own = named[(named["hardware"] == HOST) | (named["source"] != MEASURED)]
    own = own.dropna(subset="machine_token")
    known = dict(zip(own["series"], own["machine_token"], strict=True))
    tokens = theme.spread(list(dict.fromkeys(named["series"])), known)
    series = [Series(name, token) for name, token in tokens.items()]
    return compose(table.assign(name=table["series"]), series, axes, remark)
