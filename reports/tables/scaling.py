"""Scaling of timings: speed-ups by number of workers, and the scaling laws fitted to them.

The laws are fitted to the points with no more workers than the machine has hardware threads. Beyond those, workers take
turns, and a law would take the limit of the machine for a serial share of the work.

A measured speed-up has a 95 % bootstrap interval over its repeats and those of one worker; the interval of a measured
curve's law rests on the residuals of the fit. Modelled and published speed-ups have no random scatter, so neither they
nor their laws have intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from records.study import Study
from reports.study import read_study
from reports.tables import laws
from reports.tables.host import ran_on
from reports.tables.intervals import CONFIDENCE, ENOUGH
from reports.tables.laws import Estimate, Speedups
from reports.tables.metrics import METRICS
from reports.tables.model_error import tabulate_model_error
from reports.tables.models import Model, read_models
from reports.tables.predictions import read_predictions
from reports.tables.record_list import read_list
from reports.tables.speed import derive, efficiency
from reports.tables.tidy import (
    TIMINGS,
    common_path,
    read_table,
    table,
    tabulate_parameters,
    write_table,
)

COLUMNS: tuple[str, ...] = (
    "edition",
    "paper",
    "experiment",
    "variant",
    "strategy",
    "machine",
    "source",
    "ran_on",
    "workers",
    "metric",
    "value",
    "lower",
    "upper",
    "unit",
    "evidence",
)

DRAWS = 1000
"""Number of bootstrap samples."""

_BY_POINT: dict[str, Callable[[Speedups], Speedups]] = {
    "speedup": lambda speedups: speedups,
    "efficiency": efficiency,
    "karp_flatt": laws.karp_flatt,
}


@dataclass(frozen=True)
class _Curve:
    """Speed-ups of a variant on a machine from one source.

    Attributes
    ----------
    factors
        Columns of the table that identify the curve.
    speedups
        Speed-ups by number of workers.
    lower, upper
        The ends of their intervals, where there are any.
    most
        The largest number of workers with a hardware thread each.
    evidence
        The files that the speed-ups come from.
    """

    factors: Mapping[str, Any]
    speedups: Speedups
    lower: Speedups
    upper: Speedups
    most: int
    evidence: str

    @property
    def measured(self) -> bool:
        """Whether the speed-ups were measured and so have random scatter."""
        return bool(self.factors["source"] == "measured")


def write_models(
    study: Path,
    timings: Path,
    records: Path,
    folder: Path,
) -> None:
    """Write ``model_error.csv``, ``scaling.csv`` and ``parameters.csv`` of a study.

    One command writes all three, since starting a command takes longer than writing a table.

    Parameters
    ----------
    study
        The study's resolved configuration (JSON).
    timings
        The study's ``timings.csv``.
    records
        The study's record list, for its modelled timings and its fitted model, if any.
    folder
        The folder of the tables.

    Raises
    ------
    InputError
        If one of the files is missing or invalid.
    """
    resolved, measured, files = read_study(study), read_table(timings, TIMINGS), read_list(records)
    fitted = read_models(files.models).records
    tables = {
        "model_error": tabulate_model_error(resolved, measured, fitted),
        "scaling": tabulate_scaling(resolved, measured, fitted),
        "parameters": tabulate_parameters(
            read_predictions(files.predictions).records, resolved.edition.name
        ),
    }
    for name, made in tables.items():
        write_table(made, folder / f"{name}.csv")


def tabulate_scaling(study: Study, timings: pd.DataFrame, models: Iterable[Model]) -> pd.DataFrame:
    """Tabulate the scaling of a study's timings: measured, modelled and published.

    Parameters
    ----------
    study
        The resolved configuration of the study.
    timings
        Its ``timings.csv``.
    models
        Its fitted model, which holds the published speed-ups; empty if there are none.

    Returns
    -------
    DataFrame
        The columns of ``scaling.csv``: rows for each point, and rows without workers for each curve. A metric that is
        undefined, or needs more points than the curve has, has no value.
    """
    rows = timings[(timings["metric"] == "seconds") & (timings["status"] == "completed")]
    curves = [
        *_timed(rows),
        *(curve for model in models for curve in _published(model, study, rows)),
    ]
    head = {"edition": study.edition.name, "paper": study.id}
    found = table(({**head, **row} for curve in curves for row in _rows(curve)), COLUMNS)
    return found.astype({"workers": "Int64"})


def _timed(rows: pd.DataFrame) -> Iterator[_Curve]:
    """Yield a curve for each variant, machine and source."""
    factors = ["experiment", "variant", "strategy", "hardware", "source"]
    for key, group in rows.groupby(factors, sort=False):
        repeats = {
            int(str(workers)): times["value"].to_numpy(dtype=float)
            for workers, times in group.groupby("workers")
        }
        medians = pd.Series({n: float(np.median(times)) for n, times in repeats.items()})
        named = dict(zip(factors, key, strict=True))
        lower, upper = _intervals(repeats)
        yield _Curve(
            factors={**named, "machine": named.pop("hardware")},
            speedups=derive(medians, "speedup"),
            lower=lower,
            upper=upper,
            most=_most(group),
            evidence=common_path(group["record"]),
        )


def _most(rows: pd.DataFrame) -> int:
    """Return the largest number of workers with a hardware thread each."""
    return max(rows.loc[~rows["oversubscribed"].astype(bool), "workers"], default=0)


def _intervals(repeats: Mapping[int, np.ndarray[Any, Any]]) -> tuple[Speedups, Speedups]:
    """Return the ends of the speed-ups' bootstrap intervals; fewer than three repeats have none."""
    random = np.random.default_rng(1)
    medians = {
        workers: np.median(random.choice(times, (DRAWS, len(times))), axis=1)
        for workers, times in repeats.items()
        if len(times) >= ENOUGH
    }
    outside = (1 - CONFIDENCE) / 2
    ends = {
        workers: np.quantile(medians[1] / drawn, (outside, 1 - outside))
        for workers, drawn in medians.items()
        if workers > 1 and 1 in medians
    }
    lower, upper = (pd.Series({n: end[i] for n, end in ends.items()}, dtype=float) for i in (0, 1))
    return lower, upper


