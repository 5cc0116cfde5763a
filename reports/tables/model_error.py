"""Errors of the models against published speed-ups, against what the authors kept, and against this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pandas as pd
from msgspec import UNSET

from records.authors import SOURCE
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
    "metric",
    "method",
    "observed",
    "observed_lower",
    "observed_upper",
    "predicted",
    "lower",
    "upper",
    "relative_error",
    "campaign_difference",
    "held_out",
    "fitted_prediction",
    "mark",
    "calibration",
    "where",
    "evidence",
)

PUBLISHED: Final = "published"

MODEL: Final = "model"
"""The method of rows that a model predicts: a fitted one, or on this machine a calibrated one."""

UNFITTED: Final = "unfitted"
"""The method of rows that a model predicts before its fit."""

METHODS: Final[dict[str, str]] = {
    MODEL: "fitted model",
    "line": "line through the printed points",
    UNFITTED: "cores and threads alone",
}
"""What predicts what authors measured and did not print: see `records.kinds.model.Method`."""

BASELINES: Final[dict[str, str]] = {
    "line": "lines between the points, on logarithmic axes",
    "amdahl-cores": "Amdahl’s law on busy cores",
    "amdahl-workers": "Amdahl’s law on workers",
    "ideal": "one time as fast a busy core",
    "efficiency": "constant efficiency of a busy core",
}
"""What the model has to beat at published points: see `records.kinds.model.Method`."""

TESTS: Final[dict[str, str]] = {
    "machine": "one machine held out",
    "forward": "all above half the cores held out",
    "point": "one point held out",
}
"""What is held out of a fit, from the hardest test on: see `records.kinds.model.Test`."""


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
        The columns of ``model_error.csv``. Against published points, numbers are speed-ups, and each method that
        predicts a point was fitted without what is ``held_out``. Against the authors, they are speed-ups and seconds
        that no fit has seen, with quartiles over the passes, each predicted by several methods. Against the host,
        numbers are seconds, the median over repeats, with the marks of the timing and of the calibrations that the
        model rests on.
    """
    fitted = [*models]
    rows = [
        *(row for model in fitted for row in _published(model, study)),
        *(row for model in fitted for row in _unseen(model, study)),
        *_host(timings),
    ]
    head = {"edition": study.edition.name, "paper": study.id}
    return table(({**head, **row, "relative_error": _error(row)} for row in rows), COLUMNS)


def of_left_out_points(errors: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the models that were fitted to all published points but the predicted one."""
    return errors[(errors["held_out"] == "point") & (errors["method"] == MODEL)]


def _head(model: Model, study: Study) -> dict[str, Any]:
    """Return what all rows of a fitted model have in common."""
    record = model.record
    return {
        "experiment": record.timing,
        "variant": record.variant,
        "strategy": study.timings[record.timing].variants[record.variant].strategy,
        "evidence": model.path.as_posix(),
    }


def _differences(study: Study) -> dict[str, float]:
    return {} if study.authors is UNSET else study.authors.campaign_differences


def _published(model: Model, study: Study) -> Iterator[dict[str, Any]]:
    head, differences = _head(model, study), _differences(study)
    for point in model.record.points:
        for test, predictions in point.blind.items():
            for method, speedup in predictions.items():
                yield {
                    **head,
                    "against": PUBLISHED,
                    "machine": point.hardware,
                    "workers": point.workers,
                    "metric": "speedup",
                    "method": method,
                    "observed": point.observed,
                    "predicted": speedup,
                    "campaign_difference": differences.get(point.hardware),
                    "held_out": test,
                    "fitted_prediction": point.predicted if method == MODEL else None,
                    "where": point.where,
                }


def _unseen(model: Model, study: Study) -> Iterator[dict[str, Any]]:
    head, one_worker = _head(model, study), model.record.one_worker
    differences = _differences(study)
    for point in model.record.unseen:
        for method, speedup in point.predicted.items():
            shared = {
                **head,
                "against": SOURCE,
                "machine": point.hardware,
                "workers": point.workers,
                "method": method,
            }
            yield {
                **shared,
                "metric": "speedup",
                "predicted": speedup,
                "campaign_difference": differences.get(point.hardware),
                **_spread(point.observed, point.lower, point.upper),
            }
            # More speed-up is less time: the quartiles change places.
            one = one_worker[point.hardware].seconds
            yield {
                **shared,
                "metric": "seconds",
                "predicted": one / speedup,
                **_spread(one / point.observed, one / point.upper, one / point.lower),
            }


def _spread(observed: float, lower: float, upper: float) -> dict[str, float]:
    return {"observed": observed, "observed_lower": lower, "observed_upper": upper}


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
            "metric": "seconds",
            "method": MODEL,
            "observed": measured["value"].median(),
            "predicted": modelled["value"].iloc[0],
            **{
                end: by_number["modelled", f"{end}_seconds"]["value"].iloc[0]
                for end in ("lower", "upper")
            },
            "mark": mark_of(measured["mark"]),
            "calibration": mark_of(modelled["mark"]) or CLEAN,
            "evidence": name_evidence([*measured["record"], *modelled["record"]]),
        }


def _error(row: dict[str, Any]) -> float:
    return float(row["predicted"] / row["observed"] - 1)
