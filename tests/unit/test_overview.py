"""The index's first figure: speed-ups and changes of accuracy, a line a method."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from records_factory import (
    epochs_table,
    experiment,
    paper,
    prediction_record,
    run_record,
    timing_record,
    timings_table,
)

from reports.pages.overview import overview, overview_points
from reports.pages.paper_tables import TABLES, PaperTables
from reports.tables.tidy import table

LINE = {
    "shared": "data, merged every epoch",
    "experiment": "fig2",
    "variant": "spmd",
    "timing": "fig4",
    "hardware": "banana-pi-m3",
}


def study(tmp_path: Path, **line: Any) -> PaperTables:
    """Make up a paper: with 4 workers its method is twice as fast, and two points less accurate."""
    runs = [
        run_record([0.1, accuracy + seed / 100], variant=variant, workers=workers, seed=seed)
        for variant, workers, accuracy in (("spmd", 1, 0.9), ("spmd", 4, 0.88), ("one", 1, 0.91))
        for seed in (1, 2, 3)
    ]
    timed = [
        timing_record([seconds], variant=variant, workers=workers)
        for variant, workers, seconds in (("spmd", 1, 8.0), ("spmd", 4, 4.0), ("one", 1, 6.0))
    ]
    modelled = {
        variant: prediction_record(seconds, "banana-pi-m3", variant=variant, experiment="fig4")
        for variant, seconds in (("spmd", {1: 9.0, 4: 3.0, 8: 2.0}), ("one", {1: 6.0}))
    }
    entries = experiment(spmd=[8], one=[8])
    found = paper(
        experiments={"fig2": entries},
        timings={"fig4": entries},
        overview=[{**LINE, **line}],
    )
    tables = {name: table([], columns) for name, columns in TABLES.items()}
    tables["epochs"] = epochs_table(tmp_path, *runs)
    tables["timings"] = timings_table(tmp_path, *timed, *modelled.values())
    return PaperTables(found, **tables)


def points(made: PaperTables) -> dict[tuple[str, int], tuple[float, float]]:
    rows = overview_points([made]).to_dict("records")
    return {
        (row["source"], row["workers"]): (round(row["x"], 3), round(row["y"], 3)) for row in rows
    }


def test_a_method_is_compared_with_its_fewest_workers(tmp_path: Path) -> None:
    assert points(study(tmp_path)) == {
        ("measured", 1): (1, 0),
        ("measured", 4): (2, -2),
        ("modelled", 1): (1, 0),
        ("modelled", 4): (3, -2),  # nothing was trained with 8
    }


def test_or_with_one_network_that_is_named(tmp_path: Path) -> None:
    found = points(study(tmp_path, against="one", faster_than="one"))
    assert found == {
        ("measured", 1): (0.75, -1),
        ("measured", 4): (1.5, -3),
        ("modelled", 1): (0.667, -1),
        ("modelled", 4): (2, -3),
    }


def test_one_worker_alone_is_no_line(tmp_path: Path) -> None:
    made = study(tmp_path)
    timed = (made.timings["source"] == "measured") & (made.timings["workers"] == 4)
    assert timed.any()
    assert points(replace(made, timings=made.timings[~timed])).keys() == {
        ("modelled", 1),
        ("modelled", 4),
    }


def test_what_is_printed_stands_beside_it(tmp_path: Path) -> None:
    printed = {"workers": 4, "speedup": 3.5, "change": -1, "where": "Table I"}
    found = points(study(tmp_path, published=[printed]))
    assert found["published", 4] == (3.5, -1)


def test_the_figure_has_a_panel_for_here_and_one_for_there(tmp_path: Path) -> None:
    figure = overview([study(tmp_path)])
    assert figure is not None
    assert [panel.title for panel in figure.panels] == [
        "measured here",
        "on the papers’ machines: modelled, and published",
    ]
    assert [entry.name for entry in figure.legend] == ["data, merged every epoch"]
    assert figure.headline == (
        "Splitting the data costs up to 2.0 points of accuracy (Paper, 4 workers)."
    )


def test_without_lines_there_is_no_figure(tmp_path: Path) -> None:
    made = study(tmp_path)
    assert overview([replace(made, study=paper())]) is None
