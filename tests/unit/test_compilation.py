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
from pnncore.kernels.child_rounds import train_and_merge
from pnncore.kernels.descent import train_samples
from pnncore.kernels.forward import compute_outputs
from pnncore.kernels.optimised import train_optimised
from pnncore.kernels.repeats import train_repeatedly

for command in map(json.loads, sys.argv[1:]):
    assert main(command) == 0
    loops = (train_samples, train_repeatedly, train_optimised, train_and_merge, compute_outputs)
    print(*(len(loop.signatures) for loop in loops))
"""
"""Run commands, and count after each for how many types loops are compiled, or loaded since they were before."""


def test_training_compiles_no_more(tiny: TinyDataset, tmp_path: Path) -> None:
    data = tmp_path / "data"
    prepare("tiny", tiny.entry, tiny.archives, data)
    output = ["--output", str(tmp_path / "out")]

    def train(more: dict[str, Any] | None = None, **changes: Any) -> list[str]:
        batch = make_batch(data)
        spec = json.dumps({**batch, **(more or {}), "training": batch["training"] | changes})
        places = ["--data", str(data), "--store", str(tmp_path / "store")]
        return ["train", "--spec", spec, *places, *output]

    repeats = {"repeats": 3, "repeat_momentum": 0.9, "batch_size": 1, "inputs": "nonzero"}
    within_epochs = {
        "strategy": "spmd",
        "options": {"every": {"updates": 1}, "combine": {"name": "outer"}},
        "workers": [2],
    }
    commands = [
        ["compile", "sequential", *output],
        train(),
        ["compile", "ensemble", "--loops", "repeats", *output],
        train(**repeats),
        ["compile", "sequential", "--loops", "optimised", *output],
        train(optimiser={"name": "adam"}),
        train(optimiser={"name": "momentum"}),
        ["compile", "spmd", "--loops", "team", *output],
        train(within_epochs),
        train(within_epochs, optimiser={"name": "adam"}),
    ]
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, *map(json.dumps, commands)],
        check=True,
        capture_output=True,
        text=True,
    )
    counts = [
        *["1 0 0 0 1"] * 2,
        *["1 1 0 0 1"] * 2,
        *["1 1 1 0 1"] * 3,
        *["1 1 1 1 1"] * 3,
    ]
    assert done.stdout.splitlines() == counts


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
