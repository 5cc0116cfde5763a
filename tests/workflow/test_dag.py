"""What would run: jobs per rule, without running them."""

import pytest
from conftest import Project

from workflow import plan
from workflow.configuration import load_edition, load_manifest, load_paper, read_yaml

EDITIONS = {"sample": "config/config.yaml", "paper": "config/paper.yaml"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_jobs_of_the_real_papers(project: Project, edition: str) -> None:
    manifest = load_manifest(project.path("config/datasets.yaml"))
    settings = load_edition(read_yaml(project.path(EDITIONS[edition])), edition, manifest)
    papers = [
        load_paper(project.path(f"config/papers/{name}.yaml"), settings)
        for name in settings["papers"]
    ]
    datasets = {name for paper in papers for name in plan.datasets(paper)}
    idx = [name for name in datasets if manifest[name]["format"] == "idx"]

    planned = project.planned("--configfile", EDITIONS[edition])

    assert planned.pop("total") == sum(planned.values())
    expected = {
        "all": 1,
        "fetch_archive": 4 * len(idx),
        "prepare_dataset": len(datasets),
        "train_network": sum(len(list(plan.runs(paper))) for paper in papers),
        "time_training": sum(len(list(plan.timings(paper))) for paper in papers),
        "join_tables": 4,
        "record_provenance": 1,
        "publish_site": 1,
    }
    per_paper = (
        "resolve_paper",
        "tabulate_epochs",
        "tabulate_timings",
        "draw_exhibits",
        "judge_claims",
    )
    expected |= dict.fromkeys(per_paper, len(papers))
    assert planned == {rule: count for rule, count in expected.items() if count}


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
    mirrored = tiny.planned("--configfile", "config/paper.yaml", "--config", "mirror=/nowhere else")
    assert mirrored == plain


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
