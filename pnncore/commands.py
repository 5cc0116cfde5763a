"""What the commands of ``pnncore`` do with their parsed options."""

# Each command imports its modules when it runs, so that `pnncore --help` is fast, training does not load the
# downloader, and a job depends on its own modules only.

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

import msgspec
from msgspec import structs

from pnncore.collection import Member, collect
from pnncore.cost import Meter
from pnncore.made_of import MadeOf, made_of
from pnncore.store import Store
from pnncore.supervision import begin
from records.atomic import write_text
from records.authors import Authors
from records.convert import convert
from records.dataset import Dataset
from records.description import describe
from records.errors import InputError
from records.job import (
    Examination,
    Gallery,
    HostCalibration,
    Job,
    NamedCalibrationRepeat,
    VariantRepeats,
    VariantRuns,
)
from records.kinds.dataset import DatasetRecord
from records.kinds.failure import Failure
from records.model import Fit, Predictions
from records.record import write_record
from records.values import Entry

ARCHIVES: Final = "archives"
"""Folder of a prepared dataset's archives."""


def prepare(options: argparse.Namespace) -> None:
    """Fetch the missing archives of a dataset and prepare its arrays."""
    from pnncore.data.fetch import without_mirror
    from pnncore.data.format import entry_type
    from pnncore.data.prepare import prepare as prepare_arrays

    entry = convert(options.spec, entry_type(), "--spec")
    try:
        _fetch_archives(entry, options)
        prepare_arrays(options.dataset, entry, options.output / ARCHIVES, options.output)
    except InputError as error:
        if not options.keep_going:
            raise
        about = DatasetRecord.about_of({"name": options.dataset})
        print(f"{about}: {error}", file=sys.stderr)
        why = without_mirror(str(error), options.mirror)
        write_record(options.output / "dataset.json", Failure(about=about, why=why))


def _fetch_archives(entry: Dataset, options: argparse.Namespace) -> None:
    """Fetch the missing archives of a dataset."""
    from pnncore.data.fetch import fetch
    from pnncore.data.format import FORMATS

    for archive in FORMATS.named(entry.format_name).archives(entry):
        file = options.output / ARCHIVES / archive.file
        if place := fetch(options.dataset, archive, file, options.mirror):
            _progress(f"{file.name}: verified, from {place}")


def gather(options: argparse.Namespace) -> None:
    """Fetch the missing files of a paper's authors, compare their summary with them, and tabulate their passes."""
    from pnncore.data.arrival import AbsentError
    from pnncore.data.fetch import fetch, without_mirror
    from pnncore.data.gather import archives, as_csv, read

    entry = convert(options.spec, Authors, "--spec")
    folder, files, absent = options.output.parent / options.paper, archives(entry), ""
    try:
        for archive in files:
            if place := fetch(options.paper, archive, folder / archive.file, options.mirror):
                _progress(f"{archive.file}: verified, from {place}")
        gathered = read(entry, folder)
    except InputError as error:
        if isinstance(error, AbsentError) and options.absent:
            absent = (
                f"The summary in config/authors.yaml stands for all {len(files)} files of the authors of "
                f"{options.paper}: {error.fault}; to try again, delete {options.output} and run again."
            )
        elif not options.keep_going:
            raise
        _progress(absent or f"{options.paper}: {error}")
        gathered = []
    if options.absent:
        write_text(options.absent, without_mirror(absent, options.mirror))
    write_text(options.output, as_csv(gathered))


def compile_loops(options: argparse.Namespace) -> None:
    """Compile the loops of strategies, one after another, and list them in a file.

    A strategy that fails here, or is killed, fails where it is used, which tells why.
    """
    from pnncore.compilation import compile_loops
    from pnncore.strategies.registry import STRATEGIES

    for name in options.strategies:
        try:
            begin(name)
            compile_loops(STRATEGIES.named(name), options.loops)
        except Exception as error:
            _progress(f"{name}: {type(error).__name__}: {error}")
    write_text(options.output, "".join(f"{name}\n" for name in options.strategies))


