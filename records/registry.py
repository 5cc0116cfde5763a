"""Registries: what the modules of a package register, each by the name of its file."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, Protocol, TypeVar, cast

from records.errors import InputError, nearest


class Named(Protocol):
    """What can be registered."""

    @property
    def name(self) -> str:
        """Return the name in configurations."""


T = TypeVar("T", bound=Named)


class Registry(Generic[T]):
    """The entries of a package: one a module, whose file has the entry's name, with underscores for hyphens.

    A module joins by being in the package and having the constant. Others of the package's modules, such as contracts,
    have no such constant.

    Parameters
    ----------
    package
        The package, such as ``pnncore.strategies``.
    constant
        Name of the constant that holds a module's entry, such as ``STRATEGY``.
    """

    def __init__(self, package: str, constant: str) -> None:
        self.package = package
        self.constant = constant

    @cached_property
    def entries(self) -> dict[str, T]:
        """Entries by name, in alphabetical order."""
        found = filter(None, map(self._entry, self._files))
        return {entry.name: entry for entry in found}

    @property
    def modules(self) -> tuple[str, ...]:
        """Full names of all modules of entries.

        A digest of code cannot see an import by a name that is found when a command runs.
        """
        return tuple(map(self.module, self.entries))

    def module(self, name: str) -> str:
        """Return the full name of an entry's module."""
        return f"{self.package}.{name.replace('-', '_')}"

    def named(self, name: str) -> T:
        """Return the entry of a name; import no other module than its own.

        Raises
        ------
        InputError
            If there is none.
        """
        file = self.module(name).rpartition(".")[2]
        entry = self._entry(file) if file in self._files else None
        if entry is None or entry.name != name:
            kind = self.constant.lower()
            raise InputError(f"{kind}: there is no {name!r}; {nearest(name, self.entries)}")
        return entry

    def _entry(self, file: str) -> T | None:
        module = import_module(f"{self.package}.{file}")
        return cast("T | None", getattr(module, self.constant, None))

    @cached_property
    def _files(self) -> tuple[str, ...]:
        folders = import_module(self.package).__path__
        return tuple(sorted(module.name for module in iter_modules(folders) if not module.ispkg))
