import ast
import datetime
import json
import operator
from pathlib import Path
from typing import Any, get_args

import msgspec
import numpy as np
import pandas as pd
import pytest
from msgspec import structs
from records_factory import (
    dataset_record,
    epochs_table,
    fitted,
    model_point,
    no_epochs,
    no_timings,
    paper,
    prediction_record,
    run_record,
    timed_paper,
    timing_record,
    timings_table,
    write,
    write_list,
)

from records.check import Expectation as Stated
from records.check import Measure
from records.errors import InputError
from records.record import write_record
from records.registration import Registered
from reports import cli
from reports.tables.authors import COLUMNS as AUTHORS
from reports.tables.model_error import COLUMNS as MODEL_ERROR
from reports.tables.model_error import tabulate_model_error
from reports.tables.tidy import table, write_table
from reports.verdicts.claims import COLUMNS, judge_claims
from reports.verdicts.curves import Evidence
from reports.verdicts.expectations import Expectation
from reports.verdicts.measures import MEASURES
from reports.verdicts.scoreboard import headline_verdicts
from workflow.documents import read_yaml

ROOT = Path(__file__).parents[2]
STUDIES = sorted(
    path for kind in ("papers", "comparisons") for path in (ROOT / "config" / kind).glob("*.yaml")
)
FINAL = {
    "measure": "value",
    "of": {"experiment": "fig2", "metric": "test_accuracy", "variant": "reading"},
    "at": 1,
}


def claim(expect: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "AB-C01",
        "kind": "accuracy",
        "strength": "quantitative",
        "where": "Section 1",
        "statement": "It is right.",
        "readings": ["spmd"],
        "checks": [{"name": "accuracy", "test": FINAL, "expect": expect}],
        **more,
    }


def evidence(folder: Path, *accuracies: float) -> Evidence:
    """One run a seed, each with this accuracy after its one epoch."""
    records = [run_record([0.1, y], seed=seed) for seed, y in enumerate(accuracies, start=1)]
    return Evidence(epochs_table(folder, *records), no_timings())


def around(middle: float, scatter: float = 0.01, seeds: int = 5) -> list[float]:
    """Numbers about a middle, evenly scattered."""
    return [float(each) for each in np.linspace(middle - scatter, middle + scatter, seeds)]


def verdict(stated: dict[str, Any], found: Evidence) -> dict[str, Any]:
    table = judge_claims(paper(claims=[stated]), found)
    assert len(table) == 1
    return dict(table.iloc[0])


@pytest.mark.parametrize(
    ("expect", "inside", "outside"),
    [
        ({"equal": 12, "within": 2}, [10, 12, 14], [9.9, 14.1]),
        ({"equal": 0.2}, [0.3 - 0.1], [0.21]),
        ({"between": [0, 1]}, [0, 0.5, 1], [-0.1, 1.1]),
        ({"at_least": 0.9}, [0.9, float("inf")], [0.89]),
        ({"at_most": 1}, [1, -5], [1.1, float("inf")]),
        ({"at_most": 0.1}, [0.10000000000000002], [0.1000001]),
        ({"above": 0}, [0.1, float("inf")], [0, -1]),
        ({"below": 0}, [-0.1], [0, 1]),
    ],
)
def test_an_expectation_is_a_stretch_of_the_number_line(
    expect: dict[str, Any], inside: list[float], outside: list[float]
) -> None:
    expectation = Expectation.of(msgspec.convert(expect, Stated))
    assert all(expectation.holds(number) for number in inside)
    assert not any(expectation.holds(number) for number in outside)


def test_an_expectation_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="expect: "):
        Expectation.of(Stated())


