"""Input files: reading them whole, with errors that name them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from records.errors import InputError
from records.record import DELETE


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    InputError
        If the file does not exist or is not valid JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8 text", DELETE) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid JSON ({error})", DELETE) from None


def read_bytes(path: Path) -> bytes:
    """Read a file's bytes.

    Raises
    ------
    InputError
        If the file does not exist or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); name a readable file"
        ) from None


def _refuse(constant: str) -> NoReturn:
    # Python's parser accepts NaN and Infinity, which are not JSON.
    raise ValueError(f"{constant} is not a JSON number")
