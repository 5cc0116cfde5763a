"""How many samples a job has to learn from and to test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Json = Mapping[str, Any]


class Workload(NamedTuple):
    """Samples of a job, each counted as often as a network sees it.

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
    """Count the samples of a run, or of a timing or a calibration, which tests nothing.

    Parameters
    ----------
    spec
        Its specification.
    manifest
        The datasets.
    """
    splits = manifest[spec["dataset"]]["splits"]
    train, test = (
        int(spec["samples"][split] or splits[split]["samples"]) for split in ("train", "test")
    )
    epochs = spec["training"]["epochs"]
    if "evaluate_every" not in spec:
        return Workload(epochs * train, 0)
    tests = 1 + -(-epochs // spec["evaluate_every"])
    networks = 1 + (spec["workers"] if spec.get("evaluate_children") else 0)
    tested = networks * test + (train if spec.get("evaluate_training") else 0)
    return Workload(epochs * train, tests * tested)
