import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from records_factory import (
    calibration_record,
    epochs_table,
    failure,
    prediction_record,
    run_record,
    timing_record,
    timings_table,
    whole,
    write,
    write_collection,
    write_list,
)
from test_collections import changed

from records.atomic import write_text
from records.errors import InputError
from reports import cli
from reports.tables.joined import join_tables
from reports.tables.predictions import read_predictions
from reports.tables.tidy import (
    EPOCHS,
    TIMINGS,
    common_path,
    name_evidence,
    read_table,
    split_evidence,
    tabulate_parameters,
    write_table,
)


def test_epochs_have_one_row_a_metric(tmp_path: Path) -> None:
    table = epochs_table(tmp_path, run_record([0.1, 0.9], workers=2, seed=7))
    row = table[(table["metric"] == "test_accuracy") & (table["epoch"] == 1)].iloc[0]
    assert dict(row) == {
        "edition": "paper",
        "paper": "paper",
        "experiment": "fig2",
        "variant": "spmd",
        "strategy": "spmd",
        "dataset": "mnist",
        "workers": 2,
        "seed": 7,
        "epoch": 1,
        "metric": "test_accuracy",
        "value": 0.9,
        "unit": "fraction",
        "source": "measured",
        "status": "completed",
        "environment": "9f2c00000000",
        "record": (tmp_path / "runs/paper/fig2/spmd").as_posix(),
    }
    assert (table["metric"] == "loss").sum() == 1, "epoch 0 has no loss"


def test_a_diverged_run_has_a_row_where_it_ends(tmp_path: Path) -> None:
    record = run_record([0.1, 0.2, 0.3])
    record |= {"status": "diverged", "diverged_at": 2, "epochs": record["epochs"][:2]}
    table = epochs_table(tmp_path, record)
    assert set(table["status"]) == {"diverged"}
    last = table.iloc[-1]
    assert (last["epoch"], last["metric"]) == (2, "test_accuracy")
    assert pd.isna(last["value"])


def test_timings_have_one_row_a_repeat_for_each_clock(tmp_path: Path) -> None:
    table = timings_table(tmp_path, timing_record([2.0, 1.5], workers=8))
    assert table["metric"].tolist() == ["seconds", "processor_seconds"] * 2
    assert table["value"].tolist() == [2.0, 3.0, 1.5, 2.25]
    assert table["repeat"].tolist() == [1, 1, 2, 2]
    assert set(table["oversubscribed"]) == {True}
    assert set(table["cores"]) == {4}
    assert set(table["mark"]) == {"oversubscribed"}


def test_a_timing_says_where_it_ran_whatever_machine_it_stands_for(tmp_path: Path) -> None:
    confined = timing_record([2.0], hardware="banana-pi-m3")
    table = timings_table(tmp_path, confined, prediction_record({1: 8.0}))
    assert set(table["hardware"]) == {"banana-pi-m3"}
    measured = table["source"] == "measured"
    assert set(table.loc[measured, "ran_on"]) == {"host"}
    assert table.loc[~measured, "ran_on"].isna().all()


def test_what_rests_on_noisy_calibrations_is_marked_and_profiles_are_as_they_are(
    tmp_path: Path,
) -> None:
    quiet, other = (prediction_record({1: 8.0}, variant=name) for name in ("a", "b"))
    other["basis"]["mark"] = "noisy"
    table = timings_table(tmp_path, quiet, other, calibration_record(2, mark="noisy"))
    modelled = table[table["source"] == "modelled"].groupby("variant")["mark"]
    assert [set(marks.dropna()) for _, marks in modelled] == [set(), {"noisy"}]
    profile = table[table["metric"] == "forward_share"]
    assert profile[["repeat", "mark"]].to_numpy().tolist() == [[2, "noisy"]]


def test_predictions_have_a_row_for_the_time_its_range_and_each_part_of_it(tmp_path: Path) -> None:
    table = timings_table(tmp_path, prediction_record({1: 8.0, 16: 2.0}))
    several = table[table["workers"] == 16]
    assert several.set_index("metric")["value"].to_dict() == {
        "seconds": 2.0,
        "compute_seconds": 1.8,
        "wait_seconds": 0.2,
        "merge_seconds": 0.0,
        "dispatch_seconds": 0.0,
        "lower_seconds": 1.8,
        "upper_seconds": 2.2,
    }
    assert set(table["source"]) == {"modelled"}
    assert table["mark"].isna().all()
    assert set(several["oversubscribed"]) == {True}
    assert set(table["hardware"]) == {"banana-pi-m3"}


def test_parameters_have_one_row_each(tmp_path: Path) -> None:
    path = write(tmp_path, prediction_record({1: 8.0}))
    table = tabulate_parameters(whole(read_predictions([path])), "x")
    assert table["parameter"].tolist() == ["one_worker", "merge_share"]
    assert table["origin"].tolist() == ["published", "fitted"]
    assert set(table["implementation"]) == {"paper"}
    assert set(table["evidence"]) == {path.as_posix()}


