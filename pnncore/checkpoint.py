"""Checkpoints: what an interrupted run goes on from, in a file beside its record."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any, Final
from zipfile import BadZipFile

import msgspec
import numpy as np

from pnncore.data.dataset import Dataset
from pnncore.strategies.contract import Resume, State
from records.atomic import writing
from records.job import Run

INTERVAL: Final = 20.0
"""Seconds between two checkpoints: a run that takes less writes none, and no more than these are ever lost."""

ABOUT: Final = "about"
"""The member that says what the others belong to."""

BROKEN: Final = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, zlib.error)
"""What reading a file that is no checkpoint, or half of one, raises."""


@dataclass(frozen=True)
class Saved:
    """A run up to some epoch.

    Attributes
    ----------
    resume
        What its strategy goes on from.
    rows
        The record's rows so far.
    seconds
        Seconds spent so far, by what on.
    """

    resume: Resume
    rows: list[dict[str, Any]]
    seconds: dict[str, float]


class Checkpoint:
    """The checkpoint of a run.

    It counts only for the same specification, data and code: any other is as good as none.

    Parameters
    ----------
    path
        The file; there need be none.
    spec
        The run.
    dataset
        What the run trains on.
    clock
        Returns seconds.
    """

    def __init__(
        self,
        path: Path,
        spec: Run,
        dataset: Dataset,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._path = path
        self._spec = spec
        self._dataset = dataset
        self._clock = clock
        self._last = clock()
        # Of the code that runs: what is edited meanwhile had no part in the numbers that will be saved.
        self._code = _digest_of_code()

    def load(self) -> Saved | None:
        """Return what was saved; None if nothing was that this run could go on from."""
        if not self._path.exists():
            return None
        try:
            with np.load(self._path, allow_pickle=False) as members:
                about = json.loads(members[ABOUT].tobytes())
                if about["run"] != self._run:
                    return None
                state = {name: members[name] for name in members.files if name != ABOUT}
            resume = Resume(about["epoch"], state)
            return Saved(resume, about["rows"], about["seconds"])
        except BROKEN:
            return None

    def offer(
        self,
        epoch: int,
        rows: list[dict[str, Any]],
        seconds: Mapping[str, float],
        state: Callable[[], State],
    ) -> None:
        """Save a run after an epoch, if the last time is `INTERVAL` ago.

        Raises
        ------
        InputError
            If the file cannot be written.
        """
        if self._clock() - self._last < INTERVAL:
            return
        members: dict[str, Any] = {**state()}
        if not members:  # this strategy keeps none
            return
        about = {"run": self._run, "epoch": epoch, "rows": rows, "seconds": dict(seconds)}
        members[ABOUT] = np.frombuffer(json.dumps(about).encode(), np.uint8)
        with writing(self._path) as stream:
            np.savez(stream, **members)
        self._last = self._clock()

    def remove(self) -> None:
        """Delete the file, if there is one."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    @cached_property
    def _run(self) -> str:
        """Digest of what a run's numbers depend on."""
        digest = hashlib.sha256(msgspec.json.encode(self._spec) + self._code)
        for split in (self._dataset.train, self._dataset.test):
            for array in (split.images, split.labels):
                # A view and no copy: the record says how much memory a run took.
                view = np.ascontiguousarray(array).data
                digest.update(zlib.crc32(view).to_bytes(4, "big"))
        return digest.hexdigest()


def _digest_of_code() -> bytes:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()
