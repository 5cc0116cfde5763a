"""How much there is to do in a batch: samples, and about how long they take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pnncore.network.network import Architecture

START = 1.0
"""Seconds that a job takes at least: its process starts and loads what it needs."""

PACE = 1e11
"""Operations a second that a training does, zeros counted; matters little, since the pace of a run is measured."""

CALIBRATION = 8.0
"""Seconds of a calibration of a timed variant, its start included."""

Json = Mapping[str, Any]


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


def count_samples(spec: Json, manifest: Json) -> Workload:
    """Count the samples of a variant's runs, or of one repeat of its timings on this host, which tests nothing.

    Parameters
    ----------
    spec
        The batch's specification.
    manifest
        The datasets.
    """
    splits = manifest[spec["dataset"]]["splits"]
    train, test = (
        int(spec["samples"][split] or splits[split]["samples"]) for split in ("train", "test")
    )
    epochs = spec["training"]["epochs"]
    if "seeds" not in spec:
        return Workload(len(spec["workers"]) * epochs * train, 0)
    tests = 1 + -(-epochs // spec["evaluate_every"])
    seeds = len(spec["seeds"])
    tested = 0
    for workers in spec["workers"]:
        networks = 1 + (workers if spec["evaluate_children"] else 0)
        tested += networks * test + (train if spec["evaluate_training"] else 0)
    return Workload(len(spec["workers"]) * seeds * epochs * train, seeds * tests * tested)


def seconds(spec: Json, manifest: Json) -> float:
    """Return about how many seconds one thread is busy with a variant's runs, or one repeat of its timings."""
    dataset = manifest[spec["dataset"]]
    pixels = dataset["image"]["height"] * dataset["image"]["width"]
    network = Architecture.from_spec(spec["network"], pixels, dataset["classes"])
    learned, tested = count_samples(spec, manifest)
    # To test a sample takes a third of what it takes to learn from it.
    return START + float((learned + tested / 3) * network.flops_per_sample / PACE)
