"""Standard output of a command, written at once; a failed write prints no traceback."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO


@contextmanager
def standard_output(program: str) -> Iterator[None]:
    """Buffer what a block prints, and write it when the block ends.

    If the reader has closed the pipe, as ``head`` does, the process exits silently with the status of SIGPIPE. If the
    output cannot be written, it prints an error to standard error and exits with status 1.

    Parameters
    ----------
    program
        Name of the program, with which the error starts.
    """
    buffer = StringIO()
    try:
        with redirect_stdout(buffer):
            yield
    finally:
        _write(program, buffer.getvalue())


def _write(program: str, text: str) -> None:
    if not text:
        return
    if sys.stdout is None:  # the process was started with it closed
        print(f"{program}: standard output is closed", file=sys.stderr)
        sys.exit(1)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        sys.exit(128 + signal.SIGPIPE)
    except (OSError, UnicodeEncodeError) as error:
        _discard_output()
        print(f"{program}: standard output cannot be written: {error}", file=sys.stderr)
        sys.exit(1)


def _discard_output() -> None:
    """Redirect standard output to the null device, so that Python's flush at exit cannot fail."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
