"""Why results would be made again: their ingredients, compared with the present ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from records.errors import InputError
from records.kinds.collection import Collection
from records.record import read_record
from workflow.batch import Batch, Document
from workflow.plan import Plan
from workflow.sweep import read_json, spoilt

NAMED: Final = 3
"""Number of files to name for each reason."""

PLACES: Final = 6
"""Number of changed keys to name."""

LONGEST: Final = 60
"""Number of characters of a setting to show."""

SAME: Final = "Nothing would be trained, timed or judged again: all results are up to date."

NEW: Final = "no result yet"

Json = Mapping[str, Any]


def explain(plan: Plan, root: Path) -> Iterator[str]:
    """Say which files of an edition would be made, and why: a line for each reason, with its files below.

    Parameters
    ----------
    plan
        The edition's plan.
    root
        Folder of ``results/``.
    """
    groups: dict[str, list[str]] = {}
    for path, why in _reasons(plan, root):
        groups.setdefault(why, []).append(path)
    if not groups:
        yield SAME
    for why, paths in groups.items():
        more = f"; and {len(paths) - NAMED:,} more" if len(paths) > NAMED else ""
        count = "1 file" if len(paths) == 1 else f"{len(paths):,} files"
        yield f"{count}: {why}\n    {'; '.join(paths[:NAMED])}{more}"


def _reasons(plan: Plan, root: Path) -> Iterator[tuple[str, str]]:
    for finding in spoilt(plan, root):
        yield finding.path.relative_to(root).as_posix(), finding.why
    for name in plan.datasets:
        path = f"resources/datasets/{name}/dataset.json"
        if not (root / path).exists():
            yield path, "data not prepared"
    for batch in plan.batches.values():
        if not (root / batch.path).exists():
            yield _place(batch.path), _why_batch(batch, root)
    for document in plan.documents.values():
        if not (root / document.path).exists():
            yield _place(document.path), _why_document(document, root)


def _place(path: str) -> str:
    """Return a path without its digest."""
    return path[: -len("-0123456789ab.json")]


def _why_batch(batch: Batch, root: Path) -> str:
    found = [made for made in map(_made_of, _earlier(root / batch.path)) if made is not None]
    if not found:
        return NEW
    # The earlier file with the fewest changes explains best.
    changes = [list(_changes(made, batch.made)) for made in found]
    return " and ".join(min(changes, key=lambda change: len(str(change))))


def _why_document(document: Document, root: Path) -> str:
    for path in _earlier(root / document.path):
        before = read_json(path)
        if before is None:
            continue
        parts = sorted(_changed(_parts(before), _parts(document.content)))
        return f"changed configuration, {_listed(parts)}"
    return NEW


def _earlier(path: Path) -> list[Path]:
    """List the files that differ from one only in the digest, newest first."""
    found = path.parent.glob(f"{path.stem[:-12]}{'[0-9a-f]' * 12}{path.suffix}")
    return sorted(found, key=lambda each: each.stat().st_mtime, reverse=True)


def _made_of(path: Path) -> Json | None:
    try:
        return read_record(path, Collection).made_of
    except InputError:
        return None


def _changes(before: Json, now: Json) -> Iterator[str]:
    code = sorted(_changed(before["code"], now["code"]))
    if code:
        yield f"changed code, {_listed(code)}"
    for what, key in (("software", "software"), ("settings", "spec")):
        old, new = _flat(before[key]), _flat(now[key])
        words = [_told(place, old, new) for place in sorted(_changed(old, new))]
        if words:
            yield f"other {what}, {_listed(words)}"


def _changed(before: Json, now: Json) -> set[str]:
    return {key for key in {**before, **now} if before.get(key) != now.get(key)}


def _told(place: str, before: Json, now: Json) -> str:
    if place not in now:
        return f"{place} removed"
    # The value of a checksum says nothing to a reader.
    if place.startswith("data.") or str(now[place]).startswith("results/"):
        return place
    return (
        f"{place} from {_shown(before[place])} to {_shown(now[place])}"
        if place in before
        else f"{place} added, {_shown(now[place])}"
    )


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _listed(words: Iterable[str]) -> str:
    words = list(words)
    more = f" and {len(words) - PLACES:,} more" if len(words) > PLACES else ""
    return ", ".join(words[:PLACES]) + more


def _flat(value: Any, place: str = "") -> dict[str, Any]:
    """Return each value by its key path, joined by dots."""
    if not isinstance(value, Mapping):
        return {place: value}
    found: dict[str, Any] = {}
    for key, inner in value.items():
        found |= _flat(inner, f"{place}.{key}" if place else str(key))
    return found


def _parts(study: Json) -> dict[str, Any]:
    """Return the parts of a study's configuration by name: each experiment, each claim."""
    found: dict[str, Any] = {}
    for key, value in study.items():
        if (
            isinstance(value, list)
            and value
            and all(isinstance(entry, dict) and "id" in entry for entry in value)
        ):
            value = {entry["id"]: entry for entry in value}
        if isinstance(value, Mapping):
            found |= {f"{key}.{name}": part for name, part in value.items()}
        else:
            found[key] = value
    return found
