"""The command line: what the pipeline's rules call, and a person can."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pnncore import specification
from pnncore.arguments import (
    input_file,
    input_folder,
    json_object,
    output_file,
    output_folder,
    word,
    worker_count,
)
from pnncore.console import standard_output
from pnncore.errors import PnncoreError
from pnncore.records import read_record, write_record

# Each command imports what it needs when it runs, so that `pnncore --help` answers at once, training does not pay
# for the downloader, and a job depends on its own modules alone.


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status: 0, or the error's after it was told in one sentence on standard error."""
    with standard_output("pnncore"):
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    # Python dies of SIGTERM without cleaning up; leaving by an exception removes what is half-written.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        options.run(options)
    except PnncoreError as error:
        print(f"pnncore {options.command}: {error}", file=sys.stderr)
        return error.status
    except MemoryError as error:
        print(
            f"pnncore {options.command}: there is not enough memory ({error}); make the network or the "
            "mini-batches smaller, or run fewer jobs at once (--cores)",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pnncore",
        description="Train small neural networks in parallel on CPUs, the way five papers did.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    fetch = commands.add_parser("fetch", help="download and verify one archive of a dataset")
    _add_spec(fetch, "the dataset's entry of config/datasets.yaml")
    _add_dataset(fetch)
    fetch.add_argument(
        "--file",
        required=True,
        choices=["train-images", "train-labels", "test-images", "test-labels"],
        help="which of its archives",
    )
    fetch.add_argument(
        "--mirror",
        metavar="PLACE",
        help="a folder or an HTTP(S) address to use instead of the manifest's mirrors; "
        "the archive is looked up as PLACE/<dataset>/<file>, then PLACE/<file>",
    )
    _add_output(fetch, "the archive")
    fetch.add_argument(
        "--log",
        type=output_file,
        metavar="FILE",
        help="where to write the outcome, too, while progress stays on the terminal",
    )
    fetch.set_defaults(run=_fetch)

    prepare = commands.add_parser(
        "prepare", help="turn a dataset's archives into arrays that workers memory-map"
    )
    _add_spec(prepare, "the dataset's entry of config/datasets.yaml")
    _add_dataset(prepare)
    prepare.add_argument(
        "--archives",
        type=input_folder,
        metavar="FOLDER",
        help="where its archives are, if it has any",
    )
    prepare.add_argument(
        "--output",
        required=True,
        type=output_folder,
        metavar="FOLDER",
        help="where to write the arrays",
    )
    prepare.set_defaults(run=_prepare)

    train = commands.add_parser("train", help="train and test one run; write its record")
    _add_spec(train, "the run specification (docs/architecture.md)")
    _add_data(train)
    _add_output(train, "the run record")
    train.add_argument(
        "--backend",
        choices=["threading", "loky"],
        default="threading",
        help="joblib backend: threads on shared arrays, or processes (default: %(default)s); never changes the numbers",
    )
    train.add_argument(
        "--jobs",
        type=worker_count,
        default=1,
        metavar="N",
        help="workers at work at the same time (default: %(default)s); never changes the numbers, but a variant "
        "whose workers race always has all of them",
    )
    train.set_defaults(run=_train)

    time = commands.add_parser(
        "time", help="time one run with all its workers at once; write the record of a repeat"
    )
    _add_spec(time, "the timing specification without its repeats (docs/architecture.md)")
    _add_data(time)
    _add_output(time, "the repeat's record")
    time.set_defaults(run=_time)

    assemble = commands.add_parser(
        "assemble", help="make one timing record of the records of its repeats"
    )
    _add_spec(assemble, "the timing specification (docs/architecture.md)")
    assemble.add_argument(
        "--repeats",
        required=True,
        nargs="+",
        type=input_file,
        metavar="FILE",
        help="the repeats' records (pnncore time)",
    )
    _add_output(assemble, "the timing record")
    assemble.set_defaults(run=_assemble)

    calibrate = commands.add_parser(
        "calibrate", help="measure what the units of a variant's schedule cost on this host"
    )
    _add_spec(calibrate, "a timing specification whose workers are a list (docs/architecture.md)")
    _add_data(calibrate)
    _add_host(calibrate)
    _add_output(calibrate, "the calibration record")
    calibrate.set_defaults(run=_calibrate)

    calibrate_host = commands.add_parser(
        "calibrate-host", help="measure what meetings of threads cost on this host"
    )
    _add_output(calibrate_host, "the calibration record")
    calibrate_host.set_defaults(run=_calibrate_host)

    fit = commands.add_parser("fit", help="fit a paper's model to the speed-ups that it prints")
    _add_json(fit, "--model", "the model of the paper's configuration, and the paper's id")
    _add_json(fit, "--machines", "its machines by name: cores, threads per core and clock")
    _add_calibrations(fit)
    _add_output(fit, "the model record")
    fit.set_defaults(run=_fit)

    predict = commands.add_parser(
        "predict", help="compute how long a calibrated variant would take on a machine"
    )
    _add_json(predict, "--machine", "its name, cores, threads per core and clock")
    _add_calibrations(predict)
    predict.add_argument(
        "--model",
        type=input_file,
        nargs="?",
        metavar="FILE",
        help="the paper's fitted model, for its own program instead of ours",
    )
    _add_output(predict, "the record of the modelled timing")
    predict.set_defaults(run=_predict)

    examine = commands.add_parser(
        "examine", help="find the facts of a property; write their record"
    )
    examine.add_argument(
        "--property", required=True, metavar="NAME", help="which: see docs/properties.md"
    )
    _add_data(examine)
    _add_output(examine, "the record")
    examine.set_defaults(run=_examine)

    gallery = commands.add_parser(
        "gallery", help="pick a few images of each class of a dataset to look at"
    )
    _add_data(gallery)
    gallery.add_argument(
        "--names",
        nargs="*",
        type=word,
        default=[],
        metavar="NAME",
        help="what the classes are called, from 0 on (default: their numbers)",
    )
    _add_output(gallery, "the record of the images")
    gallery.set_defaults(run=_gallery)

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


def _add_json(parser: argparse.ArgumentParser, name: str, what: str) -> None:
    parser.add_argument(
        name,
        required=True,
        type=partial(json_object, name),
        metavar="JSON",
        help=f"{what}: JSON text, or the path of a file of it",
    )


def _add_calibrations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--calibration",
        required=True,
        type=input_file,
        metavar="FILE",
        help="calibration record of the variant (pnncore calibrate)",
    )
    _add_host(parser)


