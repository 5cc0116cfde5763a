"""The command line of ``pnncore``, called by the pipeline's rules and by users."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import structs

from pnncore.arguments import (
    input_file,
    input_folder,
    json_object,
    output_file,
    output_folder,
    word,
    worker_count,
)
from pnncore.collection import Member, collect
from pnncore.made_of import MadeOf, made_of
from pnncore.store import Store
from records.console import standard_output
from records.convert import convert
from records.dataset import Dataset
from records.description import describe
from records.errors import InputError
from records.job import (
    Examination,
    Gallery,
    Job,
    NamedCalibration,
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

# Each command imports its modules when it runs, so that `pnncore --help` is fast, training does not load the
# downloader, and a job depends on its own modules only.


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status. An input error is printed to standard error in one sentence."""
    with standard_output("pnncore"):
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    # By default SIGTERM ends Python without clean-up; an exception removes temporary files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        options.run(options)
    except InputError as error:
        print(f"pnncore {options.command}: {error}", file=sys.stderr)
        return 1
    except MemoryError as error:
        print(
            f"pnncore {options.command}: there is not enough memory ({error}); make the network or the "
            "mini-batches smaller, or run fewer jobs at the same time (--cores)",
            file=sys.stderr,
        )
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pnncore",
        description="Train small neural networks in parallel on CPUs, the way five papers did.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    prepare = commands.add_parser(
        "prepare", help="convert a dataset's archives to arrays that workers memory-map"
    )
    _add_spec(prepare, "the dataset's entry of config/datasets.yaml")
    _add_dataset(prepare)
    _add_mirror(prepare)
    prepare.add_argument(
        "--output",
        required=True,
        type=output_folder,
        metavar="FOLDER",
        help=f"folder for the arrays; missing archives are fetched to its folder {ARCHIVES}/",
    )
    _add_keep_going(prepare)
    prepare.set_defaults(run=_prepare)

    train = commands.add_parser("train", help="train and test the runs of a variant")
    _add_spec(train, "the specification of the runs (docs/architecture.md)")
    _add_data(train)
    train.add_argument(
        "--backend",
        choices=["threading", "loky"],
        default="threading",
        help="joblib backend: threads on shared arrays, or processes (default: %(default)s); does not change the "
        "results",
    )
    train.add_argument(
        "--jobs",
        type=worker_count,
        default=1,
        metavar="N",
        help="workers that run at the same time (default: %(default)s); does not change the results; a variant whose "
        "workers race always runs all of them",
    )
    _add_collection(train, _train)

    time = commands.add_parser(
        "time", help="time a variant once, with all its workers at the same time"
    )
    _add_spec(time, "the specification of the repeats (docs/architecture.md)")
    _add_data(time)
    _add_collection(time, _time)

    calibrate = commands.add_parser(
        "calibrate", help="measure the unit costs of a variant's schedules on this host"
    )
    _add_spec(calibrate, "the specification of the calibration (docs/architecture.md)")
    _add_data(calibrate)
    calibrate.add_argument(
        "--host",
        required=True,
        type=input_file,
        metavar="FILE",
        help="calibration of the host (pnncore calibrate-host)",
    )
    _add_collection(calibrate, _calibrate)

    calibrate_host = commands.add_parser(
        "calibrate-host", help="measure the costs of barriers and dispatch on this host"
    )
    _add_collection(calibrate_host, _calibrate_host)

    fit = commands.add_parser("fit", help="fit a paper's model to its published speed-ups")
    _add_spec(fit, "the model of the paper's configuration, with its machines and calibrations")
    _add_collection(fit, _fit)

    predict = commands.add_parser(
        "predict", help="predict the times of calibrated variants on machines"
    )
    _add_spec(predict, "calibrations, machines and the paper's model (docs/architecture.md)")
    _add_collection(predict, _predict)

    examine = commands.add_parser("examine", help="examine a property")
    _add_spec(examine, "the property's name and its dataset (docs/architecture.md)")
    _add_data(examine)
    _add_collection(examine, _examine)

    gallery = commands.add_parser("gallery", help="pick example images of each class of a dataset")
    _add_spec(gallery, "the dataset and the names of its classes (docs/architecture.md)")
    _add_data(gallery)
    _add_collection(gallery, _gallery)

    host = commands.add_parser("host", help="describe this machine and the software as JSON")
    host.set_defaults(run=_host)

    listing = commands.add_parser("strategies", help="list the strategies and their options")
    listing.set_defaults(run=_strategies)
    return parser


