import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import convert, structs, to_builtins
from networks import make_dataset, make_run, make_spec

from pnncore.data.dataset import Dataset, Split
from pnncore.data.splits import splits_of
from pnncore.metrics.registry import METRICS
from pnncore.pool import pool
from pnncore.run import train
from pnncore.strategies.contract import Snapshot, Task
from pnncore.strategies.registry import STRATEGIES
from pnncore.task import shuffled as deal
from records.errors import InputError
from records.job import Run
from records.samples import Samples


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset()


def run(data: Dataset, **changes: Any) -> tuple[dict[str, Any], list[str]]:
    spec = make_run(**changes)
    lines: list[str] = []
    with pool("threading", 1) as one:
        record = train(STRATEGIES.named(spec.strategy), spec, data, one, lines.append)
    return to_builtins(record), lines


SPMD = {"strategy": "spmd", "workers": 3}
CHILD_METRICS = ("child_accuracy_mean", "child_accuracy_min", "child_accuracy_max")
SEQUENTIAL = STRATEGIES.named("sequential")


def test_record_has_a_row_an_epoch_and_its_own_specification(dataset: Dataset) -> None:
    record, lines = run(dataset, **SPMD)
    assert record["status"] == "completed"
    assert record["diverged_at"] is None
    assert convert(record["spec"], Run) == make_run(**SPMD)
    assert [row["epoch"] for row in record["epochs"]] == [0, 1, 2, 3]
    for row in record["epochs"]:
        assert 0 <= row["metrics"]["test_accuracy"] <= 1
        own = STRATEGIES.named("spmd").presentation.metrics
        assert row["metrics"].keys() <= METRICS.entries.keys() | own.keys()
        assert len(row["child_accuracies"]) == 3
    assert "loss" not in record["epochs"][0]["metrics"]
    assert "train_accuracy" not in record["epochs"][0]["metrics"]
    assert record["epochs"][0]["metrics"]["weight_magnitude"] > 0
    assert len(lines) == 4
    assert lines[-1].startswith("epoch 3/3  loss ")
    json.dumps(record, allow_nan=False)


def test_epochs_are_tested_every_so_often_and_at_the_end(dataset: Dataset) -> None:
    record, lines = run(dataset, evaluate_every=2)
    assert [row["epoch"] for row in record["epochs"]] == [0, 2, 3]
    # The log has every epoch all the same.
    assert [line.split()[1] for line in lines] == ["0/3", "1/3", "2/3", "3/3"]
    assert ["accuracy" in line for line in lines] == [True, False, True, True]


def test_shuffled_labels_are_those_of_the_training_in_another_order(dataset: Dataset) -> None:
    """A twin deals labels out in plain NumPy; training on them is the same as on shuffled ones."""
    samples = {"train": 30, "test": None}
    order = np.random.default_rng([1, 3, 0, 0]).permutation(30)
    dealt = Split(dataset.train.images[:30], dataset.train.labels[:30][order])
    twin, _ = run(replace(dataset, train=dealt))
    shuffled, _ = run(dataset, samples={**samples, "train_labels": "shuffled"})
    own, _ = run(dataset, samples=samples)
    assert shuffled["epochs"] == twin["epochs"]
    assert shuffled["epochs"] != own["epochs"]
    assert sorted(dealt.labels) == sorted(dataset.train.labels[:30])


def test_each_seed_deals_labels_out_anew_and_leaves_the_datasets_own(dataset: Dataset) -> None:
    before = dataset.train.labels.copy()
    first, second = (deal(dataset.train.labels, seed) for seed in (1, 2))
    assert not np.array_equal(first, second)
    assert not first.flags.writeable  # Loops are compiled for labels of this kind.
    np.testing.assert_array_equal(dataset.train.labels, before)


def test_settings_can_be_chosen_without_the_test_samples(dataset: Dataset) -> None:
    """The rest of the training samples is then what the test samples are in a dataset of such splits."""
    rest = Split(dataset.train.images[30:], dataset.train.labels[30:])
    other = Dataset(
        dataset.name, 10, Split(dataset.train.images[:30], dataset.train.labels[:30]), rest
    )
    samples = {**make_spec()["samples"], "train": 30}
    chosen, _ = run(dataset, samples={**samples, "tested_on": "rest"})
    expected, _ = run(other, samples=samples)
    assert chosen["epochs"] == expected["epochs"]
    with pytest.raises(InputError, match=r"^samples: with tested_on: rest, .* 0 to test on"):
        run(dataset, samples={**samples, "train": 40, "tested_on": "rest"})


def test_folds_are_tested_on_once_each_and_never_trained_on(dataset: Dataset) -> None:
    samples = convert({**make_spec()["samples"], "tested_on": "fold", "folds": 3}, Samples)
    labels = np.arange(len(dataset.train.labels), dtype=np.uint8)
    numbered = replace(dataset, train=Split(dataset.train.images, labels))
    parts = [splits_of(numbered, samples, seed) for seed in (1, 2, 3)]
    for others, own in parts:
        assert not set(others.labels.tolist()) & set(own.labels.tolist())
        assert len(others.labels) + len(own.labels) == len(labels)
        assert not others.images.flags.writeable
    assert sorted(np.concatenate([test.labels for _, test in parts]).tolist()) == labels.tolist()
    with pytest.raises(InputError, match=r"^samples: with tested_on: fold, .* 0 to test on"):
        splits_of(numbered, structs.replace(samples, folds=1000), len(labels))