def _add_host(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        required=True,
        type=input_file,
        metavar="FILE",
        help="calibration record of the host (pnncore calibrate-host)",
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
        help=f"where to write {what}",
    )


def _fetch(options: argparse.Namespace) -> None:
    from pnncore.atomic import write_text
    from pnncore.fetch import fetch

    specification.check_archives("--spec", options.spec)
    outcome = ""
    try:
        place = fetch(options.dataset, options.spec, options.file, options.output, options.mirror)
        outcome = f"{options.output.name}: verified, from {place}"
        _progress(outcome)
    except PnncoreError as error:
        outcome = str(error)
        raise
    finally:
        if options.log:
            write_text(options.log, f"{outcome}\n")


def _prepare(options: argparse.Namespace) -> None:
    from pnncore.prepare import prepare

    specification.check_dataset("--spec", options.spec)
    if options.spec["format"] == "idx" and options.archives is None:
        raise PnncoreError(
            f"--archives: is missing; name the folder of the archives of {options.dataset} (pnncore fetch)"
        )
    prepare(options.dataset, options.spec, options.archives, options.output)


def _train(options: argparse.Namespace) -> None:
    from pnncore.checkpoint import Checkpoint
    from pnncore.datasets import load
    from pnncore.pool import pool
    from pnncore.run import train
    from pnncore.strategies.registry import named

    specification.check_run("--spec", options.spec)
    strategy = named(options.spec["strategy"])
    dataset = load(options.data)
    chosen = strategy.complete(options.spec["options"])
    jobs = options.spec["workers"] if strategy.races(chosen) else options.jobs
    with pool(options.backend, jobs) as workers:
        checkpoint = Checkpoint(_beside(options.output), options.spec, dataset)
        record = train(strategy, options.spec, dataset, workers, _progress, checkpoint)
    write_record(options.output, record)
    checkpoint.remove()


