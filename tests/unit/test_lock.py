"""One run at a time, and none that is dead."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from records.errors import InputError
from workflow.lock import hold

HOLD = """
import sys
from pathlib import Path
from workflow.lock import hold
hold(Path(sys.argv[1]))
print("held", flush=True)
input()
"""


def test_a_lock_is_held_as_long_as_the_process_lives(tmp_path: Path) -> None:
    path = tmp_path / "results" / ".lock"
    hold(path)
    with pytest.raises(InputError, match=rf"results.* {os.getpid()}\b"):
        hold(path)


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match=rf" {holder.pid}\b"):
            hold(path)
        holder.send_signal(signal.SIGKILL)
    hold(path)


def test_who_holds_it_need_not_be_known(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    hold(path)
    path.with_name(".lock-holder").unlink()
    with pytest.raises(InputError, match=str(tmp_path)):
        hold(path)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_disk_that_cannot_lock_is_said_and_no_reason_not_to_run(
    number: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    hold(tmp_path / ".lock")
    hold(tmp_path / ".lock")
    assert capsys.readouterr().err.count(str(tmp_path)) == 2


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("no folder")
    with pytest.raises(InputError, match=str(tmp_path / "results")):
        hold(tmp_path / "results" / ".lock")
