"""Processes that outlive the run that started them, and must not."""

from __future__ import annotations

import os
import signal
from threading import Thread
from time import sleep
from typing import Final

VARIABLE: Final = "PNNCORE_PARENT"
"""Holds the number of the process to end with."""

INTERVAL: Final = 1.0
"""Seconds between two looks."""

GRACE: Final = 10.0
"""Seconds to end in."""


def end_with_parent() -> None:
    """End this process soon after the one that the environment names has ended."""
    parent = os.environ.get(VARIABLE, "")
    if parent.isdecimal():
        Thread(target=_watch, args=(int(parent),), daemon=True).start()


def _watch(parent: int) -> None:
    while _lives(parent):
        sleep(INTERVAL)
    # As Ctrl-C would: what is half-written is removed. A thread that is deep in a loop of ours hears it late.
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(GRACE)
    os._exit(1)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
