"""Files from the future."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workflow.future_dates import heal

ROOT = Path(__file__).parents[2]

SNAKEFILE = """
from pathlib import Path
from workflow.future_dates import heal

rule copy:
    input:
        "data/in.txt",
    output:
        "out.txt",
    shell:
        "cp {input} {output}"

onstart:
    heal([Path("data")])
"""


@pytest.fixture
def future() -> float:
    return time.time() + 90_000


def test_only_what_is_dated_later_than_now_is_dated_anew(tmp_path: Path, future: float) -> None:
    old, new, newer = (tmp_path / "folder" / name for name in ("old", "new", "newer"))
    old.parent.mkdir()
    for path, date in ((old, 1e9), (new, future), (newer, future + 9)):
        path.write_text("kept")
        os.utime(path, (date, date))
    (tmp_path / "dangling").symlink_to("nowhere")
    assert heal([tmp_path, tmp_path / "missing"]) == 2
    assert old.stat().st_mtime == 1e9
    assert new.stat().st_mtime == newer.stat().st_mtime <= time.time()
    assert new.read_text() == "kept"
    assert heal([tmp_path]) == 0


def test_a_run_that_heals_as_it_starts_keeps_what_it_makes(tmp_path: Path, future: float) -> None:
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "in.txt").write_text("content")
    os.utime(tmp_path / "data" / "in.txt", (future, future))
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "all"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "out.txt").read_text() == "content"
