"""How far the models are off, on small tables."""

from pathlib import Path

import msgspec
import pytest
import synthetic_authors
from msgspec import convert, structs, to_builtins
from records_factory import (
    fitted,
    model_point,
    model_record,
    no_timings,
    prediction_record,
    timed_paper,
    timing_record,
    timings_table,
    whole,
    write,
    write_list,
)

from records.authors import Authors
from reports import cli
from reports.tables.model_error import COLUMNS, of_left_out_points, tabulate_model_error
from reports.tables.models import read_models
from reports.tables.tidy import read_table, write_table

PAPER = timed_paper()


def test_published_points_are_judged_by_the_fit_that_has_not_seen_them(tmp_path: Path) -> None:
    point = model_point(4, observed=3.2, left_out=2.8, predicted=3.1)
    model = fitted(tmp_path, point)
    table = tabulate_model_error(PAPER, no_timings(), [model])
    row = dict(table.iloc[0])
    assert (row["against"], row["machine"], row["workers"]) == ("published", "banana-pi-m3", 4)
    assert (row["observed"], row["predicted"], row["fitted_prediction"]) == (3.2, 2.8, 3.1)
    assert row["relative_error"] == pytest.approx(-0.125)
    assert (row["held_out"], row["where"], row["strategy"]) == ("point", "Table I", "spmd")
    assert row["evidence"] == model.path.as_posix()


def test_what_no_fit_has_seen_is_judged_by_every_method_in_speedups_and_seconds(
    tmp_path: Path,
) -> None:
    """Quartiles change places, since more speed-up is less time; campaigns differ in speed-ups alone."""
    record = model_record(model_point(4, 3.2, 2.8)) | {
        "one_worker": {"ryzen": {"seconds": 100.0, "where": "Table I"}},
        "unseen": [to_builtins(synthetic_authors.unseen()[0])],
    }
    (model,) = whole(read_models([write(tmp_path, record)]))
    study = structs.replace(PAPER, authors=convert(synthetic_authors.entry(), Authors))
    table = tabulate_model_error(study, no_timings(), [model])
    rows = table[table["against"] == "authors"].set_index(["metric", "method"])
    assert rows.loc["speedup", "predicted"].to_dict() == pytest.approx(
        {"model": 4.4, "line": 3.2, "unfitted": 8.0}
    )
    modelled = rows.loc[("speedup", "model")]
    assert modelled["relative_error"] == pytest.approx(0.1)
    assert (modelled["observed_lower"], modelled["observed_upper"]) == pytest.approx((3.6, 4.4))
    assert (modelled["campaign_difference"], modelled["workers"]) == (0.07, 8)
    seconds = rows.loc[("seconds", "line")]
    assert (seconds["observed"], seconds["predicted"]) == pytest.approx((25.0, 31.25))
    assert seconds["observed_lower"] == pytest.approx(100 / 4.4)
    assert seconds["observed_upper"] == pytest.approx(100 / 3.6)
    assert rows.loc["seconds", "campaign_difference"].isna().all()
    assert rows["held_out"].isna().all()


def test_the_difference_of_campaigns_stands_beside_errors_on_its_machine_alone(
    tmp_path: Path,
) -> None:
    points = [model_point(4, 3.2, 2.8, hardware=name) for name in ("ryzen", "banana-pi-m3")]
    study = structs.replace(PAPER, authors=convert(synthetic_authors.entry(), Authors))
    table = tabulate_model_error(study, no_timings(), [fitted(tmp_path, *points)])
    differences = table.set_index("machine")["campaign_difference"]
    assert differences["ryzen"] == 0.07
    assert differences.isna()["banana-pi-m3"]


def test_a_paper_without_data_of_its_authors_has_no_rows_against_them(tmp_path: Path) -> None:
    model = fitted(tmp_path, model_point(4, 3.2, 2.8))
    table = tabulate_model_error(PAPER, no_timings(), [model])
    assert table["against"].tolist() == ["published"]
    assert table["campaign_difference"].isna().all()