def _add_spec(parser: argparse.ArgumentParser, what: str) -> None:
    _add_json(parser, "--spec", what)


def _add_dataset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dataset", required=True, type=word, metavar="NAME", help="name of the dataset"
    )


def _add_mirror(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mirror",
        metavar="PLACE",
        help="a folder or an HTTP(S) address to use instead of the manifest's mirrors; "
        "an archive is looked up as PLACE/<dataset>/<file>, then PLACE/<file>",
    )


def _add_json(parser: argparse.ArgumentParser, name: str, what: str) -> None:
    parser.add_argument(
        name,
        required=True,
        type=partial(json_object, name),
        metavar="JSON",
        help=f"{what}: JSON text, or the path of a JSON file",
    )


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        required=True,
        type=input_folder,
        metavar="FOLDER",
        help="a prepared dataset (pnncore prepare)",
    )


def _add_output(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "--output",
        required=True,
        type=output_file,
        metavar="FILE",
        help=f"file for {what}",
    )


def _add_collection(
    parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], None]
) -> None:
    """Add the options of commands that write a collection."""
    _add_output(parser, "the collection of records")
    parser.add_argument(
        "--store",
        type=output_folder,
        default=Path("results/store"),
        metavar="FOLDER",
        help="store of records, which makes each record only once (default: %(default)s)",
    )
    _add_keep_going(parser)
    parser.set_defaults(run=run)


def _add_keep_going(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help="exit with status 0 even if something could not be made; the output lists what and why",
    )


def _prepare(options: argparse.Namespace) -> None:
    from pnncore.data.fetch import without_mirror
    from pnncore.data.format import entry_type
    from pnncore.data.prepare import prepare

    entry = convert(options.spec, entry_type(), "--spec")
    try:
        _fetch_archives(entry, options)
        prepare(options.dataset, entry, options.output / ARCHIVES, options.output)
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

    for archive in FORMATS.named(str(entry.__struct_config__.tag)).archives(entry):
        file = options.output / ARCHIVES / archive.file
        if place := fetch(options.dataset, archive, file, options.mirror):
            _progress(f"{file.name}: verified, from {place}")


def _train(options: argparse.Namespace) -> None:
    from pnncore import batches

    made, store = made_of("run", _spec(options, VariantRuns)), Store(options.store)
    members = batches.runs(made, options.data, store, options.backend, options.jobs)
    _collect("run", made, members, options)


def _time(options: argparse.Namespace) -> None:
    from pnncore import batches

    made = made_of("repeat", _spec(options, VariantRepeats))
    _collect("repeat", made, batches.repeats(made, options.data), options)


def _calibrate(options: argparse.Namespace) -> None:
    from pnncore import batches

    made = made_of("calibration", _spec(options, NamedCalibration))
    member = batches.calibration(made, options.data, options.host)
    _collect("calibration", made, [member], options)


def _calibrate_host(options: argparse.Namespace) -> None:
    from pnncore import batches

    made = made_of("calibration", Entry())
    _collect("calibration", made, [batches.host_calibration(made)], options)


def _fit(options: argparse.Namespace) -> None:
    from pnncore import batches

    made = made_of("model", _spec(options, Fit))
    _collect("model", made, [batches.model(made)], options)


def _predict(options: argparse.Namespace) -> None:
    from pnncore import batches

    made = made_of("prediction", _spec(options, Predictions))
    _collect("prediction", made, batches.predictions(made), options)


def _examine(options: argparse.Namespace) -> None:
    from pnncore import batches

    made = made_of("property", _spec(options, Examination))
    _collect("property", made, [batches.examination(made, options.data)], options)


def _gallery(options: argparse.Namespace) -> None:
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


def _host(options: argparse.Namespace) -> None:
    from pnncore.pool import pool
    from pnncore.timing.environment import environment

    with pool("threading", 1) as workers:
        described = environment(workers.inner_threads())
    print(json.dumps(msgspec.to_builtins(described), indent=2))


def _strategies(options: argparse.Namespace) -> None:
    from pnncore.strategies.registry import STRATEGIES

    for name, strategy in STRATEGIES.entries.items():
        print(f"{name}: {strategy.summary}")
        for key in describe(strategy.options):
            print(f"  {key.name}: {key.values} (default: {key.default}). {key.sentence}")


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
