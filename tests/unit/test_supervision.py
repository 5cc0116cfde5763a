"""Commands that are killed, and those whose parents end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from pnncore.supervision import GRACE, INTERVAL, VARIABLE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills as POSIX systems do")

PATIENCE = INTERVAL + GRACE + 20

SCRIPT = """
import os, signal, sys, time
from pathlib import Path
from records.errors import KilledWorkerError
from pnncore.supervision import begin, supervise

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def once(mark):
    if not mark.exists():
        mark.touch()
        die()

def command():
    {body}
    return 3

sys.exit(supervise(command))
"""

SLEEP = 'Path("pid").write_text(str(os.getpid())); time.sleep(300)'


def run(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    script = SCRIPT.format(body=body.replace("\n", "\n    "))
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_status_is_the_command_s(tmp_path: Path) -> None:
    assert run(tmp_path, "print('hello')").returncode == 3
    assert run(tmp_path, "raise ValueError").returncode == 1


def test_what_is_killed_once_is_begun_again(tmp_path: Path) -> None:
    done = run(tmp_path, "begin('training')\nonce(Path('mark'))\nprint('done')")
    assert (done.returncode, done.stdout) == (3, "done\n")
    (told,) = done.stderr.splitlines()
    assert told.startswith("training: ")
    assert "memory" in told


def test_what_is_killed_twice_is_told_and_other_work_goes_on(tmp_path: Path) -> None:
    body = """for work in ('good', 'bad', 'late'):
    try:
        begin(work)
        if work == 'bad': die()
        print(work)
    except KilledWorkerError as error:
        print(error)"""
    done = run(tmp_path, body)
    assert done.returncode == 3
    good, told, late = done.stdout.splitlines()[-3:]
    assert (good, late) == ("good", "late")
    assert "twice" in told
    assert "memory" in told


def test_a_command_that_never_begins_is_tried_twice(tmp_path: Path) -> None:
    done = run(tmp_path, "Path(str(os.getpid())).touch()\ndie()")
    assert done.returncode == 128 + signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_a_person_ends_is_not_begun_again(tmp_path: Path, number: int) -> None:
    body = f"Path(str(os.getpid())).touch()\nsignal.signal({number}, signal.SIG_DFL)\nos.kill(os.getpid(), {number})"
    assert run(tmp_path, body).returncode == 128 + number
    assert len(list(tmp_path.iterdir())) == 1


def test_a_crash_is_not_put_down_to_memory(tmp_path: Path) -> None:
    done = run(tmp_path, "begin('training')\nos.kill(os.getpid(), signal.SIGSEGV)")
    assert done.returncode == 1
    assert "memory" not in done.stderr
    assert f"signal {signal.SIGSEGV}" in done.stderr


def test_a_parent_that_has_ended_already_is_noticed(tmp_path: Path) -> None:
    script = SCRIPT.format(body=SLEEP)
    environment = {**os.environ, VARIABLE: "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, check=False, timeout=PATIENCE
    )
    assert done.returncode == 1


def wait_for(path: Path) -> str:
    while not (path.exists() and path.read_text()):
        time.sleep(0.02)
    return path.read_text()


@contextmanager
def supervised(folder: Path, parent: str = "") -> Iterator[tuple[psutil.Process, psutil.Process]]:
    """Start a command that sleeps; yield its supervisor and itself, and end both."""
    command = [sys.executable, "-c", SCRIPT.format(body=SLEEP)]
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    with subprocess.Popen(command, cwd=folder, env=environment) as process:
        own = psutil.Process(int(wait_for(folder / "pid")))
        try:
            yield psutil.Process(process.pid), own
        finally:
            process.kill()
            if own.is_running():
                own.kill()


def test_ending_the_supervisor_ends_the_command(tmp_path: Path) -> None:
    with supervised(tmp_path) as (supervisor, command):
        supervisor.terminate()
        gone, _ = psutil.wait_procs([supervisor], timeout=PATIENCE)
        assert gone == [supervisor]
        assert not command.is_running()


def test_killing_the_supervisor_ends_the_command(tmp_path: Path) -> None:
    with supervised(tmp_path) as (supervisor, command):
        supervisor.kill()
        gone, _ = psutil.wait_procs([command], timeout=PATIENCE)
        assert gone == [command]


PARENT = """
import os, subprocess, sys, time
from pathlib import Path
if {ends}:
    os.environ[{variable!r}] = str(os.getpid())
subprocess.Popen([sys.executable, "-c", {script!r}])
while not Path("pid").exists():
    time.sleep(0.02)
"""


def orphaned(folder: Path, ends: bool) -> list[psutil.Process]:
    """Start a command from a process that has ended; return the command and its supervisor."""
    folder.mkdir()
    script = PARENT.format(script=SCRIPT.format(body=SLEEP), ends=ends, variable=VARIABLE)
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    subprocess.run([sys.executable, "-c", script], cwd=folder, env=environment, check=True)
    own = psutil.Process(int(wait_for(folder / "pid")))
    return [own, own.parent()]


def test_a_command_ends_with_what_started_it_where_it_shall(tmp_path: Path) -> None:
    stay = orphaned(tmp_path / "stay", ends=False)
    try:
        end = orphaned(tmp_path / "end", ends=True)
        _, left = psutil.wait_procs(end, timeout=PATIENCE)
        assert left == []
        assert all(process.is_running() for process in stay)
    finally:
        for process in stay:
            process.kill()
