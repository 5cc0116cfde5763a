"""What becomes of a run when the system kills one of its worker processes, for want of memory or at all."""

import json
import multiprocessing
import os
from pathlib import Path

import pytest
from dying import die_if, train_or_die
from networks import make_spec
from tiny_dataset import TinyDataset

from pnncore.cli import main
from pnncore.errors import KilledWorkerError
from pnncore.pool import pool
from pnncore.prepare import prepare
from pnncore.strategies import spmd

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills as POSIX systems do")


def test_the_run_ends_in_one_sentence_and_without_a_record(
    tiny: TinyDataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    prepare("tiny", tiny.spec, tiny.archives, tmp_path / "data")
    monkeypatch.setattr(spmd, "train_child", train_or_die)
    spec = json.dumps(make_spec(strategy="spmd", workers=3))
    record = tmp_path / "record.json"
    arguments = ["--data", str(tmp_path / "data"), "--output", str(record)]
    status = main(["train", "--spec", spec, *arguments, "--backend", "loky", "--jobs", "2"])
    *progress, last = capfd.readouterr().err.splitlines()
    assert status == KilledWorkerError.status
    assert [line.split()[:2] for line in progress] == [["epoch", "0/3"], ["epoch", "1/3"]]
    assert last == (
        "pnncore train: jobs: one of 2 worker processes died, most likely killed or out of memory, and nothing was "
        "written; run again, with fewer jobs if memory was short"
    )
    assert not record.exists()


def test_no_worker_outlives_the_pool_and_the_next_pool_works() -> None:
    with pool("loky", 2) as workers:
        assert workers.map(die_if, [(False,)] * 4) == [False] * 4
        processes = multiprocessing.active_children()
        assert len(processes) >= 2
        with pytest.raises(KilledWorkerError, match="jobs: one of 2 worker processes died"):
            workers.map(die_if, [(False,), (True,), (False,)])
    for process in processes:
        process.join(timeout=60)  # one that lives on fails rather than hangs
    assert not any(process.is_alive() for process in processes)
    with pool("loky", 2) as workers:
        assert workers.map(die_if, [(False,)] * 4) == [False] * 4
