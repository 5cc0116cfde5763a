"""Which of what authors measured a model is to predict unseen, and what timings are modelled for."""

from typing import Any

import pytest
import synthetic_authors
from msgspec import UNSET, structs
from records_factory import experiment, paper

from records.study import Study
from workflow.modelled import MODELLED, known_workers, modelled_workers, unseen_times


def study(**model: Any) -> Study:
    """Return a paper that prints one worker and 8 of the three numbers that its authors timed."""
    printed = {"hardware": "ryzen", "where": "Table I"}
    return paper(
        timings={"fig4": experiment(mean=[100])},
        model={
            "timing": "fig4",
            "variant": "mean",
            "scale": {"samples": 1000, "epochs": 1},
            "parameters": ["merge_share"],
            "one_worker": [{**printed, "seconds": 10.0}],
            "points": [{**printed, "workers": 8, "speedup": 4.0}],
            "note": "Made up.",
            **model,
        },
        authors=synthetic_authors.entry(),
    )


def test_unseen_is_what_the_paper_does_not_print() -> None:
    (point,) = unseen_times(study())
    assert (point.hardware, point.workers) == ("ryzen", 16)
    assert (point.lower, point.seconds, point.upper) == pytest.approx((1.8, 2.0, 2.2))


def test_a_machine_without_printed_seconds_of_one_worker_has_nothing_to_be_relative_to() -> None:
    assert list(unseen_times(study(one_worker=[]))) == []


def test_without_data_of_authors_or_without_a_model_nothing_is_unseen() -> None:
    for without in ("authors", "model"):
        assert list(unseen_times(structs.replace(study(), **{without: UNSET}))) == []


def test_what_lists_few_times_has_no_quartiles_and_is_left_out() -> None:
    runs = synthetic_authors.entry()["runs"]
    few = [run | {"training": [2.0, 2.1]} for run in runs]
    made = study()
    again = paper(authors=synthetic_authors.entry(runs=few)).authors
    assert list(unseen_times(structs.replace(made, authors=again))) == []


def test_printed_and_unseen_numbers_of_workers_are_modelled() -> None:
    made = study(points=[{"hardware": "ryzen", "workers": 6, "speedup": 3, "where": "Table I"}])
    assert known_workers(made) == {6, 8, 16}
    variant = made.timings["fig4"].variants["mean"]
    assert modelled_workers(variant, known_workers(made)) == (1, 2, 4, 6, 8, 16, 32, 64)
    assert modelled_workers(variant, ()) == MODELLED
