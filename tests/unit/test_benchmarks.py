"""Benchmarks: every part runs, each result is kept as soon as it is there, and a failure stops nothing else."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import c_programs, data, plain
from benchmarks.comparison import INITIALISATION
from benchmarks.facts import Fact
from benchmarks.results import Results
from benchmarks.size import Size
from pnncore.kernels.listed import list_pixels
from pnncore.network.network import Network
from pnncore.network.sgd import train_epoch

ROOT = Path(__file__).parents[2]


def rows(path: Path) -> list[tuple[str, str, float]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [(row["part"], row["case"], float(row["value"])) for row in csv.DictReader(file)]


def test_every_part_runs(tmp_path: Path) -> None:
    output = tmp_path / "results.csv"
    size = ["--samples", "200", "--repeats", "1", "--output", str(output)]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", *size], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert {part for part, _, _ in rows(output)} == command.PARTS.keys()
    assert "say nothing" in ran.stdout


def test_a_part_replaces_its_own_results_alone(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    first = Results(path)
    first.add("online", Fact("online", "seconds", "ours", 1.0))
    first.add("layers", Fact("layers", "seconds", "ours", 2.0))
    again = Results(path)
    again.add("online", Fact("online", "seconds", "ours", 3.0))
    again.add("online", Fact("online", "ratio", "PyTorch", 4.0))
    assert rows(path) == [
        ("layers", "layers", 2.0),
        ("online", "online", 3.0),
        ("online", "online", 4.0),
    ]


def test_a_part_that_fails_keeps_what_it_measured_and_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(size: Size) -> Iterator[Fact]:
        yield Fact("online", "seconds", "ours", 1.0)
        raise RuntimeError("no more")

    def whole(size: Size) -> Iterator[Fact]:
        yield Fact("layers", "seconds", "ours", 2.0)

    parts = {"benchmarks.online": broken, "benchmarks.layers": whole}
    monkeypatch.setattr(command, "import_module", lambda name: SimpleNamespace(facts=parts[name]))
    output = tmp_path / "results.csv"
    monkeypatch.setattr(sys, "argv", ["bench", "online", "layers", "--output", str(output)])
    assert command.main() == 1
    assert rows(output) == [("online", "online", 1.0), ("layers", "layers", 2.0)]
    told = capsys.readouterr().err
    assert "no more" in told
    assert told.rstrip().endswith(": online")


@pytest.mark.skipif(which("cc") is None, reason="there is no C compiler")
def test_programs_in_c_train_what_we_train() -> None:
    samples = data.samples("mnist", 300)
    network = Network.random(plain.ARCHITECTURE, INITIALISATION, np.random.default_rng(0))
    listed = list_pixels(samples.pixels, plain.TRAINING.inputs)
    train_epoch(network, listed, samples.labels, samples.order, plain.TRAINING)
    programs = c_programs.online(samples, plain.ARCHITECTURE, plain.TRAINING.learning_rate)
    for program in programs.values():
        program.run()
        np.testing.assert_allclose(program.run.parameters(), network.parameters, atol=1e-4)


def test_programs_in_c_leave_the_smallest_numbers_as_they_are() -> None:
    samples = data.samples("mnist", 20)
    c_programs.online(samples, plain.ARCHITECTURE, plain.TRAINING.learning_rate)
    smallest = np.full(8, np.finfo(np.float32).smallest_subnormal)
    assert (smallest * np.float32(1)).all()
