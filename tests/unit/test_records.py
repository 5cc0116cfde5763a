import copy
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import pytest
import synthetic_site
from records_factory import (
    calibration_record,
    model_record,
    prediction_record,
    property_record,
    run_record,
    timing_record,
    write,
)

from pnncore.records import write_record
from reports.documents import Node
from reports.errors import ReportError
from reports.gallery import read_album
from reports.models import read_model
from reports.predictions import read_timed
from reports.properties import read_properties
from reports.records import read_run, read_timing


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
    run = read_run(write(tmp_path, record))
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
    assert read_run(write(tmp_path, record)).epochs[0] == {}


def test_confidence_may_be_any_number_as_outputs_may(tmp_path: Path) -> None:
    record = run_record([0.1, 0.8])
    confidence = {"top": 1.43, "true_class": -0.2, "top_correct": None}
    record["epochs"][1] |= {"confidence": confidence, "confidence_spread": 1.1}
    metrics = read_run(write(tmp_path, record)).epochs[1]
    assert metrics["confidence_top"] == 1.43
    assert metrics["confidence_true_class"] == -0.2
    assert "confidence_top_correct" not in metrics
    assert metrics["confidence_spread"] == 1.1


def test_a_number_too_large_to_be_one_is_refused(tmp_path: Path) -> None:
    record = run_record([0.1, 0.8])
    record["epochs"][1]["confidence"]["top"] = inf
    path = write(tmp_path, record)
    path.write_text(path.read_text().replace('"top": Infinity', '"top": 1e999'))
    with pytest.raises(ReportError, match=r"confidence\.top is inf; it must be a finite number"):
        read_run(path)


def test_a_diverged_run_ends_early(tmp_path: Path) -> None:
    record = run_record([0.1, 0.2, 0.3])
    record |= {"status": "diverged", "diverged_at": 2, "epochs": record["epochs"][:2]}
    run = read_run(write(tmp_path, record))
    assert (run.status, list(run.epochs), run.diverged_at) == ("diverged", [0, 1], 2)


def test_facts_become_metrics(tmp_path: Path) -> None:
    record = run_record()
    record["epochs"][1]["facts"] = {"lost_share": 0.25}
    assert read_run(write(tmp_path, record)).epochs[1]["lost_share"] == 0.25


def test_a_timing_is_read_with_its_repeats(tmp_path: Path) -> None:
    timing = read_timing(write(tmp_path, timing_record([0.5, 0.25], workers=8)))
    assert [repeat.seconds for repeat in timing.repeats] == [0.5, 0.25]
    assert {repeat.mark for repeat in timing.repeats} == {"oversubscribed"}
    assert (timing.cores, timing.oversubscribed) == (4, True)


