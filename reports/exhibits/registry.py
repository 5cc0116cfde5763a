"""Kinds of exhibits by name: every module of the package `reports.exhibits.kinds` is one."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Union

from records.errors import InputError, nearest
from reports.exhibits import kinds as package
from reports.exhibits.contract import Kind


@cache
def kinds() -> dict[str, Kind[Any]]:
    """Return all kinds of exhibits by name, in alphabetical order."""
    found = (import_module(module).KIND for module in modules())
    return {kind.name: kind for kind in found}


@cache
def modules() -> tuple[str, ...]:
    """List the modules of the kinds by their full names.

    A digest of code cannot see what is imported by a name that is found out at run time.
    """
    names = sorted(module.name for module in iter_modules(package.__path__))
    return tuple(f"{package.__name__}.{name}" for name in names)


def named(name: str) -> Kind[Any]:
    """Return the kind of that name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in kinds():
        raise InputError(f"chart: there is no {name!r}; {nearest(name, kinds())}")
    return kinds()[name]


def entry_type() -> Any:
    """Return the type of an exhibit in a configuration: the union of all kinds' keys, told apart by ``chart``."""
    return Union[tuple(kind.keys for kind in kinds().values())]  # noqa: UP007 - it has no fixed members
