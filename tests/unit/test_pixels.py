"""The first layer's update by a batch, for every number of samples that list a pixel."""

import numpy as np
import pytest

from pnncore.kernels.listed import Listed
from pnncore.kernels.pixels import SORTED, update_rows_by_batch
from pnncore.kernels.rows import update_rows

PIXELS = 40
RNG = np.random.default_rng(1)
TABLE = RNG.random(256).astype(np.float32)
STEP = np.float32(0.3)


@pytest.mark.parametrize("neurons", [1, 37, 300])
@pytest.mark.parametrize("count", [*range(19), SORTED])
def test_a_batch_is_its_samples_one_after_another(count: int, neurons: int) -> None:
    rng = np.random.default_rng(count)
    weights = rng.standard_normal((PIXELS, neurons)).astype(np.float32)
    greys = rng.integers(0, 3, (count, PIXELS), dtype=np.uint8)
    starts = np.cumsum([0, *np.count_nonzero(greys, axis=1)])
    listed = Listed(starts, np.nonzero(greys)[1].astype(np.uint16), greys[greys != 0])
    batch = rng.permutation(count)
    deltas = rng.standard_normal((count, neurons + 27)).astype(np.float32)
    counts = np.empty(PIXELS, np.int32)
    samples, codes = (np.empty(PIXELS * SORTED, np.uint8) for _ in range(2))
    found, expected = weights.copy(), weights.copy()
    update_rows_by_batch(found, listed, batch, TABLE, deltas, 16, STEP, counts, samples, codes)
    flat = expected.reshape(-1)
    for sample, delta in zip(batch, deltas[:, 16 : 16 + neurons], strict=True):
        (which,) = np.nonzero(greys[sample])
        listed_pixels, seen = which.astype(np.uint16), greys[sample, which]
        update_rows(delta, flat, neurons, listed_pixels, seen, TABLE, -STEP)
    assert found.tobytes() == expected.tobytes()
