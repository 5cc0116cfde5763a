"""The chart of the authors' passes that train and that test."""

from typing import Any

import pandas as pd
import pytest
import synthetic_authors
from msgspec import convert
from records_factory import experiment, no_epochs, no_timings, paper

from records.authors import PASSES, Authors
from records.study import Study
from reports.exhibits.drawn_exhibit import with_points
from reports.exhibits.kinds.passes_by_workers import KIND
from reports.exhibits.points import tabulate_exhibits
from reports.tables.authors import tabulate_authors
from reports.tables.tidy import table

SHOWN = {
    "label": "Authors' data",
    "title": "Trainings and tests",
    "chart": "passes_by_workers",
    "experiment": "fig4",
    "metrics": ["training_speedup", "testing_speedup"],
    "x": "workers",
    "series": ["metric"],
    "panel": ["hardware"],
    "authors": {"machines": ["ryzen"]},
}


def study(**changes: Any) -> Study:
    exhibits = {"passes": {**SHOWN, **changes}}
    return paper(exhibits=exhibits, timings={"fig4": experiment(mean=[100])})


def faults(**changes: Any) -> list[str]:
    made = study(**changes)
    return [key for key, _ in KIND.faults(KIND.read(made.exhibits["passes"]), made, ())]


@pytest.fixture(scope="module")
def points() -> pd.DataFrame:
    authors = convert(synthetic_authors.entry(), Authors)
    theirs = tabulate_authors("paper", "paper", authors, table([], PASSES))
    return tabulate_exhibits(
        study(), no_epochs(), no_timings(), {"ryzen": "A Ryzen"}, authors=theirs
    )


def test_both_kinds_of_passes_have_a_speedup_over_one_worker(points: pd.DataFrame) -> None:
    found = {
        name: dict(zip(own["x"], own["y"], strict=True)) for name, own in points.groupby("series")
    }
    assert found == {
        "speedup of training": pytest.approx({1: 1, 8: 4, 16: 5}),
        "speedup of testing": pytest.approx({1: 1, 8: 2.5, 16: 2.5}),
    }
    assert set(points["source"]) == {"authors"}
    assert set(points["panel"]) == {"A Ryzen"}


def test_speedups_lie_between_those_of_the_quartiles(points: pd.DataFrame) -> None:
    ends = points[points["series"] == "speedup of training"].set_index("x")[["lower", "upper"]]
    assert ends.loc[1].tolist() == [1, 1]
    assert ends.loc[8].tolist() == pytest.approx([4 / 1.1, 4 / 0.9])
    assert "medians of their passes with the quartiles" in KIND.draw(points, study()).remark


def test_each_kind_of_passes_is_a_line(points: pd.DataFrame) -> None:
    figure = KIND.draw(points, study())
    assert [series.name for series in figure.series] == [
        "speedup of training",
        "speedup of testing",
    ]
    assert [panel.title for panel in figure.panels] == ["A Ryzen"]


def test_it_is_drawn_without_any_run_of_ours(points: pd.DataFrame) -> None:
    assert [name for name, _ in with_points(study(), points)] == ["passes"]
    assert list(with_points(study(), points.head(0))) == []


def test_it_must_say_whose_passes_it_shows() -> None:
    assert faults() == []
    without = {key: value for key, value in SHOWN.items() if key != "authors"}
    made = paper(exhibits={"passes": without}, timings={"fig4": experiment(mean=[100])})
    assert [key for key, _ in KIND.faults(KIND.read(without), made, ())] == ["authors"]
    assert faults(metrics=["speedup"]) == ["metrics[0]"]
