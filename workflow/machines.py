"""Machines: their profiles read and checked, and which of them this host can stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pnncore.timing.hardware import HOST, Machine
from records.errors import InputError, nearest
from workflow.configuration import Json, check
from workflow.documents import read_yaml

UNKNOWN = "unknown"
"""What a profile writes for a fact that nobody published."""

NEEDED = ("cores", "threads_per_core")
"""Facts without which nothing can be said of a machine: known or assumed."""


def load_machine(path: Path) -> Json:
    """Read a machine's profile.

    Parameters
    ----------
    path
        config/hardware/<id>.yaml.

    Returns
    -------
    dict
        The profile with every fact: its value and source, or None if it is unknown.

    Raises
    ------
    InputError
        If the file does not follow its schema, or says what cannot be.
    """
    profile = check(read_yaml(path), "hardware", str(path))
    facts = {name: None if fact == UNKNOWN else fact for name, fact in profile["facts"].items()}
    resolved = {**profile, "facts": facts}
    _check_name(resolved, path)
    _check_clocks(resolved, path)
    _check_assumed(resolved, path)
    return resolved


def load_machines(folder: Path) -> dict[str, Json]:
    """Read all profiles of a folder, by id."""
    return {path.stem: load_machine(path) for path in sorted(folder.glob("*.yaml"))}


def measurable(
    profiles: Mapping[str, Json], host: Machine, confines: bool
) -> dict[str, int | None]:
    """Say on which machines this host can measure, and confined to how many of its cores.

    The host itself is never confined. It stands for another machine if it has at least that one's physical cores and
    can be confined to so many; what runs on the others is modelled.

    Parameters
    ----------
    profiles
        The machines' profiles, by id.
    host
        This machine.
    confines
        Whether this system confines a process to some of its cores.

    Returns
    -------
    dict
        Machine → cores that a timing on it is confined to, None for all that there are.
    """
    cores = {name: Machine.from_profile(profile).cores for name, profile in profiles.items()}
    fitting = {name: count for name, count in cores.items() if confines and count <= host.cores}
    return {HOST: None, **fitting}


def check_machines(paper: Json, machines: Mapping[str, Json], source: Path) -> None:
    """Follow the names of machines in a resolved paper.

    Parameters
    ----------
    paper
        The paper, or a comparison.
    machines
        The machines' profiles, by id.
    source
        Its file, for the error.

    Raises
    ------
    InputError
        If there is no profile of that name, or the paper's model is of a machine that is not the paper's own: its key,
        and what it may have meant.
    """
    known = [HOST, *machines]
    for where, machine in _mentions(paper):
        if machine not in known:
            raise InputError(
                f"{source}: {where}: there is no machine {machine!r}; {nearest(machine, known)}"
            )

    own = [name for name, profile in machines.items() if profile.get("paper") == paper["id"]]
    for where, machine in _mentions_in({"model": paper.get("model")}, ""):
        if machine not in own:
            raise InputError(
                f"{source}: {where}: {machine!r} is no machine of this paper, whose own program is modelled; "
                f"{nearest(machine, own)}, or let that machine's profile name the paper"
            )


def _mentions(paper: Json) -> Iterator[tuple[str, str]]:
    """Go through all names of machines in a paper, each with its key."""
    for name, timing in paper["timings"].items():
        for variant in timing["variants"].values():
            yield from ((f"timings.{name}.hardware", machine) for machine in variant["hardware"])
    parts = {"exhibits": paper.get("exhibits"), "model": paper.get("model")}
    for name in ("claims", "findings"):
        parts[name] = {entry["id"]: entry for entry in paper.get(name, ())}
    yield from _mentions_in(parts, "")


def _mentions_in(entry: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(entry, Mapping):
        for key, value in entry.items():
            inner = f"{where}.{key}" if where else key
            if key == "hardware":
                names = [value] if isinstance(value, str) else value
                yield from ((inner, name) for name in names)
            else:
                yield from _mentions_in(value, inner)
    elif isinstance(entry, list):
        for place, item in enumerate(entry):
            yield from _mentions_in(item, f"{where}.{place}")


def _check_name(profile: Json, path: Path) -> None:
    if profile["id"] != path.stem:
        raise InputError(
            f"{path}: id: must be the file's own name, {path.stem!r}, not {profile['id']!r}"
        )
    if profile["id"] == HOST:
        raise InputError(
            f"{path}: id: {HOST!r} is the machine that the pipeline runs on; give this one another name"
        )


def _check_clocks(profile: Json, path: Path) -> None:
    base = profile["facts"]["base_clock_ghz"]
    highest = profile["facts"]["max_clock_ghz"] or profile["assumed"].get("max_clock_ghz")
    if base and highest and highest["value"] < base["value"]:
        raise InputError(
            f"{path}: max_clock_ghz: {highest['value']} GHz is below the base clock of {base['value']} GHz; "
            "a machine without a turbo has the same for both"
        )


def _check_assumed(profile: Json, path: Path) -> None:
    for name in profile["assumed"]:
        if profile["facts"][name] is not None:
            raise InputError(
                f"{path}: assumed.{name}: facts.{name} is known; assume only what is unknown"
            )
    for name in NEEDED:
        if profile["facts"][name] is None and name not in profile["assumed"]:
            raise InputError(
                f"{path}: facts.{name}: is unknown; say under assumed.{name} what the model takes for it, and why"
            )
