"""Display of progress: a bar on a terminal, occasional lines on other streams."""

from __future__ import annotations

import os
from time import monotonic
from typing import TextIO

from tqdm import tqdm

from snakemake_logger_plugin_pnn.plan import Plan

STEP = 0.05
"""Share of the jobs between two lines."""

SILENCE = 60
"""Longest time in seconds without a line; after ten minutes, a tenth of the time so far."""


class Bar:
    """A progress bar, redrawn at least every `PERIOD` seconds.

    Parameters
    ----------
    stream
        A terminal.
    plan
        The plan whose state is shown.
    """

    PERIOD = 1.0
    FORMAT = "{n_fmt} of {total_fmt} jobs {bar:10} {desc}"
    PAUSE = 0.1

    def __init__(self, stream: TextIO, plan: Plan) -> None:
        self._stream = stream
        self._plan = plan
        self._bar: tqdm | None = None
        self._drawn = 0.0

    def show(self) -> None:
        """Draw the bar, unless it was drawn less than `PAUSE` seconds ago."""
        if monotonic() - self._drawn >= self.PAUSE:
            self._draw(self._plan.now())

    def write(self, text: str) -> None:
        """Write a text above the bar."""
        tqdm.write(text, file=self._stream)

    def close(self) -> None:
        """Draw the bar a last time, and leave it on the terminal."""
        if self._bar is not None:
            self._draw("")
            self._bar.close()
            self._bar = None

    def _draw(self, now: str) -> None:
        # Some terminals report a width of 0.
        columns = os.get_terminal_size(self._stream.fileno()).columns or 80
        if self._bar is None:
            self._bar = tqdm(
                file=self._stream,
                bar_format=self.FORMAT,
                initial=self._plan.done,
                total=self._plan.total,
                ncols=columns - 1,
                nrows=2,
            )
        self._drawn = monotonic()
        self._bar.ncols = columns - 1
        self._bar.n, self._bar.total = self._plan.done, self._plan.total
        self._bar.set_description_str(f"{self._plan.line()}{now and ' · now '}{now}")


class Lines:
    """A line after every `STEP` of the jobs and after a long silence, checked every `PERIOD` seconds.

    Parameters
    ----------
    stream
        A stream that is not a terminal.
    plan
        The plan whose state is shown.
    """

    PERIOD = 5.0

    def __init__(self, stream: TextIO, plan: Plan) -> None:
        self._stream = stream
        self._plan = plan
        self._share = 0.0
        self._said = 0.0

    def show(self) -> None:
        """Write a line if one is due."""
        share = self._plan.done / max(self._plan.total, 1)
        silent = self._plan.elapsed - self._said
        if share - self._share >= STEP or silent >= max(SILENCE, self._plan.elapsed / 10):
            self._share, self._said = share, self._plan.elapsed
            self._say()

    def _say(self) -> None:
        self.write(f"{self._plan.done:,} of {self._plan.total:,} jobs · {self._plan.line()}")

    def write(self, text: str) -> None:
        """Write a text."""
        print(text, file=self._stream, flush=True)

    def close(self) -> None:
        """Write a last line, unless nothing has changed since the last one."""
        if 0 < self._share < self._plan.done / max(self._plan.total, 1):
            self._share = 1.0
            self._say()
