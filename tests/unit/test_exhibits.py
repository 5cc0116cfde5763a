from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pytest
from records_factory import (
    calibration_record,
    epochs_table,
    experiment,
    no_epochs,
    no_timings,
    paper,
    prediction_record,
    run_record,
    timing_record,
    timings_table,
    write_list,
)

from records.errors import InputError
from reports import cli
from reports.exhibits.columns import COLUMNS
from reports.exhibits.points import tabulate_exhibits
from reports.tables.authors import COLUMNS as AUTHORS
from reports.tables.facts import Facts
from reports.tables.tidy import table, write_table

BY_EPOCH: dict[str, Any] = {
    "label": "Fig. 2",
    "title": "Accuracy",
    "chart": "accuracy_by_epoch",
    "experiment": "fig2",
    "metrics": ["test_accuracy"],
    "x": "epoch",
    "series": ["workers"],
    "panel": ["variant"],
    "worker": "child network",
}


def rows(
    exhibit: dict[str, Any],
    epochs: pd.DataFrame | None = None,
    timings: pd.DataFrame | None = None,
    properties: dict[str, Facts] | None = None,
    configured: dict[str, Any] | None = None,
    **parts: Any,
) -> pd.DataFrame:
    return tabulate_exhibits(
        paper(exhibits={"fig": exhibit}, **(configured or {}), **parts),
        no_epochs() if epochs is None else epochs,
        no_timings() if timings is None else timings,
        {"banana-pi-m3": "Banana Pi M3"},
        properties,
    )


def test_a_point_is_the_mean_over_the_seeds_with_its_interval(tmp_path: Path) -> None:
    epochs = epochs_table(
        tmp_path,
        *(run_record([0.1, y], workers=2, seed=seed) for seed, y in enumerate((0.7, 0.8, 0.9))),
    )
    table = rows(BY_EPOCH, epochs, experiments={"fig2": experiment(spmd=[256])})
    point = table[table["x"] == 1].iloc[0]
    assert (point["panel"], point["series"], point["workers"]) == ("SPMD", "2 child networks", 2)
    assert (point["y"], point["y_name"], point["unit"]) == (
        pytest.approx(0.8),
        "test_accuracy",
        "fraction",
    )
    assert (point["lower"], point["upper"]) == pytest.approx((0.551586, 1.048414), abs=1e-6)
    assert (point["seeds"], point["source"], point["variant"]) == ("3", "measured", "spmd")
    assert point["evidence"] == (tmp_path / "runs/paper/fig2/spmd").as_posix()


def test_fewer_than_three_seeds_have_no_interval(tmp_path: Path) -> None:
    epochs = epochs_table(tmp_path, run_record(seed=1), run_record(seed=2))
    table = rows(BY_EPOCH, epochs, experiments={"fig2": experiment(spmd=[256])})
    assert table["lower"].isna().all()
    assert set(table["seeds"]) == {"2"}


@pytest.mark.parametrize("told_by", ["series", "panel"])
def test_seeds_that_are_told_apart_are_not_averaged(tmp_path: Path, told_by: str) -> None:
    epochs = epochs_table(tmp_path, run_record([0.1, 0.2], seed=1), run_record([0.1, 0.9], seed=2))
    exhibit = {**BY_EPOCH, "series": ["metric"], "panel": ["variant"], told_by: ["seed"]}
    table = rows(exhibit, epochs, experiments={"fig2": experiment(spmd=[256])})
    ends = table[table["x"] == 1]
    assert dict(zip(ends[told_by], ends["y"], strict=True)) == {"seed 1": 0.2, "seed 2": 0.9}
    assert set(table["seeds"]) == {"1"}
    assert table["lower"].isna().all()


def test_across_workers_or_sizes_the_last_epoch_counts(tmp_path: Path) -> None:
    epochs = epochs_table(
        tmp_path,
        run_record([0.1, 0.5, 0.7], variant="small"),
        run_record([0.1, 0.6, 0.8], variant="large"),
    )
    exhibit = {**BY_EPOCH, "chart": "accuracy_by_hidden", "x": "hidden", "series": [], "panel": []}
    table = rows(exhibit, epochs, experiments={"fig2": experiment(small=[20], large=[600])})
    assert dict(zip(table["x"], table["y"], strict=True)) == {20: 0.7, 600: 0.8}
    assert set(table["x_name"]) == {"hidden"}
    assert set(table["series"]) == {"measured"}


