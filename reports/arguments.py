"""Arguments of the command line that are more than a word."""

from __future__ import annotations

import argparse
import json
from typing import Any


def json_object(text: str) -> dict[str, Any]:
    """Read an argument that is a JSON object.

    Raises
    ------
    ArgumentTypeError
        If it is none.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not valid JSON ({error})") from None
    if not isinstance(content, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return content