def test_what_could_not_be_made_or_read_is_left_out(tmp_path: Path) -> None:
    runs = [
        write_collection(
            tmp_path / "runs/paper/fig2/spmd/0.json",
            "run",
            failure("runs/paper/fig2/spmd/w1/seed1"),
            run_record(seed=2),
            changed(run_record(seed=3), ["status"], "done"),
        ),
        tmp_path / "absent.json",
    ]
    output = tmp_path / "epochs.csv"
    records = str(write_list(tmp_path, runs=runs))
    command = ["tabulate", "epochs", "--edition", "x", "--records", records]
    assert cli.main([*command, "--output", str(output)]) == 0
    assert set(read_table(output, EPOCHS)["seed"]) == {2}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (None, ""),
        ("[", ""),
        ("[]", ""),
        ("{}", "study"),
        ('{"study": "s", "runs": 3}', "runs"),
        ('{"study": "s", "runs": [3]}', "runs[0]"),
    ],
)
def test_a_list_that_is_none_is_refused(
    tmp_path: Path, content: str | None, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "records.json"
    if content is not None:
        path.write_text(content)
    command = ["tabulate", "timings", "--edition", "x", "--records", str(path)]
    assert cli.main([*command, "--output", str(tmp_path / "out.csv")]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"reports: {path}: {key}")


def test_the_written_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    records = write_list(
        tmp_path,
        runs=[write(tmp_path, run_record())],
        timings=[write(tmp_path, *timing_record([2.0]))],
        predictions=[write(tmp_path, prediction_record({1: 8.0}))],
        calibrations=[write(tmp_path, calibration_record())],
    )
    for kind in ("epochs", "timings"):
        output = tmp_path / f"{kind}.csv"
        command = ["tabulate", kind, "--edition", "sample", "--records", str(records)]
        assert cli.main([*command, "--output", str(output)]) == 0
    timings = read_table(tmp_path / "timings.csv", TIMINGS)
    assert timings["source"].tolist() == 2 * ["measured"] + 7 * ["modelled"] + 3 * ["measured"]
    assert (tmp_path / "epochs.csv").read_text().splitlines()[0] == (
        "edition,paper,experiment,variant,strategy,dataset,workers,seed,epoch,metric,value,unit,"
        "source,status,environment,record"
    )
    assert (tmp_path / "timings.csv").read_text().splitlines()[0] == (
        "edition,paper,experiment,variant,strategy,dataset,workers,hardware,cores,repeat,metric,"
        "value,unit,source,ran_on,mark,oversubscribed,status,environment,record"
    )


def test_no_records_make_an_empty_table(tmp_path: Path) -> None:
    output = tmp_path / "timings.csv"
    command = ["tabulate", "timings", "--edition", "x", "--records", str(write_list(tmp_path))]
    assert cli.main([*command, "--output", str(output)]) == 0
    assert len(output.read_text().splitlines()) == 1


def test_numbers_survive_writing_and_reading(tmp_path: Path) -> None:
    value = 0.1 + 0.2
    table = epochs_table(tmp_path, run_record([value, 1 / 3]))
    write_table(table, tmp_path / "epochs.csv")
    read = read_table(tmp_path / "epochs.csv", EPOCHS)
    assert read["value"].tolist() == table["value"].tolist()


def test_join_keeps_every_value_as_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,name\n1.10,\n")
    (tmp_path / "b.csv").write_text("x,name\n,NA\n")
    assert (
        cli.main(
            [
                "join",
                str(tmp_path / "a.csv"),
                str(tmp_path / "b.csv"),
                "--output",
                str(tmp_path / "c"),
            ]
        )
        == 0
    )
    assert (tmp_path / "c").read_text() == "x,name\n1.10,\n,NA\n"


def test_join_refuses_tables_of_two_kinds(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n")
    (tmp_path / "b.csv").write_text("y\n1\n")
    with pytest.raises(InputError, match=r"b\.csv: .*a\.csv"):
        join_tables([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "c.csv")


@pytest.mark.parametrize("content", [None, "", "a,b\n1,2\n"])
def test_a_broken_table_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "epochs.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=f"^{path}: "):
        read_table(path, EPOCHS)


def test_the_common_path_is_the_file_or_the_nearest_folder() -> None:
    assert common_path(["a/b/c.json"]) == "a/b/c.json"
    assert common_path(["a/b/c.json", "a/b2/c.json"]) == "a"
    assert common_path([]) == ""


def test_evidence_names_a_folder_for_each_experiment() -> None:
    runs = [f"results/e/runs/p/one/{variant}" for variant in ("a", "b")]
    timing, facts = "results/e/timings/p/two/a", "resources/datasets/d/dataset.json"
    cell = name_evidence([timing, *runs, facts, *runs])
    assert split_evidence(cell) == [facts, "results/e/runs/p/one", timing]
    assert split_evidence(name_evidence([])) == []


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_text(path, "whole")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "half \ud800")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["whole"]


def test_a_mistake_is_one_line_and_exit_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing.csv")
    assert cli.main(["join", missing, "--output", str(tmp_path / "out.csv")]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"reports: {missing}: ")
    assert list(tmp_path.iterdir()) == []


def test_help_imports_no_heavy_package() -> None:
    code = (
        "import sys; from reports.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'pandas', 'altair', 'scipy', 'jinja2'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_metric_that_nothing_describes_is_told_with_its_file(tmp_path: Path) -> None:
    record = run_record([0.1, 0.9])
    record["epochs"][1]["metrics"]["mood"] = 1.0
    with pytest.raises(InputError, match=rf"^{tmp_path}.*'mood'.*spmd"):
        epochs_table(tmp_path, record)
