"""Prose whose numbers of our own runs come out of a bundle.

The prose is Markdown with expressions in double braces, in Jinja's syntax: ``{{ test("ott/averaged/relu", 8) }}``. An
expression is made of the functions of `RunNumbers`, which give a number, or one by seed; of arithmetic, seed by seed;
and of the filters `decimals`, `each` and `span`, where it is not to be a mean with one decimal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import pandas as pd
from jinja2 import Environment, StrictUndefined, TemplateError

from records.errors import InputError
from reports.bundle.archive import Bundle
from reports.bundle.run_numbers import Numbers, RunNumbers

EXPRESSION: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def with_numbers(prose: str, name: str, bundle: Bundle) -> str:
    """Replace every expression by what it makes of a bundle's tables.

    Parameters
    ----------
    prose
        The text, with expressions in double braces.
    name
        The file that the text is of, for messages.
    bundle
        The bundle of the runs.

    Raises
    ------
    InputError
        If an expression is wrong, finds nothing, or finds several numbers where one is meant.
    """
    with bundle.unpacked() as folder:
        numbers = RunNumbers(folder / "tables", (*bundle.papers, *bundle.comparisons))
        return filled(prose, name, numbers.functions())


def filled(prose: str, name: str, functions: Mapping[str, Any]) -> str:
    """Replace every expression by its text, as in `with_numbers`, given the functions that it may use."""
    environment = Environment(undefined=StrictUndefined, autoescape=True)
    environment.filters |= {function.__name__: function for function in (decimals, each, span)}

    def made(found: re.Match[str]) -> str:
        try:
            compiled = environment.compile_expression(found[1].strip(), undefined_to_none=False)
            value: Any = compiled(functions)
            return value if isinstance(value, str) else decimals(value)
        # Python raises a TypeError where a function is given other arguments than it has.
        except (InputError, TemplateError, TypeError) as error:
            raise InputError(f"{name}: {found[0]}: {error}") from error

    return EXPRESSION.sub(made, prose)


def decimals(value: Numbers | float, digits: int = 1) -> str:
    """Write a number, or the mean of numbers by seed, with so many decimals."""
    return _text(_complete(value).mean(), digits)


def each(value: Numbers | float, last: str = " and ", digits: int = 1) -> str:
    """List the numbers of all seeds, with a text of its own before the last one.

    Examples
    --------
    >>> each(pd.Series([9.8, 10.1, 31.2]))
    '9.8, 10.1 and 31.2'
    """
    *others, end = (_text(number, digits) for number in _complete(value))
    return f"{', '.join(others)}{last}{end}" if others else end


def span(value: Numbers | float, digits: int = 1) -> str:
    """Write the least and the greatest of numbers by seed.

    Examples
    --------
    >>> span(pd.Series([94.6, 94.1, 94.4]))
    '94.1 to 94.6'
    """
    numbers = _complete(value)
    return f"{_text(numbers.min(), digits)} to {_text(numbers.max(), digits)}"


def _text(number: float, digits: int) -> str:
    """Write a number with so many decimals, a half away from zero, whatever its last bits are."""
    exact = Decimal(str(round(float(number), 9)))
    return f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"


def _complete(value: Any) -> Numbers:
    """Return a number, or numbers, as numbers of which none is missing."""
    numbers = value if isinstance(value, pd.Series) else pd.Series([float(value)])
    # Pandas pairs numbers by their seeds, and makes those missing that one side alone has.
    if numbers.isna().any():
        raise InputError("a number is missing, or numbers of different seeds are combined")
    return numbers
