"""Where the numbers come from: configuration, data, machines, software, and what every job took."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reports.arguments import add_papers, json_object
from reports.documents import Node
from reports.files import read_json, write_text
from reports.paper import Paper, read_paper
from reports.records import open_record, read_facts

Json = dict[str, Any]


def provenance(
    config: Mapping[str, Any],
    papers: Sequence[Paper],
    manifest: Mapping[str, Json],
    machines: Mapping[str, Json],
    measurable: Iterable[str],
    stages: Mapping[str, Json],
    missing: Mapping[str, str],
    datasets: Sequence[Json],
    runs: Iterable[Path],
    timings: Iterable[Path],
    calibrations: Iterable[Path] = (),
    properties: Iterable[Path] = (),
) -> Json:
    """Gather what a reader needs to trust the numbers, or to make them again.

    Parameters
    ----------
    config
        The edition's configuration.
    papers
        The resolved configurations of its papers; at least one.
    manifest
        Title, citation, licence and homepage of every dataset, by name.
    machines
        The profiles of the machines that timings are modelled for, by name.
    measurable
        Names of the machines that timings are measured on: this one, and those that it can stand for.
    stages
        The stages of the DAG with their jobs, by name: `workflow.stages`.
    missing
        Why files are missing that could not be made, by path.
    datasets
        The facts of its datasets (``dataset.json``).
    runs, timings, calibrations, properties
        The records.

    Returns
    -------
    dict
        The content of ``provenance.json``.

    Raises
    ------
    ReportError
        If a record is not whole.
    """
    run_records = [open_record(path, "run") for path in sorted(runs)]
    timing_records = [open_record(path, "timing") for path in sorted(timings)]
    others = [
        open_record(path, kind)
        for kind, paths in (("calibration", calibrations), ("property", properties))
        for path in sorted(paths)
    ]
    return {
        "version": version("pnn-reproduction"),
        "edition": papers[0]["edition"],
        "config": dict(config),
        "datasets": [{**manifest[facts["name"]], **facts} for facts in datasets],
        "machines": dict(machines),
        "measurable": list(measurable),
        "stages": dict(stages),
        "missing": dict(missing),
        "environments": _environments([*run_records, *timing_records, *others]),
        "runs": [_run(record) for record in run_records],
        "timings": [_timing(record) for record in timing_records],
    }


def _environments(records: Iterable[Node]) -> list[Json]:
    """List the machines with their software, the one behind most of the records first."""
    found: dict[str, Json] = {}
    for record in records:
        environment = record["environment"]
        fingerprint = environment["fingerprint"].text()
        entry = found.setdefault(fingerprint, {**environment.value, "records": 0})
        entry["records"] += 1
    return sorted(found.values(), key=lambda entry: -int(entry["records"]))


def _run(record: Node) -> Json:
    seconds = record["seconds"]
    return {
        **_factors(record),
        "seed": record["spec"]["seed"].whole(),
        "status": record["status"].text(),
        "seconds_train": seconds["train"].number(0),
        "seconds_evaluate": seconds["evaluate"].number(0),
        "record": record.file.as_posix(),
    }


def _timing(record: Node) -> Json:
    return {
        **_factors(record),
        "hardware": record["hardware"].text(),
        "source": record["source"].text(),
        "status": record["status"].text(),
        "repeats": len(list(record["repeats"])),
        "seconds_total": sum(repeat["seconds"].number(0) for repeat in record["repeats"]),
        "record": record.file.as_posix(),
    }


def _factors(record: Node) -> Json:
    spec = record["spec"]
    texts = {name: spec[name].text() for name in ("paper", "experiment", "variant", "dataset")}
    return {**texts, "workers": spec["workers"].whole(1)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports provenance``."""
    parser.add_argument(
        "--edition-config",
        required=True,
        type=json_object,
        metavar="JSON",
        help="configuration of the edition, as JSON text",
    )
    parser.add_argument(
        "--manifest",
        required=True,
        type=json_object,
        metavar="JSON",
        help="title, citation, licence and homepage of every dataset, as JSON text",
    )
    parser.add_argument(
        "--machines",
        required=True,
        type=json_object,
        metavar="JSON",
        help="profiles of the machines that timings are modelled for, as JSON text",
    )
    parser.add_argument(
        "--measurable",
        required=True,
        nargs="+",
        metavar="NAME",
        help="machines that timings are measured on: host, and those that it can stand for",
    )
    parser.add_argument(
        "--stages",
        required=True,
        type=json_object,
        metavar="JSON",
        help="stages of the DAG with their jobs, as JSON text",
    )
    parser.add_argument(
        "--missing",
        type=Path,
        metavar="FILE",
        help="why files are missing that could not be made, by path (JSON)",
    )
    add_papers(parser)
    for name, what in (
        ("datasets", "facts of the datasets: resources/datasets/<dataset>/dataset.json"),
        ("runs", "run records"),
        ("timings", "timing records"),
        ("calibrations", "calibration records"),
        ("properties", "property records"),
    ):
        parser.add_argument(
            f"--{name}", nargs="*", default=[], type=Path, metavar="FILE", help=f"{what} (JSON)"
        )
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FILE", help="provenance.json to write"
    )


def run(arguments: argparse.Namespace) -> None:
    """Write ``provenance.json``."""
    content = provenance(
        arguments.edition_config,
        [read_paper(path) for path in arguments.papers],
        arguments.manifest,
        arguments.machines,
        arguments.measurable,
        arguments.stages,
        read_json(arguments.missing) if arguments.missing else {},
        [read_facts(path) for path in arguments.datasets],
        arguments.runs,
        arguments.timings,
        arguments.calibrations,
        arguments.properties,
    )
    write_text(arguments.output, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
