"""What a run could not make, and why: the report goes without it, and says so."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

LONGEST: Final = 500
"""Characters of a reason."""

LEAST: Final = 2**20
"""Bytes that must be free on a disk that is not full."""

FULL: Final = "its job ended without a word, most likely because the disk is full"
WORDLESS: Final = "its job ended without a word, most likely killed or out of memory"

Graph = Mapping[Any, Collection[Any]]
"""Snakemake's jobs, each with the jobs that it waits for."""


def is_of_study(path: str, edition: str, study: str) -> bool:
    """Tell whether a file is among a study's own tables: without one of them, it has no page."""
    results = f"results/{edition}"
    configurations = [f"{results}/config/{study}{end}.json" for end in ("", "-exhibits")]
    return path in (*configurations, f"{results}/figures/{study}") or (
        path.startswith(f"{results}/tables/{study}/")
    )


def explain(jobs: Iterable[Any], failed: Collection[Any], graph: Graph) -> dict[str, str]:
    """Say why each file is missing that jobs would have made.

    Parameters
    ----------
    jobs
        Snakemake's jobs that did not end well or were not begun.
    failed
        Those that were begun and failed.
    graph
        What each job waits for.

    Returns
    -------
    dict
        Reasons by path: what the job said last, or which other file it needs.
    """
    found: dict[str, str] = {}
    for job in jobs:
        cause = _cause(job, failed, graph)
        if cause is None:
            continue
        why = _last_words(cause.log) if cause is job else f"needs {cause.output[0]}"
        found |= dict.fromkeys(map(str, job.output), why)
    return found


def _cause(job: Any, failed: Collection[Any], graph: Graph) -> Any:
    """Find the failed job that a job waits for, be it by way of others: itself, or the first by name."""
    if job in failed:
        return job
    waiting, seen = [job], {job}
    while waiting:
        new = set(graph.get(waiting.pop(), ())) - seen
        seen |= new
        waiting += new
    return min(seen & set(failed), key=lambda each: str(each.output[0]), default=None)


def _last_words(logs: Iterable[str]) -> str:
    for log in map(Path, logs):
        lines = (
            log.read_text(encoding="utf-8", errors="replace").split("\n") if log.exists() else []
        )
        said = [line.strip() for line in lines if line.strip()]
        if said:
            return said[-1][:LONGEST]
    return FULL if shutil.disk_usage(".").free < LEAST else WORDLESS
