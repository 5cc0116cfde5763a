"""Profiles of machines: what is right is completed, and every mistake is told by file and key."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import structs
from tiny_study import FIG2, Change, keys_of, load, unchanged

from records.errors import InputError
from records.machine import Machine
from records.profile import Profile
from workflow.machines import check_machines, load_machine, load_machines

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


def read(folder: Path, change: Change = unchanged, name: str = "mine") -> Profile:
    profile = copy.deepcopy(MINE)
    change(profile)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(profile, sort_keys=False))
    return load_machine(path)


def test_the_papers_machines_are_there() -> None:
    machines = {name: profile.machine for name, profile in PROFILES.items() if profile.paper}
    assert {name: (m.cores, m.threads_per_core, m.clock_ghz) for name, m in machines.items()} == {
        "intel-i7-3635qm": (4, 2, 3.4),
        "intel-i9-8950hk": (6, 2, 4.8),
        "amd-threadripper-1950x": (16, 2, 4.0),
        "lenovo-yoga-2-pro": (2, 2, 3.0),
        "banana-pi-m3": (8, 1, 1.8),
        "amd-ryzen-5-2600x": (6, 2, 4.2),
        "olsen-west-thomasma": (14, 2, None),
        "ott": (12, 1, None),
    }
    assumed = ("cores", "threads_per_core")
    assert {name: m.assumed for name, m in machines.items() if m.assumed} == {
        "olsen-west-thomasma": assumed,
        "ott": assumed,
    }


@pytest.mark.parametrize("paper", sorted({each.paper for each in PROFILES.values() if each.paper}))
def test_the_paper_of_a_machine_is_there(paper: str) -> None:
    assert (ROOT / f"config/papers/{paper}.yaml").exists()


def test_what_a_profile_leaves_out_is_unknown(tmp_path: Path) -> None:
    profile = read(tmp_path)
    assert (profile.facts.cores.value, profile.facts.memory_gb) == (4, "unknown")
    assert (profile.paper, profile.note) == (None, "")


def test_the_example_of_the_docs_is_a_machine(tmp_path: Path) -> None:
    page = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    (template,) = re.findall(r"```yaml\n(id: my-machine.*?)```", page, flags=re.DOTALL)
    path = tmp_path / "my-machine.yaml"
    path.write_text(template, encoding="utf-8")
    profile = load_machine(path)
    assert set(profile.facts.__struct_fields__) == yaml.safe_load(template)["facts"].keys()
    assert profile.machine == Machine("my-machine", 4, 2, 3.4, ("max_clock_ghz",))


def fact(name: str, value: Any) -> Change:
    told = {"value": value, "source": "lscpu"}
    return lambda profile: profile["facts"].update({name: told})


def assume(name: str, value: Any) -> Change:
    told = {"value": value, "reason": "why not"}
    return lambda profile: profile.update(assumed={name: told})


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (fact("cores", 0), "facts.cores.value"),
        (fact("cores", 2.5), "facts.cores.value"),
        (fact("threads_per_core", 0), "facts.threads_per_core.value"),
        (fact("base_clock_ghz", 0), "facts.base_clock_ghz.value"),
        (fact("base_clock_ghz", 2400), "facts.base_clock_ghz.value"),
        (fact("l2_kib", -1), "facts.l2_kib.value"),
        (fact("max_clock_ghz", 1.9), "facts.max_clock_ghz"),
        (assume("max_clock_ghz", 1.9), "facts.max_clock_ghz"),
        (fact("core", 4), "facts.core"),
        (lambda p: p["facts"].update(cores=4), "facts.cores"),
        (lambda p: p["facts"]["cores"].pop("source"), "facts.cores.source"),
        (lambda p: p["facts"].pop("cores"), "facts.cores"),
        (lambda p: p["facts"].update(threads_per_core="unknown"), "facts.threads_per_core"),
        (assume("cores", 8), "assumed.cores"),
        (assume("max_clock_ghz", "fast"), "assumed.max_clock_ghz.value"),
        (assume("memory_gb", 8), "assumed.memory_gb"),
        (lambda p: p.update(id="other"), "id"),
        (lambda p: p.update(id="My"), "id"),
        (lambda p: p.pop("title"), "title"),
    ],
)
def test_impossible_profiles_are_told_by_their_keys(
    tmp_path: Path, change: Change, key: str
) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, change)
    assert keys_of(error.value, tmp_path / "mine.yaml") == {key}


def test_the_host_has_no_profile(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, lambda profile: profile.update(id="host"), name="host")
    assert keys_of(error.value, tmp_path / "host.yaml") == {"id"}


MODEL: dict[str, Any] = {
    "timing": "fig2",
    "variant": "plain",
    "scale": {"samples": 1, "epochs": 1},
    "parameters": [],
    "points": [{"hardware": "lenovo-yoga-2-pro", "workers": 2, "speedup": 2, "where": "Fig. 2"}],
    "note": "Made up.",
}
TIMED: dict[str, Any] = {
    "label": "Fig. 2",
    "title": "Two",
    "chart": "time_by_workers",
    "experiment": "fig2",
    "metrics": ["seconds"],
    "x": "workers",
}
PUBLISHED: dict[str, Any] = {"where": "Fig. 2", "value": 1, "hardware": "nowhere"}


def claim(hardware: str) -> dict[str, Any]:
    of = {"experiment": "fig2", "metric": "seconds", "variant": "plain", "hardware": hardware}
    check = {"name": "time", "expect": {"above": 0}, "test": {"measure": "mean", "of": of}}
    about = {"id": "TY-C01", "kind": "time", "strength": "quantitative"}
    return {**about, "where": "Fig. 2", "statement": "Fast.", "checks": [check]}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (
            lambda p: FIG2(p)["variants"]["plain"].update(hardware=["host", "nowhere"]),
            "timings.fig2.variants.plain.hardware",
        ),
        (
            lambda p: p.update(exhibits={"fig2": {**TIMED, "hardware": ["host", "nowhere"]}}),
            "exhibits.fig2.hardware",
        ),
        (
            lambda p: p.update(exhibits={"fig2": {**TIMED, "published": [PUBLISHED]}}),
            "exhibits.fig2.published[0].hardware",
        ),
        (lambda p: p.update(claims=[claim("nowhere")]), "claims.TY-C01.checks[0].test.of.hardware"),
        # Of a paper that is not the machine's own.
        (lambda p: p.update(model=MODEL), "model.points[0].hardware"),
    ],
)
def test_whatever_names_a_machine_names_one_that_there_is(
    tmp_path: Path, change: Change, key: str
) -> None:
    study = load(tmp_path, change)
    with pytest.raises(InputError) as error:
        check_machines(study, PROFILES, FILE)
    assert keys_of(error.value, FILE) == {key}


def test_a_model_is_of_the_papers_own_machines(tmp_path: Path) -> None:
    own = structs.replace(PROFILES["lenovo-yoga-2-pro"], paper="tiny")
    study = load(tmp_path, lambda p: p.update(model=MODEL))
    check_machines(study, {**PROFILES, "lenovo-yoga-2-pro": own}, FILE)
