"""One run at a time, and none that is dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pnncore.errors import PnncoreError
from workflow.lock import hold

HOLD = """
import sys
from pathlib import Path
from workflow.lock import hold
kept = hold(Path(sys.argv[1]))
print("held", flush=True)
input()
"""


def test_a_lock_is_held_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "results" / ".lock"
    with (
        hold(path),
        pytest.raises(PnncoreError, match=rf"results: process {os.getpid()}, since .* at work"),
    ):
        hold(path)
    hold(path).close()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(PnncoreError, match=f"process {holder.pid}"):
            hold(path)
        holder.send_signal(signal.SIGKILL)
    hold(path).close()


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("no folder")
    with pytest.raises(PnncoreError, match="cannot be written"):
        hold(tmp_path / "results" / ".lock")
