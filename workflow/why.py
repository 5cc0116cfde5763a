"""``python -m workflow.why``: what would run again, and why, in plain words.

It reads what Snakemake says of a dry run, whose arguments it takes; and what each result was made of before, where that
has changed.
"""

from __future__ import annotations

import ast
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pnncore.console import standard_output

NAMED: Final = 3
"""Jobs that are named of those that run for the same reason."""

FOLLOWS: Final = "they read what those above make"

PLACES: Final = 6
"""Places that are named of those that have changed."""

FILES: Final = 3
"""Inputs that are named of those that are new, and of those that are gone."""

LONGEST: Final = 60
"""Characters of a setting that are shown."""

MARK: Final = "workflow.why: "
"""What a line begins with that tells of a job."""

LISTENING: Final = """
import logging, runpy
from workflow.why import tell
logging.getLogger("snakemake.logging").addFilter(tell)
runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
"""
"""Snakemake with `tell`: by itself it says nothing of the files of a job that has a message."""

OTHER_INPUTS: Final = "other inputs than before"

FORCED: Final = "forced"

MACHINE: Final = "this machine"
"""The key of what is known of the machine that timings are made on."""

SAME: Final = "Nothing would run: all results are there, and nothing that they rest on has changed."

STRANGERS: Final = "Nothing is known of how "
"""What a line begins with that tells of results of unknown origin: see ``workflow/rules/watch.smk``."""

UNNAMED: Final = "a param"
"""What is said of a value that has no name."""

PRINT: Final = re.compile(r"[0-9a-f]{8,}")
"""A fingerprint by itself."""

CHECKSUM: Final = re.compile(r"[0-9a-f]{64}")

FAILED: Final = ("results/", "resources/")
"""What paths begin with; as settings they are what a failed run went without."""

PREPARING: Final = "Preparing "
"""What the message of a job that prepares a dataset begins with."""

RESTORED: Final = "Where prepared data was deleted and comes out as it was, what only follows from it does not run."

PRINTS: Final = ("code", "configuration")
"""Keys of fingerprints, which tell that something changed and not what."""

SOFTWARE: Final = "software."
"""What the places of packages' versions begin with."""

PARAMS: Final = re.compile(r"Params have changed since last execution: .*?before: (.*) now: (.*)")
UPDATED: Final = re.compile(r"Updated input files: ([^;]*)")
OTHERS: Final = {
    "Missing output files": "no result yet",
    "Incomplete output files": "interrupted before, or nothing is known of how it was made",
    "Code has changed": "another command than before",
    "Set of input files has changed": OTHER_INPUTS,
    "Forced execution": FORCED,
    "Software environment": "other software",
}
"""What Snakemake says, in other words."""


@dataclass(frozen=True)
class Planned:
    """A job that would run.

    Attributes
    ----------
    what
        What it does.
    reasons
        Its own; none if it only follows from other jobs.
    inputs, outputs
        Paths of what it reads and makes.
    """

    what: str
    reasons: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass
class _Group:
    """Jobs that run for the same reason, and the inputs that they have more and less than before."""

    names: list[str] = field(default_factory=list)
    added: dict[str, None] = field(default_factory=dict)
    removed: dict[str, None] = field(default_factory=dict)


def tell(record: logging.LogRecord) -> bool:
    """Print what Snakemake logs of a job as a line of JSON, and keep it from saying that itself.

    Parameters
    ----------
    record
        Whatever it logs.
    """
    if getattr(getattr(record, "event", None), "name", "") != "JOB_INFO":
        return True
    said: Mapping[str, Any] = vars(record)
    told = {
        "what": said["rule_msg"] or _called(said["rule_name"], said["wildcards"]),
        "reason": said["reason"],
        "inputs": list(map(str, said["input"])),
        "outputs": list(map(str, said["output"])),
    }
    print(f"{MARK}{json.dumps(told)}")
    return False


def planned(output: str) -> Iterator[Planned]:
    """Read the jobs of a dry run, but for targets: they make nothing.

    Parameters
    ----------
    output
        What was printed: see `tell`.
    """
    for line in output.splitlines():
        if line.startswith(MARK):
            job = json.loads(line.removeprefix(MARK))
            if job["outputs"]:
                reasons = tuple(_reasons(job["reason"]))
                yield Planned(job["what"], reasons, tuple(job["inputs"]), tuple(job["outputs"]))


def recorded(summary: str) -> dict[str, list[str]]:
    """Read of what each result was made, by its path, from Snakemake's detailed summary."""
    rows = (line.split("\t") for line in summary.splitlines())
    return {row[0]: row[4].split(",") for row in rows if len(row) > 4 and row[4] != "-"}


