"""Records in collections: read, or told by file and key why not; and never counted where they do not belong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import synthetic_site
from records_factory import (
    blamed,
    calibration_record,
    dataset_record,
    failure,
    model_record,
    only_failure,
    prediction_record,
    property_record,
    run_record,
    timing_record,
    whole,
    write,
    write_collection,
)

from records.kinds.run import NamedRunRecord
from records.record import write_record
from reports.exhibits.gallery import read_albums
from reports.tables.calibrations import read_calibrations
from reports.tables.collections import Found
from reports.tables.facts import read_facts
from reports.tables.models import read_models
from reports.tables.predictions import read_predictions
from reports.tables.properties import read_properties
from reports.tables.repeats import read_timings
from reports.tables.runs import read_runs

RUN = "runs/paper/fig2/spmd/w1/seed1"


def read_run(folder: Path, record: dict[str, Any]) -> NamedRunRecord:
    (run,) = whole(read_runs([write(folder, record)]))
    return run.record


def changed(record: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    record = copy.deepcopy(record)
    inner: Any = record
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    return record


def without(record: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != key}


def test_a_run_is_read_with_its_metrics_by_epoch(tmp_path: Path) -> None:
    record = run_record([0.1, 0.8], workers=2, seed=3)
    run = read_run(tmp_path, record)
    assert (run.spec.workers, run.spec.seed) == (2, 3)
    assert [epoch.metrics for epoch in run.epochs] == [row["metrics"] for row in record["epochs"]]


def test_a_number_too_large_to_be_one_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, run_record([0.1, 0.8]))
    path.write_text(path.read_text().replace('"confidence_top": 0.4', '"confidence_top": 1e999'))
    assert only_failure(read_runs([path])).startswith(f"{path}: not JSON: ")


def test_a_diverged_run_ends_early(tmp_path: Path) -> None:
    record = run_record([0.1, 0.2, 0.3])
    record |= {"status": "diverged", "diverged_at": 2, "epochs": record["epochs"][:2]}
    run = read_run(tmp_path, record)
    assert (run.status, [epoch.epoch for epoch in run.epochs], run.diverged_at) == (
        "diverged",
        [0, 1],
        2,
    )


@pytest.mark.parametrize(
    ("keys", "value", "key"),
    [
        (["record"], "repeat", "record"),
        (["version"], 1, "version"),
        (["status"], "done", "status"),
        (["spec", "workers"], 0, "spec.workers"),
        (["spec", "variant"], "", "spec.variant"),
        (["spec", "seed"], True, "spec.seed"),
        (["epochs", 1, "metrics"], {"loss": "low"}, "epochs[1].metrics.loss"),
        (["epochs", 1, "epoch"], 0, "epochs[1].epoch"),
        (["epochs", 1, "child_accuracies"], [1.7], "epochs[1].child_accuracies[0]"),
        (["epochs", 1, "child_accuracies"], [0.5, 0.5], "epochs[1].child_accuracies"),
        (["spec", "training", "epochs"], 5, "epochs"),  # of which there are not so many
        (["epochs"], 3, "epochs"),
        (["environment"], None, "environment"),
    ],
)
def test_a_run_edited_by_hand_is_refused_by_its_key(
    tmp_path: Path, keys: list[Any], value: Any, key: str
) -> None:
    path = tmp_path / "runs.json"
    found = read_runs([write_collection(path, "run", changed(run_record(), keys, value))])
    assert blamed(only_failure(found)) == (str(path), f"members[0].{key}")


def test_a_number_edited_by_hand_is_noticed_though_it_could_be_right(tmp_path: Path) -> None:
    path = write(tmp_path, run_record([0.1, 0.8]))
    path.write_text(path.read_text().replace('"test_accuracy": 0.8', '"test_accuracy": 0.9'))
    assert blamed(only_failure(read_runs([path]))) == (str(path), "sha256")


@pytest.mark.parametrize("key", ["record", "status", "spec", "epochs", "environment"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    path = tmp_path / "runs.json"
    found = read_runs([write_collection(path, "run", without(run_record(), key))])
    assert blamed(only_failure(found)) == (str(path), f"members[0].{key}")


def test_a_failure_is_called_what_the_record_is_about(tmp_path: Path) -> None:
    path = write(tmp_path, run_record(), changed(run_record(seed=2), ["status"], "done"))
    found = read_runs([path])
    assert [run.record.spec.seed for run in found.records] == [1]
    assert set(found.failures) == {"runs/paper/fig2/spmd/w1/seed2"}


def test_what_could_not_be_made_is_listed_with_the_reason(tmp_path: Path) -> None:
    place = tmp_path / "runs/paper/fig2/spmd"
    killed = failure(RUN, "its process was killed")
    one = write_collection(place / "0.json", "run", killed, run_record(seed=2))
    found = read_runs([one, tmp_path / "absent.json"])
    assert [run.record.spec.seed for run in found.records] == [2]
    absent = (tmp_path / "absent.json").as_posix()
    assert found.failures.keys() == {RUN, absent}
    assert found.failures[RUN] == "its process was killed"
    assert found.failures[absent].startswith(f"{absent}: ")


@pytest.mark.parametrize(
    ("keys", "value", "key"),
    [
        (["record"], "run", "record"),
        (["version"], 1, "version"),
        (["of"], "repeat", "of"),
        (["members"], {}, "members"),
        (["members"], [3], "members[0]"),
        (["members"], [{"record": "failure", "about": "x"}], "members[0].why"),
    ],
)
def test_a_file_that_is_no_such_collection_is_a_failure(
    tmp_path: Path, keys: list[str], value: Any, key: str
) -> None:
    path = write(tmp_path, run_record())
    write_record(path, changed(json.loads(path.read_text()), keys, value))
    found = read_runs([path])
    assert set(found.failures) == {path.as_posix()}
    assert blamed(only_failure(found)) == (str(path), key)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:-40],
        lambda whole: whole.replace(b'"test_accuracy": 0.1', b'"test_accuracy": NaN'),
        lambda whole: b"\xff\xfe",
        lambda whole: b"[" * 100_000,
    ],
    ids=["cut short", "NaN", "binary", "brackets without end"],
)
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = write(tmp_path, run_record([0.1, 0.8]))
    before = path.read_bytes()
    path.write_bytes(spoil(before))
    assert path.read_bytes() != before
    assert only_failure(read_runs([path])).startswith(f"{path}: not JSON: ")


Read = Callable[[list[Path]], Found[Any]]

TIMED = "paper/fig4/spmd-once"

IN_PLACE: dict[str, tuple[dict[str, Any], str, str, Read]] = {
    "run": (run_record(), "runs/paper/fig2/spmd/0a.json", RUN, read_runs),
    "repeat": (
        timing_record()[0],
        f"timings/{TIMED}/repeat1-0a.json",
        f"timings/{TIMED}/w1/host/repeat1",
        read_timings,
    ),
    "prediction": (
        prediction_record({1: 8.0}),
        "predictions/paper-0a.json",
        f"predictions/{TIMED}/banana-pi-m3",
        read_predictions,
    ),
    "calibration": (
        calibration_record(),
        f"calibrations/{TIMED}/repeat1-0a.json",
        f"calibrations/{TIMED}/repeat1",
        read_calibrations,
    ),
    "model": (model_record(), "models/paper-0a.json", "models/paper", read_models),
    "property": (
        property_record("softmax"),
        "properties/softmax-0a.json",
        "properties/softmax",
        read_properties,
    ),
    "gallery": (
        synthetic_site.gallery_record(),
        "gallery/digits-0a.json",
        "gallery/digits",
        read_albums,
    ),
}
"""By kind: a record, the place of its collection in an edition's results, what it is about, and what reads it."""


