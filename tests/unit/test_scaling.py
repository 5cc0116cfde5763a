"""The table of speed-ups and scaling laws, on small timings worked out by hand."""

from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pytest
from records_factory import (
    fitted,
    model_point,
    model_record,
    no_timings,
    prediction_record,
    timed_paper,
    timing_record,
    timings_table,
    write,
    write_list,
)

from reports import cli
from reports.tables.scaling import COLUMNS, tabulate_scaling
from reports.tables.tidy import read_table, write_table

PAPER = timed_paper()


def value(table: pd.DataFrame, metric: str, **factors: Any) -> Any:
    rows = table[table["metric"] == metric]
    for name, wanted in factors.items():
        rows = rows[rows[name] == wanted]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_measured_curve_has_its_points_and_laws(tmp_path: Path) -> None:
    timings = timings_table(
        tmp_path,
        timing_record([8.0, 8.0, 9.0]),
        timing_record([5.0, 4.0, 5.0], workers=2),
        timing_record([4.0, 4.0, 4.0], workers=4),
    )
    table = tabulate_scaling(PAPER, timings, [])
    two = value(table, "speedup", workers=2)
    assert two["value"] == pytest.approx(1.6)
    assert two["lower"] <= 1.6 <= two["upper"]
    assert (two["lower"], two["upper"]) == (pytest.approx(8 / 5), pytest.approx(9 / 4))
    assert value(table, "efficiency", workers=2)["value"] == pytest.approx(0.8)
    share = value(table, "karp_flatt", workers=2)
    assert share["value"] == pytest.approx(0.25)
    # (1 / 2.25 - 1 / 2) / (1 / 2), and as many times faster is as much smaller a share.
    assert (share["lower"], share["upper"]) == (pytest.approx(-1 / 9), pytest.approx(0.25))
    assert pd.isna(value(table, "karp_flatt", workers=1)["value"])
    laws = table[table["workers"].isna()]
    assert laws["metric"].tolist() == [
        "amdahl_serial_share",
        "gustafson_serial_share",
        "usl_contention",
        "usl_coherence",
        "usl_best_workers",
    ]
    assert value(table, "amdahl_serial_share")["value"] == pytest.approx(0.91 / 2.89)
    assert set(table["source"]) == {"measured"}
    assert set(table["machine"]) == {"host"}
    assert two["evidence"] == (tmp_path / "timings/paper/fig4/spmd-once").as_posix()


def test_each_machine_and_source_is_a_curve(tmp_path: Path) -> None:
    timings = timings_table(
        tmp_path,
        timing_record([8.0]),
        prediction_record({1: 8.0, 2: 4.0}, machine="host"),
        prediction_record({1: 16.0, 2: 9.0, 4: 6.0}),
    )
    model = fitted(tmp_path, model_point(4, 3.2, 3.0))
    table = tabulate_scaling(PAPER, timings, [model])
    curves = table[["machine", "source"]].drop_duplicates().to_numpy().tolist()
    assert curves == [
        ["host", "measured"],
        ["host", "modelled"],
        ["banana-pi-m3", "modelled"],
        ["banana-pi-m3", "published"],
    ]
    published = {"machine": "banana-pi-m3", "source": "published"}
    assert value(table, "speedup", workers=4, **published)["value"] == 3.2
    assert value(table, "amdahl_serial_share", **published)["value"] == pytest.approx(1 / 12)
    assert value(table, "amdahl_serial_share", **published)["strategy"] == "spmd"
    modelled = value(table, "speedup", workers=2, machine="banana-pi-m3", source="modelled")
    assert pd.isna(modelled["lower"])
    assert value(table, "speedup", workers=1, source="measured")["ran_on"] == "host"
    assert table.loc[table["source"] != "measured", "ran_on"].isna().all()


