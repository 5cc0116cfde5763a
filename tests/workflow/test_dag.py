"""What would run: jobs per rule, without running them."""

import json
from typing import Any

import pytest
from conftest import Project

from pnncore import affinity
from pnncore.hardware import host

EDITIONS = {"sample": "config/config.yaml", "paper": "config/paper.yaml"}

# Counted by hand from config/papers and config/comparisons: what each experiment's variants come to, workers times
# seeds.
RUNS = {
    "kalwarowskyj_schikuta": {
        "fig2": {"sample": 4 * 2 * 3, "paper": 6 * 2 * 3},
        "controls": {"sample": 1 + 3, "paper": (1 + 4) * 3},
        "fig3": {"sample": 3 * 2, "paper": 3 * 2},
        "fig5": {"sample": 3 * 3, "paper": 3 * 3},
        "readings": {"sample": 0, "paper": 23 + 2},
        "rates": {"sample": 0, "paper": 3 * 2 * 3},
        "fig5-slower": {"sample": 0, "paper": 2},
        "hidden": {"sample": 0, "paper": 6},
    },
    "wiesinger_schikuta": {
        "accuracy": {"sample": 3 * 2 + 1, "paper": (3 * 5 + 1) * 3},
        "growth": {"sample": 2 * 2, "paper": 2 * 2 * 3},
        "controls": {"sample": 1, "paper": 3},
        "settings": {"sample": 6, "paper": 6 * 3},
        "rates": {"sample": 0, "paper": 4 * 3},
        "lambdas": {"sample": 0, "paper": 3 * 3},
        "worker-batches": {"sample": 0, "paper": 2 * 3},
        "minibatch": {"sample": 0, "paper": 3 * 3},
        "fig15": {"sample": 2, "paper": 3 * 3},
        "fig16": {"sample": 0, "paper": 3 * 3},
        "readings": {"sample": 0, "paper": 16 * 2 + 3 + 2},
    },
    "carver": {
        "table1": {"sample": 2 * 3 + 4 + 3 * 2 + 2, "paper": (2 * 12 + 4 + 3 * 2 + 2) * 3},
        "audit": {"sample": 2, "paper": (3 + 1) * 3},
        "batches": {"sample": 4, "paper": 4 * 3},
        "test-500": {"sample": 2 * 2 + 2, "paper": (2 * 2 + 2) * 3},
        "readings": {"sample": 0, "paper": 12 * 3 + 2},
    },
    "olsen_west_thomasma": {
        "accuracy": {"sample": 2 + 2 + 1, "paper": (2 + 2 + 1) * 3},
        "ensemble": {"sample": 2 * 2 + 1, "paper": (2 * 4 + 1) * 3},
        "full-batch": {"sample": 2, "paper": 2 * 3},
        "readings": {"sample": 0, "paper": 17},
        "choices": {"sample": 5, "paper": 5 * 3},
        "recall": {"sample": 0, "paper": 2 * 3},
    },
    "ott": {
        "accuracy": {"sample": 3 * 3 + 1, "paper": (3 * 7 + 1) * 3},
        "epochs": {"sample": 7 + 1, "paper": (7 * 3 + 1) * 3},
        "readings": {"sample": 0, "paper": 18 * 2 + 2 * 5 + 1},
        "averaged": {"sample": 0, "paper": 4 * 3 * 3},
        "summed": {"sample": 0, "paper": 4 * 3 * 3},
    },
    "strategies": {"strategies": {"sample": 5 * 2 + 1, "paper": (5 * 3 + 1) * 3}},
}
# What each timing's variants come to, times worker counts, on one machine.
TIMINGS = {
    "kalwarowskyj_schikuta": {
        "fig4": {"sample": 5, "paper": 7},
        "sequential": {"sample": 1, "paper": 1},
    },
    "wiesinger_schikuta": {"fig2": {"sample": 3, "paper": 6}},
    "carver": {"table1": {"sample": 3, "paper": 12 + 2}},
    "olsen_west_thomasma": {
        "fig1": {"sample": 2 * 3, "paper": 2 * 9},
        "wide": {"sample": 2, "paper": 7},
        "ensemble": {"sample": 2, "paper": 5},
        "one-hidden": {"sample": 0, "paper": 2},
    },
    "ott": {"fig3": {"sample": 3, "paper": 7}},
    "strategies": {"strategies": {"sample": 5 * 2 + 1, "paper": 5 * 3 + 1}},
}
# Repeats of each, and the cores of the machines beside this host that each is measured on where it has as many.
REPEATS = {
    "kalwarowskyj_schikuta": {"sample": 3, "paper": 3},
    "wiesinger_schikuta": {"sample": 3, "paper": 3},
    "carver": {"sample": 3, "paper": 3},
    "olsen_west_thomasma": {"sample": 3, "paper": 3},
    "ott": {"sample": 3, "paper": 3},
    "strategies": {"sample": 1, "paper": 3},
}
CORES = {
    "kalwarowskyj_schikuta": (4, 6, 16),
    "wiesinger_schikuta": (2, 8),
    "carver": (6,),
    "olsen_west_thomasma": (14,),
    "ott": (8,),
    "strategies": (),
}
# A timed variant is calibrated once, and modelled on this host and on eight machines.
VARIANTS = {
    "sample": 2 + 1 + 1 + (2 + 1 + 1) + 1 + 6,
    "paper": 2 + 1 + 1 + (2 + 1 + 1 + 1) + 1 + 6,
}
STUDIES = list(RUNS)  # papers, and a comparison
# What their claims are tested by without a run; each is examined once for all papers.
PROPERTIES = {
    "wiesinger_schikuta": {
        "activations",
        "handing-out",
        "softmax",
        "structs",
        "weight-files",
        "worker-batches",
    },
    "kalwarowskyj_schikuta": {"merging"},
    "carver": {"batch-gradient"},
    "olsen_west_thomasma": {"activations", "back-propagation", "feed-forward", "quadratic-loss"},
    "ott": {"merging"},
}


