"""The figures on small tables: what is drawn, in which colour and shape, and in which words."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from typing import Any

import altair as alt
import colour_vision
import pandas as pd
import pytest
import synthetic_site

from records.errors import InputError
from reports.exhibits import theme
from reports.exhibits.axes import Axes, y_axis
from reports.exhibits.chart_files import drawn_exhibits
from reports.exhibits.claim_strip import claim_strip
from reports.exhibits.data_table import beside_all, comparisons, data_tables
from reports.exhibits.figure import Figure, axis_title, spread_of
from reports.exhibits.figure_view import figure_view
from reports.exhibits.picture import picture
from reports.exhibits.registry import KINDS
from reports.exhibits.specification import specification
from reports.exhibits.verdict_bars import verdict_bars
from reports.verdicts.rule import VERDICTS
from reports.verdicts.scoreboard import (
    GROUNDS,
    MARKS,
    TOKENS,
    extremes,
    headline_verdicts,
    scoreboard,
)


def figure(exhibit: str) -> Figure:
    tables = synthetic_site.tables()
    return KINDS.named(tables.study.exhibits[exhibit]["chart"]).draw(
        tables.points(exhibit), tables.study
    )


def spec(chart: alt.LayerChart) -> dict[str, Any]:
    content: dict[str, Any] = chart.to_dict()
    return content


def layers(chart: alt.LayerChart, mark: str) -> list[dict[str, Any]]:
    return [layer for layer in spec(chart)["layer"] if layer["mark"]["type"] == mark]


def rows(chart: alt.LayerChart, layer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = spec(chart)["datasets"][layer["data"]["name"]]
    return found


DRAWN = ["fig2", "fig3", "fig4", "fig4-saving", "fig5", "hidden", "workers", "hours"]


@pytest.mark.parametrize("exhibit", [*DRAWN, "profile", "facts"])
def test_every_panel_is_a_whole_vega_lite_chart(exhibit: str) -> None:
    for panel in figure(exhibit).panels:
        content = spec(panel.chart)  # Altair checks it against the schema of Vega-Lite
        assert content["width"] == "container"
        assert picture(content, exhibit).count("<path") > 1


def test_a_picture_depends_on_its_chart_alone_and_names_its_clips_after_itself() -> None:
    chart = specification(figure("fig4").panels[0].chart)
    first = picture(chart, "fig4-1")
    assert picture(chart, "fig4-1") == first
    clips = re.findall(r'clipPath id="([^"]*)"', first)
    assert clips
    assert clips == re.findall(r"url\(#([^)]*)\)", first)
    assert all(name.startswith("fig4-1-clip") for name in clips)


def test_a_drawing_has_no_figure() -> None:
    with pytest.raises(InputError, match="'diagram' has no chart"):
        KINDS.named("diagram").draw(synthetic_site.tables().exhibits, synthetic_site.paper())


def test_a_kind_that_fails_is_named_with_its_study_and_exhibit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = KINDS.named("accuracy_by_epoch")
    broken = replace(kind, chart=replace(kind.chart, plot=lambda table: table["none"]))
    monkeypatch.setattr(f"reports.exhibits.kinds.{kind.name}.KIND", broken)
    tables = synthetic_site.tables()
    with pytest.raises(KeyError) as error:
        list(drawn_exhibits(tables.study, tables.exhibits))
    (note,) = error.value.__notes__
    assert note.startswith(f"{tables.study.id}: exhibits.fig2: ")
    assert kind.name in note


def test_accuracy_by_epoch_has_a_line_a_count_and_a_panel_a_reading() -> None:
    drawn = figure("fig2")
    names = [
        "1 child network",
        *(f"{count} child networks" for count in (2, 5, 10, 15, 20, 25, 30)),
    ]
    assert [series.name for series in drawn.series] == names
    assert len({series.token for series in drawn.series}) == 8
    assert [panel.title for panel in drawn.panels] == list(synthetic_site.TITLES.values())


def test_accuracy_by_epoch_leaves_out_the_untrained_network_and_says_so() -> None:
    drawn = figure("fig2")
    line = layers(drawn.panels[0].chart, "line")[0]
    assert min(row["x"] for row in rows(drawn.panels[0].chart, line)) == 1
    assert "Epoch 0" in drawn.remark


def test_published_points_are_diamonds_on_the_line_of_their_count() -> None:
    chart = figure("fig2").panels[0].chart
    ours, theirs = layers(chart, "point")
    assert {row["source"] for row in rows(chart, ours)} == {"measured"}
    assert [(row["name"], row["x"], row["y"]) for row in rows(chart, theirs)] == [
        ("2 child networks", 1, 0.945),
        ("30 child networks", 12, 0.945),
    ]
    scale = theirs["encoding"]["shape"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["published"] == "diamond"


@pytest.mark.parametrize("epochs", [30, 100])
def test_a_long_line_of_the_authors_has_a_triangle_every_tenth_epoch(epochs: int) -> None:
    points = synthetic_site.tables().points("fig2")
    one = points[points["source"] == "measured"].head(1)
    theirs = [one.assign(source="authors", x=epoch, y=0.9) for epoch in range(1, epochs + 1)]
    table = pd.concat([points, *theirs])
    chart = KINDS.named("accuracy_by_epoch").draw(table, synthetic_site.paper()).panels[0].chart
    marked = [
        {"size": layer["mark"]["size"], "epochs": [row["x"] for row in rows(chart, layer)]}
        for layer in layers(chart, "point")
        if rows(chart, layer)[0]["source"] == "authors"
    ]
    whole = {"size": 48 if epochs == 30 else 6, "epochs": list(range(1, epochs + 1))}
    sparse = {"size": 48, "epochs": list(range(10, 101, 10))}
    assert marked == ([whole] if epochs == 30 else [whole, sparse])


@pytest.mark.parametrize(
    ("labels", "title"),
    [
        (["accuracy", "accuracy on training samples"], "accuracy"),
        (["accuracy", "confidence"], "accuracy and confidence"),
        (["accuracy", "confidence", "spread"], "share"),
        (["accuracy", "accuracy of children", "accuracy on training samples"], "accuracy"),
    ],
)
def test_an_axis_of_several_metrics_is_named_after_what_begins_their_names(
    labels: list[str], title: str
) -> None:
    points = synthetic_site.tables().points("fig2").head(len(labels)).assign(y_label=labels)
    assert y_axis(points, points, Axes())["title"] == title


def test_panels_that_are_compared_share_the_vertical_axis() -> None:
    domains = [
        layers(panel.chart, "line")[0]["encoding"]["y"]["scale"]["domain"]
        for panel in figure("fig2").panels
    ]
    assert domains[0] == domains[1]


def test_no_fraction_is_drawn_on_an_axis_beyond_one() -> None:
    table = synthetic_site.tables().points("hidden").assign(upper=1.2, lower=-0.3)
    line = layers(
        KINDS.named("accuracy_by_hidden").draw(table, synthetic_site.paper()).panels[0].chart,
        "line",
    )[0]
    assert line["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_merged_network_and_children_have_the_same_colours_in_every_panel() -> None:
    drawn = figure("fig3")
    assert [(series.name, series.token) for series in drawn.series] == [
        ("merged network", "merged"),
        ("mean of its child networks", "children"),
    ]
    assert len(drawn.panels) == 3


def test_confidence_is_dashed_and_a_published_level_dash_dotted() -> None:
    drawn = figure("fig5")
    strokes = {series.name: series.stroke for series in drawn.series}
    assert strokes["1 network · accuracy"] == "solid"
    assert strokes["1 network · confidence"] == "dashed"
    assert strokes["one network levels off"] == "dash-dotted"
    tokens = {series.name: series.token for series in drawn.series}
    assert tokens["1 network · accuracy"] == tokens["1 network · confidence"] == "one"
    assert tokens["one network levels off"] == "one"
    assert len(layers(drawn.panels[0].chart, "rule")) == 2


def test_time_is_logarithmic_both_ways() -> None:
    chart = figure("fig4").panels[0].chart
    encoding = layers(chart, "line")[0]["encoding"]
    assert encoding["x"]["scale"]["type"] == encoding["y"]["scale"]["type"] == "log"


def test_points_with_more_workers_than_threads_are_hollow_and_noisy_ones_crossed() -> None:
    drawn = figure("fig4")
    chart = drawn.panels[0].chart
    filled, hollow, crossed = layers(chart, "point")
    assert [row["x"] for row in rows(chart, filled)] == [1, 2]
    assert [row["x"] for row in rows(chart, hollow)] == [4, 8, 16, 32]
    assert [row["x"] for row in rows(chart, crossed)] == [8]
    assert hollow["mark"]["fill"] == theme.colour("surface")
    assert "mark" in [field["field"].removesuffix(":N") for field in crossed["encoding"]["tooltip"]]
    said = [name for name, _ in figure_view(drawn).sources]
    assert said == [
        "measured",
        "hollow: more workers than hardware threads",
        "crossed: other programs ran meanwhile",
    ]
    (table,) = data_tables(drawn)
    notes = {x: cells[0].note for x, cells in table.rows}
    assert notes["8"].endswith(" to 5.047, noisy, oversubscribed")
    assert "oversubscribed" not in notes["2"]


def test_modelled_stands_beside_measured_and_published_and_is_not_taken_for_either() -> None:
    drawn = figure("fig4-saving")
    chart = drawn.panels[0].chart
    assert [series.name for series in drawn.series] == ["this machine", "A Ryzen"]
    measured, modelled = layers(chart, "line")
    assert {row["name"] for row in rows(chart, measured)} == {"this machine"}
    assert {row["name"] for row in rows(chart, modelled)} == {"A Ryzen"}
    assert modelled["encoding"]["strokeDash"]["value"] == [5, 4]
    ours, theirs = layers(chart, "point")
    assert ours["encoding"]["y"]["scale"].get("type", "linear") == "linear"
    assert [(row["name"], row["x"], row["y"]) for row in rows(chart, theirs)] == [
        ("A Ryzen", 64, 0.91)
    ]
    # Time lost is drawn, too.
    assert ours["encoding"]["y"]["scale"]["domain"] == [-0.6, 0.9375]
    assert [name for name, _ in figure_view(drawn).sources] == ["measured", "modelled", "published"]
    assert "A Ryzen, modelled: from 0" in drawn.panels[0].description
    assert drawn.remark.endswith("nothing ran there.")
    (table,) = data_tables(drawn)
    assert table.columns == ("this machine", "A Ryzen (modelled)")
    (row,) = comparisons(drawn)
    ((_, cell),) = row.ours
    said = cell.value.replace("\N{NO-BREAK SPACE}", " ")
    assert said == "this machine: −60 %\nA Ryzen (modelled): 93.75 %"


def test_accuracy_by_workers_has_a_colour_a_variant_and_a_dash_for_the_second_metric() -> None:
    drawn = figure("workers")
    race, locked = synthetic_site.RACE, synthetic_site.LOCKED
    assert [(series.name, series.token, series.stroke) for series in drawn.series] == [
        (f"{race} · accuracy", "other-1", "solid"),
        (f"{race} · accuracy on the training samples", "other-1", "dashed"),
        (f"{locked} · accuracy", "other-2", "solid"),
        (f"{locked} · accuracy on the training samples", "other-2", "dashed"),
        ("published", "ink", "none"),
    ]
    (panel,) = drawn.panels
    line = layers(panel.chart, "line")[0]
    assert line["encoding"]["x"]["scale"]["type"] == "log"
    # What no line joins has no dash.
    assert "published" not in line["encoding"]["strokeDash"]["scale"]["domain"]
    assert (
        "Published: 26\N{NO-BREAK SPACE}% at 1, 91.8\N{NO-BREAK SPACE}% at 12." in panel.description
    )
    view = figure_view(drawn)
    assert [entry.dashes for entry in view.legend] == ["1 0", "5 4"] * 2 + [""]
    # A series of that name says it once.
    assert [source for source, _ in view.sources] == ["measured"]


def test_what_is_published_of_no_variant_stands_beside_all_and_else_beside_its_own() -> None:
    drawn = figure("workers")
    race, locked = synthetic_site.RACE, synthetic_site.LOCKED
    (table,) = beside_all(drawn)
    assert table.columns == (
        "published, Section 4.1",
        f"{race} · accuracy",
        f"{locked} · accuracy",
    )
    assert [(x, [cell.value for cell in cells]) for x, cells in table.rows] == [
        ("1", ["26.00", "30.00", "50.00"]),
        ("12", ["91.80", "85.00", "86.67"]),
    ]
    assert table.rows[0][1][1].note == "29.40 to 30.60"
    (own,) = comparisons(drawn)
    assert own.at == "threads 1"
    ((_, cell),) = own.ours
    assert (cell.value, cell.note) == ("33\N{NO-BREAK SPACE}%", "32.40 to 33.60")


def test_a_published_range_is_a_rule_behind_its_point() -> None:
    drawn = figure("hours")
    (rule,) = layers(drawn.panels[0].chart, "rule")
    assert rule["encoding"]["y2"]["field"] == "upper"
    assert [(row["lower"], row["upper"]) for row in rows(drawn.panels[0].chart, rule)] == [
        (950, 1100)
    ]
    (row,) = comparisons(drawn)
    assert row.published.note == "950 to 1,100"


def test_a_profile_has_a_bar_a_variant_and_beneath_it_the_papers_hollow() -> None:
    drawn = figure("profile")
    labels = [f"share of the work that {what}" for what in ("goes forward", "goes backward")]
    assert [(series.name, series.token) for series in drawn.series] == [
        (labels[0], "one"),
        (labels[1], "merged"),
        ("share of the work that is neither", "muted"),
    ]
    content = spec(drawn.panels[0].chart)
    ours, theirs, names = content["layer"]
    assert ours["encoding"]["x"]["stack"] == "zero"
    assert ours["encoding"]["y"]["sort"] == [
        synthetic_site.RACE,
        f"{synthetic_site.RACE}, published",
    ]
    assert theirs["encoding"]["fill"] == {"value": theme.colour("surface")}
    assert names["encoding"]["text"]["field"] == "bar"
    assert "published: share of the work that goes forward 40" in drawn.panels[0].description
    assert figure_view(drawn).sources == (("published", "frame"),)
    (table,) = data_tables(drawn)
    assert (table.corner, table.unit) == ("what", "%")
    assert [(bar, [cell.value for cell in cells]) for bar, cells in table.rows] == [
        (synthetic_site.RACE, ["42.00", "50.00", "8.00"])
    ]
    forward, _ = comparisons(drawn)
    assert (forward.at, forward.ours[0][1].value) == (
        synthetic_site.RACE,
        "42\N{NO-BREAK SPACE}%",
    )


def test_bars_of_facts_are_in_their_order_and_unit() -> None:
    drawn = figure("facts")
    assert drawn.remark == "Measured on this machine."
    assert [series.name for series in drawn.series] == ["handing out", "training"]
    (table,) = data_tables(drawn)
    assert [bar for bar, _ in table.rows] == ["copies", "slices"]
    (bars, _) = spec(drawn.panels[0].chart)["layer"]
    assert bars["encoding"]["x"]["title"] == "time, seconds"


def test_many_variants_have_a_colour_each() -> None:
    names = [f"variant-{number}" for number in range(7)]
    tokens = theme.spread(["sequential", *names], {"sequential": "one"})
    assert len(set(tokens.values())) == 8


def test_no_name_has_the_colour_that_another_has_for_its_own() -> None:
    known = {"sequential": "one", "ensemble": "other-1"}
    tokens = theme.spread(["a", "ensemble", "b"], known)
    assert tokens == {"a": "other-2", "ensemble": "other-1", "b": "other-3"}


def test_charts_carry_no_empty_cells_and_short_numbers() -> None:
    table = synthetic_site.tables().points("hidden").assign(y=0.123456789, lower=None, upper=None)
    chart = KINDS.named("accuracy_by_hidden").draw(table, synthetic_site.paper()).panels[0].chart
    row = rows(chart, layers(chart, "line")[0])[0]
    assert row["y"] == 0.123457
    assert "lower" not in row
    assert layers(chart, "area") == []


def test_description_says_where_the_lines_start_and_end_and_what_is_published() -> None:
    said = figure("fig2").panels[0].description.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Accuracy against epoch. 1 child network: from 95.")
    assert "Published, 30 child networks: 94.5 % at 12." in said


@pytest.mark.parametrize(
    ("seeds", "words"), [("1", "one seed"), ("3", "3 seeds; the bands"), (None, "Medians")]
)
def test_remark_says_what_points_and_bands_are(seeds: str | None, words: str) -> None:
    points = pd.DataFrame({"source": ["measured"], "seeds": [seeds], "lower": [1], "upper": [2]})
    assert words in spread_of(points)
    without = spread_of(points.assign(upper=1))
    assert "band is" not in without
    assert "bands are" not in without


def test_axes_are_named_after_each_label_once() -> None:
    assert axis_title(["accuracy", "confidence", "accuracy", None]) == "accuracy and confidence"
    assert axis_title(["goroutines"]) == "goroutines"


def test_scoreboard_counts_each_claim_once_under_the_reading_that_decides() -> None:
    claims = synthetic_site.tables().claims
    headline = dict(headline_verdicts(claims)[["id", "verdict"]].to_numpy().tolist())
    assert headline["KS-C05"] == "reproduced"  # and contradicted under the other reading
    assert "KS-C37" not in headline  # an opinion
    printed, direction, modelled, _ = GROUNDS
    counts = scoreboard(claims)
    assert list(counts.columns) == list(VERDICTS)
    assert counts.loc[synthetic_site.ID].tolist() == [1, 2, 0, 1, 0, 1]
    assert scoreboard(claims, printed).loc[synthetic_site.ID].tolist() == [0, 1, 0, 1, 0, 0]
    assert scoreboard(claims, direction).loc[synthetic_site.ID].tolist() == [1, 0, 0, 0, 0, 0]
    assert scoreboard(claims, modelled).loc[synthetic_site.ID].tolist() == [0, 1, 0, 0, 0, 0]


def test_scoreboard_of_no_claims_is_empty() -> None:
    assert scoreboard(synthetic_site.tables().claims.head(0)).empty


def test_verdict_bars_have_a_panel_for_what_verdicts_rest_on() -> None:
    claims = synthetic_site.tables().claims
    measured = claims[claims["nature"] == "substantive"]
    boards = {"measured": scoreboard(measured), "modelled": scoreboard(claims, GROUNDS[2])}
    drawn = verdict_bars(boards, {synthetic_site.ID: "Kalwarowskyj & Schikuta"}, TOKENS, MARKS)
    assert [series.name for series in drawn.series] == list(VERDICTS)
    assert [panel.title for panel in drawn.panels] == ["measured", "modelled"]
    said = drawn.panels[0].description
    assert "measured" in said
    assert "Kalwarowskyj & Schikuta: 1 reproduced, 1 trend only, 1 contradicted." in said
    segments = drawn.points.sort_values(["panel", "order"])
    assert segments[["panel", "name"]].to_numpy().tolist() == [
        ["measured", "reproduced"],
        ["measured", "trend only"],
        ["measured", "contradicted"],
        ["modelled", "trend only"],
    ]
    assert segments["x"].tolist() == [1] * 4
    assert segments["label"].tolist() == ["✓", "≈", "✕", "≈"]


def test_printed_numbers_stand_in_tolerances_from_ours() -> None:
    claims = headline_verdicts(synthetic_site.tables().claims)
    drawn = claim_strip(claims, {synthetic_site.ID: "Kalwarowskyj & Schikuta"}, TOKENS)
    assert drawn is not None
    # 95.1 % beside 94 %, where a point is allowed.
    assert drawn.points[["id", "source"]].to_numpy().tolist() == [["KS-C26", "modelled"]]
    assert drawn.points["x"].tolist() == pytest.approx([1.1])
    assert "0 of 1 within what the claim allows" in drawn.panels[0].description


@pytest.mark.parametrize(
    ("ours", "low", "high", "tolerances"),
    [
        (0.94, 0.93, 0.95, 0),
        (0.92, 0.93, 0.95, -2),
        (0.99, 0.93, math.inf, 1),  # better than allowed has no tolerance
        (0.945, 0.93, math.inf, 0.5),
        (0.5, 0.94, math.inf, -30),  # as far as the strip goes
    ],
)
def test_a_tolerance_is_that_of_the_side(
    ours: float, low: float, high: float, tolerances: float
) -> None:
    claims = headline_verdicts(synthetic_site.tables().claims)
    claims = claims[claims["id"] == "KS-C26"].assign(ours=ours, low=low, high=high)
    drawn = claim_strip(claims, {synthetic_site.ID: "KS"}, TOKENS)
    assert drawn is not None
    assert drawn.points["x"].tolist() == pytest.approx([tolerances])


def test_no_claims_make_no_strip() -> None:
    assert claim_strip(synthetic_site.tables().claims.head(0), {}, TOKENS) is None


def test_readings_decide_how_many_claims_are_reproduced_at_least_and_at_most() -> None:
    claims = synthetic_site.tables().claims
    assert extremes(claims) == (0, 1)  # KS-C05 is reproduced under one of two
    alone = claims[claims["reading"] != "spmd-shadow"]
    assert extremes(alone) == (1, 1)
    assert extremes(alone, GROUNDS[0]) == (0, 0)


def test_two_papers_of_one_name_have_a_bar_each() -> None:
    counts = pd.DataFrame([[1, 0], [2, 3]], ["ott", "ott_again"], list(VERDICTS[:2]))
    drawn = verdict_bars({"substantive": counts}, {"ott": "Ott", "ott_again": "Ott"}, TOKENS, MARKS)
    assert drawn.points[["id", "paper", "x"]].to_numpy().tolist() == [
        ["ott", "Ott", 1],
        ["ott_again", "Ott", 2],
        ["ott_again", "Ott", 3],
    ]


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("vision", colour_vision.KINDS)
def test_verdicts_tell_apart_for_every_kind_of_colour_vision(scheme: int, vision: str) -> None:
    colours = [theme.TOKENS[token][scheme] for token in TOKENS.values()]
    seen = [colour_vision.seen(colour, vision) for colour in colours]
    distances = [
        colour_vision.difference(one, other) for one, other in itertools.combinations(seen, 2)
    ]
    # Of two colours that lie beside each other, 2 can be told apart by looking closely, and 10 at a glance.
    assert min(distances) > 14


@pytest.mark.parametrize("scheme", [0, 1])
def test_palette_keeps_its_contrast(scheme: int) -> None:
    text = {"ink", "muted", "link", *TOKENS.values()}
    grounds = ["page", "surface"]
    for token in [*text, "one", "merged", "children", *theme.RAMP, *theme.SPARE]:
        for ground in grounds:
            assert _contrast(token, ground, scheme) >= (4.5 if token in text else 3), token
    assert _contrast("notice-ink", "notice", scheme) >= 4.5
    for verdict in TOKENS.values():  # the numbers inside the bars
        assert _contrast("page", verdict, scheme) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1])
def test_ramp_grows_lighter_step_by_step(scheme: int) -> None:
    light = [_luminance(theme.TOKENS[token][scheme]) for token in theme.RAMP]
    assert light == sorted(light)


def _contrast(one: str, other: str, scheme: int) -> float:
    pair = [_luminance(theme.TOKENS[token][scheme]) for token in (one, other)]
    return (max(pair) + 0.05) / (min(pair) + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
