"""What the commands of ``pnncore`` do with their parsed options."""

# Each command imports its modules when it runs, so that `pnncore --help` is fast, training does not load the
# downloader, and a job depends on its own modules only.

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Final, TypeVar

import msgspec
from msgspec import structs

from pnncore.collection import Member, collect
from pnncore.made_of import MadeOf, made_of
from pnncore.store import Store
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

T = TypeVar("T", bound=Entry)

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


def train(options: argparse.Namespace) -> None:
    """Train and test the runs of a variant."""
    from pnncore import batches

    made, store = made_of("run", _spec(options, VariantRuns)), Store(options.store)
    members = batches.runs(made, options.data, store, options.backend, options.jobs)
    _collect("run", made, members, options)


def time(options: argparse.Namespace) -> None:
    """Time a variant once."""
    from pnncore import batches

    made = made_of("repeat", _spec(options, VariantRepeats))
    _collect("repeat", made, batches.repeats(made, options.data), options)


def calibrate(options: argparse.Namespace) -> None:
    """Measure the work of a variant once."""
    from pnncore import batches

    made = made_of("calibration", _spec(options, NamedCalibrationRepeat))
    _collect("calibration", made, [batches.calibration(made, options.data)], options)


def calibrate_host(options: argparse.Namespace) -> None:
    """Measure the costs of barriers and dispatch once."""
    from pnncore import batches

    made = made_of("calibration", _spec(options, HostCalibration))
    _collect("calibration", made, [batches.host_calibration(made)], options)


def fit(options: argparse.Namespace) -> None:
    """Fit a paper's model."""
    from pnncore import batches

    made = made_of("model", _spec(options, Fit))
    _collect("model", made, [batches.model(made)], options)


def predict(options: argparse.Namespace) -> None:
    """Predict times on machines."""
    from pnncore import batches

    made = made_of("prediction", _spec(options, Predictions))
    _collect("prediction", made, batches.predictions(made), options)


def examine(options: argparse.Namespace) -> None:
    """Examine a property."""
    from pnncore import batches

    made = made_of("property", _spec(options, Examination))
    _collect("property", made, [batches.examination(made, options.data)], options)


def gallery(options: argparse.Namespace) -> None:
    """Pick example images."""
    from pnncore import batches

    made = made_of("gallery", _spec(options, Gallery))
    _collect("gallery", made, [batches.pictures(made, options.data)], options)


def _spec(options: argparse.Namespace, entry: type[T]) -> T:
    """Return the specification that a command was given, complete."""
    from pnncore.strategies.registry import STRATEGIES

    spec = convert(options.spec, entry, "--spec")
    if isinstance(spec, Job):
        try:
            named = STRATEGIES.named(spec.strategy).complete(spec.options)
        except InputError as error:
            raise InputError(f"--spec: {error}") from error
        spec = structs.replace(spec, options=msgspec.to_builtins(named))
    return spec


def _collect(
    kind: str, made: MadeOf, members: Iterable[Member], options: argparse.Namespace
) -> None:
    failures = collect(kind, made, members, options.output, Store(options.store))
    if failures and not options.keep_going:
        count = "1 record" if len(failures) == 1 else f"{len(failures)} records"
        raise InputError(
            f"{count} could not be made, for the reasons above; {options.output} lists them"
        )


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
