"""Costs by study and stage: what was spent on records when they were made, and on tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from records_factory import (
    dataset_record,
    failure,
    property_record,
    run_record,
    timing_record,
    write,
    write_collection,
    write_list,
)

from records.cost import Cost
from records.errors import InputError
from records.kinds.collection import Collection
from records.record import read_record, write_record
from reports.pages.cost_table import cost_table
from reports.tables.costs import read_benchmark, tabulate_costs
from reports.tables.record_list import read_list

HOST = (1, 1, 2.5, 2.0)
"""What every list has."""

BENCHMARK = "s\th:m:s\tmax_rss\tcpu_time\n1.5\t0:00:01\t80.1\t1.25\n"


def spent(
    *lists: Path, benchmarks: tuple[Path, ...] = ()
) -> dict[tuple[str, str], tuple[float, ...]]:
    """Return jobs, records, seconds and processor seconds by paper and stage, less the host's calibration."""
    rows = tabulate_costs([read_list(path) for path in lists], benchmarks, "sample")
    keys = ("files", "records", "seconds", "cpu_seconds")
    found = {(row["paper"], row["stage"]): tuple(row[key] for key in keys) for row in rows}
    assert found.pop(("", "calibrate")) == HOST
    return found


def recost(path: Path, *stored: str, **cost: float) -> Path:
    """Give the records of a collection places in the store, and a cost."""
    collection = read_record(path, Collection)
    costs = (Cost(**cost),) * len(collection.members)
    write_record(path, structs.replace(collection, stored=stored, costs=costs))
    return path


def benchmark(folder: Path, name: str, text: str = BENCHMARK) -> Path:
    path = folder / "costs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_run_is_divided_into_training_and_tests(tmp_path: Path) -> None:
    run = recost(write(tmp_path, run_record()), seconds=4.0, cpu_seconds=2.0)
    found = spent(write_list(tmp_path, runs=[run]))
    # Half a second of tests; the start of the process counts as training.
    assert found == {("paper", "train"): (1, 1, 3.5, 1.75), ("paper", "test"): (1, 1, 0.5, 0.25)}


def test_a_run_that_was_interrupted_took_what_its_record_says(tmp_path: Path) -> None:
    run = recost(write(tmp_path, run_record()), seconds=0.1, cpu_seconds=0.1)
    found = spent(write_list(tmp_path, runs=[run]))
    assert found["paper", "train"][2] + found["paper", "test"][2] == 2.0


def test_a_record_in_two_collections_counts_once(tmp_path: Path) -> None:
    repeats = timing_record([1.0])
    paths = [write_collection(tmp_path / f"{name}.json", "repeat", *repeats) for name in "ab"]
    for path in paths:
        recost(path, "1234", seconds=3.0, cpu_seconds=6.0)
    found = spent(write_list(tmp_path, timings=paths))
    assert found == {("paper", "time"): (1, 1, 3.0, 6.0)}


def test_what_studies_share_belongs_to_none(tmp_path: Path) -> None:
    digits = tmp_path / "datasets/digits/dataset.json"
    write_record(digits, dataset_record("digits"))
    shared = {"properties": [write(tmp_path, property_record("softmax"))], "datasets": [digits]}
    path = write_list(tmp_path, **shared, runs=[write(tmp_path, run_record())])
    assert spent(path, path) == {
        ("paper", "train"): (1, 1, 2.0, 1.6),
        ("paper", "test"): (1, 1, 0.5, 0.4),
        ("", "prepare"): HOST,
        ("", "examine"): HOST,
    }


def test_failures_count_and_what_is_missing_or_damaged_does_not(tmp_path: Path) -> None:
    failed = write_collection(tmp_path / "x.json", "run", failure("runs/paper/fig2/spmd/w1/seed1"))
    damaged = tmp_path / "y.json"
    damaged.write_text("{")
    found = spent(write_list(tmp_path, runs=[failed, damaged, tmp_path / "none.json"]))
    assert found == {("paper", "train"): (1, 1, 2.5, 2.0)}


def test_tables_cost_what_snakemake_measured(tmp_path: Path) -> None:
    names = ("paper/tabulate-epochs.tsv", "paper/draw-figures.tsv", "tabulate-claims.tsv")
    found = spent(
        write_list(tmp_path), benchmarks=tuple(benchmark(tmp_path, name) for name in names)
    )
    one = (1, 1, 1.5, 1.25)
    assert found == dict.fromkeys([("paper", "tabulate"), ("paper", "draw"), ("", "tabulate")], one)


@pytest.mark.parametrize(
    "text",
    ["", "s\n", BENCHMARK + "1.5\n", BENCHMARK.replace("cpu_time", "load"), "s\tcpu_time\n1\tNA\n"],
)
def test_what_is_no_benchmark_is_refused(text: str, tmp_path: Path) -> None:
    path = benchmark(tmp_path, "tabulate-epochs.tsv", text)
    with pytest.raises(InputError, match=f"^{path}: "):
        read_benchmark(path)


def test_the_page_adds_up_studies_and_stages() -> None:
    rows = [
        {"paper": "ott", "stage": "train", "seconds": 6.0, "cpu_seconds": 5.0},
        {"paper": "ott", "stage": "time", "seconds": 2.0, "cpu_seconds": 4.0},
        {"paper": "", "stage": "time", "seconds": 2.0, "cpu_seconds": 1.0},
    ]
    found = cost_table(rows, {"ott": "Ott", "carver": "Carver"})
    assert found.stages == ("train", "time")
    assert [seconds for _, seconds in found.rows] == [
        (6.0, 2.0, 8.0),
        (None, None, 0),
        (None, 2.0, 2.0),
    ]
    assert (found.seconds, found.cpu_seconds) == ((6.0, 4.0, 10.0), (5.0, 5.0, 10.0))
    assert found.shares == (0.6, 0.4, 1.0)
