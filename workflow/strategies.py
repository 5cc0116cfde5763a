"""What a resolved study says of the strategies that it uses: their colours, causes of errors and words of diagrams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import structs

from pnncore.metrics.registry import METRICS
from pnncore.strategies.registry import STRATEGIES
from records.dataset import Image, Manifest
from records.metric import Metric
from records.strategy import Diagram, Division, Presented, Setup
from records.study import Experiment, Study
from reports.exhibits.registry import KINDS
from reports.exhibits.scene import Scene


def presented() -> dict[str, Presented]:
    """Return what there is to say of every strategy, by name."""
    known = {name: strategy.presentation for name, strategy in STRATEGIES.entries.items()}
    return {
        name: Presented(colour=each.colour, cause=each.cause, diagram=each.diagram is not None)
        for name, each in known.items()
    }


def metrics(experiments: Iterable[Experiment]) -> dict[str, Metric]:
    """Return what there is to say of the metrics of experiments, by name: all runs', and their strategies' own."""
    found = {name: metric.presentation for name, metric in METRICS.entries.items()}
    for experiment in experiments:
        for variant in experiment.variants.values():
            found |= STRATEGIES.named(variant.strategy).presentation.metrics
    return found


def with_strategies(study: Study, manifest: Manifest) -> Study:
    """Return a study with the strategies that it uses alone, and with the words of its diagrams.

    Parameters
    ----------
    study
        The study, checked and resolved, with what there is to say of every strategy.
    manifest
        The datasets by name.
    """
    scenes = dict(_scenes(study))
    run = [variant.strategy for _, variant in study.variants]
    used = dict.fromkeys([*run, *(scene.strategy for scene in scenes.values())])
    return structs.replace(
        study,
        strategies={name: study.strategies[name] for name in used},
        diagrams={
            name: words(scene, manifest[scene.used].image, manifest[scene.used].classes)
            for name, scene in scenes.items()
        },
    )


def _scenes(study: Study) -> Iterator[tuple[str, Scene]]:
    """Yield the exhibits that draw a strategy, each with what it draws."""
    for name, entry in study.exhibits.items():
        kind = KINDS.named(entry["chart"])
        if kind.strategy is not None:
            yield name, kind.strategy(kind.read(entry), study)


def words(scene: Scene, image: Image, classes: int) -> Diagram | Division:
    """Return the words of a strategy's diagram.

    Parameters
    ----------
    scene
        The strategy, and the variant that it is drawn of.
    image, classes
        Size of an image of the variant's dataset, and its number of classes.
    """
    strategy = STRATEGIES.named(scene.strategy)
    if strategy.presentation.diagram is None:
        raise ValueError(f"{strategy.name} has no words for a diagram")
    own = scene.strategy == scene.variant.strategy
    setup = Setup(
        network=scene.variant.network,
        training=scene.variant.training,
        pixels=image.pixels,
        classes=classes,
        workers=scene.variant.workers if own else (),
        worker=scene.worker,
    )
    options: Any = strategy.complete(scene.variant.options if own else {})
    return strategy.presentation.diagram(options, setup)
