"""Whether the settings of variants go together, and with their strategies and datasets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pnncore.network.architecture import Architecture
from pnncore.network.sgd import check_training
from pnncore.strategies.registry import STRATEGIES
from records.dataset import Dataset, Manifest
from records.edition import Edition
from records.errors import InputError
from records.study import Experiment, Study, Timing
from records.variants import RunVariant, TimingVariant
from workflow.schemas import faults

Variant = RunVariant | TimingVariant
Stages = Mapping[str, Mapping[str, Experiment] | Mapping[str, Timing]]


def setting_faults(stages: Stages, edition: Edition, manifest: Manifest) -> Iterator[str]:
    """Yield every mistake in the settings of variants, but for their samples.

    Parameters
    ----------
    stages
        Experiments and timings, resolved, by the key of the configuration that has them.
    edition, manifest
        The edition, and the datasets by name.
    """
    for where, named_by_paper, variant in _variants(stages):
        dataset = manifest[edition.datasets[named_by_paper]]
        yield from (f"{where}.{fault}" for fault in _settings_faults(variant, dataset))


def sample_faults(study: Study, manifest: Manifest) -> Iterator[str]:
    """Yield every variant of a study that takes more samples than its dataset has, or has too few for its workers."""
    for where, named_by_paper, variant in _variants(study.stages):
        splits = manifest[study.edition.datasets[named_by_paper]].splits
        there, tests = variant.samples.counts(splits.train.samples, splits.test.samples)
        if tests <= 0:
            key = "folds" if variant.samples.tested_on == "fold" else "train"
            yield (
                f"{where}.samples.{key}: with tested_on: {variant.samples.tested_on}, it must leave some of the "
                f"{splits.train.samples} training samples to test on; take a smaller number"
            )
            continue
        for split, held in (("train", splits.train.samples), ("test", tests)):
            taken = getattr(variant.samples, split)
            if taken is not None and taken > held:
                yield (
                    f"{where}.samples.{split}: there are {held}, not {taken}; take no more, or null for all"
                )
        most = max(variant.workers)
        if most > there:
            yield (
                f"{where}.workers: {most} workers have {there} training samples between them; each needs at least one"
            )


def _variants(stages: Stages) -> Iterator[tuple[str, str, Variant]]:
    """Yield every variant with its key, and with the name that the paper gives its dataset."""
    for stage, entries in stages.items():
        for name, entry in entries.items():
            for variant, settings in entry.variants.items():
                yield f"{stage}.{name}.variants.{variant}", entry.dataset, settings


def _settings_faults(variant: Variant, dataset: Dataset) -> Iterator[str]:
    """Find settings of a variant that do not go together, or not with its strategy and its dataset."""
    if variant.strategy not in STRATEGIES.entries:
        yield f"strategy: {STRATEGIES.absent(variant.strategy)}"
        return
    strategy = STRATEGIES.named(variant.strategy)
    yield from faults(variant.options, strategy.options, "options")
    inputs, classes = dataset.image.pixels, dataset.classes
    checks: list[Callable[[], object]] = [
        lambda: Architecture.from_settings(variant.network, inputs, classes),
        lambda: _check_square(variant, dataset),
        lambda: check_training(variant.training),
        lambda: strategy.check(variant.network, variant.training),
        lambda: strategy.check_workers(max(variant.workers)),
    ]
    for check in checks:
        try:
            check()
        except InputError as error:
            yield error.fault


def _check_square(variant: Variant, dataset: Dataset) -> None:
    """Refuse a convolution of images that are not square: loops take as many pixels for a square image."""
    height, width = dataset.image.height, dataset.image.width
    if variant.network.convolution is not None and height != width:
        raise InputError(
            f"network.convolution: it needs square images, not {height} × {width} pixels; set it to null"
        )