@pytest.mark.parametrize(
    ("keys", "value", "sentence"),
    [
        (["record"], "timing", "record is 'timing'; it must be run"),
        (["version"], 1, "version is 1; it must be 4"),
        (["status"], "done", "status is 'done'; it must be completed or diverged"),
        (["spec", "workers"], 0, "spec.workers is 0; it must be a whole number of 1 or more"),
        (["spec", "variant"], "", "spec.variant is ''; it must be a text"),
        (["spec", "seed"], True, "spec.seed is True; it must be a whole number of 0 or more"),
        (
            ["epochs", 1, "test_accuracy"],
            1.7,
            "epochs[1].test_accuracy is 1.7; it must be a number from 0 to 1",
        ),
        (
            ["epochs", 1, "loss"],
            "low",
            "epochs[1].loss is 'low'; it must be a number from 0 on",
        ),
        (
            ["epochs", 1, "epoch"],
            0,
            "epochs[1].epoch is 0; it must be larger than the epoch before",
        ),
        (
            ["epochs", 1, "children", "test_accuracy"],
            [0.5, 0.5],
            "epochs[1].children.test_accuracy is [0.5, 0.5]; it must be a list of 1, one a worker",
        ),
        (
            ["epochs", 1, "facts"],
            {"mood": 1},
            "it must be a mapping with no other names than test_a",
        ),
        (["spec", "training", "epochs"], 5, "it must be a list that ends with epoch 5"),
        (["epochs"], 3, "epochs is 3; it must be a list"),
        (["environment"], None, "environment is nothing; it must be a mapping"),
    ],
)
def test_a_run_edited_by_hand_is_refused_in_one_sentence(
    tmp_path: Path, keys: list[Any], value: Any, sentence: str
) -> None:
    path = write(tmp_path, run_record())
    write_record(path, changed(run_record(), keys, value))
    with pytest.raises(ReportError) as caught:
        read_run(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_number_edited_by_hand_is_noticed_though_it_could_be_right(tmp_path: Path) -> None:
    path = write(tmp_path, run_record([0.1, 0.8]))
    path.write_text(path.read_text().replace('"test_accuracy": 0.8', '"test_accuracy": 0.9'))
    with pytest.raises(ReportError) as caught:
        read_run(path)
    assert str(caught.value) == (
        f"{path}: sha256 is not that of the rest, which was edited; delete the file and run again"
    )


@pytest.mark.parametrize("key", ["record", "status", "spec", "epochs", "environment"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    path = write(tmp_path, run_record())
    write_record(path, without(run_record(), key))
    with pytest.raises(ReportError, match=f"{key} is missing"):
        read_run(path)


@pytest.mark.parametrize(
    ("keys", "value", "sentence"),
    [
        (["repeats"], [], "repeats is []; it must be a list of 3, as spec.repeats says"),
        (["repeats", 0, "seconds"], -1, "repeats[0].seconds is -1; it must be a number from 0 on"),
        (
            ["repeats", 1, "mark"],
            "loud",
            "repeats[1].mark is 'loud'; it must be clean or noisy or oversubscribed",
        ),
        (["hardware_threads"], 0, "hardware_threads is 0; it must be a whole number of 1 or more"),
        (["source"], "modelled", "source is 'modelled'; it must be measured"),
    ],
)
def test_a_timing_edited_by_hand_is_refused_in_one_sentence(
    tmp_path: Path, keys: list[Any], value: Any, sentence: str
) -> None:
    path = write(tmp_path, changed(timing_record(), keys, value))
    with pytest.raises(ReportError) as caught:
        read_timing(path)
    assert str(caught.value) == f"{path}: {sentence}"


def test_a_record_cut_short_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, run_record())
    path.write_text(path.read_text()[:-40])
    with pytest.raises(ReportError, match="not valid JSON"):
        read_run(path)


def test_a_record_with_nan_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, run_record([0.1, float("nan")]))
    with pytest.raises(ReportError, match="NaN is not a JSON number"):
        read_run(path)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="there is no such file"):
        read_run(tmp_path / "seed1.json")
    (tmp_path / "seed1.json").write_bytes(b"\xff\xfe")
    with pytest.raises(ReportError, match="not UTF-8"):
        read_run(tmp_path / "seed1.json")


@pytest.mark.parametrize(
    ("place", "right"),
    [("w1/seed1.json", True), ("w1/seed2.json", False), ("w2/seed1.json", False)],
)
def test_the_record_of_another_run_is_refused(tmp_path: Path, place: str, right: bool) -> None:
    record = run_record()
    spec = record["spec"]
    about = "/".join(("runs", spec["paper"], spec["experiment"], spec["variant"]))
    path = tmp_path / about / place
    write_record(path, record)
    if right:
        read_run(path)
        return
    with pytest.raises(ReportError) as error:
        read_run(path)
    assert (
        str(error.value)
        == f"{path}: spec is that of {about}/w1/seed1.json; delete the file and run again"
    )


def test_the_timing_of_another_machine_is_refused(tmp_path: Path) -> None:
    record = timing_record()
    spec = record["spec"]
    about = "/".join(("timings", spec["paper"], spec["experiment"], spec["variant"], "w1"))
    path = tmp_path / about / "banana-pi-m3.json"
    write_record(path, record)
    with pytest.raises(ReportError, match=f"spec is that of {about}/host.json; delete"):
        read_timing(path)


Read = Callable[[Path], object]

TIMED = "paper/fig4/spmd-once"

IN_PLACE: dict[str, tuple[dict[str, Any], str, Read]] = {
    "timing": (timing_record(), f"timings/{TIMED}/w1/host.json", read_timed),
    "prediction": (prediction_record({1: 8.0}), f"timings/{TIMED}/banana-pi-m3.json", read_timed),
    "calibration": (calibration_record(), f"calibrations/{TIMED}.json", read_timed),
    "model": (model_record(), "models/paper.json", read_model),
    "property": (
        property_record("softmax"),
        "properties/softmax.json",
        lambda path: read_properties([path]),
    ),
    "gallery": (synthetic_site.gallery_record(), "gallery/digits.json", read_album),
}
"""By kind: a record, its place in an edition's results, and what reads it."""


