"""Runs that are killed at random points: nothing finished is lost, nothing half-written stays, and no process."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from conftest import Project

EPOCHS = "results/sample/tables/epochs.csv"
"""A table that depends on no clock."""


def start(project: Project) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2"],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def alive(folder: Path) -> list[psutil.Process]:
    """Return the processes that work in a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == folder:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def kill(project: Project, after: float) -> None:
    """Kill a run after so many seconds, unless it has ended, and wait until its jobs have ended, too."""
    process = start(project)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    while alive(project.folder):
        time.sleep(0.2)


def records(project: Project) -> dict[str, bytes]:
    """Return what jobs have written so far."""
    results = project.path("results")
    return {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in results.rglob("*.json")
        if "/config/" not in path.as_posix()
    }


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.long)])
def test_killed_runs_end_with_the_same_tables(
    finished: Project, tmp_path: Path, kills: int
) -> None:
    project = Project(tmp_path)
    project.use_tiny_paper()
    rng = random.Random(kills)  # noqa: S311 - chance, not secrecy
    before: dict[str, bytes] = {}
    for _ in range(kills):
        kill(project, rng.uniform(4, 20))
        there = records(project)
        assert all(json.loads(content) for content in there.values())
        assert {name: there.get(name) for name in before} == before
        before = there
    done = project.snakemake()
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.path(EPOCHS).read_bytes() == finished.path(EPOCHS).read_bytes()
    assert list(project.path("results").rglob("*.tmp")) == []


def test_a_second_run_is_told_of_the_first(tiny: Project) -> None:
    first = start(tiny)
    lock = tiny.path("results/sample/.lock")
    while not (lock.exists() and lock.read_text(encoding="utf-8")):
        assert first.poll() is None
        time.sleep(0.1)
    second = tiny.snakemake()
    first.kill()
    first.wait()
    output = second.stdout + second.stderr
    assert second.returncode != 0
    assert f"results/sample: process {first.pid}, since " in output
    assert "Traceback" not in output
    while alive(tiny.folder):
        time.sleep(0.2)
    assert tiny.snakemake("tiny").returncode == 0