def _beside(record: Path) -> Path:
    """Name the file that keeps what an interrupted run goes on from."""
    return record.with_name(f".{record.name}.checkpoint")


def _time(options: argparse.Namespace) -> None:
    from pnncore.datasets import load
    from pnncore.pool import pool
    from pnncore.strategies.registry import named
    from pnncore.timing import measure

    specification.check_timing("--spec", options.spec)
    strategy = named(options.spec["strategy"])
    dataset = load(options.data)
    # All workers at once, as the papers had them, even when they outnumber the cores.
    with pool("threading", options.spec["workers"]) as workers:
        record = measure(strategy, options.spec, dataset, workers, _progress)
    write_record(options.output, record)


def _assemble(options: argparse.Namespace) -> None:
    from pnncore.repeats import assemble

    specification.check_assembly("--spec", options.spec)
    write_record(options.output, assemble(options.spec, options.repeats))


def _calibrate(options: argparse.Namespace) -> None:
    from pnncore.calibration import calibrate_variant
    from pnncore.datasets import load
    from pnncore.parameters import VERSION
    from pnncore.strategies.registry import named

    specification.check_calibration("--spec", options.spec)
    strategy = named(options.spec["strategy"])
    costs = read_record(options.host, "calibration", VERSION)["costs"]
    record = calibrate_variant(strategy, options.spec, load(options.data), costs, _progress)
    write_record(options.output, record)


def _calibrate_host(options: argparse.Namespace) -> None:
    from pnncore.calibration import calibrate_host

    write_record(options.output, calibrate_host(_progress))


def _fit(options: argparse.Namespace) -> None:
    from pnncore.fit import fit
    from pnncore.hardware import Machine
    from pnncore.model import Program

    specification.check_machines("--machines", options.machines)
    program = Program.of_paper(*_calibrations(options), options.model["merges"])
    machines = {name: Machine.from_json(each) for name, each in options.machines.items()}
    write_record(options.output, fit(options.model, program, machines))


def _predict(options: argparse.Namespace) -> None:
    from pnncore.hardware import Machine
    from pnncore.parameters import VERSION
    from pnncore.prediction import predict

    specification.check_machine("--machine", options.machine)
    fitted = None if options.model is None else read_record(options.model, "model", VERSION)
    record = predict(*_calibrations(options), Machine.from_json(options.machine), fitted)
    write_record(options.output, record)


def _calibrations(options: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    from pnncore.parameters import VERSION

    return (
        read_record(options.calibration, "calibration", VERSION),
        read_record(options.host, "calibration", VERSION),
    )


def _examine(options: argparse.Namespace) -> None:
    from pnncore.datasets import load
    from pnncore.properties.examination import examine
    from pnncore.properties.registry import named

    write_record(options.output, examine(named(options.property), load(options.data)))


def _gallery(options: argparse.Namespace) -> None:
    from pnncore.datasets import load
    from pnncore.gallery import gallery

    write_record(options.output, gallery(load(options.data), options.names))


def _host(options: argparse.Namespace) -> None:
    from pnncore.environment import environment
    from pnncore.pool import pool

    with pool("threading", 1) as workers:
        described = environment(workers.inner_threads())
    print(json.dumps(described, indent=2))


def _strategies(options: argparse.Namespace) -> None:
    from pnncore.strategies.registry import MODULES, named

    for name in MODULES:
        strategy = named(name)
        print(f"{name}: {strategy.summary}")
        for option, values in strategy.options.items():
            numbers = isinstance(values, range)
            choice = f"{values[0]} to {values[-1]}" if numbers else ", ".join(map(str, values))
            print(f"  {option}: {choice} (default: {values[0]})")


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
