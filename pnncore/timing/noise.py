"""Noise: what else the machine did while something was measured."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter, process_time

import psutil

OTHERS = 0.05
"""Share of the machine that other processes may have before a measurement counts as noisy."""

STEAL = 0.02
"""Share of the machine that its hypervisor may give to others before a measurement counts as noisy."""

TICK = 0.01
"""Seconds in which systems count processor time: what each processor did is known to one of them."""

BUSY = ("user", "nice", "system", "irq", "softirq")


@dataclass(frozen=True)
class Usage:
    """Processor time used up to a moment, in seconds.

    Attributes
    ----------
    moment
        When that was.
    busy
        By all processes and the system.
    stolen
        By the hypervisor, for others than this machine; None where the system does not tell.
    own
        By this process.
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
    """What a measurement shared the machine with.

    Attributes
    ----------
    seconds
        How long it took.
    others
        Processor time of other processes, as a share of the machine.
    steal
        Processor time given to other machines on the same hardware, as a share of the machine; None if unknown.
    """

    seconds: float
    others: float
    steal: float | None

    @classmethod
    def between(cls, before: Usage, after: Usage, processors: int) -> Noise:
        """Take the difference of two readings on a machine of so many processors."""
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
        """Whether the shares pass `OTHERS` or `STEAL`, and by more than the counters' ticks can account for."""
        unsure = TICK / self.seconds
        return self.others > OTHERS + unsure or (self.steal or 0.0) > STEAL + unsure


def mark(noise: Noise, jobs: int, hardware_threads: int) -> str:
    """Return what there is to know about a measurement before it is trusted.

    Parameters
    ----------
    noise
        What it shared the machine with.
    jobs
        Workers that ran at the same time.
    hardware_threads
        Hardware threads of the cores that they ran on.

    Returns
    -------
    str
        ``noisy`` if others had much of the machine; else ``oversubscribed`` if there were more workers than hardware
        threads; else ``clean``.
    """
    if noise.is_disturbing:
        return "noisy"
    return "oversubscribed" if jobs > hardware_threads else "clean"
