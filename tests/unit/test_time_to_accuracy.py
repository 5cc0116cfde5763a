"""Numbers of runs and a timing together: the time to an accuracy, and what is lost for a speed-up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from records_factory import (
    epochs_table,
    experiment,
    paper,
    prediction_record,
    run_record,
    timing_record,
    timings_table,
)

from reports.exhibits.kinds.accuracy_change import accuracy_changes
from reports.exhibits.kinds.time_to_accuracy import time_to_accuracy
from reports.exhibits.points import tabulate_exhibits


def mean(epoch: int, y: float, variant: str = "spmd", workers: int = 2) -> dict[str, Any]:
    return {"variant": variant, "workers": workers, "epoch": epoch, "y": y, "source": "measured"}


def seconds(y: float, variant: str = "spmd", workers: int = 2, **other: Any) -> dict[str, Any]:
    point = {"variant": variant, "workers": workers, "y": y, "lower": None, "upper": None}
    return {**point, "hardware": "host", "source": "measured", "evidence": "t/w", **other}


def runs(*rows: tuple[str, int, int, int, float]) -> pd.DataFrame:
    columns = ["variant", "workers", "seed", "epoch", "value"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(experiment="e", record=[f"r/{variant}" for variant in table["variant"]])


def test_the_first_epoch_that_reaches_it_counts() -> None:
    course = [mean(0, 0.1), mean(1, 0.9), mean(2, 0.95), mean(3, 0.94), mean(4, 0.97)]
    epochs, time = time_to_accuracy(course, [seconds(0.5, lower=0.4, upper=0.7)], 0.95)
    assert (epochs["metric"], epochs["y"]) == ("epochs_to_accuracy", 2)
    assert (time["metric"], time["y"]) == ("seconds_to_accuracy", 1.0)
    assert (time["lower"], time["upper"]) == (0.8, 1.4)


def test_what_never_reaches_it_has_no_value() -> None:
    points = list(time_to_accuracy([mean(0, 0.1), mean(1, 0.9)], [seconds(0.5)], 0.95))
    assert [point["y"] for point in points] == [None, None]


def test_what_was_timed_and_not_run_is_left_out() -> None:
    points = list(time_to_accuracy([mean(1, 0.96)], [seconds(0.5, workers=64)], 0.95))
    assert [point["metric"] for point in points] == ["epochs_to_accuracy"]


def test_changes_are_taken_seed_by_seed_after_the_last_epoch() -> None:
    table = runs(
        ("one", 1, 1, 1, 0.2),
        ("one", 1, 1, 2, 0.90),
        ("one", 1, 2, 2, 0.96),
        ("one", 1, 3, 2, 0.94),
        ("spmd", 4, 1, 1, 0.9),
        ("spmd", 4, 1, 2, 0.89),
        ("spmd", 4, 2, 2, 0.94),
        ("spmd", 4, 3, 2, 0.91),
    )
    timed = [seconds(8, "one", 1), seconds(2, workers=4)]
    one, spmd = accuracy_changes(table, timed, "one")
    assert (one["y"], one["speedup"]) == (0, 1)
    assert (spmd["y"], spmd["speedup"], spmd["seeds"]) == (pytest.approx(-2), 4, "3")
    # By -1, -2 and -3 points: half the interval is 4.303 / √3.
    assert (spmd["lower"], spmd["upper"]) == pytest.approx((-2 - 2.484, -2 + 2.484), abs=1e-3)
    assert spmd["metric"] == "accuracy_change"


def test_a_speed_up_is_against_the_same_machine() -> None:
    table = runs(("one", 1, 1, 1, 0.9), ("spmd", 2, 1, 1, 0.9))
    there = {"hardware": "ryzen", "source": "modelled"}
    timed = [seconds(8, "one", 1), seconds(4), seconds(3, "one", 1, **there), seconds(1, **there)]
    found = {
        (point["variant"], point["hardware"]): point["speedup"]
        for point in accuracy_changes(table, timed, "one")
    }
    assert (found["spmd", "host"], found["spmd", "ryzen"]) == (2, 3)


def test_without_a_time_of_the_other_on_a_machine_there_is_no_point() -> None:
    table = runs(("one", 1, 1, 1, 0.9), ("spmd", 2, 1, 1, 0.9))
    assert list(accuracy_changes(table, [seconds(4)], "one")) == []


def test_a_variant_is_compared_with_itself_with_fewest_workers() -> None:
    table = runs(("spmd", 2, 1, 1, 0.9), ("spmd", 1, 1, 1, 0.95))
    points = accuracy_changes(table, [seconds(4), seconds(6, workers=1)], "spmd")
    found = {point["workers"]: (point["y"], point["speedup"]) for point in points}
    assert found == {1: (0, 1), 2: (pytest.approx(-5), 1.5)}


def test_without_a_common_seed_there_is_no_point() -> None:
    table = runs(("one", 1, 1, 1, 0.9), ("spmd", 2, 2, 1, 0.9))
    points = accuracy_changes(table, [seconds(8, "one", 1), seconds(4)], "one")
    assert [point["variant"] for point in points] == ["one"]


def compared(tmp_path: Path, **exhibit: Any) -> pd.DataFrame:
    """Tabulate an exhibit of two variants; two epochs of each are timed."""
    shown_in = experiment(one=[8], spmd=[8])
    for variant in shown_in["variants"].values():
        variant["training"] = {"epochs": 2}
    names = {"experiment": "fig2", "workers": 1}
    epochs = epochs_table(
        tmp_path,
        run_record([0.1, 0.8, 0.9], variant="one", **names),
        run_record([0.1, 0.7, 0.8], variant="spmd", **{**names, "workers": 2}),
    )
    timings = timings_table(
        tmp_path,
        timing_record([8.0], variant="one", experiment="fig4", workers=1),
        timing_record([4.0], variant="spmd", experiment="fig4", workers=2),
        prediction_record({1: 6.0}, "banana-pi-m3", variant="one", experiment="fig4"),
        prediction_record({1: 6.0, 2: 3.0}, "banana-pi-m3", variant="spmd", experiment="fig4"),
        prediction_record({1: 9.0, 2: 9.0}, "host", variant="spmd", experiment="fig4"),
    )
    shown = {"label": "Fig. 1", "title": "One", "metrics": ["test_accuracy"]}
    shown |= {"experiment": "fig2", "timing": "fig4"}
    shown |= {"series": ["variant"], "hardware": ["host", "banana-pi-m3"], **exhibit}
    return tabulate_exhibits(
        paper(exhibits={"fig": shown}, experiments={"fig2": shown_in}, timings={"fig4": shown_in}),
        epochs,
        timings,
        {"banana-pi-m3": "Banana Pi M3"},
    )


def test_epochs_and_seconds_have_panels_by_machine(tmp_path: Path) -> None:
    shown = {"chart": "time_to_accuracy", "threshold": 0.75, "x": "workers"}
    table = compared(tmp_path, **shown, panel=["metric", "hardware"])
    found = {(p, n): y for p, n, y in table[["panel", "x", "y"]].itertuples(index=False)}
    assert found == {
        ("epochs to the accuracy", 1): 1,
        ("epochs to the accuracy", 2): 2,
        ("time to the accuracy · this machine", 1): 4.0,  # an epoch takes half of what was timed
        ("time to the accuracy · this machine", 2): 4.0,
        ("time to the accuracy · Banana Pi M3", 1): 3.0,
        ("time to the accuracy · Banana Pi M3", 2): 3.0,
    }
    assert set(table["series"]) == {"ONE", "SPMD"}
    modelled = table[table["hardware"] == "banana-pi-m3"]
    assert set(modelled["source"]) == {"modelled"}
    assert set(table["unit"]) == {"epochs", "s"}


def test_changes_have_points_where_runs_and_timings_meet(tmp_path: Path) -> None:
    shown = {"chart": "accuracy_change", "against": "one", "x": "speedup", "panel": ["hardware"]}
    table = compared(tmp_path, **shown)
    rows = table[["panel", "series", "workers", "x", "y"]].to_numpy().tolist()
    assert rows == [
        ["this machine", "ONE", 1, 1.0, 0.0],
        ["this machine", "SPMD", 2, 2.0, pytest.approx(-10)],
        ["Banana Pi M3", "ONE", 1, 1.0, 0.0],
        ["Banana Pi M3", "SPMD", 2, 2.0, pytest.approx(-10)],
    ]
    assert set(table["y_name"]) == {"accuracy_change"}