def measured(paper: str, edition: str) -> int:
    """Count a paper's timings on the machines that this host can stand for."""
    fitting = [n for n in CORES[paper] if affinity.is_supported() and n <= host().cores]
    return (1 + len(fitting)) * sum(counts[edition] for counts in TIMINGS[paper].values())


@pytest.mark.parametrize("edition", EDITIONS)
def test_jobs_of_the_real_papers_and_the_comparison(project: Project, edition: str) -> None:
    planned = project.planned("--configfile", EDITIONS[edition])
    total = planned.pop("total")
    studies = len(STUDIES)
    expected = {
        "all": 1,
        "prepare_dataset": {"sample": 1, "paper": 2}[edition],
        "train_network": sum(
            counts[edition] for paper in STUDIES for counts in RUNS[paper].values()
        ),
        "assemble_timing": sum(measured(paper, edition) for paper in STUDIES),
        **{
            f"time_repeat_{repeat}": sum(
                measured(paper, edition) for paper in STUDIES if REPEATS[paper][edition] >= repeat
            )
            for repeat in range(1, max(counts[edition] for counts in REPEATS.values()) + 1)
        },
        "calibrate_host": 1,
        "calibrate_variant": VARIANTS[edition],
        "fit_model": studies - 2,  # Ott prints nothing to fit to, nor does the comparison
        "predict_timing": VARIANTS[edition] * (1 + 8),
        "examine_property": len(set().union(*PROPERTIES.values())),
        "resolve_paper": studies,
        "resolve_exhibits": studies,
        "tabulate_epochs": studies,
        "tabulate_timings": studies,
        "tabulate_models": studies,
        "draw_exhibits": studies,
        "draw_figures": studies,
        "judge_claims": studies,
        "join_tables": 8,
        "record_provenance": 1,
        "pick_gallery": 1,
        "publish_site": 1,
    }
    if edition == "paper":
        expected["fetch_archive"] = 2 * 4
    assert planned == expected
    assert total == sum(expected.values())


def test_jobs_of_the_tiny_paper(tiny: Project) -> None:
    planned = tiny.planned()
    assert planned["train_network"] == 2 * 2 * 2 + 1
    assert (planned["time_repeat_1"], planned["time_repeat_2"]) == (3, 3)
    assert "time_repeat_3" not in planned
    assert planned["assemble_timing"] == 3
    assert planned["prepare_dataset"] == 1
    assert "fetch_archive" not in planned
    assert tiny.planned("--configfile", "config/paper.yaml")["fetch_archive"] == 4


def on_a_core(paper: dict[str, Any]) -> None:
    """Have the tiny paper timed on a machine of one core, which every host can stand for."""
    paper["timings"]["fig3"]["hardware"] = ["host", "my-machine"]


@pytest.fixture
def confined(tiny: Project) -> Project:
    """Return a copy with a machine of one core, and the tiny paper timed on it."""
    facts = {"cores": 1, "threads_per_core": 1, "base_clock_ghz": 2.0}
    profile = {
        "id": "my-machine",
        "title": "Mine",
        "facts": {name: {"value": value, "source": "lscpu"} for name, value in facts.items()},
    }
    tiny.write("config/hardware/my-machine.yaml", profile)
    tiny.change("config/papers/tiny.yaml", on_a_core)
    return tiny