def test_the_host_is_judged_by_the_median_of_its_repeats(tmp_path: Path) -> None:
    timings = timings_table(
        tmp_path,
        timing_record([2.0, 9.0, 1.0], workers=2),
        timing_record([8.0]),
        prediction_record({1: 8.0, 2: 2.5, 4: 1.0}, machine="host"),
        prediction_record({1: 8.0, 2: 7.0}),
    )
    table = tabulate_model_error(PAPER, timings, [])
    assert table["workers"].tolist() == [2, 1]  # the order of the records
    assert table["observed"].tolist() == [2.0, 8.0]
    assert table["relative_error"].tolist() == pytest.approx([0.25, 0.0])
    assert table["lower"].tolist() == pytest.approx([0.9 * 2.5, 0.9 * 8])
    assert table["upper"].tolist() == pytest.approx([1.1 * 2.5, 1.1 * 8])
    assert set(table["against"]) == set(table["machine"]) == {"host"}
    assert table["held_out"].isna().all()
    assert table["fitted_prediction"].isna().all()


def test_what_was_disturbed_is_marked(tmp_path: Path) -> None:
    """The timing by most of its repeats, the model by the calibrations that it rests on."""
    quiet = prediction_record({1: 8.0}, machine="host")
    noisy = {**quiet["basis"], "mark": "noisy"}
    timings = timings_table(
        tmp_path,
        timing_record([8.0], mark="noisy"),
        quiet,
        timing_record([8.0], variant="mean"),
        prediction_record({1: 8.0}, machine="host", variant="mean") | {"basis": noisy},
    )
    table = tabulate_model_error(PAPER, timings, [])
    assert table["mark"].tolist() == ["noisy", "clean"]
    assert table["calibration"].tolist() == ["clean", "noisy"]


def test_a_confined_measurement_is_not_of_the_machine_that_it_is_confined_to(
    tmp_path: Path,
) -> None:
    timings = timings_table(
        tmp_path, timing_record([2.0], hardware="banana-pi-m3"), prediction_record({1: 8.0})
    )
    assert tabulate_model_error(PAPER, timings, []).empty


def test_diverged_timings_are_left_out(tmp_path: Path) -> None:
    record = timing_record([2.0], status="diverged")
    timings = timings_table(tmp_path, record, prediction_record({1: 8.0}, machine="host"))
    assert tabulate_model_error(PAPER, timings, []).empty


def test_the_command_writes_the_columns_of_the_contract(tmp_path: Path) -> None:
    write_table(no_timings(), tmp_path / "timings.csv")
    (tmp_path / "paper.json").write_bytes(msgspec.json.encode(PAPER))
    record = model_record(model_point(4, 3.2, 2.8), model_point(8, 4.0, 4.2))
    records = str(write_list(tmp_path, models=[write(tmp_path, record)]))
    command = ["--paper", f"{tmp_path}/paper.json", "--timings", f"{tmp_path}/timings.csv"]
    output = tmp_path / "tables" / "model_error.csv"
    given = ["--records", records, "--output", str(output.parent)]
    assert cli.main(["models", *command, *given]) == 0
    header = output.read_text().splitlines()[0]
    assert header == ",".join(COLUMNS)
    assert header == (
        "edition,paper,experiment,variant,strategy,against,machine,workers,metric,method,observed,observed_lower,"
        "observed_upper,predicted,lower,upper,relative_error,campaign_difference,held_out,fitted_prediction,mark,calibration,"
        "where,evidence"
    )
    written = read_table(output, COLUMNS)
    assert written["relative_error"].tolist() == pytest.approx([-0.125, 0.05])


def test_every_method_of_every_test_has_a_row(tmp_path: Path) -> None:
    blind = {"point": {"model": 2.8, "line": 3.0}, "machine": {"model": 4.0, "ideal": 4.8}}
    table = tabulate_model_error(
        PAPER, no_timings(), [fitted(tmp_path, model_point(4, 3.2, 2.8, blind=blind))]
    )
    rows = table.set_index(["held_out", "method"])
    assert rows["predicted"].to_dict() == {
        (test, method): speedup
        for test, methods in blind.items()
        for method, speedup in methods.items()
    }
    assert rows.loc[("machine", "ideal"), "relative_error"] == pytest.approx(0.5)
    assert of_left_out_points(table)["predicted"].tolist() == [2.8]
