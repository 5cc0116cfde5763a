"""Checkpoints: the state from which an interrupted run resumes, in a file beside its record."""

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
from records.kinds.run import Epoch

INTERVAL: Final = 20.0
"""Least seconds between two checkpoints; a shorter run writes none."""

ABOUT: Final = "about"
"""Member with the run's digest, epoch, rows and seconds; the other members are the strategy's state."""

BROKEN: Final = (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, zlib.error)
"""Exceptions raised by reading a file that is not a complete checkpoint."""


@dataclass(frozen=True)
class Saved:
    """A run up to some epoch.

    Attributes
    ----------
    resume
        State from which its strategy resumes.
    rows
        The record's rows so far.
    seconds
        Seconds so far, by purpose.
    """

    resume: Resume
    rows: list[Epoch]
    seconds: dict[str, float]


class Checkpoint:
    """The checkpoint of a run.

    A checkpoint of another specification, data or code is ignored.

    Parameters
    ----------
    path
        The file; it need not exist.
    spec
        The run.
    dataset
        The run's dataset.
    clock
        Function that returns seconds.
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
        # Computed now, because an edit during the run does not affect the numbers that it saves.
        self._code = _digest_of_code()

    def load(self) -> Saved | None:
        """Return the saved run, or None if there is no valid checkpoint of this run."""
        if not self._path.exists():
            return None
        try:
            with np.load(self._path, allow_pickle=False) as members:
                about = json.loads(members[ABOUT].tobytes())
                if about["run"] != self._run:
                    return None
                state = {name: members[name] for name in members.files if name != ABOUT}
            resume = Resume(about["epoch"], state)
            rows = msgspec.convert(about["rows"], list[Epoch])
            return Saved(resume, rows, about["seconds"])
        except BROKEN:
            return None

    def offer(
        self,
        epoch: int,
        rows: list[Epoch],
        seconds: Mapping[str, float],
        state: Callable[[], State],
    ) -> None:
        """Save a run after an epoch, unless the last checkpoint is more recent than `INTERVAL`.

        Raises
        ------
        InputError
            If the file cannot be written.
        """
        if self._clock() - self._last < INTERVAL:
            return
        members: dict[str, Any] = {**state()}
        if not members:  # the strategy cannot resume
            return
        about = {"run": self._run, "epoch": epoch, "rows": rows, "seconds": dict(seconds)}
        members[ABOUT] = np.frombuffer(msgspec.json.encode(about), np.uint8)
        with writing(self._path) as stream:
            np.savez(stream, **members)
        self._last = self._clock()

    def remove(self) -> None:
        """Delete the file, if it exists."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    @cached_property
    def _run(self) -> str:
        """Digest of specification, code and data, on which a run's numbers depend."""
        digest = hashlib.sha256(msgspec.json.encode(self._spec) + self._code)
        for split in (self._dataset.train, self._dataset.test):
            for array in (split.images, split.labels):
                # A view, because a copy would count in the memory that the record reports.
                view = np.ascontiguousarray(array).data
                digest.update(zlib.crc32(view).to_bytes(4, "big"))
        return digest.hexdigest()


def _digest_of_code() -> bytes:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()
