"""Tables of several studies as one: lines are copied as they are written, which takes no library of tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from records.atomic import write_text
from records.errors import InputError


def join_tables(paths: Sequence[Path], output: Path) -> None:
    """Write the tables of several studies as one table.

    Parameters
    ----------
    paths
        Tables of one kind (CSV), at least one.
    output
        The table to write.

    Raises
    ------
    InputError
        If a table cannot be read, or has other columns than the first.
    """
    tables = [_read(path).partition("\n") for path in paths]
    columns = tables[0][0]
    for path, (others, _, _) in zip(paths, tables, strict=True):
        if others != columns:
            raise InputError(
                f"{path}: the columns differ from those of {paths[0]}; join tables of one kind"
            )
    write_text(output, "".join([f"{columns}\n", *(rows for _, _, rows in tables)]))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
