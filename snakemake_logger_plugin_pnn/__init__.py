"""What a person sees of a run: a logger plugin for Snakemake, switched on by ``logger: pnn`` in a profile.

Snakemake finds it by the package's name. Its default filter stays in place, so ``--quiet`` and the like do as ever, and
so does its formatter, which words all but jobs at work.
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
"""Seconds to wait for what was logged to be shown."""

TAIL = 15
"""Lines of a failed job's log that are shown."""

_plan = Plan()
_shown = Event()
"""Set once a handler shows a run."""


def expect(outputs: Mapping[str, Expected]) -> None:
    """Say what jobs there are, to be told how long the rest of them takes.

    To be called in ``onstart``; without it, jobs are counted only.

    Parameters
    ----------
    outputs
        Of each job one output, and what is expected of the job. What is there already is not counted until it is made
        again.
    """
    _plan.expect(outputs)


def finish() -> None:
    """End the progress and wait until all that was logged is shown: what is printed from now on comes below it.

    To be called first in ``onsuccess`` and ``onerror``: Snakemake hands records to plugins in a thread of its own.
    """
    if _shown.is_set():
        done = Event()
        logging.getLogger("snakemake.logging").info("", extra={"pnn_finish": done})
        done.wait(PATIENCE)


class LogHandler(LogHandlerBase):
    """Shows progress and troubles instead of a block of lines for every job."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Find out where to write."""
        stream = sys.stdout if self.common_settings.stdout else sys.stderr
        self._display = Bar(stream, _plan) if stream.isatty() else Lines(stream, _plan)
        self._at_work = False
        self._over = Event()

    def emit(self, record: LogRecord) -> None:
        """Show a record, or take note of it; an exception would end the thread that shows all others."""
        try:
            self._take(record)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """End the progress, if it has not ended."""
        self._end()
        super().close()

    def _take(self, record: LogRecord) -> None:
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
        elif event is None and not self._is_noise(record):
            self._say(self.format(record))

    def _is_noise(self, record: LogRecord) -> bool:
        """Tell whether a message is of no use to a person: it says what progress shows, or `_fail` does."""
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
        """Say what failed and how its log ends; Snakemake would list all its files and its whole command."""
        error: Any = record
        job = _plan.fail(error.jobid)
        if job is not None:  # some versions of Snakemake tell all errors again in the end
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
    """Name a log, and quote its last lines."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            lines = deque(file, TAIL)
    except OSError as error:
        lines = deque([f"({error.strerror})"])
    return "\n".join([f"    {path}:", *(f"    | {line.rstrip()}" for line in lines)])
