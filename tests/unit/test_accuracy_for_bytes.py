"""The accuracy that is lost for the bytes that merges move, and what no other betters in both."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from records_factory import epochs_table, experiment, no_timings, paper, run_record

from reports.exhibits.front import on_front
from reports.exhibits.points import tabulate_exhibits
from reports.exhibits.registry import KINDS

MOVED = {"often": 40.0, "seldom": 4.0, "never": 0.0}
ACCURACIES = {
    "one": [0.98, 0.97],
    "often": [0.97, 0.96],
    "seldom": [0.95, 0.96],
    "never": [0.5, 0.5],
}
EXHIBIT = {
    "label": "Bytes",
    "title": "Bytes",
    "chart": "accuracy_for_bytes",
    "experiment": "fig2",
    "metrics": ["test_accuracy"],
    "x": "megabytes",
    "series": ["workers"],
    "against": "one",
}


def made(tmp_path: Path) -> pd.DataFrame:
    """Tabulate the exhibit of one network, and of three that merge often, seldom and never."""
    found = [
        run_record([0.1, accuracy], variant=name, seed=seed, workers=1 if name == "one" else 10)
        for name, accuracies in ACCURACIES.items()
        for seed, accuracy in enumerate(accuracies, start=1)
    ]
    epochs = epochs_table(tmp_path, *found)
    tests = epochs[(epochs["metric"] == "test_accuracy") & epochs["variant"].isin(MOVED)]
    moved = tests.assign(metric="megabytes_moved", value=tests["variant"].map(MOVED))
    study = paper(
        exhibits={"bytes": EXHIBIT},
        experiments={"fig2": experiment(**{name: [8] for name in ACCURACIES})},
    )
    return tabulate_exhibits(study, pd.concat([epochs, moved]), no_timings(), {})


def test_losses_are_paired_by_seed_and_stand_at_their_bytes(tmp_path: Path) -> None:
    rows = made(tmp_path)
    found = {row["variant"]: (row["x"], row["y"]) for row in rows.to_dict("records")}
    assert found == {"often": (40, pytest.approx(1)), "seldom": (4, pytest.approx(2))}
    assert set(rows["series"]) == {"10 workers"}
    assert set(rows["unit"]) == {"points"}


def test_the_figure_names_what_nothing_betters(tmp_path: Path) -> None:
    rows = made(tmp_path)
    figure = KINDS.named("accuracy_for_bytes").draw(rows, paper())
    assert "seldom, often" in figure.remark
    assert len(figure.panels) == 1


def test_what_costs_more_and_loses_more_is_not_on_the_front() -> None:
    points = pd.DataFrame({"x": [1, 2, 3, 4, 1], "y": [3, 3, 1, 2, 5], "name": list("abcde")})
    assert list(on_front(points)["name"]) == ["a", "c"]
