"""Workload of a batch: samples, and their estimated seconds."""

from __future__ import annotations

from typing import NamedTuple

from pnncore.network.architecture import Architecture
from records.dataset import Manifest
from records.job import VariantRepeats, VariantRuns

START = 1.0
"""Least seconds of a job, for starting its process and importing modules."""

PACE = 1e11
"""Operations per second of training, zeros counted; a rough value, because a run measures its own pace."""

PACE_OF_REPEATS = 2e10
"""Operations per second of further updates on a sample, which reads no pixels: none of its numbers is zero."""

RECORD = 0.05
"""Seconds of a run or a timing beside its training, for the dataset, the pool and the record."""

CALIBRATION = 0.5
"""Seconds of a repeat of a variant's calibration, without the start of its process."""

HOST_CALIBRATION = 4.0
"""Seconds of a repeat of the host's calibration."""

EXAMINATION = 2.0
"""Seconds of the examination of a property, on average."""

DRAWING = 0.3
"""Seconds of drawing an exhibit."""


class Workload(NamedTuple):
    """Samples of a batch, counted once for each time a network sees them.

    Attributes
    ----------
    learned
        Samples trained on.
    tested
        Samples tested on.
    """

    learned: int
    tested: int


def count_samples(spec: VariantRuns | VariantRepeats, manifest: Manifest) -> Workload:
    """Count the samples of a variant's runs, or of one repeat of its timings, which tests no network.

    Parameters
    ----------
    spec
        The batch's specification.
    manifest
        The datasets.
    """
    splits = manifest[spec.dataset].splits
    train, held = spec.samples.counts(splits.train.samples, splits.test.samples)
    test = spec.samples.test or held
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
    """Estimate the seconds of a variant's runs, or of one repeat of its timings, on one thread, without a start."""
    dataset = manifest[spec.dataset]
    network = Architecture.from_settings(spec.network, dataset.image.pixels, dataset.classes)
    learned, tested = count_samples(spec, manifest)
    once, flops = network.flops_per_sample, network.flops_of_updates(spec.training.repeats)
    # Testing a sample takes a third of the time of training on it.
    return (learned + tested / 3) * once / PACE + learned * (flops - once) / PACE_OF_REPEATS
