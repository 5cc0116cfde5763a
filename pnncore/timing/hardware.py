"""The host: cores, hardware threads and clock."""

from __future__ import annotations

from typing import Any

import psutil

from pnncore.timing import affinity
from records.machine import HOST, Machine


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