def test_laws_rest_on_the_points_where_each_worker_has_a_hardware_thread(tmp_path: Path) -> None:
    # By hand, of 1 and 2 workers alone: (1 / 1.6 - 1 / 2) / (1 - 1 / 2) = 0.25.
    seconds = {1: 8.0, 2: 5.0, 4: 5.0, 16: 5.0}
    timings = timings_table(
        tmp_path,
        *(timing_record([s] * 3, workers=n, cores=2) for n, s in seconds.items()),
        prediction_record(seconds, cores=2),
    )
    points = (model_point(2, 1.6, 1.5), model_point(4, 1.6, 1.5))
    model = fitted(tmp_path, *points)
    table = tabulate_scaling(PAPER, timings, [model])
    for source in ("measured", "modelled", "published"):
        amdahl = value(table, "amdahl_serial_share", source=source)
        assert amdahl["value"] == pytest.approx(0.25)
        assert pd.isna(amdahl["lower"]), "one point has no interval"
        assert pd.isna(value(table, "usl_contention", source=source)["value"])
        assert value(table, "speedup", source=source, workers=4)["value"] == pytest.approx(1.6)


def test_published_points_have_no_law_where_nobody_knows_the_hardware_threads(
    tmp_path: Path,
) -> None:
    model = fitted(tmp_path, model_point(4, 3.2, 3.0))
    table = tabulate_scaling(PAPER, no_timings(), [model])
    assert table.loc[table["workers"].isna(), "value"].isna().all()


def test_only_what_was_measured_has_intervals(tmp_path: Path) -> None:
    seconds = {1: 8.0, 2: 5.0, 4: 4.0}
    timings = timings_table(
        tmp_path,
        *(timing_record([s] * 3, workers=n) for n, s in seconds.items()),
        prediction_record(seconds),
    )
    points = (model_point(2, 1.6, 1.5), model_point(4, 2.0, 1.5))
    model = fitted(tmp_path, *points)
    table = tabulate_scaling(PAPER, timings, [model])
    shares = table[table["metric"] == "amdahl_serial_share"].set_index("source")
    assert shares["value"].tolist() == pytest.approx([0.91 / 2.89] * 3)
    assert shares["upper"].notna().to_dict() == {
        "measured": True,
        "modelled": False,
        "published": False,
    }


def test_without_one_worker_nothing_is_known_and_nothing_is_invented(tmp_path: Path) -> None:
    table = tabulate_scaling(PAPER, timings_table(tmp_path, timing_record(workers=2)), [])
    assert table["workers"].isna().all()
    assert table["value"].isna().all()


def test_fewer_than_three_repeats_have_no_interval(tmp_path: Path) -> None:
    timings = timings_table(
        tmp_path, timing_record([8.0, 8.1]), timing_record([4.0, 4.1], workers=2)
    )
    assert tabulate_scaling(PAPER, timings, [])["lower"].isna().all()


def test_diverged_timings_are_left_out(tmp_path: Path) -> None:
    record = timing_record([4.0], workers=2, status="diverged")
    timings = timings_table(tmp_path, timing_record([8.0]), record)
    assert set(tabulate_scaling(PAPER, timings, [])["workers"].dropna()) == {1}


def test_the_command_writes_the_columns_of_the_contract(tmp_path: Path) -> None:
    write_table(no_timings(), tmp_path / "timings.csv")
    (tmp_path / "paper.json").write_bytes(msgspec.json.encode(PAPER))
    models = [write(tmp_path, model_record(model_point(4, 3.2, 3.0)))]
    command = ["--paper", f"{tmp_path}/paper.json", "--timings", f"{tmp_path}/timings.csv"]
    output = tmp_path / "tables" / "scaling.csv"
    records = str(write_list(tmp_path, models=models))
    given = ["--records", records, "--output", str(output.parent)]
    assert cli.main(["models", *command, *given]) == 0
    header, *lines = output.read_text().splitlines()
    assert header == ",".join(COLUMNS)
    assert header == (
        "edition,paper,experiment,variant,strategy,machine,source,ran_on,workers,metric,value,lower,upper,"
        "unit,evidence"
    )
    cells = {cell.lower() for line in lines for cell in line.split(",")}
    assert not cells & {"nan", "inf", "-inf", "4.0"}, "whole workers, and nothing that is no number"
    assert len(read_table(output, COLUMNS)) == 2 * 3 + 5