@pytest.mark.parametrize("kind", IN_PLACE)
def test_a_record_is_read_in_its_place_and_where_nothing_else_has_one(
    tmp_path: Path, kind: str
) -> None:
    record, place, _, read = IN_PLACE[kind]
    for path in (tmp_path / place, tmp_path / "by-hand.json"):
        assert len(whole(read([write_collection(path, kind, record)]))) == 1


@pytest.mark.parametrize("kind", IN_PLACE)
def test_a_copied_collection_does_not_count_twice(tmp_path: Path, kind: str) -> None:
    record, place, about, read = IN_PLACE[kind]
    one = write_collection(tmp_path / place, kind, record)
    two = write_collection((tmp_path / place).with_name("1b.json"), kind, record)
    found = read([one, two])
    assert len(found.records) == 1
    ((failed, why),) = found.failures.items()
    assert failed == two.as_posix()
    assert why.startswith(f"{two}: ")
    assert about in why
    assert str(one) in why


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("run", "runs/paper/fig2/exemplar/0a.json"),
        ("run", "runs/other/fig2/spmd/0a.json"),
        ("repeat", "timings/paper/fig4/spmd/repeat1-0a.json"),
        ("calibration", "calibrations/other/fig4/spmd-once/repeat1-0a.json"),
    ],
)
def test_a_collection_in_another_variant_s_place_is_refused(
    tmp_path: Path, kind: str, place: str
) -> None:
    record, _, about, read = IN_PLACE[kind]
    path = write_collection(tmp_path / "results" / "runs" / place, kind, record)
    found = read([path])
    assert found.records == ()
    assert found.failures.keys() == {path.as_posix()}
    assert about in only_failure(found)


