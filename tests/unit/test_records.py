"""Records in collections: read, or told in a sentence why not; and never counted where they do not belong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import pytest
import synthetic_site
from records_factory import (
    calibration_record,
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

from records.errors import InputError
from records.record import write_record
from reports.documents import Node
from reports.exhibits.gallery import read_albums
from reports.tables.calibrations import read_profiles
from reports.tables.collections import VERSIONS, Found
from reports.tables.facts import read_facts
from reports.tables.models import read_models
from reports.tables.predictions import read_predictions
from reports.tables.properties import read_properties
from reports.tables.repeats import read_timings
from reports.tables.runs import RunRecord, read_runs

RUN = "runs/paper/fig2/spmd/w1/seed1"


def read_run(folder: Path, record: dict[str, Any]) -> RunRecord:
    (run,) = whole(read_runs([write(folder, record)]))
    return run


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
    record["epochs"][1]["children"]["test_accuracy"] = [0.5, 0.7]
    run = read_run(tmp_path, record)
    assert (run.subject.workers, run.subject.seed, run.environment) == (2, 3, "9f2c00000000")
    assert "loss" not in run.epochs[0]
    assert run.epochs[1] == {
        "test_accuracy": 0.8,
        "loss": 0.5,
        "confidence_spread": 0.05,
        "weight_magnitude": 0.02,
        "confidence_top": 0.4,
        "confidence_true_class": 0.2,
        "confidence_top_correct": 0.8,
        "child_accuracy_mean": pytest.approx(0.6),
        "child_accuracy_min": 0.5,
        "child_accuracy_max": 0.7,
    }


def test_an_epoch_without_a_merged_network_has_the_rest(tmp_path: Path) -> None:
    record = run_record([0.1, 0.8])
    merged = ("test_accuracy", "confidence", "confidence_spread", "weight_magnitude")
    record["epochs"][0] |= dict.fromkeys(merged)
    assert read_run(tmp_path, record).epochs[0] == {}


def test_confidence_may_be_any_number_as_outputs_may(tmp_path: Path) -> None:
    record = run_record([0.1, 0.8])
    confidence = {"top": 1.43, "true_class": -0.2, "top_correct": None}
    record["epochs"][1] |= {"confidence": confidence, "confidence_spread": 1.1}
    metrics = read_run(tmp_path, record).epochs[1]
    assert metrics["confidence_top"] == 1.43
    assert metrics["confidence_true_class"] == -0.2
    assert "confidence_top_correct" not in metrics
    assert metrics["confidence_spread"] == 1.1


def test_a_number_too_large_to_be_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.tables.collections.is_sealed", lambda record: True)
    record = run_record([0.1, 0.8])
    record["epochs"][1]["confidence"]["top"] = inf
    path = write(tmp_path, record)
    path.write_text(path.read_text().replace('"top": Infinity', '"top": 1e999'))
    why = only_failure(read_runs([path]))
    assert "confidence.top: expected " in why


def test_a_diverged_run_ends_early(tmp_path: Path) -> None:
    record = run_record([0.1, 0.2, 0.3])
    record |= {"status": "diverged", "diverged_at": 2, "epochs": record["epochs"][:2]}
    run = read_run(tmp_path, record)
    assert (run.status, list(run.epochs), run.diverged_at) == ("diverged", [0, 1], 2)


def test_facts_become_metrics(tmp_path: Path) -> None:
    record = run_record()
    record["epochs"][1]["facts"] = {"lost_share": 0.25}
    assert read_run(tmp_path, record).epochs[1]["lost_share"] == 0.25


@pytest.mark.parametrize(
    ("keys", "value", "sentence"),
    [
        (["record"], "repeat", "record: expected "),
        (["version"], 1, "version: expected "),
        (["status"], "done", "status: expected "),
        (["spec", "workers"], 0, "spec.workers: expected "),
        (["spec", "variant"], "", "spec.variant: expected "),
        (["spec", "seed"], True, "spec.seed: expected "),
        (
            ["epochs", 1, "test_accuracy"],
            1.7,
            "epochs[1].test_accuracy: expected ",
        ),
        (
            ["epochs", 1, "loss"],
            "low",
            "epochs[1].loss: expected ",
        ),
        (
            ["epochs", 1, "epoch"],
            0,
            "epochs[1].epoch: expected ",
        ),
        (
            ["epochs", 1, "children", "test_accuracy"],
            [0.5, 0.5],
            "epochs[1].children.test_accuracy: expected ",
        ),
        (
            ["epochs", 1, "facts"],
            {"mood": 1},
            "epochs[1].facts: expected ",
        ),
        (["spec", "training", "epochs"], 5, "epochs: expected "),
        (["epochs"], 3, "epochs: expected "),
        (["environment"], None, "environment: expected "),
    ],
)
def test_a_run_edited_by_hand_is_refused_in_one_sentence(
    tmp_path: Path, keys: list[Any], value: Any, sentence: str
) -> None:
    path = tmp_path / "runs.json"
    found = read_runs([write_collection(path, "run", changed(run_record(), keys, value))])
    why = only_failure(found)
    assert why.startswith(f"{path}: members[0].")
    assert sentence in why


def test_a_number_edited_by_hand_is_noticed_though_it_could_be_right(tmp_path: Path) -> None:
    path = write(tmp_path, run_record([0.1, 0.8]))
    path.write_text(path.read_text().replace('"test_accuracy": 0.8', '"test_accuracy": 0.9'))
    assert set(read_runs([path]).failures) == {path.as_posix()}
    assert f"{path}: sha256: " in only_failure(read_runs([path]))


@pytest.mark.parametrize("key", ["record", "status", "spec", "epochs", "environment"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    path = tmp_path / "runs.json"
    found = read_runs([write_collection(path, "run", without(run_record(), key))])
    assert f"{key} is missing" in only_failure(found)


def test_a_failure_is_called_what_the_record_is_about(tmp_path: Path) -> None:
    path = write(tmp_path, run_record(), changed(run_record(seed=2), ["status"], "done"))
    found = read_runs([path])
    assert [run.subject.seed for run in found.records] == [1]
    assert set(found.failures) == {"runs/paper/fig2/spmd/w1/seed2"}


def test_what_could_not_be_made_is_listed_with_the_reason(tmp_path: Path) -> None:
    place = tmp_path / "runs/paper/fig2/spmd"
    killed = failure(RUN, "its process was killed")
    one = write_collection(place / "0.json", "run", killed, run_record(seed=2))
    found = read_runs([one, tmp_path / "absent.json"])
    assert [run.subject.seed for run in found.records] == [2]
    absent = (tmp_path / "absent.json").as_posix()
    assert found.failures == {
        RUN: "its process was killed",
        absent: f"{absent}: no such file",
    }


@pytest.mark.parametrize(
    ("keys", "value", "sentence"),
    [
        (["record"], "run", "record: expected "),
        (["version"], 2, "version: expected "),
        (["of"], "repeat", "of: expected "),
        (["members"], {}, "members: expected "),
        (["members"], [3], "members[0]: expected "),
        (["members"], [{"record": "failure", "about": "x"}], "members[0].why is missing"),
    ],
)
def test_a_file_that_is_no_such_collection_is_a_failure(
    tmp_path: Path, keys: list[str], value: Any, sentence: str
) -> None:
    path = write(tmp_path, run_record())
    write_record(path, changed(json.loads(path.read_text()), keys, value))
    found = read_runs([path])
    assert set(found.failures) == {path.as_posix()}
    assert sentence in only_failure(found)


def test_a_collection_cut_short_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, run_record())
    path.write_text(path.read_text()[:-40])
    assert "not valid JSON" in only_failure(read_runs([path]))


def test_a_collection_with_nan_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, run_record([0.1, float("nan")]))
    assert "NaN is not a JSON number" in only_failure(read_runs([path]))


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    path.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in only_failure(read_runs([path]))


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
        f"calibrations/{TIMED}-0a.json",
        f"calibrations/{TIMED}",
        read_profiles,
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
    assert set(found.failures) == {two.as_posix()}
    assert all(part in found.failures[two.as_posix()] for part in (f"{two}: ", about, str(one)))


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("run", "runs/paper/fig2/exemplar/0a.json"),
        ("run", "runs/other/fig2/spmd/0a.json"),
        ("repeat", "timings/paper/fig4/spmd/repeat1-0a.json"),
        ("calibration", "calibrations/other/fig4/spmd-once-0a.json"),
    ],
)
def test_a_collection_in_another_variant_s_place_is_refused(
    tmp_path: Path, kind: str, place: str
) -> None:
    record, _, about, read = IN_PLACE[kind]
    path = write_collection(tmp_path / "results" / "runs" / place, kind, record)
    found = read([path])
    assert (found.records, set(found.failures)) == ((), {path.as_posix()})
    assert all(part in only_failure(found) for part in (f"{path}: ", about))


def dataset(folder: Path, place: str, **content: Any) -> Path:
    path = folder / "datasets" / place / "dataset.json"
    write_record(path, {"record": "dataset", "version": VERSIONS["dataset"], **content})
    return path


def test_facts_are_read_of_the_datasets_that_could_be_had(tmp_path: Path) -> None:
    failed = {"record": "failure", "version": 1, "about": "datasets/mnist", "why": "offline"}
    paths = [
        dataset(tmp_path, "digits", name="digits", classes=10),
        dataset(tmp_path, "mnist", **failed),
        dataset(tmp_path, "other", name="digits", classes=10),
    ]
    found = read_facts(paths)
    ((name, facts),) = found.records
    assert (name, facts.path) == ("digits", paths[0].as_posix())
    assert facts.content == {"name": "digits", "classes": 10}
    assert set(found.failures) == {"datasets/mnist", paths[2].as_posix()}
    assert found.failures["datasets/mnist"] == "offline"
    copied = found.failures[paths[2].as_posix()]
    assert all(part in copied for part in (f"{paths[2]}: ", "datasets/digits", str(paths[0])))


def test_edited_facts_are_a_failure(tmp_path: Path) -> None:
    path = dataset(tmp_path, "digits", name="digits", classes=10)
    path.write_text(path.read_text().replace("10", "11"))
    assert f"{path}: sha256: " in only_failure(read_facts([path]))


def test_the_name_of_a_property_is_its_record_s(tmp_path: Path) -> None:
    path = tmp_path / "by-hand.json"
    write_collection(path, "property", property_record("softmax", shifted={"failures": 0.0}))
    ((name, facts),) = whole(read_properties([path]))
    assert (name, facts.content) == ("softmax", {"shifted": {"failures": 0.0}})


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ([], "facts: expected "),
        ({"shifted": {"failures": "none"}}, "facts.shifted.failures: expected "),
    ],
)
def test_a_property_without_facts_is_refused(tmp_path: Path, facts: Any, sentence: str) -> None:
    path = tmp_path / "softmax.json"
    write_collection(path, "property", property_record("softmax") | {"facts": facts})
    assert sentence in only_failure(read_properties([path]))


@pytest.mark.parametrize("digits", [309, 400, 4000])
def test_a_whole_number_that_is_too_large_is_refused(tmp_path: Path, digits: int) -> None:
    run = write(tmp_path, changed(run_record(), ["epochs", 1, "loss"], 10**digits))
    why = only_failure(read_runs([run]))
    assert "epochs[1].loss: expected " in why
    assert why.endswith("000...")
    repeat = write(tmp_path, changed(timing_record()[0], ["cores"], 10**digits))
    assert "cores: expected a whole number" in only_failure(read_timings([repeat]))


def test_brackets_without_end_are_no_record(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    path.write_text("[" * 100_000)
    assert "not valid JSON" in only_failure(read_runs([path]))


def nested() -> Any:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    return deep


def test_a_record_that_is_nested_too_deep_for_a_checksum_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How deep that is, and whether reading fails sooner, is up to the version of Python.
    content = {"record": "collection", "version": 1, "of": "run", "sha256": "", "members": nested()}
    monkeypatch.setattr("reports.documents.read_json", lambda _: content)
    why = only_failure(read_runs([tmp_path / "runs.json"]))
    assert "runs.json: sha256: " in why


def test_a_value_that_is_nested_too_deep_is_told() -> None:
    with pytest.raises(InputError, match="a: expected "):
        Node(Path("a.json"), "a", nested()).text()
