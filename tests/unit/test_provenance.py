"""Provenance: what the records, the datasets and the configuration add up to, and what is missing of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pytest
import synthetic_site
from records_factory import (
    ENVIRONMENT,
    blamed,
    calibration_record,
    dataset_record,
    failure,
    host_record,
    model_record,
    prediction_record,
    property_record,
    run_record,
    timing_record,
    write,
    write_collection,
    write_list,
)

from records.record import write_record
from reports.cli import main
from reports.pages.provenance import provenance
from reports.tables.record_list import read_list

MANIFEST = {"digits": {"title": "Digits"}, "mnist": {"title": "MNIST"}}
MACHINES = {"banana-pi-m3": {"title": "Banana Pi M3"}}
STAGES = {"train": {"what": "trains", "after": ["prepare"], "jobs": 2}}
TIMING = "timings/paper/fig4/spmd-once/w1"


def gathered(*lists: Path, absent: Sequence[Path] = ()) -> dict[str, Any]:
    return provenance(
        {"edition": "sample"},
        [synthetic_site.paper()],
        MANIFEST,
        MACHINES,
        STAGES,
        [read_list(path) for path in lists],
        absent=absent,
    )


def dataset(folder: Path, name: str, record: dict[str, Any]) -> Path:
    path = folder / "datasets" / name / "dataset.json"
    write_record(path, record)
    return path


def digits(folder: Path) -> Path:
    return dataset(folder, "digits", dataset_record("digits"))


def made_by(record: dict[str, Any], fingerprint: str) -> dict[str, Any]:
    return {**record, "environment": {**ENVIRONMENT, "fingerprint": fingerprint}}


def test_runs_and_timings_are_listed_with_their_seconds(tmp_path: Path) -> None:
    run = write(tmp_path, run_record(workers=2, seed=3))
    timing = write(tmp_path, *timing_record([2.0, 3.0]))
    found = gathered(
        write_list(tmp_path, runs=[run], timings=[timing], datasets=[digits(tmp_path)])
    )
    assert found["edition"] == synthetic_site.EDITION
    (digits_,) = found["datasets"]
    assert (digits_["title"], digits_["name"], digits_["classes"]) == ("Digits", "digits", 10)
    assert (found["machines"], found["measurable"]) == (MACHINES, ["host"])
    assert (found["stages"], found["missing"]) == (STAGES, {})
    (one,), (timed,) = found["runs"], found["timings"]
    assert (one["workers"], one["seed"]) == (2, 3)
    assert (one["seconds_train"], one["seconds_evaluate"]) == (1.5, 0.5)
    assert one["record"] == run.as_posix()
    assert (timed["repeats"], timed["seconds_total"], timed["source"]) == (2, 5.0, "measured")
    assert timed["record"] == timing.parent.as_posix()


def test_what_is_missing_of_every_kind_is_told_once(tmp_path: Path) -> None:
    shared = write_collection(
        tmp_path / "softmax.json", "property", failure("properties/softmax", "diverged")
    )
    offline = failure("datasets/mnist", "offline")
    needs = "needs datasets/mnist"
    made = {
        "runs": ("run", "runs/paper/fig2/spmd/w1/seed1"),
        "timings": ("repeat", f"{TIMING}/host/repeat1"),
        "calibrations": ("calibration", "calibrations/paper/fig4/spmd-once/repeat1"),
        "predictions": ("prediction", "predictions/paper/fig4/spmd-once/ryzen"),
        "models": ("model", "models/paper"),
    }
    files = {
        name: [write_collection(tmp_path / f"{kind}.json", kind, failure(about, needs))]
        for name, (kind, about) in made.items()
    }
    shared_files: dict[str, Any] = {
        "properties": [shared],
        "datasets": [digits(tmp_path), dataset(tmp_path, "mnist", offline)],
    }
    whole = write_list(tmp_path, **files, **shared_files)
    other = tmp_path / "other.json"
    nothing: dict[str, list[str]] = {key: [] for key in files}
    other.write_text(json.dumps({**json.loads(whole.read_text()), **nothing}))
    found = gathered(whole, other)
    assert found["missing"] == {
        **{about: needs for _, about in made.values()},
        "properties/softmax": "diverged",
        "datasets/mnist": "offline",
    }
    assert [each["name"] for each in found["datasets"]] == ["digits"]
    assert found["environments"] == [{**ENVIRONMENT, "records": 1}], "of the host"


def test_what_of_the_authors_could_not_be_had_is_told_and_not_missing(tmp_path: Path) -> None:
    files = [tmp_path / "had.txt", tmp_path / "absent.txt"]
    for path, told in zip(files, ("", "Nobody has it."), strict=True):
        path.write_text(told)
    found = gathered(write_list(tmp_path), absent=files)
    assert (found["absent"], found["missing"]) == (["Nobody has it."], {})


def test_what_is_damaged_is_missing_and_the_rest_is_listed(tmp_path: Path) -> None:
    cut, wrong = run_record(seed=1), run_record(seed=2)
    del cut["seconds"]
    wrong["status"] = "done"
    path = write(tmp_path, cut, wrong, run_record(seed=3))
    damaged = write(tmp_path, prediction_record({1: 8.0}))
    damaged.write_text("{")
    found = gathered(write_list(tmp_path, runs=[path], predictions=[damaged]))
    assert [run["seed"] for run in found["runs"]] == [3]
    about = "runs/paper/fig2/spmd/w1"
    assert set(found["missing"]) == {f"{about}/seed1", f"{about}/seed2", damaged.as_posix()}
    assert blamed(found["missing"][f"{about}/seed1"]) == (str(path), "members[0].seconds")


def test_repeats_of_two_machines_are_missing_and_count_for_no_timing(tmp_path: Path) -> None:
    one, two = timing_record([1.0, 2.0])
    two["environment"] = {**ENVIRONMENT, "host": {**ENVIRONMENT["host"], "cpu": "another"}}
    paths = [write(tmp_path, one), write(tmp_path, two)]
    found = gathered(write_list(tmp_path, timings=paths))
    assert found["timings"] == []
    assert list(found["missing"]) == [f"{TIMING}/host"]


def test_machines_that_timings_are_measured_for_are_named_also_if_they_failed(
    tmp_path: Path,
) -> None:
    measured = write(tmp_path, *timing_record([1.0], hardware="banana-pi-m3"))
    failed = write_collection(tmp_path / "x.json", "repeat", failure(f"{TIMING}/ryzen/repeat1"))
    found = gathered(write_list(tmp_path, timings=[measured, failed]))
    assert found["measurable"] == ["host", "banana-pi-m3", "ryzen"]


def test_every_kind_of_record_that_was_measured_tells_its_environment(tmp_path: Path) -> None:
    path = write_list(
        tmp_path,
        runs=[write(tmp_path, made_by(run_record(), "run"))],
        timings=[write(tmp_path, made_by(timing_record([1.0])[0], "repeat"))],
        calibrations=[write(tmp_path, made_by(calibration_record(), "calibration"))],
        properties=[write(tmp_path, made_by(property_record("p"), "property"))],
        models=[write(tmp_path, model_record())],
    )
    write_collection(
        tmp_path / "calibrations/host/repeat1.json", "calibration", made_by(host_record(), "host")
    )
    told = gathered(path)["environments"]
    kinds = ["run", "repeat", "calibration", "host", "property"]
    assert [each["fingerprint"] for each in told] == kinds


def test_repeats_of_calibrations_are_counted_by_mark(tmp_path: Path) -> None:
    """Those of variants and of the host, of which there is one here."""
    repeats = [calibration_record(1), calibration_record(2, mark="noisy")]
    path = write_list(tmp_path, calibrations=[write(tmp_path, each) for each in repeats])
    assert gathered(path)["calibrations"] == {"clean": 2, "noisy": 1}


def test_environments_are_counted_by_records_the_commonest_first(tmp_path: Path) -> None:
    runs = [made_by(run_record(seed=seed), "bb") for seed in (1, 2, 3)]
    found = gathered(write_list(tmp_path, runs=[write(tmp_path, *runs)]))["environments"]
    counts = [(entry["fingerprint"], entry["records"]) for entry in found]
    assert counts == [("bb", 3), ("9f2c00000000", 1)]


def test_command_writes_what_the_pages_read(tmp_path: Path) -> None:
    paper, output = tmp_path / "paper.json", tmp_path / "provenance.json"
    costs, absent = tmp_path / "cost.csv", tmp_path / "absent.txt"
    absent.write_text("Nobody has it.")
    paper.write_bytes(msgspec.json.encode(synthetic_site.paper()))
    records = write_list(tmp_path, runs=[write(tmp_path, run_record())])
    arguments = [
        *("--manifest", "{}", "--machines", "{}", "--stages", "{}"),
        *("--edition-config", '{"edition": "sample"}'),
        *("--papers", str(paper), "--records", str(records), "--absent", str(absent)),
    ]
    files = [f"--output={output}", f"--cost-table={costs}"]
    assert main(["provenance", *arguments, *files]) == 0
    written = json.loads(output.read_text())
    assert written["config"] == {"edition": "sample"}
    assert written["absent"] == ["Nobody has it."]
    assert len(written["runs"]) == 1
    assert written["timings"] == []
    stages = [(row["stage"], row["seconds"]) for row in written["cost"]]
    table = pd.read_csv(costs)
    assert list(zip(table["stage"], table["seconds"], strict=True)) == stages


@pytest.mark.parametrize("text", ["{", "[]"])
def test_command_refuses_a_configuration_that_is_no_object(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--manifest", "{}", "--edition-config", text, "--papers", "p", "--output", "o"]
    with pytest.raises(SystemExit):
        main(["provenance", *arguments])
    assert "--edition-config" in capsys.readouterr().err
