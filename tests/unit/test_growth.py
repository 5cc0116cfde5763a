"""Numbers that say how cost grows."""

import pytest

from benchmarks.growth import exponent, off_line

SIZES = (1, 2, 4, 8)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_the_exponent_is_that_of_a_power(power: float) -> None:
    assert exponent({size: 3 * size**power for size in SIZES}) == pytest.approx(power)


def test_a_line_has_no_point_off_it_wherever_it_begins() -> None:
    assert off_line({size: 5 + 2.0 * size for size in SIZES}) == pytest.approx(0, abs=1e-9)
    assert off_line({size: 5 + 2.0 * size**2 for size in SIZES}) > 0.1
