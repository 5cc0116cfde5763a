"""What would run: jobs per rule, without running them."""

import json

import pytest
from conftest import Project

EDITIONS = {"sample": "config/config.yaml", "paper": "config/paper.yaml"}

# Counted by hand from config/papers: what each experiment's variants come to, workers times seeds.
RUNS = {
    "kalwarowskyj_schikuta": {
        "fig2": {"sample": 8 * 2 * 3, "paper": 8 * 2 * 3},
        "controls": {"sample": 1 + 8, "paper": (1 + 8) * 3},
        "fig3": {"sample": 3 * 2 * 3, "paper": 3 * 2 * 1},
        "fig5": {"sample": 3 * 3, "paper": 3 * 3},
        "readings": {"sample": 13, "paper": 13},
        "hidden": {"sample": 6 * 3, "paper": 6 * 1},
    },
    "wiesinger_schikuta": {
        "accuracy": {"sample": 3 * 2 + 1, "paper": (3 * 5 + 1) * 3},
        "growth": {"sample": 2 * 2, "paper": 2 * 2 * 3},
        "readings": {"sample": 19 + 2, "paper": 19 * 2 + 2},
    },
    "carver": {
        "table1": {"sample": 2 * 3 + 3 * 2 + 2, "paper": (2 * 12 + 3 * 2 + 2) * 3},
        "test-500": {"sample": 2 * 2, "paper": 2 * 2 * 3},
        "readings": {"sample": 12 + 2, "paper": 12 * 3 + 2},
    },
    "olsen_west_thomasma": {
        "accuracy": {"sample": 2 + 2 + 1, "paper": (2 + 2 + 1) * 3},
        "ensemble": {"sample": 2 * 2 + 1, "paper": (2 * 4 + 1) * 3},
        "full-batch": {"sample": 2, "paper": 2},
        "readings": {"sample": 16, "paper": 16},
    },
    "ott": {
        "accuracy": {"sample": 3 * 3 + 1, "paper": (3 * 7 + 1) * 3},
        "epochs": {"sample": 6 + 1, "paper": (6 * 3 + 1) * 3},
        "readings": {"sample": 19 + 1, "paper": 19 * 2 + 1},
    },
}
TIMINGS = {
    "kalwarowskyj_schikuta": {"sample": 7, "paper": 7},
    "wiesinger_schikuta": {"sample": 5, "paper": 5},
    "carver": {"sample": 5, "paper": 12},
    "olsen_west_thomasma": {"sample": 2 * 4 + 3, "paper": 2 * 7 + 7},
    "ott": {"sample": 7, "paper": 7},
}
PAPERS = list(RUNS)


@pytest.mark.parametrize("edition", EDITIONS)
def test_jobs_of_the_real_papers(project: Project, edition: str) -> None:
    planned = project.planned("--configfile", EDITIONS[edition])
    total = planned.pop("total")
    papers = len(PAPERS)
    expected = {
        "all": 1,
        "prepare_dataset": {"sample": 1, "paper": 2}[edition],
        "train_network": sum(
            counts[edition] for paper in PAPERS for counts in RUNS[paper].values()
        ),
        "time_training": sum(TIMINGS[paper][edition] for paper in PAPERS),
        "resolve_paper": papers,
        "tabulate_epochs": papers,
        "tabulate_timings": papers,
        "draw_exhibits": papers,
        "judge_claims": papers,
        "join_tables": 4,
        "record_provenance": 1,
        "publish_site": 1,
    }
    if edition == "paper":
        expected["fetch_archive"] = 2 * 4
    assert planned == expected
    assert total == sum(expected.values())


def test_jobs_of_the_tiny_paper(tiny: Project) -> None:
    planned = tiny.planned()
    assert planned["train_network"] == 2 * 2 * 2 + 1
    assert planned["time_training"] == 3
    assert planned["prepare_dataset"] == 1
    assert "fetch_archive" not in planned
    assert tiny.planned("--configfile", "config/paper.yaml")["fetch_archive"] == 4


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
            lambda edition: edition.update(papers=["tinny"]),
            "tinny.yaml: there is no such file; did you mean 'tiny'",
        ),
        (lambda edition: edition.update(papers=["../tiny"]), "papers.0: '../tiny' does not match"),
        (lambda edition: edition.update(datasets={"mnist": "digit"}), "did you mean 'digits'?"),
        (lambda edition: edition.update(edition="a/b"), "edition: 'a/b' does not match"),
    ],
)
def test_a_wrong_edition_ends_in_one_sentence(tiny: Project, change, message: str) -> None:
    tiny.change("config/config.yaml", change)
    done = tiny.snakemake("--dry-run")
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert message in output
    assert "Traceback" not in output
