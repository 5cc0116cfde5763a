"""The laws of scaling on curves made of known parameters, and on some worked out by hand."""

from math import nan, sqrt

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from reports.tables.laws import Estimate, amdahl, gustafson, karp_flatt, universal

N = np.array([1, 2, 4, 8, 16])


def curve(speedups: "list[float] | NDArray[np.float64]", workers: "list[int] | None" = None):
    return pd.Series(speedups, index=N[: len(speedups)] if workers is None else workers)


def ends(estimate: Estimate) -> tuple[float, float]:
    assert estimate.lower is not None
    assert estimate.upper is not None
    return estimate.lower, estimate.upper


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_amdahl_finds_the_share_that_made_the_curve(share: float) -> None:
    found = amdahl(curve(1 / (share + (1 - share) / N)))
    assert found.value == pytest.approx(share, abs=1e-9)
    assert ends(found) == pytest.approx((share, share), abs=1e-9)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.9])
def test_gustafson_finds_the_share_that_made_the_curve(share: float) -> None:
    assert gustafson(curve(N - share * (N - 1))).value == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(("contention", "coherence"), [(0.05, 0.002), (0.0, 0.01), (0.3, 1e-5)])
def test_the_universal_law_finds_what_made_the_curve(contention: float, coherence: float) -> None:
    law = universal(curve(N / (1 + contention * (N - 1) + coherence * N * (N - 1))))
    assert law.contention.value == pytest.approx(contention, abs=1e-9)
    assert law.coherence.value == pytest.approx(coherence, abs=1e-9)
    best = sqrt((1 - contention) / coherence)
    assert law.best_workers.value == pytest.approx(best)
    assert ends(law.best_workers) == pytest.approx((best, best), rel=1e-3)


def test_without_coherence_there_is_no_best_number_of_workers() -> None:
    law = universal(curve(1 / (0.1 + 0.9 / N)))
    assert law.coherence.value == pytest.approx(0, abs=1e-12)
    assert law.best_workers == Estimate()


def test_where_coherence_may_be_none_the_best_number_has_no_interval() -> None:
    law = universal(curve([1, 1.9, 3.2, 6.1, 7.9]))
    assert law.coherence.lower == 0
    assert law.best_workers.value is not None
    assert law.best_workers.lower is None


def test_workers_that_only_slow_each_other_down_are_best_alone() -> None:
    law = universal(curve([1, 0.5, 0.2, 0.1]))
    assert law.best_workers.value == 1
    assert amdahl(curve([1, 0.5, 0.2])).value == 1


def test_more_than_proportional_speedup_leaves_no_share_below_zero() -> None:
    found = amdahl(curve([1, 2.2, 4.6]))
    assert found.value == 0
    assert ends(found)[0] == 0


def test_one_point_gives_what_karp_and_flatt_give_and_no_interval() -> None:
    # By hand: (1 / 1.6 - 1 / 2) / (1 - 1 / 2) = 0.25.
    speedups = curve([1, 1.6])
    assert amdahl(speedups) == Estimate(pytest.approx(0.25))
    assert karp_flatt(speedups).tolist() == pytest.approx([nan, 0.25], nan_ok=True)
    assert universal(speedups).contention == Estimate()


def test_amdahl_by_hand() -> None:
    # Speed-ups 1.6 with 2 workers and 2 with 4. In s (1 - 1/n) S = 1 - S/n: 0.8 s = 0.2 and 1.5 s = 0.5.
    # s = (0.8 * 0.2 + 1.5 * 0.5) / (0.8**2 + 1.5**2) = 0.91 / 2.89, with one degree of freedom.
    found = amdahl(curve([1, 1.6, 2]))
    assert found.value == pytest.approx(0.91 / 2.89)
    residuals = 0.8 * 0.91 / 2.89 - 0.2, 1.5 * 0.91 / 2.89 - 0.5
    error = sqrt(sum(r**2 for r in residuals) / 1 / 2.89)
    assert found.upper == pytest.approx(0.91 / 2.89 + 12.7062 * error, rel=1e-5)


def test_gustafson_by_hand() -> None:
    # Speed-up 3 with 4 workers: 4 - 3 s = 3.
    assert gustafson(curve([1, 3], [1, 4])).value == pytest.approx(1 / 3)


def test_an_interval_holds_what_made_a_noisy_curve() -> None:
    random = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        clean = 1 / (0.1 + 0.9 / N)
        low, high = ends(amdahl(curve(clean * random.normal(1, 0.03, len(N)))))
        held += low <= 0.1 <= high
    assert held > 180


def test_one_worker_alone_tells_nothing() -> None:
    assert amdahl(curve([1])) == gustafson(curve([1])) == Estimate()
    assert amdahl(pd.Series(dtype=float)) == Estimate()