def test_a_claim_whose_checks_hold_is_reproduced(tmp_path: Path) -> None:
    row = verdict(
        claim({"at_least": 0.9}, published={"value": 0.92, "unit": "fraction"}, exhibit="fig2"),
        evidence(tmp_path, *around(0.96)),
    )
    assert row["verdict"] == "reproduced"
    assert row["reason"].startswith("✓ accuracy: ")
    assert [
        word for word in ("90 %", "96 %", "95.02 %", "96.98 %") if word not in row["reason"]
    ] == []
    assert (row["ours"], row["published"], row["unit"]) == (pytest.approx(0.96), 0.92, "fraction")
    assert (row["seeds"], row["reading"], row["source"]) == ("5", "spmd", "measured")
    assert json.loads(row["interval"]) == pytest.approx([0.9501837, 0.9698163])
    assert (row["deviation"], row["deviation_unit"]) == (
        pytest.approx(0.04),
        "difference of fractions",
    )
    assert (row["nature"], row["decides"]) == ("substantive", "yes")
    assert row["evidence"] == (tmp_path / "runs/paper/fig2/spmd").as_posix()


def test_what_fractions_differ_by_is_told_in_points(tmp_path: Path) -> None:
    gain = {"difference": [FINAL, {**FINAL, "at": 0}]}
    stated = claim({"equal": 0.8, "within": 0.01})
    stated["checks"][0]["test"] = gain
    row = verdict(stated, evidence(tmp_path, 0.9))
    assert row["unit"] == "difference of fractions"
    assert row["reason"].count("80 points") == 2
    assert "± 1 point" in row["reason"]


def test_an_interval_ends_where_its_number_can_be_no_larger(tmp_path: Path) -> None:
    """Accuracies rise from epoch to epoch in four runs of five, and nearly so in the last."""
    courses = [[0.1, 0.2, 0.3, 0.4, 0.5]] * 4 + [[0.1, 0.3, 0.2, 0.4, 0.5]]
    runs = [run_record(course, seed=seed) for seed, course in enumerate(courses, start=1)]
    stated = claim({"at_least": 0.9})
    of = FINAL["of"]
    stated["checks"][0]["test"] = {"measure": "rank_correlation", "of": of}
    row = verdict(stated, Evidence(epochs_table(tmp_path, *runs), no_timings()))
    low, high = json.loads(row["interval"])
    assert 0.9 < low < row["ours"] < high == 1


@pytest.mark.parametrize("middle", [0.899, 0.901])
def test_an_interval_across_a_limit_is_undecided_on_whichever_side_the_mean_is(
    tmp_path: Path, middle: float
) -> None:
    row = verdict(claim({"at_least": 0.9}), evidence(tmp_path, *around(middle)))
    assert row["verdict"] == "undecided"
    assert row["reason"].startswith("~ accuracy: ")


@pytest.mark.parametrize(
    ("seeds", "words"), [(1, "1 seed, and 5 decide"), (4, "4 seeds, and 5 decide")]
)
def test_too_few_seeds_decide_nothing(tmp_path: Path, seeds: int, words: str) -> None:
    row = verdict(claim({"at_least": 0.9}), evidence(tmp_path, *around(0.99, 0.001, seeds)))
    assert row["verdict"] == "undecided"
    assert words in row["reason"]


@pytest.mark.parametrize(("seeds", "found"), [(9, "undecided"), (10, "reproduced")])
def test_whether_there_is_an_effect_at_all_takes_ten_seeds(
    tmp_path: Path, seeds: int, found: str
) -> None:
    stated = claim({"above": 0})
    stated["checks"][0]["test"] = {"difference": [FINAL, {**FINAL, "at": 0}]}
    row = verdict(stated, evidence(tmp_path, *around(0.9, seeds=seeds)))
    assert row["verdict"] == found


def test_that_a_number_is_nothing_but_zero_takes_five(tmp_path: Path) -> None:
    found = evidence(tmp_path, *around(0, scatter=0))
    assert verdict(claim({"equal": 0}), found)["verdict"] == "reproduced"


