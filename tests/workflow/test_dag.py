"""What would run: jobs per rule, without running them."""

import json
import re
from itertools import chain
from typing import Any

import pytest
from conftest import ROOT, Project, by_stage, trainings

from workflow.documents import read_yaml
from workflow.edition import load
from workflow.stages import PUBLISH, TABULATE, count_jobs

EDITIONS = {"sample": "config/config.yaml", "paper": "config/paper.yaml"}

# Counted by hand from config/papers and config/comparisons: what each experiment's variants come to, workers times
# seeds.
RUNS = {
    "kalwarowskyj_schikuta": {
        "fig2": {"sample": (4 + 3) * 5, "paper": (4 + 3) * 5},
        "controls": {"sample": 1 + 5, "paper": 1 + 5},
        "fig3": {"sample": 3 * 2, "paper": 3 * 2 * 5},
        "fig3-twenty": {"sample": 3, "paper": 3 * 5},
        "fig5": {"sample": 5 * 5, "paper": 5 * 5},
        "fig5-one": {"sample": 3 * 5, "paper": 3 * 5},
        "readings": {"sample": 0, "paper": 23},
        "rates": {"sample": 0, "paper": 2 * 5 + 2},
        "hidden": {"sample": 0, "paper": 2 * 5 + 3},
    },
    "wiesinger_schikuta": {
        "accuracy": {"sample": 4 * 2 + 3, "paper": (2 * 5 + 2 * 2) * 5 + 3},
        "growth": {"sample": 2 * 2 + 2 * 3, "paper": 2 * 2 * 5 + 2 * 3},
        "fig5": {"sample": 3, "paper": 5},
        "merges": {"sample": 5 + 4, "paper": 5 + 4},
        "controls": {"sample": 1, "paper": 1},
        "settings": {"sample": 6, "paper": 6 * 5},
        "hidden-200": {"sample": 0, "paper": 5},
        "weights-1": {"sample": 0, "paper": 2 * 5},
        "rate-01": {"sample": 0, "paper": 3 * 5},
        "rate-02": {"sample": 0, "paper": 2 * 5},
        "rate-04": {"sample": 0, "paper": 2 * 5},
        "rate-16": {"sample": 0, "paper": 2 * 5},
        "lambdas": {"sample": 0, "paper": 3 * 5},
        "sending-exact": {"sample": 0, "paper": 2 * 2 + 2},
        "batch-10": {"sample": 0, "paper": 5},
        "batch-1000": {"sample": 0, "paper": 2 * 5},
        "minibatch": {"sample": 0, "paper": 4 * 5},
        "fig15": {"sample": 2, "paper": 3 * 3},
        "fig16": {"sample": 0, "paper": 3 * 3},
        "older": {"sample": 0, "paper": 3 + (2 + 1) * 5},
        "readings": {"sample": 0, "paper": 12 * 2 + 10},
    },
    "carver": {
        "table1": {"sample": 3 * 3 + 4 + 1 + 1 + 2, "paper": (3 * 12 + 4 + 1 + 1) * 5 + 2},
        "audit": {"sample": 2 * 5, "paper": (3 + 1) * 5},
        "batches": {"sample": 4, "paper": 4 * 5},
        "folds": {"sample": 0, "paper": 2 * 5},
        "test-500": {"sample": 2 * 2, "paper": 2 * 2 * 3},
        "readings": {"sample": 0, "paper": 8 * 3 + 2},
    },
    "olsen_west_thomasma": {
        "accuracy": {"sample": 2 + 2 + 1, "paper": 2 + 2 + 1},
        "division": {"sample": (2 + 1) * 10, "paper": (2 + 1) * 10},
        "ensemble": {"sample": 2 * 2 + 1, "paper": 2 * 3 + 1},
        "full-batch": {"sample": 2, "paper": 2},
        "readings": {"sample": 0, "paper": 19},
        "choices": {"sample": 6 * 5, "paper": 6 * 5},
        "recall": {"sample": 0, "paper": 1 + 5},
        "as-programmed": {"sample": 3 + 3, "paper": 3 * 5 + 3},
    },
    "ott": {
        "accuracy": {
            "sample": (3 + 1) * 5 + 3 * 3 + 3,
            "paper": (13 + 1) * 5 + 13 * 3 + 13,
        },
        "epochs": {"sample": 7 + 1, "paper": (4 * 3 + 1) * 5 + 3 * 3},
        "readings": {"sample": 0, "paper": 18 * 2 + 2 * 5 + 1},
        "as-programmed": {"sample": 0, "paper": 2 * 5 * 3 + 2 * 2 + 2 * 3 + 3},
        "averaged": {"sample": 0, "paper": 5 * 3 * 5},
        "summed": {"sample": 0, "paper": 5 * 3 * 5},
    },
    "past_the_papers": {
        # One network twice, the papers' mean and the best with four numbers of child networks, averaged gradients.
        "finals": {"sample": 2 + 4 + 4 + 5, "paper": (2 + 4 + 4) * 10 + 5},
        "rules": {"sample": 0, "paper": 12 * 3},
        "outer": {"sample": 0, "paper": 2 * 2 * 10},
        "skew": {"sample": 0, "paper": 7 * 3},
        "failing": {"sample": 0, "paper": 5 * 3},
        "aligned": {"sample": 0, "paper": 3 * 2 * 10},
    },
    "strategies": {"strategies": {"sample": 6 * 2 + 2, "paper": (6 * 3 + 2) * 3}},
    "controls": {
        "lecun": {"sample": 0, "paper": 2 * 5},
        "simard": {"sample": 0, "paper": 5},
        "fashion": {"sample": 0, "paper": 2 * 5},
        "digits": {"sample": 0, "paper": 2 * 5},
        "shuffled": {"sample": 0, "paper": 20},
    },
}
# What each timing's variants come to, times worker counts and repeats, on one machine.
TIMINGS = {
    "kalwarowskyj_schikuta": {
        "fig4": {"sample": 5 * 3, "paper": 5 * 5},
        "sequential": {"sample": 1 * 3, "paper": 1 * 5},
        "merged": {"sample": 0, "paper": 6 * 5},
    },
    "wiesinger_schikuta": {
        "fig2": {"sample": 3 * 3, "paper": 6 * 5},
        "batches": {"sample": 0, "paper": 3 * 2 * 5},
    },
    "carver": {"table1": {"sample": 3 * 3, "paper": (12 + 2) * 3}},
    "olsen_west_thomasma": {
        "fig1": {"sample": 2 * 3 * 3, "paper": 2 * 7 * 5},
        "wide": {"sample": 2 * 3, "paper": 6 * 3},
        "ensemble": {"sample": 2 * 3, "paper": 4 * 5},
        "hidden-layers": {"sample": 0, "paper": 2 * 2 * 5},
        "locked": {"sample": 0, "paper": (5 + 1) * 3},
    },
    "ott": {
        "fig3": {"sample": 3 * 5, "paper": 13 * 5},
        "sections": {"sample": 0, "paper": 4 * 3},
    },
    "past_the_papers": {"finals": {"sample": 0, "paper": 7 * 5}},
    "strategies": {"strategies": {"sample": 6 * 2 + 2, "paper": (6 * 3 + 2) * 3}},
    "controls": {},
}
# Repeats of the timing that has the most.
REPEATS = {
    "kalwarowskyj_schikuta": {"sample": 3, "paper": 5},
    "wiesinger_schikuta": {"sample": 3, "paper": 5},
    "carver": {"sample": 3, "paper": 3},
    "olsen_west_thomasma": {"sample": 3, "paper": 5},
    "ott": {"sample": 5, "paper": 5},
    "past_the_papers": {"sample": 0, "paper": 5},
    "strategies": {"sample": 1, "paper": 3},
    "controls": {"sample": 0, "paper": 0},
}
# A timed variant is calibrated once, and modelled on this host and on eight machines.
VARIANTS = {
    "sample": 2 + 1 + 1 + (2 + 1 + 1) + 1 + 8,
    "paper": 3 + (1 + 3) + 1 + (2 + 1 + 1 + 2 + 2) + (1 + 1) + 7 + 8,
}
# Papers and comparisons of each edition.
STUDIES = {
    edition: [name for name, runs in RUNS.items() if any(each[edition] for each in runs.values())]
    for edition in EDITIONS
}
# What their claims are tested by without a run; each is examined once for all papers.
PROPERTIES = {
    "wiesinger_schikuta": {
        "activations",
        "handing-out",
        "softmax",
        "structs",
        "weight-files",
    },
    "kalwarowskyj_schikuta": {"merging"},
    "carver": {"batch-gradient"},
    "olsen_west_thomasma": {"activations", "back-propagation", "feed-forward", "quadratic-loss"},
    "ott": {"merging"},
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_runs_timings_and_models_of_the_real_papers_and_comparisons(edition: str) -> None:
    plan = load(read_yaml(ROOT / EDITIONS[edition]), edition, ROOT).plan
    assert list(plan.studies) == STUDIES[edition]
    for name, study in plan.studies.items():
        counted: dict[str, int] = dict.fromkeys(RUNS[name], 0)
        for batch in study.runs:
            spec = batch.spec
            counted[spec.experiment] += len(spec.workers) * len(spec.seeds)
        assert counted == {key: counts[edition] for key, counts in RUNS[name].items()}
        assert list(study.repeats) == list(range(1, REPEATS[name][edition] + 1))
        timed: dict[str, int] = dict.fromkeys(TIMINGS[name], 0)
        for batch in chain.from_iterable(study.repeats.values()):
            timed[batch.spec.experiment] += len(batch.spec.workers)
        assert timed == {key: counts[edition] for key, counts in TIMINGS[name].items()}
        assert set(study.properties) == PROPERTIES.get(name, set())
    assert sum(len(study.calibrations) for study in plan.studies.values()) == VARIANTS[edition]
    # Ott prints nothing to fit to, nor do the comparisons.
    assert sum(study.model is not None for study in plan.studies.values()) == 4
    assert set(plan.properties) == set().union(*PROPERTIES.values())


@pytest.mark.parametrize("edition", EDITIONS)
def test_jobs_of_the_real_papers_and_comparisons(project: Project, edition: str) -> None:
    planned = project.planned("--configfile", EDITIONS[edition])
    total = planned.pop("total")
    assert planned.pop("all") == 1
    assert total == sum(planned.values()) + 1
    plan = load(read_yaml(ROOT / EDITIONS[edition]), edition, ROOT).plan
    counted = {name: stage["jobs"] for name, stage in count_jobs(plan).items()}
    assert by_stage(planned) == counted
    assert planned["prepare_dataset"] == {"sample": 1, "paper": 2}[edition]
    assert {planned[rule] for rule in TABULATE} == {len(STUDIES[edition])}
    assert {planned[rule] for rule in PUBLISH} == {1}


def test_jobs_of_the_tiny_paper(tiny: Project) -> None:
    planned = tiny.planned()
    assert {rule for rule in planned if rule.startswith(("train-", "time-"))} == {
        *(f"train-tiny-fig{n}" for n in (1, 2)),
        *(f"time-tiny-repeat{n}" for n in (1, 2)),
    }
    assert planned["prepare_dataset"] == 1


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


def test_an_unknown_machine_is_named(tiny: Project) -> None:
    tiny.change("config/papers/tiny.yaml", on_a_core)
    done = tiny.snakemake("--dry-run")
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert re.search(r"tiny\.yaml: timings\.fig3\.variants\.\w+\.hardware: .*'my-machine'", output)
    assert "Traceback" not in output


def test_an_impossible_machine_is_named(confined: Project) -> None:
    confined.change(
        "config/hardware/my-machine.yaml",
        lambda profile: profile["facts"]["cores"].update(value=0),
    )
    done = confined.snakemake("--dry-run")
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert "my-machine.yaml: facts.cores.value: " in output
    assert "Traceback" not in output


def test_a_bare_snakemake_works_through_the_default_profile(tiny: Project) -> None:
    text = tiny.path("profiles/default/config.yaml").read_text()
    assert "cores: all" in text
    done = tiny.snakemake("--dry-run")
    assert "profiles/default" in done.stdout + done.stderr


def test_a_paper_is_a_target(tiny: Project) -> None:
    planned = tiny.planned("tiny")
    assert planned["tiny"] == 1
    assert planned["train-tiny-fig1"] == 1
    assert "publish_site" not in planned


def test_a_comparison_is_a_target_and_no_part_of_a_paper(project: Project) -> None:
    planned = project.planned("strategies")
    assert planned["strategies"] == 1
    assert planned["train-strategies-strategies"] == 1
    assert planned["list_records"] == 1
    assert "publish_site" not in planned
    assert trainings(project, "ott") == {"train-ott-accuracy", "train-ott-epochs"}


def test_an_edition_that_names_no_comparison_has_none(project: Project) -> None:
    before = trainings(project)
    project.change("config/config.yaml", lambda edition: edition.pop("comparisons"))
    after = trainings(project)
    assert after < before
    compared = ("train-past_the_papers-", "train-strategies-")
    assert all(rule.startswith(compared) for rule in before - after)


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
    tiny.run("--until", "resolve_paper", "--configfile", "config/mine.yaml")
    resolved = json.loads(
        tiny.only(f"results/mine/config/tiny-{'[0-9a-f]' * 12}.json").read_text("utf-8")
    )
    assert resolved["edition"]["notice"] == ""


def test_a_wrong_edition_is_told_by_its_key(tiny: Project) -> None:
    tiny.change("config/config.yaml", lambda edition: edition.update(paper=["tiny"]))
    done = tiny.snakemake("--dry-run")
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert re.search("config.yaml: paper: .*'papers'", output)
    assert "Traceback" not in output


def test_snakemake_finds_nothing_to_object_to(project: Project) -> None:
    """But that rules have no conda environment each: a single locked one serves them all."""
    done = project.snakemake("--lint")
    objections = re.findall(r"^ +\* (.+)$", done.stdout + done.stderr, flags=re.MULTILINE)
    assert "Specify a conda environment or container for each rule.:" in objections
    assert {each for each in objections if "conda" not in each} == set()
