"""Standard output of a command line: written in one go, and without a traceback where that fails."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO


@contextmanager
def standard_output(program: str) -> Iterator[None]:
    """Hold what a block prints until it ends, then write it.

    Where whoever read it has left, as ``head`` does, the process ends without a word, as of SIGPIPE; where it cannot be
    written, with a sentence on standard error and status 1.

    Parameters
    ----------
    program
        What the sentence starts with.
    """
    held = StringIO()
    try:
        with redirect_stdout(held):
            yield
    finally:
        _write(program, held.getvalue())


def _write(program: str, text: str) -> None:
    if not text:
        return
    if sys.stdout is None:  # the process was started without it
        print(f"{program}: standard output is closed", file=sys.stderr)
        sys.exit(1)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up()
        sys.exit(128 + signal.SIGPIPE)
    except (OSError, UnicodeEncodeError) as error:
        _give_up()
        print(f"{program}: standard output cannot be written: {error}", file=sys.stderr)
        sys.exit(1)


def _give_up() -> None:
    """Lead standard output nowhere: Python flushes what is left once more when it ends, and must not fail there."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
