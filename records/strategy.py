"""What pages say of strategies: colours, words of diagrams, likely causes of the models' errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar

from records.metric import Metric
from records.settings import Network, Training
from records.values import Entry

Colour: TypeAlias = Literal[
    "one", "merged", "children", "other-1", "other-2", "other-3", "other-4", "other-5"
]
"""Names of colours that a figure can give to a series."""

F = TypeVar("F", bound=Callable[..., Any])


def wording(function: F) -> F:
    """Mark a function that only makes words for pages: an edit of it trains nothing again."""
    return function


class Diagram(Entry, frozen=True, kw_only=True, tag="diagram"):
    """Words of the diagram of workers that each have a share of the data, from top to bottom.

    Attributes
    ----------
    result, network
        The result, and what it consists of.
    step
        How the result is made of the workers' results.
    worker, task
        What a worker is called, and what it has or does.
    share
        A worker's share of the data.
    whole
        What the shares are taken from.
    again
        When the workers continue from the result; empty if they do not.
    alone
        Whether there is one worker.
    description
        The diagram in words.
    """

    result: str
    network: str
    step: str
    worker: str
    task: str
    share: str
    whole: str
    again: str
    description: str
    alone: bool = False


class Division(Entry, frozen=True, kw_only=True, tag="division"):
    """Words of the diagram of layers whose neurons are divided among workers.

    Attributes
    ----------
    worker
        What a worker is called.
    pixels
        Input of the first layer.
    layers
        Name and size of each layer behind the pixels.
    description
        The diagram in words.
    """

    worker: str
    pixels: str
    layers: tuple[str, ...]
    description: str


@dataclass(frozen=True, kw_only=True)
class Setup:
    """The training that a diagram is about, besides its strategy's options.

    Attributes
    ----------
    network
        The network.
    training
        Hyper-parameters.
    pixels, classes
        Sizes of the network's input and output.
    workers
        Numbers of workers that are run; empty if the study does not run the strategy.
    worker
        The paper's word for a worker, in the singular; empty if it has none.
    """

    network: Network
    training: Training
    pixels: int
    classes: int
    workers: tuple[int, ...]
    worker: str = ""

    @property
    @wording
    def layers(self) -> str:
        """The network in short: the size of each layer, from the pixels to the classes."""
        convolution = self.network.convolution
        filters = [f"{convolution.filters} filters"] if convolution else []
        return "–".join(map(str, (self.pixels, *filters, *self.network.hidden, self.classes)))

    @property
    @wording
    def counts(self) -> str:
        """A sentence with the numbers of workers."""
        if not self.workers:
            return "It is not run for this paper."
        counts = [str(count) for count in sorted(self.workers)]
        return f"Here n is {' and '.join(filter(None, [', '.join(counts[:-1]), counts[-1]]))}."


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """How pages present a strategy. What it is given, and `wording`, belong to no digest of code.

    Attributes
    ----------
    colour
        The colour of variants that are named after the strategy; one of their own in each study unless given.
    cause
        The likely cause of errors of the strategy's model, in one sentence; empty if not known.
    diagram
        Given the strategy's options and the rest of the training, returns the words of its diagram; None if there are
        none.
    metrics
        What the strategy measures itself after an epoch, by name.
    """

    colour: Colour | None = None
    cause: str = ""
    diagram: Callable[[Any, Setup], Diagram | Division] | None = None
    metrics: Mapping[str, Metric] = field(default_factory=dict)


class Presented(Entry, frozen=True, kw_only=True):
    """What a resolved study says of a strategy.

    Attributes
    ----------
    colour, cause
        As in `Presentation`.
    diagram
        Whether there are words for a diagram.
    """

    colour: Colour | None
    cause: str
    diagram: bool
