"""Registration of claims, findings and primary readings: digests, comparison, new versions."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import UNSET, structs

from records.atomic import write_text
from records.registration import Registered, Registration, Version, registered
from workflow.documents import as_yaml, read_yaml
from workflow.schemas import convert

Json = Any

FOLDER: Final = "registrations"
"""Folder of registrations, beside those of papers and comparisons."""

PRIMARY: Final = "primary"

PAPER_EDITION: Final = "paper"
"""Name of the edition whose verdicts are the papers'."""

WORDS: Final = frozenset(
    {
        "statement",
        "name",
        "answer",
        "question",
        "why",
        "not_testable",
        "no_trend",
        "by_definition",
        "stands_in",
    }
)
"""Keys that say and decide nothing, at any depth. That one of the last three is given decides; its words do not."""

UNSAID: Final = frozenset({"title", "colour", "sample"})
"""Keys of experiments and timings that decide nothing in the paper edition, at any depth."""

APART: Final = frozenset({"id", "where", "exhibit", "exhibits", "claims", "kind", "authors"})
"""Keys of no claim's or finding's verdict."""


def load_registration(
    folder: Path, study: str, content: Mapping[str, Json], edition: str = PAPER_EDITION
) -> dict[str, Registered]:
    """Compare the content of a study's file with its registration.

    Verdicts of an earlier rule are those of the paper edition, and are nothing to compare with in another one.

    Returns
    -------
    dict
        By id, and by `PRIMARY`; without what is not registered.
    """
    path = folder / f"{study}.yaml"
    if not path.exists():
        return {}
    known: Registration = convert(read_yaml(path), Registration, str(path))
    verdicts = known.earlier.verdicts if known.earlier and edition == PAPER_EDITION else {}
    return {
        name: structs.replace(
            registered(
                known.entries[name], known.results, *digests(entry), settings_of(entry, content)
            ),
            earlier=verdicts.get(name, ""),
        )
        for name, entry in _entries(content)
        if name in known.entries
    }


def register(
    folder: Path, study: str, content: Mapping[str, Json], reason: str, now: datetime.datetime
) -> list[str]:
    """Add a version of all that is new or changed, and write the registration.

    Where the settings of a version in force are not known, they are noted, which makes it no new one.

    Parameters
    ----------
    folder
        The folder of registrations.
    study
        The id of the paper or the comparison.
    content
        The content of its file.
    reason
        Why it was written or changed.
    now
        The time of the versions.

    Returns
    -------
    list of str
        What was new or changed.
    """
    path = folder / f"{study}.yaml"
    known: Registration = (
        convert(read_yaml(path), Registration, str(path))
        if path.exists()
        else Registration(results=now, entries={})
    )
    entries, changed = dict(known.entries), []
    for name, entry in _entries(content):
        test, words = digests(entry)
        settings, versions = settings_of(entry, content), entries.get(name, ())
        now_is = Version(since=now, test=test, words=words, settings=settings, reason=reason)
        if not versions or not registered(versions, known.results, test, words, settings).in_force:
            entries[name] = (*versions, now_is)
            changed.append(name)
        elif versions[-1].settings is UNSET:
            entries[name] = (*versions[:-1], structs.replace(versions[-1], settings=settings))
    if entries != known.entries:
        write_registration(path, structs.replace(known, entries=entries))
    return changed


def write_registration(path: Path, content: Registration) -> None:
    """Write a registration, a version a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, as_yaml(msgspec.to_builtins(content), width=1000))


def digests(entry: Json) -> tuple[str, str]:
    """Return the digests of what decides and of what is said."""
    return _digest(_without(entry, WORDS)), _digest(list(_values(entry, WORDS)))


def settings_of(entry: Json, content: Mapping[str, Json]) -> str:
    """Return the digest of the settings of the experiments and timings that an entry of a study's file names."""
    stages = [content.get(stage, {}) for stage in ("experiments", "timings")]
    named = set(_values(entry, frozenset({"experiment"})))
    found = {name: [stage[name] for stage in stages if name in stage] for name in named}
    return _digest(_without(found, UNSAID))


def _entries(content: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    if PRIMARY in content:
        yield PRIMARY, content[PRIMARY]
    for entry in (*content.get("claims", ()), *content.get("findings", ())):
        yield entry["id"], {key: value for key, value in entry.items() if key not in APART}


def _without(content: Json, words: frozenset[str]) -> Json:
    if isinstance(content, Mapping):
        return {
            key: True if key in words else _without(value, words) for key, value in content.items()
        }
    if isinstance(content, list):
        return [_without(each, words) for each in content]
    return content


def _values(content: Json, keys: frozenset[str]) -> Iterator[Json]:
    """Yield what these keys have, at any depth."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key in keys:
                yield value
            else:
                yield from _values(value, keys)
    elif isinstance(content, list):
        for each in content:
            yield from _values(each, keys)


def _digest(content: Json) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