@pytest.mark.parametrize("kind", IN_PLACE)
def test_a_record_is_read_in_its_place_and_where_nothing_else_has_one(
    tmp_path: Path, kind: str
) -> None:
    record, place, read = IN_PLACE[kind]
    for path in (tmp_path / place, tmp_path / "by-hand.json"):
        write_record(path, record)
        read(path)


@pytest.mark.parametrize(
    ("kind", "place", "key"),
    [
        ("timing", f"timings/{TIMED}/host.json", "spec"),  # of a prediction
        ("prediction", f"timings/{TIMED}/host.json", "spec"),
        ("prediction", "timings/paper/fig4/spmd/banana-pi-m3.json", "spec"),
        ("prediction", f"timings/{TIMED}/w1/banana-pi-m3.json", "spec"),  # of a timing
        ("calibration", "calibrations/paper/fig4/spmd.json", "spec"),
        ("calibration", "calibrations/other/fig4/spmd-once.json", "spec"),
        ("model", "models/other.json", "paper"),
        ("property", "properties/tanh.json", "property"),
        ("gallery", "gallery/mnist.json", "dataset"),
    ],
)
def test_a_record_in_another_s_place_is_refused(
    tmp_path: Path, kind: str, place: str, key: str
) -> None:
    record, right, read = IN_PLACE[kind]
    path = tmp_path / "results" / "paper" / place
    write_record(path, record)
    with pytest.raises(ReportError) as error:
        read(path)
    assert str(error.value) == (f"{path}: {key} is that of {right}; delete the file and run again")


def test_the_name_of_a_property_is_its_record_s(tmp_path: Path) -> None:
    path = tmp_path / "by-hand.json"
    write_record(path, property_record("softmax", shifted={"failures": 0.0}))
    (found,) = read_properties([path]).items()
    assert (found[0], found[1].content) == ("softmax", {"shifted": {"failures": 0.0}})


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ([], r"facts is \[\]; it must be a mapping"),
        (
            {"shifted": {"failures": "none"}},
            r"facts\.shifted\.failures is 'none'; it must be a fin",
        ),
    ],
)
def test_a_property_without_facts_is_refused(tmp_path: Path, facts: Any, sentence: str) -> None:
    path = tmp_path / "softmax.json"
    write_record(path, property_record("softmax") | {"facts": facts})
    with pytest.raises(ReportError, match=sentence):
        read_properties([path])


@pytest.mark.parametrize("digits", [309, 400, 4000])
def test_a_whole_number_that_is_too_large_is_refused(tmp_path: Path, digits: int) -> None:
    run = write(tmp_path, changed(run_record(), ["epochs", 1, "loss"], 10**digits))
    with pytest.raises(
        ReportError, match=r"epochs\[1\]\.loss is 10+\.\.\.; it must be a number from 0"
    ):
        read_run(run)
    timing = write(tmp_path, changed(timing_record(), ["cores"], 10**digits))
    with pytest.raises(
        ReportError, match=r"cores is 10+\.\.\.; it must be a whole number of \d+ or les"
    ):
        read_timing(timing)


def test_brackets_without_end_are_no_record(tmp_path: Path) -> None:
    path = tmp_path / "seed1.json"
    path.write_text("[" * 100_000)
    with pytest.raises(ReportError, match="not valid JSON"):
        read_run(path)


def nested() -> Any:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    return deep


def test_a_record_that_is_nested_too_deep_for_a_checksum_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How deep that is, and whether reading fails sooner, is up to the version of Python.
    record = run_record() | {"sha256": "", "deep": nested()}
    monkeypatch.setattr("reports.documents.read_json", lambda _: record)
    with pytest.raises(ReportError, match="sha256 is not that of the rest, which was edited"):
        read_run(tmp_path / "seed1.json")


def test_a_value_that_is_nested_too_deep_is_told() -> None:
    with pytest.raises(ReportError, match="a is nested too deep; it must be a text"):
        Node(Path("a.json"), "a", nested()).text()
