"""Run after run from nothing: no files, processes or memory are left over."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest
from conftest import Project
from processes import alive

GROWTH = 1.1
"""How much more memory the last runs may take than the first; memory of equal runs differs by a few hundredths."""


SHARED = Path("/dev/shm")  # noqa: S108 - looked at, not written to
OWNER = re.compile(r"(?:loky-|joblib_memmapping_folder_)(\d+)")
"""The number of the process that made a file of joblib in shared memory; random parts of names have digits, too."""

NOTE = """import os
with open({!r}, "a") as file:
    print(os.getpid(), file=file)
"""
"""What every process of Python does first: note its number."""


@dataclass(frozen=True)
class Traces:
    """What a run leaves behind: files by where they are, processes, and the most memory a process had, in KB.

    In shared memory, that is what is named after a process of the run: others may be at work there.
    """

    temporary: int
    shared: tuple[str, ...]
    results: int
    processes: int
    memory: int


def run(project: Project, scratch: Path, *arguments: str) -> Traces:
    """Make all results again."""
    notes = project.path("processes")
    project.path("sitecustomize.py").write_text(NOTE.format(str(notes)), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=project.folder,
        env={**project.environment, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # The usage is that of Snakemake and all that it waited for.
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    unfinished = list(project.folder.rglob(".*.tmp"))
    own = set(notes.read_text(encoding="ascii").split())
    assert len(own) > 2  # Snakemake, and jobs
    notes.unlink()
    return Traces(
        temporary=len(list(scratch.rglob("*"))) + len(unfinished),
        shared=tuple(
            path.name for path in SHARED.glob("*") if not own.isdisjoint(OWNER.findall(path.name))
        ),
        results=sum(path.is_file() for path in project.path("results").rglob("*")),
        processes=len(alive(project.folder)),
        memory=usage.ru_maxrss,
    )


@pytest.mark.parametrize(
    ("runs", "arguments"),
    [
        pytest.param(2, ("--forcerun", "train-tiny-fig1"), id="tiny"),
        pytest.param(20, ("--forceall",), id="sample", marks=pytest.mark.long),
    ],
)
def test_no_run_leaves_more_than_the_one_before(
    tmp_path: Path, request: pytest.FixtureRequest, runs: int, arguments: tuple[str, ...]
) -> None:
    folder, scratch = tmp_path / "project", tmp_path / "scratch"
    scratch.mkdir()
    if request.node.callspec.id == "tiny":
        project = request.getfixturevalue("finished").copy(folder)
    else:
        folder.mkdir()
        project = Project(folder)
    traces = []
    for number in range(1, runs + 1):
        traces.append(run(project, scratch, *arguments))
        print(f"run {number}: {traces[-1]}", flush=True)
    first = traces[0]
    assert {(each.temporary, each.shared, each.processes) for each in traces} == {(0, (), 0)}
    assert {each.results for each in traces} == {first.results}
    few = max(runs // 4, 1)
    memory = [each.memory for each in traces]
    assert median(memory[-few:]) <= GROWTH * median(memory[:few])
