"""What a drawing without data is drawn of: a variant as the configuration has it, and the dataset that it uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from records.errors import InputError
from records.study import Study
from records.variants import RunVariant

Json = Mapping[str, Any]

ACTIVATIONS: Final = {"relu": "ReLU", "elu": "ELU"}
"""What activations are called, where their names do not do."""


@dataclass(frozen=True)
class Scene:
    """A variant of an experiment.

    Attributes
    ----------
    variant
        Its settings, complete.
    strategy
        What divides its work; of an exhibit that names a strategy, that.
    used
        Name of the dataset that the edition uses.
    facts
        What is known of the dataset (``dataset.json``), if it is there.
    worker
        What the paper calls a worker, in the singular.
    """

    variant: RunVariant
    strategy: str
    used: str
    facts: Json | None
    worker: str

    @classmethod
    def of(
        cls,
        study: Study,
        datasets: Sequence[Json],
        experiment: str = "",
        variant: str = "",
        strategy: str = "",
        worker: str = "",
    ) -> Scene:
        """Find a variant.

        Parameters
        ----------
        study
            The study's resolved configuration.
        datasets
            Facts of the datasets (``dataset.json``).
        experiment
            Its experiment; the study's first if empty.
        variant
            Its name; the first of the experiment if empty.
        strategy
            The strategy to draw; the variant's if empty.
        worker
            The paper's word for a worker.

        Raises
        ------
        InputError
            If the experiment has no such variant.
        """
        shown = study.experiments[experiment or next(iter(study.experiments))]
        variants = shown.variants
        if variant and variant not in variants:
            raise InputError(
                f"{study.id}: exhibits: no variant {variant!r} in the first experiment of edition "
                f"{study.edition.name!r}; name its experiment"
            )
        settings = variants[variant or next(iter(variants))]
        used = study.edition.datasets.get(shown.dataset, shown.dataset)
        return cls(
            variant=settings,
            strategy=strategy or settings.strategy,
            used=used,
            facts=next((entry for entry in datasets if entry["name"] == used), None),
            worker=worker,
        )

    @property
    def dataset(self) -> str:
        """The dataset and how many samples of it there are to train on."""
        if self.facts is None:
            return self.used
        known = self.facts["splits"]["train"]["samples"]
        samples = self.variant.samples.train
        return f"{self.facts['title']}, {min(known, samples or known):,} samples"

    @property
    def image(self) -> tuple[int, int] | None:
        """Rows and columns of an image, if the dataset is known."""
        if self.facts is None:
            return None
        height, width = self.facts["image"]
        return int(height), int(width)

    @property
    def classes(self) -> int | None:
        """Classes of the dataset, if it is known."""
        return None if self.facts is None else int(self.facts["classes"])


def activation(name: str) -> str:
    """Return what an activation is called."""
    return ACTIVATIONS.get(name, name)
