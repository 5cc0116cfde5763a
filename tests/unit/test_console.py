"""Standard output that takes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from records import console

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "strategies": ["-m", "pnncore", "strategies"],
    "host": ["-m", "pnncore", "host"],
    "help": ["-m", "pnncore", "--help"],
    "workflow": ["-m", "workflow", "why"],
    "reports": ["-m", "reports", "--help"],
}


def run(command: list[str], output: int) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *command],
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_reader_that_has_left_ends_the_command_without_a_word(command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert run(command, writing) == (141, "")
    finally:
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_output_that_cannot_be_written_is_told_in_a_line(command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        status, told = run(command, full.fileno())
    program = command[1]
    assert status == 1
    assert told.startswith(f"{program}: ")
    assert told.endswith("No space left on device\n")
    assert told.count("\n") == 1


def test_output_that_is_closed_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit, match="1"), console.standard_output("program"):
        print("something")
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("program: ")
