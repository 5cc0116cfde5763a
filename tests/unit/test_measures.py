import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from msgspec import convert
from records_factory import (
    calibration_record,
    epochs_table,
    fitted,
    model_point,
    no_epochs,
    no_timings,
    prediction_record,
    run_record,
    timed_paper,
    timing_record,
    timings_table,
)

from records.check import Curve, TestEntry
from records.errors import InputError
from reports.tables.facts import Facts
from reports.tables.intervals import t_interval
from reports.tables.model_error import tabulate_model_error
from reports.verdicts import curves, estimates, measures
from reports.verdicts.curves import Evidence, MissingEvidenceError, shifted
from reports.verdicts.estimates import Estimate

FIG2 = {"experiment": "fig2", "metric": "test_accuracy", "variant": "spmd"}
SECONDS = {"experiment": "fig4", "metric": "seconds"}


def cut(evidence: Evidence, selection: dict[str, Any]) -> curves.Curve:
    """Cut a curve, given as in a configuration."""
    return curves.cut(evidence, convert(selection, Curve))


def evaluate(test: dict[str, Any], evidence: Evidence) -> Estimate:
    """Evaluate a test, given as in a configuration."""
    return estimates.evaluate(convert(test, TestEntry), evidence)


def line(*values: float, start: int = 0) -> "pd.Series[float]":
    index = pd.RangeIndex(start, start + len(values), name="epoch")
    return pd.Series(list(values), index=index)


@pytest.fixture
def runs(tmp_path: Path) -> Evidence:
    """Two child networks are right sooner than thirty; seeds differ."""
    return Evidence(
        epochs_table(
            tmp_path,
            run_record([0.1, 0.95, 0.97], workers=2, seed=1),
            run_record([0.1, 0.93, 0.99], workers=2, seed=2),
            run_record([0.1, 0.5, 0.95], workers=30, seed=1),
            run_record([0.1, 0.6, 0.7], workers=30, seed=2),
            run_record([0.2, 0.9, 0.98], variant="sequential", workers=1, seed=1),
        ),
        no_timings(),
    )


@pytest.fixture
def times(tmp_path: Path) -> Evidence:
    """Perfect speedup up to the four cores, and a little more at eight."""
    records = [
        timing_record([seconds, 9 * seconds, seconds / 9], workers=workers)
        for workers, seconds in {1: 8.0, 2: 4.0, 4: 2.0, 8: 1.6}.items()
    ]
    return Evidence(no_epochs(), timings_table(tmp_path, *records))


def test_value_is_that_at_the_point() -> None:
    assert measures.value(line(0.1, 0.7, 0.8), at=1) == 0.7
    with pytest.raises(MissingEvidenceError, match="epoch 5"):
        measures.value(line(0.1, 0.7), at=5)


def test_rise_is_last_less_first() -> None:
    assert measures.rise(line(0.25, 0.9, 0.75)) == 0.5
    with pytest.raises(MissingEvidenceError):
        measures.rise(line(0.25))


def test_mean_minimum_maximum_and_spread() -> None:
    values = line(0.5, 0.25, 1.0, 0.25)
    assert measures.mean(values) == 0.5
    assert measures.minimum(values) == 0.25
    assert measures.maximum(values) == 1.0
    assert measures.spread(values) == 0.75
    with pytest.raises(MissingEvidenceError):
        measures.spread(line(0.25))


def test_share_above_leaves_out_the_threshold_itself() -> None:
    assert measures.share_above(line(0.0, 0.1, -0.1, 0.2), threshold=0) == 0.5


def test_first_reaching_takes_the_first_point_at_the_threshold() -> None:
    assert measures.first_reaching(line(0.1, 0.945, 0.9, 0.99), threshold=0.945) == 1
    assert measures.first_reaching(line(0.1, 0.2), threshold=0.945) == math.inf


def test_rank_correlation_sees_order_alone() -> None:
    assert measures.rank_correlation(line(9, 5, 4, 1)) == -1
    assert measures.rank_correlation(line(1, 2, 4, 3)) == pytest.approx(0.8)
    with pytest.raises(MissingEvidenceError):
        measures.rank_correlation(line(1, 1, 1))


def test_log_slope_is_the_exponent() -> None:
    square = pd.Series([1.0, 4.0, 16.0], index=[1, 2, 4])
    assert measures.log_slope(square) == pytest.approx(2)
    assert measures.log_slope(1 / square) == pytest.approx(-2)
    with pytest.raises(MissingEvidenceError):
        measures.log_slope(line(1.0, start=1))


