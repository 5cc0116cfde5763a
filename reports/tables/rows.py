"""Rows of the tidy tables: the facts of a record, each as a mapping from column to value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from msgspec import structs

from records.errors import InputError
from records.kinds.calibration import NamedCalibrationRecord
from records.kinds.prediction import PredictionRecord
from records.kinds.run import NamedRunRecord
from records.metric import Metric
from reports.tables.calibrations import Calibration
from reports.tables.collections import Member
from reports.tables.host import HOST, ran_on
from reports.tables.marks import NOISY
from reports.tables.metrics import CLOCKS, METRICS
from reports.tables.predictions import Prediction, parts_of
from reports.tables.repeats import TimingRecord
from reports.tables.runs import subject_of

Timed: TypeAlias = TimingRecord | Prediction | Calibration
"""The records behind ``timings.csv``."""


def epoch_rows(
    member: Member[NamedRunRecord], metrics: Mapping[str, Metric], edition: str
) -> Iterator[dict[str, Any]]:
    """Yield a row for each metric of each epoch, with its unit; a diverged run ends with a row without a value."""
    record = member.record
    subject = asdict(subject_of(record.spec, record.spec.workers))
    measured: list[tuple[int, str, float | None]] = [
        (epoch.epoch, metric, value)
        for epoch in record.epochs
        for metric, value in epoch.metrics.items()
    ]
    if record.diverged_at is not None:
        measured.append((record.diverged_at, "test_accuracy", None))
    for epoch, metric, value in measured:
        if metric not in metrics:
            raise InputError(
                f"{member.path}: nothing describes the metric {metric!r}; the presentation of "
                f"{record.spec.strategy} must, or the runs be made again"
            )
        yield {
            "edition": edition,
            **subject,
            "epoch": epoch,
            "metric": metric,
            "value": value,
            "unit": metrics[metric].unit,
            "source": "measured",
            "status": record.status,
            "environment": record.environment.fingerprint,
            "record": member.path.parent.as_posix(),
        }


def timing_rows(timed: Timed, edition: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a timing, of a prediction or of a calibration's profile."""
    path = timed.path
    if isinstance(timed, TimingRecord):
        head = {"hardware": timed.hardware, "cores": timed.cores, "environment": timed.environment}
        source, rows = "measured", _measured_rows(timed)
    else:
        record = timed.record
        head = {"cores": record.machine.cores, "environment": record.environment.fingerprint}
        if isinstance(record, PredictionRecord):
            head["hardware"] = record.hardware
            source, rows = "modelled", _modelled_rows(record)
        else:
            head["hardware"] = HOST
            path = timed.path.parent  # of all repeats
            source, rows = "measured", _profile_rows(record)
    for row in rows:
        yield {
            "edition": edition,
            **head,
            "source": source,
            "ran_on": ran_on(source),
            "unit": METRICS[row["metric"]].unit,
            "record": path.as_posix(),
            **row,
        }


def _measured_rows(record: TimingRecord) -> Iterator[dict[str, Any]]:
    for repeat in record.repeats:
        measured = repeat.repeat
        for clock in CLOCKS:
            yield {
                **asdict(record.subject),
                "repeat": repeat.spec.repeat,
                "metric": clock,
                "value": getattr(measured, clock),
                "mark": measured.mark,
                "oversubscribed": record.oversubscribed,
                "status": record.status,
            }


def _modelled_rows(record: PredictionRecord) -> Iterator[dict[str, Any]]:
    for time in record.timings:
        parts = {f"{part}_seconds": value for part, value in parts_of(time).items()}
        ends = {"lower_seconds": time.lower, "upper_seconds": time.upper}
        for metric, value in {"seconds": time.seconds, **parts, **ends}.items():
            yield {
                **asdict(subject_of(record.spec, time.workers)),
                "repeat": 1,
                "metric": metric,
                "value": value,
                # What other programs disturbed counts where nothing better is to be had: then it is named.
                "mark": NOISY if record.basis.mark == NOISY else None,
                "oversubscribed": time.oversubscribed,
                "status": "completed",
            }


def _profile_rows(record: NamedCalibrationRecord) -> Iterator[dict[str, Any]]:
    for share, value in structs.asdict(record.profile).items():
        yield {
            **asdict(subject_of(record.spec, 1)),
            "repeat": record.spec.repeat,
            "metric": f"{share}_share",
            "value": value,
            "mark": record.conditions.mark,
            "oversubscribed": False,
            "status": "completed",
        }


def parameter_rows(prediction: Prediction, edition: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each parameter of a prediction; the first is the time of one worker."""
    record = prediction.record
    one = record.one_worker
    where = f" ({one.where})" if one.where else ""
    described = {"unit": "s", "meaning": f"time of one worker{where}"}
    parameters = {"one_worker": {"value": one.seconds, "origin": one.origin, **described}}
    parameters |= {name: structs.asdict(each) for name, each in record.parameters.items()}
    for name, parameter in parameters.items():
        yield {
            "edition": edition,
            "paper": record.spec.paper,
            "experiment": record.spec.experiment,
            "variant": record.spec.variant,
            "strategy": record.spec.strategy,
            "machine": record.hardware,
            "implementation": record.implementation,
            "parameter": name,
            **parameter,
            "evidence": prediction.path.as_posix(),
        }
