"""``python -m workflow``: what can be said and done about an edition without running it."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pnncore.timing.hardware import host
from records.atomic import write_text
from records.console import standard_output
from records.errors import InputError, nearest
from workflow.documents import read_yaml
from workflow.editions import DEFAULT

if TYPE_CHECKING:
    from workflow.edition import Edition
    from workflow.sweep import Finding


def main() -> int:
    """Run the command; return 0, or 1 after an error told in one sentence."""
    with standard_output("workflow"):
        return _run()


def _run() -> int:
    options = _parser().parse_args()
    try:
        options.run(options)
    except InputError as error:
        print(f"workflow: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workflow", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace], None], what: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=what, description=what)
        command.add_argument(
            "--edition",
            default=str(DEFAULT),
            metavar="EDITION",
            help="the edition: a file, or its content as JSON (default: %(default)s)",
        )
        command.set_defaults(run=run)
        return command

    add("check", _check, "Check the configuration of an edition and of all that it names.")
    plan = add("plan", _plan, "Say what an edition will run, and about how long it takes here.")
    plan.add_argument(
        "--cores",
        type=_count,
        default=host().cores,
        metavar="N",
        help="cores that the pipeline may use (default: all, %(default)s)",
    )
    add("why", _why, "Say what would be made again, and why.")
    add(
        "sweep",
        _sweep,
        "Remove what failed, was damaged or was timed on another machine, to be made again.",
    )
    gc = add(
        "gc",
        _gc,
        "Remove results and records that the configuration and the code of now do not use.",
    )
    gc.add_argument(
        "--dry-run", action="store_true", help="say what would be removed, and remove nothing"
    )
    commands.add_parser(
        "reference",
        help="Write the JSON Schemas and the tables of config/README.md, which are made of the types of the keys.",
    ).set_defaults(run=_reference)
    register = commands.add_parser(
        "register",
        help="Enter claims, findings and primary readings that are new or changed into a study's registration.",
    )
    register.add_argument("study", help="the paper's or comparison's id")
    register.add_argument(
        "--reason", required=True, metavar="SENTENCE", help="why they were written or changed"
    )
    register.set_defaults(run=_register)
    choose = add(
        "choose",
        _choose,
        "Keep the best combinations of each grid of an experiment, in config/chosen.yaml.",
    )
    choose.add_argument("study", help="the search's id")
    choose.add_argument("experiment", help="its experiment, whose runs are there")
    choose.add_argument(
        "--keep", type=_count, default=1, metavar="N", help="how many of each (default: 1)"
    )
    resolve = add(
        "resolve",
        _resolve,
        "Write a document of a study: its configuration, or its list of records.",
    )
    resolve.add_argument("study", help="the paper's or comparison's id")
    _add_output(resolve, "the document; its name says which")
    add(
        "made",
        _made,
        "Fail if something that a target needs could not be made, and remove that, to be tried again.",
    ).add_argument("target", help="`prepared`, or the paper's or comparison's id")
    complete = add(
        "complete",
        _complete,
        "Fail if something could not be made, and remove that, to be tried again.",
    )
    complete.add_argument(
        "--provenance",
        required=True,
        type=Path,
        metavar="FILE",
        help="provenance.json of the edition",
    )
    _add_output(complete, "a file that says that all is there")
    return parser


def _add_output(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FILE", help=f"where to write {what}"
    )


def _count(text: str) -> int:
    """Read how many cores there are."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def _load(options: argparse.Namespace, only: str | None = None) -> Edition:
    # Imported late, so that help is there at once.
    from workflow.edition import load

    given = options.edition.startswith("{")
    content = _parse(options.edition) if given else read_yaml(Path(options.edition))
    return load(content, "--edition" if given else options.edition, Path(), only)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"--edition: not valid JSON: {error}") from error


def _check(options: argparse.Namespace) -> None:
    _load(options)


def _register(options: argparse.Namespace) -> None:
    from workflow.configuration import find_study
    from workflow.registration import FOLDER, register

    content = read_yaml(find_study(options.study, DEFAULT.parent))
    now = datetime.now(UTC).replace(microsecond=0)
    changed = register(DEFAULT.parent / FOLDER, options.study, content, options.reason, now)
    print(f"Registered: {', '.join(changed)}." if changed else "Nothing is new or changed.")