def test_a_claim_whose_trend_alone_holds(tmp_path: Path) -> None:
    trend = [{"name": "better than chance", "test": FINAL, "expect": {"above": 0.1}}]
    stated = claim({"equal": 0.9, "within": 0.01}, trend=trend)
    row = verdict(stated, evidence(tmp_path, *around(0.5)))
    assert row["verdict"] == "trend only"
    assert row["reason"] == (
        "✕ accuracy: expected 90 % ± 1 point, found 50 % (95 % interval 49.02 % to 50.98 %). The trend holds."
        " ✓ better than chance: expected above 10 %, found 50 % (95 % interval 49.02 % to 50.98 %)."
    )
    assert row["ours"] == 0.5


TREND = [{"name": "t", "test": FINAL, "expect": {"above": 0.6}}]


@pytest.mark.parametrize("trend", [{}, {"trend": TREND}])
def test_a_claim_that_does_not_hold_is_contradicted(tmp_path: Path, trend: dict[str, Any]) -> None:
    row = verdict(claim({"at_least": 0.9}, **trend), evidence(tmp_path, *around(0.5)))
    assert row["verdict"] == "contradicted"


def test_a_claim_whose_trend_is_open_is_undecided(tmp_path: Path) -> None:
    row = verdict(claim({"at_least": 0.9}, trend=TREND), evidence(tmp_path, *around(0.599)))
    assert row["verdict"] == "undecided"


def test_what_fails_where_something_of_ours_stands_in_does_not_transfer(tmp_path: Path) -> None:
    stated = claim({"at_least": 0.9}, stands_in="The paper gives no learning rate.")
    row = verdict(stated, evidence(tmp_path, *around(0.5)))
    assert row["verdict"] == "does not transfer here"
    assert row["reason"].startswith("The paper gives no learning rate. ✕ ")
    assert verdict(stated, evidence(tmp_path, *around(0.95)))["verdict"] == "reproduced"


def test_a_contradiction_must_outlast_the_number_of_claims(tmp_path: Path) -> None:
    found = evidence(tmp_path, *around(0.89))
    alone = claim({"at_least": 0.9})
    assert verdict(alone, found)["verdict"] == "contradicted"
    many = [{**claim({"at_least": 0.1}), "id": f"AB-C{place:02}"} for place in range(2, 12)]
    judged = judge_claims(paper(claims=[alone, *many]), found)
    assert list(judged["verdict"]) == ["undecided", *["reproduced"] * 10]
    assert "corrected for 11 claims" in judged["reason"][0]


def test_what_is_so_by_definition_is_told_apart(tmp_path: Path) -> None:
    stated = claim({"at_least": 0.9}, by_definition="Our build has it so.")
    assert verdict(stated, evidence(tmp_path, *around(0.95)))["nature"] == "by definition"


def test_all_checks_must_hold(tmp_path: Path) -> None:
    stated = claim({"at_least": 0.4})
    stated["checks"] += [{"name": "second", "test": FINAL, "expect": {"below": 0.4}}]
    row = verdict(stated, evidence(tmp_path, *around(0.5)))
    assert row["verdict"] == "contradicted"
    assert row["reason"].startswith("✓ accuracy: ")
    assert "✕ second: " in row["reason"]


def test_a_trend_that_repeats_a_check_is_told_once(tmp_path: Path) -> None:
    stated = claim({"at_least": 0.9})
    row = verdict({**stated, "trend": stated["checks"]}, evidence(tmp_path, *around(0.5)))
    assert row["reason"].count("✕ accuracy: ") == 1


def test_a_missing_run_is_named(tmp_path: Path) -> None:
    row = verdict(claim({"at_least": 0.9}, readings=["shadow"]), evidence(tmp_path, 0.95))
    assert row["verdict"] == "not testable here"
    assert "fig2/shadow" in row["reason"]
    assert pd.isna(row["ours"])


