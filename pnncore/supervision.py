"""A command in a process of its own: started again if the system kills it, and ended with what started it."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections import Counter
from collections.abc import Callable
from threading import Thread
from time import sleep
from typing import Final

from records.errors import KilledWorkerError

VARIABLE: Final = "PNNCORE_END_WITH_PARENT"
"""Set where commands shall not outlive what started them: in a run of the pipeline, not in a shell."""

TRIES: Final = 2
"""How often work is begun that was killed: that memory was short may have passed."""

INTERVAL: Final = 1.0
"""Seconds between two looks at whether a parent is still there."""

GRACE: Final = 10.0
"""Seconds to end in."""

_killed: Counter[str] = Counter()
"""How often the command was killed at each piece of work."""

_told: list[int] = []
"""The pipe on which the command tells its supervisor what it begins; none if nobody supervises it."""


def supervise(command: Callable[[], int]) -> int:
    """Run a command in a process of its own, again each time that is killed, until it was twice before any work.

    This process has imported next to nothing and has no threads, so that a fork is safe and takes a thousandth of a
    second. On systems that do not fork, the command runs in this process.

    Parameters
    ----------
    command
        Returns its exit status. It says with `begin` what it begins.

    Returns
    -------
    int
        The command's exit status; 137 if it was killed twice before it had begun anything, 1 if what started it ended.
    """
    if not hasattr(os, "fork"):
        return command()
    # The terminal interrupts the command, too.
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            _told[:] = [theirs]
            signal.signal(signal.SIGINT, interrupted)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
            return command()
        os.close(theirs)
        signal.signal(signal.SIGTERM, lambda *_, child=child: os.kill(child, signal.SIGTERM))
        work = _listen(ours)
        if work is None:
            return 1
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return os.WEXITSTATUS(status)
        if os.WTERMSIG(status) == signal.SIGTERM:
            return 128 + signal.SIGTERM
        print(f"{work or 'The command'}: was killed", file=sys.stderr, flush=True)
        _killed[work] += 1
        if not work and _killed[work] == TRIES:
            return 128 + signal.SIGKILL


def begin(work: str) -> None:
    """Say what is begun.

    Raises
    ------
    KilledWorkerError
        If it was killed twice: it is not to be begun again.
    """
    if _killed[work] >= TRIES:
        raise KilledWorkerError("was killed twice, most likely for want of memory")
    for pipe in _told:
        os.write(pipe, f"{work}\n".encode())


def _listen(pipe: int) -> str | None:
    """Return what a command began last when it ends, or nothing; None if this process' parent ends first."""
    parent, begun = os.getppid(), b""
    while os.getppid() == parent or VARIABLE not in os.environ:
        if select.select([pipe], [], [], INTERVAL)[0]:
            more = os.read(pipe, 4096)
            if not more:
                os.close(pipe)
                return begun.decode().rstrip("\n").rpartition("\n")[2]
            begun += more
    return None


def _end_with(parent: int) -> None:
    """End this process when its parent has ended."""
    while os.getppid() == parent:
        sleep(INTERVAL)
    # As Ctrl-C would: what is half-written is removed. A thread that is deep in a loop of ours hears it late.
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(GRACE)
    os._exit(1)
