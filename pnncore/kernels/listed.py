"""Pixels of all samples that are not zero as inputs, listed once, so that training never reads the others."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pnncore.arrays import Indices, Labels, Pixels
from pnncore.data.inputs import make_table
from pnncore.kernels.compiled import exact, inlined
from records.settings import Inputs


class Listed(NamedTuple):
    """Lists of pixels, one list a sample.

    Attributes
    ----------
    starts
        Where each sample's list starts, and where the last one ends, shape (samples + 1,), int64.
    which
        Positions of the listed pixels in their image, ascending, shape (listed,); uint16, or uint32 for images of
        more than 65,536 pixels.
    greys
        Their grey values, shape (listed,), uint8.
    """

    starts: Indices
    which: Indices
    greys: Pixels

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(self.starts) - 1

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the arrays read-only in other processes, too: loops are compiled for one kind of arrays."""
        return _read_only, tuple(self)


def list_pixels(pixels: Pixels, coding: Inputs) -> Listed:
    """List the pixels of samples, except those that `coding` maps to zero.

    Pixels of input zero change nothing but the rounding of the elastic net, whose pending updates are applied to a
    pixel's weights when it is read.

    Parameters
    ----------
    pixels
        Grey values, shape (samples, pixels).
    coding
        See `pnncore.data.inputs.make_table`; training must use the same.

    Returns
    -------
    Listed
        Read-only arrays.
    """
    kept = (make_table(coding, np.dtype(np.float32)) != 0).astype(np.uint8)
    starts = np.zeros(len(pixels) + 1, np.int64)
    _count(pixels, kept, starts[1:])
    np.cumsum(starts, out=starts)
    total = int(starts[-1])
    which = np.empty(total + 1, np.min_scalar_type(max(2**16, pixels.shape[1]) - 1))
    greys = np.empty(total + 1, np.uint8)
    _fill(pixels, kept, which, greys)
    return _read_only(starts, which[:total], greys[:total])


def _read_only(starts: Indices, which: Indices, greys: Pixels) -> Listed:
    for array in (starts, which, greys):
        array.setflags(write=False)
    return Listed(starts, which, greys)


@exact
def _count(pixels: Pixels, kept: Labels, counts: Indices) -> None:
    """Write the number of kept pixels of each sample."""
    for s in range(pixels.shape[0]):
        sample, count = pixels[s], 0
        for i in range(sample.shape[0]):
            count += kept[sample[i]]
        counts[s] = count


@exact
def _fill(pixels: Pixels, kept: Labels, which: Indices, greys: Pixels) -> None:
    """Write the lists; the element after the last one is overwritten."""
    count = 0
    for s in range(pixels.shape[0]):
        sample = pixels[s]
        for i in range(sample.shape[0]):
            # Always written, and kept if not zero: a branch would be mispredicted at every edge of a stroke.
            which[count] = i
            greys[count] = sample[i]
            count += kept[sample[i]]


@inlined
def listed_pixels(listed: Listed, sample: int) -> Indices:
    """Return the positions of a sample's listed pixels, shape (listed,)."""
    return listed.which[listed.starts[sample] : listed.starts[sample + 1]]


@inlined
def listed_greys(listed: Listed, sample: int) -> Pixels:
    """Return the grey values of a sample's listed pixels, shape (listed,)."""
    return listed.greys[listed.starts[sample] : listed.starts[sample + 1]]