def test_a_diverged_run_is_named(tmp_path: Path) -> None:
    record = {**run_record([0.1, 0.2, 0.3]), "status": "diverged", "diverged_at": 2}
    row = verdict(claim({"at_least": 0.9}), Evidence(epochs_table(tmp_path, record), no_timings()))
    assert row["verdict"] == "not testable here"
    assert "diverged" in row["reason"]
    assert "workers 1, seed 1" in row["reason"]


def test_a_threshold_never_reached_has_no_number(tmp_path: Path) -> None:
    stated = claim({"at_most": 1})
    of = FINAL["of"]
    stated["checks"][0]["test"] = {"measure": "first_reaching", "of": of, "threshold": 0.99}
    row = verdict(stated, evidence(tmp_path, *around(0.5)))
    assert row["verdict"] == "contradicted"
    assert "never" in row["reason"]
    assert "5 of 5" in row["reason"]
    assert pd.isna(row["ours"])
    assert row["unit"] == "epochs"
    some = verdict(stated, evidence(tmp_path / "some", *around(0.5), 0.995))
    assert some["verdict"] == "undecided"
    assert "5 of 6" in some["reason"]


def test_each_reading_has_its_row_and_the_first_decides(tmp_path: Path) -> None:
    records = [
        run_record([0.1, accuracy], variant=variant, seed=seed)
        for variant, middle in (("spmd", 0.95), ("shadow", 0.5))
        for seed, accuracy in enumerate(around(middle), start=1)
    ]
    found = Evidence(epochs_table(tmp_path, *records), no_timings())
    for readings, decided in (
        (["spmd", "shadow"], "reproduced"),
        (["shadow", "spmd"], "contradicted"),
    ):
        stated = claim({"at_least": 0.9}, readings=readings)
        judged = judge_claims(paper(claims=[stated]), found)
        assert dict(zip(judged["reading"], judged["verdict"], strict=True)) == {
            "spmd": "reproduced",
            "shadow": "contradicted",
        }
        headline = headline_verdicts(judged)
        assert list(headline["verdict"]) == [decided]


def test_a_published_number_is_counted_once(tmp_path: Path) -> None:
    again = {**claim({"at_least": 0.8}, counted_with="AB-C01"), "id": "AB-C02"}
    stated = [claim({"at_least": 0.9}), again]
    judged = judge_claims(paper(claims=stated), evidence(tmp_path, *around(0.95)))
    assert list(judged["verdict"]) == ["reproduced"] * 2
    assert list(headline_verdicts(judged)["id"]) == ["AB-C01"]


def test_what_an_earlier_rule_said_stands_beside_the_verdict(tmp_path: Path) -> None:
    since = datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC)
    known = Registered(since=since, revisions=(), in_force=True, earlier="contradicted")
    study = structs.replace(paper(claims=[claim({"at_least": 0.9})]), registered={"AB-C01": known})
    row = judge_claims(study, evidence(tmp_path, *around(0.95))).iloc[0]
    assert (row["verdict"], row["earlier"]) == ("reproduced", "contradicted")


def test_an_opinion_is_listed_unjudged() -> None:
    stated = claim({"above": 0}, strength="opinion")
    del stated["checks"], stated["readings"]
    row = verdict(stated, Evidence(no_epochs(), no_timings()))
    assert (row["verdict"], row["reason"]) == ("", "opinion")


def test_a_claim_that_nothing_can_decide_says_why() -> None:
    stated = claim({"above": 0}, not_testable="It is about Go.")
    row = verdict(stated, Evidence(no_epochs(), no_timings()))
    assert (row["verdict"], row["reason"]) == ("not testable here", "It is about Go.")


def test_a_claim_is_judged_in_its_editions_alone(tmp_path: Path) -> None:
    stated = claim({"at_least": 0.9}, editions=["paper"])
    edition = {"name": "sample", "title": "Sample", "notice": "", "datasets": {}}
    sample = paper(claims=[stated], edition=edition)
    found = evidence(tmp_path, *around(0.95))
    row = judge_claims(sample, found).iloc[0]
    assert row["verdict"] == "not testable here"
    assert "paper edition" in row["reason"]
    assert verdict(stated, found)["verdict"] == "reproduced"


