"""The papers as configured, from their files to exhibits and verdicts, on records made up for every job."""

import json
import re
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import replace
from functools import cache
from math import exp
from pathlib import Path

import msgspec
import pandas as pd
import pytest
from msgspec import to_builtins
from networks import make_dataset
from records_factory import (
    Json,
    calibration_record,
    dataset_record,
    host_record,
    model_point,
    model_record,
    prediction_record,
    run_record,
    timing_record,
    write_collection,
)

from pnncore.properties.examination import examine
from pnncore.properties.registry import PROPERTIES
from records.edition import Edition
from records.kinds.gallery import ClassImages, GalleryRecord
from records.machine import HOST
from records.record import write_record
from records.study import Study
from reports import cli
from reports.exhibits import columns as exhibits
from reports.exhibits.data_table import beside_all, comparisons
from reports.exhibits.drawings import Models
from reports.exhibits.quantity import NONE
from reports.exhibits.registry import KINDS
from reports.tables import model_error, scaling
from reports.tables.tidy import read_table
from reports.verdicts import claims as verdicts
from reports.verdicts import findings
from reports.verdicts.rule import VERDICTS
from workflow import uses
from workflow.configuration import load_edition, load_study, study_files
from workflow.documents import read_yaml
from workflow.editions import edition_files
from workflow.machines import load_machines
from workflow.manifest import load_manifest
from workflow.plan import make_plan
from workflow.study_plan import StudyPlan

ROOT = Path(__file__).parents[2]
CHILD_METRICS = ("child_accuracy_mean", "child_accuracy_min", "child_accuracy_max")
PAPERS = [
    ROOT / f"config/papers/{name}.yaml" for name in read_yaml(ROOT / "config/paper.yaml")["papers"]
]
MACHINES = load_machines(ROOT / "config/hardware")
AUTHORS = read_yaml(ROOT / "config/authors.yaml")
MANIFEST = load_manifest(ROOT / "config/datasets.yaml")
COUNTS = {name: profile.machine.cores for name, profile in MACHINES.items()}
FILES = edition_files(ROOT / "config")
EDITIONS = ("sample", "paper")
FACTS = {
    "splits": {
        name: {**split, "samples": 100} for name, split in dataset_record("any")["splits"].items()
    },
}


def resolved(path: Path, edition: str) -> Study:
    return load_study(path, load(edition), MANIFEST, FILES)


def load(edition: str) -> Edition:
    file = FILES[edition]
    return load_edition(read_yaml(Path(file)), file, MANIFEST, ())


def as_json(study: Study) -> Json:
    """Return a study as the reports read it."""
    content: Json = json.loads(msgspec.json.encode(study))
    return content


def run_of(spec: Json) -> Json:
    """Make up the record of a run: it learns the more slowly the more workers there are."""
    epochs = spec["training"]["epochs"]
    pace = 1 / spec["workers"] + 0.1 * spec["seed"]
    record = run_record([0.99 - 0.89 * exp(-pace * epoch) for epoch in range(epochs + 1)])
    if spec["options"].get("audit"):
        for row in record["epochs"][1:]:
            row["metrics"]["lost_share"] = 0.01
    if spec["strategy"] == "sequential" and spec["training"]["repeats"] > 1:
        for row in record["epochs"][1:]:
            row["metrics"]["updates"] = spec["training"]["repeats"] / 5
    if spec["strategy"] == "spmd":
        for row in record["epochs"]:
            row["metrics"]["megabytes_moved"] = spec["workers"] * row["epoch"]
    if spec["evaluate_training"]:
        for row in record["epochs"]:
            row["metrics"]["train_accuracy"] = row["metrics"]["test_accuracy"]
    if spec["evaluate_children"]:
        for row in record["epochs"]:
            accuracy = 0.9 * row["metrics"]["test_accuracy"]
            row["child_accuracies"] = [accuracy] * spec["workers"]
            row["metrics"] |= dict.fromkeys(CHILD_METRICS, accuracy)
    kept = [
        row
        for row in record["epochs"]
        if row["epoch"] % spec["evaluate_every"] == 0 or row["epoch"] == epochs
    ]
    return {**record, "spec": spec, "epochs": kept}


