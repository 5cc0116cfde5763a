"""How a strategy divides the training among workers, as the configuration has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from records.errors import InputError
from reports.exhibits.scene import Scene

ADDED: Final = {
    "race": "one gradient, unprotected",
    "locked": "one gradient behind a lock",
    "reduction": "a gradient each, added up",
}
RACES: Final = {
    "race": "All add to one gradient without a lock, so that additions may get lost.",
    "locked": "All add to one gradient, one at a time.",
    "reduction": "Each has a gradient of its own; then these are added up.",
}


@dataclass(frozen=True)
class Diagram:
    """What the diagram of a training writes into its boxes, from top to bottom.

    Attributes
    ----------
    result, network
        What comes out, and what it consists of.
    step
        How it comes out of what the workers do.
    worker, task
        What a worker is called, and what it has or does.
    share
        What a worker has of the data.
    whole, dataset
        What the shares are taken from.
    again
        When the workers go on from the result; empty if they do not.
    alone
        Whether there is one worker.
    description
        The diagram in words.
    """

    template: ClassVar[str] = "diagram.html.j2"

    result: str
    network: str
    step: str
    worker: str
    task: str
    share: str
    whole: str
    dataset: str
    again: str
    description: str
    alone: bool = False

    @property
    def columns(self) -> tuple[tuple[str, int], ...]:
        """The workers that are drawn: the number of each, and where its box starts."""
        return (("", 155),) if self.alone else (("1", 6), ("2", 112), ("n", 304))


@dataclass(frozen=True)
class Division:
    """What the diagram of layers that are divided among workers writes into its boxes.

    Attributes
    ----------
    worker
        What a worker is called.
    pixels, dataset
        What the first layer sees.
    layers
        Name and size of each layer, from the pixels on.
    description
        The diagram in words.
    """

    template: ClassVar[str] = "division.html.j2"

    worker: str
    pixels: str
    dataset: str
    layers: tuple[str, ...]
    description: str


def diagram(scene: Scene) -> Diagram | Division:
    """Fill the diagram of a variant's strategy.

    Parameters
    ----------
    scene
        The variant.

    Returns
    -------
    Diagram or Division
        What to draw.

    Raises
    ------
    InputError
        If nobody has drawn that strategy yet.
    """
    if scene.strategy not in DIAGRAMS:
        raise InputError(
            f"there is no diagram of the strategy {scene.strategy!r}; there are {', '.join(DIAGRAMS)}"
        )
    return DIAGRAMS[scene.strategy](scene)


def _sequential(scene: Scene) -> Diagram:
    size = scene.variant["training"]["batch_size"]
    batch = "sample" if size == 1 else f"batch of {size}"
    return Diagram(
        result="network",
        network=scene.network,
        step="one update",
        worker="one thread",
        task="forward, back",
        share=batch,
        whole="training set",
        dataset=scene.dataset,
        again=f"next {'sample' if size == 1 else 'batch'}",
        description=f"From bottom to top: one {batch}, its way through the network and back, and an update of the "
        "network, with which the next one begins.",
        alone=True,
    )


def _spmd(scene: Scene) -> Diagram:
    options = scene.options
    combined = options.get("combine", "mean")
    parts = "weights" if options.get("biases") == "kept" else "weights and biases"
    again, when = _meetings(scene)
    return Diagram(
        result="merged network",
        network=scene.network,
        step=f"{combined} of {parts}",
        worker="network",
        task=scene.network,
        share="slice",
        whole="training set",
        dataset=scene.dataset,
        again=again,
        description=f"From bottom to top: n {scene.worker or 'child network'}s, a slice of the training data for each, "
        f"and the merged network, whose {parts} are the {combined}s of theirs. {when} Here n is {scene.counts}.",
    )


def _meetings(scene: Scene) -> tuple[str, str]:
    """Say when child networks are merged, and whether they go on from that: in short, and in a sentence."""
    options = scene.options
    if options.get("merge") == "once":
        return "", "They are merged once, at the end."
    every = options.get("every", 1)
    period = "every epoch" if every == 1 else f"every {every} epochs"
    if options.get("after_merge") == "shadow":
        return "", f"The merged network is tested after {period}; they go on alone."
    return f"after {period}", f"They are merged after {period} and go on from the merged network."


def _ensemble(scene: Scene) -> Diagram:
    vote = scene.options.get("combine") == "vote"
    return Diagram(
        result="prediction",
        network="class of a test sample",
        step="vote" if vote else "mean of the outputs",
        worker="network",
        task=scene.network,
        share="share",
        whole="training set",
        dataset=scene.dataset,
        again="",
        description="From bottom to top: n networks, a share of the training data for each, and what they make of a "
        f"test sample together, by {'a vote' if vote else 'the mean of their outputs'}. They never meet. Here n is "
        f"{scene.counts}.",
    )


def _exemplar(scene: Scene) -> Diagram:
    options, size = scene.options, scene.variant["training"]["batch_size"]
    added, returns = options.get("combine") == "sum", options.get("merge") == "return"
    worker = scene.worker or "worker"
    main = "to which their changes are added" if added else "the mean of theirs"
    when = (
        "Whoever returns is merged at once and takes the next batch."
        if returns
        else "When all have returned, the next round starts from the main network."
    )
    if options.get("refresh") == "own":
        when = "Then the next round starts, each from its own network."
    return Diagram(
        result="main network",
        network=scene.network,
        step=f"{'sum' if added else 'mean'} of what they learnt",
        worker=worker,
        task="own network",
        share="batch",
        whole=f"training set, in worker batches of {size}",
        dataset=scene.dataset,
        again="next batch" if returns else "next round",
        description=f"From bottom to top: n {worker}s, each of which learns from a batch of {size} samples, one after "
        f"the other, in a network of its own, and the main network, {main}. {when} Here n is {scene.counts}.",
    )


def _minibatch(scene: Scene) -> Diagram:
    size, update = scene.variant["training"]["batch_size"], scene.options.get("update", "reduction")
    worker = scene.worker or "thread"
    share = "sample" if size == 1 else f"{size} samples"
    return Diagram(
        result="network",
        network=scene.network,
        step=ADDED[update],
        worker=worker,
        task="forward, back",
        share="sample" if size == 1 else "samples",
        whole=f"mini-batch of n times {share}" if size > 1 else "mini-batch of n samples",
        dataset=scene.dataset,
        again="one update",
        description=f"From bottom to top: a mini-batch that has {'a sample' if size == 1 else share} for each of n "
        f"{worker}s, their way through one network and back, and its update by all their gradients. {RACES[update]} "
        f"Then comes the next mini-batch. Here n is {scene.counts}.",
    )


def _neuron(scene: Scene) -> Division:
    worker = scene.worker or "thread"
    sizes = [f"hidden layer, {size} neurons" for size in scene.hidden]
    outputs = "outputs" if scene.classes is None else f"{scene.classes} outputs"
    return Division(
        worker=worker,
        pixels="one sample" if scene.pixels is None else f"one sample, {scene.pixels} pixels",
        dataset=scene.dataset,
        layers=(*sizes, outputs),
        description=f"From bottom to top: one sample, and the layers of a network. Each of n {worker}s computes some "
        "neurons of every layer, and all wait for each other before the next layer. Errors come back and weights are "
        f"updated in the same way; then comes the next sample.{_running(scene)}",
    )


def _running(scene: Scene) -> str:
    own = scene.strategy == scene.variant["strategy"]
    return f" Here n is {scene.counts}." if own else " It is not run for this paper."


DIAGRAMS: Final[dict[str, Callable[[Scene], Diagram | Division]]] = {
    "sequential": _sequential,
    "spmd": _spmd,
    "ensemble": _ensemble,
    "exemplar": _exemplar,
    "minibatch": _minibatch,
    "neuron": _neuron,
}
"""The diagrams by the names of the strategies."""
