"""The sentence above a figure says what its points say."""

import pandas as pd
import synthetic_site

from reports.exhibits.headline import headline
from reports.exhibits.registry import KINDS


def of(name: str, **changes: object) -> str:
    tables = synthetic_site.tables()
    points = tables.points(name).assign(**changes)
    chart = tables.study.exhibits[name]["chart"]
    return headline(KINDS.named(chart).draw(points, tables.study)).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_along_epochs_the_lowest_and_the_highest_end_are_told() -> None:
    points = synthetic_site.tables().points("fig2")
    ours = points[(points["x"] == 20) & (points["source"] == "measured")].sort_values("y")
    low, high = (
        f"{100 * row.y:.4g} % ({row.series}; {row.panel})" for row in (ours.iloc[0], ours.iloc[-1])
    )
    said = of("fig2")
    assert "epoch 20" in said
    assert said.index(low) < said.index(high)


def test_what_is_within_the_intervals_is_said_not_to_change() -> None:
    said = of("fig4", lower=0.0, upper=100.0)
    assert "differs by no more than the intervals" in said
    assert "falls" not in said


def test_along_workers_the_course_of_the_first_series_is_told() -> None:
    said = of("fig4")
    points = synthetic_site.tables().points("fig4")
    own = points[(points["source"] == "measured") & points["y"].notna()].sort_values("x")
    low, high = own.iloc[0], own.iloc[-1]
    assert f"from {low['y']:.4g} s with 1 goroutine to {high['y']:.4g} s" in said
    assert ("falls" if high["y"] < low["y"] else "rises") in said


def test_a_level_series_is_said_to_stay() -> None:
    assert "stays at 0.5 s" in of("fig4", y=0.5)


def test_a_panel_that_is_named_after_its_metric_is_told_once() -> None:
    assert of("fig4", y=0.5, y_label="time", panel="time").startswith("Time stays")
    assert "(time)" not in of("fig4", y=0.5, y_label="time", panel="time")
    assert "(a Ryzen)." in of("fig4", y=0.5, y_label="time", panel="a Ryzen")


def test_without_points_of_ours_nothing_is_said() -> None:
    assert of("fig4", source="published") == ""


def test_one_point_makes_no_course() -> None:
    tables = synthetic_site.tables()
    points = tables.points("fig4")
    one = pd.concat([points[points["x"] == 1].head(1)])
    assert headline(KINDS.named("time_by_workers").draw(one, tables.study)) == ""
