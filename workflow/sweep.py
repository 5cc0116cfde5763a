"""Results that are no longer valid, found by reading the files and not by asking Snakemake."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import to_builtins

from pnncore.collection import DIGEST
from pnncore.data.dataset import check
from pnncore.store import read_stored
from pnncore.timing.environment import host as describe_host
from records.dataset import Dataset
from records.errors import InputError
from records.kinds.collection import Collection
from records.kinds.failure import Failure
from records.record import read_record
from workflow.plan import Plan

TIMED = ("repeat", "calibration", "property")
"""Kinds of records that are valid only on the machine that made them."""

STORE = Path("results/store")

PLACE = re.compile(r"(/repeat\d+)?[-/][0-9a-f]{12}\.json$")
"""The end of a collection's path, behind the subject of its records."""


class Finding(NamedTuple):
    """A file to remove, and the reason."""

    path: Path
    why: str

    def __str__(self) -> str:
        return self.why if self.why.startswith(str(self.path)) else f"{self.path}: {self.why}"


def unprepared(plan: Plan, root: Path = Path()) -> Iterator[Finding]:
    """Yield the prepared data of an edition that failed or differ from the manifest.

    Parameters
    ----------
    plan, root
        As `spoilt`.
    """
    for name, dataset in plan.datasets.items():
        folder = root / "resources/datasets" / name
        if (folder / "dataset.json").exists():
            why = _why_unprepared(folder, dataset)
            if why:
                yield Finding(folder / "dataset.json", why)


def ungathered(plan: Plan, root: Path = Path()) -> Iterator[Finding]:
    """Yield the tables of what papers' authors measured that have no lines, though mirrors have the files.

    Parameters
    ----------
    plan, root
        As `spoilt`.
    """
    for paper in plan.gathered:
        path = root / "resources/authors" / f"{paper}.csv"
        absent = path.with_suffix(".absent.txt")
        told = absent.exists() and absent.read_bytes()
        if path.exists() and len(path.read_bytes().splitlines()) < 2 and not told:
            yield Finding(path, f"a file of the authors is wrong; see logs/gather/{paper}.log")


def spoilt(plan: Plan, root: Path = Path()) -> Iterator[Finding]:
    """Yield the files of an edition that must be made again.

    These are collections that contain a failure, are damaged or were timed on another machine; prepared data that
    failed or differ from the manifest; tables of what papers' authors measured that have no lines, since a file was
    wrong; and documents that were edited.

    Parameters
    ----------
    plan
        The edition's plan.
    root
        Folder of ``results/``.
    """
    yield from unprepared(plan, root)
    yield from ungathered(plan, root)
    for path in (root / name for name in plan.batches):
        if path.exists():
            why = _why_spoilt(path)
            if why:
                yield Finding(path, why)
    for document in plan.documents.values():
        path = root / document.path
        if path.exists() and read_json(path) != document.content:
            yield Finding(path, "edited")
    provenance = root / "results" / plan.edition / "provenance.json"
    if provenance.exists() and not isinstance(read_json(provenance), dict):
        yield Finding(provenance, "damaged")


def concerned(plan: Plan, missing: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the collections of the results that a report lists as missing.

    Parameters
    ----------
    plan
        The edition's plan.
    missing
        Reasons by the collection's file, or by the missing record, such as ``runs/ott/accuracy/mean/w2/seed1``.
    """
    for path in plan.batches:
        # All repeats of a variant are of the same timings.
        place = PLACE.sub("", path).removeprefix(f"results/{plan.edition}/")
        for about, why in missing.items():
            if about == path or f"{about}/".startswith(f"{place}/"):
                yield Finding(Path(path), why)
                break


def unreferenced(plan: Plan) -> Iterator[Finding]:
    """Yield unused files: collections that are not in the plan, and records that no collection contains.

    Raises
    ------
    InputError
        If a collection is missing or damaged, because its records in the store are then unknown.
    """
    found = {path: _stored(path) for path in _collections()}
    planned = set(map(Path, plan.batches))
    stale = {path for path in found if path.parts[1] == plan.edition} - planned
    used = sorted({*found, *planned} - stale)
    for path in used:
        if found.get(path) is None:
            raise InputError(
                f"{path}: missing or damaged, and the store may contain its records; run its edition first"
            )
    for path in sorted(stale):
        yield Finding(path, "made by other code or another configuration")
    kept = {name for path in used for name in found[path] or ()}
    for path in sorted(STORE.glob("*/*.json")):
        try:
            read_stored(path)
        except InputError as error:
            yield Finding(path, str(error))
        else:
            if path.stem not in kept:
                yield Finding(path, "not used by any result")
    for path in sorted(STORE.glob("*/.*.checkpoint")):
        yield Finding(path, "belongs to an interrupted run")


def remove(
    findings: Iterable[Finding],
    say: Callable[[Finding], object] = lambda finding: None,
    really: bool = True,
) -> None:
    """Remove files.

    Parameters
    ----------
    findings
        Files and reasons.
    say
        Function that is called with each.
    really
        Whether to remove them, or only to report them.

    Raises
    ------
    InputError
        If a file cannot be removed.
    """
    for finding in findings:
        say(finding)
        if really:
            try:
                finding.path.unlink(missing_ok=True)
            except OSError as error:
                raise InputError(f"{finding.path}: cannot be removed: {error.strerror}") from error


def read_json(path: Path) -> Any:
    """Return the content of a JSON file; None if it cannot be read."""
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
    return "" if all(machine == here for machine in machines) else "made on another machine"


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
    """List the collections of all editions: files with a digest in their names, without documents."""
    named = (path for path in Path("results").glob("*/*/**/*.json") if path.parts[2] != "config")
    return [path for path in named if DIGEST.fullmatch(path.stem.rpartition("-")[2])]


def _stored(path: Path) -> tuple[str, ...] | None:
    """Return the names of a collection's records in the store; None if it cannot be read."""
    try:
        return read_record(path, Collection).stored
    except InputError:
        return None
