"""Read what calibrations find of timed variants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.documents import Node
from reports.tables.collections import Found, read_records
from reports.tables.runs import Subject, fingerprint, subject_of

SHARES = ("forward", "backward", "other")
"""What the work of a training pass consists of."""


@dataclass(frozen=True)
class ProfileRecord:
    """What one thread spends a timed variant's work on, from the record of its calibration.

    Attributes
    ----------
    path
        The collection it was read from.
    subject
        What was calibrated, with one worker.
    cores
        Physical cores of the host.
    shares
        Shares of the work by `SHARES`.
    environment
        Fingerprint of the machine and its software.
    """

    path: Path
    subject: Subject
    cores: int
    shares: dict[str, float]
    environment: str


def read_profiles(paths: Iterable[Path]) -> Found[ProfileRecord]:
    """Read collections of calibrations of variants."""
    return read_records(paths, "calibration", profile_of)


def profile_of(root: Node) -> ProfileRecord:
    """Check the profile in the record of a variant's calibration.

    Raises
    ------
    InputError
        If the record is not whole: the sentence names the file, the key and what would be right.
    """
    return ProfileRecord(
        path=root.file,
        subject=subject_of(root["spec"], 1),
        cores=root["machine"]["cores"].whole(1),
        shares={share: root["profile"][share].number(0, 1) for share in SHARES},
        environment=fingerprint(root),
    )
