"""What does not count any more: found out from the files themselves, whatever Snakemake remembers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pnncore.collection import KIND, VERSION
from pnncore.datasets import check
from pnncore.environment import host as describe_host
from pnncore.errors import PnncoreError
from pnncore.records import FAILURE, Record, read_record
from pnncore.store import content
from workflow.plan import Plan

TIMED = ("repeat", "calibration", "property")
"""Kinds of records that hold for the machine that they were made on."""

STORE = Path("results/store")

PLACE = re.compile(r"(/repeat\d+)?[-/][0-9a-f]{12}\.json$")
"""What the path of a collection has besides what its records are about."""


class Finding(NamedTuple):
    """A file that is to go, and why."""

    path: Path
    why: str


def spoilt(plan: Plan) -> Iterator[Finding]:
    """Yield the files of an edition that are to be made again.

    A collection is, if something in it could not be made, it was damaged, or another machine timed it; prepared data
    are, if they could not be had or are not what the manifest says.
    """
    for name, dataset in plan.datasets.items():
        folder = Path("resources/datasets", name)
        if (folder / "dataset.json").exists():
            try:
                check(folder, dataset)
            except PnncoreError as error:
                yield Finding(folder / "dataset.json", str(error))
    for path in map(Path, plan.batches):
        if path.exists():
            why = _why_spoilt(path)
            if why:
                yield Finding(path, why)


def concerned(plan: Plan, missing: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the collections that hold, or should hold, what a report found missing.

    Parameters
    ----------
    plan
        What is made for the edition.
    missing
        Why something is missing, by the collection's file or by what it is about: ``runs/ott/accuracy/mean/w2/seed1``.
    """
    for path in plan.batches:
        # All repeats of a variant are about the same timings.
        place = PLACE.sub("", path).removeprefix(f"results/{plan.edition}/")
        for about, why in missing.items():
            if about == path or f"{about}/".startswith(f"{place}/"):
                yield Finding(Path(path), why)
                break


def unreferenced(plan: Plan) -> Iterator[Finding]:
    """Yield what nothing rests on: collections that the plan has not, and records that no collection has."""
    results = Path("results", plan.edition)
    kept: set[str] = set()
    for path in sorted(Path("results").glob("*/**/*.json")):
        if STORE in path.parents:
            continue
        stored = _stored(path)
        if stored is None:
            continue
        if results in path.parents and path.as_posix() not in plan.batches:
            yield Finding(path, "is of another code or configuration")
        else:
            kept |= set(stored)
    for path in sorted(STORE.glob("*/*.json")):
        try:
            content(path)
        except PnncoreError as error:
            yield Finding(path, str(error))
        else:
            if path.stem not in kept:
                yield Finding(path, "is of no result that there is")
    for path in sorted(STORE.glob("*/.*.checkpoint")):
        yield Finding(path, "is of a run that was interrupted")


def remove(
    findings: Iterable[Finding],
    say: Callable[[Finding], object] = lambda finding: None,
    really: bool = True,
) -> None:
    """Remove files.

    Parameters
    ----------
    findings
        Which, and why.
    say
        Is told of each.
    really
        Whether to remove them; else they are only told.

    Raises
    ------
    PnncoreError
        If one cannot be removed.
    """
    for finding in findings:
        say(finding)
        if really:
            try:
                finding.path.unlink(missing_ok=True)
            except OSError as error:
                raise PnncoreError(f"{finding.path} cannot be removed: {error.strerror}") from error


def _why_spoilt(path: Path) -> str:
    try:
        collection = read_record(path, KIND, VERSION)
    except PnncoreError as error:
        return str(error)
    failures = [member["why"] for member in collection["members"] if member["record"] == FAILURE]
    if failures:
        return f"{len(failures)} of {len(collection['members'])} could not be made: {failures[0]}"
    return _why_foreign(collection)


def _why_foreign(collection: Record) -> str:
    if collection["of"] not in TIMED:
        return ""
    here = describe_host()
    machines = [member["environment"]["host"] for member in collection["members"]]
    return "" if all(machine == here for machine in machines) else "was made on another machine"


def _stored(path: Path) -> list[str] | None:
    """Return the names of a collection's records in the store; None if the file is no collection."""
    try:
        found: list[str] = read_record(path, KIND, VERSION)["stored"]
    except PnncoreError:
        return None
    return found
