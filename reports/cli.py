"""Command line: from records to tables, and from tables to verdicts and pages.

A command imports its module when it runs, so that it loads pandas or Altair only if it needs them. This module only
passes arguments on: it is in no rule's digest of code.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from records.console import standard_output
from records.errors import InputError
from reports.arguments import add_list, add_paper, json_object


@dataclass(frozen=True)
class Command:
    """A command: its summary, its arguments and the function that runs it."""

    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int | None]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv
        The arguments; those of the process if None.

    Returns
    -------
    int
        0 on success, or what the command says; 1 after an input error, which is printed to standard error; the status
        of a command ended by a signal if it was interrupted or its output was closed.
    """
    with standard_output("reports"):
        return _run(sys.argv[1:] if argv is None else list(argv))


def _run(given: Sequence[str]) -> int:
    arguments = _parser(given).parse_args(given)
    try:
        return COMMANDS[arguments.command].run(arguments) or 0
    except InputError as error:
        print(f"reports: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        # Writing to an open file on a full disk raises an error without a file name.
        where = f"{error.filename}: " if error.filename else ""
        print(
            f"reports: {where}{error.strerror or error}; check permissions and free space",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reports",
        description="Turn run records into tidy tables, verdicts and pages.",
    )
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, command in COMMANDS.items():
        subparser = commands.add_parser(name, help=command.summary, description=command.summary)
        if name in given[:1]:
            command.add_arguments(subparser)
    return parser


def _tabulate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind",
        choices=("epochs", "timings"),
        help="table to write: epochs of runs, or timings, measured and modelled",
    )
    parser.add_argument("--edition", required=True, help="name of the records' edition")
    add_list(parser)
    _add_output(parser)


def _tabulate(arguments: argparse.Namespace) -> None:
    from reports.tables.tidy import write_records

    write_records(arguments.kind, arguments.records, arguments.edition, arguments.output)


def _exhibits_arguments(parser: argparse.ArgumentParser) -> None:
    _add_paper_and_tables(parser)
    parser.add_argument(
        "--machines",
        type=json_object,
        default={},
        metavar="JSON",
        help="titles of the machines by name (JSON text)",
    )
    add_list(parser)
    _add_output(parser)


def _exhibits(arguments: argparse.Namespace) -> None:
    from reports.exhibits.points import write_exhibits

    write_exhibits(
        arguments.paper,
        arguments.epochs,
        arguments.timings,
        arguments.authors,
        arguments.machines,
        arguments.records,
        arguments.output,
    )


def _judge_arguments(parser: argparse.ArgumentParser) -> None:
    _add_paper_and_tables(parser)
    parser.add_argument(
        "--model-error",
        required=True,
        type=Path,
        metavar="TABLE",
        help="model_error.csv of the paper",
    )
    add_list(parser)
    _add_folder(parser)


def _judge(arguments: argparse.Namespace) -> None:
    from reports.verdicts.findings import write_judgements

    write_judgements(
        arguments.paper,
        arguments.epochs,
        arguments.timings,
        arguments.authors,
        arguments.model_error,
        arguments.records,
        arguments.output,
    )


def _models_arguments(parser: argparse.ArgumentParser) -> None:
    add_paper(parser)
    _add_timings(parser)
    add_list(parser)
    _add_folder(parser)


def _models(arguments: argparse.Namespace) -> None:
    from reports.tables.scaling import write_models

    write_models(
        arguments.paper,
        arguments.timings,
        arguments.records,
        arguments.output,
    )


def _join_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "tables", nargs="+", type=Path, metavar="TABLE", help="tables of one kind (CSV)"
    )
    _add_output(parser)


def _join(arguments: argparse.Namespace) -> None:
    from reports.tables.joined import join_tables

    join_tables(arguments.tables, arguments.output)


def _command_of(module: str, summary: str) -> Command:
    """Return the command of a module that defines ``add_arguments`` and ``run``."""

    def add_arguments(parser: argparse.ArgumentParser) -> None:
        import_module(module).add_arguments(parser)

    def run(arguments: argparse.Namespace) -> int | None:
        status: int | None = import_module(module).run(arguments)
        return status

    return Command(summary, add_arguments, run)


def _add_paper_and_tables(parser: argparse.ArgumentParser) -> None:
    add_paper(parser)
    parser.add_argument(
        "--epochs", required=True, type=Path, metavar="TABLE", help="epochs.csv of the paper"
    )
    _add_timings(parser)
    parser.add_argument(
        "--authors", required=True, type=Path, metavar="TABLE", help="authors.csv of the paper"
    )


def _add_timings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timings", required=True, type=Path, metavar="TABLE", help="timings.csv of the paper"
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", required=True, type=Path, metavar="TABLE", help="table to write (CSV)"
    )


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FOLDER", help="folder to write the tables to"
    )


COMMANDS: dict[str, Command] = {
    "tabulate": Command("Tabulate runs or timings.", _tabulate_arguments, _tabulate),
    "authors": _command_of(
        "reports.tables.authors", "Tabulate what the authors of a paper measured themselves."
    ),
    "models": Command(
        "Tabulate the parameters and errors of a paper's models, and the scaling of its timings.",
        _models_arguments,
        _models,
    ),
    "exhibits": Command(
        "Tabulate the points of a paper's exhibits.", _exhibits_arguments, _exhibits
    ),
    "judge": Command(
        "Judge a paper's claims and findings.",
        _judge_arguments,
        _judge,
    ),
    "join": Command("Join the tables of several papers.", _join_arguments, _join),
    "provenance": _command_of(
        "reports.pages.provenance",
        "Record an edition's configuration, data, machines and software.",
    ),
    "charts": _command_of(
        "reports.exhibits.chart_files",
        "Write the charts of a paper's exhibits as SVG and Vega-Lite files.",
    ),
    "publish": _command_of("reports.pages.site", "Write the site."),
    "bundle": _command_of(
        "reports.bundle.archive", "Pack the sources of the site into one file, with checksums."
    ),
    "site": _command_of("reports.bundle.rebuild", "Write the site of a bundle."),
    "compare": _command_of(
        "reports.bundle.changes", "Compare the verdicts and numbers of two bundles."
    ),
}
"""Every command by its name."""