SPEEDUP = {"experiment": "fig4", "metric": "speedup"}


def test_a_timing_rests_on_repeats(tmp_path: Path) -> None:
    one, four = timing_record([8.0] * 5), timing_record([2.0, 2.01, 1.99, 2.02, 1.98], workers=4)
    times = timings_table(tmp_path, one, four)
    stated = claim({"at_least": 3.9})
    stated["checks"][0]["test"] = {"measure": "value", "of": SPEEDUP, "at": "cores"}
    row = verdict(stated, Evidence(no_epochs(), times))
    assert (row["verdict"], row["unit"]) == ("reproduced", "×")
    assert row["ours"] == pytest.approx(4.0, abs=0.01)
    assert pd.isna(row["seeds"])
    few = timings_table(tmp_path / "few", timing_record([8.0]), timing_record([2.0], workers=4))
    row = verdict(stated, Evidence(no_epochs(), few))
    assert row["verdict"] == "undecided"
    assert "1 repeat, and 5 decide" in row["reason"]


def modelled(tmp_path: Path, *left_out: float) -> Evidence:
    """A model that says 4 for four workers, and what it said of published speed-ups of 4 that it had not seen."""
    times = timings_table(tmp_path, timing_record([8.0]), prediction_record({1: 16.0, 4: 4.0}))
    points = [model_point(4, observed=4.0, left_out=said) for said in left_out]
    errors = tabulate_model_error(timed_paper(), times, [fitted(tmp_path, *points)])
    return Evidence(no_epochs(), times, errors)


@pytest.mark.parametrize(
    ("left_out", "found"),
    [
        ((4.1, 4.0, 3.9, 4.05), "reproduced"),
        ((5.5, 4.0, 3.9, 3.0), "undecided"),
        ((4.0, 4.01), "undecided"),
    ],
)
def test_a_modelled_number_is_as_sure_as_the_model_was_at_points_it_had_not_seen(
    tmp_path: Path, left_out: tuple[float, ...], found: str
) -> None:
    stated = claim({"at_least": 3.5})
    of = {**SPEEDUP, "hardware": "banana-pi-m3"}
    stated["checks"][0]["test"] = {"measure": "value", "of": of, "at": 4}
    row = verdict(stated, modelled(tmp_path, *left_out))
    assert row["verdict"] == found
    assert (row["ours"], row["source"], row["nature"]) == (4.0, "modelled", "modelled")
    assert "4 × (modelled" in row["reason"]


def test_without_published_times_a_model_is_as_sure_as_it_was_on_this_machine(
    tmp_path: Path,
) -> None:
    """Here three and more workers took a tenth longer than was modelled, or a tenth less."""
    there = prediction_record({1: 16.0, 4: 4.0})
    here = prediction_record({1: 8.0, 2: 4.0, 3: 3.0, 4: 2.0, 8: 1.0}, "host")
    measured = {1: 8.0, 2: 4.0, 3: 3.3, 4: 1.8}
    timed = [timing_record([seconds], workers=n) for n, seconds in measured.items()]
    timed.append(timing_record([90.0], workers=8, mark="noisy"))
    times = timings_table(tmp_path, there, here, *timed)
    errors = tabulate_model_error(timed_paper(), times, [])
    of = {**SPEEDUP, "hardware": "banana-pi-m3"}
    found = {}
    for least in (2.5, 3.9):
        stated = claim({"at_least": least})
        stated["checks"][0]["test"] = {"measure": "value", "of": of, "at": 4}
        found[least] = verdict(stated, Evidence(no_epochs(), times, errors))["verdict"]
    assert found == {2.5: "reproduced", 3.9: "undecided"}


