"""How much there is to do in a batch: samples, and about how long they take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pnncore.network.network import Architecture
from records.dataset import Dataset
from records.job import VariantRepeats, VariantRuns

START = 1.0
"""Seconds that a job takes at least: its process starts and loads what it needs."""

PACE = 1e11
"""Operations a second that a training does, zeros counted; matters little, since the pace of a run is measured."""

CALIBRATION = 8.0
"""Seconds of a calibration of a timed variant, its start included."""

Manifest = Mapping[str, Dataset]


class Workload(NamedTuple):
    """Samples of a batch, each counted as often as a network sees it.

    Attributes
    ----------
    learned
        Samples that are learned from.
    tested
        Samples that networks are tested on.
    """

    learned: int
    tested: int


def count_samples(spec: VariantRuns | VariantRepeats, manifest: Manifest) -> Workload:
    """Count the samples of a variant's runs, or of one repeat of its timings on this host, which tests nothing.

    Parameters
    ----------
    spec
        The batch's specification.
    manifest
        The datasets.
    """
    splits = manifest[spec.dataset].splits
    train = spec.samples.train or splits.train.samples
    test = spec.samples.test or splits.test.samples
    learned = len(spec.workers) * spec.training.epochs * train
    if isinstance(spec, VariantRepeats):
        return Workload(learned, 0)
    tests = 1 + -(-spec.training.epochs // spec.evaluate_every)
    seeds = len(spec.seeds)
    tested = 0
    for workers in spec.workers:
        networks = 1 + (workers if spec.evaluate_children else 0)
        tested += networks * test + (train if spec.evaluate_training else 0)
    return Workload(seeds * learned, seeds * tests * tested)


def seconds(spec: VariantRuns | VariantRepeats, manifest: Manifest) -> float:
    """Return about how many seconds one thread is busy with a variant's runs, or one repeat of its timings."""
    dataset = manifest[spec.dataset]
    network = Architecture.from_settings(spec.network, dataset.image.pixels, dataset.classes)
    learned, tested = count_samples(spec, manifest)
    # To test a sample takes a third of what it takes to learn from it.
    return START + float((learned + tested / 3) * network.flops_per_sample / PACE)