def test_confidence_is_the_papers_reading_of_it(tmp_path: Path) -> None:
    epochs = epochs_table(tmp_path, run_record([0.1, 0.8]))
    exhibit = {**BY_EPOCH, "metrics": ["confidence"], "series": ["metric"]}
    table = rows(
        exhibit,
        epochs,
        experiments={"fig2": experiment(spmd=[256])},
        confidence="true_class",
    )
    assert table["y"].tolist() == [0.025, 0.2]
    assert set(table["y_name"]) == {"confidence_true_class"}
    assert set(table["series"]) == {"confidence in the true class"}


def test_a_variant_can_be_in_every_panel(tmp_path: Path) -> None:
    epochs = epochs_table(tmp_path, run_record(variant="one"), run_record(variant="many"))
    exhibit = {**BY_EPOCH, "in_every_panel": ["one"]}
    table = rows(exhibit, epochs, experiments={"fig2": experiment(one=[256], many=[256])})
    assert dict(zip(table["variant"], table["panel"], strict=True)) == {"one": "", "many": "MANY"}


def test_published_points_and_levels_stand_beside_ours(tmp_path: Path) -> None:
    epochs = epochs_table(
        tmp_path,
        run_record(variant="a", workers=2),
        run_record(variant="b", workers=2),
        run_record(variant="a", workers=10),
    )
    published = [
        {"workers": 2, "epoch": 1, "value": 0.945, "where": "Section 4.1"},
        {"value": 0.9, "label": "levels off", "where": "Section 4.2"},
        {"workers": 10, "epoch": 8, "label": "meet", "where": "Section 4.2"},
    ]
    exhibit = {**BY_EPOCH, "series": ["workers"], "panel": ["workers", "variant"]}
    table = rows(
        {**exhibit, "published": published},
        epochs,
        experiments={"fig2": experiment(a=[256], b=[256])},
    )
    theirs = table[table["source"] == "published"]
    point = theirs[theirs["y"] == 0.945]
    assert point["panel"].tolist() == ["2 child networks · A", "2 child networks · B"]
    assert set(point["series"]) == {"2 child networks"}
    assert set(point["where"]) == {"Section 4.1"}
    level = theirs[theirs["series"] == "levels off"].iloc[0]
    assert (level["panel"], level["y"]) == ("", 0.9)
    assert pd.isna(level["x"])
    event = theirs[theirs["series"] == "meet"].iloc[0]
    assert (event["panel"], event["x"]) == ("10 child networks · A", 8)
    assert pd.isna(event["y"])


def test_published_points_stand_where_nothing_of_ours_was_run() -> None:
    published = [{"workers": 2, "epoch": 1, "value": 0.945, "where": "Section 4.1"}]
    table = rows({**BY_EPOCH, "published": published})
    assert table["y"].tolist() == [0.945]


def test_timings_are_medians_between_their_extremes(tmp_path: Path) -> None:
    timings = timings_table(
        tmp_path, timing_record([8.0, 7.0, 9.0]), timing_record([2.0, 1.0, 9.0], workers=8)
    )
    exhibit = {
        **BY_EPOCH,
        "chart": "time_by_workers",
        "experiment": "fig4",
        "metrics": ["seconds", "time_reduction"],
        "x": "workers",
        "series": ["hardware"],
        "panel": [],
        "worker": "goroutine",
    }
    table = rows(exhibit, timings=timings)
    seconds = table[table["y_name"] == "seconds"]
    assert seconds[["x", "y", "lower", "upper"]].to_numpy().tolist() == [
        [1, 8.0, 7.0, 9.0],
        [8, 2.0, 1.0, 9.0],
    ]
    assert seconds["oversubscribed"].tolist() == [False, True]
    assert set(seconds["x_name"]) == {"goroutines"}
    assert set(seconds["series"]) == {"this machine"}
    assert seconds["mark"].tolist() == ["clean", "oversubscribed"]
    assert seconds["evidence"].iloc[1] == (tmp_path / "timings/paper/fig4/spmd-once").as_posix()
    assert table[table["y_name"] == "time_reduction"]["y"].tolist() == [0, 0.75]


