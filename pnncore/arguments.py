"""Arguments of the command line that are more than a word, refused before any work rests on them."""

from __future__ import annotations

import json
import os
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")

MOST_WORKERS = 1024
"""As `records.values.WorkerCount`."""


def json_object(option: str, text: str) -> dict[str, Any]:
    """Read a JSON object that an option was given, or the path of a file of one.

    Raises
    ------
    ArgumentTypeError
        If it is neither.
    """
    source = option
    if not text.lstrip().startswith("{"):
        source, text = text, _read(text)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArgumentTypeError(f"{source} is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ArgumentTypeError(f"{source} is not a JSON object")
    return content


def _read(name: str) -> str:
    try:
        path = Path(name)
        # A device or a pipe may never end.
        if path.exists() and not path.is_file():
            raise ArgumentTypeError(f"{name!r} is neither a JSON object nor a regular file of one")
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ArgumentTypeError(f"neither a JSON object nor a file of one: {error}") from error


def _looking(look: Callable[[str], Result]) -> Callable[[str], Result]:
    """Tell what keeps a file system from being looked at: a name that is too long, or a folder that is locked."""

    def looked(text: str) -> Result:
        if not text:
            raise ArgumentTypeError("is empty; give a path")
        try:
            return look(text)
        except OSError as error:
            raise ArgumentTypeError(f"{text}: {error.strerror}") from error

    return looked


@_looking
def input_folder(text: str) -> Path:
    """Name a folder to read; whoever reads it tells that there is none."""
    return Path(text)


@_looking
def output_file(text: str) -> Path:
    """Name a file to write, which need not be there."""
    path = Path(text)
    if path.name in ("", "..") or text.endswith(os.sep) or path.is_dir():
        raise ArgumentTypeError(f"{text} is a folder; name a file")
    if path.exists() and not path.is_file():
        raise ArgumentTypeError(
            f"{text} is no regular file, and would be replaced by one; name another"
        )
    _check_writable(path.parent)
    return path


@_looking
def output_folder(text: str) -> Path:
    """Name a folder to write to, which need not be there."""
    path = Path(text)
    _check_writable(path)
    return path


def _check_writable(folder: Path) -> None:
    """Refuse a folder that is not there and cannot be made, or cannot be written to."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        raise ArgumentTypeError(f"{there} is no folder; name another")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ArgumentTypeError(f"{there} may not be written to; name another folder")


def worker_count(text: str) -> int:
    """Read a number of workers."""
    # So short that it is quickly read.
    short = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_WORKERS))
    if not short or not 1 <= int(text) <= MOST_WORKERS:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MOST_WORKERS}")
    return int(text)


def word(text: str) -> str:
    """Read a name."""
    if not text.strip():
        raise ArgumentTypeError("is empty; give a name")
    return text
