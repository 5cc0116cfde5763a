"""Mistakes in typed entries, in words that need no knowledge of JSON Schema."""

from typing import Annotated, Any

import pytest
from msgspec import Meta, Struct

from records.values import Count, Fraction, Sha256, Title
from workflow.schemas import faults


class Things(Struct):
    """An entry with a value of each kind."""

    share: Annotated[Fraction, Meta(description="A share.")] = 0.5
    checksum: Sha256 = "0" * 64
    title: Title = "One"
    count: Count = 1


@pytest.mark.parametrize(
    ("key", "value", "right"),
    [
        ("share", 1, "less than 1"),
        ("share", 0, "more than 0"),
        ("checksum", "abc", "64 hexadecimal digits"),
        ("title", "", "length of at least 1"),
        ("title", "x" * 201, "length of at most 200, got 201"),
        ("count", 0, "at least 1"),
        ("count", 2**31, f"at most {2**31 - 1}"),
    ],
)
def test_a_value_out_of_bounds_is_told_with_them(key: str, value: Any, right: str) -> None:
    (fault,) = faults({key: value}, Things)
    assert fault.startswith(f"{key}: ")
    assert right in fault
