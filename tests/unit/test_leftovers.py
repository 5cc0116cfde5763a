"""What killed runs leave behind, and what must stay."""

import os
from pathlib import Path

from listing import names

from workflow.leftovers import sweep


def test_begun_files_and_folders_go_and_the_rest_stays(tmp_path: Path) -> None:
    inner = tmp_path / "runs" / "tiny"
    scratch = inner / ".site.1a.tmp"
    scratch.mkdir(parents=True)
    (scratch / ".page.2b.tmp").touch()
    for name in (".seed1.json.3c.tmp", "seed1.json", ".seed1.json.checkpoint", "mine.tmp", ".lock"):
        (inner / name).touch()
    sweep(tmp_path)
    assert set(names(inner)) == {"seed1.json", ".seed1.json.checkpoint", "mine.tmp", ".lock"}


def test_what_another_run_may_be_writing_stays(tmp_path: Path) -> None:
    old, new = tmp_path / ".old.tmp", tmp_path / ".new.tmp"
    for path in (old, new):
        path.touch()
    os.utime(old, (0, 0))
    sweep(tmp_path, idle=60)
    assert names(tmp_path) == [".new.tmp"]


def test_no_folder_is_nothing_to_sweep(tmp_path: Path) -> None:
    sweep(tmp_path / "results")
