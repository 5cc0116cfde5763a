"""Encoding of pixels as network inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from pnncore.arrays import Floats
from records.settings import Inputs


def make_table(coding: Inputs, dtype: np.dtype[Any]) -> Floats:
    """Return the network input of each grey value, shape (256,); grey value 0 maps to 0.

    Parameters
    ----------
    coding
        ``unit``: 0..255 scaled to 0..1; ``binary``: 1 from grey value 128 on, else 0; ``nonzero``: 1 from
        grey value 1 on; ``raw``: 0..255 unchanged.
    dtype
        Type of the inputs.
    """
    greys = np.arange(256)
    if coding == "unit":
        return (greys / 255).astype(dtype)
    if coding == "binary":
        return (greys >= 128).astype(dtype)
    if coding == "nonzero":
        return (greys > 0).astype(dtype)
    return greys.astype(dtype)