def _published(model: Model, study: Study, timed: pd.DataFrame) -> Iterator[_Curve]:
    """Yield a curve for each machine with published speed-ups."""
    variant = study.timings[model.record.timing].variants[model.record.variant]
    none = pd.Series(dtype=float)
    modelled = timed[timed["source"] == "modelled"]
    for machine in dict.fromkeys(point.hardware for point in model.record.points):
        points = {p.workers: p.observed for p in model.record.points if p.hardware == machine}
        yield _Curve(
            factors={
                "experiment": model.record.timing,
                "variant": model.record.variant,
                "strategy": variant.strategy,
                "machine": machine,
                "source": "published",
            },
            speedups=pd.Series({1: 1.0, **dict(sorted(points.items()))}),
            lower=none,
            upper=none,
            most=_most(modelled[modelled["hardware"] == machine]),
            evidence=model.path.as_posix(),
        )


def _rows(curve: _Curve) -> Iterator[dict[str, Any]]:
    for (workers, metric), estimate in {**_by_point(curve), **_by_curve(curve)}.items():
        yield {
            **curve.factors,
            "ran_on": ran_on(curve.factors["source"]),
            "workers": workers,
            "metric": metric,
            "value": estimate.value,
            "lower": estimate.lower,
            "upper": estimate.upper,
            "unit": METRICS[metric].unit,
            "evidence": curve.evidence,
        }


def _by_point(curve: _Curve) -> dict[tuple[int | None, str], Estimate]:
    """Return the metrics of each point.

    A serial share falls as the speed-up grows, so the ends of its interval are sorted.
    """
    found: dict[tuple[int | None, str], Estimate] = {}
    for metric, function in _BY_POINT.items():
        values, *ends = map(function, (curve.speedups, curve.lower, curve.upper))
        for workers in values.index:
            value = float(values[workers])
            known = sorted(float(end[workers]) for end in ends if workers in end)
            found[int(workers), metric] = Estimate(value if isfinite(value) else None, *known)
    return found


def _by_curve(curve: _Curve) -> dict[tuple[int | None, str], Estimate]:
    """Return the metrics of the whole curve, from the points where each worker has a hardware thread."""
    speedups = curve.speedups[curve.speedups.index <= curve.most]
    law = laws.universal(speedups)
    found: dict[tuple[int | None, str], Estimate] = {
        (None, "amdahl_serial_share"): laws.amdahl(speedups),
        (None, "gustafson_serial_share"): laws.gustafson(speedups),
        (None, "usl_contention"): law.contention,
        (None, "usl_coherence"): law.coherence,
        (None, "usl_best_workers"): law.best_workers,
    }
    if curve.measured:
        return found
    return {key: replace(estimate, lower=None, upper=None) for key, estimate in found.items()}
