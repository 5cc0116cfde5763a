"""Times on one axis are of equal work."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
import yaml
from msgspec.structs import replace

from records.study import Study
from reports.bundle.archive import read_bundle
from reports.exhibits.equal_work import per_sample, samples_trained
from reports.study import read_study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def carver() -> Study:
    with read_bundle(ROOT / "reference/paper-edition.zip").unpacked() as folder:
        return read_study(folder / "config/carver.json")


def times(work: list[float]) -> pd.DataFrame:
    seconds = {"y": [2.0, 30.0], "lower": [1.0, math.nan], "upper": [4.0, math.nan]}
    named = {"y_name": "seconds", "y_label": "time", "unit": "s"}
    return pd.DataFrame({**seconds, "work": work}).assign(**named)


def test_times_of_unequal_work_are_divided_by_it() -> None:
    found, said = per_sample(times([1e6, 3e6]))
    assert found["y"].tolist() == [2.0, 10.0]  # microseconds
    assert found[["lower", "upper"]].iloc[0].tolist() == [1.0, 4.0]
    assert set(found["unit"]) == {"µs"}
    assert set(found["y_label"]) == {"time per sample"}
    assert "1,000,000 and 3,000,000" in said


@pytest.mark.parametrize("work", [[1e6, 1e6], [1e6, math.nan]], ids=["equal", "unknown"])
def test_times_of_equal_or_unknown_work_stay_as_they_are(work: list[float]) -> None:
    found, said = per_sample(times(work))
    pd.testing.assert_frame_equal(found, times(work))
    assert said == ""


def test_speedups_stay_as_they_are() -> None:
    table = times([1e6, 3e6]).assign(y_name="speedup", unit="×")
    assert per_sample(table)[0] is table


def test_work_is_that_of_our_timing_or_of_the_papers_own_program(carver: Study) -> None:
    paper = yaml.safe_load((ROOT / "config/papers/carver.yaml").read_text("utf-8"))
    ours, theirs = 20_000, 60_000
    assert paper["model"]["scale"] == {"samples": theirs, "epochs": 1}
    own = "amd-ryzen-5-2600x"
    rows = [
        ("measured", "race", "host", ours),
        ("modelled", "race", own, theirs),
        ("modelled", "race", "banana-pi-m3", ours),  # our program, on a machine of another paper
        ("published", None, own, theirs),
        ("authors", None, own, theirs),
    ]
    table = pd.DataFrame(rows, columns=["source", "variant", "hardware", "work"])
    table["exhibit"] = "table1-time"
    assert samples_trained(table, carver) == table["work"].tolist()


def test_the_whole_of_a_dataset_is_as_large_as_the_edition_says(carver: Study) -> None:
    timing = carver.timings["table1"]
    whole = {
        name: replace(variant, samples=replace(variant.samples, train=None))
        for name, variant in timing.variants.items()
    }
    study = replace(carver, timings={"table1": replace(timing, variants=whole)})
    table = pd.DataFrame(
        {"source": ["measured"], "variant": ["race"], "hardware": ["host"]}
    ).assign(exhibit="table1-time")
    assert math.isnan(samples_trained(table, study)[0])
    known = replace(study, edition=replace(study.edition, samples={"mnist": 1437}))
    assert samples_trained(table, known) == [1437]
