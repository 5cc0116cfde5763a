"""Progress of a run: a logger plugin for Snakemake, enabled by ``logger: pnn`` in a profile.

Snakemake finds it by the package's name. Snakemake's filter is kept, so ``--quiet`` and similar options work, and so is
its formatter, except for the progress of jobs.
"""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Mapping
from logging import LogRecord
from threading import Event, Thread
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_pnn.display import Bar, Lines
from snakemake_logger_plugin_pnn.plan import Expected, Plan

__all__ = ["Expected", "LogHandler", "expect", "finish"]

PATIENCE = 2
"""Longest wait, in seconds, for logged records to be shown."""

TAIL = 15
"""Number of lines shown of a failed job's log."""

_plan = Plan()
_shown = Event()
"""Set when a handler shows a job."""


def expect(outputs: Mapping[str, Expected]) -> None:
    """Announce the jobs of a run, so that the time left can be estimated.

    Call it in ``onstart``; without it, jobs are only counted.

    Parameters
    ----------
    outputs
        One output of each job, with the job's estimate. An existing output is not counted until it is made again.
    """
    _plan.expect(outputs)


def finish() -> None:
    """End the progress and wait until all records are shown, so that later output appears below it.

    Call it first in ``onsuccess`` and ``onerror``: Snakemake passes records to plugins in another thread.
    """
    if _shown.is_set():
        done = Event()
        logging.getLogger("snakemake.logging").info("", extra={"pnn_finish": done})
        done.wait(PATIENCE)


class LogHandler(LogHandlerBase):
    """A handler that shows progress and errors instead of a block of lines for every job."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Choose the stream and the display."""
        stream = sys.stdout if self.common_settings.stdout else sys.stderr
        self._display = Bar(stream, _plan) if stream.isatty() else Lines(stream, _plan)
        self._at_work = False
        self._over = Event()

    def emit(self, record: LogRecord) -> None:
        """Handle a record. Exceptions are caught, because one would end the thread that handles all records."""
        try:
            self._handle(record)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """End the progress."""
        self._end()
        super().close()

    def _handle(self, record: LogRecord) -> None:
        event: LogEvent | None = getattr(record, "event", None)
        if done := getattr(record, "pnn_finish", None):
            self._end()
            done.set()
        elif self.common_settings.dryrun or event == LogEvent.SHELLCMD:
            self._say(self.format(record))
        elif event == LogEvent.RUN_INFO:
            _plan.total = record.stats["total"]  # type: ignore[attr-defined]
            self._at_work = True
        elif event == LogEvent.JOB_INFO:
            self._start(record)
        elif event == LogEvent.JOB_FINISHED:
            _plan.finish(record.job_id)  # type: ignore[attr-defined]
        elif event == LogEvent.PROGRESS:
            self._advance(record)
        elif event == LogEvent.JOB_ERROR:
            self._fail(record)
        elif event in (None, LogEvent.ERROR) and not self._is_noise(record):
            self._say(self.format(record))

    def _is_noise(self, record: LogRecord) -> bool:
        """Return whether a message only repeats what the progress or `_fail` shows."""
        failed = getattr(record, "exception", "") == "RuleException"
        return (self._at_work and record.levelno == logging.INFO) or failed

    def _say(self, text: str | None) -> None:
        if text and text != "None":
            self._display.write(text)

    def _start(self, record: LogRecord) -> None:
        _plan.start(record)
        if not _shown.is_set():
            _shown.set()
            Thread(target=self._tick, daemon=True).start()
        self._display.show()

    def _advance(self, record: LogRecord) -> None:
        _plan.done, _plan.total = record.done, record.total  # type: ignore[attr-defined]
        self._display.show()
        if _plan.done == _plan.total:
            self._end()

    def _fail(self, record: LogRecord) -> None:
        """Show a failed job and the end of its log; Snakemake would list all its files and its whole command."""
        error: Any = record
        job = _plan.fail(error.jobid)
        if job is not None:  # some versions of Snakemake report all errors again at the end
            self._say(f"Error in job {error.jobid}: {job.name}")
            self._say("\n".join(map(_tail, error.log)))

    def _tick(self) -> None:
        while not self._over.wait(self._display.PERIOD):
            self.acquire()
            try:
                if not self._over.is_set():
                    self._display.show()
            finally:
                self.release()

    def _end(self) -> None:
        self._at_work = False
        self._over.set()
        self._display.close()


def _tail(path: str) -> str:
    """Return the path and the last lines of a log."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            lines = deque(file, TAIL)
    except OSError as error:
        lines = deque([f"({error.strerror})"])
    return "\n".join([f"    {path}:", *(f"    | {line.rstrip()}" for line in lines)])