def repeat_of(spec: Json, cores: int) -> Json:
    """Make up the record of a repeat: perfect up to the cores, and a little more beyond."""
    workers, cores, number = spec["workers"], spec["cores"] or cores, spec["repeat"]
    repeats = timing_record(number * [_seconds(workers, cores)], spec["hardware"], cores)
    return {**repeats[-1], "spec": spec, "jobs": workers}


def prediction_of(spec: Json, machine: str, cores: int) -> Json:
    """Make up the record of a modelled timing, as perfect."""
    seconds = {workers: _seconds(workers, cores) for workers in spec["workers"]}
    modelled = {key: value for key, value in spec.items() if key != "repeat"}
    return {**prediction_record(seconds, machine, cores), "spec": modelled}


def model_of(paper: Json) -> Json:
    """Make up the record of a paper's model, which is a little too fast."""
    model = paper["model"]
    points = [
        model_point(n, n**0.5, 1.1 * n**0.5, hardware=point["hardware"], where=point["where"])
        for point in model["points"]
        for n in [point["workers"]]
    ]
    names = {"paper": paper["id"], "timing": model["timing"], "variant": model["variant"]}
    return {**model_record(*points), **names}


def _seconds(workers: int, cores: int) -> float:
    return 8 / min(workers, cores) - 0.001 * workers


def tables(folder: Path, edition: str, study: Study, cores: int = 4) -> dict[str, pd.DataFrame]:
    """Run the commands that the rules run; return the tables as they are written, by name."""
    planned = make_plan(load(edition), {study.id: study}, MANIFEST, MACHINES).studies
    with chdir(folder):
        _write_records(planned[study.id], as_json(study), cores)
        return _tables(as_json(study))


def _tables(paper: Json) -> dict[str, pd.DataFrame]:
    Path("paper.json").write_text(json.dumps(paper))
    titles = json.dumps({name: profile.title for name, profile in MACHINES.items()})

    def run(*command: str, output: str) -> None:
        assert cli.main([*command, "--records", "records.json", "--output", output]) == 0

    run("tabulate", "epochs", "--edition", "test", output="epochs.csv")
    run("tabulate", "timings", "--edition", "test", output="timings.csv")
    timed = ["--paper", "paper.json", "--timings", "timings.csv"]
    run("models", *timed, output=".")
    spec = json.dumps(AUTHORS.get(paper["id"]))
    named = ["--edition", "test", "--paper", paper["id"]]
    assert cli.main(["authors", *named, "--spec", spec, "--output", "authors.csv"]) == 0
    both = [*timed, "--epochs", "epochs.csv", "--authors", "authors.csv"]
    run("exhibits", *both, "--machines", titles, output="exhibits.csv")
    run("judge", *both, "--model-error", "model_error.csv", output=".")
    modules = {"exhibits": exhibits, "claims": verdicts, "findings": findings}
    modules |= {"model_error": model_error, "scaling": scaling}
    return {
        name: read_table(Path(f"{name}.csv"), module.COLUMNS) for name, module in modules.items()
    }


def _write_records(study: StudyPlan, paper: Json, cores: int) -> None:
    """Make up all records of a paper; its properties are really examined."""
    files = study.documents["records"].content
    Path("records.json").write_text(json.dumps(files))
    for batch in study.runs:
        write_collection(Path(batch.path), "run", *_runs(batch.made["spec"]))
    for batch in study.timings:
        write_collection(Path(batch.path), "repeat", *_repeats(batch.made["spec"], cores))
    for batch in study.calibrated:
        calibrated = {**calibration_record(), "spec": batch.made["spec"]}
        write_collection(Path(batch.path), "calibration", calibrated)
    if study.predictions is not None:
        modelled = _predictions(study, cores)
        write_collection(Path(study.predictions.path), "prediction", *modelled)
    if study.model is not None:
        write_collection(Path(study.model.path), "model", model_of(paper))
    for name, path in zip(study.properties, files["properties"], strict=True):
        write_collection(Path(path), "property", examined(name))
    for path in map(Path, files["datasets"]):
        write_record(path, dataset_record(path.parent.name, **FACTS))
    for number, path in enumerate(files["host"], start=1):
        write_collection(Path(path), "calibration", host_record(number))


