"""Kinds of records: described in full, named in one place, and read by key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from records_factory import KINDS, run_record

from records.convert import convert
from records.description import describe
from records.errors import InputError
from records.kinds.calibration import HostCalibrationRecord
from records.kinds.collection import Collection
from records.kinds.failure import Failure
from records.kinds.kind import Kind
from records.kinds.run import NamedRunRecord, RunRecord
from records.kinds.stored import Stored
from records.record import read_record, write_record

ALL = [*KINDS.values(), HostCalibrationRecord, Collection, Failure, Stored]
ABOUT = "runs/paper/fig2/spmd/w1/seed1"


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_key_has_a_sentence(kind: type[Kind]) -> None:
    for key in describe(kind):
        literal = key.name in {"record", "version", "source"}
        assert literal or key.sentence.endswith("."), key.name


def test_each_module_has_a_kind() -> None:
    modules = {path.stem for path in Path("records/kinds").glob("*.py")}
    assert modules - {"__init__", "kind"} == {kind.__module__.rpartition(".")[2] for kind in ALL}


@pytest.mark.parametrize(
    ("spec", "about"),
    [
        ({}, ABOUT),
        ({"seed": True}, ""),
        ({"variant": ""}, ""),
        ({"variant": None}, ""),
        ({"paper": ["paper"]}, ""),
    ],
)
def test_a_record_is_about_what_its_keys_say(spec: dict[str, Any], about: str) -> None:
    record = run_record()
    assert NamedRunRecord.about_of({"spec": record["spec"] | spec}) == about


def test_what_the_store_holds_has_no_names(tmp_path: Path) -> None:
    record = run_record()
    for name in ("paper", "experiment", "variant"):
        del record["spec"][name]
    path = tmp_path / "run.json"
    write_record(path, record)
    assert read_record(path, RunRecord).spec.seed == 1
    with pytest.raises(InputError, match=r"run\.json: spec\.paper: is missing"):
        read_record(path, NamedRunRecord)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    made = convert(run_record(), NamedRunRecord, "")
    write_record(tmp_path / "run.json", made)
    assert read_record(tmp_path / "run.json", NamedRunRecord) == made


def test_a_failure_in_the_place_of_a_record_is_told(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_record(path, Failure(about=ABOUT, why="killed"))
    with pytest.raises(InputError, match=f"^needs {ABOUT}$"):
        read_record(path, RunRecord)


class Inner(msgspec.Struct):
    number: int


class Outer(msgspec.Struct):
    named: dict[str, list[dict[str, Inner]]]


def test_a_mistake_in_a_mapping_is_told_by_its_key() -> None:
    fine, wrong = {"number": 1}, {"number": "one"}
    content = {"named": {"a": [{"x": fine}], "b.c": [{"x": fine}, {"y": fine, "z": wrong}]}}
    with pytest.raises(InputError, match=r"^file: named\.b\.c\[1\]\.z\.number: "):
        convert(content, Outer, "file")
