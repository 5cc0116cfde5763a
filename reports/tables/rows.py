"""Rows of the tidy tables: the facts of a record, each as a mapping from column to value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TypeAlias

from reports.tables.calibrations import ProfileRecord
from reports.tables.host import HOST, ran_on
from reports.tables.metrics import METRICS
from reports.tables.predictions import Prediction
from reports.tables.repeats import TimingRecord
from reports.tables.runs import Run

Timed: TypeAlias = TimingRecord | Prediction | ProfileRecord
"""The records behind ``timings.csv``."""


def epoch_rows(record: Run, edition: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each metric of each epoch; a diverged run ends with a row without a value."""
    measured: list[tuple[int, str, float | None]] = [
        (epoch, metric, value)
        for epoch, metrics in record.epochs.items()
        for metric, value in metrics.items()
    ]
    if record.diverged_at is not None:
        measured.append((record.diverged_at, "test_accuracy", None))
    for epoch, metric, value in measured:
        yield {
            "edition": edition,
            **asdict(record.subject),
            "epoch": epoch,
            "metric": metric,
            "value": value,
            "unit": METRICS[metric].unit,
            "source": "measured",
            "status": record.status,
            "environment": record.environment,
            "record": record.path.parent.as_posix(),
        }


def timing_rows(record: Timed, edition: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a timing, of a prediction or of a profile."""
    hardware, source = HOST, "measured"
    if isinstance(record, ProfileRecord):
        rows = _profile_rows(record)
    elif isinstance(record, TimingRecord):
        hardware, rows = record.hardware, _measured_rows(record)
    else:
        hardware, source, rows = record.hardware, "modelled", _modelled_rows(record)
    for row in rows:
        yield {
            "edition": edition,
            "hardware": hardware,
            "cores": record.cores,
            "source": source,
            "ran_on": ran_on(source),
            "unit": METRICS[row["metric"]].unit,
            "environment": record.environment,
            "record": record.path.as_posix(),
            **row,
        }


def _measured_rows(record: TimingRecord) -> Iterator[dict[str, Any]]:
    for repeat in record.repeats:
        yield {
            **asdict(record.subject),
            "repeat": repeat.number,
            "metric": "seconds",
            "value": repeat.seconds,
            "mark": repeat.mark,
            "oversubscribed": record.oversubscribed,
            "status": record.status,
        }


def _modelled_rows(record: Prediction) -> Iterator[dict[str, Any]]:
    for timing in record.timings:
        parts = {f"{part}_seconds": value for part, value in timing.parts.items()}
        for metric, value in {"seconds": timing.seconds, **parts}.items():
            yield {
                **asdict(timing.subject),
                "repeat": 1,
                "metric": metric,
                "value": value,
                "oversubscribed": timing.oversubscribed,
                "status": "completed",
            }


def _profile_rows(record: ProfileRecord) -> Iterator[dict[str, Any]]:
    for share, value in record.shares.items():
        yield {
            **asdict(record.subject),
            "repeat": 1,
            "metric": f"{share}_share",
            "value": value,
            "oversubscribed": False,
            "status": "completed",
        }


def parameter_rows(record: Prediction, edition: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each parameter of a prediction."""
    subject = record.timings[0].subject
    for parameter in record.parameters:
        yield {
            "edition": edition,
            "paper": subject.paper,
            "experiment": subject.experiment,
            "variant": subject.variant,
            "strategy": subject.strategy,
            "machine": record.hardware,
            "implementation": record.implementation,
            "parameter": parameter.name,
            "value": parameter.value,
            "unit": parameter.unit,
            "origin": parameter.origin,
            "meaning": parameter.meaning,
            "evidence": record.path.as_posix(),
        }
