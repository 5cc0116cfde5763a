"""`make search`, on digits: two rounds, and a comparison that takes what was chosen."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import yaml
from conftest import ROOT, Project, trainings

GRID = {"training.learning_rate": [0.001, 0.1, 0.3, 1.0], "options.every": [1, {"updates": 5}]}


def search() -> dict[str, Any]:
    """Return the search of the project, with one method on digits: eight combinations, of which three are kept."""
    content = yaml.safe_load((ROOT / "config/comparisons/search.yaml").read_text(encoding="utf-8"))
    grid = {**GRID, "training.batch_size": [20]}
    variants = {"mean": {"title": "mean", "strategy": "spmd", "workers": [2], "grid": grid}}
    for experiment, epochs in (("short", 1), ("long", 2)):
        content["experiments"][experiment].update(
            network={"hidden": [8]},
            training={"epochs": epochs},
            samples={"train": 1000, "tested_on": "rest"},
            variants=variants,
        )
    return dict(content)


def make_search(project: Project) -> str:
    """Run the commands of `make search` on the copy."""
    recipe = subprocess.run(
        ["make", "--dry-run", "search"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = [line for line in recipe.stdout.splitlines() if "config/search.yaml" in line]
    assert len(lines) == 4
    commands = "\n".join(lines).replace(".venv/bin/python", sys.executable)
    commands = commands.replace(".venv/bin/snakemake", f"{sys.executable} -m snakemake")
    done = subprocess.run(
        ["bash", "-ec", commands],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_search_chooses_in_two_rounds(prepared: Project) -> None:
    project = prepared
    project.write("config/comparisons/search.yaml", search())
    project.change("config/search.yaml", lambda edition: edition["datasets"].update(mnist="digits"))
    project.path("config/chosen.yaml").unlink(missing_ok=True)
    told = make_search(project)
    assert "of 8," in told
    chosen = yaml.safe_load(project.path("config/chosen.yaml").read_text(encoding="utf-8"))
    short, long = chosen["search"]["short"]["mean"], chosen["search"]["long"]["mean"]
    assert (short["tried"], len(short["kept"])) == (8, 3)
    assert (long["tried"], len(long["kept"])) == (3, 1)
    assert long["kept"][0]["values"]["training.learning_rate"] != 0.001
    assert len(next(iter(long["accuracies"].values()))) == 1
    # With what was chosen, both rounds are there, and nothing is trained twice.
    assert not trainings(project, "search", "--configfile", "config/search.yaml")
