"""What methods lose and cost, a row a method, in a panel each and in one table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from records_factory import epochs_table, experiment, no_timings, paper, run_record

from reports.exhibits.data_table import data_tables
from reports.exhibits.points import tabulate_exhibits
from reports.exhibits.registry import KINDS

COURSES = {
    "one": ([0.1, 0.8, 0.9], [0.1, 0.7, 0.9]),
    "mean": ([0.1, 0.6, 0.7], [0.1, 0.6, 0.8]),
    "best": ([0.1, 0.9, 0.91], [0.1, 0.8, 0.89]),
}
MEGABYTES = {"one": 0.0, "mean": 3.0, "best": 300.0}
EXHIBIT = {
    "label": "Methods",
    "title": "Methods",
    "chart": "methods",
    "experiment": "fig2",
    "metrics": ["test_accuracy"],
    "series": ["variant"],
    "panel": ["metric"],
    "against": "one",
    "threshold": 0.75,
}


@pytest.fixture
def rows(tmp_path: Path) -> pd.DataFrame:
    found = [
        run_record(accuracies, variant=name, seed=seed, workers=1 if name == "one" else 10)
        for name, courses in COURSES.items()
        for seed, accuracies in enumerate(courses, start=1)
    ]
    epochs = epochs_table(tmp_path, *found)
    moved = epochs[epochs["metric"] == "test_accuracy"]
    moved = moved.assign(metric="megabytes_moved", value=moved["variant"].map(MEGABYTES))
    study = paper(
        exhibits={"methods": EXHIBIT},
        experiments={"fig2": experiment(**{name: [8] for name in COURSES})},
    )
    return tabulate_exhibits(study, pd.concat([epochs, moved]), no_timings(), {})


def test_each_method_has_all_its_numbers(rows: pd.DataFrame) -> None:
    found = rows.pivot_table(index="variant", columns="y_name", values="y")
    assert found["test_accuracy"].to_dict() == pytest.approx(
        {"one": 0.9, "mean": 0.75, "best": 0.9}
    )
    assert found["accuracy_lost"].to_dict() == pytest.approx({"one": 0, "mean": 15, "best": 0})
    assert found["megabytes_moved"].to_dict() == MEGABYTES
    assert found["epochs_to_accuracy"].to_dict() == {"one": 1, "mean": 2, "best": 1}


def test_the_table_has_a_row_a_method_the_best_first(rows: pd.DataFrame) -> None:
    figure = KINDS.named("methods").draw(rows, paper())
    assert len(figure.panels) == 3
    (table,) = data_tables(figure)
    assert {name for name, _ in table.rows} == {"ONE", "MEAN", "BEST"}
    assert table.rows[-1][0] == "MEAN"
    assert len(table.columns) == 4
    accuracy, *_ = table.rows[-1][1]
    assert accuracy.value == "75\N{NO-BREAK SPACE}%"


def test_what_never_gets_there_has_no_epochs(rows: pd.DataFrame) -> None:
    late = rows[(rows["variant"] == "mean") & (rows["y_name"] == "epochs_to_accuracy")].index
    rows.loc[late, "y"] = None
    (table,) = data_tables(KINDS.named("methods").draw(rows, paper()))
    assert table.rows[-1][1][-1].value == "–"
