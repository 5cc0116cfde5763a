"""Zip archives that are the same, byte for byte, whenever the same files are put into them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def write_archive(path: Path, members: Mapping[str, str]) -> None:
    """Write texts into a zip archive, in the order of their names.

    Parameters
    ----------
    path
        The archive.
    members
        Texts by name.
    """
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            # A member without a date of its own has that of the oldest possible.
            member = ZipInfo(name)
            member.compress_type = ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, members[name])
