"""Runs that are interrupted in every way: nothing finished is lost, nothing half-written stays, and no process."""

from __future__ import annotations

import base64
import json
import os
import random
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

HOST = "results/sample/calibrations/host.json"
"""Takes longer than all the rest, and is one job."""


def start(project: Project) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2"],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder)},
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
    """Kill a job, which is tried once more, and then the run."""
    for process in psutil.Process(run.pid).children(recursive=True):
        if "pnncore" in process.cmdline():
            process.kill()
            break
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
    """Delete all results but the longest job's."""
    kept = project.path(HOST).read_bytes(), project.path(HOST).stat()
    shutil.rmtree(project.path("results"))
    project.path(HOST).parent.mkdir(parents=True)
    project.path(HOST).write_bytes(kept[0])
    os.utime(project.path(HOST), ns=(kept[1].st_atime_ns, kept[1].st_mtime_ns))


def records(project: Project) -> dict[str, bytes]:
    """Return what jobs have written so far, without what killed ones left hidden until the next run."""
    written = {
        path.relative_to(project.folder): path
        for path in project.path("results").rglob("*.json")
        if "/config/" not in path.as_posix()
    }
    return {
        name.as_posix(): path.read_bytes()
        for name, path in written.items()
        if not any(part.startswith(".") for part in name.parts)
    }


def begun(project: Project) -> set[str]:
    """Return what Snakemake was not told to be finished: it is made again, even if it was about to be told."""
    marks = project.path(".snakemake/incomplete").glob("*")
    return {base64.b64decode(mark.name).decode() for mark in marks if mark.is_file()}


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
            before = {name: there[name] for name in there.keys() - begun(project)}
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
    wait_for_jobs(tiny)
    assert tiny.snakemake("tiny").returncode == 0
