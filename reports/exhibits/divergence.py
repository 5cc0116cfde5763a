"""Which runs of an exhibit diverged, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from records.study import Study
from reports.exhibits.keys import ChartKeys
from reports.exhibits.results import shown_variants
from reports.tables.metrics import Stage

Json = Mapping[str, Any]


def divergence(exhibit: ChartKeys, stage: Stage, study: Study, provenance: Json) -> str:
    """Say which runs, or timings, of an exhibit diverged, so that no point stands for them.

    Parameters
    ----------
    exhibit
        The exhibit.
    stage
        Whether it shows experiments or timings.
    study
        The study's resolved configuration.
    provenance
        The content of ``provenance.json``.

    Returns
    -------
    str
        One sentence, the seeds of a variant and worker count together; empty if none diverged.
    """
    diverged = [
        record
        for record in provenance["timings" if stage == "timings" else "runs"]
        if record["paper"] == study.id
        and record["experiment"] in exhibit.experiments
        and (not exhibit.variants or record["variant"] in exhibit.variants)
        and record["status"] != "completed"
    ]
    if not diverged:
        return ""
    titles = {
        name: each.title for name, each in shown_variants(exhibit, study.stages[stage]).items()
    }
    return f"Diverged and left out: {'; '.join(_groups(diverged, titles, exhibit.worker))}."


def _groups(records: Sequence[Json], titles: Mapping[str, str], worker: str) -> Iterator[str]:
    """Name each variant and worker count once, with its seeds."""
    for variant, workers in dict.fromkeys((r["variant"], r["workers"]) for r in records):
        same = (r for r in records if (r["variant"], r["workers"]) == (variant, workers))
        seeds = sorted(record["seed"] for record in same if "seed" in record)
        words = [titles[variant], f"{workers} {worker}{'' if workers == 1 else 's'}"]
        if seeds:
            words.append(f"seed{'' if len(seeds) == 1 else 's'} {' and '.join(map(str, seeds))}")
        yield ", ".join(words)
