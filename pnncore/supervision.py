"""Supervision of a command: it runs in a child process, is restarted if killed, and ends with its parent."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections import defaultdict
from collections.abc import Callable
from threading import Thread
from time import perf_counter, process_time, sleep
from typing import Final

from records.errors import KilledWorkerError

BEGAN: Final = perf_counter() - process_time()
"""Reading of `perf_counter` when this command was started; until now, it has only worked."""

VARIABLE: Final = "PNNCORE_END_WITH_PARENT"
"""Process id of the parent that commands must not outlive: set in a run of the pipeline, not in a shell."""

TRIES: Final = 2
"""Attempts at work that was killed: memory may no longer be short."""

INTERVAL: Final = 1.0
"""Seconds between two checks that a parent still runs."""

GRACE: Final = 10.0
"""Seconds that a process has for its clean-up."""

ENDS: Final = {getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")}
"""Signals by which a user ends a command; it is not restarted."""

_killed: defaultdict[str, list[int]] = defaultdict(list)
"""Signals that killed the command, by the work at that time."""

_pipes: list[int] = []
"""The pipe on which the command reports to its supervisor what it begins; empty without a supervisor."""


def supervise(command: Callable[[], int]) -> int:
    """Run a command in a child process, and restart it when it is killed, except twice before any work.

    This process has imported next to nothing and has no threads, so a fork is safe and takes 1 ms. On systems without
    fork, the command runs in this process.

    Parameters
    ----------
    command
        Function that returns the exit status, and calls `begin` for each piece of work.

    Returns
    -------
    int
        The command's exit status; 128 plus the signal if the user ended it or it was killed twice before any work; 1
        if this process' parent has ended.
    """
    if not hasattr(os, "fork"):
        return command()
    # The terminal sends Ctrl-C to the command, too.
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
    own = os.getpid()
    while True:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            _pipes[:] = [theirs]
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
    """Report the begin of a piece of work to the supervisor.

    Raises
    ------
    KilledWorkerError
        If it was killed twice, and must not be begun again.
    """
    if len(_killed[work]) >= TRIES:
        raise KilledWorkerError(f"failed twice: it {_cause(_killed[work][-1])}")
    for pipe in _pipes:
        try:
            os.write(pipe, f"{work}\n".encode())
        except BrokenPipeError:  # the supervisor was killed
            sys.exit(1)


def _cause(number: int) -> str:
    if number == signal.SIGKILL:
        return "was killed, most likely for lack of memory"
    return f"was ended by signal {number} ({signal.strsignal(number)})"


def _listen(pipe: int) -> str | None:
    """Wait until the command ends; return the work that it began last, or ''. Return None if our parent ends first."""
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
    # SIGTERM lets the command remove temporary files. A thread in a compiled loop handles it late.
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(GRACE)
    os._exit(1)
