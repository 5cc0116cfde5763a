"""Machines, as timings see them: cores, hardware threads and clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psutil

from pnncore.timing import affinity
from records.errors import InputError

HOST = "host"
"""Name of the machine that this process runs on."""


@dataclass(frozen=True)
class Machine:
    """A machine, or what is taken for one whose facts are not all known.

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
    cores: int
    threads_per_core: int
    clock_ghz: float | None
    assumed: tuple[str, ...] = ()

    @property
    def hardware_threads(self) -> int:
        """Threads that run at the same time."""
        return self.cores * self.threads_per_core

    @classmethod
    def from_profile(cls, profile: Mapping[str, Any]) -> Machine:
        """Take the machine out of a resolved profile: see docs/architecture.md."""
        assumed = profile["assumed"]
        known = {name: fact for name, fact in profile["facts"].items() if fact is not None}
        values = {name: entry["value"] for name, entry in {**known, **assumed}.items()}
        clocks = (values.get("max_clock_ghz"), values.get("base_clock_ghz"))
        return cls(
            name=profile["id"],
            cores=values["cores"],
            threads_per_core=values["threads_per_core"],
            clock_ghz=next((clock for clock in clocks if clock is not None), None),
            assumed=tuple(sorted(assumed)),
        )

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Machine:
        """Return the machine that `dataclasses.asdict` has made a mapping of.

        Raises
        ------
        InputError
            If it has no core, or a core has no thread.
        """
        made = cls(
            name=content["name"],
            cores=content["cores"],
            threads_per_core=content["threads_per_core"],
            clock_ghz=content["clock_ghz"],
            assumed=tuple(content["assumed"]),
        )
        for key in ("cores", "threads_per_core"):
            count = getattr(made, key)
            if not isinstance(count, int) or count < 1:
                raise InputError(
                    f"machine {made.name}: {key}: must be a whole number from 1 up, not {count!r}"
                )
        return made


def host() -> Machine:
    """Find out about this machine, or the part of it that this process may use."""
    # joblib knows a container's limits. Importing it takes 0.15 s, which who only reads profiles need not wait for.
    import joblib

    threads = joblib.cpu_count()
    if affinity.is_supported():
        cores = min(len(affinity.cores()), threads)
    else:
        cores = joblib.cpu_count(only_physical_cores=True)
    return Machine(
        name=HOST,
        cores=cores,
        threads_per_core=max(threads // cores, 1),
        clock_ghz=_clock_ghz(),
    )


def frequency_mhz() -> float | None:
    """Return the clock of the moment, a mean over the processors; None where the system does not tell."""
    frequency = _frequency()
    return None if frequency is None else round(float(frequency.current), 1)


def _clock_ghz() -> float | None:
    frequency = _frequency()
    if frequency is None:
        return None
    # The clock of the moment wavers, and what depends on it would be made again: it is told to a tenth.
    highest = float(frequency.max or 0)
    clock = round(highest / 1000, 2) if highest else round(float(frequency.current) / 1000, 1)
    return clock or None  # some systems say 0 for what they do not know


def _frequency() -> Any:
    try:
        return psutil.cpu_freq() if hasattr(psutil, "cpu_freq") else None
    except (NotImplementedError, OSError):  # a kernel or a container that hides it
        return None