RECORD = "results/sample/timings/tiny/fig3/once/w2/my-machine.json"


@pytest.mark.skipif(not affinity.is_supported(), reason="this system does not confine")
def test_a_machine_is_measured_where_this_host_can_stand_for_it(confined: Project) -> None:
    assert confined.planned(RECORD)["time_repeat_1"] == 1

    def grow(profile: dict[str, Any]) -> None:
        profile["facts"]["cores"]["value"] = host().cores + 1

    confined.change("config/hardware/my-machine.yaml", grow)
    assert confined.snakemake(RECORD, "--dry-run").returncode != 0
    assert confined.planned("tiny")["assemble_timing"] == 3


def test_an_unknown_machine_ends_in_one_sentence(tiny: Project) -> None:
    tiny.change("config/papers/tiny.yaml", on_a_core)
    done = tiny.snakemake("--dry-run")
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert "timings.fig3.hardware: there is no machine 'my-machine'; valid are: host, " in output
    assert "Traceback" not in output


def test_an_impossible_machine_ends_in_one_sentence(confined: Project) -> None:
    confined.change(
        "config/hardware/my-machine.yaml",
        lambda profile: profile["facts"]["cores"].update(value=0),
    )
    done = confined.snakemake("--dry-run")
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert "my-machine.yaml: facts.cores.value: 0 is less than the minimum of 1" in output
    assert "Traceback" not in output


def test_a_bare_snakemake_works_through_the_default_profile(tiny: Project) -> None:
    text = tiny.path("profiles/default/config.yaml").read_text()
    assert "cores: all" in text
    done = tiny.snakemake("--dry-run")
    assert "profiles/default" in done.stdout + done.stderr


def test_a_paper_is_a_target(tiny: Project) -> None:
    planned = tiny.planned("tiny")
    assert planned["tiny"] == 1
    assert planned["train_network"] == 9
    assert "publish_site" not in planned


def test_a_comparison_is_a_target_and_no_part_of_a_paper(project: Project) -> None:
    planned = project.planned("strategies")
    assert planned["strategies"] == 1
    assert planned["train_network"] == 5 * 2 + 1
    assert planned["resolve_paper"] == 1
    assert "publish_site" not in planned
    assert project.planned("ott")["train_network"] == sum(
        counts["sample"] for counts in RUNS["ott"].values()
    )


def test_an_edition_that_names_no_comparison_has_none(project: Project) -> None:
    before = project.planned()["train_network"]
    project.change("config/config.yaml", lambda edition: edition.pop("comparisons"))
    assert project.planned()["train_network"] == before - 11


def test_a_mirror_is_no_reason_to_run_anything(tiny: Project) -> None:
    plain = tiny.planned("--configfile", "config/paper.yaml")
    mirrored = tiny.planned(
        "--configfile", "config/paper.yaml", "--config", "mirror=/nowhere {else}"
    )
    assert mirrored == plain


def test_an_edition_of_ones_own_takes_nothing_from_the_default(tiny: Project) -> None:
    edition = {
        "edition": "mine",
        "title": "Mine",
        "papers": ["tiny"],
        "datasets": {"mnist": "mnist"},
    }
    tiny.write("config/mine.yaml", edition)
    assert tiny.planned("--configfile", "config/mine.yaml")["fetch_archive"] == 4
    done = tiny.snakemake("results/mine/config/tiny.json", "--configfile", "config/mine.yaml")
    assert done.returncode == 0, done.stderr
    resolved = json.loads(tiny.path("results/mine/config/tiny.json").read_text(encoding="utf-8"))
    assert resolved["edition"]["notice"] == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda edition: edition.update(paper=["tiny"]),
            "unknown key 'paper'; did you mean 'papers'?",
        ),
        (
            lambda edition: edition.update(comparisons=["strategy"]),
            "strategy.yaml: there is no such file; did you mean 'strategies'",
        ),
        (
            lambda edition: edition.update(papers=["tinny"]),
            "tinny.yaml: there is no such file; did you mean 'tiny'",
        ),
        (
            lambda edition: edition.update(papers=["../tiny"]),
            "papers.0: '../tiny' must be a lower-case",
        ),
        (lambda edition: edition.update(datasets={"mnist": "digit"}), "did you mean 'digits'?"),
        (lambda edition: edition.update(edition="a/b"), "edition: 'a/b' must be a lower-case"),
    ],
)
def test_a_wrong_edition_ends_in_one_sentence(tiny: Project, change, message: str) -> None:
    tiny.change("config/config.yaml", change)
    done = tiny.snakemake("--dry-run")
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert message in output
    assert "Traceback" not in output
