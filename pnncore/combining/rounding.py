"""Changes of parameters, rounded to fewer bits for their way to a merge and back."""

from __future__ import annotations

from typing import Final

import numpy as np

from pnncore.arrays import Floats
from records.combining import Sent

BLOCK: Final = 2048
"""Parameters that share a scale, where numbers are whole."""

BYTES: Final[dict[Sent, float]] = {"float32": 4, "float16": 2, "int8": 1 + 4 / BLOCK}
"""Bytes that a parameter takes, with its part of a scale."""


def rounded(change: Floats, sent: Sent) -> Floats:
    """Return what arrives of a change.

    Whole numbers from -127 to 127 are shares of the largest magnitude of a block.

    Parameters
    ----------
    change
        Shape (parameters,).
    sent
        How it is sent.
    """
    if sent == "float32":
        return change
    if sent == "float16":
        return change.astype(np.float16).astype(change.dtype)
    starts = np.arange(0, len(change), BLOCK)
    scales = np.maximum.reduceat(np.abs(change), starts) / 127
    scale = np.repeat(np.where(scales > 0, scales, 1), BLOCK)[: len(change)]
    found: Floats = (np.rint(change / scale) * scale).astype(change.dtype)
    return found
