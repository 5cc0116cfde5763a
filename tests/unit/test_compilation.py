"""Loops that are compiled before anything is trained are those that training then uses."""

import json
import os
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
import sys
from pnncore.cli import main
from pnncore.kernels.descent import train_samples
from pnncore.kernels.forward import compute_outputs
from pnncore.kernels.repeats import train_repeatedly

assert main(sys.argv[1:]) == 0
for loop in (train_samples, train_repeatedly, compute_outputs):
    print(sum(loop.stats.cache_hits.values()), sum(loop.stats.cache_misses.values()))
"""


def test_training_compiles_no_more(tiny: TinyDataset, tmp_path: Path) -> None:
    data = tmp_path / "data"
    prepare("tiny", tiny.entry, tiny.archives, data)
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}

    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments, "--output", str(tmp_path / "out")]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return done.stdout

    def train(**changes: Any) -> str:
        batch = make_batch(data)
        spec = json.dumps({**batch, "training": batch["training"] | changes})
        places = ["--data", str(data), "--store", str(tmp_path / "store")]
        return python("-c", TRAIN, "train", "--spec", spec, *places)

    python("-m", "pnncore", "compile", "sequential")
    assert (tmp_path / "out").read_text() == "sequential\n"
    assert train() == "1 0\n0 0\n1 0\n"
    python("-m", "pnncore", "compile", "ensemble", "--repeated")
    repeats = {"repeats": 3, "repeat_momentum": 0.9, "batch_size": 1, "inputs": "nonzero"}
    assert train(**repeats) == "0 0\n1 0\n1 0\n"


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
    assert output.exists()