def test_knee_is_where_a_curve_turns_flat() -> None:
    assert measures.knee(line(0.1, 0.6, 0.9, 0.91, 0.92, 0.93)) == 0.9
    assert measures.knee(line(0.0, 0.5, 1.0, 1.0)) == 1.0


def test_lead_is_over_the_best_of_the_others() -> None:
    rates = pd.Series([0.8, 0.9, 0.7], index=["slow", "usual", "fast"])
    assert measures.lead(rates, at="usual") == pytest.approx(0.1)
    assert measures.lead(rates, at="fast") == pytest.approx(-0.2)
    with pytest.raises(MissingEvidenceError, match="wild"):
        measures.lead(rates, at="wild")


def test_largest_fall_is_between_neighbours() -> None:
    assert measures.largest_fall(line(0.5, 0.9, 0.6, 0.7, 0.5)) == pytest.approx(0.3)
    assert measures.largest_fall(line(0.1, 0.2, 0.5)) == pytest.approx(-0.1)


def test_a_curve_that_climbs_evenly_is_steady() -> None:
    assert measures.unsteadiness(line(0.1, 0.2, 0.3, 0.4)) == pytest.approx(0)
    assert measures.unsteadiness(line(0.0, 1.0, 0.0)) == pytest.approx(2**0.5)
    with pytest.raises(MissingEvidenceError):
        measures.unsteadiness(line(0.1, 0.2))


def test_fits_tell_lines_from_exponentials_and_powers() -> None:
    points = pd.Index([1.0, 2.0, 4.0, 8.0], name="workers")
    straight = pd.Series(3.0 + 2.0 * points.to_numpy(), index=points)
    decay = pd.Series(np.exp(-0.5 * points.to_numpy()), index=points)
    power = pd.Series(points.to_numpy() ** -0.7, index=points)
    assert measures.line_fit(straight) == pytest.approx(1)
    assert measures.exponential_fit(decay) == pytest.approx(1)
    assert measures.power_fit(power) == pytest.approx(1)
    assert measures.exponential_fit(power) < 0.95
    assert measures.power_fit(decay) < 0.95
    assert measures.line_fit(power) < 0.95
    with pytest.raises(MissingEvidenceError):
        measures.line_fit(straight.iloc[:2])


def test_every_measure_is_tested_by_name() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in measures.MEASURES if f"measures.{name}(" not in source] == []


def test_a_curve_has_a_column_a_seed(runs: Evidence) -> None:
    curve = cut(runs, {**FIG2, "workers": 2})
    assert curve.lines.columns.tolist() == [1, 2]
    assert curve.lines.loc[1].tolist() == [0.95, 0.93]


def test_a_curve_across_workers_takes_the_last_epoch_or_a_given_one(runs: Evidence) -> None:
    across = {**FIG2, "across": "workers"}
    assert cut(runs, across).lines[1].to_dict() == {2: 0.97, 30: 0.95}
    assert cut(runs, {**across, "epoch": 1}).lines[1].to_dict() == {2: 0.95, 30: 0.5}


def test_a_curve_may_be_of_one_seed(runs: Evidence) -> None:
    second = cut(runs, {**FIG2, "workers": 2, "seed": 2})
    assert second.lines.to_dict() == {2: {0: 0.1, 1: 0.93, 2: 0.99}}
    with pytest.raises(MissingEvidenceError, match="no run of fig2/spmd by seed 7"):
        cut(runs, {**FIG2, "workers": 2, "seed": 7})


def test_a_timing_has_no_seed_to_choose(tmp_path: Path) -> None:
    timings = timings_table(tmp_path, timing_record(workers=1))
    with pytest.raises(InputError, match="seed: leave it out"):
        cut(Evidence(no_epochs(), timings), {**SECONDS, "seed": 1})


def test_a_curve_across_variants_keeps_the_seeds_that_all_have(tmp_path: Path) -> None:
    table = epochs_table(
        tmp_path,
        run_record([0.1, 0.8], variant="b", seed=1),
        run_record([0.1, 0.9], variant="b", seed=2),
        run_record([0.1, 0.7], variant="a", seed=1),
    )
    across = {"experiment": "fig2", "metric": "test_accuracy", "across": "variants"}
    assert cut(Evidence(table, no_timings()), across).lines.to_dict() == {1: {"b": 0.8, "a": 0.7}}


