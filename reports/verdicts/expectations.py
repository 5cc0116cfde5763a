"""What a claim expects of a number: a stretch of the number line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from records.errors import InputError
from reports.exhibits.quantity import PERCENT, POINTS, printed


@dataclass(frozen=True)
class Expectation:
    """A stretch of the number line, with or without its ends.

    Attributes
    ----------
    low, high
        The ends, which may be infinite.
    closed
        Whether the ends belong to it.
    words
        The expectation as a reader would say it.
    """

    low: float
    high: float
    closed: bool
    words: str

    @classmethod
    def of(cls, expect: Mapping[str, Any], unit: str = "") -> Expectation:
        """Read an expectation out of the configuration.

        Parameters
        ----------
        expect
            A check's ``expect``.
        unit
            Unit of the number that it is about, for the words.

        Examples
        --------
        >>> Expectation.of({"equal": 12, "within": 2}).words
        '12 ± 2'
        >>> Expectation.of({"above": 0}).holds(0)
        False
        """

        def told(number: float) -> str:
            return printed(number, unit)

        match dict(expect):
            case {"equal": int() | float() as target, **rest}:
                within = float(rest.get("within", 0))
                words = told(target) + (f" ± {_margin(within, unit)}" if within else "")
                # A hair's breadth keeps 0.3 - 0.1 equal to 0.2.
                slack = 1e-9 * max(1.0, abs(target))
                return cls(target - within - slack, target + within + slack, True, words)
            case {"between": [low, high]}:
                return cls(low, high, True, f"from {told(low)} to {told(high)}")
            case {"at_least": int() | float() as low}:
                return cls(low, math.inf, True, f"at least {told(low)}")
            case {"at_most": int() | float() as high}:
                return cls(-math.inf, high, True, f"at most {told(high)}")
            case {"above": int() | float() as low}:
                return cls(low, math.inf, False, f"above {told(low)}")
            case {"below": int() | float() as high}:
                return cls(-math.inf, high, False, f"below {told(high)}")
            case _:
                raise InputError(
                    f"expect is {dict(expect)}; it must be one of equal (with within), between, "
                    "at_least, at_most, above, below"
                )

    def holds(self, number: float) -> bool:
        """Whether a number lies in the stretch."""
        if self.closed:
            return self.low <= number <= self.high
        return self.low < number < self.high or (number == math.inf == self.high)

    def holds_all(self, interval: tuple[float, float]) -> bool:
        """Whether a whole interval lies in the stretch."""
        return all(self.holds(end) for end in interval)


def _margin(within: float, unit: str) -> str:
    """Print how far from a number another may be: of percentages, in points."""
    return printed(within, POINTS if unit in PERCENT else unit)
