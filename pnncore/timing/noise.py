"""Noise: load on the machine by others during a measurement."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter, process_time

import psutil

from records.kinds.repeat import Mark

OTHERS = 0.05
"""Largest share of the machine's CPU time used by other processes in a measurement that is not noisy."""

STEAL = 0.02
"""Largest share of the machine's CPU time given away by its hypervisor in a measurement that is not noisy."""

TICK = 0.01
"""Resolution, in seconds, of a system's counters of CPU time."""

BUSY = ("user", "nice", "system", "irq", "softirq")


@dataclass(frozen=True)
class Usage:
    """CPU time used so far, in seconds.

    Attributes
    ----------
    moment
        Time of the reading.
    busy
        CPU time of all processes and the system.
    stolen
        CPU time that the hypervisor gave to other machines; None if unknown.
    own
        CPU time of this process.
    """

    moment: float
    busy: float
    stolen: float | None
    own: float

    @classmethod
    def now(cls) -> Usage:
        """Read the system's counters."""
        times = psutil.cpu_times()
        return cls(
            moment=perf_counter(),
            busy=sum(getattr(times, kind, 0.0) for kind in BUSY),
            stolen=getattr(times, "steal", None),
            own=process_time(),
        )


@dataclass(frozen=True)
class Noise:
    """CPU time that others used during a measurement.

    Attributes
    ----------
    seconds
        Duration of the measurement.
    others
        CPU time of other processes, as a share of the machine's.
    steal
        CPU time given to other machines on the same hardware, as a share of the machine's; None if unknown.
    """

    seconds: float
    others: float
    steal: float | None

    @classmethod
    def between(cls, before: Usage, after: Usage, processors: int) -> Noise:
        """Return the noise between two readings on a machine with `processors` logical CPUs."""
        seconds = after.moment - before.moment
        machine = seconds * processors
        others = (after.busy - before.busy) - (after.own - before.own)
        stolen = (
            None
            if before.stolen is None or after.stolen is None
            else round((after.stolen - before.stolen) / machine, 4)
        )
        return cls(seconds, round(max(others, 0.0) / machine, 4), stolen)

    @property
    def is_disturbing(self) -> bool:
        """Whether a share exceeds `OTHERS` or `STEAL` by more than the resolution of the counters."""
        resolution = TICK / self.seconds
        return self.others > OTHERS + resolution or (self.steal or 0.0) > STEAL + resolution


def mark(noise: Noise, jobs: int, hardware_threads: int) -> Mark:
    """Return the mark of a measurement.

    Parameters
    ----------
    noise
        Noise during the measurement.
    jobs
        Number of workers that ran at the same time.
    hardware_threads
        Number of hardware threads of the cores that they ran on.

    Returns
    -------
    Mark
        ``noisy`` if the noise is disturbing; else ``oversubscribed`` if there were more workers than hardware threads;
        else ``clean``.
    """
    if noise.is_disturbing:
        return "noisy"
    return "oversubscribed" if jobs > hardware_threads else "clean"
