"""Loops that are compiled before anything is trained are those that training then uses."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from networks import make_batch
from tiny_dataset import TinyDataset

from pnncore.cli import main
from pnncore.data.prepare import prepare
from pnncore.strategies.registry import STRATEGIES

TRAIN = """
import json
import sys
from pnncore.cli import main
from pnncore.kernels.descent import train_samples
from pnncore.kernels.forward import compute_outputs
from pnncore.kernels.repeats import train_repeatedly

for command in map(json.loads, sys.argv[1:]):
    assert main(command) == 0
    print(*(len(loop.signatures) for loop in (train_samples, train_repeatedly, compute_outputs)))
"""
"""Run commands, and count after each for how many types loops are compiled, or loaded since they were before."""


def test_training_compiles_no_more(tiny: TinyDataset, tmp_path: Path) -> None:
    data = tmp_path / "data"
    prepare("tiny", tiny.entry, tiny.archives, data)
    output = ["--output", str(tmp_path / "out")]

    def train(**changes: Any) -> list[str]:
        batch = make_batch(data)
        spec = json.dumps({**batch, "training": batch["training"] | changes})
        places = ["--data", str(data), "--store", str(tmp_path / "store")]
        return ["train", "--spec", spec, *places, *output]

    repeats = {"repeats": 3, "repeat_momentum": 0.9, "batch_size": 1, "inputs": "nonzero"}
    commands = [
        ["compile", "sequential", *output],
        train(),
        ["compile", "ensemble", "--repeated", *output],
        train(**repeats),
    ]
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, *map(json.dumps, commands)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "1 0 1\n1 0 1\n1 1 1\n1 1 1\n"


@pytest.mark.parametrize("strategy", STRATEGIES.entries)
def test_every_strategy_can_be_compiled(
    strategy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", strategy, "--output", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().err == ""


def test_a_strategy_that_is_none_is_told_and_the_others_are_compiled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out"
    assert main(["compile", "none", "sequential", "--output", str(output)]) == 0
    assert capsys.readouterr().err.startswith("none: ")
    assert output.read_text() == "none\nsequential\n"
