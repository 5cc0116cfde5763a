"""A process of its own for work that the system may kill."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from pnncore.errors import KilledWorkerError, PnncoreError
from pnncore.orphan import end_with_parent

TRIES: Final = 2
"""How often work is begun that was killed: that a memory was short may have passed."""

GRACE: Final = 10.0
"""Seconds that the process is given to end in."""


class Trial:
    """A process that does one piece of work after another, and stays warm between them.

    A context manager: the process starts with the first piece and ends with the context.
    """

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Trial:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in the process, once more in a new one if it is killed meanwhile.

        Parameters
        ----------
        function
            A function of a module.
        *arguments
            What it is given; as its result, anything that can be pickled.

        Raises
        ------
        PnncoreError
            What the function raises; for any other error, one with its name and message. Its traceback goes to
            standard error.
        KilledWorkerError
            If the process, or a worker of its own, was killed each time.
        """
        for _ in range(TRIES):
            answer = self._ask(function, arguments)
            if answer is not None:
                sentence, result = answer
                if sentence is not None:
                    raise PnncoreError(sentence)
                return result
            print("It was killed.", file=sys.stderr, flush=True)
            self._end()
        raise KilledWorkerError("was killed twice, most likely for want of memory")

    def _ask(
        self, function: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> tuple[str | None, Any] | None:
        """Return what was wrong, if anything, and the result; None if the process was killed."""
        connection = self._connection or self._start()
        try:
            connection.send((function, arguments))
            answer: tuple[str | None, Any] | None = connection.recv()
        except (EOFError, OSError):
            return None
        return answer

    def _start(self) -> Connection:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,))
        self._process.start()
        theirs.close()
        return self._connection

    def _end(self) -> None:
        if self._process is None or self._connection is None:
            return
        self._connection.close()
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(GRACE)
            self._process.kill()
        self._process.join()
        self._process = self._connection = None


def _serve(connection: Connection) -> None:
    end_with_parent()
    # Leaving by an exception removes what is half-written.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        while True:
            function, arguments = connection.recv()
            connection.send(_answer(function, arguments))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _answer(
    function: Callable[..., Any], arguments: tuple[Any, ...]
) -> tuple[str | None, Any] | None:
    try:
        return None, function(*arguments)
    except KilledWorkerError:
        return None
    except PnncoreError as error:
        return str(error), None
    except MemoryError as error:
        return (
            f"there is not enough memory ({error}); make the network or the mini-batches smaller",
            None,
        )
    except Exception as error:
        traceback.print_exc()
        return f"{type(error).__name__}: {error}", None