def train(options: argparse.Namespace) -> None:
    """Train and test the runs of variants."""
    from pnncore import batches

    store, backend, jobs = Store(options.store), options.backend, options.jobs
    runs = partial(batches.runs, data=options.data, store=store, backend=backend, at_once=jobs)
    _collect("run", VariantRuns, runs, options)


def time(options: argparse.Namespace) -> None:
    """Time variants once."""
    from pnncore import batches

    _collect("repeat", VariantRepeats, partial(batches.repeats, data=options.data), options)


def calibrate(options: argparse.Namespace) -> None:
    """Measure the work of variants once."""
    from pnncore import batches

    calibration = partial(batches.calibration, data=options.data)
    _collect("calibration", NamedCalibrationRepeat, calibration, options)


def calibrate_host(options: argparse.Namespace) -> None:
    """Measure the costs of barriers and dispatch once."""
    from pnncore import batches

    _collect("calibration", HostCalibration, batches.host_calibration, options)


def fit(options: argparse.Namespace) -> None:
    """Fit a paper's model."""
    from pnncore import batches

    _collect("model", Fit, batches.model, options)


def predict(options: argparse.Namespace) -> None:
    """Predict times on machines."""
    from pnncore import batches

    _collect("prediction", Predictions, batches.predictions, options)


def examine(options: argparse.Namespace) -> None:
    """Examine a property."""
    from pnncore import batches

    _collect("property", Examination, partial(batches.examination, data=options.data), options)


def gallery(options: argparse.Namespace) -> None:
    """Pick example images."""
    from pnncore import batches

    _collect("gallery", Gallery, partial(batches.pictures, data=options.data), options)


def _collect(
    kind: str,
    entry: type[Entry],
    members: Callable[[MadeOf], Iterable[Member]],
    options: argparse.Namespace,
) -> None:
    """Write a collection for each specification that a command was given.

    Raises
    ------
    InputError
        If a specification is refused or there are not as many files, before anything is made; if a record could not be
        made, when all are written, and it was not said to keep going.
    """
    made = [made_of(kind, spec) for spec in _specs(options, entry)]
    if len(made) != len(options.output):
        raise InputError(
            f"--output: expected a file for each --spec, {len(made)}, found {len(options.output)}"
        )
    meter, store, failed = Meter(), Store(options.store), []
    for each, output in zip(made, options.output, strict=True):
        failures = collect(kind, each, members(each), output, store, meter)
        failed += [(failure, output) for failure in failures]
    if failed and not options.keep_going:
        count = "1 record" if len(failed) == 1 else f"{len(failed)} records"
        files = ", ".join(dict.fromkeys(str(output) for _, output in failed))
        raise InputError(f"{count} could not be made, for the reasons above; see {files}")


def _specs(options: argparse.Namespace, entry: type[Entry]) -> Iterator[Entry]:
    """Yield the specifications that a command was given, complete."""
    from pnncore.strategies.registry import STRATEGIES

    for number, given in enumerate(options.spec, 1):
        option = "--spec" if len(options.spec) == 1 else f"--spec {number}"
        spec = convert(given, entry, option)
        if isinstance(spec, Job):
            try:
                named = STRATEGIES.named(spec.strategy).complete(spec.options)
            except InputError as error:
                raise InputError(f"{option}: {error}") from error
            spec = structs.replace(spec, options=msgspec.to_builtins(named))
        yield spec


def host(options: argparse.Namespace) -> None:
    """Print the machine and the software as JSON."""
    from pnncore.pool import pool
    from pnncore.timing.environment import environment

    with pool("threading", 1) as workers:
        described = environment(workers.inner_threads())
    print(json.dumps(msgspec.to_builtins(described), indent=2))


def strategies(options: argparse.Namespace) -> None:
    """Print the strategies and their options."""
    from pnncore.strategies.registry import STRATEGIES

    for name, strategy in STRATEGIES.entries.items():
        print(f"{name}: {strategy.summary}")
        for key in describe(strategy.options):
            print(f"  {key.name}: {key.values} (default: {key.default}). {key.sentence}")


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