def _runs(spec: Json) -> Iterator[Json]:
    own = {key: value for key, value in spec.items() if key != "seeds"}
    for workers in spec["workers"]:
        for seed in spec["seeds"]:
            yield run_of({**own, "workers": workers, "seed": seed})


def _repeats(spec: Json, cores: int) -> Iterator[Json]:
    for name, confined in spec["hardware"].items():
        if confined is None or confined <= cores:
            own = {**spec, "hardware": name, "cores": confined}
            yield from (repeat_of({**own, "workers": n}, cores) for n in spec["workers"])


def _predictions(study: StudyPlan, cores: int) -> Iterator[Json]:
    for first, *_ in study.calibrations.values():
        for machine in (HOST, *MACHINES):
            yield prediction_of(first.made["spec"], machine, COUNTS.get(machine, cores))


@cache
def examined(name: str) -> Json:
    """Examine a property with a tiny dataset."""
    return to_builtins(examine(PROPERTIES.named(name), make_dataset()))


@pytest.mark.parametrize(
    ("edition", "path"),
    [
        pytest.param(edition, path, id=f"{path.stem}-{edition}")
        for edition in EDITIONS
        for path in study_files(load(edition), ROOT / "config").values()
    ],
)
def test_every_exhibit_is_drawn_and_every_claim_judged(
    tmp_path: Path, edition: str, path: Path
) -> None:
    study = resolved(path, edition)
    written = tables(tmp_path, edition, study)
    points, claims = written["exhibits"], written["claims"]
    album = {"split": "train", "image": (1, 1), "classes": (ClassImages(name="0", images=(b"0",)),)}
    albums = {name: GalleryRecord(dataset=name, **album) for name in uses.galleries(study)}
    models = Models(study, [{**dataset_record("mnist", **FACTS), "title": "MNIST"}], albums)
    for name, exhibit in study.exhibits.items():
        shown = points[points["exhibit"] == name]
        kind = KINDS.entries[exhibit["chart"]]
        if kind.chart:
            assert ("measured" if kind.chart.ours else "authors") in set(shown["source"]), name
            timed = shown.loc[shown["source"] != "authors", "hardware"]
            assert set(timed.dropna()) == set(exhibit.get("hardware", ())), name
            figure = kind.draw(shown, study)
            assert figure.panels, name
            for row in comparisons(figure) if edition == "paper" else ():
                # The sample edition has fewer epochs and workers; in this one, each number has one of ours beside it.
                assert row.published.value == NONE or row.ours[0][1].value != NONE, (name, row)
            for table in beside_all(figure) if edition == "paper" else ():
                assert all(cells[1].value != NONE for _, cells in table.rows), (name, table)
        else:
            show = kind.drawing or kind.comparisons
            assert show(kind.read(exhibit), replace(models, exhibit=name)), name
    assert set(claims["id"]) == {claim.id for claim in study.claims}
    assert set(claims["verdict"].dropna()) <= set(VERDICTS)
    assert claims["reason"].notna().all()
    # With a record for every job, whatever is missing has a name or a point that leads nowhere.
    assert claims.loc[claims["reason"].str.startswith("Missing"), ["id", "reason"]].empty
    found = written["findings"]
    assert set(found["id"]) == {finding.id for finding in study.findings}
    assert found.loc[found["reason"].str.startswith("Missing"), ["id", "reason"]].empty
    opinions = {claim.id for claim in study.claims if claim.strength == "opinion"}
    assert set(claims.loc[claims["verdict"].isna(), "id"]) == opinions
    errors = written["model_error"].groupby("against")["relative_error"]
    assert errors.max().to_dict() == pytest.approx(
        {
            **({"host": 0.0} if study.timings else {}),
            **({"published": 0.1} if study.model else {}),
        }
    )
    scaled = {"measured", "modelled"} if study.timings else set()
    assert scaled <= set(written["scaling"]["source"])


