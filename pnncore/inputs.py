"""How pixels become network inputs."""

from __future__ import annotations

import numpy as np

from pnncore.arrays import Floats, Pixels

NAMES: tuple[str, ...] = ("unit", "binary", "raw")


def encode(coding: str, pixels: Pixels, out: Floats) -> None:
    """Write the inputs for a batch of pixels into `out`.

    Parameters
    ----------
    coding
        ``unit``: 0..255 scaled to 0..1; ``binary``: 1 from grey value 128 on, else 0; ``raw``: 0..255 as they are.
    pixels
        Grey values, shape (samples, pixels).
    out
        Inputs, of the same shape.
    """
    if coding == "unit":
        np.multiply(pixels, out.dtype.type(1 / 255), out=out)
    elif coding == "binary":
        np.greater_equal(pixels, 128, out=out, casting="unsafe")
    else:
        np.copyto(out, pixels)
