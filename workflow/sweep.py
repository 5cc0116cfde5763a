"""What does not count any more: found out from the files themselves, whatever Snakemake remembers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import to_builtins

from pnncore.collection import DIGEST
from pnncore.data.dataset import check
from pnncore.store import content
from pnncore.timing.environment import host as describe_host
from records.dataset import Dataset
from records.errors import InputError
from records.kinds.collection import Collection
from records.kinds.failure import Failure
from records.record import read_record
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

    def __str__(self) -> str:
        return self.why if self.why.startswith(str(self.path)) else f"{self.path}: {self.why}"


def spoilt(plan: Plan, root: Path = Path()) -> Iterator[Finding]:
    """Yield the files of an edition that are to be made again.

    A collection is, if something in it could not be made, it was damaged, or another machine timed it; prepared data
    are, if they could not be had or are not what the manifest says; any other file is, if it was edited.

    Parameters
    ----------
    plan
        What is made for the edition.
    root
        The folder that ``results/`` is in.
    """
    for name, dataset in plan.datasets.items():
        folder = root / "resources/datasets" / name
        if (folder / "dataset.json").exists():
            why = _why_unprepared(folder, dataset)
            if why:
                yield Finding(folder / "dataset.json", why)
    for path in (root / name for name in plan.batches):
        if path.exists():
            why = _why_spoilt(path)
            if why:
                yield Finding(path, why)
    for document in plan.documents.values():
        path = root / document.path
        if path.exists() and read_json(path) != document.content:
            yield Finding(path, "was edited")
    provenance = root / "results" / plan.edition / "provenance.json"
    if provenance.exists() and not isinstance(read_json(provenance), dict):
        yield Finding(provenance, "is damaged")


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
    """Yield what nothing rests on: collections that the plan has not, and records that no collection has.

    Raises
    ------
    InputError
        If a collection is not there or damaged: which records of the store are its own is not known then.
    """
    found = {path: _stored(path) for path in _collections()}
    planned = set(map(Path, plan.batches))
    stale = {path for path in found if path.parts[1] == plan.edition} - planned
    used = sorted({*found, *planned} - stale)
    for path in used:
        if found.get(path) is None:
            raise InputError(
                f"{path} is not made yet, or damaged, and the store may have its records; run its edition first"
            )
    for path in sorted(stale):
        yield Finding(path, "is of another code or configuration")
    kept = {name for path in used for name in found[path] or ()}
    for path in sorted(STORE.glob("*/*.json")):
        try:
            content(path)
        except InputError as error:
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
    InputError
        If one cannot be removed.
    """
    for finding in findings:
        say(finding)
        if really:
            try:
                finding.path.unlink(missing_ok=True)
            except OSError as error:
                raise InputError(f"{finding.path} cannot be removed: {error.strerror}") from error


def read_json(path: Path) -> Any:
    """Return what a JSON file holds; nothing if it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _why_spoilt(path: Path) -> str:
    try:
        collection = read_record(path, Collection)
        members = collection.members
        failures = [each["why"] for each in members if each.get("record") == Failure.kind()]
        if failures:
            return f"{len(failures)} of {len(members)} could not be made: {failures[0]}"
        return _why_foreign(collection)
    except InputError as error:
        return str(error)


def _why_foreign(collection: Collection) -> str:
    if collection.of not in TIMED:
        return ""
    here = to_builtins(describe_host())
    machines = [member["environment"]["host"] for member in collection.members]
    return "" if all(machine == here for machine in machines) else "was made on another machine"


def _why_unprepared(folder: Path, dataset: Dataset) -> str:
    try:
        check(folder, dataset.content)
    except InputError as error:
        try:
            return read_record(folder / "dataset.json", Failure).why
        except InputError:
            return str(error)
    return ""


def _collections() -> list[Path]:
    """List the collections of all editions: files whose names say what they are made of, less documents."""
    named = (path for path in Path("results").glob("*/*/**/*.json") if path.parts[2] != "config")
    return [path for path in named if DIGEST.fullmatch(path.stem.rpartition("-")[2])]


def _stored(path: Path) -> tuple[str, ...] | None:
    """Return the names of a collection's records in the store; None if it cannot be read."""
    try:
        return read_record(path, Collection).stored
    except InputError:
        return None
