"""The stages of the pipeline: what each does, which rules do it, and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stage:
    """A part of the DAG.

    Attributes
    ----------
    name
        What it is called.
    what
        What it does.
    rules
        The rules that do it; one that ends in ``*`` stands for all rules that begin so.
    after
        The stages whose files it reads.
    """

    name: str
    what: str
    rules: tuple[str, ...]
    after: tuple[str, ...] = ()


STAGES = (
    Stage("fetch", "downloads archives and verifies them", ("fetch_archive",)),
    Stage("prepare", "makes arrays of the archives", ("prepare_dataset",), ("fetch",)),
    Stage("train", "trains and tests a network", ("train_network",), ("prepare",)),
    Stage(
        "time",
        "times a training, alone on the machine",
        ("time_repeat_*", "assemble_timing"),
        ("prepare",),
    ),
    Stage(
        "calibrate",
        "measures what a training is made of",
        ("calibrate_host", "calibrate_variant"),
        ("prepare",),
    ),
    Stage("fit", "fits a paper's model to what it prints", ("fit_model",), ("calibrate",)),
    Stage(
        "predict",
        "computes a time for a machine that nobody here has",
        ("predict_timing",),
        ("calibrate", "fit"),
    ),
    Stage(
        "examine",
        "examines what claims say of functions and gradients",
        ("examine_property",),
        ("prepare",),
    ),
    Stage(
        "tabulate",
        "lays out records as tables, exhibits and verdicts",
        ("resolve_*", "tabulate_*", "draw_*", "judge_claims", "join_tables"),
        ("train", "time", "predict", "examine"),
    ),
    Stage(
        "publish",
        "writes these pages",
        ("pick_gallery", "record_provenance", "publish_site"),
        ("tabulate",),
    ),
)
"""The stages in their order."""


def count_jobs(jobs: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """Count the jobs of each stage.

    Parameters
    ----------
    jobs
        Jobs by rule.

    Returns
    -------
    dict
        ``what``, ``after`` and ``jobs`` of each stage by its name; a stage without a job is left out.
    """
    counted = {
        stage.name: {
            "what": stage.what,
            "after": list(stage.after),
            "jobs": sum(count for rule, count in jobs.items() if _does(stage, rule)),
        }
        for stage in STAGES
    }
    return {name: stage for name, stage in counted.items() if stage["jobs"]}


def _does(stage: Stage, rule: str) -> bool:
    return any(
        rule.startswith(name[:-1]) if name.endswith("*") else rule == name for name in stage.rules
    )
