"""Processes that end with the one that started them, where they shall."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from pnncore.orphan import GRACE, INTERVAL, VARIABLE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends as POSIX systems do")

ORPHAN = """
import os, time
from pathlib import Path
from pnncore.orphan import end_with_parent
end_with_parent()
Path({mark!r}).touch()
time.sleep(120)
"""
PARENT = """
import subprocess, sys, time
from pathlib import Path
orphan = subprocess.Popen([sys.executable, "-c", {orphan!r}])
while not Path({mark!r}).exists():
    time.sleep(0.02)
print(orphan.pid)
"""


def orphaned(mark: Path, environment: dict[str, str]) -> psutil.Process:
    """Return a process whose parent has ended."""
    orphan = ORPHAN.format(mark=str(mark))
    command = [sys.executable, "-c", PARENT.format(orphan=orphan, mark=str(mark))]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        return psutil.Process(int(parent.stdout.readline()))


def test_a_process_ends_with_its_parent_where_it_shall(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != VARIABLE}
    stays = orphaned(tmp_path / "stays", environment)
    try:
        ends = orphaned(tmp_path / "ends", {**environment, VARIABLE: "yes"})
        gone, _ = psutil.wait_procs([ends], timeout=INTERVAL + GRACE + 20)
        assert gone == [ends]
        assert stays.is_running()
    finally:
        stays.kill()
