"""A number with its unit, as the pages print it."""

import math
from typing import Any, Final

import pandas as pd

from reports.tables.metrics import AXES

NONE: Final = "–"
PERCENT: Final = frozenset({"fraction"})
POINTS: Final = "difference of fractions"
"""Unit of what two fractions differ by, which is printed in points of a percentage."""

YEAR: Final = "year"


def quantity(value: Any, unit: str = "") -> str:
    """Print a value with its unit, to four significant digits.

    Parameters
    ----------
    value : Any
        A number, text that is already printed, or a missing value.
    unit : str, optional
        Unit of the number; a fraction is printed in percent, a year without its unit, and an endless number of epochs
        as never.

    Returns
    -------
    str
        The printed quantity; a dash for a missing value.

    Examples
    --------
    >>> quantity(12.0, "epochs").replace("\N{NO-BREAK SPACE}", " "), quantity(None)
    ('12 epochs', '–')
    """
    if missing(value):
        return NONE
    number = as_number(value)
    if number is None:
        return str(value)
    if math.isinf(number):
        # A place on an axis that is infinitely far is never reached.
        return "never" if unit in AXES else "infinity" if number > 0 else "minus infinity"
    if unit in PERCENT:
        return f"{_digits(100 * number)}\N{NO-BREAK SPACE}%"
    if unit == POINTS:
        return quantity(100 * number, "points")
    if unit == YEAR:
        return f"{number:.0f}"
    if number == 1 and len(unit) > 1:
        unit = unit.removesuffix("s")
    return f"{_digits(number)}\N{NO-BREAK SPACE}{unit}" if unit else _digits(number)


def printed(number: float, unit: str = "") -> str:
    """Print a number with its unit for a sentence, which may break anywhere.

    Parameters
    ----------
    number : float
        The number, infinite ones included.
    unit : str, optional
        Its unit, as in `quantity`.

    Examples
    --------
    >>> printed(0.945, "fraction"), printed(float("inf"))
    ('94.5 %', 'infinity')
    """
    return quantity(float(number), unit).replace("\N{NO-BREAK SPACE}", " ")


def in_column(value: Any, unit: str = "") -> str:
    """Print a value for a column of figures: percentages with two decimals, and no unit.

    Parameters
    ----------
    value : Any
        A number or a missing value.
    unit : str, optional
        Unit of the number; a fraction is printed in percent.

    Returns
    -------
    str
        The printed number; a dash for a missing value.

    Examples
    --------
    >>> in_column(0.945, "fraction"), in_column(3.14159, "s")
    ('94.50', '3.142')
    """
    number = None if missing(value) else as_number(value)
    if number is None:
        return NONE if missing(value) else str(value)
    return f"{100 * number:.2f}" if unit in PERCENT else _digits(number)


def percent(share: float) -> str:
    """Print a share in percent, to a tenth where it has one.

    Examples
    --------
    >>> percent(0.0724).replace("\N{NO-BREAK SPACE}", " ")
    '7.2 %'
    """
    return f"{f'{100 * share:.1f}'.removesuffix('.0')}\N{NO-BREAK SPACE}%"


def signed(share: float) -> str:
    """Print an error as a percentage with its sign.

    Parameters
    ----------
    share : float
        The error, as a share of what was right.

    Returns
    -------
    str
        The percentage, to a tenth.

    Examples
    --------
    >>> signed(-0.125).replace("\N{NO-BREAK SPACE}", " ")
    '−12.5 %'
    """
    printed = f"{100 * share:+.1f}".replace("-", "\N{MINUS SIGN}")
    return f"{printed}\N{NO-BREAK SPACE}%"


def within_whole(ends: tuple[float, float], value: float, unit: str) -> tuple[float, float]:
    """Cut the interval of a fraction to print it: no more than the whole can be right.

    Parameters
    ----------
    ends : tuple of float
        The interval.
    value : float
        The number that it is of; where that itself is no part of a whole, nothing is cut.
    unit : str
        Unit of the number; only intervals of fractions are cut.

    Returns
    -------
    tuple of float
        The interval as it is printed.

    Examples
    --------
    >>> within_whole((0.965, 1.02), 0.99, "fraction"), within_whole((0.9, 1.1), 1.0, "s")
    ((0.965, 1.0), (0.9, 1.1))
    """
    if unit not in PERCENT or not 0 <= value <= 1:
        return ends
    return max(ends[0], 0.0), min(ends[1], 1.0)


def missing(value: Any) -> bool:
    """Tell whether a table's cell holds nothing."""
    return value is None or value is pd.NA or value == "" or value != value


def as_number(value: Any) -> float | None:
    """Read a cell as a number; ``None`` if it is text."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _digits(number: float) -> str:
    whole = number.is_integer() or abs(number) >= 1e4
    printed = f"{number:,.0f}" if whole else f"{number:.4g}"
    return printed.replace("-", "\N{MINUS SIGN}", 1)
