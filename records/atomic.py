"""Files that appear whole or not at all."""

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
    """Open a stream whose bytes become the file at `path` when the block ends well.

    The bytes go to a hidden temporary file in the same folder, which then takes the place of
    `path` in one step; on any error it is removed and `path` stays as it was. The folder is made
    if it is missing.

    Parameters
    ----------
    path
        The file to write or replace.

    Yields
    ------
    BinaryIO
        The stream to write to; do nothing else in the block.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    # Opened by name rather than by `tempfile`, whose files only their owner may read.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as stream:
            yield stream
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):  # gone already, or never made
            temporary.unlink()


@contextmanager
def scratch(path: Path) -> Iterator[str]:
    """Make a hidden temporary folder beside the file at `path`, and remove it after the block.

    Parameters
    ----------
    path
        The file or folder that is made from what is put there.

    Yields
    ------
    str
        The folder.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(".tmp", f".{path.name}.", path.parent) as name:
            yield name
    except OSError as error:
        raise _unwritable(path, error) from error


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Make a folder to write to, which takes the place of `folder` when the block ends well.

    Parameters
    ----------
    folder
        The folder to make or replace.

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
    """Write `text` to the file at `path`, in UTF-8; otherwise as `write_bytes`."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to the file at `path`, whole or not at all.

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
        f"{path} cannot be written: {error.strerror or error}; check the folder's permissions "
        "and the free space"
    )