def test_processor_time_is_shown_beside_the_time(tmp_path: Path) -> None:
    timings = timings_table(
        tmp_path, timing_record([8.0, 7.0, 9.0]), timing_record([2.0, 1.0, 9.0], workers=8)
    )
    exhibit = {**BY_WORKERS, "metrics": ["seconds", "processor_seconds"], "series": ["metric"]}
    table = rows(exhibit, timings=timings)
    assert list(table["series"].unique()) == ["time", "processor time"]
    told = table[table["y_name"] == "processor_seconds"]
    assert told[["x", "y", "lower", "upper"]].to_numpy().tolist() == [
        [1, 12.0, 10.5, 13.5],
        [8, 3.0, 1.5, 13.5],
    ]
    assert set(told["unit"]) == {"s"}


@pytest.mark.parametrize(
    ("chart", "x"), [("accuracy_by_epoch", "epoch"), ("accuracy_by_hidden", "hidden")]
)
def test_a_diverged_run_has_no_point(tmp_path: Path, chart: str, x: str) -> None:
    diverged = {"status": "diverged", "diverged_at": 2}
    epochs = epochs_table(
        tmp_path,
        run_record([0.1, 0.7, 0.8], seed=1),
        {**run_record([0.1, 0.3], seed=2), **diverged},
        {**run_record([0.1, 0.2], variant="wild"), **diverged},
    )
    variants = experiment(spmd=[256], wild=[20])
    table = rows({**BY_EPOCH, "chart": chart, "x": x}, epochs, experiments={"fig2": variants})
    assert table["y"].tolist() == ([0.1, 0.7, 0.8] if x == "epoch" else [0.8])
    assert set(table["seeds"]) == {"1"}
    assert set(table["variant"]) == {"spmd"}


def test_a_diverged_timing_has_no_point(tmp_path: Path) -> None:
    timings = timings_table(
        tmp_path, timing_record([8.0]), timing_record([1.0], workers=4, status="diverged")
    )
    exhibit = {**BY_WORKERS, "series": ["workers"], "panel": ["variant"]}
    assert rows(exhibit, timings=timings)["x"].tolist() == [1]


BY_WORKERS: dict[str, Any] = {
    **BY_EPOCH,
    "chart": "time_by_workers",
    "experiment": "fig4",
    "metrics": ["seconds"],
    "x": "workers",
    "series": ["hardware"],
    "panel": [],
}


def test_an_exhibit_shows_the_machines_that_it_names(tmp_path: Path) -> None:
    timings = timings_table(
        tmp_path,
        timing_record([8.0]),
        timing_record([7.0], hardware="banana-pi-m3", cores=2),
        prediction_record({1: 9.0}, machine="host"),
        prediction_record({1: 16.0, 2: 8.0, 64: 1.0}),
        prediction_record({1: 5.0}, machine="ott"),
    )
    alone = rows(BY_WORKERS, timings=timings)
    assert alone[["series", "source", "y"]].to_numpy().tolist() == [["this machine", "measured", 8]]
    table = rows(
        {
            **BY_WORKERS,
            "hardware": ["host", "banana-pi-m3"],
            "published": [
                {"workers": 2, "value": 8.5, "hardware": "banana-pi-m3", "where": "Table I"}
            ],
        },
        timings=timings,
    )
    assert table[["series", "source", "x", "y"]].to_numpy().tolist() == [
        ["this machine", "measured", 1, 8.0],
        # What is measured on as many cores is not measured on that machine.
        ["2 cores of this machine", "measured", 1, 7.0],
        # A model knows 64 workers, too, but nothing else here does.
        ["Banana Pi M3", "modelled", 1, 16.0],
        ["Banana Pi M3", "modelled", 2, 8.0],
        ["Banana Pi M3", "published", 2, 8.5],
    ]
    modelled = table[table["source"] == "modelled"]
    assert modelled[["lower", "upper", "mark"]].isna().all(axis=None)
    assert set(modelled["hardware"]) == {"banana-pi-m3"}


def test_a_timing_is_noisy_if_most_of_its_repeats_are(tmp_path: Path) -> None:
    repeats = timing_record([8.0, 9.0, 7.0])
    for noisy, mark in ((1, "clean"), (2, "noisy")):
        for record in repeats[:noisy]:
            record["repeat"]["mark"] = "noisy"
        assert rows(BY_WORKERS, timings=timings_table(tmp_path, repeats))["mark"].tolist() == [mark]


