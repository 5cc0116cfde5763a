"""``python -m workflow.estimate``: what an edition will run, and about how long it takes on this machine.

Every kind of network is trained and tested on a few samples, which takes seconds; a job takes as many times as long as
it has more samples and epochs, and the start of its process. What merging and waiting cost is not counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import check_call
from time import perf_counter
from typing import Any

from pnncore import affinity
from pnncore.console import standard_output
from pnncore.errors import PnncoreError
from pnncore.hardware import host
from pnncore.profile import SAMPLE_BY_SAMPLE
from pnncore.sample_cost import evaluation_cost, learning_cost
from workflow import plan
from workflow.configuration import load_edition, load_manifest, load_studies, study_files
from workflow.documents import read_yaml
from workflow.machines import load_machines, measurable
from workflow.workload import count_samples

CALIBRATION = 8.0
"""Seconds of a calibration of a timed variant, its start included."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Work:
    """What is left to do for a paper or a comparison.

    Attributes
    ----------
    paper
        Its name.
    runs, timings
        Runs and repeats of timings that have no record yet.
    shared
        Seconds of the jobs that run side by side, one a core.
    alone
        Seconds of those that have the machine to themselves.
    """

    paper: str
    runs: int
    timings: int
    shared: float
    alone: float

    def seconds(self, cores: int) -> float:
        """Return how long it takes on so many cores."""
        return self.shared / cores + self.alone


def estimate(edition: Json, manifest: Json, root: Path) -> list[Work]:
    """Estimate the work of an edition, paper by paper and comparison by comparison.

    Parameters
    ----------
    edition
        The edition, checked.
    manifest
        The datasets.
    root
        Where ``config/`` and ``results/`` are.

    Returns
    -------
    list of Work
        One for each.
    """
    machines = load_machines(root / "config/hardware")
    measured = measurable(machines, host(), affinity.is_supported())
    start = _start()
    found = []
    for paper in load_studies(study_files(edition, root / "config"), edition).values():
        runs = [job for job in plan.runs(paper) if not _is_done(job, root)]
        timings = [job for job in plan.timings(paper, measured) if not _is_done(job, root)]
        repeats = sum(job.spec["repeats"] for job in timings)
        found.append(
            Work(
                paper=paper["name"],
                runs=len(runs),
                timings=repeats,
                shared=sum(start + _training(job.spec, manifest) for job in runs),
                alone=sum(
                    job.spec["repeats"] * (start + 1.1 * _pass(job.spec, manifest))
                    for job in timings
                )
                + (CALIBRATION * len(list(plan.calibrations(paper))) if timings else 0.0),
            )
        )
    return found


def _is_done(job: plan.Job, root: Path) -> bool:
    """Tell whether a job has a record of the same specification; whether its code is the same, Snakemake knows."""
    path = root / job.record
    try:
        found: object = json.loads(path.read_text(encoding="utf-8"))["spec"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return found == job.spec


def _training(spec: Json, manifest: Json) -> float:
    """Return the seconds of a run: its training, and the tests of its networks."""
    seconds: float = count_samples(spec, manifest).tested * evaluation_cost(*_kind(spec))
    return _pass(spec, manifest) + seconds


def _pass(spec: Json, manifest: Json) -> float:
    """Return the seconds of training alone, by one thread."""
    return float(count_samples(spec, manifest).learned * learning_cost(*_kind(spec)))


def _kind(spec: Json) -> tuple[str, str]:
    """Return what decides how long a sample takes, as JSON: the network and how it learns."""
    training = {**spec["training"], "epochs": 1}
    if spec["strategy"] in SAMPLE_BY_SAMPLE:
        training["batch_size"] = 1
    return json.dumps(spec["network"], sort_keys=True), json.dumps(training, sort_keys=True)


def _start() -> float:
    """Return the seconds until a training process has loaded what it needs."""
    command = [sys.executable, "-c", "import pnncore.run, pnncore.strategies.spmd"]
    check_call(command)  # noqa: S603 - the command is ours
    started = perf_counter()
    check_call(command)  # noqa: S603
    # The compiled loops are loaded besides, which takes about as long again.
    return 2 * (perf_counter() - started)


def _lines(works: Iterable[Work], title: str, cores: int) -> Iterable[str]:
    works = list(works)
    yield f"{title}, on {cores} core{'' if cores == 1 else 's'}:"
    yield f"  {'paper':<28}{'runs':>6}{'repeats of timings':>20}{'about':>12}"
    for work in works:
        minutes = work.seconds(cores) / 60
        yield f"  {work.paper:<28}{work.runs:>6}{work.timings:>20}{minutes:>8.0f} min"
    total = sum(work.seconds(cores) for work in works) / 60
    runs, timings = sum(work.runs for work in works), sum(work.timings for work in works)
    yield f"  {'all':<28}{runs:>6}{timings:>20}{total:>8.0f} min"
    yield "What has a record is not counted; what a change runs again, `make why` tells."


def _count(text: str) -> int:
    """Read how many cores there are."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def main() -> int:
    """Run the command; return 0, or 1 after an error told in one sentence."""
    with standard_output("estimate"):
        return _run()


def _run() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m workflow.estimate",
        description="Say what an edition will run, and about how long it takes on this machine.",
    )
    parser.add_argument(
        "--edition",
        type=Path,
        default=Path("config/paper.yaml"),
        metavar="FILE",
        help="the edition's file (default: %(default)s)",
    )
    parser.add_argument(
        "--cores",
        type=_count,
        default=host().cores,
        metavar="N",
        help="cores that the pipeline may use (default: all, %(default)s)",
    )
    options = parser.parse_args()
    try:
        manifest = load_manifest(Path("config/datasets.yaml"))
        edition = load_edition(read_yaml(options.edition), str(options.edition), manifest)
        works = estimate(edition, manifest, Path())
    except PnncoreError as error:
        print(f"estimate: {error}", file=sys.stderr)
        return 1
    print("\n".join(_lines(works, edition["title"], options.cores)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
