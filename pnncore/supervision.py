"""A command in a process of its own: started again if the system kills it, and ended with what started it."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections import defaultdict
from collections.abc import Callable
from threading import Thread
from time import sleep
from typing import Final

from records.errors import KilledWorkerError

VARIABLE: Final = "PNNCORE_END_WITH_PARENT"
"""Number of the process that commands shall not outlive: set in a run of the pipeline, not in a shell."""

TRIES: Final = 2
"""How often work is begun that was killed: that memory was short may have passed."""

INTERVAL: Final = 1.0
"""Seconds between two looks at whether a parent is still there."""

GRACE: Final = 10.0
"""Seconds to end in."""

ENDS: Final = {getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")}
"""Signals by which a person ends a command: it is not started again."""

_killed: defaultdict[str, list[int]] = defaultdict(list)
"""The signals that killed the command at each piece of work."""

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
        The command's exit status, or 128 and the signal if it was ended by one or killed twice before any work; 1 if
        what started it has ended.
    """
    if not hasattr(os, "fork"):
        return command()
    # The terminal interrupts the command, too.
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    own = os.getpid()
    while True:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            _told[:] = [theirs]
            signal.signal(signal.SIGINT, interrupted)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            Thread(target=_end_with, args=(own,), daemon=True).start()
            return command()
        os.close(theirs)
        signal.signal(signal.SIGTERM, lambda *_, child=child: os.kill(child, signal.SIGTERM))
        work = _listen(ours)
        if work is None:
            return 1
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return os.WEXITSTATUS(status)
        number = os.WTERMSIG(status)
        _killed[work].append(number)
        print(f"{work or 'The command'}: {_cause(number)}", file=sys.stderr, flush=True)
        if number in ENDS or (not work and len(_killed[work]) == TRIES):
            return 128 + number


def begin(work: str) -> None:
    """Say what is begun.

    Raises
    ------
    KilledWorkerError
        If it was killed twice: it is not to be begun again.
    """
    if len(_killed[work]) >= TRIES:
        raise KilledWorkerError(f"failed twice: it {_cause(_killed[work][-1])}")
    for pipe in _told:
        try:
            os.write(pipe, f"{work}\n".encode())
        except BrokenPipeError:  # the supervisor was killed, and so ends what it has started
            sys.exit(1)


def _cause(number: int) -> str:
    if number == signal.SIGKILL:
        return "was killed, most likely for want of memory"
    return f"was ended by signal {number} ({signal.strsignal(number)})"


def _listen(pipe: int) -> str | None:
    """Return what a command began last when it ends, or nothing; None if this process' parent ends first."""
    begun = b""
    while VARIABLE not in os.environ or os.environ[VARIABLE] == str(os.getppid()):
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