# What each paper shows: figures, tables, algorithms and lists, as it calls them or by where they are.
SHOWN = {
    "carver": ["Algorithm 1", "Algorithm 2", "Fig. 1", "Fig. 2", "Fig. 3", "Table I"],
    "kalwarowskyj_schikuta": [f"Fig. {number}" for number in range(1, 6)],
    "olsen_west_thomasma": [
        "Section II-ii, figure",
        "Section II-iii, figure",
        "Section II-iii, list",
        "Section III-iv, figure",
        "Section V-i, figure",
        *(f"Algorithm {number}" for number in range(1, 5)),
        "Figure 1",
        "Section IV, table",
    ],
    "ott": [f"Figure {number}" for number in range(1, 6)],
    "wiesinger_schikuta": [
        "Section I",
        "Section III.D, list",
        "Section IV.C, list",
        *(f"Fig. {number}" for number in range(1, 17)),
    ],
}


def named(label: str) -> set[str]:
    """Take a label apart: 'Figs. 2 and 4' names two figures, 'Section 2, figure and list' two things."""
    found = set(re.findall(r"(?:Algorithm|Figure|Fig\.|Table|Section) [\w.-]*\w", label))
    for numbers in re.findall(r"Figs\. ((?:\d+(?:, | and )?)+)", label):
        found |= {f"Fig. {number}" for number in re.findall(r"\d+", numbers)}
    for section in re.findall(r"Section [\w.-]*\w", label):
        found |= {f"{section}, {what}" for what in ("figure", "list", "table") if what in label}
    return found


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_everything_that_a_paper_shows_has_an_entry(path: Path) -> None:
    labels = {
        name
        for exhibit in resolved(path, "paper").exhibits.values()
        for name in named(exhibit["label"])
    }
    assert set(SHOWN[path.stem]) - labels == set()


def test_all_forty_six_exhibits_are_counted() -> None:
    assert sum(len(shown) for shown in SHOWN.values()) == 46


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_pseudocode_is_of_modules_that_there_are(path: Path) -> None:
    for exhibit in resolved(path, "paper").exhibits.values():
        for module in exhibit.get("code", ()):
            assert (ROOT / module).is_file()


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_every_paper_has_controls_and_draws_them(path: Path, edition: str) -> None:
    paper = resolved(path, edition)
    drawn = {
        metric
        for exhibit in paper.exhibits.values()
        if exhibit.get("experiment") in paper.experiments
        for metric in exhibit.get("metrics", ())
    }
    assert {"test_accuracy", "child_accuracy_mean", "child_accuracy_max"} <= drawn
    if "readings" in paper.experiments:  # The sample edition leaves them out.
        readings = paper.experiments["readings"].variants.values()
        assert {"sequential", "ensemble"} <= {variant.strategy for variant in readings}


@pytest.mark.parametrize(
    ("cores", "untestable"),
    [(1, {"KS-C01", "KS-C35"}), (64, {"KS-C19"})],
)
def test_a_claim_about_cores_needs_points_on_both_sides_of_them(
    tmp_path: Path, cores: int, untestable: set[str]
) -> None:
    paper = resolved(ROOT / "config/papers/kalwarowskyj_schikuta.yaml", "paper")
    claims = tables(tmp_path, "paper", paper, cores)["claims"]
    missing = claims[claims["reason"].str.startswith("Missing")]
    assert set(missing["id"]) == untestable
    assert set(missing["verdict"]) <= {"not testable here"}
