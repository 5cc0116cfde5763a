"""Work in a process of its own, which the system may kill."""

import os
from pathlib import Path

import psutil
import pytest
from dying import count, die_if, die_once, fault, mistake

from pnncore.errors import KilledWorkerError, PnncoreError
from pnncore.trial import Trial

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills as POSIX systems do")


def test_the_process_stays_warm_and_ends_with_the_context() -> None:
    with Trial() as trial:
        process, first = trial.run(count)
        assert trial.run(count) == (process, first + 1)
        assert process != os.getpid()
    assert not psutil.pid_exists(process)


def test_mistakes_come_back_and_the_process_goes_on(capfd: pytest.CaptureFixture[str]) -> None:
    with Trial() as trial:
        with pytest.raises(PnncoreError, match=r"^network: is too small; make it larger$"):
            trial.run(mistake)
        with pytest.raises(PnncoreError, match=r"^ValueError: no such thing$"):
            trial.run(fault)
        assert trial.run(count)[1] == 1
    told = capfd.readouterr().err
    assert told.count("Traceback") == 1


def test_what_is_killed_once_is_done_at_the_second_try(tmp_path: Path) -> None:
    with Trial() as trial:
        assert trial.run(die_once, tmp_path / "mark") == "lived"


def test_what_is_killed_twice_is_told_and_other_work_goes_on() -> None:
    with Trial() as trial:
        with pytest.raises(KilledWorkerError, match="killed twice"):
            trial.run(die_if, True)
        assert trial.run(die_if, False) is False