def explain(
    jobs: Iterable[Planned], before: Mapping[str, Sequence[str]] | None = None
) -> Iterator[str]:
    """Say what would run and why, a line a reason: first what nothing else is the reason of.

    Parameters
    ----------
    jobs
        The jobs that would run.
    before
        The inputs of each result when it was made, by its path.
    """
    groups = _grouped(jobs, before or {})
    if not groups:
        yield SAME
    for reason, group in sorted(groups.items(), key=lambda entry: entry[0] == FOLLOWS):
        count = len(group.names)
        named = "; ".join(group.names[:NAMED])
        more = f"; and {count - NAMED:,} more" if count > NAMED else ""
        files = "".join(_told_files(group))
        yield f"{count:,} {'job' if count == 1 else 'jobs'}: {reason}{files}\n    {named}{more}"
    unforced = [group for reason, group in groups.items() if reason != FORCED]
    if any(name.startswith(PREPARING) for group in unforced for name in group.names):
        yield RESTORED


def _grouped(jobs: Iterable[Planned], before: Mapping[str, Sequence[str]]) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    for job in jobs:
        group = groups.setdefault(" and ".join(job.reasons) or FOLLOWS, _Group())
        group.names.append(job.what)
        old = next((before[path] for path in job.outputs if path in before), None)
        if OTHER_INPUTS in job.reasons and old is not None:
            group.added |= dict.fromkeys(path for path in job.inputs if path not in old)
            group.removed |= dict.fromkeys(path for path in old if path and path not in job.inputs)
    return groups


def _told_files(group: _Group) -> Iterator[str]:
    for what, paths in (("added", group.added), ("removed", group.removed)):
        if paths:
            yield f"; {what}: {_listed(list(paths), FILES)}"


def _called(rule: str, wildcards: Mapping[str, str]) -> str:
    """Name a job without words of its own by its rule and what tells it from others of the rule."""
    place = ", ".join(f"{key}={value}" for key, value in wildcards.items() if key != "edition")
    return f"{rule} ({place})" if place else rule


def _reasons(said: str) -> Iterator[str]:
    """Yield a job's own reasons; none if it only follows from other jobs."""
    for start, words in OTHERS.items():
        if start in said:
            yield words
    params = PARAMS.search(said)
    if params:
        changes = list(_changes(*(_values(side) for side in params.groups())))
        yield from changes or ["other settings than before"]
    updated = UPDATED.search(said)
    if updated:
        yield f"changed files, {_listed(updated[1].strip().split(', '))}"


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
    facts = [key for key in told if key.partition(".")[0] == MACHINE]
    if facts:
        yield _told_facts(facts, old, new)
    rest = [key for key in told if key not in facts]
    for what, keys in (
        ("software", [key for key in rest if key.startswith(SOFTWARE)]),
        ("settings", [key for key in rest if not key.startswith(SOFTWARE)]),
    ):
        if keys:
            words = [_told_change(key, old, new) for key in keys]
            yield f"other {what}, {_listed(words)}".replace(SOFTWARE, "")


def _told_facts(keys: Sequence[str], old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Say which facts of this machine differ; a record that is a fingerprint alone does not tell."""
    if MACHINE in keys:
        return f"{MACHINE}: another than before, or described otherwise"
    words = [_told_change(key, old, new) for key in keys]
    return f"{MACHINE}: {_listed(words)}".replace(f"{MACHINE}.", "")


def _told_change(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if key not in new:
        return f"{key} removed"
    # Which checksum it is tells nobody anything.
    mute = isinstance(new[key], str) and CHECKSUM.fullmatch(new[key])
    if key not in old:
        return f"{key} added" if mute else f"{key} added, {_told(new[key])}"
    return key if mute else f"{key} from {_told(old[key])} to {_told(new[key])}"


def _listed(words: Sequence[str], most: int = PLACES) -> str:
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


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


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _ask(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LISTENING, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours


def main(arguments: Sequence[str]) -> int:
    """Print why jobs would run; return Snakemake's status."""
    done = _ask([*arguments, "--dry-run", "--quiet", "host"])
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr, end="")
        return done.returncode
    output = f"{done.stdout}\n{done.stderr}"
    jobs = list(planned(output))
    before = {}
    # Of what results were made is asked only where it has changed: it takes as long as the dry run.
    if any(OTHER_INPUTS in job.reasons for job in jobs):
        before = recorded(_ask([*arguments, "--detailed-summary"]).stdout)
    # Of results that nothing is known of, Snakemake says that they are forced: the rules say why.
    strangers = [line for line in done.stderr.splitlines() if line.startswith(STRANGERS)]
    with standard_output("why"):
        print(*strangers, *explain(jobs, before), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
