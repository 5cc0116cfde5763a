"""Samples of a dataset that runs and timings use."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.values import Count, Entry

TrainLabels: TypeAlias = Literal["own", "shuffled"]


class Samples(Entry, frozen=True):
    """How many samples of each split are used, the first ones; null for all."""

    train: Annotated[Count | None, Meta(description="Training samples; null for all.")] = None
    test: Annotated[Count | None, Meta(description="Test samples; null for all.")] = None
    tested_on: Annotated[
        Literal["test", "rest", "fold"],
        Meta(
            description=(
                "Whether networks are tested on the test samples; on the training samples behind the first `train` "
                "ones (`rest`), to choose settings without a look at the test samples; or on one of `folds` parts of "
                "the training samples, in file order, while they are trained on the others (`fold`): of a run, that "
                "which is its seed modulo `folds`. As many seeds as folds are a cross-validation."
            )
        ),
    ] = "test"
    folds: Annotated[
        int,
        Meta(ge=2, le=1000, description="Parts of the training samples, with `tested_on: fold`."),
    ] = 5
    train_labels: Annotated[
        TrainLabels,
        Meta(
            description=(
                "Whether training samples keep their own labels, or these are dealt out among them by the seed "
                "(`shuffled`), so that images say nothing of them: a negative control. Tests keep theirs."
            )
        ),
    ] = "own"

    def counts(self, train: int, test: int) -> tuple[int, int]:
        """Return on how many samples a run trains, and how many there are to test on.

        Parameters
        ----------
        train, test
            Samples of the dataset's splits.
        """
        used = train if self.train is None else self.train
        match self.tested_on:
            case "rest":
                return used, train - used
            case "fold":
                return used - used // self.folds, used // self.folds
        return used, test
