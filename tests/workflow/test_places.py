"""A disk that is full, and folders that cannot be written to: real ones, in a name space of their own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from conftest import Project

UNSHARE = ["unshare", "--map-root-user", "--mount"]
SNAKEMAKE = f"{sys.executable} -m snakemake --cores 2"


def mounts() -> bool:
    if shutil.which("unshare") is None:
        return False
    command = [*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not mounts(), reason="mounting is not allowed here")


def run(project: Project, script: str) -> str:
    """Run a shell script in the project, whose mounts end with it; return what it prints."""
    done = subprocess.run(
        [*UNSHARE, "sh", "-c", script],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


LONG = pytest.mark.long


@pytest.mark.parametrize("full", ["results", pytest.param(".snakemake", marks=LONG)])
def test_a_full_disk_costs_what_is_being_written_and_nothing_else(tiny: Project, full: str) -> None:
    tiny.path(full).mkdir()
    target = "results/sample/tables/tiny/epochs.csv"
    output = run(
        tiny,
        f"mount -t tmpfs -o size=40k none {full}; {SNAKEMAKE} {target} && echo all went well;"
        f" cp -a {full} kept",
    )
    assert "all went well" not in output
    assert "No space left on device" in output
    assert "Traceback" not in output
    tiny.path(full).rmdir()
    tiny.path("kept").rename(tiny.path(full))
    for path in tiny.path("results").rglob("*.json"):
        json.loads(path.read_bytes())
    assert tiny.snakemake(target).returncode == 0
    assert list(tiny.path("results").rglob(".*.tmp")) == []


@pytest.mark.parametrize(
    "folder", ["results", *(pytest.param(name, marks=LONG) for name in (".snakemake", "."))]
)
def test_a_folder_that_cannot_be_written_to_is_named(tiny: Project, folder: str) -> None:
    tiny.path(folder).mkdir(exist_ok=True)
    output = run(
        tiny,
        f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && cd {tiny.folder}"
        f" && {SNAKEMAKE}",
    )
    place = tiny.path(folder).resolve()
    assert re.search(f"{re.escape(str(place))}.*permission", output)
    assert "Traceback" not in output
