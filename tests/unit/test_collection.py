"""Records of a variant in one file, with what could not be made."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

from pnncore.collection import Member, collect, read_only_member
from pnncore.cost import Meter
from pnncore.made_of import name
from pnncore.store import Store
from records.errors import InputError
from records.kinds.calibration import NamedCalibrationRecord
from records.kinds.collection import Collection
from records.kinds.kind import Kind
from records.kinds.repeat import NamedRepeatRecord
from records.record import read_record

MADE = {"spec": {"seeds": [1, 2]}, "code": {"pnncore.run": "12345678"}, "software": {}}
Json = dict[str, Any]


class Made(Kind, frozen=True, kw_only=True, tag="run"):
    """A record that says its seed and nothing else."""

    version: Literal[4] = 4
    spec: dict[str, int]


class NamedMade(Made, frozen=True, kw_only=True):
    spec: dict[str, int | str]


def fail() -> Made:
    raise InputError("seed: is unlucky")


def crash() -> Made:
    raise ZeroDivisionError("by nothing")


class Maker:
    """Makes records and counts them."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def __call__(self, seed: int) -> Callable[[], Made]:
        def make() -> Made:
            self.made.append(seed)
            return Made(spec={"seed": seed})

        return make


def members(maker: Maker, *others: Callable[[], Made]) -> list[Member]:
    labels = {"variant": "plain"}
    made = [Member(f"runs/seed{n}", maker(n), {"seed": n}, labels) for n in (1, 2)]
    return [
        *made,
        *(Member(f"runs/{make.__name__}", make, {"of": make.__name__}) for make in others),
    ]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_what_the_store_has_is_not_made_again(store: Store, tmp_path: Path) -> None:
    maker, output = Maker(), tmp_path / "runs.json"
    assert collect("run", MADE, members(maker), output, store, Meter()) == []
    first = output.read_bytes()
    assert collect("run", MADE, members(maker), output, store, Meter()) == []
    assert output.read_bytes() == first
    assert maker.made == [1, 2]
    found = json.loads(first)["members"]
    assert [record["spec"] for record in found] == [{"variant": "plain", "seed": n} for n in (1, 2)]
    stored = {path.stem for path in store.folder.rglob("*.json")}
    assert set(json.loads(first)["stored"]) == stored


def test_one_that_fails_does_not_keep_the_others(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maker, output = Maker(), tmp_path / "runs.json"
    failures = collect("run", MADE, members(maker, fail, crash), output, store, Meter())
    assert [(each.about, each.why) for each in failures] == [
        ("runs/fail", "seed: is unlucky"),
        ("runs/crash", "ZeroDivisionError: by nothing"),
    ]
    assert [each["record"] for each in json.loads(output.read_text())["members"]] == [
        "run",
        "run",
    ] + ["failure"] * 2
    assert "Traceback" in capsys.readouterr().err


def test_a_record_costs_what_it_cost_when_it_was_made(store: Store, tmp_path: Path) -> None:
    output = tmp_path / "runs.json"
    collect("run", MADE, members(Maker(), fail), output, store, Meter())
    first, second, failed = read_record(output, Collection).costs
    assert min(first.seconds, second.seconds, failed.seconds) > 0
    collect("run", MADE, members(Maker()), output, store, Meter())
    assert read_record(output, Collection).costs == (first, second)


def test_a_name_that_says_otherwise_makes_nothing(store: Store, tmp_path: Path) -> None:
    maker = Maker()
    failures = collect(
        "run", MADE, members(maker), tmp_path / f"runs-{'0' * 12}.json", store, Meter()
    )
    assert len(failures) == 2
    assert maker.made == []
    assert (
        collect("run", MADE, members(maker), tmp_path / f"runs-{name(MADE)}.json", store, Meter())
        == []
    )


def test_what_rests_on_a_failure_says_so(store: Store, tmp_path: Path) -> None:
    output = tmp_path / "calibration.json"
    collect("calibration", MADE, [Member("calibrations/ott", fail)], output, store, Meter())
    with pytest.raises(InputError, match=r"^needs calibrations/ott$"):
        read_only_member(output, NamedCalibrationRecord)


def test_records_of_another_kind_are_refused(store: Store, tmp_path: Path) -> None:
    output = tmp_path / "runs.json"
    collect("run", MADE, members(Maker())[:1], output, store, Meter())
    assert read_only_member(output, NamedMade).spec == {"variant": "plain", "seed": 1}
    with pytest.raises(InputError, match=rf"^{output}: members\[0\]\.record: .*repeat"):
        read_only_member(output, NamedRepeatRecord)


def test_a_collection_of_several_is_none_of_one(store: Store, tmp_path: Path) -> None:
    output = tmp_path / "runs.json"
    collect("run", MADE, members(Maker()), output, store, Meter())
    with pytest.raises(InputError, match=f"^{output}: .*2"):
        read_only_member(output, NamedMade)
