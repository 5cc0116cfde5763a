"""Profiles of timed variants: how one thread divides its work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from records.kinds.calibration import NamedCalibrationRecord
from reports.tables.collections import Found, Member, read_records
from reports.tables.runs import Subject, subject_of


@dataclass(frozen=True)
class ProfileRecord:
    """The shares of a timed variant's work on one thread, from its calibration.

    Attributes
    ----------
    path
        The collection that holds the record.
    subject
        The calibrated variant, with one worker.
    cores
        Physical cores of the host.
    shares
        The share of each part of the work.
    environment
        Fingerprint of the machine and its software.
    """

    path: Path
    subject: Subject
    cores: int
    shares: dict[str, float]
    environment: str


def read_profiles(paths: Iterable[Path]) -> Found[ProfileRecord]:
    """Read the calibrations of variants."""
    return read_records(paths, NamedCalibrationRecord, profile_of)


def profile_of(member: Member[NamedCalibrationRecord]) -> ProfileRecord:
    """Return the profile in the record of a variant's calibration."""
    record = member.record
    return ProfileRecord(
        path=member.path,
        subject=subject_of(record.spec, 1),
        cores=record.machine.cores,
        shares=structs.asdict(record.profile),
        environment=record.environment.fingerprint,
    )
