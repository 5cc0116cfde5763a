"""Registries: what the modules of a package register, each by the name of its file."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

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
    tagged
        Returns the type of an entry's configuration, if that has the entry's name as its tag.
    """

    def __init__(
        self, package: str, constant: str, tagged: Callable[[T], type[Any]] | None = None
    ) -> None:
        self.package = package
        self.constant = constant
        self._tagged = tagged

    @cached_property
    def entries(self) -> dict[str, T]:
        """Entries by name, in alphabetical order.

        Raises
        ------
        InputError
            If an entry has another name than its file.
        """
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
        return f"{self.package}.{_file(name)}"

    def named(self, name: str) -> T:
        """Return the entry of a name; import no other module than its own.

        Raises
        ------
        InputError
            If there is none, or it has another name than its file.
        """
        file = _file(name)
        entry = self._entry(file) if file in self._files else None
        if entry is None or entry.name != name:
            raise InputError(f"{self.constant.lower()}: {self.absent(name)}")
        return entry

    def of(self, settings: Struct) -> T:
        """Return the entry whose configuration these settings are, by their tag."""
        return self.named(str(settings.__struct_config__.tag))

    def absent(self, name: str) -> str:
        """Say that there is no entry of a name, and what its module lacks or the name may have meant."""
        file = _file(name)
        if file in self._files and self._entry(file) is None:
            return f"there is no {name!r}: {self._path(file)} has no constant {self.constant}"
        return f"there is no {name!r}; {nearest(name, self.entries)}"

    def _entry(self, file: str) -> T | None:
        module = import_module(f"{self.package}.{file}")
        entry: T | None = getattr(module, self.constant, None)
        if entry is not None:
            names = {"name": entry.name}
            if self._tagged:
                names["tag"] = str(self._tagged(entry).__struct_config__.tag)
            for what, name in names.items():
                if _file(name) != file or name != entry.name:
                    raise InputError(
                        f"{self._path(file)}: the {what} of its {self.constant} is {name!r}; give it that of the file, "
                        f"{file!r}"
                    )
        return entry

    def _path(self, file: str) -> str:
        return f"{self.package.replace('.', '/')}/{file}.py"

    @cached_property
    def _files(self) -> tuple[str, ...]:
        folders = import_module(self.package).__path__
        return tuple(sorted(module.name for module in iter_modules(folders) if not module.ispkg))


def _file(name: str) -> str:
    """Return the name of an entry's file."""
    return name.replace("-", "_")