PROFILE: dict[str, Any] = {
    "label": "Fig. 1",
    "title": "Work",
    "chart": "profile",
    "experiment": "fig4",
    "metrics": ["forward_share", "backward_share", "other_share"],
    "series": ["metric"],
    "panel": ["variant"],
}


def test_a_profile_shows_what_one_thread_of_each_variant_does(tmp_path: Path) -> None:
    published = [
        {"variant": "mean", "metric": "forward_share", "value": 0.4, "where": "Section 4"},
        {"metric": "backward_share", "value": 0.56, "where": "Section 4"},
    ]
    timings = timings_table(
        tmp_path,
        timing_record([8.0]),
        *(calibration_record(number) for number in (1, 2, 3)),
        calibration_record(variant="mean"),
    )
    titles = {"fig4": experiment(**{"spmd-once": [256], "mean": [256]})}
    table = rows(
        {**PROFILE, "published": published}, timings=timings, configured={"timings": titles}
    )
    ours = table[table["source"] == "measured"]
    assert ours[["panel", "y_name", "y", "hardware"]].to_numpy().tolist() == [
        [title, metric, y, "host"]
        for title in ("SPMD-ONCE", "MEAN")
        for metric, y in zip(PROFILE["metrics"], (0.375, 0.5, 0.125), strict=True)
    ]
    assert ours["x"].isna().all()
    theirs = table[table["source"] == "published"]
    assert theirs[["panel", "series", "y"]].to_numpy().tolist() == [
        ["MEAN", "share of the work that goes forward", 0.4],
        ["", "share of the work that goes backward", 0.56],
    ]


FACTS: dict[str, Any] = {
    "label": "Figs. 10 and 12",
    "title": "Before and after",
    "chart": "profile",
    "property": "handing-out",
    "metrics": ["seconds"],
    "facts": [
        {"fact": "slow.seconds", "part": "handing out", "bar": "copies"},
        {"fact": "seconds", "part": "training", "bar": "copies"},
    ],
}


def test_facts_of_a_property_are_parts_of_bars() -> None:
    content = {"slow": {"seconds": 0.2}, "seconds": (1.3, 9.0, 1.2)}
    known = Facts("results/property.json", content, "repeats")
    table = rows(FACTS, properties={"handing-out": known})
    columns = ["panel", "series", "y", "y_name", "unit", "source", "evidence"]
    same = ["seconds", "s", "measured", "results/property.json"]
    assert table[columns].to_numpy().tolist() == [
        ["copies", "handing out", 0.2, *same],
        ["copies", "training", 1.3, *same],
    ]
    assert rows(FACTS).empty


def test_a_fact_that_is_not_there_is_told() -> None:
    with pytest.raises(InputError, match=r"^p.json: there is no fact slow.seconds, which an"):
        rows(FACTS, properties={"handing-out": Facts("p.json", {"slow": 1})})


def test_time_by_epochs_is_that_of_one_times_as_many_as_are_printed(tmp_path: Path) -> None:
    spec = {"training": {"epochs": 5}, "workers": 1}
    timings = timings_table(
        tmp_path,
        timing_record([10.0, 20.0], **spec),
        timing_record([5.0], workers=2, training={"epochs": 5}),
        prediction_record({1: 1000.0, 2: 300.0}, training={"epochs": 5}),
    )
    timing = experiment(**{"spmd-once": []})
    timing["variants"]["spmd-once"]["training"] = {"epochs": 5}
    place = {"hardware": "banana-pi-m3", "where": "Section 4"}
    exhibit = {
        **BY_WORKERS,
        "chart": "time_by_epoch",
        "x": "epoch",
        "series": ["hardware", "workers"],
        "hardware": ["host", "banana-pi-m3"],
        "published": [
            {"workers": 1, "epoch": 1, "value": 1040, **place},
            {"workers": 1, "epoch": 15, "value": 15608, **place},
        ],
    }
    model = {"timing": "fig4", "variant": "spmd-once", "scale": {"samples": 100, "epochs": 1}}
    model |= {"parameters": [], "points": [{"workers": 2, "speedup": 2.0, **place}], "note": "So."}
    shown = {"configured": {"timings": {"fig4": timing}}}
    table = rows(exhibit, timings=timings, model=model, **shown)
    columns = ["series", "source", "x", "y"]
    assert table[columns].to_numpy().tolist() == [
        ["this machine · 1 child network", "measured", 1, 3.0],
        ["this machine · 1 child network", "measured", 15, 45.0],
        ["Banana Pi M3 · 1 child network", "modelled", 1, 1000.0],
        ["Banana Pi M3 · 1 child network", "modelled", 15, 15000.0],
        ["Banana Pi M3 · 1 child network", "published", 1, 1040.0],
        ["Banana Pi M3 · 1 child network", "published", 15, 15608.0],
    ]
    assert table["upper"].tolist()[:2] == [4.0, 60.0]
    ours = rows(exhibit, timings=timings, **shown)
    assert ours[ours["source"] == "modelled"]["y"].tolist() == [200.0, 3000.0]


