"""Errors of the models against published speed-ups and against timings on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from records.study import Study
from reports.tables.host import HOST
from reports.tables.marks import CLEAN, mark_of
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
    "lower",
    "upper",
    "relative_error",
    "left_out",
    "fitted_prediction",
    "mark",
    "calibration",
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
        predicts a point was fitted without it. Against the host, numbers are seconds, the median over repeats, with
        the marks of the timing and of the calibrations that the model rests on.
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
    rows = timings[(timings["hardware"] == HOST) & (timings["status"] == "completed")]
    factors = ["experiment", "variant", "strategy", "workers"]
    for key, group in rows.groupby(factors, sort=False):
        by_number = dict(list(group.groupby(["source", "metric"])))
        measured = by_number.get(("measured", "seconds"))
        modelled = by_number.get(("modelled", "seconds"))
        if measured is None or modelled is None:
            continue
        yield {
            **dict(zip(factors, key, strict=True)),
            "against": HOST,
            "machine": HOST,
            "observed": measured["value"].median(),
            "predicted": modelled["value"].iloc[0],
            **{
                end: by_number["modelled", f"{end}_seconds"]["value"].iloc[0]
                for end in ("lower", "upper")
            },
            "left_out": False,
            "mark": mark_of(measured["mark"]),
            "calibration": mark_of(modelled["mark"]) or CLEAN,
            "evidence": name_evidence([*measured["record"], *modelled["record"]]),
        }


def _error(row: dict[str, Any]) -> float:
    return float(row["predicted"] / row["observed"] - 1)
