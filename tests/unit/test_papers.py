"""The papers as configured, from their files to exhibits and verdicts, on records made up for every job."""

import json
from collections.abc import Iterator
from math import exp
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from records_factory import Json, run_record, timing_record

from reports import cli, exhibits, verdicts
from reports.charts import draw
from reports.scoreboard import VERDICTS
from reports.tables import read_table
from workflow import plan
from workflow.configuration import load_edition, load_manifest, load_paper, read_yaml

ROOT = Path(__file__).parents[2]
PAPERS = sorted((ROOT / "config/papers").glob("*.yaml"))
EDITIONS = {"sample": "config.yaml", "paper": "paper.yaml"}
FACTS = {
    "image": [28, 28],
    "classes": 10,
    "splits": {name: {"samples": 100, "pixel_values": 256} for name in ("train", "test")},
}


def resolved(path: Path, edition: str) -> Json:
    manifest = load_manifest(ROOT / "config/datasets.yaml")
    file = ROOT / "config" / EDITIONS[edition]
    return load_paper(path, load_edition(read_yaml(file), str(file), manifest))


def run_of(spec: Json) -> Json:
    """Make up the record of a run: it learns the more slowly the more workers there are."""
    epochs = spec["training"]["epochs"]
    pace = 1 / spec["workers"] + 0.1 * spec["seed"]
    record = run_record([0.95 - 0.85 * exp(-pace * epoch) for epoch in range(epochs + 1)])
    if spec["evaluate_children"]:
        for row in record["epochs"]:
            row["children"]["test_accuracy"] = [0.9 * row["test_accuracy"]] * spec["workers"]
    kept = [
        row
        for row in record["epochs"]
        if row["epoch"] % spec["evaluate_every"] == 0 or row["epoch"] == epochs
    ]
    return {**record, "spec": spec, "epochs": kept}


def timing_of(spec: Json, cores: int) -> Json:
    """Make up the record of a timing: perfect up to the cores, and a little more beyond."""
    workers = spec["workers"]
    seconds = 8 / min(workers, cores) - 0.001 * workers
    record = timing_record([seconds] * spec["repeats"], workers=workers)
    environment = {**record["environment"], "host": {"physical_cores": cores}}
    return {**record, "spec": spec, "environment": environment}


def tables(folder: Path, paper: Json, cores: int = 4) -> Iterator[pd.DataFrame]:
    """Run the commands that the rules run; yield exhibits.csv and claims.csv as they are written."""
    jobs = {"epochs": list(plan.runs(paper)), "timings": list(plan.timings(paper))}
    records = {
        "epochs": [run_of(job.spec) for job in jobs["epochs"]],
        "timings": [timing_of(job.spec, cores) for job in jobs["timings"]],
    }
    arguments = ["--paper", str(folder / "paper.json")]
    (folder / "paper.json").write_text(json.dumps(paper))
    for kind in jobs:
        paths = [folder / job.record for job in jobs[kind]]
        for path, record in zip(paths, records[kind], strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(record))
        table = str(folder / f"{kind}.csv")
        given = ["--edition", "test", "--records", *map(str, paths), "--output", table]
        assert cli.main(["tabulate", kind, *given]) == 0
        arguments += [f"--{kind}", table]
    facts = [folder / name / "dataset.json" for name in plan.datasets(paper)]
    for path in facts:
        path.parent.mkdir()
        path.write_text(json.dumps(FACTS))
    more: dict[str, list[Any]] = {"exhibits": [], "claims": ["--datasets", *map(str, facts)]}
    for kind, module in (("exhibits", exhibits), ("claims", verdicts)):
        output = folder / f"{kind}.csv"
        assert cli.main([kind, *arguments, *more[kind], "--output", str(output)]) == 0
        yield read_table(output, module.COLUMNS)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_every_exhibit_is_drawn_and_every_claim_judged(
    tmp_path: Path, path: Path, edition: str
) -> None:
    paper = resolved(path, edition)
    points, claims = tables(tmp_path, paper)
    for name, exhibit in paper["exhibits"].items():
        shown = points[points["exhibit"] == name]
        if "metrics" in exhibit:
            assert "measured" in set(shown["source"]), name
            assert draw(exhibit["chart"], shown).panels, name
    assert set(claims["id"]) == {claim["id"] for claim in paper["claims"]}
    assert set(claims["verdict"].dropna()) <= set(VERDICTS)
    assert claims["reason"].notna().all()
    # With a record for every job, whatever is missing has a name or a point that leads nowhere.
    assert claims.loc[claims["reason"].str.startswith("Missing"), ["id", "reason"]].empty
    opinions = {claim["id"] for claim in paper["claims"] if claim["strength"] == "opinion"}
    assert set(claims.loc[claims["verdict"].isna(), "id"]) == opinions


@pytest.mark.parametrize(
    ("cores", "untestable"),
    [(1, {"KS-C01", "KS-C17"}), (64, {"KS-C17", "KS-C19"}), (4, set())],
)
def test_a_claim_about_cores_needs_points_on_both_sides_of_them(
    tmp_path: Path, cores: int, untestable: set[str]
) -> None:
    paper = resolved(ROOT / "config/papers/kalwarowskyj_schikuta.yaml", "paper")
    *_, claims = tables(tmp_path, paper, cores)
    missing = claims[claims["reason"].str.startswith("Missing")]
    assert set(missing["id"]) == untestable
    assert set(missing["verdict"]) <= {"not testable here"}
