"""Why results are missing, told from the jobs that failed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from workflow.missing import FULL, LONGEST, WORDLESS, explain, is_of_study


@dataclass(frozen=True)
class Job:
    """What is asked of Snakemake's."""

    output: tuple[str, ...]
    log: tuple[str, ...] = field(default=())


def failed(folder: Path, said: str | None, *output: str) -> Job:
    log = folder / "job.log"
    if said is not None:
        log.write_text(said, encoding="utf-8")
    return Job(output or ("run.json",), (str(log),))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("epoch 1/3\nTraceback:\n  deep\nValueError: no merge\n\n", "ValueError: no merge"),
        ("", WORDLESS),
        ("\n \n", WORDLESS),
        (None, WORDLESS),
        ("x" * 10_000, "x" * LONGEST),
    ],
)
def test_the_reason_is_what_the_job_said_last(tmp_path: Path, said: str | None, why: str) -> None:
    job = failed(tmp_path, said)
    assert explain([job], {job}, {}) == {"run.json": why}


def test_a_full_disk_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=4096)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    job = failed(tmp_path, None)
    assert explain([job], {job}, {}) == {"run.json": FULL}


def test_what_was_not_begun_needs_what_failed(tmp_path: Path) -> None:
    archive = failed(tmp_path, "no network", "b.gz")
    other = failed(tmp_path, "no network", "a.gz")
    arrays = Job(("images.npy", "labels.npy"))
    run = Job(("run.json",))
    graph = {arrays: {archive: set(), other: set()}, run: {arrays: set()}}
    assert explain([run, arrays, archive], {archive, other}, graph) == {
        "run.json": "needs a.gz",
        "images.npy": "needs a.gz",
        "labels.npy": "needs a.gz",
        "b.gz": "no network",
    }


def test_what_waits_for_nothing_that_failed_is_not_missing(tmp_path: Path) -> None:
    assert explain([Job(("run.json",))], {failed(tmp_path, "no")}, {}) == {}


@pytest.mark.parametrize(
    ("path", "its"),
    [
        ("results/sample/config/ott.json", True),
        ("results/sample/config/ott-exhibits.json", True),
        ("results/sample/tables/ott/claims.csv", True),
        ("results/sample/figures/ott", True),
        ("results/sample/tables/claims.csv", False),
        ("results/sample/runs/ott/fig3/spmd/w1/seed1.json", False),
        ("results/paper/config/ott.json", False),
        ("results/sample/tables/otto/claims.csv", False),
    ],
)
def test_a_study_has_its_own_tables(path: str, its: bool) -> None:
    assert is_of_study(path, "sample", "ott") is its
