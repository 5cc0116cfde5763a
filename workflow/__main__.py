"""``python -m workflow``: check configuration files, or resolve a paper or a comparison for an edition."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pnncore.atomic import write_text
from pnncore.console import standard_output
from pnncore.errors import PnncoreError
from workflow.configuration import load_edition, load_manifest, load_study, unjudged
from workflow.digest import digest_study
from workflow.documents import read_yaml


def main() -> int:
    """Run the command; return 0, or 1 after an error told in one sentence."""
    with standard_output("workflow"):
        return _run()


def _run() -> int:
    parser = argparse.ArgumentParser(prog="python -m workflow", description=__doc__)
    parser.add_argument(
        "study",
        type=Path,
        nargs="?",
        help="config/papers/<paper>.yaml or config/comparisons/<comparison>.yaml (default: check the edition alone)",
    )
    parser.add_argument(
        "--edition",
        default="config/config.yaml",
        metavar="EDITION",
        help="the edition to resolve it for: a file, or its content as JSON (default: %(default)s)",
    )
    parser.add_argument(
        "--datasets",
        type=Path,
        default=Path("config/datasets.yaml"),
        metavar="FILE",
        help="the manifest of datasets (default: %(default)s)",
    )
    parser.add_argument(
        "--unjudged",
        action="store_true",
        help="leave out claims and findings, which what is drawn does not depend on",
    )
    parser.add_argument(
        "--expect",
        metavar="FINGERPRINTS",
        help="what workflow.digest.digest_study must say of it: else it was edited since",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it (default: standard output)"
    )
    options = parser.parse_args()
    try:
        manifest = load_manifest(options.datasets)
        given = options.edition.startswith("{")
        content = _parse(options.edition) if given else read_yaml(Path(options.edition))
        edition = load_edition(content, "--edition" if given else options.edition, manifest)
        if options.study is None:
            return 0
        study = load_study(options.study, edition)
        content = unjudged(study) if options.unjudged else study
        if options.expect and _own(digest_study(content)) != _own(options.expect):
            raise PnncoreError(
                f"{options.study} was edited while this run was at work; start it again, and it takes the file as it is"
            )
        resolved = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        if options.output:
            write_text(options.output, resolved)
        else:
            print(resolved, end="")
    except PnncoreError as error:
        print(f"workflow: {error}", file=sys.stderr)
        return 1
    return 0


def _own(fingerprints: str) -> dict[str, str]:
    """Leave out what comes from the edition, which is given and not read."""
    try:
        parts: dict[str, str] = json.loads(fingerprints)["configuration"]
    except (ValueError, LookupError, TypeError) as error:
        raise PnncoreError("--expect: must be what workflow.digest.digest_study returns") from error
    return {part: value for part, value in parts.items() if not part.startswith("edition.")}


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise PnncoreError(f"--edition: not valid JSON: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
