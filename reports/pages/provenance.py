"""Provenance of the numbers: configuration, data, machines, software, and the time and cost of every job."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from msgspec import to_builtins

from records.atomic import write_text
from records.environment import Environment
from records.kinds.calibration import HostCalibrationRecord, NamedCalibrationRecord
from records.kinds.property import PropertyRecord
from records.kinds.repeat import NamedRepeatRecord
from records.kinds.run import NamedRunRecord
from records.record_files import RecordFiles
from records.study import Study
from reports.arguments import add_papers, json_object
from reports.study import read_study
from reports.tables.collections import Found, Member, read_members
from reports.tables.costs import COLUMNS, tabulate_costs
from reports.tables.facts import read_facts
from reports.tables.host import HOST
from reports.tables.models import read_models
from reports.tables.predictions import read_predictions
from reports.tables.record_list import read_list
from reports.tables.repeats import TimingRecord, timings_of
from reports.tables.runs import Subject, read_runs, subject_of
from reports.tables.tidy import table, write_table

OF_TIMING: Final = re.compile(r"timings/[^/]+/[^/]+/[^/]+/w\d+/([^/]+)")
"""The identity of a timing, whose last part is the machine."""

Json = dict[str, Any]


def provenance(
    config: Mapping[str, Any],
    papers: Sequence[Study],
    manifest: Mapping[str, Json],
    machines: Mapping[str, Json],
    stages: Mapping[str, Json],
    lists: Sequence[RecordFiles],
    benchmarks: Sequence[Path] = (),
    absent: Sequence[Path] = (),
) -> Json:
    """Collect what a reader needs to check or remake the numbers.

    Parameters
    ----------
    config
        The edition's configuration.
    papers
        The resolved configurations of the edition's papers; at least one.
    manifest
        Title, citation, licence and homepage of every dataset, by name.
    machines
        The profiles of the modelled machines, by name.
    stages
        The stages of the DAG with their numbers of jobs, by name (from `workflow.stages`).
    lists
        The files that hold the records of each paper and comparison.
    benchmarks
        Snakemake's benchmarks of the jobs that made tables and figures.
    absent
        Files that say which files of papers' authors could not be had; empty where all were.

    Returns
    -------
    dict
        The content of ``provenance.json``. ``missing`` has the reason for each missing result, by its identity;
        ``calibrations`` counts their repeats by mark;
        ``measurable`` has the machines that timings are measured for: this one, and those whose core counts it can
        imitate. ``cost`` has the rows of ``cost.csv``, ``absent`` what the files say that are not empty.
    """
    files = partial(_files, lists)
    runs = read_runs(files("runs"))
    repeats = read_members(files("timings"), NamedRepeatRecord)
    calibrations = (
        read_members(files("calibrations"), NamedCalibrationRecord),
        read_members(files("host"), HostCalibrationRecord),
    )
    others = (*calibrations, read_members(files("properties"), PropertyRecord))
    made: tuple[Found[Any], ...] = (runs, repeats, *others)
    timings = timings_of(repeats)
    datasets = read_facts(files("datasets"))
    unmade = (read_predictions(files("predictions")), read_models(files("models")), datasets)
    found: tuple[Found[Any], ...] = (runs, timings, *others, *unmade)
    return {
        "version": version("pnn-reproduction"),
        "code": _code(),
        "edition": to_builtins(papers[0].edition),
        "config": dict(config),
        "datasets": [{**manifest[name], **facts.content} for name, facts in datasets.records],
        "absent": [told for path in absent if (told := path.read_text(encoding="utf-8"))],
        "machines": dict(machines),
        "measurable": _measurable(timings),
        "calibrations": Counter(
            member.record.conditions.mark for each in calibrations for member in each.records
        ),
        "stages": dict(stages),
        "missing": {about: why for each in found for about, why in each.failures.items()},
        "environments": _environments(
            member.record.environment for each in made for member in each.records
        ),
        "runs": [_run(member) for member in runs.records],
        "timings": [_timing(timing) for timing in timings.records],
        "cost": tabulate_costs(lists, benchmarks, papers[0].edition.name),
    }


def _code() -> Json:
    """Return the commit of the folder that this runs in, its date and whether files differ; nothing if it has none."""
    try:
        above, commit, date = (
            _git(*command)
            for command in (
                ("rev-parse", "--show-cdup"),
                ("rev-parse", "HEAD"),
                ("log", "-1", "--format=%cs"),
            )
        )
        changed = bool(_git("status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.CalledProcessError):
        return {}
    # A repository that this folder only lies in is another project's.
    return {} if above else {"commit": commit, "date": date, "changed": changed}


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return done.stdout.strip()


def _files(lists: Sequence[RecordFiles], kind: str) -> tuple[str, ...]:
    """Return the files of a kind in all lists; one that several studies share appears once."""
    return tuple(dict.fromkeys(path for files in lists for path in getattr(files, kind)))


def _environments(environments: Iterable[Environment]) -> list[Json]:
    """List the environments, the one with most records first."""
    found: dict[str, Json] = {}
    for environment in environments:
        first = {**to_builtins(environment), "records": 0}
        entry = found.setdefault(environment.fingerprint, first)
        entry["records"] += 1
    return sorted(found.values(), key=lambda entry: -int(entry["records"]))


def _measurable(timings: Found[TimingRecord]) -> list[str]:
    """List the machines that timings are measured for, including those whose repeats all failed."""
    failed = (found[1] for about in timings.failures if (found := OF_TIMING.match(about)))
    return list(dict.fromkeys([HOST, *(each.hardware for each in timings.records), *failed]))


def _run(member: Member[NamedRunRecord]) -> Json:
    record = member.record
    return {
        **_factors(subject_of(record.spec, record.spec.workers)),
        "seed": record.spec.seed,
        "status": record.status,
        "seconds_train": record.seconds.train,
        "seconds_evaluate": record.seconds.evaluate,
        "record": member.path.as_posix(),
    }


def _timing(record: TimingRecord) -> Json:
    return {
        **_factors(record.subject),
        "hardware": record.hardware,
        "source": "measured",
        "status": record.status,
        "repeats": len(record.repeats),
        "seconds_total": sum(each.repeat.seconds for each in record.repeats),
        "record": record.path.as_posix(),
    }


def _factors(subject: Subject) -> Json:
    names = ("paper", "experiment", "variant", "dataset", "workers")
    return {name: getattr(subject, name) for name in names}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports provenance``."""
    parser.add_argument(
        "--edition-config",
        required=True,
        type=json_object,
        metavar="JSON",
        help="configuration of the edition (JSON text)",
    )
    parser.add_argument(
        "--manifest",
        required=True,
        type=json_object,
        metavar="JSON",
        help="title, citation, licence and homepage of every dataset (JSON text)",
    )
    parser.add_argument(
        "--machines",
        required=True,
        type=json_object,
        metavar="JSON",
        help="profiles of the modelled machines (JSON text)",
    )
    parser.add_argument(
        "--stages",
        required=True,
        type=json_object,
        metavar="JSON",
        help="stages of the DAG with their jobs (JSON text)",
    )
    add_papers(parser)
    parser.add_argument(
        "--records",
        required=True,
        nargs="+",
        type=Path,
        metavar="LIST",
        help="lists of the files that hold the records of the papers and comparisons (JSON)",
    )
    parser.add_argument(
        "--absent",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="what `pnncore gather` says of files that could not be had (text)",
    )
    parser.add_argument(
        "--benchmarks",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="Snakemake's benchmarks of the jobs that made tables and figures (TSV)",
    )
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FILE", help="provenance.json to write"
    )
    parser.add_argument(
        "--cost-table", required=True, type=Path, metavar="TABLE", help="cost.csv to write"
    )


def run(arguments: argparse.Namespace) -> None:
    """Write ``provenance.json``."""
    content = provenance(
        arguments.edition_config,
        [read_study(path) for path in arguments.papers],
        arguments.manifest,
        arguments.machines,
        arguments.stages,
        [read_list(path) for path in arguments.records],
        arguments.benchmarks,
        arguments.absent,
    )
    write_table(table(content["cost"], COLUMNS), arguments.cost_table)
    write_text(arguments.output, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
