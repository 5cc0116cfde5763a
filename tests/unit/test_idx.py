import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from pnncore.data.formats import idx
from records.errors import InputError


def encode(array: NDArray[np.uint8]) -> bytes:
    """Write an array as an IDX file."""
    header = bytes([0, 0, idx.UNSIGNED_BYTE, array.ndim])
    return header + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


IMAGES = encode(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))


@given(
    npst.arrays(
        np.uint8,
        npst.array_shapes(min_dims=1, max_dims=3, max_side=6),
    )
)
def test_round_trip(array: NDArray[np.uint8]) -> None:
    parsed = idx.parse(encode(array), array.ndim, "file")
    np.testing.assert_array_equal(parsed, array)
    assert parsed.dtype == np.uint8
    assert not parsed.flags.writeable


@given(
    st.one_of(
        st.binary(max_size=64),
        st.binary(max_size=40).map(lambda rest: b"\0\0\x08\x03" + rest),
        st.binary(max_size=40).map(lambda rest: b"\0\0\x08\x01" + rest),
        st.tuples(st.lists(st.integers(0, 2**32 - 1), min_size=3, max_size=3), st.binary()).map(
            lambda drawn: b"\0\0\x08\x03" + struct.pack(">3I", *drawn[0]) + drawn[1]
        ),
    ),
    st.sampled_from([1, 3]),
)
def test_any_bytes_are_an_array_or_told(content: bytes, dimensions: int) -> None:
    try:
        assert idx.parse(content, dimensions, "file").ndim == dimensions
    except InputError as error:
        message = str(error)
        assert message.startswith("file: ")
        assert "\n" not in message


@pytest.mark.parametrize(
    ("content", "dimensions", "expected", "found"),
    [
        (b"\0\0\x08\x03\0", 3, "16", "5"),  # a header cut short
        (b"\0\0\x0d\x03" + IMAGES[4:], 3, "0x00000803", "0x00000d03"),
        (b"PK\x03\x04" + IMAGES[4:], 3, "0x00000803", "0x504b0304"),
        (IMAGES, 1, "1", "3"),
        (IMAGES[:-1], 3, "24", "23"),
        (IMAGES + b"\0", 3, "24", "25"),
        (encode(np.empty((0, 28, 28), np.uint8)), 3, "", "0×28×28"),
    ],
)
def test_each_fault_tells_what_was_expected_and_found(
    content: bytes, dimensions: int, expected: str, found: str
) -> None:
    with pytest.raises(InputError, match=rf"^train-images: .*\b{expected}\b.*\b{found}\b"):
        idx.parse(content, dimensions, "train-images")


def test_a_boastful_header_is_not_believed() -> None:
    boastful = b"\0\0\x08\x03" + b"\xff" * 12 + b"little"
    with pytest.raises(InputError, match=r"^file: .*\b6\b"):
        idx.parse(boastful, 3, "file")
