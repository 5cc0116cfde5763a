"""What a resolved study says of the strategies that it uses: their colours, causes of errors and words of diagrams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import structs

from pnncore.metrics.registry import METRICS
from pnncore.strategies.registry import STRATEGIES
from records.dataset import Image, Manifest
from records.errors import InputError
from records.metric import Metric
from records.strategy import Diagram, Division, Presented, Setup
from records.study import Experiment, Study
from reports.exhibits.registry import KINDS
from reports.exhibits.scene import Scene
from reports.tables.metrics import CONFIDENCE
from reports.tables.metrics import METRICS as TABULATED


def presented() -> dict[str, Presented]:
    """Return what there is to say of every strategy, by name."""
    known = {name: strategy.presentation for name, strategy in STRATEGIES.entries.items()}
    return {
        name: Presented(colour=each.colour, cause=each.cause, diagram=each.diagram is not None)
        for name, each in known.items()
    }


def metrics(experiments: Iterable[Experiment]) -> dict[str, Metric]:
    """Return what there is to say of the metrics of experiments, by name: all runs', and their strategies' own.

    Raises
    ------
    InputError
        If a strategy's metric has the name of another metric.
    """
    found = {name: metric.presentation for name, metric in METRICS.entries.items()}
    taken = {*found, *TABULATED, CONFIDENCE}
    used = {v.strategy for each in experiments for v in each.variants.values()}
    for strategy in sorted(used):
        own = STRATEGIES.named(strategy).presentation.metrics
        for name in own.keys() & taken:
            raise InputError(f"{strategy}: its metric {name!r} has the name of another; rename it")
        found |= own
        taken |= own.keys()
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
