"""Runs that are interrupted in every way: nothing finished is lost, nothing half-written stays, and no process."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from conftest import Project
from processes import alive

EPOCHS = "results/sample/tables/epochs.csv"
"""A table that depends on no clock."""

PATIENCE = 60.0
"""Seconds after which a process is one that will not end: a job takes the fewest of them, a busy machine some more."""


def start(project: Project) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2"],
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # A process that was started in the background has been told to overlook it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def kill_run(run: subprocess.Popen[bytes]) -> None:
    run.kill()


def end_run(run: subprocess.Popen[bytes]) -> None:
    run.terminate()


def press_ctrl_c(run: subprocess.Popen[bytes]) -> None:
    """Signal all processes of the terminal, as it does."""
    os.killpg(run.pid, signal.SIGINT)


def kill_job(run: subprocess.Popen[bytes]) -> None:
    """Kill a job, or the process that trains for it, which is tried once more, and then the run."""
    jobs = [
        process
        for process in psutil.Process(run.pid).children(recursive=True)
        if "pnncore" in process.cmdline() or "multiprocessing" in " ".join(process.cmdline())
    ]
    if jobs:
        random.choice(jobs).kill()  # noqa: S311 - chance, not secrecy
    time.sleep(0.5)
    run.kill()


FAULTS: tuple[Callable[[subprocess.Popen[bytes]], None], ...] = (
    kill_run,
    press_ctrl_c,
    kill_job,
    end_run,
)


def interrupt(
    project: Project, after: float, fault: Callable[[subprocess.Popen[bytes]], None]
) -> bool:
    """Interrupt a run after so many seconds and wait until its jobs have ended, too; tell whether it had not."""
    run = start(project)
    try:
        run.wait(after)
    except subprocess.TimeoutExpired:
        fault(run)
    else:
        return False
    run.wait()
    wait_for_jobs(project)
    return True


def wait_for_jobs(project: Project) -> None:
    """Wait until the jobs of a run that has ended have ended, too: a job looks every second, and needs some to end."""
    waited = 0.0
    while left := alive(project.folder):
        assert waited < PATIENCE, left
        time.sleep(0.2)
        waited += 0.2


def start_over(project: Project) -> None:
    """Delete all results and records, but the longest jobs' records: those of the host's calibrations."""
    kept = {}
    for calibration in project.path("results/sample/calibrations/host").glob("*.json"):
        (stored,) = json.loads(calibration.read_text(encoding="utf-8"))["stored"]
        record = project.only(f"results/store/*/{stored}.json")
        kept[record] = record.read_bytes()
    shutil.rmtree(project.path("results"))
    for record, content in kept.items():
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_bytes(content)


def records(project: Project) -> dict[str, bytes]:
    """Return what the store has, without what killed jobs left hidden until the next run."""
    found = project.path("results/store").glob("*/[!.]*.json")
    return {path.stem: path.read_bytes() for path in found}


@pytest.mark.parametrize("interruptions", [len(FAULTS), pytest.param(60, marks=pytest.mark.long)])
def test_interrupted_runs_end_with_the_same_tables(
    finished: Project, tmp_path: Path, interruptions: int
) -> None:
    project = finished.copy(tmp_path)
    start_over(project)
    rng = random.Random(interruptions)  # noqa: S311 - chance, not secrecy
    before: dict[str, bytes] = {}
    done = 0
    while done < interruptions:
        fault = FAULTS[done % len(FAULTS)]
        if interrupt(project, rng.uniform(5, 15), fault):
            done += 1
            there = records(project)
            for content in there.values():
                json.loads(content)
            assert {name: there.get(name) for name in before} == before, fault
            before = there
            print(f"{done}: {fault.__name__}, {len(there)} records", flush=True)
        else:
            check(project, finished)
            start_over(project)
            before = {}
    assert project.snakemake().returncode == 0
    check(project, finished)


def check(project: Project, undisturbed: Project) -> None:
    """Compare what came of interrupted runs with an undisturbed run's."""
    assert project.path(EPOCHS).read_bytes() == undisturbed.path(EPOCHS).read_bytes()
    assert list(project.path("results").rglob(".*.tmp")) == []
    assert list(project.path("results").rglob("*.checkpoint")) == []
    assert len(records(project)) == len(records(undisturbed))


def test_a_second_run_is_told_of_the_first(tiny: Project) -> None:
    first = start(tiny)
    lock = tiny.path("results/sample/.lock-holder")
    while not (lock.exists() and lock.read_text(encoding="utf-8")):
        assert first.poll() is None
        time.sleep(0.1)
    second = tiny.snakemake()
    first.kill()
    first.wait()
    output = second.stdout + second.stderr
    assert second.returncode != 0
    assert re.search(rf"results/sample: .*\b{first.pid}\b", output)
    assert "Traceback" not in output
    wait_for_jobs(tiny)
    tiny.run("results/sample/tables/tiny/epochs.csv")
