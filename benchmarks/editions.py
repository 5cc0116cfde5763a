"""Editions of any number of runs, of which Snakemake plans the jobs."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.watched import Watched, watch

ROOT = Path(__file__).parents[1]

VARIANTS = 20
"""Most variants of an experiment; they are so small that one job trains them."""


@dataclass(frozen=True)
class Size:
    """The variants of an edition, and the runs of each: so many workers with so many seeds."""

    variants: int
    workers: int
    seeds: int

    @property
    def runs(self) -> int:
        """Return the number of runs."""
        return self.variants * self.workers * self.seeds


@contextmanager
def edition(size: Size) -> Iterator[Path]:
    """Yield a folder whose edition has one paper with as many variants and runs."""
    with TemporaryDirectory() as place:
        config = Path(place, "config")
        shutil.copytree(ROOT / "config/hardware", config / "hardware")
        shutil.copy(ROOT / "config/datasets.yaml", config)
        for name in ("papers", "comparisons"):
            (config / name).mkdir()
        # JSON is YAML.
        (config / "papers/growth.yaml").write_text(json.dumps(_paper(size)), encoding="utf-8")
        (config / "authors.yaml").write_text("{}", encoding="utf-8")
        (config / "config.yaml").write_text(json.dumps(EDITION), encoding="utf-8")
        yield Path(place)


def snakemake(folder: Path, *arguments: str) -> Watched:
    """Run Snakemake on an edition."""
    files = ["--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder), "--cores", "1"]
    command = [sys.executable, "-m", "snakemake", *files, *arguments]
    return watch(command, {**os.environ, "PYTHONPATH": str(ROOT)}, ROOT)


def complete(folder: Path) -> None:
    """Make every result of an edition an empty file, and have Snakemake take it for what the jobs would make."""
    outputs = [
        line.split("\t")[0] for line in snakemake(folder, "--summary").output.splitlines()[1:]
    ]
    planned = snakemake(folder, "--dry-run", "--forceall").output
    benchmarks = re.findall(r"^ +benchmark: (\S+)$", planned, re.MULTILINE)
    for path in (folder / name for name in (*outputs, *benchmarks)):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.name == "figures":  # a folder
            path.mkdir(exist_ok=True)
        else:
            path.touch()
    snakemake(folder, "--touch", "--forceall", "--quiet")
    for name in benchmarks:  # which Snakemake does not touch
        (folder / name).touch()


EDITION = {
    "edition": "sample",
    "title": "Growth",
    "papers": ["growth"],
    "comparisons": [],
    "datasets": {"mnist": "digits"},
}


def _paper(size: Size) -> dict[str, Any]:
    """Return a paper's file: experiments of at most `VARIANTS` variants, which differ in their learning rates."""
    experiments = {}
    for first in range(0, size.variants, VARIANTS):
        variants = range(first, min(first + VARIANTS, size.variants))
        experiments[f"from-{first}"] = {
            "title": f"From {first}",
            "dataset": "mnist",
            "network": {"hidden": [8]},
            "training": {"epochs": 1},
            "workers": list(range(1, size.workers + 1)),
            "seeds": list(range(1, size.seeds + 1)),
            "variants": {
                f"rate-{n}": {
                    "title": f"rate {n}",
                    "strategy": "spmd",
                    "training": {"learning_rate": (n + 1) / 1e5},
                }
                for n in variants
            },
        }
    return {
        "id": "growth",
        "name": "Growth",
        "key": "GR",
        "citation": {"title": "Growth", "authors": ["Nobody"]},
        "method": "None.",
        "experiments": experiments,
        "exhibits": {"design": {"label": "Fig. 0", "title": "Design", "chart": "diagram"}},
        "claims": [],
    }
