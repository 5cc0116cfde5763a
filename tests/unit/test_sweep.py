"""What does not count any more, found out from the files themselves."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs, to_builtins

from pnncore import collection
from pnncore.collection import Member, collect
from pnncore.cost import Meter
from pnncore.data.prepare import prepare
from pnncore.store import Store
from pnncore.timing.environment import host
from records.cost import Cost
from records.dataset import Array
from records.environment import Host
from records.errors import InputError
from records.kinds.failure import Failure
from records.record import write_record
from workflow.edition import choose, load
from workflow.manifest import load_manifest
from workflow.plan import Plan
from workflow.sweep import concerned, remove, spoilt, unreferenced

ROOT = Path(__file__).parents[2]
RECORD: dict[str, Any] = {"record": "run", "version": 4, "spec": {}}


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Return the plan of a paper, in an empty folder."""
    monkeypatch.chdir(ROOT)
    content, source = choose({})
    planned = load({**content, "papers": ["ott"], "comparisons": []}, source, Path()).plan
    monkeypatch.chdir(tmp_path)
    # Names of files are those of the plan, whatever is put into them here.
    monkeypatch.setattr(collection, "DIGEST", re.compile("(?!)"))
    return planned


def write(kind: str, path: str, make: Callable[[], dict[str, Any]]) -> Path:
    member = Member(f"about {path}", make, {"path": path})
    collect(kind, {"spec": {}}, [member], Path(path), Store(Path("results/store")), Meter())
    return Path(path)


def fail() -> dict[str, Any]:
    raise InputError("is wrong")


def on(machine: Host) -> Callable[[], dict[str, Any]]:
    environment = {"host": to_builtins(machine)}
    return lambda: {"record": "repeat", "version": 5, "spec": {}, "environment": environment}


def test_what_failed_was_damaged_or_was_timed_elsewhere_goes(plan: Plan) -> None:
    study = plan.studies["ott"]
    good, failed, cut = (batch.path for batch in study.runs[:3])
    here, elsewhere = (study.repeats[number][0].path for number in (1, 2))
    write("run", good, lambda: RECORD)
    write("run", failed, fail)
    damaged = write("run", cut, lambda: RECORD)
    damaged.write_bytes(damaged.read_bytes()[:50])
    write("repeat", here, on(host()))
    write("repeat", elsewhere, on(structs.replace(host(), cpu="another")))
    found = {str(each.path): each.why for each in spoilt(plan)}
    assert found.keys() == {failed, cut, elsewhere}
    assert "is wrong" in found[failed]
    remove(spoilt(plan))
    assert list(spoilt(plan)) == []
    assert Path(good).exists()


def test_documents_as_they_are_written_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    whole = load(*choose({}), Path()).plan
    monkeypatch.chdir(tmp_path)
    for document in whole.documents.values():
        Path(document.path).parent.mkdir(parents=True, exist_ok=True)
        Path(document.path).write_text(json.dumps(document.content))
    assert list(spoilt(whole)) == []


@pytest.mark.parametrize("text", ["{}", "{", ""])
def test_documents_that_were_edited_go(plan: Plan, text: str) -> None:
    document = plan.studies["ott"].documents["judged"]
    path, provenance = Path(document.path), Path("results/sample/provenance.json")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document.content))
    provenance.write_text("{}")
    assert list(spoilt(plan)) == []
    path.write_text(text)
    provenance.write_text("cut")
    assert [each.path for each in spoilt(plan)] == [path, provenance]


SPOIL: dict[str, tuple[Callable[[Path], object], str]] = {
    "no JSON": (lambda folder: (folder / "dataset.json").write_text("{"), "dataset.json"),
    "a failure": (
        lambda folder: write_record(
            folder / "dataset.json",
            Failure(about="datasets/digits", why="no way"),
        ),
        "no way",
    ),
    "missing array": (lambda folder: (folder / "test-images.npy").unlink(), "test-images.npy"),
    "edited array": (
        lambda folder: np.load(folder / "train-images.npy", mmap_mode="r+").__setitem__(0, 255),
        "train-images.npy",
    ),
    "cut array": (lambda folder: os.truncate(folder / "train-labels.npy", 100), "train-labels.npy"),
}


@pytest.mark.parametrize(("spoil", "expected"), SPOIL.values(), ids=SPOIL)
def test_data_that_are_not_what_they_should_be_go(
    plan: Plan, spoil: Callable[[Path], object], expected: str
) -> None:
    folder = prepared()
    assert list(spoilt(plan)) == []
    spoil(folder)
    (found,) = spoilt(plan)
    assert found.path == folder / "dataset.json"
    assert expected in found.why


def test_data_of_another_content_go(plan: Plan) -> None:
    folder = prepared()
    digits = plan.datasets["digits"]
    test = structs.replace(digits.splits.test, labels=Array("0" * 64))
    digits = structs.replace(digits, splits=structs.replace(digits.splits, test=test))
    (found,) = spoilt(replace(plan, datasets={"digits": digits}))
    assert found.path == folder / "dataset.json"


def prepared() -> Path:
    folder = Path("resources/datasets/digits")
    prepare("digits", load_manifest(ROOT / "config/datasets.yaml")["digits"], folder, folder)
    return folder


def test_what_a_report_found_missing_is_made_again(plan: Plan) -> None:
    study = plan.studies["ott"]
    run, timing = study.runs[0], study.repeats[2][0]
    place = f"{run.spec.experiment}/{run.spec.variant}"
    timed = f"{timing.spec.experiment}/{timing.spec.variant}"
    missing = {
        f"runs/ott/{place}/w1/seed1": "why",
        f"timings/ott/{timed}/w2/host/repeat2": "why",
        study.runs[1].path: "why",
    }
    found = {str(each.path) for each in concerned(plan, missing)}
    repeats = {batch.path for batch in study.timings if batch.spec.variant == timing.spec.variant}
    assert found == {run.path, study.runs[1].path, *repeats}


def test_what_nothing_uses_is_found(plan: Plan) -> None:
    batch = plan.studies["ott"].runs[0]
    for path in plan.batches:
        write("run", path, lambda: RECORD)
    kept = Path(batch.path)
    stale = write("run", str(kept.with_name(f"{'0' * 12}.json")), lambda: RECORD)
    orphan = Store(Path("results/store"))
    orphan.write({"of": "nothing"}, RECORD, Cost(seconds=1.0, cpu_seconds=1.0))
    cut = kept.with_name(f"{'1' * 12}.json")
    cut.write_text("{")
    assert {each.path for each in unreferenced(plan)} == {
        stale,
        cut,
        orphan.path({"of": "nothing"}),
        orphan.path({"path": str(stale)}),
    }


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_text("{")])
def test_nothing_is_unused_as_long_as_results_are_missing(
    plan: Plan, harm: Callable[[Path], object]
) -> None:
    for path in plan.batches:
        write("run", path, lambda: RECORD)
    missing = Path(plan.studies["ott"].runs[0].path)
    harm(missing)
    with pytest.raises(InputError, match=f"^{missing}: "):
        list(unreferenced(plan))
