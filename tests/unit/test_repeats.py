"""Repeats of a timing become one record, or a sentence says why not."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pnncore.cli import main
from pnncore.errors import PnncoreError
from pnncore.records import write_record
from pnncore.repeats import assemble, overall

SPEC = {"paper": "tiny", "workers": 4, "hardware": "host", "cores": None}


def repeat(seconds: float, mark: str = "oversubscribed", **more: Any) -> dict[str, Any]:
    return {
        "record": "repeat",
        "version": 4,
        "status": "completed",
        "spec": SPEC,
        "cores": 2,
        "hardware_threads": 2,
        "jobs": 4,
        "backend": "threading",
        "repeat": {"seconds": seconds, "mark": mark},
        "environment": {"fingerprint": "9f2c"},
        **more,
    }


def write(folder: Path, *repeats: dict[str, Any]) -> list[Path]:
    paths = [folder / f"repeat{number + 1}.json" for number in range(len(repeats))]
    for path, content in zip(paths, repeats, strict=True):
        write_record(path, content)
    return paths


def test_repeats_become_a_timing(tmp_path: Path) -> None:
    paths = write(tmp_path, repeat(3.0), repeat(1.0), repeat(2.0, "noisy"))
    timing = assemble({**SPEC, "repeats": 3}, paths)
    assert timing == {
        "record": "timing",
        "version": 4,
        "status": "completed",
        "spec": {**SPEC, "repeats": 3},
        "hardware": "host",
        "source": "measured",
        "cores": 2,
        "hardware_threads": 2,
        "jobs": 4,
        "backend": "threading",
        "environment": {"fingerprint": "9f2c"},
        "mark": "oversubscribed",
        "repeats": [
            {"seconds": 3.0, "mark": "oversubscribed"},
            {"seconds": 1.0, "mark": "oversubscribed"},
            {"seconds": 2.0, "mark": "noisy"},
        ],
        "seconds": {"median": 2.0, "min": 1.0, "max": 3.0},
    }


def test_a_timing_with_a_diverged_repeat_diverged(tmp_path: Path) -> None:
    paths = write(tmp_path, repeat(1.0), repeat(2.0, status="diverged"))
    assert assemble({**SPEC, "repeats": 2}, paths)["status"] == "diverged"


@pytest.mark.parametrize(
    ("marks", "mark"),
    [
        (["clean"], "clean"),
        (["noisy"], "noisy"),
        (["noisy", "clean", "clean"], "clean"),
        (["noisy", "clean"], "clean"),
        (["noisy", "oversubscribed", "noisy"], "noisy"),
        (["noisy", "oversubscribed", "oversubscribed"], "oversubscribed"),
    ],
)
def test_a_timing_is_noisy_if_most_of_its_repeats_are(marks: list[str], mark: str) -> None:
    assert overall(marks) == mark


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda r: r.update(spec={**SPEC, "workers": 2}),
            "repeat2.json: spec: is of another timing; delete the file and run again",
        ),
        (
            lambda r: r.update(environment={"fingerprint": "0000"}),
            "repeat2.json: environment: is not that of ",
        ),
        (lambda r: r.update(cores=1), "repeat2.json: cores: is not that of "),
        (lambda r: r.update(version=2), "repeat2.json: version: is 2, must be 4"),
        (lambda r: r.update(record="timing"), "repeat2.json: is no repeat record"),
        (lambda r: r.pop("repeat"), "repeat2.json: the key 'repeat' is missing"),
        (lambda r: r["repeat"].pop("mark"), "repeat2.json: the key 'mark' is missing"),
    ],
)
def test_repeats_that_do_not_belong_together_are_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    other = repeat(2.0)
    change(other)
    with pytest.raises(PnncoreError) as error:
        assemble({**SPEC, "repeats": 2}, write(tmp_path, repeat(1.0), other))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_copied_repeat_is_refused(tmp_path: Path) -> None:
    one, two, three = write(tmp_path, repeat(3.0), repeat(1.0), repeat(1.0))
    with pytest.raises(PnncoreError) as error:
        assemble({**SPEC, "repeats": 3}, [one, two, three])
    assert str(error.value) == (
        f"{three}: repeat: is that of {two}, copied; delete the file and run again"
    )


def test_a_missing_repeat_is_told(tmp_path: Path) -> None:
    with pytest.raises(PnncoreError, match=r"--repeats: 1 are given; spec.repeats says 2"):
        assemble({**SPEC, "repeats": 2}, write(tmp_path, repeat(1.0)))


def test_the_command_writes_the_record(tmp_path: Path) -> None:
    paths = [str(path) for path in write(tmp_path, repeat(3.0), repeat(1.0))]
    output = tmp_path / "host.json"
    given = ["--spec", json.dumps({**SPEC, "repeats": 2}), "--repeats", *paths]
    assert main(["assemble", *given, "--output", str(output)]) == 0
    assert json.loads(output.read_text())["seconds"]["median"] == 2.0


def test_assembling_imports_nothing_heavy() -> None:
    """Hundreds of timings are assembled."""
    code = """
import sys
import pnncore.cli, pnncore.repeats
print(sorted({"numpy", "numba", "joblib", "psutil"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