def test_confidence_is_the_papers_reading_of_it(runs: Evidence) -> None:
    other = Evidence(runs.epochs, runs.timings, confidence="true_class")
    chosen = {**FIG2, "metric": "confidence", "workers": 2}
    assert cut(runs, chosen).lines.loc[1, 1] == 0.475
    assert cut(other, chosen).lines.loc[1, 1] == 0.2375


def test_a_reading_stands_for_its_variant(runs: Evidence) -> None:
    reading = Evidence(runs.epochs, runs.timings, reading="sequential")
    assert cut(reading, {**FIG2, "variant": "reading"}).lines.loc[1].tolist() == [0.9]


def test_an_ambiguous_curve_is_refused(runs: Evidence) -> None:
    with pytest.raises(InputError, match=r"workers: .*fig2/spmd.*2, 30"):
        cut(runs, FIG2)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"workers": 5}, "fig2/spmd.* 5 "),
        ({"experiment": "fig9"}, "fig9/spmd"),
        ({"workers": 2, "metric": "child_accuracy_mean"}, "child_accuracy_mean.*fig2/spmd"),
    ],
)
def test_missing_runs_are_named(runs: Evidence, change: dict[str, Any], named: str) -> None:
    with pytest.raises(MissingEvidenceError, match=named):
        cut(runs, {**FIG2, **change})


def test_a_diverged_run_is_named(tmp_path: Path) -> None:
    record = {**run_record([0.1, 0.2, 0.3]), "status": "diverged", "diverged_at": 2}
    evidence = Evidence(epochs_table(tmp_path, record), no_timings())
    with pytest.raises(MissingEvidenceError, match=r"workers 1, seed 1.*runs/paper/fig2/spmd"):
        cut(evidence, FIG2)


def test_timings_are_of_repeats_and_so_are_their_derivatives(times: Evidence) -> None:
    def by_workers(metric: str) -> dict[int, float]:
        curve = cut(times, {**SECONDS, "metric": metric})
        assert (list(curve.lines.columns), curve.replicates) == ([1, 2, 3], "repeats")
        return dict(curve.lines.median(axis="columns"))

    assert by_workers("seconds") == {1: 8.0, 2: 4.0, 4: 2.0, 8: 1.6}
    assert by_workers("speedup") == pytest.approx({1: 1, 2: 2, 4: 4, 8: 5})
    assert by_workers("efficiency") == pytest.approx({1: 1, 2: 1, 4: 1, 8: 0.625})
    assert by_workers("time_reduction") == pytest.approx({1: 0, 2: 0.5, 4: 0.75, 8: 0.8})
    assert by_workers("processor_seconds") == pytest.approx({1: 12, 2: 6, 4: 3, 8: 2.4})


def test_another_machine_than_this_is_modelled(tmp_path: Path) -> None:
    table = timings_table(
        tmp_path,
        timing_record([8.0]),
        timing_record([7.0], hardware="banana-pi-m3"),
        prediction_record({1: 9.0, 2: 5.0}, machine="host"),
        prediction_record({1: 16.0, 2: 10.0, 16: 2.0}),
    )
    both = Evidence(no_epochs(), table)
    there = {**SECONDS, "hardware": "banana-pi-m3"}
    assert dict(cut(both, SECONDS).lines[1]) == {1: 8.0}
    modelled = cut(both, there)
    assert modelled.replicates == "errors"
    assert dict(modelled.lines[0]) == {1: 16.0, 2: 10.0, 16: 2.0}
    value = {"measure": "value", "at": 1}
    one, other = ({**value, "of": of} for of in (SECONDS, there))
    assert (evaluate(one, both).source, evaluate(other, both).source) == ("measured", "modelled")
    assert evaluate({"ratio": [one, other]}, both).source == "modelled"
    # Of eight cores the modelled curve has two workers as the most with one each.
    assert evaluate({"measure": "value", "of": there, "at": "cores"}, both).centre == 10
    with pytest.raises(MissingEvidenceError, match=r"fig4.*ott"):
        cut(both, {**SECONDS, "hardware": "ott"})


def test_speedup_without_one_worker_is_missing(tmp_path: Path) -> None:
    evidence = Evidence(no_epochs(), timings_table(tmp_path, timing_record(workers=2)))
    with pytest.raises(MissingEvidenceError, match="fig4"):
        cut(evidence, {**SECONDS, "metric": "speedup"})


