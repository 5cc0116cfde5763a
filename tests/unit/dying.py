"""Calls in which a worker process dies: apart from the tests, so that the process need not import all that they do."""

import os
import signal
from typing import Any


def die_if(told: bool) -> bool:
    if told:
        os.kill(os.getpid(), signal.SIGKILL)
    return told


def train_or_die(*arguments: Any) -> Any:
    """Train a child network, but for worker 1 in the second epoch."""
    from pnncore.strategies.child import train_child

    worker, epochs = arguments[-2:]
    die_if(worker == 1 and epochs[0] == 2)
    return train_child(*arguments)
