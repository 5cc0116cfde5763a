"""The figures that set strategies side by side, on small tables."""

from __future__ import annotations

from typing import Any, get_args

import altair as alt
import pandas as pd
import pytest
import synthetic_comparison
import synthetic_site
from msgspec import structs

from pnncore.strategies.registry import STRATEGIES
from records.strategy import Colour, Presented
from reports.exhibits import theme
from reports.exhibits.colours import variant_tokens
from reports.exhibits.data_table import data_tables
from reports.exhibits.figure import Figure
from reports.exhibits.picture import picture
from reports.exhibits.registry import KINDS
from reports.exhibits.specification import specification

TITLES = synthetic_comparison.TITLES


def figure(exhibit: str, **changes: Any) -> Figure:
    compared = synthetic_site.comparison()
    points = compared.points(exhibit).assign(**changes)
    return KINDS.named(compared.study.exhibits[exhibit]["chart"]).draw(points, compared.study)


def drawn(chart: alt.LayerChart, mark: str) -> list[tuple[dict[str, Any], pd.DataFrame]]:
    """Return the layers of a mark, each with its rows."""
    content = chart.to_dict()
    return [
        (layer, pd.DataFrame(content["datasets"][layer["data"]["name"]]))
        for layer in content["layer"]
        if layer["mark"]["type"] == mark
    ]


@pytest.mark.parametrize("exhibit", ["accuracy", "time", "trade-off"])
def test_a_strategy_has_its_own_colour_in_every_figure(exhibit: str) -> None:
    tokens = {series.name: series.token for series in figure(exhibit).series}
    assert tokens == {TITLES[name]: STRATEGIES.named(name).presentation.colour for name in TITLES}
    for panel in figure(exhibit).panels:
        assert picture(specification(panel.chart), exhibit).count("<path") > 1


def test_no_two_strategies_of_a_study_have_the_same_colour() -> None:
    tokens = variant_tokens(synthetic_site.comparison().study)
    assert tokens.keys() == STRATEGIES.entries.keys()
    assert len(set(tokens.values())) == len(tokens)


def test_a_strategy_without_a_colour_has_one_of_its_own() -> None:
    study = synthetic_site.comparison().study
    coloured = {name: each for name, each in study.strategies.items() if each.colour}
    new = {"another": Presented(colour=None, cause="", diagram=False)}
    tokens = variant_tokens(structs.replace(study, strategies={**new, **coloured}))
    assert tokens.pop("another") not in tokens.values()
    assert tokens == variant_tokens(structs.replace(study, strategies=coloured))


def test_a_variant_may_state_its_colour() -> None:
    tokens = variant_tokens(synthetic_site.paper())
    assert (tokens["spmd-broadcast"], tokens["spmd-shadow"]) == ("merged", "children")


def test_every_colour_is_a_token() -> None:
    assert set(get_args(Colour)) == {*theme.SPARE, *theme.OWN}


def test_one_network_is_in_every_panel_and_epoch_0_in_none() -> None:
    panels = figure("accuracy").panels
    assert [panel.title for panel in panels] == ["2 workers", "16 workers"]
    for panel in panels:
        ((_, line),) = drawn(panel.chart, "line")
        assert set(line["name"]) == set(TITLES.values())
        assert line["x"].min() == 1


def test_what_is_never_reached_has_no_point_and_is_named() -> None:
    time = figure("time")
    epochs, here, there = time.panels
    assert (epochs.title, here.title) == (
        "epochs to the accuracy",
        "time to the accuracy · this machine",
    )
    for panel in (epochs, here, there):
        rows = pd.concat(points for _, points in drawn(panel.chart, "point"))
        ensemble = rows[rows["name"] == TITLES["ensemble"]]
        assert ensemble["x"].tolist() == [2]
    assert time.remark.endswith(f"Not reached: {TITLES['ensemble']} with 16 workers.")
    assert "Medians of the repeats; the band is their range." in time.remark
    table = data_tables(time)[0]
    cells = dict(table.rows)["16"]
    assert [cell.value for cell in cells] == ["–", "–", "4"]


def test_where_all_is_reached_nothing_is_named() -> None:
    assert "Not reached" not in figure("time", y=4.0).remark


def test_a_change_is_drawn_at_its_speed_up_with_its_workers() -> None:
    here, there = figure("trade-off").panels
    labels = pd.concat([rows for _, rows in drawn(here.chart, "text")])
    ensemble = labels[labels["name"] == TITLES["ensemble"]]
    assert ensemble[["x", "y", "workers"]].to_numpy().tolist() == [[1.9, -0.4, 2], [1.9, -3.2, 16]]
    ((line, _),) = drawn(there.chart, "line")
    assert line["mark"]["strokeDash"] == [5, 4]  # modelled
    assert line["encoding"]["order"]["field"] == "workers"
    ((_, intervals),) = drawn(here.chart, "rule")
    assert set(intervals["name"]) == {TITLES["ensemble"]}


def test_labels_of_strategies_stand_at_different_corners() -> None:
    corners = [
        (layer["mark"]["align"], layer["mark"]["dy"], set(rows["name"]))
        for layer, rows in drawn(figure("trade-off").panels[0].chart, "text")
    ]
    assert len({corner[:2] for corner in corners}) == len(corners) > 1
    assert all(len(names) == 1 for *_, names in corners)


def test_more_workers_than_threads_are_hollow_and_noise_is_crossed() -> None:
    chart = figure("trade-off", mark="noisy").panels[0].chart
    filled, hollow, crossed = (rows for _, rows in drawn(chart, "point"))
    assert filled["x"].tolist() == [1, 1.9, 0.5]
    assert hollow["x"].tolist() == [1.9, 0.5]
    assert len(crossed) == 5


def test_both_machines_have_the_same_axes() -> None:
    domains = [
        drawn(panel.chart, "text")[0][0]["encoding"][axis]["scale"]["domain"]
        for axis in ("x", "y")
        for panel in figure("trade-off").panels
    ]
    assert domains[0] == domains[1]
    assert domains[2] == domains[3]
    low, high = domains[0]
    assert low < 0.02 < 12 < high


def test_the_table_of_changes_has_a_row_for_each_number_of_workers() -> None:
    here, there = data_tables(figure("trade-off"))
    assert [workers for workers, _ in here.rows] == ["1", "2", "16"]
    assert (here.corner, here.unit) == ("workers", "points")
    (ensemble,) = [cell for cell in dict(there.rows)["16"] if cell.value == "\N{MINUS SIGN}3.2"]
    assert ensemble.note == "\N{MINUS SIGN}3.3 to \N{MINUS SIGN}3.1, 12\N{NO-BREAK SPACE}× as fast"


@pytest.mark.parametrize(
    ("seeds", "words"),
    [
        ("1", "Changes are those of one seed."),
        ("2", "Changes are means over 2 seeds."),
        ("3", "Changes are means over 3 seeds, the upright lines their 95 % intervals."),
    ],
)
def test_the_remark_says_what_a_change_rests_on(seeds: str, words: str) -> None:
    assert figure("trade-off", seeds=seeds).remark.startswith(words)
