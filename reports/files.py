"""Whole files in, whole files out."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

from reports.errors import ReportError

UNWRITABLE: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG}
    | {errno.ENOTDIR, errno.EEXIST}
)
"""Errors of a place that cannot be written to."""

DELETE: Final = "delete it and run again"
"""What helps with a file that the workflow makes."""


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    ReportError
        If there is no such file, or what it holds is not JSON: cut short, say, or edited by hand.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except FileNotFoundError:
        raise ReportError(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise ReportError(f"{path}: not UTF-8 text", DELETE) from None
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path}: not valid JSON ({error})", DELETE) from None


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises
    ------
    ReportError
        If there is no such file, or it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ReportError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror}); name a file") from None


def write_text(path: Path, text: str) -> None:
    """Write a file so that a reader finds either all of it or what was there before."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds either all of it or what was there before.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    with _writing(path):
        handle, name = tempfile.mkstemp(".tmp", f".{path.name}.", path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            temporary.chmod(0o644)  # mkstemp makes files that their owner alone can read
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes the place of `output` once it is complete.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    with (
        _writing(output),
        tempfile.TemporaryDirectory(".tmp", f".{output.name}.", output.parent) as scratch,
    ):
        folder = Path(scratch, "new")
        folder.mkdir()
        yield folder
        if output.exists():
            output.rename(Path(scratch, "old"))
        folder.rename(output)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Make the folder of what is to be written, and tell of what goes wrong on the way."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        raise ReportError(
            f"{path} cannot be written: {error.strerror}; check the folder's permissions and the free space"
        ) from error


def _refuse(constant: str) -> NoReturn:
    # Python reads NaN and Infinity, but they are not JSON and no record holds them.
    raise ValueError(f"{constant} is not a JSON number")
