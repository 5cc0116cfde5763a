"""Stages of the pipeline, with their numbers of jobs, for the provenance page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.plan import Plan
from workflow.reporting import TABLES


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
    Stage("prepare", "downloads a dataset, verifies it and makes arrays", ("prepare_dataset",)),
    Stage("train", "trains and tests the networks of a variant", ("train_variant",), ("prepare",)),
    Stage(
        "time",
        "times a variant's training, alone on the machine",
        ("time_repeat_*",),
        ("prepare",),
    ),
    Stage(
        "calibrate",
        "measures the costs of a training's parts",
        ("calibrate_host", "calibrate_variant"),
        ("prepare",),
    ),
    Stage("fit", "fits a paper's model to its printed speed-ups", ("fit_model",), ("calibrate",)),
    Stage(
        "predict",
        "predicts times on other machines",
        ("predict_timings",),
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
        ("resolve_*", "list_records", "tabulate_*", "draw_*", "judge_claims", "join_tables"),
        ("train", "time", "predict", "examine"),
    ),
    Stage(
        "publish",
        "writes these pages",
        ("pick_gallery", "record_provenance", "publish_site", "check_complete"),
        ("tabulate",),
    ),
)
"""The stages in their order."""


OF_STUDY = (
    "resolve_paper",
    "resolve_exhibits",
    "list_records",
    "tabulate_epochs",
    "tabulate_timings",
    "tabulate_models",
    "draw_exhibits",
    "draw_figures",
    "judge_claims",
)
"""Rules that have a job for each study."""


def jobs(plan: Plan) -> dict[str, int]:
    """Count the jobs of an edition by rule, less those of targets."""
    studies = plan.studies.values()
    return {
        "prepare_dataset": len(plan.datasets),
        "train_variant": sum(len(study.runs) for study in studies),
        "time_repeat_*": sum(len(study.timings) for study in studies),
        "calibrate_host": 1 if any(study.calibrations for study in studies) else 0,
        "calibrate_variant": sum(len(study.calibrations) for study in studies),
        "fit_model": sum(study.model is not None for study in studies),
        "predict_timings": sum(study.predictions is not None for study in studies),
        "examine_property": len(plan.properties),
        **dict.fromkeys(OF_STUDY, len(studies)),
        "join_tables": len(TABLES),
        "pick_gallery": len(plan.galleries),
        "record_provenance": 1,
        "publish_site": 1,
        "check_complete": 1,
    }


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
