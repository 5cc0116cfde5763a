"""Errors of the models against published speed-ups and against timings on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from records.study import Study
from reports.tables.host import HOST
from reports.tables.models import Model
from reports.tables.tidy import name_evidence, table

COLUMNS: tuple[str, ...] = (
    "edition",
    "paper",
    "experiment",
    "variant",
    "strategy",
    "against",
    "machine",
    "workers",
    "observed",
    "predicted",
    "relative_error",
    "left_out",
    "fitted_prediction",
    "where",
    "evidence",
)

PUBLISHED = "published"


def tabulate_model_error(
    study: Study, timings: pd.DataFrame, models: Iterable[Model]
) -> pd.DataFrame:
    """Compare the predictions of a study's models with the observed numbers.

    Parameters
    ----------
    study
        The resolved configuration of the study.
    timings
        Its ``timings.csv``.
    models
        Its fitted model; empty if it prints no speed-ups.

    Returns
    -------
    DataFrame
        The columns of ``model_error.csv``. Against published points, numbers are speed-ups, and the model that
        predicts a point was fitted without it. Against the host, numbers are seconds, the median over repeats.
    """
    rows = [*(row for model in models for row in _published(model, study)), *_host(timings)]
    head = {"edition": study.edition.name, "paper": study.id}
    return table(({**head, **row, "relative_error": _error(row)} for row in rows), COLUMNS)


def _published(model: Model, study: Study) -> Iterator[dict[str, Any]]:
    record = model.record
    variant = study.timings[record.timing].variants[record.variant]
    for point in record.points:
        yield {
            "experiment": record.timing,
            "variant": record.variant,
            "strategy": variant.strategy,
            "against": PUBLISHED,
            "machine": point.hardware,
            "workers": point.workers,
            "observed": point.observed,
            "predicted": point.left_out,
            "left_out": True,
            "fitted_prediction": point.predicted,
            "where": point.where,
            "evidence": model.path.as_posix(),
        }


def _host(timings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    rows = timings[
        (timings["hardware"] == HOST)
        & (timings["metric"] == "seconds")
        & (timings["status"] == "completed")
    ]
    factors = ["experiment", "variant", "strategy", "workers"]
    for key, group in rows.groupby(factors, sort=False):
        seconds = group.groupby("source")["value"].median()
        if {"measured", "modelled"} <= set(seconds.index):
            yield {
                **dict(zip(factors, key, strict=True)),
                "against": HOST,
                "machine": HOST,
                "observed": seconds["measured"],
                "predicted": seconds["modelled"],
                "left_out": False,
                "evidence": name_evidence(group["record"]),
            }


def _error(row: dict[str, Any]) -> float:
    return float(row["predicted"] / row["observed"] - 1)
