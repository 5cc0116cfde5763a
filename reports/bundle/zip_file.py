"""Reproducible zip files: the same content makes the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from records.atomic import write_bytes

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every member: the earliest that a zip file can have."""

UNIX: Final = 3
READABLE: Final = 0o100644 << 16


def write_archive(members: Mapping[str, bytes], path: Path) -> None:
    """Write a zip file, all of it or none.

    Parameters
    ----------
    members
        The contents by name; they are packed in the order of their names.
    path
        The file to write.
    """
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(members):
            member = ZipInfo(name, EPOCH)
            member.compress_type = ZIP_DEFLATED
            member.create_system = UNIX
            member.external_attr = READABLE
            archive.writestr(member, members[name])
    write_bytes(path, buffer.getvalue())
