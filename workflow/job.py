"""A job's command, which ends with the run that started it, and is refused if its code was edited meanwhile.

``python -m workflow.job -m reports …`` runs ``python -m reports …``.

What a job depends on is recorded as of the start of its run. If the code were edited and put back while the run is at
work, the result of the edit would count as that of the code as it was.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from runpy import run_module
from typing import Final

from pnncore.orphan import end_with_parent
from workflow.sources import ROOT, changed, used

SOURCES: Final = "WORKFLOW_SOURCES"
"""Holds the state of the code when the run started, as JSON."""


def main() -> None:
    """Run the command that the arguments name, and end as it does."""
    end_with_parent()
    _, _, module, *arguments = sys.argv
    before = json.loads(os.environ[SOURCES])
    # Code is imported from now on; what is edited and put back within this moment goes unnoticed.
    edited = changed(before)
    sys.argv = [module, *arguments]
    try:
        run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            raise
    edited = used(module) & (edited | changed(before))
    if edited:
        name = Path(min(edited)).relative_to(ROOT)
        sys.exit(
            f"workflow: {name} was edited while this run was at work; start it again, and it goes on with the code "
            "as it is"
        )


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # where it comes before the command itself can take it
        sys.exit(128 + signal.SIGINT)
