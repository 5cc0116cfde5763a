"""Machines: from a profile, and this one."""

from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from msgspec import convert

from pnncore.timing import affinity, hardware
from records.machine import Machine
from records.profile import Profile


def profile(assumed: dict[str, Any] | None = None, **facts: Any) -> Profile:
    """Make up a profile; what is None is unknown."""
    values = {"cores": 2, "threads_per_core": 2, "base_clock_ghz": 1.8, "max_clock_ghz": 3.0}
    content = {
        "id": "mine",
        "title": "Mine",
        "facts": {
            name: "unknown" if value is None else {"value": value, "source": "Section 1"}
            for name, value in {**values, **facts}.items()
        },
        "assumed": {
            name: {"value": value, "reason": "why not"} for name, value in (assumed or {}).items()
        },
    }
    return convert(content, Profile)


@pytest.mark.parametrize(
    ("given", "machine"),
    [
        (profile(), Machine("mine", 2, 2, 3.0)),
        (profile(max_clock_ghz=None), Machine("mine", 2, 2, 1.8)),
        (profile({"max_clock_ghz": 4.0}, max_clock_ghz=None), Machine("mine", 2, 2, 4.0, ("max_clock_ghz",))),
        (
            profile(
                {"threads_per_core": 1, "cores": 14},
                **dict.fromkeys(["cores", "threads_per_core", "base_clock_ghz", "max_clock_ghz"]),
            ),
            Machine("mine", 14, 1, None, ("cores", "threads_per_core")),
        ),
    ],
    ids=["known", "base-clock", "assumed-clock", "unknown"],
)  # fmt: skip
def test_a_profile_becomes_a_machine(given: Profile, machine: Machine) -> None:
    assert given.machine == machine


def test_hardware_threads_are_those_of_all_cores() -> None:
    assert Machine("mine", 6, 2, None).hardware_threads == 12


def frequency(monkeypatch: pytest.MonkeyPatch, current: float, highest: float) -> None:
    monkeypatch.setattr(psutil, "cpu_freq", lambda: SimpleNamespace(current=current, max=highest))


def test_the_host_has_cores_and_a_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    frequency(monkeypatch, 1234.56, 3210.0)
    host = hardware.host()
    assert (host.name, host.clock_ghz, host.assumed) == ("host", 3.21, ())
    assert host.cores >= 1
    assert host.threads_per_core >= 1
    assert hardware.frequency_mhz() == 1234.6


def test_a_host_without_a_highest_clock_has_the_one_of_the_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frequency(monkeypatch, 2596.1, 0.0)
    assert hardware.host().clock_ghz == 2.6


def test_a_host_may_hide_its_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def hidden() -> None:
        raise NotImplementedError

    monkeypatch.setattr(psutil, "cpu_freq", hidden)
    assert hardware.host().clock_ghz is None
    assert hardware.frequency_mhz() is None


@pytest.mark.skipif(not affinity.is_supported(), reason="this system does not confine")
def test_threads_of_one_core_are_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affinity, "cores", lambda: [(0, 2), (1, 3)])
    monkeypatch.setattr("joblib.cpu_count", lambda: 4)
    host = hardware.host()
    assert (host.cores, host.threads_per_core) == (2, 2)
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)  # a container's limit
    assert (hardware.host().cores, hardware.host().threads_per_core) == (1, 1)
