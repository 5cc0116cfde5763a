"""``python -m workflow.why``: what would run again, and why, in plain words.

It reads what Snakemake says of a dry run, whose arguments it takes.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pnncore.console import standard_output

NAMED: Final = 3
"""Jobs that are named of those that run for the same reason."""

FOLLOWS: Final = "they read what those above make"

PLACES: Final = 6
"""Places that are named of those that have changed."""

UNNAMED: Final = "a param"
"""What is said of a value that has no name."""

PRINT: Final = re.compile(r"[0-9a-f]{8,}")
"""A fingerprint by itself."""

FAILED: Final = ("results/", "resources/")
"""What paths begin with; as settings they are what a failed run went without."""

PREPARING: Final = "Preparing "
"""What the message of a job that prepares a dataset begins with."""

RESTORED: Final = "Where prepared data was deleted and comes out as it was, what only follows from it does not run."

PRINTS: Final = ("code", "configuration")
"""Keys of fingerprints, which tell that something changed and not what."""

SOFTWARE: Final = "software."
"""What the places of packages' versions begin with."""

JOB: Final = re.compile(
    r"^(?:Job \d+: (?P<message>.+)\nReason: (?P<said>.*)"
    r"|(?:local)?rule (?P<rule>\w+):\n(?:    .*\n)*?    reason: (?P<reason>.*)(?:\n    wildcards: (?P<wildcards>.*))?)",
    re.MULTILINE,
)
"""A job of a dry run: one with a message of its own, or one that is named by its rule."""

PARAMS: Final = re.compile(r"Params have changed since last execution: .*?before: (.*) now: (.*)")
UPDATED: Final = re.compile(r"Updated input files: ([^;]*)")
OTHERS: Final = {
    "Missing output files": "no result yet",
    "Incomplete output files": "interrupted before",
    "Code has changed": "another command than before",
    "Set of input files has changed": "other inputs than before",
    "Forced execution": "forced",
    "Software environment": "other software",
}
"""What Snakemake says, in other words."""


@dataclass(frozen=True)
class Planned:
    """A job that would run, and its own reasons; none if it only follows from other jobs."""

    what: str
    reasons: tuple[str, ...]


def planned(output: str) -> Iterator[Planned]:
    """Read the jobs of a dry run.

    Parameters
    ----------
    output
        What Snakemake printed.
    """
    for found in JOB.finditer(output):
        if found["message"]:
            yield Planned(found["message"], tuple(_reasons(found["said"])))
        else:
            place = f" ({found['wildcards']})" if found["wildcards"] else ""
            yield Planned(f"{found['rule']}{place}", tuple(_reasons(found["reason"])))


def explain(jobs: Iterable[Planned]) -> Iterator[str]:
    """Say what would run and why, a line a reason: first what nothing else is the reason of."""
    groups: dict[str, list[str]] = {}
    for job in jobs:
        groups.setdefault(" and ".join(job.reasons) or FOLLOWS, []).append(job.what)
    if not groups:
        yield "Nothing would run: all results are there, and nothing that they rest on has changed."
    for reason, names in sorted(groups.items(), key=lambda group: group[0] == FOLLOWS):
        named = "; ".join(names[:NAMED])
        more = f"; and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
        yield f"{len(names):,} {'job' if len(names) == 1 else 'jobs'}: {reason}\n    {named}{more}"
    if any(name.startswith(PREPARING) for names in groups.values() for name in names):
        yield RESTORED


def _reasons(said: str) -> Iterator[str]:
    """Yield a job's own reasons; none if it only follows from other jobs."""
    missing = "Missing output files" in said
    for start, words in OTHERS.items():
        if start in said:
            yield words
    params = PARAMS.search(said)
    # A job without a result has no params of before that would tell more.
    if params and not missing:
        changes = list(_changes(*(_values(side) for side in params.groups())))
        yield from changes or ["other settings than before"]
    updated = UPDATED.search(said)
    if updated:
        yield f"changed files, {updated[1].strip()}"


def _values(listed: str) -> list[Any]:
    """Read the params that Snakemake lists: Python's literals, of which some are JSON."""
    try:
        values: list[Any] = list(ast.literal_eval(f"[{listed.strip()}]"))
    except (SyntaxError, ValueError):
        return []
    return [_parsed(value) for value in values]


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _changes(before: Sequence[Any], now: Sequence[Any]) -> Iterator[str]:
    old, new = (_flat(side) for side in (before, now))
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    for kind in PRINTS:
        places = sorted(key for key in changed if key.startswith(f"{kind}."))
        if places:
            yield f"changed {kind}, {_listed(places)}".replace(f"{kind}.", "")
    told = [
        key
        for key in changed
        if key.partition(".")[0] not in PRINTS
        and not (key == UNNAMED and PRINT.fullmatch(str(new.get(key))))
    ]
    if any(key.startswith(FAILED) for key in told):
        yield "a run before went without what failed"
        told = [key for key in told if not key.startswith(FAILED)]
    for what, keys in (
        ("software", [key for key in told if key.startswith(SOFTWARE)]),
        ("settings", [key for key in told if not key.startswith(SOFTWARE)]),
    ):
        if keys:
            words = [f"{key} from {_told(old, key)} to {_told(new, key)}" for key in keys]
            yield f"other {what}, {_listed(words)}".replace(SOFTWARE, "")


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - PLACES:,} more" if len(words) > PLACES else ""
    return ", ".join(words[:PLACES]) + more


def _flat(values: Sequence[Any]) -> dict[str, Any]:
    """Give each value the name of its place: keys within objects, joined by points."""
    found: dict[str, Any] = {}
    for value in values:
        found |= _named(value, "") if isinstance(value, Mapping) else {UNNAMED: value}
    return found


def _named(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {place: value}
    found: dict[str, Any] = {}
    for key, inner in value.items():
        found |= _named(inner, f"{place}.{key}" if place else str(key))
    return found


def _told(values: Mapping[str, Any], key: str) -> str:
    return json.dumps(values[key], ensure_ascii=False) if key in values else "nothing"


def main(arguments: Sequence[str]) -> int:
    """Print why jobs would run; return Snakemake's status."""
    command = [sys.executable, "-m", "snakemake", *arguments, "--dry-run", "--quiet", "host"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr, end="")
        return done.returncode
    with standard_output("why"):
        print(*explain(planned(done.stdout + done.stderr)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
