"""Machines of timings: cores, hardware threads and clock."""

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
    """A machine; unknown facts are replaced by assumptions.

    Attributes
    ----------
    name
        Its profile's id, or ``host``.
    cores
        Number of physical cores.
    threads_per_core
        Hardware threads per core.
    clock_ghz
        Maximum clock if known, else the base clock, in GHz; None if neither is known.
    assumed
        Names of the facts that are assumed.
    """

    name: str
    cores: int
    threads_per_core: int
    clock_ghz: float | None
    assumed: tuple[str, ...] = ()

    @property
    def hardware_threads(self) -> int:
        """Number of threads that can run at the same time."""
        return self.cores * self.threads_per_core

    @classmethod
    def from_profile(cls, profile: Mapping[str, Any]) -> Machine:
        """Return the machine of a resolved profile: see docs/architecture.md."""
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
        """Return the machine of a mapping that `dataclasses.asdict` made.

        Raises
        ------
        InputError
            If its number of cores or of threads per core is not a positive whole number.
        """
        machine = cls(
            name=content["name"],
            cores=content["cores"],
            threads_per_core=content["threads_per_core"],
            clock_ghz=content["clock_ghz"],
            assumed=tuple(content["assumed"]),
        )
        for key in ("cores", "threads_per_core"):
            count = getattr(machine, key)
            if not isinstance(count, int) or count < 1:
                raise InputError(
                    f"machine {machine.name}: {key}: expected a whole number of at least 1, got {count!r}"
                )
        return machine


def host() -> Machine:
    """Detect this machine, limited to what this process may use."""
    # Joblib respects a container's limits. Imported here because that takes 0.15 s, and reading a profile needs none.
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
    """Return the current clock, averaged over the logical CPUs; None if unknown."""
    frequency = _frequency()
    return None if frequency is None else round(float(frequency.current), 1)


def _clock_ghz() -> float | None:
    frequency = _frequency()
    if frequency is None:
        return None
    # The current clock fluctuates, and every change reruns what depends on it: round it to 0.1 GHz.
    highest = float(frequency.max or 0)
    clock = round(highest / 1000, 2) if highest else round(float(frequency.current) / 1000, 1)
    return clock or None  # some systems report an unknown clock as 0


def _frequency() -> Any:
    try:
        return psutil.cpu_freq() if hasattr(psutil, "cpu_freq") else None
    except (NotImplementedError, OSError):  # hidden by a kernel or a container
        return None
