"""Noise: load on the machine by others during a measurement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

import psutil

from records.conditions import Conditions, Mark

OTHERS = 0.05
"""Largest share of the machine's CPU time used by other processes in a measurement that is not noisy."""

STEAL = 0.02
"""Largest share of the machine's CPU time given away by its hypervisor in a measurement that is not noisy."""

WAITED = 0.25
"""Largest share of the time in which something waited for a processor, in a measurement that is not noisy, with a
hardware thread for every worker. A neighbour of the lowest priority has hardly any time of a machine that is busy with
workers, and yet interrupts them, and all others of a team wait for the one that was interrupted. Such a neighbour waits
nearly all the time; threads of our own that start, end and look after workers wait up to a fifth of a short pass."""

PRESSURE = Path("/proc/pressure/cpu")
"""Linux' pressure stall information: for how long at least one task of any process waited for a processor."""

DELAY = Path("/proc/thread-self/schedstat")
"""Linux' statistics of the calling thread; the second number is for how many nanoseconds it waited for a processor."""

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
    waited
        Seconds in which something but this thread waited for a processor; None if unknown.
    """

    moment: float
    busy: float
    stolen: float | None
    own: float
    waited: float | None

    @classmethod
    def now(cls) -> Usage:
        """Read the system's counters."""
        times = psutil.cpu_times()
        return cls(
            moment=perf_counter(),
            busy=sum(getattr(times, kind, 0.0) for kind in BUSY),
            stolen=getattr(times, "steal", None),
            own=process_time(),
            waited=_seconds_of_waiting(),
        )


@dataclass(frozen=True)
class Noise:
    """What the rest of the machine did during a measurement.

    Attributes
    ----------
    seconds
        Duration of the measurement.
    others
        CPU time of other processes, as a share of the machine's.
    steal
        CPU time given to other machines on the same hardware, as a share of the machine's; None if unknown.
    waited
        Time in which something waited for a processor, as a share of the duration; None if unknown.
    """

    seconds: float
    others: float
    steal: float | None
    waited: float | None

    @classmethod
    def between(cls, before: Usage, after: Usage, processors: int) -> Noise:
        """Return the noise between two readings on a machine with `processors` logical CPUs."""
        seconds = after.moment - before.moment
        others = (after.busy - before.busy) - (after.own - before.own)
        return cls(
            seconds,
            round(max(others, 0.0) / (seconds * processors), 4),
            _share(before.stolen, after.stolen, seconds * processors),
            _share(before.waited, after.waited, seconds),
        )

    def mark(self, workers: int, hardware_threads: int) -> Mark:
        """Return the mark of the measurement.

        Parameters
        ----------
        workers
            Number of workers that ran at the same time.
        hardware_threads
            Number of hardware threads of the cores that they ran on.

        Returns
        -------
        Mark
            ``noisy`` if a share is above `OTHERS`, `STEAL` or `WAITED`; else ``oversubscribed`` if there were more
            workers than hardware threads; else ``clean``.
        """
        oversubscribed = workers > hardware_threads
        # More workers than hardware threads wait for each other, and nobody knows who else does.
        waited = 0.0 if oversubscribed else self.waited or 0.0
        # CPU time is counted in ticks, any of which may be counted late.
        tick = TICK / self.seconds
        if self.others > OTHERS + tick or (self.steal or 0.0) > STEAL + tick or waited > WAITED:
            return "noisy"
        return "oversubscribed" if oversubscribed else "clean"


class Watch:
    """Watches the conditions of a measurement of several parts.

    Parameters
    ----------
    hardware_threads
        Number of hardware threads of the cores that the measurement runs on.
    """

    def __init__(self, hardware_threads: int) -> None:
        self._hardware_threads = hardware_threads
        self._parts: list[Conditions] = []

    @contextmanager
    def during(self, workers: int) -> Iterator[None]:
        """Watch a part, in which `workers` workers run at the same time."""
        before = Usage.now()
        yield
        noise = Noise.between(before, Usage.now(), psutil.cpu_count() or 1)
        self._parts.append(
            Conditions(
                mark=noise.mark(workers, self._hardware_threads),
                others=noise.others,
                steal=noise.steal,
                waited=noise.waited,
            )
        )

    def conditions(self) -> Conditions:
        """Return the worst conditions: ``noisy`` if a part is, and of each share the largest of a part."""
        marks = [part.mark for part in self._parts]
        return Conditions(
            mark=max(marks, key=_WORSE.index),
            others=_largest(part.others for part in self._parts),
            steal=_largest(part.steal for part in self._parts),
            waited=_largest(part.waited for part in self._parts),
        )


_WORSE: tuple[Mark, ...] = ("clean", "oversubscribed", "noisy")


def _seconds_of_waiting() -> float | None:
    """Read for how long something but the calling thread waited for a processor; None where the system does not tell.

    The calling thread looks after workers that may keep all processors busy, so that it waits for its own.
    """
    try:
        some, *_ = PRESSURE.read_text(encoding="ascii").splitlines()
        _, delay, *_ = DELAY.read_text(encoding="ascii").split()
        return int(some.rpartition("total=")[2]) / 1e6 - int(delay) / 1e9
    except (OSError, ValueError):
        return None


def _largest(shares: Iterable[float | None]) -> float | None:
    return max((share for share in shares if share is not None), default=None)


def _share(before: float | None, after: float | None, of: float) -> float | None:
    return None if before is None or after is None else round(max(after - before, 0.0) / of, 4)
