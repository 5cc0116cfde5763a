"""``python -m workflow``: what it removes, writes and says."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pnncore.collection import Member, collect
from pnncore.cost import Meter
from pnncore.made_of import name
from pnncore.store import Store
from records.errors import InputError
from records.kinds.failure import Failure
from records.record import write_record
from workflow.__main__ import main
from workflow.batch import Batch
from workflow.edition import choose, load
from workflow.plan import Plan

ROOT = Path(__file__).parents[2]

Command = Callable[..., int]


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return an edition of one paper, in a folder without results."""
    (tmp_path / "config").symlink_to(ROOT / "config")
    monkeypatch.chdir(tmp_path)
    # A lock is held until the process ends, and this one goes on.
    monkeypatch.setattr("workflow.lock.hold", lambda path: None)
    content, _ = choose({})
    return {**content, "papers": ["ott"], "comparisons": []}


@pytest.fixture
def plan(edition: dict[str, Any]) -> Plan:
    return load(edition, "edition", Path()).plan


@pytest.fixture
def command(edition: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Command:
    def run(command: str, *arguments: str) -> int:
        given = ["workflow", command, "--edition", json.dumps(edition), *arguments]
        monkeypatch.setattr(sys, "argv", given)
        return main()

    return run


def make(batch: Batch, why: str = "") -> Path:
    """Write a collection of one record, or of a failure."""

    def record() -> dict[str, Any]:
        if why:
            raise InputError(why)
        return {"record": "run", "version": 4, "spec": {}}

    path = Path(batch.path)
    member = Member(f"about {batch.path}", record, {"of": batch.path})
    collect("run", batch.made, [member], path, Store(Path("results/store")), Meter())
    return path


def test_a_sweep_removes_what_failed_and_says_why(
    plan: Plan, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = plan.studies["ott"].runs[:2]
    good, failed = make(one), make(other, "was killed twice")
    assert command("sweep") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert str(failed) in line
    assert "was killed twice" in line
    assert (good.exists(), failed.exists()) == (True, False)
    assert command("sweep") == 0
    assert capsys.readouterr().out == ""


def test_unused_results_are_listed_and_then_removed(
    plan: Plan, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = plan.studies["ott"].runs[0]
    kept, *_ = (make(each) for each in [batch, *plan.batches.values()])
    other = {**batch.made, "code": {}}
    stale = make(Batch(str(kept.with_name(f"{name(other)}.json")), None, other))
    stored = Store(Path("results/store")).path({"of": str(stale)})
    assert command("gc", "--dry-run") == 0
    listed = capsys.readouterr().out
    assert {line.split(": ")[0] for line in listed.splitlines()} == {str(stale), str(stored)}
    assert stale.exists()
    assert command("gc") == 0
    assert capsys.readouterr().out == listed
    assert (kept.exists(), stale.exists(), stored.exists()) == (True, False, False)


def test_a_document_takes_the_place_of_the_one_before(plan: Plan, command: Command) -> None:
    documents = plan.studies["ott"].documents
    judged = Path(documents["judged"].path)
    before, drawn = (
        Path(f"{path[:-17]}{'0' * 12}.json")
        for path in (documents["judged"].path, documents["drawn"].path)
    )
    for path in (before, drawn):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert command("resolve", "ott", "--output", str(judged)) == 0
    assert json.loads(judged.read_text()) == documents["judged"].content
    assert (before.exists(), drawn.exists()) == (False, True)


def test_a_document_of_another_configuration_is_refused(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(f"results/sample/config/ott-{'0' * 12}.json")
    assert command("resolve", "ott", "--output", str(path)) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert "ott" in told
    assert not path.exists()


def test_what_is_missing_is_told_and_removed_to_be_tried_again(
    plan: Plan, command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = make(plan.studies["ott"].runs[0])
    provenance, stamp = tmp_path / "provenance.json", tmp_path / "complete"
    places = ["--provenance", str(provenance), "--output", str(stamp)]
    provenance.write_text(json.dumps({"missing": {str(path): "was edited"}}))
    with pytest.raises(SystemExit, match="1"):
        command("complete", *places)
    assert f"{path}: was edited" in capsys.readouterr().err
    assert (path.exists(), stamp.exists()) == (False, False)
    make(plan.studies["ott"].runs[0])
    provenance.write_text(json.dumps({"missing": {}}))
    assert command("complete", *places) == 0
    assert (path.exists(), stamp.exists()) == (True, True)


@pytest.mark.parametrize("target", ["prepared", "ott"])
def test_a_target_without_its_data_fails_and_is_tried_again(
    plan: Plan, command: Command, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    path = Path("resources/datasets/digits/dataset.json")
    write_record(path, Failure(about="datasets/digits", why="digits.gz is another file"))
    with pytest.raises(SystemExit, match="1"):
        command("made", target)
    assert f"{path}: digits.gz is another file" in capsys.readouterr().err
    assert not path.exists()
    assert command("made", target) == 0


def test_a_study_whose_run_failed_fails_as_a_target(plan: Plan, command: Command) -> None:
    path = make(plan.studies["ott"].runs[0], "was killed twice")
    assert command("made", "prepared") == 0
    with pytest.raises(SystemExit, match="1"):
        command("made", "ott")
    assert not path.exists()


def test_a_report_older_than_a_failure_is_not_complete(
    plan: Plan, command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = make(plan.studies["ott"].runs[0], "was killed twice")
    provenance = tmp_path / "provenance.json"
    provenance.write_text(json.dumps({"missing": {}}))
    with pytest.raises(SystemExit, match="1"):
        command("complete", "--provenance", str(provenance), "--output", str(tmp_path / "c"))
    assert "was killed twice" in capsys.readouterr().err
    assert not path.exists()


def test_all_of_an_empty_folder_is_new(
    plan: Plan, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("why") == 0
    told = capsys.readouterr().out
    count = len(plan.batches) + len(plan.documents)
    assert f"{count:,} files: " in told
    assert "resources/datasets/digits/dataset.json" in told