def test_a_number_of_a_model_that_has_not_seen_the_point_is_called_so(tmp_path: Path) -> None:
    stated = claim({"at_least": 3})
    of = {**SPEEDUP, "hardware": "banana-pi-m3", "left_out": True}
    stated["checks"][0]["test"] = {"measure": "value", "of": of, "at": 4}
    row = verdict(stated, modelled(tmp_path, 4.0))
    assert "4 × (modelled without " in row["reason"]


def test_a_wrong_test_names_its_claim(tmp_path: Path) -> None:
    stated = claim({"above": 0})
    stated["checks"][0]["test"] = {**FINAL, "at": "cores"}
    with pytest.raises(InputError, match=r"^AB-C01: "):
        verdict(stated, evidence(tmp_path, 0.5))


def test_the_command_writes_the_columns_of_the_contract(tmp_path: Path) -> None:
    (tmp_path / "mnist").mkdir()
    facts = dataset_record("mnist")
    write_record(tmp_path / "mnist" / "dataset.json", facts)
    records = write_list(
        tmp_path,
        runs=[write(tmp_path, run_record([0.1, 0.95]))],
        timings=[write(tmp_path, *timing_record())],
        datasets=[tmp_path / "mnist" / "dataset.json"],
    )
    for kind in ("epochs", "timings"):
        arguments = ["--edition", "paper", "--records", str(records)]
        cli.main(["tabulate", kind, *arguments, "--output", str(tmp_path / f"{kind}.csv")])
    stated = [claim({"at_least": 0.9}), {**claim({}), "id": "AB-C02"}]
    stated[1]["checks"] = [
        {
            "name": "n",
            "test": {"dataset": "mnist", "fact": "splits.train.samples"},
            "expect": {"equal": 20},
        }
    ]
    del stated[1]["readings"]
    (tmp_path / "paper.json").write_bytes(msgspec.json.encode(paper(claims=stated)))
    write_table(table([], MODEL_ERROR), tmp_path / "model_error.csv")
    write_table(table([], AUTHORS), tmp_path / "authors.csv")
    names = {"paper": "paper.json", "epochs": "epochs.csv", "timings": "timings.csv"}
    names |= {"model-error": "model_error.csv", "authors": "authors.csv", "records": "records.json"}
    names |= {"output": "."}
    command = [word for key, name in names.items() for word in (f"--{key}", str(tmp_path / name))]
    assert cli.main(["judge", *command]) == 0
    lines = (tmp_path / "claims.csv").read_text().splitlines()
    assert lines[0] == (
        "id,paper,kind,nature,statement,where,exhibit,published,ours,unit,low,high,deviation,deviation_unit,"
        "seeds,interval,each,source,reading,decides,counted_with,verdict,reason,earlier,evidence,authors,authors_value,authors_unit,authors_reason"
    )
    assert lines[0] == ",".join(COLUMNS)
    assert [line.split(",")[0] for line in lines[1:]] == ["AB-C01", "AB-C02"]
    assert "expected 20, found 20" in lines[2]
    assert lines[2].endswith(f"{(tmp_path / 'mnist' / 'dataset.json').as_posix()},,,,")


def test_the_schema_knows_what_the_code_knows() -> None:
    assert set(get_args(Measure)) == MEASURES.keys()


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_derived_numbers_are_derived_rightly(path: Path) -> None:
    for cross_check in read_yaml(path).get("cross_checks", ()):
        for number in cross_check.get("numbers", []):
            assert number["value"] == pytest.approx(arithmetic(number["from"]), rel=2e-3)


def arithmetic(text: str) -> float:
    """Work out plain arithmetic."""
    operators = {ast.Add: operator.add, ast.Sub: operator.sub}
    operators |= {ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow}

    def work_out(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp):
            return operators[type(node.op)](work_out(node.left), work_out(node.right))
        assert isinstance(node, ast.Constant)
        return node.value

    return work_out(ast.parse(text, mode="eval").body)
