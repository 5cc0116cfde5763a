from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnncore.data.slices import Slices, deal
from records.errors import InputError


@given(st.sampled_from(get_args(Slices)), st.integers(1, 300), st.data())
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


@pytest.mark.parametrize("kind", get_args(Slices))
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
