"""What is the most that one core of this machine can do?"""

from __future__ import annotations

import numpy as np

from benchmarks.timing import medians


def sgemm_rate(size: int = 1024, repeats: int = 9) -> float:
    """Measure single-precision multiplications and additions a second in a large matrix product, on one thread."""
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((size, size), dtype=np.float32) for _ in range(2))
    out = np.empty_like(a)
    seconds = medians({"sgemm": lambda: np.matmul(a, b, out=out)}, repeats)["sgemm"]
    return float(2 * size**3 / seconds)