def _choose(options: argparse.Namespace) -> None:
    from workflow.configuration import find_study
    from workflow.search import choose, load_chosen, write_chosen

    edition, folder = _load(options, options.study), DEFAULT.parent
    experiments = edition.studies[options.study].experiments
    if options.experiment not in experiments:
        raise InputError(
            f"{options.study}: nothing is run of {options.experiment!r}; "
            f"{nearest(options.experiment, experiments)}"
        )
    missing = [path for path in edition.plan.documents if not Path(path).exists()]
    if missing:
        raise InputError(
            f"{missing[0]}: not there, so that tables are of another configuration; run the search first"
        )
    written = read_yaml(find_study(options.study, folder))["experiments"][options.experiment]
    outcomes = choose(
        written["variants"],
        experiments[options.experiment].variants,
        Path("results", edition.plan.edition, "tables", options.study, "epochs.csv"),
        options.experiment,
        options.keep,
    )
    chosen = load_chosen(folder)
    of_study = chosen.get(options.study, {}) | {options.experiment: outcomes}
    write_chosen(folder, chosen | {options.study: of_study})
    for name, outcome in outcomes.items():
        first = outcome.kept[0]
        print(f"{name}: {first.variant} of {outcome.tried}, {100 * first.accuracy:.2f} %")


def _plan(options: argparse.Namespace) -> None:
    from workflow.estimate import estimate, table

    edition = _load(options)
    works = estimate(edition, Path())
    print("\n".join(table(works, edition.settings.title, options.cores)))


def _why(options: argparse.Namespace) -> None:
    from workflow.why import explain

    print("\n".join(explain(_load(options).plan, Path())))


def _sweep(options: argparse.Namespace) -> None:
    from workflow.lock import hold
    from workflow.sweep import remove, spoilt

    plan = _load(options).plan
    hold(Path("results", plan.edition, ".lock"))
    remove(spoilt(plan), say=lambda finding: print(f"Made again: {finding}"))


def _gc(options: argparse.Namespace) -> None:
    from workflow.lock import hold
    from workflow.sweep import STORE, remove, unreferenced

    plan = _load(options).plan
    # All editions keep their records in one store.
    for folder in {Path("results", plan.edition), *Path("results").glob("*/")} - {STORE}:
        hold(folder / ".lock")
    remove(
        list(unreferenced(plan)),
        say=print,
        really=not options.dry_run,
    )


def _reference(options: argparse.Namespace) -> None:
    from workflow.reference import write_reference

    write_reference(Path())


def _resolve(options: argparse.Namespace) -> None:
    documents = _load(options, options.study).plan.documents
    if str(options.output) not in documents:
        raise InputError(
            f"{options.study}: was edited while the run was at work; start it again, and it takes the files as they are"
        )
    # Those of other configurations go: that one is there says that tables were made of it last.
    stem = options.output.stem[:-12]
    for other in options.output.parent.glob(f"{stem}{'[0-9a-f]' * 12}.json"):
        other.unlink()
    content = documents[str(options.output)].content
    write_text(options.output, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _made(options: argparse.Namespace) -> None:
    from workflow.sweep import spoilt, unprepared

    if options.target == "prepared":
        findings = [*unprepared(_load(options).plan)]
    else:
        findings = [*spoilt(_load(options, options.target).plan)]
    _fail_of(findings, {})


def _complete(options: argparse.Namespace) -> None:
    from workflow.complete import read_missing
    from workflow.sweep import concerned, spoilt

    plan = _load(options).plan
    missing = read_missing(options.provenance)
    _fail_of([*spoilt(plan), *concerned(plan, missing)], missing)
    write_text(options.output, "Nothing is missing.\n")


def _fail_of(findings: list[Finding], missing: Mapping[str, str]) -> None:
    """Remove what was found and fail with its reasons, or those of what a report lacks, if there is any."""
    from workflow.complete import tell
    from workflow.sweep import remove

    if findings or missing:
        remove(findings)
        print(tell(missing or {str(each.path): each.why for each in findings}), file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
