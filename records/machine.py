"""A machine as timings and models see it: cores, hardware threads and clock."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from records.values import Entry

HOST: Final = "host"
"""Name of the machine that the pipeline runs on."""

CoreCount: TypeAlias = Annotated[int, Meta(ge=1, le=1024, description="A whole number from 1 up.")]
Gigahertz: TypeAlias = Annotated[float, Meta(gt=0, le=10, description="A clock in GHz.")]


class Machine(Entry, frozen=True):
    """A machine as timings and models see it.

    Attributes
    ----------
    name
        Its profile's id, or ``host``.
    cores
        Physical cores.
    threads_per_core
        Hardware threads of each.
    clock_ghz
        The highest clock if that is known, else the base clock; None if neither is.
    assumed
        Facts of the profile that are assumed because they are unknown.
    """

    name: str
    cores: CoreCount
    threads_per_core: CoreCount
    clock_ghz: Gigahertz | None
    assumed: tuple[str, ...] = ()

    @property
    def hardware_threads(self) -> int:
        """Threads that run at the same time."""
        return self.cores * self.threads_per_core
