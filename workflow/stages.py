"""Stages of the pipeline, with their numbers of jobs, for the provenance page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from workflow.plan import Plan
from workflow.reporting import TABLES
from workflow.study_plan import StudyPlan


@dataclass(frozen=True)
class Stage:
    """A part of the DAG.

    Attributes
    ----------
    name
        Its name.
    what
        What it does.
    jobs
        Counts its jobs in a plan.
    after
        The stages whose files it reads.
    """

    name: str
    what: str
    jobs: Callable[[Plan], int]
    after: tuple[str, ...] = ()


TABULATE: Final = (
    "tabulate_epochs",
    "tabulate_timings",
    "tabulate_authors",
    "tabulate_models",
    "draw_exhibits",
    "draw_figures",
    "judge_claims",
)
"""Rules of tables that have one job for each study."""

PUBLISH: Final = ("record_provenance", "publish_site", "check_complete")
"""Rules of the site that have one job."""


def each_study(count: Callable[[StudyPlan], int]) -> Callable[[Plan], int]:
    """Return the sum of a count over the studies of a plan."""
    return lambda plan: sum(map(count, plan.studies.values()))


def _calibrations(plan: Plan) -> int:
    """Count the jobs that calibrate variants, and those that calibrate this machine, which predictions need, too."""
    of_variants = len(plan.packs("calibrate"))
    return of_variants + len(plan.host) * (of_variants > 0)


def _tables(plan: Plan) -> int:
    """Count the documents of each study, the jobs that tabulate, draw and judge, and the joins of tables."""
    of_study = each_study(lambda study: len(study.documents) + len(TABULATE))(plan)
    return of_study + len(TABLES)


STAGES: Final = (
    Stage(
        "prepare",
        "downloads a dataset, verifies it and makes arrays",
        lambda plan: len(plan.datasets),
    ),
    Stage(
        "gather",
        "downloads what a paper's authors measured, verifies it and makes a table",
        lambda plan: len(plan.gathered),
    ),
    Stage(
        "compile",
        "compiles the loops for this machine, if they are not",
        lambda plan: len(plan.compiled),
    ),
    Stage(
        "train",
        "trains and tests the networks of some variants",
        lambda plan: len(plan.packs("train")),
        ("prepare", "compile"),
    ),
    Stage(
        "time",
        "times trainings once, alone on the machine",
        lambda plan: len(plan.packs("time")),
        ("prepare", "compile"),
    ),
    Stage(
        "calibrate",
        "measures the costs of a training's parts",
        _calibrations,
        ("prepare", "compile"),
    ),
    Stage(
        "fit",
        "fits a paper's model to its printed speed-ups",
        each_study(lambda study: study.model is not None),
        ("calibrate",),
    ),
    Stage(
        "predict",
        "predicts times on other machines",
        each_study(lambda study: study.predictions is not None),
        ("calibrate", "fit"),
    ),
    Stage(
        "examine",
        "examines what claims say of functions and gradients",
        lambda plan: len(plan.properties),
        ("prepare",),
    ),
    Stage(
        "tabulate",
        "lays out records as tables, exhibits and verdicts",
        _tables,
        ("gather", "train", "time", "predict", "examine"),
    ),
    Stage(
        "publish",
        "writes these pages",
        lambda plan: len(plan.galleries) + len(PUBLISH),
        ("tabulate",),
    ),
)
"""The stages in their order."""


def count_jobs(plan: Plan) -> dict[str, dict[str, Any]]:
    """Count the jobs of each stage.

    Returns
    -------
    dict
        ``what``, ``after`` and ``jobs`` of each stage by its name; a stage without a job is left out.
    """
    counted = {
        stage.name: {"what": stage.what, "after": list(stage.after), "jobs": stage.jobs(plan)}
        for stage in STAGES
    }
    return {name: stage for name, stage in counted.items() if stage["jobs"]}
