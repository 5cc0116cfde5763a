"""Repeats of a timing become one, or it is told why not."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from records_factory import (
    ENVIRONMENT,
    blamed,
    failure,
    timing_record,
    whole,
    write,
    write_collection,
)

from reports.tables.collections import Found
from reports.tables.repeats import TimingRecord, read_timings

TIMING = "timings/paper/fig4/spmd-once/w1/host"
PLACE = "timings/paper/fig4/spmd-once"


def read(folder: Path, *repeats: list[dict[str, Any]]) -> Found[TimingRecord]:
    """Read repeats from collections as the pipeline writes them: one for each list."""
    return read_timings(
        write_collection(folder / PLACE / f"repeat{n}.json", "repeat", *members)
        for n, members in enumerate(repeats, start=1)
    )


def environment(python: str = "3.11.7", fingerprint: str = "aa", **packages: str) -> dict[str, Any]:
    found = {"numpy": "2.4.6", "pnn-reproduction": "0.1.0", **packages}
    return {**ENVIRONMENT, "python": python, "packages": found, "fingerprint": fingerprint}


def test_repeats_become_timings_whatever_collection_they_are_in(tmp_path: Path) -> None:
    one, two = timing_record([3.0, 1.0]), timing_record([0.5, 0.25], workers=8)
    timings = whole(read(tmp_path, [two[1], one[1]], [two[0], one[0]]))
    assert [timing.subject.workers for timing in timings] == [8, 1], "in the order of the members"
    several, single = timings
    assert [(each.spec.repeat, each.repeat.seconds) for each in single.repeats] == [
        (1, 3.0),
        (2, 1.0),
    ]
    assert single.path == tmp_path / PLACE
    assert (single.cores, single.hardware, single.environment) == (4, "host", "9f2c00000000")
    assert (single.oversubscribed, several.oversubscribed) == (False, True)
    assert {each.repeat.mark for each in several.repeats} == {"oversubscribed"}


def test_a_machine_that_this_one_stands_for_has_a_timing_of_its_own(tmp_path: Path) -> None:
    other = timing_record([4.0], hardware="banana-pi-m3", cores=2)
    timings = whole(read(tmp_path, [*timing_record([3.0]), *other]))
    assert [timing.hardware for timing in timings] == ["host", "banana-pi-m3"]


def test_a_timing_with_a_diverged_repeat_diverged(tmp_path: Path) -> None:
    repeats = timing_record([1.0, 2.0])
    repeats[1]["status"] = "diverged"
    assert [timing.status for timing in whole(read(tmp_path, repeats))] == ["diverged"]


def test_a_timing_is_made_of_the_repeats_that_there_are(tmp_path: Path) -> None:
    first, _, third = timing_record([1.0, 2.0, 3.0])
    found = read(tmp_path, [first], [failure(f"{TIMING}/repeat2", "killed")], [third])
    (timing,) = found.records
    assert [each.spec.repeat for each in timing.repeats] == [1, 3]
    assert found.failures == {f"{TIMING}/repeat2": "killed"}


def test_a_timing_without_repeats_is_none(tmp_path: Path) -> None:
    found = read(tmp_path, [failure(f"{TIMING}/repeat1")], [failure(f"{TIMING}/repeat2")])
    assert found.records == ()
    assert set(found.failures) == {f"{TIMING}/repeat1", f"{TIMING}/repeat2"}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"environment": {**ENVIRONMENT, "openmp": {"threads": 2}}}, "environment"),
        ({"environment": environment(numpy="2.5.0")}, "environment"),
        ({"environment": environment(python="3.12.1")}, "environment"),
        ({"cores": 1}, "cores"),
        ({"backend": "loky"}, "backend"),
    ],
)
def test_repeats_of_several_machines_or_softwares_are_refused(
    tmp_path: Path, change: dict[str, Any], key: str
) -> None:
    repeats = timing_record([1.0, 2.0, 3.0])
    for repeat in repeats:
        repeat["environment"] = environment()
    repeats[1] |= change
    fine = timing_record([4.0], workers=2)
    found = read(tmp_path, [*fine, repeats[0]], [repeats[1]], [repeats[2]])
    assert [timing.subject.workers for timing in found.records] == [2]
    place = tmp_path / PLACE
    assert found.failures.keys() == {TIMING}
    why = found.failures[TIMING]
    assert blamed(why) == (f"{place}/repeat2.json", key)
    assert f"{place}/repeat1.json" in why


def test_what_reruns_no_repeat_may_differ(tmp_path: Path) -> None:
    one, two = timing_record([1.0, 2.0])
    one["environment"] = environment()
    two["environment"] = environment("3.11.9", "bb", **{"pnn-reproduction": "0.2.0"})
    (timing,) = whole(read(tmp_path, [one], [two]))
    assert (len(timing.repeats), timing.environment) == (2, "aa")


def test_repeats_of_other_settings_are_refused(tmp_path: Path) -> None:
    one, two = timing_record([1.0, 2.0])
    two["spec"] = {**two["spec"], "training": {"epochs": 7}}
    found = read(tmp_path, [one], [two])
    assert found.records == ()
    assert blamed(found.failures[TIMING]) == (f"{tmp_path / PLACE}/repeat2.json", "spec")


def test_a_copied_measurement_counts_once(tmp_path: Path) -> None:
    one, two, three = timing_record([3.0, 1.0, 2.0])
    three["repeat"] = copy.deepcopy(two["repeat"])
    found = read(tmp_path, [one], [two], [three])
    (timing,) = found.records
    assert [each.repeat.seconds for each in timing.repeats] == [3.0, 1.0]
    assert found.failures.keys() == {f"{TIMING}/repeat3"}
    assert f"{TIMING}/repeat2" in found.failures[f"{TIMING}/repeat3"]


def test_a_repeat_twice_counts_once(tmp_path: Path) -> None:
    (repeat,) = timing_record([3.0])
    found = read(tmp_path, [repeat], [repeat])
    (timing,) = found.records
    assert len(timing.repeats) == 1
    (why,) = found.failures.values()
    assert why.startswith(f"{tmp_path / PLACE}/repeat2.json: ")
    assert f"{TIMING}/repeat1" in why


@pytest.mark.parametrize(
    ("keys", "value", "key"),
    [
        (["repeat", "seconds"], -1, "repeat.seconds"),
        (["repeat", "mark"], "loud", "repeat.mark"),
        (["hardware_threads"], 0, "hardware_threads"),
        (["status"], "done", "status"),
        (["spec", "repeat"], 0, "spec.repeat"),
        (["environment", "fingerprint"], "", "environment.fingerprint"),
    ],
)
def test_what_is_wrong_with_a_repeat_is_told_by_its_key(
    tmp_path: Path, keys: list[str], value: Any, key: str
) -> None:
    (repeat,) = copy.deepcopy(timing_record([1.0]))
    inner = repeat
    for step in keys[:-1]:
        inner = inner[step]
    inner[keys[-1]] = value
    path = write(tmp_path, repeat)
    found = read_timings([path])
    assert found.records == ()
    (why,) = found.failures.values()
    assert blamed(why) == (str(path), f"members[0].{key}")
