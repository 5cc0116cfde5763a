"""The page about machines: what it says, what it draws, and what it never leaves out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
import records_factory
import synthetic_site
from records_factory import experiment

from pnncore.strategies.registry import STRATEGIES
from reports.exhibits.hardware_charts import (
    part_bars,
    published_validation,
    speedups,
)
from reports.exhibits.machine_maps import agreement, best_speedups, efficiencies
from reports.exhibits.quantity import percent
from reports.exhibits.time_parts import parts_table, time_parts
from reports.exhibits.variants import timed_variants
from reports.pages.hardware_page import hardware
from reports.pages.host_errors import UNEXPLAINED, causes, host_errors, missed
from reports.pages.machine_view import MachineView, machine_views
from reports.pages.model_summary import HOST_TARGET, PUBLISHED_TARGET, Summary
from reports.pages.paper_tables import TABLES, PaperTables
from reports.tables.model_error import of_left_out_points

METHOD = "Kalwarowskyj & Schikuta: one merge at the end"


@pytest.fixture(scope="module")
def paper() -> PaperTables:
    return synthetic_site.tables()


@pytest.fixture(scope="module")
def machines() -> tuple[MachineView, ...]:
    return machine_views(
        synthetic_site.provenance(), {synthetic_site.ID: "Kalwarowskyj & Schikuta"}
    )


@pytest.fixture(scope="module")
def page(paper: PaperTables) -> dict[str, Any]:
    return hardware(synthetic_site.provenance(), [paper])


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def sources(points: pd.DataFrame) -> list[list[str]]:
    return points[["name", "source"]].drop_duplicates().to_numpy().tolist()


def test_machines_say_what_is_known_assumed_and_unknown(
    machines: tuple[MachineView, ...],
) -> None:
    host, unnamed, ryzen = machines
    assert (host.title, host.facts["cores"].value) == ("this machine", "2")
    assert host.facts["l2_kib"].value == "unknown"
    cores = unnamed.facts["cores"]
    assert (cores.value, cores.assumed, cores.origin) == (
        "8",
        True,
        "Its time stops falling there.",
    )
    assert unnamed.facts["memory_gb"].value == "unknown"
    assert unnamed.paper == ""
    assert plain(ryzen.facts["max_clock_ghz"].value) == "4 GHz"
    assert ryzen.facts["max_clock_ghz"].origin == "The maker's specification"
    assert ryzen.paper == "Kalwarowskyj & Schikuta"


@pytest.mark.parametrize(
    ("measurable", "cores", "words"),
    [
        (["host", "unnamed"], 8, "8 cores of this machine"),
        (["host"], 2, "too few cores"),
        (["host"], 8, "cannot confine"),
    ],
)
def test_a_machine_says_why_it_is_measured_or_only_modelled(
    measurable: list[str], cores: int, words: str
) -> None:
    provenance = {**synthetic_site.provenance(), "measurable": measurable}
    provenance["environments"][0]["host"]["physical_cores"] = cores
    unnamed = machine_views(provenance, {})[1]
    assert unnamed.times.startswith("modelled")
    assert words in unnamed.times


def test_a_host_without_records_is_unknown() -> None:
    host = machine_views({**synthetic_site.provenance(), "environments": []}, {})[0]
    assert {fact.value for fact in host.facts.values()} == {"unknown"}


def test_speedups_are_measured_here_and_modelled_elsewhere(
    paper: PaperTables, machines: tuple[MachineView, ...]
) -> None:
    figure = speedups([paper], machines)
    assert figure is not None
    assert [panel.title for panel in figure.panels] == [METHOD]
    assert [series.name for series in figure.series] == [machine.title for machine in machines]
    assert sources(figure.points) == [
        ["this machine", "measured"],
        ["A Ryzen", "modelled"],
        ["An unnamed machine", "modelled"],
    ]


def test_a_confined_measurement_is_not_compared_as_if_it_were_of_that_machine(
    paper: PaperTables, machines: tuple[MachineView, ...]
) -> None:
    host = paper.timings[(paper.timings["hardware"] == "host") & (paper.timings["workers"] == 1)]
    confined = pd.concat([paper.timings, host.assign(hardware="ryzen", source="measured")])
    figure = speedups([replace(paper, timings=confined)], machines)
    assert figure is not None
    assert ["A Ryzen", "measured"] not in sources(figure.points)


def test_modelled_seconds_stand_against_measured_ones(paper: PaperTables) -> None:
    errors = host_errors([paper])
    figure = agreement(errors, {paper.id: paper.name})
    assert figure is not None
    assert figure.points["x"].tolist() == errors["observed"].tolist()
    assert figure.points["y"].tolist() == errors["predicted"].tolist()
    within = (errors["relative_error"].abs() <= 0.25).mean()
    assert f"{percent(within)} within 25\N{NO-BREAK SPACE}%" in figure.panels[0].description
    assert agreement(errors.head(0), {}) is None


def test_the_map_has_the_best_speedup_of_each_machine_and_hatches_what_is_uncertain(
    paper: PaperTables, machines: tuple[MachineView, ...]
) -> None:
    errors = host_errors([paper])
    figure = best_speedups([paper], machines, errors)
    assert figure is not None
    speedups = paper.scaling[paper.scaling["metric"] == "speedup"]
    own = speedups[(speedups["machine"] == "host") & (speedups["source"] == "measured")]
    cells = figure.points.set_index("machine")
    assert cells.loc["this machine", "y"] == own["value"].max()
    assert not cells.loc["this machine", "hatched"]  # measured
    # Of its own machine, the paper's points judge the model.
    published = of_left_out_points(paper.model_error)["relative_error"].abs()
    assert cells.loc["A Ryzen", "error"] == percent(published.median())
    far = errors.assign(relative_error=0.3)
    uncertain = best_speedups([paper], machines, far)
    assert uncertain is not None
    assert uncertain.points.set_index("machine").loc["An unnamed machine", "hatched"]


def test_efficiency_is_told_by_workers_a_core(
    paper: PaperTables, machines: tuple[MachineView, ...]
) -> None:
    figure = efficiencies([paper], machines)
    assert figure is not None
    cores = {machine.id: machine.cores for machine in machines}
    own = figure.points[figure.points["name"] == "this machine, measured"]
    assert own["x"].tolist() == [n / cores["host"] for n in own["workers"]]
    assert set(figure.points["source"]) == {"measured", "modelled"}


def test_published_points_stand_beside_both_fits(paper: PaperTables) -> None:
    figure = published_validation([paper], {"ryzen": "A Ryzen"})
    assert figure is not None
    assert [panel.title for panel in figure.panels] == ["Kalwarowskyj & Schikuta: A Ryzen"]
    by_name = figure.points.groupby("name")
    assert by_name.get_group("printed by the paper")["y"].tolist() == [3.6, 11.1]
    assert set(by_name.get_group("printed by the paper")["source"]) == {"published"}
    assert by_name.get_group("fitted without the point")["y"].tolist() == [3.3, 7.4]
    assert by_name.get_group("fitted to all the points")["x"].tolist() == [1, 2, 4, 8, 16, 32, 64]


def test_parts_are_shares_at_a_worker_a_core(
    paper: PaperTables, machines: tuple[MachineView, ...]
) -> None:
    (variant,) = timed_variants(paper.study)
    rows = time_parts(paper, variant, machines)
    assert list(dict.fromkeys(rows["machine"])) == [
        "this machine, 2 workers",
        "An unnamed machine, 8 workers",
        "A Ryzen, 16 workers",
    ]
    assert rows.groupby("machine")["share"].sum().tolist() == pytest.approx([1, 1, 1])
    waiting = rows[rows["name"] == "waiting"]["share"].tolist()
    assert waiting == pytest.approx([0.1] * 3)
    table = parts_table("title", rows)
    assert table.columns == ("computing", "waiting", "merging", "dispatching")
    assert table.rows[0][1][1].value == "10.00"
    figure = part_bars({variant.name: rows})
    assert figure is not None
    (panel,) = figure.panels
    assert "A Ryzen, 16 workers: computing" in panel.description
    bars = panel.chart.to_dict()["layer"][0]
    assert bars["encoding"]["x"]["stack"] == "zero"


def test_a_summary_says_by_how_much_a_target_is_missed() -> None:
    errors = pd.DataFrame({"relative_error": [0.02, -0.12, 0.3]})
    summary = Summary.of(errors)
    assert (summary.points, summary.median, summary.worst) == (3, 0.12, 0.3)
    assert summary.close == pytest.approx(1 / 3)
    assert plain(summary.judged(PUBLISHED_TARGET)) == (
        "The target is a median error of at most 10 %, and none above 25 %. Missed: the median is 12 %, 2 points "
        "more than that and the worst error is 5 points above its limit; the worst is 30 %."
    )
    good = Summary.of(errors.head(1))
    assert " Met: " in good.judged(HOST_TARGET)


def test_the_page_judges_the_models(page: dict[str, Any]) -> None:
    unjudged, calibrated, other = plain(page["host_judged"]).split("With ")
    assert "1 of 7 points are not judged" in unjudged
    assert " Met: " in unjudged
    assert "5 %" in calibrated
    assert "1 of 6 timings" in calibrated
    assert "5 %" in other
    assert "5 of 6 timings" in other
    assert page["host_missed"] == ()
    assert [row.what for row in page["host_rows"]] == [METHOD]
    forward, point = page["tests"].judged
    assert " Missed: " in forward
    assert "20.8 %" in plain(point)
    assert "constant efficiency" in page["tests"].beaten[0]
    (model,) = page["models"]
    assert model.note == "It knows no caches."
    assert [plain(row.error) for row in model.rows] == ["−8.3 %", "−33.3 %"]
    assert (model.rows[1].observed, model.rows[1].blind, model.rows[1].fitted) == (
        "11.1",
        "7.4",
        "10.9",
    )
    # Timings, those that are noisy and oversubscribed; repeats of timings and of calibrations, the noisy ones first.
    assert re.findall(r"\d+", page["marks"]) == ["7", "1", "4", "3", "21", "2", "6"]


@pytest.mark.parametrize("column", ["mark", "calibration"])
def test_what_other_programs_disturbed_is_told_and_not_blamed_on_the_model(
    paper: PaperTables, column: str
) -> None:
    """Whether they ran during the timings or during the calibrations."""
    off = paper.model_error["against"] == "host"
    errors = paper.model_error.assign(
        relative_error=paper.model_error["relative_error"].where(~off, 0.9), **{column: "noisy"}
    )
    page = hardware(synthetic_site.provenance(), [replace(paper, model_error=errors)])
    told = plain(page["host_judged"])
    assert "7 of 7 points are not judged" in told
    assert "90 %" in told
    assert "target" not in told
    assert page["host_missed"] == ()
    (row,) = page["host_rows"]
    assert (row.noisy, row.summary) == (7, None)


def test_where_the_host_misses_its_target_each_strategy_has_a_likely_cause() -> None:
    errors = pd.DataFrame(
        {
            "strategy": ["spmd", "spmd", "neuron", "sequential"],
            "relative_error": [-0.3, 0.2, 0.1, 0.4],
            "quiet": True,
        }
    )
    known = causes([synthetic_site.tables()])
    spmd, sequential = missed(errors, known)
    assert (spmd.strategy, spmd.median) == ("spmd", 0.25)
    assert spmd.cause == STRATEGIES.named("spmd").presentation.cause
    assert (sequential.strategy, sequential.cause) == ("sequential", UNEXPLAINED)


def test_every_cause_is_a_sentence_long() -> None:
    found = [strategy.presentation.cause for strategy in STRATEGIES.entries.values()]
    assert all(cause.endswith(".") and ". " not in cause for cause in found if cause)


def test_each_parameter_is_told_once_with_its_origin(page: dict[str, Any]) -> None:
    told = [(row.program, row.meaning, row.origin, row.machines) for row in page["parameters"]]
    own = "Kalwarowskyj & Schikuta: its own program"
    assert sorted(told) == [
        (own, "merging", "fitted", "A Ryzen"),
        (own, "time of one worker (Table I)", "published", "A Ryzen"),
        (own, "what a second thread adds", "default", "A Ryzen"),
        (METHOD, "all cores busy", "calibrated", "every other machine"),
        (METHOD, "what a second thread adds", "default", "every other machine"),
    ]


def test_laws_are_told_for_each_machine_and_source(page: dict[str, Any]) -> None:
    (table,) = page["laws"]
    assert [(machine, source) for machine, source, _ in table.rows] == [
        ("this machine", "measured"),
        ("this machine", "modelled"),
        ("An unnamed machine", "modelled"),
        ("A Ryzen", "modelled"),
        ("A Ryzen", "published"),
    ]
    by_source = {(machine, source): cells for machine, source, cells in table.rows}
    # Of this machine's points one alone has a hardware thread for each of several workers; of the Ryzen's printed
    # ones, one, too.
    for curve in (("this machine", "measured"), ("A Ryzen", "published")):
        amdahl, _, contention, *_ = by_source[curve]
        assert amdahl.value.endswith("%")
        assert (amdahl.note, contention.value) == ("", "–")
    assert {cell.note for cells in by_source.values() for cell in cells} == {""}


def test_a_method_of_one_worker_has_no_speedup_and_no_parts(
    paper: PaperTables, machines: tuple[MachineView, ...]
) -> None:
    alone = replace(
        paper,
        timings=paper.timings[paper.timings["workers"] == 1],
        scaling=paper.scaling[paper.scaling["workers"].fillna(1) == 1],
    )
    assert speedups([alone], machines) is None
    page = hardware(synthetic_site.provenance(), [alone])
    assert page["parts"] is None
    assert page["laws"] == ()
    assert page["host"] is not None, "but its time can be modelled"


def test_nothing_run_is_nothing_shown(paper: PaperTables) -> None:
    empty = replace(paper, **{name: getattr(paper, name).head(0) for name in TABLES})
    page = hardware(synthetic_site.provenance(), [empty])
    for name in ("comparison", "host", "published", "parts", "tests"):
        assert page[name] is None
    for name in ("host_judged", "marks"):
        assert page[name] == ""
    for name in ("models", "parameters", "laws", "parts_tables"):
        assert page[name] == ()
    assert len(page["machines"]) == 3


def test_variants_of_one_title_are_told_apart() -> None:
    timing = experiment(threads=[8])
    timings = {"fig1": {**timing, "title": "small"}, "fig2": {**timing, "title": "large"}}
    names = [variant.name for variant in timed_variants(records_factory.paper(timings=timings))]
    assert names == ["Paper: THREADS", "Paper: THREADS (large)"]
