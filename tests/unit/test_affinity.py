"""Confining a process to some of its cores: real where the system can, refused where it cannot."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pnncore.pool import pool
from pnncore.timing import affinity
from records.errors import InputError

linux = pytest.mark.skipif(not affinity.is_supported(), reason="this system does not confine")


def elsewhere(function: Callable[[], Any]) -> Any:
    """Call a function in a thread of its own: confining it leaves the tests' thread alone."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function).result()


@linux
def test_workers_stay_on_the_core_they_are_confined_to() -> None:
    core = affinity.cores()[0]

    def confined() -> list[Any]:
        affinity.confine(1)
        with pool("threading", 3) as workers:
            return workers.map(affinity.processors, [()] * 3)

    before = affinity.processors()
    assert elsewhere(confined) == [core] * 3
    assert affinity.processors() == before


@linux
def test_more_cores_than_there_are_are_refused() -> None:
    there = len(affinity.cores())
    with pytest.raises(InputError, match=rf"\b{there}\b.*\b{there + 1}\b"):
        affinity.confine(there + 1)


@linux
def test_a_core_comes_with_all_of_its_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[set[int]] = []
    for processor, siblings in enumerate(("0,2", "1,3", "0,2", "1,3")):
        folder = tmp_path / f"cpu{processor}/topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(siblings)
    monkeypatch.setattr(affinity, "TOPOLOGY", tmp_path)
    monkeypatch.setattr(affinity, "processors", lambda: (0, 1, 2, 3))
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, chosen: given.append(chosen))
    assert affinity.cores() == [(0, 2), (1, 3)]
    affinity.confine(1)
    assert given == [{0, 2}]


def test_a_system_without_affinity_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sched_setaffinity", "sched_getaffinity"):
        monkeypatch.delattr(os, name, raising=False)
    assert not affinity.is_supported()
    assert affinity.processors() is None
    with pytest.raises(InputError, match="cores"):
        affinity.confine(1)