def test_cores_is_the_largest_worker_count_with_a_core_each(times: Evidence) -> None:
    at_cores = evaluate({"measure": "value", "of": SECONDS, "at": "cores"}, times)
    assert (at_cores.centre, at_cores.unit, at_cores.replicates) == (2.0, "s", "repeats")
    slope = {"measure": "log_slope", "of": SECONDS}
    assert evaluate({**slope, "to": "cores"}, times).centre == pytest.approx(-1)
    assert evaluate({**slope, "from": "cores"}, times).centre == pytest.approx(math.log2(0.8))


def test_two_points_that_coincide_are_not_compared(tmp_path: Path) -> None:
    records = [timing_record([8.0 / n], workers=n) for n in (1, 2, 4)]
    alone = Evidence(no_epochs(), timings_table(tmp_path, *records))
    last, cores = ({"measure": "value", "of": SECONDS, "at": at} for at in ("last", "cores"))
    for kind in ("ratio", "difference"):
        with pytest.raises(MissingEvidenceError):
            evaluate({kind: [last, cores]}, alone)
    beyond = timings_table(tmp_path, *records, timing_record([1.0], workers=8))
    assert evaluate({"ratio": [last, cores]}, Evidence(no_epochs(), beyond)).centre == 0.5


def test_one_worker_is_not_compared_with_itself(tmp_path: Path) -> None:
    table = timings_table(tmp_path, timing_record([8.0]), timing_record([6.0], workers=2))
    one_core = Evidence(no_epochs(), table.assign(cores=1))
    for metric in ("speedup", "efficiency", "time_reduction"):
        test = {"measure": "value", "of": {**SECONDS, "metric": metric}, "at": "cores"}
        with pytest.raises(MissingEvidenceError, match=f"workers 1.*{metric}"):
            evaluate(test, one_core)
    assert evaluate({"measure": "value", "of": SECONDS, "at": "cores"}, one_core).centre == 8


def test_a_window_holds_both_ends(runs: Evidence) -> None:
    test = {"measure": "mean", "of": {**FIG2, "workers": 2}, "from": 1, "to": 1}
    assert list(evaluate(test, runs).numbers) == [0.95, 0.93]
    with pytest.raises(MissingEvidenceError, match=r"7.*9"):
        evaluate({**test, "from": 7, "to": 9}, runs)


def test_minus_compares_seed_by_seed_what_both_have(runs: Evidence) -> None:
    test = {
        "measure": "value",
        "of": {**FIG2, "workers": 2},
        "minus": {"variant": "sequential", "workers": 1},
        "at": 2,
    }
    found = evaluate(test, runs)
    assert found.numbers.to_dict() == {1: pytest.approx(-0.01)}
    assert len(found.records) == 2
    assert evaluate({**test, "absolute": True}, runs).centre == pytest.approx(0.01)


def test_difference_and_ratio_combine_two_tests(runs: Evidence) -> None:
    two, thirty = (
        {"measure": "first_reaching", "of": {**FIG2, "workers": n}, "threshold": 0.95}
        for n in (2, 30)
    )
    assert evaluate(two, runs).numbers.to_dict() == {1: 1, 2: 2}
    ratio = evaluate({"ratio": [thirty, two]}, runs)
    assert (ratio.numbers.to_dict(), ratio.unit) == ({1: 2, 2: math.inf}, "")
    difference = evaluate({"difference": [thirty, two]}, runs)
    assert (difference.numbers.to_dict(), difference.unit) == ({1: 1, 2: math.inf}, "epochs")


def test_a_ratio_of_two_that_never_happen_is_missing(runs: Evidence) -> None:
    never = {"measure": "first_reaching", "of": {**FIG2, "workers": 2}, "threshold": 1}
    with pytest.raises(MissingEvidenceError):
        evaluate({"ratio": [never, never]}, runs)


def test_a_fact_is_of_the_dataset_that_stands_in() -> None:
    facts = Facts(
        "digits/dataset.json", {"image": [28, 14], "splits": {"train": {"samples": 1437}}}
    )
    evidence = Evidence(
        no_epochs(), no_timings(), datasets={"digits": facts}, stand_ins={"mnist": "digits"}
    )
    assert evaluate({"dataset": "mnist", "fact": "splits.train.samples"}, evidence).centre == 1437
    assert evaluate({"dataset": "mnist", "fact": "image.1"}, evidence).centre == 14
    for fact in ("splits.valid.samples", "image.2", "splits"):
        with pytest.raises(MissingEvidenceError, match=f"{fact}.*digits"):
            evaluate({"dataset": "mnist", "fact": fact}, evidence)


