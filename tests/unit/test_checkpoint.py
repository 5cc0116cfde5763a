"""Interrupted runs: what is kept, and that they go on from it to the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import structs, to_builtins
from networks import make_dataset, make_run

from pnncore.checkpoint import INTERVAL, Checkpoint
from pnncore.pool import pool
from pnncore.run import train
from pnncore.strategies.registry import STRATEGIES
from records.job import Run

DATA = make_dataset()


def four_epochs(batch_size: int = 4, **changes: Any) -> Run:
    run = make_run(**changes)
    training = structs.replace(run.training, epochs=4, batch_size=batch_size)
    return structs.replace(run, training=training)


def run(path: Path, spec: Run, stop_at: int | None = None) -> tuple[dict[str, Any], list[str]]:
    """Run a specification with a clock that lets every epoch be saved."""
    ticks = iter(range(0, 10**6, int(INTERVAL)))
    lines: list[str] = []

    def progress(line: str) -> None:
        lines.append(line)
        if stop_at is not None and line.startswith(f"epoch {stop_at}/"):
            raise KeyboardInterrupt

    with pool("threading", 1) as one:
        checkpoint = Checkpoint(path, spec, DATA, clock=lambda: next(ticks))
        record = train(STRATEGIES.named(spec.strategy), spec, DATA, one, progress, checkpoint)
    return to_builtins(record), lines


def numbers(record: dict[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in ("status", "epochs", "spec", "schedule")}


@pytest.mark.parametrize("strategy", STRATEGIES.entries)
def test_an_interrupted_run_ends_with_the_same_record(tmp_path: Path, strategy: str) -> None:
    workers = 1 if strategy == "sequential" else 3
    batch_size = 1 if strategy == "neuron" else 4
    spec = four_epochs(batch_size, strategy=strategy, workers=workers)
    whole, _ = run(tmp_path / "one", spec)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "other", spec, stop_at=3)
    again, lines = run(tmp_path / "other", spec)
    assert "epoch 2" in lines[0]
    assert lines[1].startswith("epoch 3/4")
    assert numbers(again) == numbers(whole)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("{}"),
        lambda path: np.savez(path.open("wb"), about=np.array([{}], dtype=object)),
    ],
)
def test_a_spoilt_checkpoint_is_as_good_as_none(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    path, spec = tmp_path / "kept", four_epochs()
    with pytest.raises(KeyboardInterrupt):
        run(path, spec, stop_at=3)
    spoil(path)
    _, lines = run(path, spec)
    assert lines[0].startswith("epoch 0/4")


def test_a_checkpoint_of_another_run_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with pytest.raises(KeyboardInterrupt):
        run(path, four_epochs(), stop_at=3)
    _, lines = run(path, four_epochs(seed=2))
    assert lines[0].startswith("epoch 0/4")


def test_a_short_run_keeps_nothing(tmp_path: Path) -> None:
    path, spec = tmp_path / "kept", make_run()
    with pool("threading", 1) as one:
        checkpoint = Checkpoint(path, spec, DATA, clock=lambda: 0.0)
        train(STRATEGIES.named(spec.strategy), spec, DATA, one, lambda _: None, checkpoint)
    assert not path.exists()
