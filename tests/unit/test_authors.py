"""The authors' own runs: their summary, their table, their points in exhibits, and what they say of claims."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pytest
import yaml
from msgspec import to_builtins
from records_factory import (
    epochs_table,
    experiment,
    no_epochs,
    no_timings,
    paper,
    run_record,
    timed_paper,
)
from tiny_study import EDITIONS, MANIFEST, load

from records.authors import MILESTONES, PASSES, Authors, Spread
from records.claims import ClaimEntry
from records.errors import InputError
from reports.exhibits.data_table import comparisons, data_tables
from reports.exhibits.figure_view import figure_view
from reports.exhibits.points import tabulate_exhibits
from reports.exhibits.registry import KINDS
from reports.tables.authors import COLUMNS, tabulate_authors
from reports.tables.tidy import table
from reports.verdicts.claims import judge_claims
from reports.verdicts.curves import Evidence
from workflow.authors import check_authors, load_authors
from workflow.documents import read_yaml
from workflow.machines import load_machines
from workflow.plan import make_plan
from workflow.sweep import ungathered

ROOT = Path(__file__).parents[2]
FILE = ROOT / "config/authors.yaml"
MACHINES = load_machines(ROOT / "config/hardware")
OURS = load_authors(FILE, MACHINES)

SPREAD = {"passes": 4, "least": 1.0, "lower": 2.0, "median": 3.0, "upper": 4.0, "most": 5.0}
BOARD: dict[str, Any] = {
    "repository": "https://example.org/theirs",
    "commit": "0" * 40,
    "licence": {"name": "MIT"},
    "note": "None.",
    "layers": [784, 100, 10],
    "scale": {"samples": 60000, "epochs": 1},
    "format": "passes",
    "mirrors": ["https://example.org/"],
    "runs": [
        {
            "machine": "banana-pi-m3",
            "workers": workers,
            "training": {**SPREAD, "median": median},
            "accuracy": {"train": accuracies},
            "files": [{"file": f"run-{workers}", "bytes": 1, "sha256": "0" * 64}],
        }
        for workers, median, accuracies in (
            (1, 3.0, [[1, 0.91], [2, 0.96], [9, 0.97]]),
            (2, 2.0, [[1, 0.8], [4, 0.92], [9, 0.95]]),
        )
    ],
}
AUTHORS = msgspec.convert(BOARD, Authors)


def theirs(passes: pd.DataFrame | None = None) -> pd.DataFrame:
    empty = table([], PASSES)
    return tabulate_authors("e", "paper", AUTHORS, empty if passes is None else passes)


def every_pass(*accuracies: float) -> pd.DataFrame:
    """Return passes of one worker: an epoch for each accuracy."""
    head = {"machine": "banana-pi-m3", "workers": 1, "repeat": 1}
    rows = [
        {**head, "epoch": epoch, **each}
        for epoch, accuracy in enumerate(accuracies, 1)
        for each in (
            {"mode": "train", "split": "train", "seconds": 2.0 + epoch},
            {"mode": "test", "split": "train", "seconds": 1.0, "accuracy": accuracy},
        )
    ]
    return table(rows, PASSES)


def test_the_papers_medians_are_those_of_the_authors_files() -> None:
    """A check of the summary by what the paper prints of it."""
    content = read_yaml(ROOT / "config/papers/wiesinger_schikuta.yaml")
    runs = {(run.machine, run.workers): run.training for run in OURS["wiesinger_schikuta"].runs}
    printed = content["exhibits"]["fig2"]["published"]
    assert len(printed) == 4
    for point in printed:
        spread = runs[point["hardware"], point["workers"]]
        assert isinstance(spread, Spread)
        found = [spread.median, spread.least, spread.most]
        stated = [point[key] for key in ("value", "lower", "upper")]
        assert [round(each, 2) for each in found] == pytest.approx(stated, abs=0.006)


def test_the_papers_list_of_epochs_is_that_of_the_authors_counts() -> None:
    content = read_yaml(ROOT / "config/papers/wiesinger_schikuta.yaml")
    runs = {run.workers: run for run in OURS["wiesinger_schikuta"].runs if "pi" in run.machine}
    for point, share in zip(content["exhibits"]["fig6"]["published"], 2 * MILESTONES, strict=True):
        counted = runs[point["workers"]].accuracy.train
        epoch, accuracy = next(each for each in counted if each[1] >= share)
        # The paper prints 95.22 % for 0.95215.
        assert (epoch, accuracy) == (point["epoch"], pytest.approx(point["value"], abs=6e-5))


def test_the_table_has_the_summary_without_passes() -> None:
    made = theirs()
    assert tuple(made.columns) == COLUMNS
    assert set(made["source"]) == {"authors"}
    spread = made[made["metric"] == "seconds"]
    assert spread["epoch"].isna().all()
    assert spread[["workers", "value", "lower", "upper", "passes"]].to_numpy().tolist() == [
        [1, 3.0, 2.0, 4.0, 4],
        [2, 2.0, 2.0, 4.0, 4],
    ]
    counted = made[(made["metric"] == "train_accuracy") & (made["workers"] == 1)]
    assert counted[["epoch", "value"]].to_numpy().tolist() == [[1, 0.91], [2, 0.96], [9, 0.97]]
    assert made["record"].iloc[0] == f"https://example.org/theirs/blob/{'0' * 40}/run-1"


def test_passes_take_the_place_of_the_accuracies_of_the_summary() -> None:
    made = theirs(every_pass(0.5, 0.6))
    one = made[(made["workers"] == 1) & made["epoch"].notna()]
    assert one[["metric", "epoch", "value"]].to_numpy().tolist() == [
        *(["seconds", 1, 3.0], ["seconds", 2, 4.0]),
        *(["train_accuracy", 1, 0.5], ["train_accuracy", 2, 0.6]),
    ]
    two = made[(made["workers"] == 2) & (made["metric"] == "train_accuracy")]
    assert len(two) == 3  # of a run without passes, the summary


def test_few_repeats_lie_between_their_ends() -> None:
    run = {**BOARD["runs"][0], "training": [4.0, 2.0], "program": "neuron"}
    one = msgspec.convert({**BOARD, "runs": [run]}, Authors)
    made = tabulate_authors("e", "paper", one, table([], PASSES)).iloc[0]
    assert made[["program", "value", "lower", "upper", "passes"]].tolist() == [
        *("neuron", 3.0, 2.0, 4.0, 2)
    ]


PROGRAMS = msgspec.convert(
    {
        **BOARD,
        "runs": [
            {
                "machine": "banana-pi-m3",
                "files": BOARD["runs"][0]["files"],
                "workers": workers,
                "program": program,
                "clock": clock,
                "training": [seconds],
                "accuracy": {"cut_labels": [[9, share]]},
            }
            for workers, program, clock, seconds, share in (
                (1, "serial", "processor", 8.0, 1.0),
                (2, "neuron", "wall", 5.0, 1.0),
                (2, "sample", "processor", 40.0, 0.0),
            )
        ],
    },
    Authors,
)


CLOCKS = [
    ["serial", "seconds", 8.0],
    ["serial", "processor_seconds", 8.0],
    ["neuron", "seconds", 5.0],
    ["sample", "processor_seconds", 40.0],
]


@pytest.mark.parametrize(("fetched", "by_epoch"), [(False, []), (True, CLOCKS)])
def test_seconds_are_of_the_clock_that_told_them(fetched: bool, by_epoch: list[Any]) -> None:
    """The processor time of one worker is its time by any clock; that of several is not."""
    which = {"machine": "banana-pi-m3", "repeat": 1, "epoch": 9, "mode": "train", "split": "train"}
    passes = [
        {**which, "workers": workers, "program": program, "seconds": seconds}
        for workers, program, seconds in (
            (1, "serial", 8.0),
            (2, "neuron", 5.0),
            (2, "sample", 40.0),
        )
    ]
    made = tabulate_authors("e", "paper", PROGRAMS, table(passes if fetched else [], PASSES))
    timed = made[made["unit"] == "s"]
    for rows, expected in ((timed["epoch"].isna(), CLOCKS), (timed["epoch"].notna(), by_epoch)):
        assert timed.loc[rows, ["program", "metric", "value"]].to_numpy().tolist() == expected


def test_a_study_without_their_runs_has_an_empty_table() -> None:
    made = tabulate_authors("e", "paper", None, table([], PASSES))
    assert (tuple(made.columns), len(made)) == (COLUMNS, 0)


BY_WORKERS: dict[str, Any] = {
    "label": "Fig. 2",
    "title": "Time",
    "chart": "time_by_workers",
    "experiment": "fig4",
    "metrics": ["seconds", "speedup"],
    "x": "workers",
    "series": ["hardware"],
    "authors": {"machines": ["banana-pi-m3"]},
}
BY_EPOCH: dict[str, Any] = {
    "label": "Fig. 6",
    "title": "Accuracy",
    "chart": "accuracy_by_epoch",
    "experiment": "fig2",
    "metrics": ["train_accuracy"],
    "x": "epoch",
    "series": ["workers"],
    "panel": ["variant"],
    "authors": {"machines": ["banana-pi-m3"], "workers": [2]},
}
COMPARED: dict[str, Any] = {
    **BY_EPOCH,
    "chart": "accuracy_by_workers",
    "x": "workers",
    "series": ["variant"],
    "panel": [],
    "authors": {"machines": ["banana-pi-m3"], "epoch": 4},
}


def points(exhibit: dict[str, Any], authors: pd.DataFrame | None = None) -> pd.DataFrame:
    parts = to_builtins(timed_paper())["timings"]
    study = paper(
        exhibits={"fig": exhibit}, timings=parts, experiments={"fig2": experiment(spmd=[256])}
    )
    machines = {"banana-pi-m3": "Banana Pi M3"}
    measured = theirs() if authors is None else authors
    found = tabulate_exhibits(study, no_epochs(), no_timings(), machines, authors=measured)
    assert set(found["source"]) <= {"authors"}
    return found


def test_their_times_are_medians_between_quartiles_on_the_line_of_their_machine() -> None:
    found = points(BY_WORKERS)
    assert set(found["series"]) == {"Banana Pi M3"}
    assert found[["y_name", "x", "y"]].to_numpy().tolist() == [
        *(["seconds", 1, 3.0], ["seconds", 2, 2.0]),
        *(["speedup", 1, 1.0], ["speedup", 2, 1.5]),
    ]
    seconds = found[found["y_name"] == "seconds"]
    assert seconds[["lower", "upper"]].to_numpy().tolist() == [[2.0, 4.0], [2.0, 4.0]]
    # Of one worker's speed-up there is no spread: it is 1. That of two is over the median of one.
    speedups = found[found["y_name"] == "speedup"]
    assert speedups[["lower", "upper"]].to_numpy().tolist() == [[1.0, 1.0], [0.75, 1.5]]


def test_their_accuracies_run_along_epochs_in_every_panel() -> None:
    found = points(BY_EPOCH)
    assert found[["x", "y"]].to_numpy().tolist() == [[1, 0.8], [4, 0.92], [9, 0.95]]
    assert set(found["series"]) == {"2 workers"}
    assert set(found["panel"]) == {""}
    cut = points({**BY_EPOCH, "authors": {"machines": ["banana-pi-m3"], "epoch": 1}})
    assert cut["x"].tolist() == [1, 1]


def test_along_workers_their_last_accuracy_is_a_line_of_its_own() -> None:
    found = points(COMPARED)
    assert found[["x", "y", "where"]].to_numpy().tolist() == [
        [1, 0.96, "epoch 2"],
        [2, 0.92, "epoch 4"],
    ]
    assert set(found["series"]) == {"the authors’ own run"}


def test_programs_may_have_lines_of_their_own() -> None:
    made = tabulate_authors("e", "paper", PROGRAMS, table([], PASSES))
    named = "the authors’ program "
    timed = {**BY_WORKERS, "metrics": ["processor_seconds"], "series": ["variant", "program"]}
    found = points(timed, made)
    assert found[["series", "x", "y"]].to_numpy().tolist() == [
        [f"{named}serial", 1, 8.0],
        [f"{named}sample", 2, 40.0],
    ]
    counted = {**BY_EPOCH, "metrics": ["cut_label_accuracy"], "series": ["seed", "program"]}
    found = points({**counted, "authors": {"machines": ["banana-pi-m3"]}}, made)
    assert dict(zip(found["series"], found["y"], strict=True)) == {
        **{f"{named}serial": 1.0, f"{named}neuron": 1.0, f"{named}sample": 0.0}
    }


def test_a_chart_marks_their_points_and_says_so(tmp_path: Path) -> None:
    places = ({"workers": 2, "epoch": 1}, {"workers": 2, "epoch": 2})
    printed = [{**place, "value": 0.81, "where": "Section 4"} for place in places]
    exhibit = {**BY_EPOCH, "published": printed}
    study = paper(exhibits={"fig": exhibit}, experiments={"fig2": experiment(spmd=[256])})
    record = run_record([0.1, 0.7], workers=2)
    epochs = epochs_table(tmp_path, record).replace("test_accuracy", "train_accuracy")
    rows = tabulate_exhibits(study, epochs, no_timings(), {}, authors=theirs())
    figure = KINDS.named("accuracy_by_epoch").draw(rows, study)
    view = figure_view(figure)
    assert ("authors", "triangle-up") in view.sources
    assert "what the authors measured themselves" in figure.remark
    assert "2 workers, the authors’ own runs: from" in view.panels[0].description
    compared = comparisons(figure)
    assert [each.authors.value.replace("\N{NO-BREAK SPACE}", " ") for each in compared] == [
        *("80 %", "–")  # They counted no second epoch.
    ]
    assert compared[0].ours[0][1].value.replace("\N{NO-BREAK SPACE}", " ") == "70 %"
    columns = data_tables(figure)[0].columns
    assert columns == ("2 workers", "2 workers (the authors’ own)")


def claim(check: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "AB-C01",
        "kind": "accuracy",
        "strength": "quantitative",
        "where": "Section 1",
        "statement": "It is right.",
        "checks": [check],
        "authors": {"machine": "banana-pi-m3"},
        **more,
    }


def check(expect: dict[str, Any], measure: str, metric: str, **keys: Any) -> dict[str, Any]:
    selection = {"experiment": "fig2", "metric": metric, **keys.pop("of", {})}
    return {
        "name": "number",
        "test": {"measure": measure, "of": selection, **keys},
        "expect": expect,
    }


def asked(stated: dict[str, Any], passes: pd.DataFrame | None = None) -> dict[str, Any]:
    evidence = Evidence(no_epochs(), no_timings(), authors=theirs(passes))
    rows = judge_claims(paper(claims=[stated]), evidence)
    return dict(rows.iloc[0])


ONE = {"workers": 1}
TWO = {"workers": 2}


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (check({"equal": 1.5}, "value", "speedup", at=2), 1.5),
        (check({"equal": 3}, "value", "seconds", at=1), 3.0),
        (check({"equal": 0.96}, "value", "train_accuracy", of=ONE, at=2), 0.96),
        (check({"equal": 4}, "first_reaching", "train_accuracy", of=TWO, threshold=0.9), 4.0),
        (check({"equal": 0.97}, "maximum", "train_accuracy", of=ONE), 0.97),
        (
            check({"below": 0}, "rise", "train_accuracy", of={"across": "workers", "epoch": 1}),
            -0.11,
        ),
    ],
)
def test_their_runs_are_judged_by_the_measures_of_ours(
    stated: dict[str, Any], found: float
) -> None:
    row = asked(claim(stated))
    assert (row["authors"], row["authors_value"]) == ("holds", pytest.approx(found))
    assert row["authors_reason"].startswith("✓ number: ")
    # What decides the verdict is ours.
    assert row["verdict"] == "not testable here"


def test_what_their_runs_contradict_is_told() -> None:
    row = asked(claim(check({"above": 2}, "value", "speedup", at=2)))
    assert (row["authors"], row["authors_value"]) == ("does not hold", pytest.approx(1.5))
    assert row["authors_reason"] == "✕ number: expected above 2 ×, found 1.5 ×."


@pytest.mark.parametrize(
    "stated",
    [
        check({"above": 0}, "unsteadiness", "train_accuracy", of=ONE),
        check({"above": 0}, "mean", "train_accuracy", of=ONE),
        check({"above": 0}, "first_reaching", "train_accuracy", of=ONE, threshold=0.93),
        check({"above": 0}, "maximum", "train_accuracy", of=ONE, to=5),
        check({"above": 0}, "rise", "train_accuracy", of=ONE, to=5),
    ],
)
def test_a_summary_answers_only_what_it_can(stated: dict[str, Any]) -> None:
    row = asked(claim(stated))
    assert row["authors"] == "was not recorded"
    assert row["authors_reason"].startswith("Missing: a count after every epoch")
    counted = asked(claim(stated), every_pass(0.91, 0.96, 0.95, 0.94, 0.93, 0.97))
    assert counted["authors"] == "holds"


def test_a_number_that_they_have_not_leaves_the_rest() -> None:
    stated = claim(check({"equal": 1.5}, "value", "speedup", at=2))
    stated["checks"].append(check({"above": 0}, "value", "speedup", at=16))
    row = asked(stated)
    assert row["authors"] == "holds as far as they recorded it"
    assert row["authors_reason"].endswith("Missing: no value at workers 16 (number).")


def test_checks_of_their_own_take_the_place_of_the_claims() -> None:
    stated = claim(check({"above": 2}, "value", "speedup", at=2), not_testable="We have no board.")
    del stated["checks"]
    own = [check({"equal": 1.5}, "value", "speedup", at=2)]
    stated["authors"] = {"machine": "banana-pi-m3", "checks": own}
    assert asked(stated)["authors"] == "holds"
    del stated["authors"]
    assert pd.isna(asked(stated)["authors"])


def test_mistakes_in_the_file_are_told(tmp_path: Path) -> None:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    content["nobody"] = content.pop("wiesinger_schikuta")
    content["nobody"]["runs"][0]["machine"] = "banana"
    content["nobody"]["runs"][1]["workers"] = 3
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers/olsen_west_thomasma.yaml").touch()
    path = tmp_path / "authors.yaml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(InputError) as told:
        load_authors(path, MACHINES)
    for part in (
        "nobody: there is no such paper",
        "nobody.runs[0].machine: there is no machine 'banana'",
        "nobody.runs[2]: banana-pi-m3 with 3 workers is there twice",
    ):
        assert part in str(told.value)


@pytest.mark.parametrize(
    ("exhibit", "told"),
    [
        (
            {**BY_EPOCH, "authors": {"machines": ["banana"]}},
            "exhibits.fig.authors.machines: the authors have no runs of 'banana'",
        ),
        (
            {**BY_EPOCH, "authors": {"machines": ["olsen-west-thomasma"]}},
            "exhibits.fig.authors.programs: 'neuron' and 'sample' both ran with 28 workers",
        ),
        (
            {
                **BY_EPOCH,
                "authors": {"machines": ["olsen-west-thomasma"], "programs": ["serial", "thread"]},
            },
            "exhibits.fig.authors.programs: the authors have no runs of 'thread'",
        ),
    ],
)
def test_names_of_theirs_that_lead_nowhere_are_told(exhibit: dict[str, Any], told: str) -> None:
    study = paper(exhibits={"fig": exhibit})
    with pytest.raises(InputError, match=re.escape(told)):
        check_authors(study, OURS["olsen_west_thomasma"], Path("config/papers/tiny.yaml"))


def test_programs_with_a_line_each_may_have_the_same_number_of_workers() -> None:
    shown = {**BY_EPOCH, "authors": {"machines": ["olsen-west-thomasma"]}}
    study = paper(exhibits={"fig": {**shown, "series": ["workers", "program"]}})
    check_authors(study, OURS["olsen_west_thomasma"], Path("config/papers/tiny.yaml"))


def test_a_claim_of_a_machine_that_is_not_theirs_is_told() -> None:
    stated = claim(check({"above": 0}, "value", "speedup", at=2))
    study = paper(claims=[stated])
    assert isinstance(study.claims[0], ClaimEntry)
    with pytest.raises(InputError, match=r"claims\.AB-C01\.authors\.machine: the authors have"):
        check_authors(study, None, Path("config/papers/tiny.yaml"))


@pytest.mark.parametrize(("edition", "gathered"), [("sample", ()), ("paper", ("ott",))])
def test_only_an_edition_that_says_so_gathers(
    tmp_path: Path, edition: str, gathered: tuple[str, ...]
) -> None:
    study = load(tmp_path)
    planned = make_plan(EDITIONS[edition], {"ott": study}, MANIFEST, MACHINES, {"ott": AUTHORS})
    assert planned.gathered == gathered
    found = tmp_path / "resources/authors/ott.csv"
    found.parent.mkdir(parents=True)
    found.write_text(f"{','.join(PASSES)}\n")
    absent = found.with_name("ott.absent.txt")
    absent.write_text("")
    assert [each.path for each in ungathered(planned, tmp_path)] == [found] * len(gathered)
    absent.write_text("No mirror has them.")
    assert [*ungathered(planned, tmp_path)] == []
    absent.write_text("")
    found.write_text(f"{','.join(PASSES)}\nboard,,1,1,1,train,train,1,1.0,,,\n")
    assert [*ungathered(planned, tmp_path)] == []
