"""Views of machines: known facts with their sources, and assumed values with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reports.exhibits.quantity import quantity
from reports.tables.host import HOST, THIS_MACHINE, part_of_host

UNKNOWN: Final = "unknown"

LABELS: Final[dict[str, tuple[str, str]]] = {
    "cpu": ("Processor", ""),
    "cores": ("Cores", ""),
    "threads_per_core": ("Threads a core", ""),
    "base_clock_ghz": ("Base clock", "GHz"),
    "max_clock_ghz": ("Highest clock", "GHz"),
    "l1_data_kib": ("L1 data cache a core", "KiB"),
    "l2_kib": ("L2 cache", "KiB"),
    "l3_kib": ("L3 cache", "KiB"),
    "memory_gb": ("Memory", "GB"),
    "system": ("System", ""),
}
"""The label of each fact, and its unit."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """A fact and its source, or the value that the model assumes and the reason."""

    label: str
    value: str
    origin: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class MachineView:
    """A machine: its facts by name, how its times were obtained, and a note."""

    id: str
    title: str
    paper: str
    cores: int
    facts: Mapping[str, Fact]
    times: str
    note: str


def machine_views(provenance: Json, papers: Mapping[str, str]) -> tuple[MachineView, ...]:
    """List this machine, then those of the profiles by number of cores.

    Parameters
    ----------
    provenance
        The content of ``provenance.json``.
    papers
        Names of the papers by id.
    """
    profiles = [_view(profile, provenance, papers) for profile in provenance["machines"].values()]
    return (_host(provenance), *sorted(profiles, key=lambda view: (view.cores, view.title)))


def machine_sentence(provenance: Json) -> str:
    """Say on what machine most of the records were made; empty if there are none."""
    found = _found_host(provenance)
    if not found:
        return ""
    cores = quantity(found["physical_cores"], "cores")
    memory = f", {quantity(found['memory_gb'], 'GB')}" if found.get("memory_gb") else ""
    return f"What is measured ran on {cores} ({found['cpu']}{memory}); what is said of other machines is modelled."


def _view(profile: Json, provenance: Json, papers: Mapping[str, str]) -> MachineView:
    facts = {name: _fact(name, profile) for name in LABELS}
    cores = profile["assumed"].get("cores", profile["facts"]["cores"])
    return MachineView(
        id=profile["id"],
        title=profile["title"],
        paper=papers.get(profile["paper"] or "", ""),
        cores=cores["value"],
        facts=facts,
        times=_times(profile["id"], cores["value"], provenance),
        note=profile["note"],
    )


def _times(machine: str, cores: int, provenance: Json) -> str:
    """Say how a machine's times are obtained, and why they are not measured."""
    if machine in provenance["measurable"]:
        return f"modelled; where a timing asks for it, also measured on {part_of_host(cores)}"
    if cores > _found_host(provenance).get("physical_cores", 0):
        return f"modelled; {THIS_MACHINE} has too few cores to measure them"
    return f"modelled; the system of {THIS_MACHINE} cannot confine a process to {cores} cores"


def _fact(name: str, profile: Json) -> Fact:
    label, unit = LABELS[name]
    known, assumed = profile["facts"][name], profile["assumed"].get(name)
    if known != UNKNOWN:
        return Fact(label, quantity(known["value"], unit), known["source"])
    if assumed:
        return Fact(label, quantity(assumed["value"], unit), assumed["reason"], assumed=True)
    return Fact(label, UNKNOWN)


def _host(provenance: Json) -> MachineView:
    """Describe the machine that made most of the records."""
    found = _found_host(provenance)
    cores, threads = found.get("physical_cores"), found.get("logical_cores")
    values = {
        "cpu": found.get("cpu"),
        "cores": cores,
        "threads_per_core": threads // cores if cores and threads else None,
        "memory_gb": found.get("memory_gb"),
        "system": found.get("system"),
    }
    return MachineView(
        id=HOST,
        title=THIS_MACHINE,
        paper="",
        cores=cores or 0,
        facts={name: _found(values.get(name), *LABELS[name]) for name in LABELS},
        times="measured; also modelled, to check the models",
        note="",
    )


def _found_host(provenance: Json) -> Json:
    found: Json = provenance["environments"][0]["host"] if provenance["environments"] else {}
    return found


def _found(value: Any, label: str, unit: str) -> Fact:
    if value is None:
        return Fact(label, UNKNOWN)
    return Fact(label, quantity(value, unit), "found when this report was made")
