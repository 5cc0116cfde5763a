"""One repeat of a timing, really made."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from msgspec import convert, to_builtins
from networks import make_dataset, make_job, make_spec
from tiny_dataset import TinyDataset

from pnncore.cli import main
from pnncore.data.dataset import Dataset, content
from pnncore.data.prepare import prepare
from pnncore.pool import pool
from pnncore.strategies.contract import Snapshot
from pnncore.strategies.registry import STRATEGIES
from pnncore.timing import affinity, environment, hardware
from pnncore.timing.repeat import measure
from records.errors import InputError
from records.job import Repeat
from records.kinds.repeat import RepeatRecord

SPMD = {"strategy": "spmd", "options": {"merge": "once"}, "workers": 3}


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset()


def timing_spec(**changes: Any) -> Repeat:
    return make_job(Repeat, **{"hardware": "host", "cores": None, "repeat": 1, **changes})


def repeat(dataset: Dataset, **changes: Any) -> dict[str, Any]:
    """Measure in a thread of its own: confining it leaves the tests' thread alone."""
    spec = timing_spec(**{**SPMD, **changes})

    def measured() -> RepeatRecord:
        with pool("threading", spec.workers) as workers:
            return measure(
                STRATEGIES.named(spec.strategy), spec, dataset, workers, lambda line: None
            )

    with ThreadPoolExecutor(1) as thread:
        made: dict[str, Any] = to_builtins(thread.submit(measured).result())
    return made


def test_a_repeat_says_how_it_was_measured(dataset: Dataset) -> None:
    record = repeat(dataset)
    machine = hardware.host()
    assert (record["record"], record["version"], record["status"]) == ("repeat", 7, "completed")
    assert convert(record["spec"], Repeat) == timing_spec(**SPMD)
    assert (record["cores"], record["hardware_threads"]) == (
        machine.cores,
        machine.hardware_threads,
    )
    assert (record["jobs"], record["backend"]) == (3, "threading")
    made = record["repeat"]
    assert made["seconds"] > 0
    assert made["mark"] in {"clean", "noisy", "oversubscribed"}
    assert made["affinity"] == affinity.processors()
    assert made["blas_threads"] == 1
    # A library that another test has loaded uncapped stays so; test_run looks at the cap in a process of its own.
    assert made["openmp_threads"] is None or made["openmp_threads"] >= 1
    assert made["started"].endswith("Z")
    assert made["load_before"] >= 0
    assert made["load_after"] >= 0
    assert made.keys() >= {"others", "steal", "waited"}
    assert made.keys() >= {"frequency_mhz_before", "frequency_mhz_after"}
    assert record["environment"]["host"] == to_builtins(environment.host())


@pytest.mark.skipif(not affinity.is_supported(), reason="this system does not confine")
def test_a_confined_repeat_stays_on_its_cores(dataset: Dataset) -> None:
    core = affinity.cores()[0]
    record = repeat(dataset, hardware="mine", cores=1)
    assert (record["cores"], record["hardware_threads"]) == (1, len(core))
    assert record["repeat"]["affinity"] == core
    # The machine is the whole one.
    assert record["environment"]["host"] == to_builtins(environment.host())


@pytest.mark.skipif(not affinity.is_supported(), reason="this system does not confine")
def test_more_cores_than_there_are_are_refused(dataset: Dataset) -> None:
    with pytest.raises(InputError, match=r"4096"):
        repeat(dataset, cores=4096)


def test_a_diverged_repeat_says_so(dataset: Dataset) -> None:
    training = make_spec()["training"] | {"learning_rate": 1e30, "epochs": 1}
    assert repeat(dataset, training=training)["status"] == "diverged"


def busy(seconds: float) -> None:
    """Use so much of a processor, however long it takes."""
    began = thread_time()
    while thread_time() - began < seconds:
        pass


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_processor_time_is_that_of_all_workers(dataset: Dataset, backend: str) -> None:
    strategy = STRATEGIES.named("sequential")

    def train(task: Any) -> Any:
        yield Snapshot(0, task.start(), None)
        task.pool.map(busy, [(0.1,)] * 3)
        yield Snapshot(task.checkpoints[-1], task.start(), 0.5)

    spinning = replace(strategy, train=train)
    with pool(backend, 3) as three:
        record = measure(spinning, timing_spec(), dataset, three, lambda line: None)
    # Other processes' times are counted in hundredths of a second.
    assert record.repeat.processor_seconds >= 3 * 0.1 - 3 * 0.01
    assert record.repeat.seconds >= 0.1


def test_processor_time_is_of_the_pass_alone(dataset: Dataset) -> None:
    """A long start before the pass does not count."""
    strategy = STRATEGIES.named("sequential")

    def train(task: Any) -> Any:
        busy(0.3)
        yield from strategy.train(task)

    with pool("threading", 1) as one:
        record = measure(
            replace(strategy, train=train), timing_spec(), dataset, one, lambda line: None
        )
    assert record.repeat.processor_seconds < 0.3


def test_the_clock_runs_for_training_alone(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the clock's two reads lies one training, and neither its start nor a test."""
    events: list[str] = []
    monkeypatch.setattr(
        "pnncore.timing.passes.perf_counter", lambda: float(len(events.append("clock") or events))
    )
    strategy = STRATEGIES.named("sequential")

    def tracked(task: Any) -> Any:
        events.append(f"{len(task.labels)} samples")
        for snapshot in strategy.train(task):
            events.append(f"epoch {snapshot.epoch}")
            yield snapshot

    followed = type(strategy)(**{**vars(strategy), "train": tracked})
    with pool("threading", 1) as one:
        measure(followed, timing_spec(), dataset, one, lambda line: None)
    # First an epoch of a tenth of the samples, for the compiler's and the processor's sake.
    assert events == [
        *["4 samples", "epoch 0", "epoch 1"],
        *["40 samples", "epoch 0", "clock", "epoch 3", "clock"],
    ]


def test_the_command_writes_a_repeat(tiny: TinyDataset, tmp_path: Path) -> None:
    prepare("tiny", tiny.entry, tiny.archives, tmp_path / "data")
    hardware = {"host": None, "larger than any": 1024}
    batch = {
        **to_builtins(timing_spec(**SPMD)),
        **{"paper": "tiny", "experiment": "fig1", "variant": "plain"},
        **{"repeat": 2, "hardware": hardware, "workers": [3]},
        "data": to_builtins(content(tmp_path / "data")),
    }
    del batch["cores"]
    output = tmp_path / "repeat2.json"
    places = ["--data", str(tmp_path / "data"), "--output", str(output)]
    store = ["--store", str(tmp_path / "store")]
    assert main(["time", "--spec", json.dumps(batch), *places, *store]) == 0
    (record,) = json.loads(output.read_text())["members"]
    assert (record["jobs"], record["spec"]["repeat"], record["spec"]["hardware"]) == (3, 2, "host")
    assert record["repeat"]["affinity"] == [*(affinity.processors() or ())] or None
