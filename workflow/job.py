"""A job's command, which ends with the run that started it, and is refused if the code was edited since.

``python -m workflow.job -m reports …`` runs ``python -m reports …``.
"""

from __future__ import annotations

import os
import signal
import sys
from runpy import run_module
from typing import Final

from pnncore.errors import PnncoreError
from pnncore.orphan import end_with_parent
from workflow.sources import check_unchanged

SOURCES: Final = "WORKFLOW_SOURCES"
"""Holds the state of the code when the run started."""


def main() -> None:
    """Run the command that the arguments name, and end as it does."""
    end_with_parent()
    _, _, module, *arguments = sys.argv
    package = module.partition(".")[0]
    check_unchanged(package, os.environ[SOURCES])
    sys.argv = [module, *arguments]
    try:
        run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            raise
    # Some modules are imported late.
    check_unchanged(package, os.environ[SOURCES])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # where it comes before the command itself can take it
        sys.exit(128 + signal.SIGINT)
    except PnncoreError as error:
        sys.exit(f"workflow: {error}")
