"""Lists of the files that hold the records of a study."""

from __future__ import annotations

from pathlib import Path

from records.convert import convert
from records.record_files import RecordFiles
from reports.files import read_json


def read_list(path: Path) -> RecordFiles:
    """Read a record list.

    Raises
    ------
    InputError
        If the file is not a record list.
    """
    return convert(read_json(path), RecordFiles, str(path))
