"""Processes that outlive the run that started them, and must not."""

from __future__ import annotations

import os
import signal
from multiprocessing import parent_process
from threading import Thread
from time import sleep
from typing import Final

VARIABLE: Final = "PNNCORE_END_WITH_PARENT"
"""Set where commands shall not outlive what started them: in a run of the pipeline, not in a shell."""

INTERVAL: Final = 1.0
"""Seconds between two looks."""

GRACE: Final = 10.0
"""Seconds to end in."""


def end_with_parent() -> None:
    """End this process soon after the one that started it has ended, where the environment says that it shall."""
    if os.environ.get(VARIABLE):
        # multiprocessing knows whose child this is even if that has died meanwhile.
        parent = parent_process()
        pid = os.getppid() if parent is None else parent.pid
        Thread(target=_watch, args=(pid,), daemon=True).start()


def _watch(parent: int | None) -> None:
    while os.getppid() == parent:
        sleep(INTERVAL)
    # As Ctrl-C would: what is half-written is removed. A thread that is deep in a loop of ours hears it late.
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(GRACE)
    os._exit(1)
