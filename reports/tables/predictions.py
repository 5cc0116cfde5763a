"""Modelled timings: predicted times of trainings on machines other than this one, and on this one."""

from __future__ import annotations

from collections.abc import Iterable
from math import isclose
from pathlib import Path
from typing import TypeAlias

from records.kinds.prediction import ModelledTime, PredictionRecord
from reports.tables.collections import Found, Member, read_records

Prediction: TypeAlias = Member[PredictionRecord]

PARTS = ("compute", "wait", "merge", "dispatch")
"""The parts of a modelled time; their sum is all of it."""


def read_predictions(paths: Iterable[str | Path]) -> Found[Prediction]:
    """Read the modelled timings in collections."""
    return read_records(paths, PredictionRecord, _checked)


def parts_of(time: ModelledTime) -> dict[str, float]:
    """Return the seconds of each of `PARTS`."""
    return {part: getattr(time, part) for part in PARTS}


def _checked(member: Prediction) -> Prediction:
    """Refuse a record whose keys contradict each other."""
    record = member.record
    if tuple(time.workers for time in record.timings) != record.spec.workers:
        member.fail("timings", "expected one for each of the workers in spec.workers")
    for place, time in enumerate(record.timings):
        whole = sum(parts_of(time).values())
        if not isclose(whole, time.seconds, rel_tol=1e-6, abs_tol=1e-9):
            fault = f"expected {whole:g}, the sum of {', '.join(PARTS)}"
            member.fail(f"timings[{place}].seconds", fault)
    return member
