"""Compiled code is kept on disk, but not longer than the sources that it was made from."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pnncore.kernels import compiled

CALLED = "from package.kernels.compiled import exact\n\n\n@exact\ndef called():\n    return {}\n"
CALLER = """
from package.kernels.compiled import exact
from package.kernels.called import called


@exact
def caller():
    return called()
"""
SHOW = "from package.strategies.caller import caller; print(caller(), *caller.stats.cache_hits.values())"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("place", [None, "cache"], ids=["beside the sources", "elsewhere"])
def test_a_change_is_noticed_by_its_callers_in_other_folders(
    tmp_path: Path, place: str | None
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    if place:
        environment["NUMBA_CACHE_DIR"] = str(tmp_path / place)
    kernels = tmp_path / "package" / "kernels"
    write(tmp_path / "package" / "strategies" / "caller.py", CALLER)
    write(kernels / "called.py", CALLED.format(1))
    shutil.copy(compiled.__file__, kernels / "compiled.py")

    def show() -> str:
        command = [sys.executable, "-c", SHOW]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        ).stdout

    assert show() == "1\n"
    assert show() == "1 1\n"  # loaded, not compiled again
    # Longer: Python tells sources apart by the second and the length.
    write(kernels / "called.py", CALLED.format(10))
    assert show() == "10\n"
