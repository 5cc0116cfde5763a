"""What papers' authors measured: read and checked, and the names of it in studies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

from msgspec import UNSET, Meta

from records.authors import Authors, Collection
from records.errors import nearest
from records.profile import Profile
from records.study import Study
from records.values import StudyName
from reports.exhibits.keys import ChartKeys, TheirSeries
from reports.exhibits.registry import KINDS
from workflow.documents import read_yaml
from workflow.schemas import convert, refuse

FILE: Final = dict[Annotated[StudyName, Meta(description="A paper.")], Authors]
"""Type of config/authors.yaml."""


def load_authors(path: Path, machines: Mapping[str, Profile]) -> Collection:
    """Read and check what papers' authors measured.

    Parameters
    ----------
    path
        config/authors.yaml.
    machines
        The machines' profiles, by id.

    Raises
    ------
    InputError
        If the file has mistakes: it tells all of them.
    """
    collection: Collection = convert(read_yaml(path), FILE, str(path))
    refuse(_faults(collection, machines, path), str(path))
    return collection


def check_authors(study: Study, authors: Authors | None, source: Path) -> None:
    """Follow the names of machines and programs of a paper's authors in its exhibits and claims.

    Raises
    ------
    InputError
        If a name leads nowhere: its key, and what it may have meant.
    """
    refuse(_name_faults(study, authors), str(source))


def _faults(collection: Collection, machines: Mapping[str, Profile], path: Path) -> Iterator[str]:
    papers = {file.stem for file in path.parent.glob("papers/*.yaml")}
    for paper, authors in collection.items():
        if paper not in papers:
            yield f"{paper}: there is no such paper; {nearest(paper, papers)}"
        names = [run.name for run in authors.runs]
        for place, run in enumerate(authors.runs):
            where = f"{paper}.runs[{place}]"
            if run.machine not in machines:
                yield f"{where}.machine: there is no machine {run.machine!r}; {nearest(run.machine, machines)}"
            if names.index(run.name) < place:
                yield f"{where}: {run.name} is there twice; each run has a machine, a program or a number of its own"
        known = list(dict.fromkeys(run.machine for run in authors.runs))
        for place, each in enumerate(authors.campaign_difference):
            where = f"{paper}.campaign_difference[{place}]"
            yield from _unknown([each.machine], known, f"{where}.machine")
            if each.least > each.most:
                yield f"{where}.least: {each.least} is more than the most, {each.most}; exchange them"


def _name_faults(study: Study, authors: Authors | None) -> Iterator[str]:
    machines = list(dict.fromkeys(run.machine for run in authors.runs)) if authors else []
    programs = [run.program for run in authors.runs if run.program] if authors else []
    for name, entry in study.exhibits.items():
        shown = KINDS.named(entry["chart"]).read(entry, f"exhibits.{name}")
        if isinstance(shown, ChartKeys) and shown.authors is not UNSET:
            where = f"exhibits.{name}.authors"
            yield from _unknown(shown.authors.machines, machines, f"{where}.machines")
            yield from _unknown(shown.authors.programs, programs, f"{where}.programs")
            if "program" not in shown.series:
                yield from _program_faults(shown.authors, authors, where)
    for claim in study.claims:
        if claim.authors is not UNSET:
            yield from _unknown(
                [claim.authors.machine], machines, f"claims.{claim.id}.authors.machine"
            )


def _program_faults(shown: TheirSeries, authors: Authors | None, where: str) -> Iterator[str]:
    """Yield numbers of workers of which a chart would show several programs in one line."""
    seen: dict[tuple[str, int], str] = {}
    for run in authors.runs if authors else ():
        named = run.program or ""
        if run.machine in shown.machines and (not shown.programs or named in shown.programs):
            first = seen.setdefault((run.machine, run.workers), named)
            if first != named:
                yield (
                    f"{where}.programs: {first!r} and {named!r} both ran with {run.workers} workers; "
                    "name those that belong to one line, or give each a line: `program` in `series`"
                )


def _unknown(names: Iterable[str], known: list[str], where: str) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{where}: the authors have no runs of {name!r}; {nearest(name, known)}"
