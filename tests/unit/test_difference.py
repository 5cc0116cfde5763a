"""How far our numbers are from those that a paper prints."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import synthetic_site

from reports.exhibits.composition import complete
from reports.exhibits.difference import difference
from reports.exhibits.figure import Figure, Panel
from reports.exhibits.registry import KINDS


def figure(exhibit: str) -> Figure:
    tables = synthetic_site.tables()
    kind = KINDS.named(tables.study.exhibits[exhibit]["chart"])
    return kind.draw(tables.points(exhibit), tables.study)


def row(**values: Any) -> dict[str, Any]:
    usual = {"panel": "", "series": "one", "name": "one", "workers": 1, "x": 1, "x_name": "epoch"}
    return {**usual, "y_name": "m", "y_label": "m", "lower": None, "upper": None, **values}


def drawn(*rows: dict[str, Any]) -> Figure:
    empty = {"where": "", "hardware": "", "mark": "", "oversubscribed": False}
    table = complete(pd.DataFrame([{**empty, **each} for each in rows]))
    return Figure((), (Panel("", None, ""),), table)  # type: ignore[arg-type]


def test_percentages_differ_by_points_and_other_numbers_by_a_share_of_the_printed_one() -> None:
    found = difference(
        drawn(
            row(source="measured", y=0.93, lower=0.92, upper=0.95, unit="fraction"),
            row(source="published", y=0.94, unit="fraction"),
            row(source="measured", y=3.0, unit="×", y_name="n", name="two", x=2),
            row(source="published", y=2.0, unit="×", y_name="n", name="two", x=2),
        )
    )
    assert found is not None
    assert found.points["y"].tolist() == pytest.approx([-1, 50])
    assert found.points.iloc[0][["lower", "upper"]].tolist() == pytest.approx([-2, 1])
    assert found.points["unit"].tolist() == ["points", "%"]
    assert len(found.panels) == 2


def test_a_printed_number_of_a_machine_is_compared_with_that_machine_alone() -> None:
    place = {"unit": "s", "y_name": "seconds", "name": "pi"}
    found = difference(
        drawn(
            row(source="measured", y=1.0, **place, hardware="host"),
            row(source="modelled", y=9.0, **place, hardware="pi"),
            row(source="published", y=10.0, **place, hardware="pi"),
        )
    )
    assert found is not None
    assert found.points["y"].tolist() == pytest.approx([-10])
    assert found.points["name"].tolist() == ["modelled"]


@pytest.mark.parametrize(
    "rows",
    [
        [row(source="measured", y=0.9, unit="fraction")],
        [row(source="published", y=0.9, unit="fraction")],
        [row(source="measured", y=3.0, unit="s"), row(source="published", y=0.0, unit="s")],
    ],
    ids=["nothing printed", "nothing of ours", "a share of zero"],
)
def test_without_two_numbers_at_a_place_there_is_none(rows: list[dict[str, Any]]) -> None:
    assert difference(drawn(*rows)) is None


def test_each_reading_of_a_printed_number_has_a_dot_in_its_row() -> None:
    found = difference(figure("fig2"))
    assert found is not None
    by_row = found.points.groupby("panel")["name"].apply(set)
    assert len(by_row) > 1
    assert {len(names) for names in by_row} == {2}  # the two readings
