"""Profiles of timed variants: how one thread divides its work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.documents import Node
from reports.tables.collections import Found, read_records
from reports.tables.runs import Subject, fingerprint, subject_of

SHARES = ("forward", "backward", "other")
"""The parts of the work of a training pass."""


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
        The share of the work of each of `SHARES`.
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
    return read_records(paths, "calibration", profile_of)


def profile_of(root: Node) -> ProfileRecord:
    """Read the profile in the record of a variant's calibration.

    Raises
    ------
    InputError
        If a field is missing or invalid.
    """
    return ProfileRecord(
        path=root.file,
        subject=subject_of(root["spec"], 1),
        cores=root["machine"]["cores"].whole(1),
        shares={share: root["profile"][share].number(0, 1) for share in SHARES},
        environment=fingerprint(root),
    )
