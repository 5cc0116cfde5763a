"""Models beside baselines, on made-up errors."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from reports.pages.model_tests import best_baseline_errors, model_tests, skills
from reports.pages.paper_tables import PaperTables


def errors(test: str = "machine", paper: str = "a", **methods: list[float | None]) -> pd.DataFrame:
    """Make up errors of methods at points of one machine, None where a method cannot be asked."""
    return pd.DataFrame(
        {
            "paper": paper,
            "against": "published",
            "machine": "old",
            "workers": workers,
            "held_out": test,
            "method": method.replace("_", "-"),
            "relative_error": error,
        }
        for method, each in methods.items()
        for workers, error in enumerate(each, start=2)
        if error is not None
    )


def papers(*tables: pd.DataFrame) -> list[PaperTables]:
    return [
        cast(
            PaperTables,
            SimpleNamespace(
                model_error=each, id=each["paper"].iloc[0], name=each["paper"].iloc[0].upper()
            ),
        )
        for each in tables
    ]


def test_the_best_baseline_leaves_the_least_skill_where_both_can_be_asked() -> None:
    made = errors(
        model=[0.1, -0.1, 0.9], ideal=[0.4, 0.4, 0.4], efficiency=[0.2, -0.2, 2.0], line=[0.05, 0.05, None]
    )  # fmt: skip
    found = skills(made)
    assert [each.baseline for each in found] == ["line", "efficiency", "ideal"]
    assert [each.value for each in found] == pytest.approx([-1.0, 0.5, 0.75])
    assert (found[0].other.points, found[0].model.median) == (2, pytest.approx(0.1))


def test_rows_lead_with_the_hard_tests_and_all_papers() -> None:
    shared: dict[str, Any] = {"model": [0.1], "unfitted": [0.3], "ideal": [0.5]}
    made = papers(
        pd.concat([errors("point", **shared), errors("machine", **shared)]),
        errors("point", paper="b", **shared),
    )
    found = model_tests(made)
    assert found is not None
    assert [(row.test.split()[1], row.paper) for row in found.rows] == [
        ("machine", "All papers"),
        ("machine", "A"),
        ("point", "All papers"),
        ("point", "A"),
        ("point", "B"),
    ]
    assert "Missed" in found.unfitted
    assert not found.beaten


def test_baselines_that_are_as_good_as_the_model_are_told() -> None:
    (table,) = papers(errors("point", model=[0.1], unfitted=[0.1], ideal=[0.5], efficiency=[0.05]))
    found = model_tests([table])
    assert found is not None
    assert len(found.beaten) == 2  # the paper, and all papers
    assert all("constant efficiency" in sentence for sentence in found.beaten)


def test_without_models_there_are_no_tests() -> None:
    assert model_tests(papers(errors(model=[0.1]).assign(against="host"))) is None


def test_the_best_baseline_stands_beside_every_point_left_out() -> None:
    made = errors("point", model=[0.1, 0.1], ideal=[0.5, 0.5], efficiency=[0.2, -0.125])
    found = best_baseline_errors(made)
    assert list(found) == [("old", 2), ("old", 3)]
    assert found["old", 3].startswith("−12.5")