def test_a_test_stated_wrongly_is_refused(runs: Evidence, times: Evidence) -> None:
    of = {**FIG2, "workers": 2}
    with pytest.raises(InputError, match="threshold"):
        evaluate({"measure": "first_reaching", "of": of}, runs)
    with pytest.raises(InputError, match="cores"):
        evaluate({"measure": "value", "of": of, "at": "cores"}, runs)
    with pytest.raises(InputError, match="test: "):
        evaluate({"absolute": True}, runs)


def test_an_interval_needs_three_finite_seeds() -> None:
    def interval(*values: float) -> tuple[float, float] | None:
        return Estimate(pd.Series(values), "", frozenset(), "seeds").interval

    assert interval(1.0, 2.0) is None
    assert interval(1.0, 2.0, math.inf) is None
    # By hand: mean 2, standard error 1/√3, t(0.975, 2 degrees of freedom) = 4.30265.
    assert interval(1.0, 2.0, 3.0) == pytest.approx((2 - 2.48414, 2 + 2.48414), abs=1e-5)
    assert t_interval([5.0, 5.0, 5.0]) == (5.0, 5.0)


def test_a_product_of_epochs_and_seconds_is_time_to_an_accuracy(
    runs: Evidence, tmp_path: Path
) -> None:
    """Two seeds need one and two epochs; an epoch takes four seconds, and five when it is repeated."""
    times = timings_table(tmp_path, timing_record([4.0, 5.0, 6.0], workers=2, epochs=1))
    reached = {"measure": "first_reaching", "of": {**FIG2, "workers": 2}, "threshold": 0.95}
    seconds = {"measure": "value", "of": SECONDS, "at": 2}
    for pair in ([reached, seconds], [seconds, reached]):
        found = evaluate({"product": pair}, Evidence(runs.epochs, times))
        assert found.numbers.tolist() == [4.0, 10.0]
        assert (found.replicates, found.source) == ("seeds", "measured")
    assert found.unit == "epochs"
    both = evaluate({"product": [reached, reached]}, runs)
    assert both.numbers.tolist() == [1.0, 4.0]


def test_a_fact_of_a_property(tmp_path: Path) -> None:
    facts = Facts("results/paper/properties/softmax.json", {"shifted": {"failures": 0.25}})
    evidence = Evidence(no_epochs(), no_timings(), properties={"softmax": facts})
    found = evaluate({"property": "softmax", "fact": "shifted.failures"}, evidence)
    assert found.centre == 0.25
    assert found.records == {facts.path}
    with pytest.raises(MissingEvidenceError, match=r"shape.*softmax"):
        evaluate({"property": "softmax", "fact": "shape"}, evidence)
    with pytest.raises(MissingEvidenceError, match=r"failures.*tanh"):
        evaluate({"property": "tanh", "fact": "failures"}, evidence)


def test_a_fact_with_a_number_for_each_repeat_has_an_interval() -> None:
    content = {"seconds": {"slow": (8.0, 8.2, 7.8, 8.1, 7.9), "fast": (2.0, 2.0, 2.0, 2.0, 2.0)}}
    timed = {"handing-out": Facts("results/handing-out.json", content, "repeats")}
    evidence = Evidence(no_epochs(), no_timings(), properties=timed)
    slow, fast = (
        {"property": "handing-out", "fact": f"seconds.{name}"} for name in content["seconds"]
    )
    found = evaluate({"ratio": [slow, fast]}, evidence)
    assert found.numbers.tolist() == pytest.approx([4.0, 4.1, 3.9, 4.05, 3.95])
    assert (found.replicates, found.centre, found.source) == ("repeats", 4.0, "measured")
    low, high = found.interval or (0.0, 0.0)
    assert 3.8 < low < 4.0 < high < 4.2


def test_a_list_that_has_no_replicates_is_no_fact() -> None:
    facts = Facts("results/dataset.json", {"image": (28, 28)})
    evidence = Evidence(no_epochs(), no_timings(), datasets={"mnist": facts})
    assert evaluate({"dataset": "mnist", "fact": "image.0"}, evidence).centre == 28
    with pytest.raises(MissingEvidenceError, match="no fact image of mnist"):
        evaluate({"dataset": "mnist", "fact": "image"}, evidence)


