"""Files as they are read: whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NoReturn

from records.errors import InputError

DELETE: Final = "delete it and run again"
"""What helps with a file that the workflow makes."""


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    InputError
        If there is no such file, or what it holds is not JSON: cut short, say, or edited by hand.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8 text", DELETE) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid JSON ({error})", DELETE) from None


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); name a file") from None


def _refuse(constant: str) -> NoReturn:
    # Python reads NaN and Infinity, but they are not JSON and no record holds them.
    raise ValueError(f"{constant} is not a JSON number")