def test_an_exhibit_shows_the_variants_that_it_names_and_those_of_other_experiments(
    tmp_path: Path,
) -> None:
    epochs = epochs_table(
        tmp_path,
        run_record(variant="a"),
        run_record(variant="b"),
        run_record(variant="c", experiment="fig3"),
        run_record(variant="d", experiment="fig9"),
    )
    experiments = {"fig2": experiment(a=[1], b=[2]), "fig3": experiment(c=[3])}
    exhibit = {**BY_EPOCH, "chart": "accuracy_by_workers", "x": "workers"}
    exhibit |= {"series": ["variant"], "panel": []}
    table = rows({**exhibit, "beside": ["fig3"]}, epochs, experiments=experiments)
    assert table["series"].tolist() == ["A", "B", "C"]
    chosen = {**exhibit, "beside": ["fig3", "left-out"], "variants": ["a", "c"]}
    assert rows(chosen, epochs, experiments=experiments)["series"].tolist() == ["A", "C"]


def test_what_is_printed_beside_a_published_point_is_kept() -> None:
    place = {"workers": 1, "hardware": "banana-pi-m3", "where": "Section I"}
    published = [{"value": 1005.8, "lower": 856.57, "upper": 1271.73, **place}]
    table = rows({**BY_WORKERS, "published": published})
    assert table[["y", "lower", "upper"]].to_numpy().tolist() == [[1005.8, 856.57, 1271.73]]


def test_a_diagram_has_no_rows() -> None:
    assert rows({"label": "Fig. 1", "title": "Design", "chart": "diagram"}).empty


def test_the_command_writes_the_columns_of_the_contract(tmp_path: Path) -> None:
    write_table(no_epochs(), tmp_path / "epochs.csv")
    write_table(no_timings(), tmp_path / "timings.csv")
    write_table(table([], AUTHORS), tmp_path / "authors.csv")
    published = [{"epoch": 1, "value": 0.945, "where": "Section 4.1"}]
    stated = paper(exhibits={"fig2": {**BY_EPOCH, "published": published}})
    (tmp_path / "paper.json").write_bytes(msgspec.json.encode(stated))
    names = {"paper": "paper.json", "epochs": "epochs.csv", "timings": "timings.csv"}
    names |= {
        "authors": "authors.csv",
        "output": "exhibits.csv",
        "records": write_list(tmp_path).name,
    }
    command = [word for key, name in names.items() for word in (f"--{key}", str(tmp_path / name))]
    assert cli.main(["exhibits", *command]) == 0
    lines = (tmp_path / "exhibits.csv").read_text().splitlines()
    assert lines[0] == ",".join(COLUMNS)
    assert lines[0] == (
        "edition,paper,exhibit,panel,series,workers,x,x_name,y,y_name,y_label,lower,upper,seeds,unit,"
        "source,variant,hardware,mark,oversubscribed,where,evidence"
    )
    assert len(lines) == 2


NEEDED = ("--paper", "--epochs", "--timings", "--authors", "--records")


def test_a_file_that_is_no_resolved_paper_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "paper.json").write_text("{}")
    empty = str(tmp_path / "paper.json")
    command = [word for name in NEEDED for word in (name, empty)]
    assert cli.main(["exhibits", *command, "--output", str(tmp_path / "exhibits.csv")]) == 1
    assert f"{empty}: id: is missing" in capsys.readouterr().err
