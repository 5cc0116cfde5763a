"""Provenance: what the records, the datasets and the configuration add up to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import synthetic_site

from pnncore.records import write_record
from reports.cli import main
from reports.errors import ReportError
from reports.provenance import provenance
from reports.records import VERSIONS

FACTS = {"name": "digits", "classes": 10}
MANIFEST = {"digits": {"title": "Digits"}, "mnist": {"title": "MNIST"}}
MACHINES = {"banana-pi-m3": {"title": "Banana Pi M3"}}
DATASET = {**MANIFEST["digits"], **FACTS}


def run_record(**changes: Any) -> dict[str, Any]:
    spec = {"paper": synthetic_site.ID, "experiment": "fig2", "variant": "spmd-shadow"}
    spec |= {"dataset": "digits", "workers": 2, "seed": 3}
    return {
        "record": "run",
        "version": VERSIONS["run"],
        "status": "completed",
        "spec": spec,
        "seconds": {"train": 1.5, "evaluate": 0.5},
        "environment": {"fingerprint": "aa", "python": "3.11.7"},
    } | changes


def timing_record() -> dict[str, Any]:
    repeats = [{"seconds": 2.0}, {"seconds": 3.0}]
    return run_record(record="timing", hardware="host", source="measured", repeats=repeats)


STAGES = {"train": {"what": "trains", "after": ["prepare"], "jobs": 2}}


def write(folder: Path, **records: dict[str, Any]) -> list[Path]:
    paths = [folder / f"{name}.json" for name in records]
    for path, record in zip(paths, records.values(), strict=True):
        write_record(path, record)
    return paths


def test_runs_and_timings_are_listed_with_their_seconds(tmp_path: Path) -> None:
    runs, timings = write(tmp_path, run=run_record()), write(tmp_path, timing=timing_record())
    found = provenance(
        {"edition": "sample"},
        [synthetic_site.paper()],
        MANIFEST,
        MACHINES,
        ["host"],
        STAGES,
        {"results/sample/runs/a.json": "out of memory"},
        [FACTS],
        runs,
        timings,
    )
    assert found["edition"] == synthetic_site.EDITION
    assert found["datasets"] == [DATASET]
    assert (found["machines"], found["measurable"]) == (MACHINES, ["host"])
    assert found["stages"] == STAGES
    assert found["missing"] == {"results/sample/runs/a.json": "out of memory"}
    (run,), (timing,) = found["runs"], found["timings"]
    assert (run["workers"], run["seed"], run["seconds_train"], run["seconds_evaluate"]) == (
        2,
        3,
        1.5,
        0.5,
    )
    assert run["record"] == runs[0].as_posix()
    assert (timing["repeats"], timing["seconds_total"], timing["source"]) == (2, 5.0, "measured")


def test_every_kind_of_record_tells_its_environment(tmp_path: Path) -> None:
    records = [
        {"record": kind, "version": VERSIONS[kind], "environment": {"fingerprint": kind}}
        for kind in ("calibration", "property")
    ]
    records[1]["property"] = "softmax"
    calibrations, properties = (write(tmp_path, **{each["record"]: each}) for each in records)
    told = provenance(
        {}, [synthetic_site.paper()], {}, {}, [], {}, {}, [], [], [], calibrations, properties
    )["environments"]
    assert [each["fingerprint"] for each in told] == ["calibration", "property"]


def test_environments_are_counted_the_commonest_first(tmp_path: Path) -> None:
    other = run_record(environment={"fingerprint": "bb"})
    runs = write(tmp_path, a=run_record(), b=other, c=other)
    found = provenance(
        {}, [synthetic_site.paper()], MANIFEST, MACHINES, ["host"], {}, {}, [], runs, []
    )["environments"]
    assert [(entry["fingerprint"], entry["records"]) for entry in found] == [("bb", 2), ("aa", 1)]


def test_record_that_was_cut_short_is_named(tmp_path: Path) -> None:
    record = run_record()
    del record["seconds"]
    with pytest.raises(ReportError, match=r"a\.json: seconds is missing"):
        provenance(
            {},
            [synthetic_site.paper()],
            MANIFEST,
            MACHINES,
            ["host"],
            {},
            {},
            [],
            write(tmp_path, a=record),
            [],
        )


def test_command_writes_what_the_pages_read(tmp_path: Path) -> None:
    (paper,) = write(tmp_path, paper=synthetic_site.paper())
    (run,) = write(tmp_path, run=run_record())
    output = tmp_path / "provenance.json"
    arguments = [
        "--manifest",
        "{}",
        "--machines",
        "{}",
        "--measurable",
        "host",
        "--stages",
        "{}",
        "--edition-config",
        '{"edition": "sample"}',
        "--papers",
        str(paper),
    ]
    assert main(["provenance", *arguments, "--runs", str(run), "--output", str(output)]) == 0
    written = json.loads(output.read_text())
    assert written["config"] == {"edition": "sample"}
    assert len(written["runs"]) == 1
    assert written["timings"] == []


@pytest.mark.parametrize("text", ["{", "[]"])
def test_command_refuses_a_configuration_that_is_no_object(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(
            [
                "provenance",
                "--manifest",
                "{}",
                "--edition-config",
                text,
                "--papers",
                "p",
                "--output",
                "o",
            ]
        )
    assert "--edition-config" in capsys.readouterr().err
