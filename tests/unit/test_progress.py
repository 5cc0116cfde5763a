"""What a person sees while jobs run."""

from __future__ import annotations

import logging
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from workflow.configuration import load_manifest
from workflow.progress import START, Progress, Step, work

ROOT = Path(__file__).parents[2]

LogEvent = Enum("LogEvent", ["JOB_FINISHED", "PROGRESS"])


class Clock:
    """A clock that is set by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Formatter(logging.Formatter):
    """Formats as Snakemake does."""

    def format(self, record: logging.LogRecord) -> str:
        return str(self.format_progress(record.__dict__))

    def format_progress(self, message: dict[str, Any]) -> str:
        return f"{message['done']} of {message['total']} steps"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(clock: Clock) -> Progress:
    steps = {number: Step("Carver", 10.0) for number in range(3)}
    return Progress({**steps, 3: Step("Ott", 30.0), 4: Step("", 60.0)}, clock)


def finish(progress: Progress, *jobs: int) -> None:
    for job in jobs:
        record = logging.makeLogRecord({"event": LogEvent.JOB_FINISHED, "job_id": job})
        progress.handle(record)


def line(progress: Progress, done: int, total: int = 5) -> str:
    return progress.line({"done": done, "total": total})


def test_a_line_counts_all_jobs_and_those_of_the_paper(progress: Progress, clock: Clock) -> None:
    clock.seconds = 100
    finish(progress, 0, 1)
    # A sixth of the work took 100 seconds: 500 are left.
    assert line(progress, 2, 1308) == "2 of 1,308 jobs · Carver 2/3 · about 8 min left"
    finish(progress, 3)
    assert line(progress, 3).startswith("3 of 5 jobs · Ott 1/1 · about ")
    finish(progress, 4)
    assert line(progress, 4) == "4 of 5 jobs · about 1 min left"


def test_nothing_is_foretold_at_first_nor_in_the_end(progress: Progress, clock: Clock) -> None:
    clock.seconds = 100
    assert line(progress, 0) == "0 of 5 jobs"
    finish(progress, *range(5))
    assert line(progress, 5) == "5 of 5 jobs"


@pytest.mark.parametrize(
    ("seconds", "left"), [(1, "1 min"), (1000, "83 min"), (3600, "5 h"), (4000, "5 h 30 min")]
)
def test_time_is_told_as_coarsely_as_it_is_known(
    progress: Progress, clock: Clock, seconds: float, left: str
) -> None:
    clock.seconds = seconds
    finish(progress, 0, 1)
    assert line(progress, 2).endswith(f" · about {left} left")


def test_other_records_and_unknown_jobs_are_passed_over(progress: Progress) -> None:
    progress.handle(logging.makeLogRecord({"event": LogEvent.PROGRESS, "job_id": 0}))
    progress.handle(logging.makeLogRecord({"msg": "Select jobs to execute..."}))
    finish(progress, 99)
    assert line(progress, 1) == "1 of 5 jobs"


def test_the_line_takes_the_place_of_snakemakes(
    progress: Progress, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = logging.Logger("snakemake's")
    console = logging.StreamHandler()
    console.setFormatter(Formatter())
    logger.addHandler(console)
    logger.addHandler(logging.NullHandler())  # has no formatter
    progress.attach(logger)
    logger.info(None, extra={"event": LogEvent.PROGRESS, "done": 1, "total": 5})
    assert capsys.readouterr().err == "1 of 5 jobs\n"


def spec(**other: Any) -> dict[str, Any]:
    network = {
        "hidden": [100],
        "hidden_activation": "relu",
        "output_activation": "softmax",
        "elu_alpha": 1.0,
        "loss": "cross-entropy",
        "division": "none",
        "division_gradient": "exact",
        "convolution": None,
    }
    content: dict[str, Any] = {
        "dataset": "mnist",
        "network": network,
        "training": {"epochs": 10},
        "samples": {"train": None, "test": None},
        "workers": 4,
    }
    return content | other


def test_work_grows_with_what_is_trained_and_tested() -> None:
    manifest = load_manifest(ROOT / "config/datasets.yaml")

    def of(spec: dict[str, Any] | None, threads: int = 1, cores: int = 2) -> float:
        return work(spec, manifest, threads, cores)

    assert of(None) == START / 2
    assert of(None, threads=2) == of(None, threads=9) == START
    timed = of(spec()) - of(None)
    assert of(spec(training={"epochs": 20})) - of(None) == pytest.approx(2 * timed)
    assert of(spec(samples={"train": 6000, "test": None})) - of(None) == pytest.approx(timed / 10)
    # Six tests of 10,000 samples, a third of the work each, beside 600,000 to learn from.
    tested = of(spec(evaluate_every=2)) - of(None)
    assert tested == pytest.approx(timed * (1 + 6 / 3 / 60))
    children = spec(evaluate_every=2, evaluate_children=True, evaluate_training=True)
    assert of(children) - of(None) == pytest.approx(timed * (1 + 6 * (5 + 6) / 3 / 60))