def test_a_run_is_tested_on_the_fold_of_its_seed(dataset: Dataset) -> None:
    samples = {**make_spec()["samples"], "tested_on": "fold"}
    of_three, of_eight = (run(dataset, samples=samples, seed=seed)[0] for seed in (3, 8))
    assert of_three["epochs"] != of_eight["epochs"]


def test_a_rate_by_worker_is_multiplied_by_their_number(dataset: Dataset) -> None:
    training = {**make_spec()["training"], "learning_rate": 0.1}
    by_worker = {**training, "optimiser": {"name": "momentum", "by_worker": True}}
    together = {**training, "learning_rate": 0.3, "optimiser": {"name": "momentum"}}
    scaled, given = (run(dataset, **SPMD, training=each)[0] for each in (by_worker, together))
    assert scaled["epochs"] == given["epochs"]


def test_children_are_tested_only_if_asked(dataset: Dataset) -> None:
    record, _ = run(dataset, **SPMD, evaluate_children=False)
    assert record["epochs"][1]["child_accuracies"] == ()
    assert "child_accuracy_mean" not in record["epochs"][1]["metrics"]


def test_epochs_before_the_only_merge_have_no_merged_network(dataset: Dataset) -> None:
    record, lines = run(dataset, **SPMD, options={"merge": "once"})
    merged = ["test_accuracy" in row["metrics"] for row in record["epochs"]]
    assert merged == [True, False, False, True]
    assert {"loss", *CHILD_METRICS} <= record["epochs"][1]["metrics"].keys()
    assert "accuracy" not in lines[1]


def test_a_diverging_run_is_a_result(dataset: Dataset) -> None:
    training = {**make_spec()["training"], "learning_rate": 1e30, "epochs": 5, "inputs": "raw"}
    record, lines = run(dataset, training=training)
    assert record["status"] == "diverged"
    assert record["diverged_at"] >= 1
    assert record["epochs"][-1]["epoch"] == record["diverged_at"] - 1
    assert str(record["diverged_at"]) in lines[-1]
    assert "diverged" in lines[-1]
    json.dumps(record, allow_nan=False)


def test_outputs_that_overflow_are_divergence(dataset: Dataset) -> None:
    """Large but finite parameters can have outputs that are not."""
    training = {**make_spec()["training"], "learning_rate": 1e25, "epochs": 1, "batch_size": 40}
    record, _ = run(dataset, training=training)
    assert record["status"] == "diverged"
    json.dumps(record, allow_nan=False)


def test_another_dataset_than_the_specified_is_refused(dataset: Dataset) -> None:
    with pytest.raises(InputError, match=r"'mnist'.*'tiny'"):
        run(dataset, dataset="mnist")


def test_results_do_not_depend_on_the_order_of_a_specification(dataset: Dataset) -> None:
    once, _ = run(dataset, **SPMD)
    again, _ = run(dataset, **dict(reversed(SPMD.items())))
    assert once["epochs"] == again["epochs"]


def test_accuracy_is_that_of_the_test_set(dataset: Dataset) -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 10, 60).astype(np.uint8)
    images = np.zeros((60, 1, 10), np.uint8)
    images[np.arange(60), 0, labels] = 255
    easy = Dataset("tiny", 10, Split(images, labels), Split(images[:30], labels[:30]))
    training = {**make_spec()["training"], "learning_rate": 1.0, "epochs": 60}
    record, _ = run(easy, training=training, evaluate_every=60)
    assert record["epochs"][-1]["metrics"]["test_accuracy"] == 1
    assert record["epochs"][0]["metrics"]["test_accuracy"] < 0.7


def test_a_metric_of_a_strategy_that_it_does_not_describe_is_refused(dataset: Dataset) -> None:
    def trained(task: Task[Any]) -> Iterator[Snapshot]:
        for snapshot in SEQUENTIAL.train(task):
            yield replace(snapshot, metrics={"mood": 1.0})

    with pool("threading", 1) as one, pytest.raises(InputError, match=r"sequential: .*'mood'"):
        train(replace(SEQUENTIAL, train=trained), make_run(), dataset, one, print)


def test_environment_is_filled_in(dataset: Dataset) -> None:
    environment = run(dataset)[0]["environment"]
    assert environment["packages"]["numpy"] == np.__version__
    assert environment["host"]["cpu"]
    assert environment["host"]["physical_cores"] >= 1
    assert environment["blas"]["library"]
    assert environment["blas"]["threads"] == 1
    assert len(environment["fingerprint"]) == 12


def test_loky_workers_use_one_blas_thread() -> None:
    with pool("loky", 2) as workers:
        assert set(workers.inner_threads()["blas"]) == {1}


def test_libraries_loaded_later_have_one_thread_too() -> None:
    """Numba loads SciPy's BLAS when it compiles, which is inside the pool."""
    code = """
import sys
from pnncore.pool import pool
with pool("threading", 2) as workers:
    assert "scipy.linalg" not in sys.modules
    import scipy.linalg
    print(workers.inner_threads()["blas"])
"""
    environment = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert set(json.loads(done.stdout)) == {1}


def test_blas_threads_are_restored(tmp_path: Path) -> None:
    from threadpoolctl import threadpool_info

    before = threadpool_info()
    with pool("threading", 2) as workers:
        assert set(workers.inner_threads()["blas"]) == {1}
    assert threadpool_info() == before


def test_networks_can_be_tested_on_what_they_were_trained_on(dataset: Dataset) -> None:
    record, _ = run(dataset, evaluate_training=True)
    accuracies = [row["metrics"]["train_accuracy"] for row in record["epochs"]]
    hits = np.array(accuracies) * len(dataset.train.labels)
    np.testing.assert_allclose(hits, hits.round())
    assert accuracies[-1] > accuracies[0]
