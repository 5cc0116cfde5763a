"""Profiles of machines: what is right is completed, what cannot be is told in one sentence."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from records.errors import InputError
from records.machine import Machine
from workflow.machines import check_machines, load_machine, load_machines, measurable

ROOT = Path(__file__).parents[2]
FILE = Path("config/papers/tiny.yaml")
PROFILES = load_machines(ROOT / "config/hardware")

MINE: dict[str, Any] = {
    "id": "mine",
    "title": "Mine",
    "facts": {
        "cores": {"value": 4, "source": "lscpu"},
        "threads_per_core": {"value": 2, "source": "lscpu"},
        "base_clock_ghz": {"value": 2.0, "source": "lscpu"},
    },
}


def load(
    folder: Path, change: Callable[[Any], object] = lambda profile: None, name: str = "mine"
) -> Any:
    profile = copy.deepcopy(MINE)
    change(profile)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(profile, sort_keys=False))
    return load_machine(path)


def test_the_papers_machines_are_there() -> None:
    machines = {name: Machine.from_profile(profile) for name, profile in PROFILES.items()}
    assert {name: (m.cores, m.threads_per_core, m.clock_ghz) for name, m in machines.items()} == {
        "intel-i7-3635qm": (4, 2, 3.4),
        "intel-i9-8950hk": (6, 2, 4.8),
        "amd-threadripper-1950x": (16, 2, 4.0),
        "lenovo-yoga-2-pro": (2, 2, 3.0),
        "banana-pi-m3": (8, 1, 1.8),
        "amd-ryzen-5-2600x": (6, 2, 4.2),
        "olsen-west-thomasma": (14, 2, None),
        "ott": (8, 1, None),
    }
    assumed = ("cores", "threads_per_core")
    assert {name for name, machine in machines.items() if machine.assumed} == {
        "olsen-west-thomasma",
        "ott",
    }
    assert machines["ott"].assumed == machines["olsen-west-thomasma"].assumed == assumed


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_machine_belongs_to_a_paper(profile: dict[str, Any]) -> None:
    assert (ROOT / f"config/papers/{profile['paper']}.yaml").exists()


def test_a_resolved_profile_has_every_fact(tmp_path: Path) -> None:
    profile = load(tmp_path)
    assert profile["facts"].keys() == PROFILES["ott"]["facts"].keys()
    assert profile["facts"]["cores"] == {"value": 4, "source": "lscpu"}
    assert profile["facts"]["memory_gb"] is None
    assert (profile["paper"], profile["assumed"], profile["note"]) == (None, {}, "")


def test_the_template_of_the_readme_is_a_machine(tmp_path: Path) -> None:
    readme = (ROOT / "config/README.md").read_text(encoding="utf-8")
    (template,) = re.findall(r"```yaml\n(id: .*?)```", readme, flags=re.DOTALL)
    path = tmp_path / "my-machine.yaml"
    path.write_text(template, encoding="utf-8")
    profile = load_machine(path)
    assert profile["facts"].keys() == yaml.safe_load(template)["facts"].keys()
    assert Machine.from_profile(profile) == Machine("my-machine", 4, 2, 3.4, ("max_clock_ghz",))


def fact(name: str, value: Any) -> Callable[[Any], object]:
    told = {"value": value, "source": "lscpu"}
    return lambda profile: profile["facts"].update({name: told})


def assume(name: str, value: Any) -> Callable[[Any], object]:
    told = {"value": value, "reason": "why not"}
    return lambda profile: profile.update(assumed={name: told})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (fact("cores", 0), "facts.cores.value: 0 is less than the minimum of 1"),
        (fact("cores", 2.5), "facts.cores.value: 2.5 is not of type integer"),
        (fact("threads_per_core", 0), "facts.threads_per_core.value: 0 is less than the minimum"),
        (fact("base_clock_ghz", 0), "facts.base_clock_ghz.value: 0 is less than or equal to"),
        (
            fact("base_clock_ghz", 2400),
            "facts.base_clock_ghz.value: 2400 is greater than the maximum of 10 (A clock in GHz.)",
        ),
        (fact("l2_kib", -1), "facts.l2_kib.value: -1 is less than the minimum of 0"),
        (fact("max_clock_ghz", 1.9), "max_clock_ghz: 1.9 GHz is below the base clock of 2.0 GHz"),
        (assume("max_clock_ghz", 1.9), "max_clock_ghz: 1.9 GHz is below the base clock of 2.0"),
        (fact("core", 4), "facts: unknown key 'core'; did you mean 'cores'?"),
        (
            lambda p: p["facts"].update(cores=4),
            "facts.cores: 4 is not of type object (a value with its source, or the word unknown)",
        ),
        (lambda p: p["facts"]["cores"].pop("source"), "facts.cores: the key 'source' is missing"),
        (lambda p: p["facts"].pop("cores"), "facts.cores: is unknown; say under assumed.cores"),
        (
            lambda p: p["facts"].update(threads_per_core="unknown"),
            "facts.threads_per_core: is unknown; say under assumed.threads_per_core",
        ),
        (assume("cores", 8), "assumed.cores: facts.cores is known; assume only what is unknown"),
        (assume("max_clock_ghz", "fast"), "assumed.max_clock_ghz.value: 'fast' is not of type"),
        (assume("memory_gb", 8), "assumed: unknown key 'memory_gb'"),
        (lambda p: p.update(id="other"), "id: must be the file's own name, 'mine', not 'other'"),
        (lambda p: p.update(id="My"), "id: 'My' must be a lower-case letter"),
        (lambda p: p.pop("title"), "the key 'title' is missing (What the pages call the machine.)"),
    ],
)
def test_impossible_profiles_end_in_one_sentence(
    tmp_path: Path, change: Callable[[Any], object], message: str
) -> None:
    with pytest.raises(InputError) as error:
        load(tmp_path, change)
    told = str(error.value)
    assert told.startswith(str(tmp_path / "mine.yaml"))
    assert message in told
    assert "\n" not in told


def test_the_host_has_no_profile(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="id: 'host' is the machine that the pipeline"):
        load(tmp_path, lambda profile: profile.update(id="host"), name="host")


@pytest.mark.parametrize(
    ("cores", "confines", "machines"),
    [
        (1, True, {}),
        (2, True, {"lenovo-yoga-2-pro": 2}),
        (4, True, {"lenovo-yoga-2-pro": 2, "intel-i7-3635qm": 4}),
        (
            64,
            True,
            {
                "lenovo-yoga-2-pro": 2,
                "intel-i7-3635qm": 4,
                "intel-i9-8950hk": 6,
                "amd-ryzen-5-2600x": 6,
                "banana-pi-m3": 8,
                "ott": 8,
                "olsen-west-thomasma": 14,
                "amd-threadripper-1950x": 16,
            },
        ),
        (64, False, {}),
    ],
)
def test_a_host_stands_for_machines_with_no_more_cores(
    cores: int, confines: bool, machines: dict[str, int]
) -> None:
    host = Machine("host", cores, 2, None)
    assert measurable(PROFILES, host, confines) == {"host": None, **machines}


def test_a_timing_names_machines_that_there_are() -> None:
    timing = {"variants": {"plain": {"hardware": ["host", "banana-pi-m3"]}}}
    check_machines({"id": "tiny", "timings": {"fig2": timing}}, PROFILES, FILE)
    timing["variants"]["plain"]["hardware"].append("banana-pi-m2")
    with pytest.raises(InputError) as error:
        check_machines({"id": "tiny", "timings": {"fig2": timing}}, PROFILES, FILE)
    assert str(error.value).startswith(
        f"{FILE}: timings.fig2.hardware: there is no machine 'banana-pi-m2'; "
        "did you mean 'banana-pi-m3'?"
    )


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ({"exhibits": {"fig2": {"hardware": ["host", "nowhere"]}}}, "exhibits.fig2.hardware"),
        (
            {"exhibits": {"fig2": {"published": [{"hardware": "nowhere"}]}}},
            "exhibits.fig2.published.0.hardware",
        ),
        ({"model": {"points": [{"hardware": "nowhere"}]}}, "model.points.0.hardware"),
        (
            {"claims": [{"id": "TY-C01", "checks": [{"test": {"of": {"hardware": "nowhere"}}}]}]},
            "claims.TY-C01.checks.0.test.of.hardware",
        ),
    ],
)
def test_whatever_names_a_machine_names_one_that_there_is(part: dict[str, Any], key: str) -> None:
    with pytest.raises(InputError, match=rf"{key}: there is no machine 'nowhere'"):
        check_machines({"id": "tiny", "timings": {}, **part}, PROFILES, FILE)


def test_a_model_is_of_the_papers_own_machines() -> None:
    model = {"points": [{"hardware": "lenovo-yoga-2-pro"}]}
    check_machines({"id": "wiesinger_schikuta", "timings": {}, "model": model}, PROFILES, FILE)
    message = (
        r"tiny\.yaml: model\.points\.0\.hardware: 'lenovo-yoga-2-pro' is no machine of this paper"
    )
    with pytest.raises(InputError, match=message):
        check_machines({"id": "carver", "timings": {}, "model": model}, PROFILES, FILE)
