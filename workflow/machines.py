"""Machines: their profiles, read and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from records.errors import nearest
from records.machine import HOST
from records.profile import NEEDED, Profile
from records.study import Study
from workflow.documents import read_yaml
from workflow.schemas import convert, refuse


def load_machine(path: Path) -> Profile:
    """Read a machine's profile.

    Parameters
    ----------
    path
        config/hardware/<id>.yaml.

    Raises
    ------
    InputError
        If the file has mistakes, or says what cannot be: it tells all of them.
    """
    profile: Profile = convert(read_yaml(path), Profile, str(path))
    refuse(_profile_faults(profile, path), str(path))
    return profile


def load_machines(folder: Path) -> dict[str, Profile]:
    """Read all profiles of a folder, by id."""
    return {path.stem: load_machine(path) for path in sorted(folder.glob("*.yaml"))}


def check_machines(study: Study, machines: Mapping[str, Profile], source: Path) -> None:
    """Follow the names of machines in a study.

    Parameters
    ----------
    study
        The study, resolved.
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
    refuse(_name_faults(study, machines), str(source))


def _name_faults(study: Study, machines: Mapping[str, Profile]) -> Iterator[str]:
    known = [HOST, *machines]
    content = msgspec.to_builtins(study)
    own = [name for name, profile in machines.items() if profile.paper == study.id]
    for where, machine in _mentions(content, ""):
        if machine not in known:
            yield f"{where}: there is no machine {machine!r}; {nearest(machine, known)}"
        elif where.startswith("model.") and machine not in own:
            yield (
                f"{where}: {machine!r} is no machine of this paper, whose own program is modelled; "
                f"{nearest(machine, own)}, or let that machine's profile name the paper"
            )


def _mentions(entry: object, where: str) -> Iterator[tuple[str, str]]:
    """Go through all names of machines in a study, each with its key."""
    if isinstance(entry, Mapping):
        for key, value in entry.items():
            inner = f"{where}.{key}" if where else key
            if key == "hardware":
                names = [value] if isinstance(value, str) else value
                yield from ((inner, name) for name in names)
            else:
                yield from _mentions(value, inner)
    elif isinstance(entry, list | tuple):
        for place, item in enumerate(entry):
            name = item.get("id") if isinstance(item, Mapping) else None
            yield from _mentions(item, f"{where}.{name}" if name else f"{where}[{place}]")


def _profile_faults(profile: Profile, path: Path) -> Iterator[str]:
    """Find what types cannot: taken names, clocks that contradict each other, assumptions about known facts."""
    if profile.id != path.stem:
        yield f"id: expected the file's own name, {path.stem!r}, got {profile.id!r}"
    if profile.id == HOST:
        yield f"id: {HOST!r} is the machine that the pipeline runs on; give this one another name"
    facts, assumed = profile.facts, profile.assumed
    highest = facts.max_clock_ghz if facts.max_clock_ghz != "unknown" else assumed.max_clock_ghz
    if facts.base_clock_ghz != "unknown" and highest and highest.value < facts.base_clock_ghz.value:
        yield (
            f"facts.max_clock_ghz: {highest.value} GHz is below the base clock of {facts.base_clock_ghz.value} GHz; "
            "a machine without a turbo has the same for both"
        )
    for name in assumed.__struct_fields__:
        known = getattr(facts, name) != "unknown"
        if known and getattr(assumed, name):
            yield f"assumed.{name}: facts.{name} is known; assume only what is unknown"
        if not known and name in NEEDED and not getattr(assumed, name):
            yield (
                f"facts.{name}: is unknown; say under assumed.{name} what the model takes for it, and why"
            )
