"""The host: cores, hardware threads and clock."""

from __future__ import annotations

from typing import Any

import psutil

from pnncore.timing import affinity
from records.machine import HOST, Machine


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
