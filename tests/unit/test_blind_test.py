"""What the page about machines says of data that the models have not seen."""

from dataclasses import replace

import pandas as pd
import pytest
import synthetic_authors
import synthetic_site
from msgspec import UNSET, convert, structs

from records.authors import Authors
from reports.exhibits.hardware_charts import unseen_validation
from reports.pages.absolute_times import absolute_times
from reports.pages.blind_test import blind_tests
from reports.pages.model_summary import other_campaigns
from reports.pages.paper_tables import PaperTables
from reports.pages.test_passes import scaling_pairs, told
from reports.tables.model_error import METHODS

TITLES = {"ryzen": "A Ryzen"}


@pytest.fixture(scope="module")
def paper() -> PaperTables:
    return synthetic_site.tables()


def authors(**changes: object) -> Authors:
    return convert(synthetic_authors.entry(**changes), Authors)


def alone(paper: PaperTables) -> PaperTables:
    """Return the paper as if its authors had left nothing."""
    errors = paper.model_error[paper.model_error["against"] != "authors"]
    study = structs.replace(paper.study, authors=UNSET)
    return replace(paper, study=study, model_error=errors)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_every_method_is_scored_beside_the_difference_of_campaigns(paper: PaperTables) -> None:
    (test,) = blind_tests([paper], TITLES)
    assert (test.paper, test.model.points) == ("Kalwarowskyj & Schikuta", 2)
    assert test.within == 1  # of errors of 10 % and 2 %, beside 7 %
    assert plain(test.nearest) == (
        "The smallest median error: fitted model on the A Ryzen (6 %). "
        "The smallest worst error: fitted model on the A Ryzen (10 %)."
    )
    assert (test.model.median, test.model.worst) == pytest.approx((0.06, 0.1))
    assert (test.seconds.median, test.seconds.worst) == pytest.approx(
        ((1 - 1 / 1.1 + 5 / 4.9 - 1) / 2, 1 - 1 / 1.1)
    )
    found = [(score.machine, score.method, round(score.summary.worst, 6)) for score in test.scores]
    assert found == [
        ("A Ryzen", name, worst)
        for name, worst in zip(METHODS.values(), (0.1, 0.2, 1.0), strict=True)
    ]
    assert {plain(score.campaigns) for score in test.scores} == {"7 %"}


def test_machines_are_scored_together_and_each_on_its_own(paper: PaperTables) -> None:
    theirs = paper.model_error[paper.model_error["against"] == "authors"]
    nearer = theirs.assign(machine="other", campaign_difference=0.2, relative_error=0.01)
    nearer["relative_error"] *= nearer["method"].map({"model": 3, "line": 2, "unfitted": 1})
    both = replace(paper, model_error=pd.concat([paper.model_error, nearer]))
    (test,) = blind_tests([both], {**TITLES, "other": "other machine"})
    scopes = [
        (score.machine, score.summary.points, plain(score.campaigns)) for score in test.scores
    ]
    assert scopes[::3] == [("all", 4, "–"), ("A Ryzen", 2, "7 %"), ("other machine", 2, "20 %")]
    assert plain(test.nearest) == (
        "The smallest median error: fitted model on the A Ryzen (6 %), "
        "cores and threads alone on the other machine (1 %). "
        "The smallest worst error: fitted model on the A Ryzen (10 %), "
        "cores and threads alone on the other machine (1 %)."
    )


def test_every_unseen_point_is_listed_with_its_predictions(paper: PaperTables) -> None:
    (test,) = blind_tests([paper], TITLES)
    first = test.rows[0]
    assert [row.workers for row in test.rows] == [8, 16]
    assert (first.observed.value, first.observed.note) == ("4", "3.6 to 4.4")
    assert [cell.value for cell in first.predictions] == ["4.4", "3.2", "8"]
    assert [plain(cell.note) for cell in first.predictions] == ["+10.0 %", "−20.0 %", "+100.0 %"]
    assert plain(first.campaigns) == "7 %"
    assert (first.seconds.value, first.predicted_seconds.value) == ("2.505", "2.277")


def test_what_the_authors_measured_stands_beside_what_predicts_it(paper: PaperTables) -> None:
    figure = unseen_validation([paper], TITLES)
    assert figure is not None
    assert [panel.title for panel in figure.panels] == ["Kalwarowskyj & Schikuta: A Ryzen"]
    theirs = figure.points[figure.points["source"] == "authors"]
    assert theirs[["x", "y", "lower", "upper"]].to_numpy().tolist() == [
        pytest.approx([8, 4.0, 3.6, 4.4]),
        pytest.approx([16, 5.0, 4.5, 5.5]),
    ]
    printed = figure.points[figure.points["source"] == "published"]
    assert printed[["x", "y"]].to_numpy().tolist() == [[4, 3.6], [64, 11.1]]
    modelled = figure.points[figure.points["source"] == "modelled"]
    assert set(modelled["name"]) == set(METHODS.values())


def test_a_paper_whose_authors_left_nothing_has_no_blind_test(paper: PaperTables) -> None:
    without = alone(paper)
    assert list(blind_tests([without], TITLES)) == []
    assert unseen_validation([without], TITLES) is None
    assert list(absolute_times([without], TITLES, synthetic_site.provenance()["datasets"])) == []


def test_how_far_campaigns_lie_apart_is_told_once_for_each_machine() -> None:
    assert plain(other_campaigns(authors(), TITLES)) == (
        "Speed-ups of other campaigns of the authors differ from these by 7 to 15 % on the A Ryzen "
        "(an earlier campaign)."
    )
    assert other_campaigns(authors(campaign_difference=[]), TITLES) == ""


def test_absolute_times_are_of_a_weight_and_a_sample(paper: PaperTables) -> None:
    datasets = synthetic_site.provenance()["datasets"]
    theirs, ours = absolute_times([paper], TITLES, datasets)
    # 10 seconds, 1000 samples, 784 · 100 + 100 · 10 weights
    assert (theirs.machine, theirs.source, theirs.layers) == ("A Ryzen", "authors", "784-100-10")
    assert (theirs.samples, theirs.nanoseconds) == (1000, "125.9")
    epochs = paper.study.timings["fig4"].variants["spmd-once"].training.epochs
    assert (ours.machine, ours.source, ours.layers) == ("this machine", "measured", "784-256-10")
    assert ours.samples == 1437 * epochs
    assert ours.times_ours == ""
    assert float(theirs.times_ours) == pytest.approx(
        float(theirs.nanoseconds) / float(ours.nanoseconds), rel=1e-3
    )


def test_tests_that_scale_worse_say_that_merging_is_not_all() -> None:
    pairs = [(pair.workers, pair.training, pair.testing) for pair in scaling_pairs(authors())]
    assert pairs == [(8, 4.0, 2.5), (16, 5.0, 2.5)]
    found = told(authors(), TITLES)
    assert "at 2 of 2 numbers of workers" in found
    assert "5.00 and 2.50 with 16 workers on the A Ryzen" in found
    assert found.endswith("not merging alone.")


def test_tests_that_scale_as_well_leave_merging_as_the_cause() -> None:
    runs = [run | {"testing": run["training"]} for run in synthetic_authors.entry()["runs"]]
    assert told(authors(runs=runs), TITLES).endswith(
        "may be all that does not scale in a training."
    )


def test_without_timed_tests_nothing_is_said_of_them() -> None:
    runs = [
        {key: value for key, value in run.items() if key != "testing"}
        for run in synthetic_authors.entry()["runs"]
    ]
    assert told(authors(runs=runs), TITLES) == ""
