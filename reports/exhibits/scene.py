"""What a drawing without data is drawn of: a variant as the configuration has it, and the dataset that it uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reports.pages.paper import Paper

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

    variant: Json
    strategy: str
    used: str
    facts: Json | None
    worker: str

    @classmethod
    def of(
        cls,
        paper: Paper,
        datasets: Sequence[Json],
        experiment: str = "",
        variant: str = "",
        strategy: str = "",
        worker: str = "",
    ) -> Scene:
        """Find a variant.

        Parameters
        ----------
        paper
            The paper's resolved configuration.
        datasets
            Facts of the datasets (``dataset.json``).
        experiment
            Its experiment; the paper's first if empty.
        variant
            Its name; the first of the experiment if empty.
        strategy
            The strategy to draw; the variant's if empty.
        worker
            The paper's word for a worker.
        """
        experiments = paper["experiments"]
        shown = experiments[experiment or next(iter(experiments))]
        variants = shown["variants"]
        settings = variants[variant or next(iter(variants))]
        used = paper["edition"]["datasets"].get(shown["dataset"], shown["dataset"])
        return cls(
            variant=settings,
            strategy=strategy or settings["strategy"],
            used=used,
            facts=next((entry for entry in datasets if entry["name"] == used), None),
            worker=worker,
        )

    @property
    def options(self) -> Json:
        """Options of the variant's strategy; none if the exhibit names another one."""
        own = self.strategy == self.variant["strategy"]
        options: Json = self.variant["options"] if own else {}
        return options

    @property
    def dataset(self) -> str:
        """The dataset and how many samples of it there are to train on."""
        if self.facts is None:
            return self.used
        known = self.facts["splits"]["train"]["samples"]
        samples = self.variant["samples"]["train"]
        return f"{self.facts['title']}, {min(known, samples or known):,} samples"

    @property
    def pixels(self) -> int | None:
        """Pixels of an image, if the dataset is known."""
        if self.facts is None:
            return None
        height, width = self.facts["image"]
        return int(height * width)

    @property
    def classes(self) -> int | None:
        """Classes of the dataset, if it is known."""
        return None if self.facts is None else int(self.facts["classes"])

    @property
    def hidden(self) -> list[int]:
        """Sizes of the hidden layers."""
        return list(self.variant["network"]["hidden"])

    @property
    def network(self) -> str:
        """The network in short: what each layer has, from the pixels to the classes."""
        convolution = self.variant["network"]["convolution"]
        filters = [f"{convolution['filters']} filters"] if convolution else []
        parts = [self.pixels, *filters, *self.hidden, self.classes]
        return "–".join(str(part) for part in parts if part is not None)

    @property
    def counts(self) -> str:
        """How many workers there are, in words."""
        counts = [str(count) for count in sorted(self.variant["workers"])]
        return " and ".join(filter(None, [", ".join(counts[:-1]), counts[-1]]))


def activation(name: str) -> str:
    """Return what an activation is called."""
    return ACTIVATIONS.get(name, name)
