"""Expectations: the range that a claim expects a number to be in."""

from __future__ import annotations

import math
from dataclasses import dataclass

from msgspec import to_builtins

from records import check
from records.errors import InputError
from reports.exhibits.quantity import PERCENT, POINTS, printed


@dataclass(frozen=True)
class Expectation:
    """A range of numbers, with or without its ends.

    Attributes
    ----------
    low, high
        The ends, which may be infinite.
    closed
        Whether the ends belong to the range.
    words
        The expectation in words.
    """

    low: float
    high: float
    closed: bool
    words: str

    @classmethod
    def of(cls, expect: check.Expectation, unit: str = "") -> Expectation:
        """Return the range that a check expects.

        Parameters
        ----------
        expect
            A check's ``expect``.
        unit
            Unit of the expected number, for the words.

        Examples
        --------
        >>> Expectation.of(check.Expectation(equal=12, within=2)).words
        '12 ± 2'
        >>> Expectation.of(check.Expectation(above=0)).holds(0)
        False
        """

        def words_of(number: float) -> str:
            return printed(number, unit)

        match expect:
            case check.Expectation(equal=int() | float() as target):
                within = expect.within or 0.0
                words = words_of(target) + (f" ± {_margin(within, unit)}" if within else "")
                return cls(target - within, target + within, True, words)
            case check.Expectation(between=(low, high)):
                return cls(low, high, True, f"from {words_of(low)} to {words_of(high)}")
            case check.Expectation(at_least=int() | float() as low):
                return cls(low, math.inf, True, f"at least {words_of(low)}")
            case check.Expectation(at_most=int() | float() as high):
                return cls(-math.inf, high, True, f"at most {words_of(high)}")
            case check.Expectation(above=int() | float() as low):
                return cls(low, math.inf, False, f"above {words_of(low)}")
            case check.Expectation(below=int() | float() as high):
                return cls(-math.inf, high, False, f"below {words_of(high)}")
            case _:
                raise InputError(
                    "expect: expected one of equal (with within), between, at_least, at_most, above, below, "
                    f"got {to_builtins(expect)}"
                )

    def holds(self, number: float) -> bool:
        """Return whether a number is in the range."""
        if self.closed:
            return _before(self.low, number) and _before(number, self.high)
        return self.low < number < self.high or (number == math.inf == self.high)

    @property
    def at_zero(self) -> bool:
        """Whether a limit is zero; that of nothing but zero has no side to scatter to."""
        return 0 in (self.low, self.high) and self.low < self.high

    def distance(self, number: float) -> float:
        """Return how far a number outside the range is from it."""
        return max(self.low - number, number - self.high, 0.0)

    def excludes(self, interval: tuple[float, float]) -> bool:
        """Return whether a whole interval is on one side of the range."""
        low, high = interval
        return (
            not self.holds(low) and not self.holds(high) and (high <= self.low or low >= self.high)
        )

    def holds_all(self, interval: tuple[float, float]) -> bool:
        """Return whether a whole interval is in the range."""
        return all(self.holds(end) for end in interval)


def _before(one: float, other: float) -> bool:
    """Return whether a number is not above another; the rounding of numbers makes none: 0.3 - 0.1 is equal to 0.2."""
    return one <= other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def _margin(within: float, unit: str) -> str:
    """Format a tolerance; that of a percentage is in points."""
    return printed(within, POINTS if unit in PERCENT else unit)
