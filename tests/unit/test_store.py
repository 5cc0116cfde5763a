"""Records under what made them."""

import json
from pathlib import Path

import pytest

from pnncore.store import Store, read_stored
from records.cost import Cost
from records.errors import InputError

IDENTITY = {"kind": "run", "spec": {"seed": 1}, "code": {"a": "1"}}
RECORD = {"record": "run", "version": 1, "spec": {"seed": 1}}
COST = Cost(seconds=2.5, cpu_seconds=2.0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    store.write(IDENTITY, RECORD, COST)
    return store


def test_a_record_is_found_by_what_made_it(store: Store) -> None:
    found = store.read(dict(reversed(IDENTITY.items())))
    assert found is not None
    assert (found.content, found.cost) == (RECORD, COST)
    assert store.read({**IDENTITY, "code": {"a": "2"}}) is None
    assert store.path(IDENTITY) == Store(store.folder).path(IDENTITY)


@pytest.mark.parametrize("kept", [0, 1, 100, -10])
def test_a_file_that_was_cut_short_is_none(store: Store, kept: int) -> None:
    path = store.path(IDENTITY)
    path.write_bytes(path.read_bytes()[:kept])
    assert store.read(IDENTITY) is None


def test_a_file_that_was_edited_or_renamed_is_none(store: Store) -> None:
    path = store.path(IDENTITY)
    other = {**IDENTITY, "code": {"a": "2"}}
    store.path(other).parent.mkdir(parents=True, exist_ok=True)
    store.path(other).write_bytes(path.read_bytes())
    assert store.read(other) is None
    with pytest.raises(InputError, match=f"^{store.path(other)}: "):
        read_stored(store.path(other))
    edited = json.loads(path.read_text())
    edited["content"]["spec"]["seed"] = 2
    path.write_text(json.dumps(edited))
    assert store.read(IDENTITY) is None


def test_a_store_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file"):
        Store(tmp_path / "file").write(IDENTITY, RECORD, COST)
