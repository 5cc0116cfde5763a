"""Buffers that a thread uses again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Generic, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Made = TypeVar("Made")


class ThreadCache(threading.local, Generic[Arguments, Made]):
    """What a function made last, in each thread: `get` calls it for other arguments only.

    Parameters
    ----------
    make
        The function; its arguments are hashable.
    """

    def __init__(self, make: Callable[Arguments, Made]) -> None:
        self.get = lru_cache(maxsize=1)(make)
