"""The command line of ``pnncore``, called by the pipeline's rules and by users."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from pnncore import commands
from pnncore.arguments import (
    input_folder,
    json_object,
    output_file,
    output_folder,
    word,
    worker_count,
)
from pnncore.commands import ARCHIVES
from records.console import standard_output
from records.errors import InputError


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
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    prepare = subparsers.add_parser(
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
    prepare.set_defaults(run=commands.prepare)

    gather = subparsers.add_parser(
        "gather",
        help="fetch the files that a paper's authors published, compare their summary with them, and tabulate them",
    )
    _add_spec(gather, "the paper's entry of config/authors.yaml")
    gather.add_argument("--paper", required=True, type=word, metavar="NAME", help="id of the paper")
    _add_mirror(gather)
    gather.add_argument(
        "--output",
        required=True,
        type=output_file,
        metavar="FILE",
        help="table to write (CSV); missing files are fetched to a folder beside it, named after the paper",
    )
    gather.add_argument(
        "--absent",
        type=output_file,
        metavar="FILE",
        help="if no mirror has a file: no error, but a table without lines, and here a sentence that says so; "
        "otherwise this file is empty",
    )
    gather.add_argument(
        "--keep-going",
        action="store_true",
        help="exit with status 0 even if a file could not be had or is wrong; the table then has no lines",
    )
    gather.set_defaults(run=commands.gather)

    compiling = subparsers.add_parser(
        "compile",
        help="compile the loops of strategies for this machine, which else happens at their first use",
    )
    compiling.add_argument("strategies", nargs="+", type=word, metavar="STRATEGY", help="its name")
    compiling.add_argument(
        "--loops",
        default="usual",
        choices=("usual", "repeats", "optimised", "team"),
        help="those of the usual training, of several updates in a row on each sample (training.repeats), of an "
        "optimiser (training.optimiser), or of child networks that are merged within epochs (options.every.updates of "
        "spmd)",
    )
    compiling.add_argument(
        "--output",
        required=True,
        type=output_file,
        metavar="FILE",
        help="file for the list of what is compiled",
    )
    compiling.set_defaults(run=commands.compile_loops)

    train = subparsers.add_parser("train", help="train and test the runs of variants")
    _add_specs(train, "the specification of the runs (docs/architecture.md)")
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
    _add_collection(train, commands.train)

    time = subparsers.add_parser(
        "time", help="time variants once, with all workers of each at the same time"
    )
    _add_specs(time, "the specification of the repeats (docs/architecture.md)")
    _add_data(time)
    _add_collection(time, commands.time)

    calibrate = subparsers.add_parser(
        "calibrate", help="measure on this host, once, what the work of variants takes"
    )
    _add_specs(calibrate, "the specification of the calibration (docs/architecture.md)")
    _add_data(calibrate)
    _add_collection(calibrate, commands.calibrate)

    calibrate_host = subparsers.add_parser(
        "calibrate-host", help="measure the costs of barriers and dispatch on this host, once"
    )
    _add_specs(calibrate_host, "the number of the repeat (docs/architecture.md)")
    _add_collection(calibrate_host, commands.calibrate_host)

    fit = subparsers.add_parser("fit", help="fit a paper's model to its published speed-ups")
    _add_specs(fit, "the model of the paper's configuration, with its machines and calibrations")
    _add_collection(fit, commands.fit)

    predict = subparsers.add_parser(
        "predict", help="predict the times of calibrated variants on machines"
    )
    _add_specs(predict, "calibrations, machines and the paper's model (docs/architecture.md)")
    _add_collection(predict, commands.predict)

    examine = subparsers.add_parser("examine", help="examine a property")
    _add_specs(examine, "the property's name and its dataset (docs/architecture.md)")
    _add_data(examine)
    _add_collection(examine, commands.examine)

    gallery = subparsers.add_parser(
        "gallery", help="pick example images of each class of a dataset"
    )
    _add_specs(gallery, "the dataset and the names of its classes (docs/architecture.md)")
    _add_data(gallery)
    _add_collection(gallery, commands.gallery)

    host = subparsers.add_parser("host", help="describe this machine and the software as JSON")
    host.set_defaults(run=commands.host)

    listing = subparsers.add_parser("strategies", help="list the strategies and their options")
    listing.set_defaults(run=commands.strategies)
    return parser


def _add_spec(parser: argparse.ArgumentParser, what: str) -> None:
    _add_json(parser, "--spec", what)


def _add_specs(parser: argparse.ArgumentParser, what: str) -> None:
    _add_json(parser, "--spec", f"{what}, or several of them", nargs="+")


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


def _add_json(
    parser: argparse.ArgumentParser, name: str, what: str, nargs: str | None = None
) -> None:
    parser.add_argument(
        name,
        required=True,
        nargs=nargs,
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


def _add_collection(
    parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], None]
) -> None:
    """Add the options of commands that write a collection for each specification."""
    parser.add_argument(
        "--output",
        required=True,
        nargs="+",
        type=output_file,
        metavar="FILE",
        help="file for the collection of records, one for each specification, in the same order",
    )
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