def test_a_diverged_run_can_be_asked_whether_it_did(tmp_path: Path) -> None:
    wild = {**run_record([0.1, 0.2], seed=1), "status": "diverged", "diverged_at": 1}
    wild["epochs"] = wild["epochs"][:1]
    evidence = Evidence(epochs_table(tmp_path, wild, run_record([0.1, 0.9], seed=2)), no_timings())
    test = {"measure": "value", "of": {**FIG2, "metric": "diverged"}, "at": "last"}
    test["of"]["across"] = "variants"
    found = evaluate({**test, "at": "spmd"}, evidence)
    assert found.numbers.to_dict() == {1: 1.0, 2: 0.0}


def test_a_published_point_is_modelled_without_itself(tmp_path: Path) -> None:
    timings = timings_table(tmp_path, prediction_record({1: 8.0, 4: 2.0}))
    errors = tabulate_model_error(
        timed_paper(),
        timings,
        [fitted(tmp_path, model_point(4, observed=3.2, left_out=2.5))],
    )
    evidence = Evidence(no_epochs(), timings, errors)
    of = {"experiment": "fig4", "hardware": "banana-pi-m3", "left_out": True}

    def at_4(metric: str, **more: Any) -> Estimate:
        return evaluate(
            {"measure": "value", "of": {**of, "metric": metric, **more}, "at": 4}, evidence
        )

    assert at_4("speedup").centre == pytest.approx(2.5)
    assert at_4("seconds").centre == pytest.approx(3.2)
    assert at_4("time_reduction").centre == pytest.approx(0.6)
    assert at_4("speedup", left_out=False).centre == pytest.approx(4.0)
    assert at_4("speedup").source == "modelled"
    with pytest.raises(MissingEvidenceError, match=r"fig4.*banana-pi-m3"):
        evaluate(
            {"measure": "value", "of": {**of, "metric": "speedup"}, "at": 4},
            Evidence(no_epochs(), timings),
        )


def test_shares_of_the_work_are_those_of_the_calibration(tmp_path: Path) -> None:
    evidence = Evidence(no_epochs(), timings_table(tmp_path, calibration_record()))
    of = {"experiment": "fig4", "metric": "forward_share"}
    found = evaluate({"measure": "value", "of": of, "at": 1}, evidence)
    assert (found.centre, found.unit, found.source) == (0.375, "fraction", "measured")


def test_each_number_of_workers_is_shifted_by_each_error_once() -> None:
    modelled = pd.Series({1: 8.0, 2: 4.0, 4: 2.0})
    found = shifted(modelled, pd.Series([1.1, 0.9, 1.0]))
    assert found[0].equals(modelled)
    assert found.loc[1].tolist() == [8.0] * 4
    for workers, seconds in ((2, 4.0), (4, 2.0)):
        assert sorted(found.loc[workers].iloc[1:]) == pytest.approx(
            [seconds * factor for factor in (0.9, 1.0, 1.1)]
        )
    # Two points of one column have errors of their own.
    assert len({*(found.loc[2].iloc[1:] / found.loc[4].iloc[1:])}) > 1


def test_a_prediction_is_not_shifted_by_its_own_error() -> None:
    modelled = pd.Series({1: 8.0, 2: 4.0, 4: 2.0})
    factors = pd.Series([1.1, 0.9, 1.0], index=[10, 11, 12])
    found = shifted(modelled, factors, {2: 10, 4: 12})
    assert sorted(found.loc[2].iloc[1:]) == pytest.approx([3.6, 4.0])
    assert sorted(found.loc[4].iloc[1:]) == pytest.approx([1.8, 2.2])
    assert list(shifted(modelled, factors.head(1), {2: 10}).columns) == [0]


def test_a_prediction_is_as_unsure_as_the_model_was_wrong() -> None:
    found = Estimate(pd.Series([10.0, 11.0, 9.0, 10.0]), "s", frozenset(), "errors")
    assert found.centre == 10.0
    # By hand: root of (1 + 1 + 0) / 3; t(0.975, 3 degrees of freedom) = 3.18245.
    assert found.error == pytest.approx((2 / 3) ** 0.5)
    assert found.interval == pytest.approx((10 - 2.59846, 10 + 2.59846), abs=1e-4)
