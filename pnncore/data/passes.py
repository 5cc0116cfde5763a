"""Passes over a dataset that the authors of a paper timed and counted: read from their files, and summarised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import UNSET

from records.authors import (
    DECIMALS,
    KEPT,
    MILESTONES,
    Accuracies,
    AuthorsRun,
    EpochAccuracy,
    Spread,
)
from records.errors import InputError

HEAD: Final = (
    "Mode;CPUs;Parallel;WorkerBatch;LearningRate;WorkerSetupTime;EpochElapsedTime;EpochLines;"
    "TotalElapsedTime;TotalLines;Correct;Incorrect"
)
"""The first line of a file of passes."""

FEW: Final = 5
"""Up to so many passes, a summary lists the seconds of each."""

EPOCHS: Final = re.compile(r"^Epoch: \d+/(\d+)$", re.MULTILINE)
TRAINED: Final = re.compile(r"^Time to Train Weights and Biases[^:\n]*: ([0-9.]+)$", re.MULTILINE)
ACCURATE: Final = re.compile(r"^Accuracy on Test Data: ([0-9.]+)$", re.MULTILINE)
"""What a program printed of each training."""


class Pass(NamedTuple):
    """A pass over a dataset.

    Attributes
    ----------
    repeat
        Which training it belongs to, from 1 on.
    epoch
        The epochs trained so far, this one included.
    mode
        ``train`` or ``test``.
    split
        The samples that it goes through: ``train`` or ``test``; or ``cut_labels``, those to test with labels that are
        divided by 255 and cut to a whole number.
    lines
        How many samples; None where the file does not say.
    seconds
        How long it took; None where the file does not say.
    correct, incorrect
        Samples classified correctly and not; None where they were not counted.
    accuracy
        The share classified correctly; None where they were not counted.
    """

    repeat: int
    epoch: int
    mode: str
    split: str
    lines: int | None
    seconds: float | None
    correct: int | None = None
    incorrect: int | None = None
    accuracy: float | None = None


def read_passes(paths: Sequence[Path]) -> list[Pass]:
    """Read files that have a line for each pass, as Wiesinger & Schikuta's program wrote them.

    Its lines have 12 values with semicolons between them, as `HEAD` names them. Lines that train go through
    all training samples, and lines that test through either set; which, their number tells.

    Raises
    ------
    InputError
        If a file is not of this kind.
    """
    return [each for number, path in enumerate(paths, 1) for each in _passes(path, number)]


def _passes(path: Path, repeat: int) -> Iterator[Pass]:
    head, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
    if head != HEAD:
        raise InputError(f"{path}: expected the first line {HEAD!r}, found {head[:200]!r}")
    samples = 0
    for number, line in enumerate(lines, 2):
        try:
            mode, *_, seconds, count, _, total, correct, incorrect = line.split(";")
            lines_read, trained = int(count), int(total)
            samples = lines_read if mode == "train" else samples
            right, wrong = (int(text) if text else None for text in (correct, incorrect))
            yield Pass(
                repeat,
                trained // samples,
                {"train": "train", "test": "test"}[mode],
                "train" if lines_read == samples else "test",
                lines_read,
                float(seconds),
                right,
                wrong,
                None if right is None else right / lines_read,
            )
        except (ValueError, KeyError, ZeroDivisionError) as error:
            raise InputError(
                f"{path}, line {number}: expected a pass as the first line names its values, found {line[:200]!r}"
            ) from error


def read_printed(paths: Sequence[Path]) -> list[Pass]:
    """Read files of what Olsen, West & Thomasma's programs printed of one or more trainings.

    Of each training they have the number of epochs, the seconds of all of them, and what the programs call the accuracy
    on the test samples. They divide the labels of these by 255, as they do pixels, and cut them to whole numbers.

    Raises
    ------
    InputError
        If a file is not of this kind.
    """
    made: list[Pass] = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        epochs = {int(each) for each in EPOCHS.findall(text)}
        seconds, accuracies = TRAINED.findall(text), ACCURATE.findall(text)
        if len(epochs) != 1 or not seconds or len(seconds) != len(accuracies):
            raise InputError(
                f"{path}: expected epochs of one number, and seconds and accuracy of each training, found "
                f"{len(epochs)}, {len(seconds)} and {len(accuracies)}"
            )
        epoch = epochs.pop()
        for trained, accuracy in zip(seconds, accuracies, strict=True):
            repeat = len(made) // 2 + 1
            made.append(Pass(repeat, epoch, "train", "train", None, float(trained)))
            share = float(accuracy)
            made.append(Pass(repeat, epoch, "test", "cut_labels", None, None, accuracy=share))
    return made


READERS: Final[dict[str, Callable[[Sequence[Path]], list[Pass]]]] = {
    "passes": read_passes,
    "printed": read_printed,
}
"""How files are read, by the format in the configuration."""


def summary(run: AuthorsRun, passes: Sequence[Pass]) -> AuthorsRun:
    """Return a run with the summary of its passes in place of the one that it has."""
    trained = [each.seconds for each in passes if each.mode == "train" and each.seconds]
    tested = [
        each.seconds
        for each in passes
        if (each.mode, each.split) == ("test", "train") and each.seconds
    ]
    return AuthorsRun(
        machine=run.machine,
        workers=run.workers,
        program=run.program,
        clock=run.clock,
        training=tuple(trained) if len(trained) <= FEW else Spread.of(trained),
        testing=Spread.of(tested) if tested else UNSET,
        accuracy=Accuracies(
            train=_kept(passes, "train"),
            test=_kept(passes, "test"),
            cut_labels=_kept(passes, "cut_labels"),
        ),
        files=run.files,
    )


def _kept(passes: Sequence[Pass], split: str) -> tuple[EpochAccuracy, ...]:
    """Return the accuracies of a summary: after the epochs of `KEPT`, and those of milestones and of the best."""
    counted = {
        each.epoch: each.accuracy
        for each in passes
        if each.split == split and each.accuracy is not None
    }
    if not counted:
        return ()
    reached = {
        next(epoch for epoch, found in counted.items() if found >= share)
        for share in MILESTONES
        if max(counted.values()) >= share
    }
    best = max(counted, key=lambda epoch: counted[epoch])
    kept = reached | {best, max(counted)} | (counted.keys() & set(KEPT))
    return tuple((epoch, round(counted[epoch], DECIMALS["accuracy"])) for epoch in sorted(kept))
