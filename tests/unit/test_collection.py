"""Records of a variant in one file, with what could not be made."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pnncore.collection import Member, collect, read_members, read_only_member
from pnncore.made_of import name
from pnncore.store import Store
from records.errors import InputError

MADE = {"spec": {"seeds": [1, 2]}, "code": {"pnncore.run": "12345678"}, "software": {}}
Json = dict[str, Any]


def fail() -> Json:
    raise InputError("seed: is unlucky")


def crash() -> Json:
    raise ZeroDivisionError("by nothing")


class Maker:
    """Makes records and counts them."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def __call__(self, seed: int) -> Callable[[], Json]:
        def make() -> Json:
            self.made.append(seed)
            return {"record": "run", "version": 4, "spec": {"seed": seed}}

        return make


def members(maker: Maker, *others: Callable[[], Json]) -> list[Member]:
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
    assert collect("run", MADE, members(maker), output, store) == []
    first = output.read_bytes()
    assert collect("run", MADE, members(maker), output, store) == []
    assert output.read_bytes() == first
    assert maker.made == [1, 2]
    found = read_members(output, "run", 4)
    assert [record["spec"] for record in found] == [{"variant": "plain", "seed": n} for n in (1, 2)]
    stored = {path.stem for path in store.folder.rglob("*.json")}
    assert set(json.loads(first)["stored"]) == stored


def test_one_that_fails_does_not_keep_the_others(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maker, output = Maker(), tmp_path / "runs.json"
    failures = collect("run", MADE, members(maker, fail, crash), output, store)
    assert [(each["about"], each["why"]) for each in failures] == [
        ("runs/fail", "seed: is unlucky"),
        ("runs/crash", "ZeroDivisionError: by nothing"),
    ]
    assert [each["record"] for each in read_members(output, "run", 4)] == ["run", "run"] + [
        "failure"
    ] * 2
    assert "Traceback" in capsys.readouterr().err


def test_a_name_that_says_otherwise_makes_nothing(store: Store, tmp_path: Path) -> None:
    maker = Maker()
    failures = collect("run", MADE, members(maker), tmp_path / f"runs-{'0' * 12}.json", store)
    assert len(failures) == 2
    assert maker.made == []
    assert collect("run", MADE, members(maker), tmp_path / f"runs-{name(MADE)}.json", store) == []


def test_what_rests_on_a_failure_says_so(store: Store, tmp_path: Path) -> None:
    output = tmp_path / "calibration.json"
    collect("calibration", MADE, [Member("calibrations/ott", fail)], output, store)
    with pytest.raises(InputError, match=r"^needs calibrations/ott$"):
        read_only_member(output, "calibration", 3)


def test_records_of_another_kind_are_refused(store: Store, tmp_path: Path) -> None:
    output = tmp_path / "runs.json"
    collect("run", MADE, members(Maker()), output, store)
    with pytest.raises(InputError, match=f"^{output}: .*repeat"):
        read_members(output, "repeat", 5)


def test_a_collection_of_several_is_none_of_one(store: Store, tmp_path: Path) -> None:
    output = tmp_path / "runs.json"
    collect("run", MADE, members(Maker()), output, store)
    with pytest.raises(InputError, match=f"^{output}: .*2"):
        read_only_member(output, "run", 4)
