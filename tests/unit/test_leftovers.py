"""What killed runs leave behind, and what must stay."""

import os
from pathlib import Path

from listing import names

from workflow.leftovers import remove_others, sweep


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


def test_a_paper_that_is_removed_leaves_no_tables(tmp_path: Path) -> None:
    for part in ("tables", "figures"):
        for name in ("ott", "carver", "mine"):
            (tmp_path / part / name).mkdir(parents=True)
            (tmp_path / part / name / "claims.csv").touch()
    (tmp_path / "config").mkdir()
    for name in ("ott", "ott-exhibits", "carver", "carver-exhibits"):
        (tmp_path / "config" / f"{name}.json").touch()
    remove_others(tmp_path, ["ott"])
    assert names(tmp_path / "tables") == names(tmp_path / "figures") == ["mine", "ott"]
    assert names(tmp_path / "config") == ["ott-exhibits.json", "ott.json"]


def test_no_results_are_nothing_to_remove(tmp_path: Path) -> None:
    remove_others(tmp_path / "results", ["ott"])
