"""Which runs of an exhibit diverged, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.pages.paper import Paper
from reports.tables.metrics import TIMING_METRICS

Json = Mapping[str, Any]


def divergence(exhibit: Json, paper: Paper, provenance: Json) -> str:
    """Say which runs, or timings, of an exhibit diverged, so that no point stands for them.

    Parameters
    ----------
    exhibit
        The exhibit in the configuration.
    paper
        The paper's resolved configuration.
    provenance
        The content of ``provenance.json``.

    Returns
    -------
    str
        One sentence, the seeds of a variant and worker count together; empty if none diverged.
    """
    names = [exhibit.get("experiment"), *exhibit.get("beside", ())]
    shown = exhibit.get("variants")
    timed = not TIMING_METRICS.keys().isdisjoint(exhibit.get("metrics", ()))
    diverged = [
        record
        for record in provenance["timings" if timed else "runs"]
        if record["paper"] == paper["id"]
        and record["experiment"] in names
        and (shown is None or record["variant"] in shown)
        and record["status"] != "completed"
    ]
    if not diverged:
        return ""
    stage = paper["timings" if timed else "experiments"]
    variants = {
        variant: settings
        for name in names
        for variant, settings in stage.get(name, {}).get("variants", {}).items()
    }
    groups = _groups(diverged, variants, exhibit.get("worker", "worker"))
    return f"Diverged and left out: {'; '.join(groups)}."


def _groups(records: Sequence[Json], variants: Json, worker: str) -> Iterator[str]:
    """Name each variant and worker count once, with its seeds."""
    for variant, workers in dict.fromkeys((r["variant"], r["workers"]) for r in records):
        same = (r for r in records if (r["variant"], r["workers"]) == (variant, workers))
        seeds = sorted(record["seed"] for record in same if "seed" in record)
        words = [variants[variant]["title"], f"{workers} {worker}{'' if workers == 1 else 's'}"]
        if seeds:
            words.append(f"seed{'' if len(seeds) == 1 else 's'} {' and '.join(map(str, seeds))}")
        yield ", ".join(words)
