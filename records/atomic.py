"""Atomic file writes: a file appears complete or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from records.errors import InputError


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Open a stream whose bytes become the file at `path` when the block ends without an error.

    The bytes go to a hidden temporary file in the same folder, which then replaces `path`
    atomically. On any error it is removed and `path` is left unchanged. A missing folder is
    created.

    Parameters
    ----------
    path
        The file to write or replace.

    Yields
    ------
    BinaryIO
        The stream to write to; an `OSError` of anything else in the block is reported as a failed write.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    # Not created by `tempfile`, whose files only their owner may read.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as stream:
            yield stream
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):  # already renamed, or never created
            temporary.unlink()


@contextmanager
def scratch(path: Path) -> Iterator[str]:
    """Create a hidden temporary folder beside `path`, and remove it after the block.

    Parameters
    ----------
    path
        The file or folder to be made from its contents.

    Yields
    ------
    str
        The temporary folder.

    Raises
    ------
    InputError
        If the folder cannot be created or written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(".tmp", f".{path.name}.", path.parent) as name:
            yield name
    except OSError as error:
        raise _unwritable(path, error) from error


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Create a folder to write to, which replaces `folder` when the block ends without an error.

    Parameters
    ----------
    folder
        The folder to create or replace.

    Yields
    ------
    Path
        An empty folder.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    with scratch(folder) as name:
        new = Path(name, "new")
        new.mkdir()
        yield new
        if folder.exists():
            folder.rename(Path(name, "old"))
        new.rename(folder)


def write_text(path: Path, text: str) -> None:
    """Write `text` to the file at `path` in UTF-8, complete or not at all: see `write_bytes`."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to the file at `path`, complete or not at all.

    Parameters
    ----------
    path
        The file to write or replace.
    content
        Its new content.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    with writing(path) as stream:
        stream.write(content)


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{path}: cannot be written: {error.strerror or error}; check the folder's permissions "
        "and the free space"
    )