def dataset(folder: Path, place: str, record: dict[str, Any]) -> Path:
    path = folder / "datasets" / place / "dataset.json"
    write_record(path, record)
    return path


def test_facts_are_read_of_the_datasets_that_could_be_had(tmp_path: Path) -> None:
    paths = [
        dataset(tmp_path, "digits", dataset_record("digits")),
        dataset(tmp_path, "mnist", failure("datasets/mnist", "offline")),
        dataset(tmp_path, "other", dataset_record("digits")),
    ]
    found = read_facts(paths)
    ((name, facts),) = found.records
    assert (name, facts.path) == ("digits", paths[0].as_posix())
    assert (facts.content["name"], facts.content["classes"]) == ("digits", 10)
    assert not facts.content.keys() & {"record", "version", "sha256"}
    assert found.failures.keys() == {"datasets/mnist", paths[2].as_posix()}
    assert found.failures["datasets/mnist"] == "offline"
    assert str(paths[0]) in found.failures[paths[2].as_posix()]


def test_edited_facts_are_a_failure(tmp_path: Path) -> None:
    path = dataset(tmp_path, "digits", dataset_record("digits"))
    path.write_text(path.read_text().replace('"classes": 10', '"classes": 11'))
    assert blamed(only_failure(read_facts([path]))) == (str(path), "sha256")


def test_the_name_of_a_property_is_its_record_s(tmp_path: Path) -> None:
    path = tmp_path / "by-hand.json"
    write_collection(path, "property", property_record("softmax", shifted={"failures": 0.0}))
    ((name, facts),) = whole(read_properties([path]))
    assert (name, facts.content) == ("softmax", {"shifted": {"failures": 0.0}})


@pytest.mark.parametrize(
    ("facts", "key"),
    [([], "facts"), ({"shifted": {"failures": "none"}}, "facts.shifted.failures")],
)
def test_a_property_without_facts_is_refused(tmp_path: Path, facts: Any, key: str) -> None:
    path = tmp_path / "softmax.json"
    write_collection(path, "property", property_record("softmax") | {"facts": facts})
    assert blamed(only_failure(read_properties([path]))) == (str(path), f"members[0].{key}")


@pytest.mark.parametrize("digits", [309, 400, 4000])
def test_a_whole_number_that_is_too_large_is_refused(tmp_path: Path, digits: int) -> None:
    run = write(tmp_path, changed(run_record(), ["epochs", 1, "loss"], 10**digits))
    repeat = write(tmp_path, changed(timing_record()[0], ["cores"], 10**digits))
    for why, key in (
        (only_failure(read_runs([run])), "epochs[1].loss"),
        (only_failure(read_timings([repeat])), "cores"),
    ):
        assert blamed(why)[1] == f"members[0].{key}"
        assert "0" * 100 not in why  # nobody wants to read it


def nested() -> Any:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    return deep


def test_a_record_that_is_nested_too_deep_for_a_checksum_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How deep that is, and whether reading fails sooner, is up to the version of Python.
    content = {"record": "collection", "version": 2, "of": "run", "sha256": "", "members": nested()}
    (tmp_path / "runs.json").write_text("{}")
    monkeypatch.setattr("msgspec.json.decode", lambda _: content)
    why = only_failure(read_runs([tmp_path / "runs.json"]))
    assert blamed(why)[1] == "sha256"
