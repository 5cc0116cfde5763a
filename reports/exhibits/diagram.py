"""How a strategy divides the training among workers, in the strategy's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from records import strategy


@dataclass(frozen=True)
class Diagram:
    """The diagram of workers that each have a share of the data.

    Attributes
    ----------
    words
        The words in its boxes.
    dataset
        The dataset, with its number of samples.
    """

    template: ClassVar[str] = "diagram.html.j2"

    words: strategy.Diagram
    dataset: str

    @property
    def columns(self) -> tuple[tuple[str, int], ...]:
        """The workers that are drawn: the number of each, and where its box starts."""
        return (("", 155),) if self.words.alone else (("1", 6), ("2", 112), ("n", 304))


@dataclass(frozen=True)
class Division:
    """The diagram of layers whose neurons are divided among workers.

    Attributes
    ----------
    words
        The words in its boxes.
    dataset
        The dataset, with its number of samples.
    """

    template: ClassVar[str] = "division.html.j2"

    words: strategy.Division
    dataset: str


def diagram(words: strategy.Diagram | strategy.Division, dataset: str) -> Diagram | Division:
    """Return the diagram with a strategy's words.

    Parameters
    ----------
    words
        The words.
    dataset
        The dataset, with its number of samples.
    """
    if isinstance(words, strategy.Division):
        return Division(words, dataset)
    return Diagram(words, dataset)
