"""Costs of an edition's results by study and stage, each as of when it was made: ``cost.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from records.convert import convert
from records.cost import Cost
from records.errors import InputError
from records.kinds.collection import Collection
from records.kinds.dataset import DatasetRecord
from records.kinds.run import NamedRunRecord
from records.record import DELETE, as_record, read_record
from records.record_files import RecordFiles

COLUMNS: Final = ("edition", "paper", "stage", "files", "records", "seconds", "cpu_seconds")

STAGES: Final = (
    "prepare",
    "train",
    "test",
    "time",
    "calibrate",
    "fit",
    "predict",
    "examine",
    "tabulate",
    "draw",
)
"""Stages in their order: those of the pipeline, tests apart from training, and drawing from tables."""

MADE_BY: Final = {
    "datasets": "prepare",
    "runs": "train",
    "timings": "time",
    "calibrations": "calibrate",
    "host": "calibrate",
    "models": "fit",
    "predictions": "predict",
    "properties": "examine",
}
"""Stages by the key of their results in lists of records."""

SHARED: Final = ("datasets", "host", "properties")
"""Keys of results that belong to no study of those that use them."""

FOLDER: Final = "costs"
"""Folder of Snakemake's benchmarks: ``costs/<study>/<stage>-<name>.tsv``, without a study those of all."""


class Spent(NamedTuple):
    """What was spent on a record, or on a table, and the file that has it."""

    paper: str
    stage: str
    file: Path
    cost: Cost


def tabulate_costs(
    lists: Sequence[RecordFiles], benchmarks: Iterable[Path], edition: str
) -> list[dict[str, Any]]:
    """Return the rows of ``cost.csv``: studies in the order of their lists, then what is shared, each by stage.

    A record that several collections hold counts once, for the first of them. What is missing or damaged, and
    reported elsewhere, has no cost.

    Parameters
    ----------
    lists
        The files that hold the records of each study.
    benchmarks
        Snakemake's benchmarks of the jobs that make tables and figures.
    edition
        Name of the edition.
    """
    groups: dict[tuple[str, str], list[Spent]] = {}
    for each in (*_on_records(lists), *map(read_benchmark, benchmarks)):
        groups.setdefault((each.paper, each.stage), []).append(each)
    papers = [*(files.study for files in lists), ""]
    return [
        {
            "edition": edition,
            "paper": paper,
            "stage": stage,
            "files": len({each.file for each in spent}),
            "records": len(spent),
            "seconds": sum(each.cost.seconds for each in spent),
            "cpu_seconds": sum(each.cost.cpu_seconds for each in spent),
        }
        for paper in papers
        for stage in STAGES
        if (spent := groups.get((paper, stage)))
    ]


def read_benchmark(path: Path) -> Spent:
    """Read what a job cost from the file that Snakemake's ``benchmark`` wrote.

    Raises
    ------
    InputError
        If the file is not such a table of one row.
    """
    try:
        names, values = (line.split("\t") for line in path.read_text("utf-8").splitlines())
        row: Mapping[str, str] = dict(zip(names, values, strict=True))
        cost = {"seconds": float(row["s"]), "cpu_seconds": float(row["cpu_time"])}
    except (OSError, ValueError, KeyError):
        raise InputError(f"{path}: not a benchmark of Snakemake's with one row", DELETE) from None
    paper = "" if path.parent.name == FOLDER else path.parent.name
    stage = path.stem.partition("-")[0]
    return Spent(paper, stage, path, convert(cost, Cost, str(path)))


def _on_records(lists: Sequence[RecordFiles]) -> Iterator[Spent]:
    seen: set[str] = set()
    for key, stage in MADE_BY.items():
        for files in lists:
            paper = "" if key in SHARED else files.study
            for path in map(Path, getattr(files, key)):
                if path.as_posix() not in seen:
                    seen.add(path.as_posix())
                    if key == "datasets":
                        yield from _dataset(path)
                    else:
                        yield from _collection(path, paper, stage, seen)


def _dataset(path: Path) -> Iterator[Spent]:
    with suppress(InputError):
        yield Spent("", "prepare", path, read_record(path, DatasetRecord).cost)


def _collection(path: Path, paper: str, stage: str, seen: set[str]) -> Iterator[Spent]:
    """Yield the costs of a collection's records that were not seen, and of its failures."""
    try:
        found = read_record(path, Collection)
    except InputError:
        return
    names = found.stored or [f"{path}:{place}" for place in range(len(found.members))]
    for name, content, cost in zip(names, found.members, found.costs, strict=False):
        if name in seen:
            continue
        seen.add(name)
        if stage == "train":
            yield from _split(Spent(paper, stage, path, cost), content)
        else:
            yield Spent(paper, stage, path, cost)


def _split(run: Spent, content: Mapping[str, Any]) -> Iterator[Spent]:
    """Divide the cost of a run into training, with the start of the process, and tests.

    A run has one thread, so both share its processor time as they share its time. The cost of one that was interrupted
    lacks what was spent before; its record does not.
    """
    try:
        seconds = as_record(content, NamedRunRecord, run.file).seconds
    except InputError:
        yield run
        return
    whole = max(run.cost.seconds, seconds.train + seconds.evaluate)
    for stage, part in (("train", whole - seconds.evaluate), ("test", seconds.evaluate)):
        share = part / whole if whole else 0.0
        cost = Cost(seconds=part, cpu_seconds=share * run.cost.cpu_seconds)
        yield run._replace(stage=stage, cost=cost)
