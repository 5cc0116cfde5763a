"""Calibrations of timed variants, whose profiles tables show: how one thread divides its work."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from records.kinds.calibration import NamedCalibrationRecord
from reports.tables.collections import Found, Member, read_members

Calibration: TypeAlias = Member[NamedCalibrationRecord]


def read_calibrations(paths: Iterable[str | Path]) -> Found[Calibration]:
    """Read the calibrations of variants in collections."""
    return read_members(paths, NamedCalibrationRecord)
