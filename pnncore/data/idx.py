"""The IDX format of MNIST: a short header, then the elements."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from records.errors import InputError

UNSIGNED_BYTE = 8
"""Header code of the element type uint8, the only one that image datasets use."""


def parse(content: bytes, dimensions: int, name: str) -> NDArray[np.uint8]:
    """Parse an IDX file of unsigned bytes.

    The header is 0, 0, the element type and the number of dimensions (a byte each), then the
    size of each dimension (big-endian, four bytes each). No memory is allocated by its sizes.

    Parameters
    ----------
    content
        The whole file, uncompressed.
    dimensions
        Required number of dimensions: 3 for images, 1 for labels.
    name
        Name of the file in messages.

    Returns
    -------
    ndarray of uint8
        A read-only view of `content` with `dimensions` axes.

    Raises
    ------
    InputError
        If `content` is not such a file, or its length differs from its header's.
    """
    header = header_bytes(dimensions)
    magic = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    if len(content) < header:
        raise InputError(
            f"{name}: truncated: expected an IDX header of {header} bytes, "
            f"found {len(content)} bytes in all"
        )
    if content[:3] != magic[:3]:
        raise InputError(
            f"{name}: not an IDX file of unsigned bytes: expected the magic number "
            f"0x{magic.hex()}, found 0x{content[:4].hex()}"
        )
    if content[3] != dimensions:
        raise InputError(
            f"{name}: wrong number of dimensions: expected {dimensions}, found {content[3]}"
        )
    shape = tuple(int(size) for size in np.frombuffer(content[4:header], dtype=">u4"))
    sizes = "×".join(map(str, shape))
    if 0 in shape:
        raise InputError(f"{name}: empty: expected at least one element, found {sizes}")
    expected, found = math.prod(shape), len(content) - header
    if found != expected:
        fault = "truncated" if found < expected else "trailing bytes"
        raise InputError(
            f"{name}: {fault}: expected {expected} bytes after the header, which states {sizes}, "
            f"found {found}"
        )
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def header_bytes(dimensions: int) -> int:
    """Return the length of an IDX header, in bytes."""
    return 4 + 4 * dimensions
