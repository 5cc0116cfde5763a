"""Cost of what a command makes, from the start of its process."""

from __future__ import annotations

import os
from time import perf_counter

from pnncore.supervision import BEGAN
from records.cost import Cost


def spent() -> Cost:
    """Return what this command has spent so far, with the child processes that have ended.

    The few hundredths of a second that its supervisor has worked count as seconds, not as processor time.
    """
    return Cost(seconds=perf_counter() - BEGAN, cpu_seconds=sum(os.times()[:4]))


class Meter:
    """A meter of costs, one after another, the first from the start of the process."""

    def __init__(self) -> None:
        self._before = Cost(seconds=0.0, cpu_seconds=0.0)

    def lap(self) -> Cost:
        """Return what was spent since the last call, or since the start of the process."""
        before, self._before = self._before, spent()
        return Cost(
            seconds=self._before.seconds - before.seconds,
            cpu_seconds=self._before.cpu_seconds - before.cpu_seconds,
        )
