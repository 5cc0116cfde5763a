"""Two bundles compared: what counts as moved, and what is said of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from records.study import StudyEdition
from reports.bundle import archive as bundle
from reports.bundle.changes import COLUMNS, Results, compare
from reports.cli import main
from reports.exhibits import columns as exhibits
from reports.pages.paper_tables import TABLES
from reports.tables.authors import COLUMNS as AUTHORS
from reports.tables.tidy import EPOCHS, read_table, table, write_table
from reports.verdicts import claims as verdicts
from reports.verdicts import findings

PAPER = "carver"
EDITION = StudyEdition(name="paper", title="Paper edition", notice="", datasets={})


def claim(number: int = 1, **other: Any) -> dict[str, Any]:
    row = {"id": f"CA-C{number:02}", "paper": PAPER, "reading": "race", "unit": "fraction"}
    return {**row, "ours": 0.9, "interval": None, "verdict": "reproduced"} | other


def finding(**other: Any) -> dict[str, Any]:
    row = {
        "id": "CA-F01",
        "paper": PAPER,
        "number": "after ten epochs",
        "ours": 0.5,
        "holds": "yes",
    }
    return {**row, "unit": "fraction"} | other


def point(x: float = 1, y: float = 0.9, **other: Any) -> dict[str, Any]:
    row = {"paper": PAPER, "exhibit": "fig1", "panel": "", "series": "race", "x": x, "y": y}
    return {**row, "source": "measured", "unit": "fraction", "y_name": "test_accuracy"} | other


def results(
    claims: list[dict[str, Any]] | None = None,
    stated: list[dict[str, Any]] | None = None,
    points: list[dict[str, Any]] | None = None,
) -> Results:
    return Results(
        table(claims or [], verdicts.COLUMNS),
        table(stated or [], findings.COLUMNS),
        table(points or [], exhibits.COLUMNS),
    )


def changes(before: Results, after: Results) -> list[tuple[str, ...]]:
    rows = compare(before, after)[["change", "id", "before", "after"]]
    return list(rows.itertuples(index=False, name=None))


def test_the_same_results_do_not_differ() -> None:
    same = results([claim(), claim(2, ours=None)], [finding()], [point(), point(x=2)])
    assert changes(same, same) == []


def test_a_verdict_that_differs_is_told_for_its_reading() -> None:
    before = results([claim(), claim(reading="locked")])
    after = results([claim(), claim(reading="locked", verdict="contradicted")])
    (row,) = compare(before, after).to_dict("records")
    assert row == {
        "change": "verdict",
        "paper": PAPER,
        "id": "CA-C01",
        "which": "locked",
        "before": "reproduced",
        "after": "contradicted",
    }


def test_a_finding_that_no_longer_holds_is_told() -> None:
    before, after = results(stated=[finding()]), results(stated=[finding(holds="no", ours=0.51)])
    assert changes(before, after) == [("finding", "CA-F01", "yes", "no")]
    untested = results(stated=[finding(holds=None, ours=None)])
    assert changes(before, untested) == [
        ("finding", "CA-F01", "yes", "not tested"),
        ("number", "CA-F01", "50 %", "–"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "moves"),
    [
        ((0.90, [0.88, 0.92]), (0.91, [0.89, 0.93]), False),
        ((0.90, [0.88, 0.93]), (0.949, [0.909, 0.99]), False),  # 0.03 up and 0.04 down make 0.05
        ((0.90, [0.88, 0.93]), (0.951, [0.911, 0.99]), True),
        ((0.90, [0.80, 0.99]), (0.70, None), True),
        ((0.90, [0.80, 0.99]), (0.81, None), False),
        ((0.90, None), (0.94, None), False),  # by less than a twentieth
        ((0.90, None), (0.95, None), True),
        ((0.0, None), (0.01, None), True),
        ((-0.50, None), (-0.51, None), False),
        ((0.90, None), (None, None), True),
    ],
)
def test_a_number_moves_beyond_the_interval_of_the_difference(
    one: tuple[float, Any], other: tuple[float, Any], moves: bool
) -> None:
    before, after = (
        results([claim(ours=ours, interval=json.dumps(interval) if interval else None)])
        for ours, interval in (one, other)
    )
    for pair in ((before, after), (after, before)):
        assert [change for change, *_ in changes(*pair)] == ["number"] * moves


def test_the_numbers_are_told_with_their_intervals() -> None:
    before = results([claim(interval="[0.88, 0.92]")])
    after = results([claim(ours=0.95)])
    assert changes(before, after) == [("number", "CA-C01", "90 % (88 % to 92 %)", "95 %")]


def test_an_exhibit_tells_how_many_points_moved_and_the_farthest() -> None:
    ends = {"lower": 0.85, "upper": 0.95}
    before = results(points=[point(x, 0.9, **ends) for x in (1, 2, 4)])
    after = results(points=[point(1, 0.9), point(2, 0.8), point(4, 0.5)])
    (row,) = compare(before, after).to_dict("records")
    assert (row["change"], row["id"], row["before"], row["after"]) == (
        "exhibit",
        "fig1",
        "90 %",
        "50 %",
    )
    assert row["which"] == "2 of 3 points, most: race at 4"


def test_published_points_are_not_compared() -> None:
    before, after = (results(points=[point(y=y, source="published")]) for y in (0.1, 0.9))
    assert changes(before, after) == []


def test_what_one_bundle_alone_has_is_told() -> None:
    before = results([claim()], [finding()], [point()])
    after = results([claim(2)], [], [point(exhibit="fig2")])
    assert changes(before, after) == [
        ("only in the first", "CA-C01", "there", ""),
        ("only in the second", "CA-C02", "", "there"),
        ("only in the first", "CA-F01", "there", ""),
        ("only in the first", "fig1", "there", ""),
        ("only in the second", "fig2", "", "there"),
    ]


def write(path: Path, found: Results) -> None:
    """Pack a bundle that has these tables and no others filled."""
    filled = {"claims": found.claims, "findings": found.findings, "exhibits": found.exhibits}
    folder = path.with_suffix("")
    members = {"provenance.json": b"{}", f"config/{PAPER}.json": b"{}"}
    for name, columns in {**TABLES, "epochs": EPOCHS, "authors": AUTHORS}.items():
        write_table(filled.get(name, table([], columns)), folder / f"{name}.csv")
        members[f"tables/{PAPER}/{name}.csv"] = (folder / f"{name}.csv").read_bytes()
    bundle.pack(EDITION, {"papers": [PAPER], "comparisons": []}, members, path)


def test_the_command_prints_a_table_and_writes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two, listed = (tmp_path / name for name in ("one.zip", "two.zip", "changes.csv"))
    write(one, results([claim()]))
    write(two, results([claim(verdict="trend only", ours=0.8)]))
    assert main(["compare", str(one), str(two), "--output", str(listed)]) == 0
    said = capsys.readouterr().out
    assert str(one) in said
    assert str(two) in said
    assert "verdict 1, finding 0, number 1, exhibit 0" in said
    rows = [line.split() for line in said.splitlines() if "CA-C01" in line]
    assert rows[0] == ["verdict", "carver", "CA-C01", "race", "reproduced", "trend", "only"]
    assert rows[1][0] == "number"
    rows = read_table(listed, COLUMNS)
    assert list(rows["change"]) == ["verdict", "number"]


def test_the_status_tells_whether_they_differ_if_it_is_asked_for(tmp_path: Path) -> None:
    one, same, two = (tmp_path / name for name in ("one.zip", "same.zip", "two.zip"))
    for path in (one, same):
        write(path, results([claim()]))
    write(two, results([claim(verdict="trend only")]))
    assert main(["compare", str(one), str(two)]) == 0
    assert main(["compare", str(one), str(same), "--exit-code"]) == 0
    assert main(["compare", str(one), str(two), "--exit-code"]) == 3


@pytest.mark.parametrize("other", [{"interval": "[1"}, {"ours": "many"}], ids=str)
def test_tables_that_hold_no_numbers_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], other: dict[str, Any]
) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    write(one, results([claim()]))
    write(two, results([claim(**other)]))
    assert main(["compare", str(one), str(two)]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert str(two) in told


def test_a_bundle_is_not_overwritten_by_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    for path in (one, two):
        write(path, results([claim()]))
    (tmp_path / "link.csv").symlink_to(one)
    for output in (one, two, tmp_path / "link.csv"):
        before = [path.read_bytes() for path in (one, two)]
        assert main(["compare", str(one), str(two), "--output", str(output)]) == 1
        told = capsys.readouterr()
        assert told.err.startswith(f"reports: {output}: ")
        assert told.out == ""
        assert [path.read_bytes() for path in (one, two)] == before


def test_a_reader_that_has_had_enough_ends_the_command_quietly(tmp_path: Path) -> None:
    one = tmp_path / "one.zip"
    write(one, results([claim()]))
    # A pipe that nobody reads.
    read, write_end = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "reports", "compare", str(one), str(one)]
    with os.fdopen(write_end, "wb") as closed:
        done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_table_of_other_columns_is_told_by_its_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    write(one, results())
    other = Results(pd.DataFrame({"id": [1]}), table([], findings.COLUMNS), results().exhibits)
    write(two, other)
    assert main(["compare", str(one), str(two)]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"reports: {two}: tables/{PAPER}/claims.csv: ")
    assert "make bundle" in told


def test_a_bundle_without_papers_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "none.zip"
    bundle.pack(EDITION, {"papers": [], "comparisons": []}, {"provenance.json": b"{}"}, path)
    assert main(["compare", str(path), str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"reports: {path}")
    assert "papers" in told.rpartition("/")[2]
