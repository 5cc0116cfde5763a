from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnncore.data.skew import deal_unevenly
from pnncore.data.slices import deal
from records.errors import InputError
from records.slices import Alike, Skew


@given(st.sampled_from(get_args(Alike)), st.integers(1, 300), st.data())
def test_slices_are_disjoint_and_cover_all_samples(
    kind: str, samples: int, data: st.DataObject
) -> None:
    workers = data.draw(st.integers(1, samples))
    slices = deal(kind, samples, workers, seed=5, epoch=2)
    assert len(slices) == workers
    np.testing.assert_array_equal(np.sort(np.concatenate(slices)), np.arange(samples))
    sizes = [len(part) for part in slices]
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("kind", get_args(Alike))
def test_a_single_slice_is_all_samples_in_file_order(kind: str) -> None:
    (only,) = deal(kind, 50, 1, seed=1, epoch=1)
    np.testing.assert_array_equal(only, np.arange(50))


def test_kinds_are_what_they_say() -> None:
    np.testing.assert_array_equal(deal("contiguous", 10, 3, 1, 1)[1], [4, 5, 6])
    np.testing.assert_array_equal(deal("strided", 10, 3, 1, 1)[1], [1, 4, 7])

    def drawn(kind: str, epoch: int) -> list[int]:
        return deal(kind, 100, 4, 1, epoch)[0].tolist()

    assert drawn("random", 1) == drawn("random", 2)
    assert drawn("redrawn", 1) != drawn("redrawn", 2)


def test_more_workers_than_samples_are_refused() -> None:
    with pytest.raises(InputError, match=r"^workers: 6\b.*\b5\b"):
        deal("contiguous", 5, 6, 1, 1)


LABELS = np.random.default_rng(2).integers(0, 10, 2000).astype(np.uint8)


@pytest.mark.parametrize("workers", [5, 10, 30])
@pytest.mark.parametrize(
    "skew", [Skew(labels=2), Skew(labels=3), Skew(concentration=0.3), Skew(concentration=100)]
)
def test_uneven_slices_are_disjoint_and_cover_all_samples(skew: Skew, workers: int) -> None:
    slices = deal_unevenly(skew, LABELS, workers, seed=1)
    assert len(slices) == workers
    assert all(len(part) and (np.diff(part) > 0).all() for part in slices)
    np.testing.assert_array_equal(np.sort(np.concatenate(slices)), np.arange(len(LABELS)))
    again = deal_unevenly(skew, LABELS, workers, seed=1)
    other = deal_unevenly(skew, LABELS, workers, seed=2)
    assert all(map(np.array_equal, slices, again))
    assert not all(map(np.array_equal, slices, other))


@pytest.mark.parametrize("workers", [5, 10, 30])
def test_slices_have_as_many_classes_as_asked_for(workers: int) -> None:
    for part in deal_unevenly(Skew(labels=2), LABELS, workers, seed=1):
        assert len(np.unique(LABELS[part])) == 2


def test_the_smaller_the_concentration_the_less_alike_slices_are() -> None:
    def spread(concentration: float) -> float:
        slices = deal_unevenly(Skew(concentration=concentration), LABELS, 10, seed=1)
        shares = [np.bincount(LABELS[part], minlength=10) / len(part) for part in slices]
        return float(np.std(shares, axis=0).mean())

    assert spread(0.1) > spread(1) > spread(100)


def test_slices_that_would_leave_classes_out_are_refused() -> None:
    with pytest.raises(InputError, match=r"^slices\.labels: 2 slices of 2 .* 5 or more"):
        deal_unevenly(Skew(labels=2), LABELS, 2, seed=1)


@pytest.mark.parametrize("skew", [Skew(labels=1), Skew(labels=2), Skew(concentration=0.01)])
def test_no_slice_is_empty_where_there_are_as_many_samples_as_workers(skew: Skew) -> None:
    slices = deal_unevenly(skew, LABELS[:30], 30, seed=1)
    assert sorted(int(each) for part in slices for each in part) == list(range(30))
    assert {len(part) for part in slices} == {1}


def test_slices_that_must_be_empty_are_refused() -> None:
    with pytest.raises(InputError, match=r"^slices: 30 workers"):
        deal_unevenly(Skew(labels=1), LABELS[:20], 30, seed=1)


@pytest.mark.parametrize("given", [{}, {"labels": 2, "concentration": 1.0}])
def test_a_skew_is_of_one_kind(given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="one of labels and concentration"):
        Skew(**given)
