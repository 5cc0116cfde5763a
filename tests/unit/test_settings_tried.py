"""The table of settings that a search tried."""

from __future__ import annotations

from records_factory import paper

from records.search import Kept, Outcome
from reports.exhibits.drawings import Models
from reports.exhibits.kinds.settings_tried import KIND, Method, Round, Tried

ENTRY = {
    "label": "Tried",
    "title": "Tried",
    "chart": "settings_tried",
    "search": "search",
    "rounds": ["short", "long"],
}
BEST = Kept(
    variant="mean-2",
    accuracy=0.9,
    values={"training": {"learning_rate": 0.1, "optimiser": None}, "options.every": {"updates": 5}},
)


def drawn(**searched: dict[str, Outcome]) -> Tried:
    assert KIND.drawing
    found = KIND.drawing(KIND.read(ENTRY), Models(paper(searched={"search": searched}), ()))
    assert isinstance(found, Tried)
    return found


def outcome(**accuracies: tuple[float | None, ...]) -> Outcome:
    return Outcome(tried=len(accuracies), kept=(BEST,), accuracies=accuracies)


def test_each_method_has_its_best_and_its_worst_and_what_was_chosen() -> None:
    short = {"mean": outcome(a=(0.5,), b=(0.9,)), "sum": outcome(a=(None,))}
    found = drawn(short=short, long={"mean": outcome(b=(0.9, 0.96))})
    mean, total = found.methods
    assert mean == Method(
        "mean",
        (Round(2, 90, 50), Round(1, 93, 93)),
        (
            ("training.learning_rate", "0.1"),
            ("training.optimiser", "none"),
            ("options.every.updates", "5"),
        ),
    )
    assert total.rounds == (Round(1, 0, 0), None)


def test_without_a_search_there_are_no_methods() -> None:
    assert drawn().methods == ()
