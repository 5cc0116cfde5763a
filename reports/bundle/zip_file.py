"""Zip files: the same content makes the same bytes, whenever and wherever it is packed."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from records.atomic import write_bytes

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""When every member was last changed, by the zip file: the earliest that one can state."""

UNIX: Final = 3
READABLE: Final = 0o100644 << 16


def write_archive(members: Mapping[str, bytes], path: Path) -> None:
    """Write a zip file, all of it or none.

    Parameters
    ----------
    members
        Their contents by their names, which are sorted.
    path
        The file.
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
