"""Which results one process makes."""

from dataclasses import dataclass

import pytest

from workflow.batch import Batch
from workflow.pack import Pack, pack


@dataclass(frozen=True)
class Spec:
    dataset: str
    threads: int
    seconds: float


def make_packs(*specs: Spec) -> list[Pack]:
    batches = [Batch(f"{n}.json", spec, {}) for n, spec in enumerate(specs)]
    return pack(
        "train-ott-epochs",
        batches,
        threads=lambda batch: batch.spec.threads,
        weigh=lambda batch: batch.spec.seconds,
        most=20.0,
    )


def paths(packs: list[Pack]) -> list[list[str]]:
    return [each.paths for each in packs]


def test_a_process_makes_what_is_small_and_no_more() -> None:
    packs = make_packs(*(Spec("digits", 1, seconds) for seconds in (5, 15, 1, 90, 2, 3)))
    assert paths(packs) == [["0.json", "1.json"], ["2.json"], ["3.json"], ["4.json", "5.json"]]
    assert [each.seconds for each in packs] == [20, 1, 90, 5]


def test_every_process_has_one_dataset_and_a_number_of_threads() -> None:
    kinds = [("digits", 1), ("mnist", 1), ("digits", 4), ("digits", 1)]
    packs = make_packs(*(Spec(dataset, threads, 1.0) for dataset, threads in kinds))
    assert paths(packs) == [["0.json", "3.json"], ["1.json"], ["2.json"]]
    assert [each.threads for each in packs] == [1, 1, 4]
    assert [each.dataset for each in packs] == [
        f"resources/datasets/{dataset}/dataset.json" for dataset in ("digits", "mnist", "digits")
    ]


def test_names_are_apart_and_no_target_s() -> None:
    names = [each.name for each in make_packs(*(Spec("digits", 1, 20.0) for _ in range(3)))]
    assert names == ["train-ott-epochs", "train-ott-epochs_2", "train-ott-epochs_3"]


@pytest.mark.parametrize("most", [0.0, 20.0])
def test_nothing_makes_no_process(most: float) -> None:
    assert pack("train", [], lambda batch: 1, lambda batch: 1.0, most) == []
