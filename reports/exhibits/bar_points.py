"""The parts of an exhibit's bars: what one thread's work consists of, or facts of a property."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from records.errors import InputError
from reports.tables.facts import Facts
from reports.tables.host import HOST

Json = Mapping[str, Any]


def profiled_points(rows: pd.DataFrame, metrics: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the shares of a variant's work on one thread, in the order of the metrics.

    Parameters
    ----------
    rows
        Rows of ``timings.csv`` of one timing.
    metrics
        Names of `reports.tables.metrics.SHARE_METRICS`.

    Yields
    ------
    dict
        A point: its factors (variant, hardware, source, workers, metric) and some columns of ``exhibits.csv``.
    """
    here = (rows["hardware"] == HOST) & (rows["source"] == "measured")
    for variant, own in rows[here].groupby("variant", sort=False):
        for metric in metrics:
            for row in own[own["metric"] == metric].to_dict("records"):
                yield {
                    "variant": variant,
                    "hardware": HOST,
                    "source": "measured",
                    "workers": row["workers"],
                    "metric": metric,
                    "y": row["value"],
                    "evidence": row["record"],
                }


def fact_points(exhibit: Json, properties: Mapping[str, Facts]) -> Iterator[dict[str, Any]]:
    """Yield the facts of a property that an exhibit shows, each a part of a bar.

    Parameters
    ----------
    exhibit
        The exhibit in the configuration.
    properties
        Facts by the name of the property; without its property, an exhibit has no points.

    Yields
    ------
    dict
        A point: the bar that it belongs to, its label, and some columns of ``exhibits.csv``.

    Raises
    ------
    InputError
        If the property has no such fact.
    """
    known = properties.get(exhibit["property"])
    if known is None:
        return
    for entry in exhibit["facts"]:
        yield {
            "bar": entry["bar"],
            "label": entry["part"],
            "source": "measured",
            "metric": exhibit["metrics"][0],
            "y": _number(known, entry["fact"]),
            "evidence": known.path,
        }


def _number(known: Facts, way: str) -> float:
    found: Any = known.content
    for key in way.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(found, int | float):
        raise InputError(f"{known.path}: there is no fact {way}, which an exhibit shows")
    return float(found)
