"""An edit, a dry run, and the exact set of files that would be made again, in the sample edition of the real papers.

Nothing is computed: Snakemake takes empty files for results that it has just made (``--touch``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import DIGEST, PARTS, ROOT, Project

from records.job import Job
from workflow.batch import Batch
from workflow.documents import read_yaml
from workflow.edition import load
from workflow.reporting import TABLES

PLAN = load(read_yaml(ROOT / "config/config.yaml"), "config.yaml", ROOT).plan
STUDIES = list(PLAN.studies)
RESULTS = "results/sample"

CORE = "pnncore/network/sgd.py"
EXEMPLAR = "pnncore/strategies/exemplar.py"
CARVER = "config/papers/carver.yaml"

PAGE = {f"{RESULTS}/site/.published", f"{RESULTS}/complete.txt"}
PAGES = {f"{RESULTS}/provenance.json", f"{RESULTS}/tables/cost.csv", *PAGE}


def tables(studies: Iterable[str], *names: str) -> set[str]:
    """Return the tables of studies and those that join them."""
    folders = [f"{RESULTS}/tables", *(f"{RESULTS}/tables/{study}" for study in studies)]
    return {f"{folder}/{name}.csv" for folder in folders for name in names}


def files(batches: Iterable[Batch]) -> set[str]:
    """Return the files of batches, without the digests in their names."""
    return {
        DIGEST.sub("", batch.path) + ".json" * (not DIGEST.search(batch.path)) for batch in batches
    }


def packed(paths: set[str]) -> set[str]:
    """Return files, and those that the same processes make: from the store, since nothing else has changed."""
    packs = (pack for stage in ("train", "time", "calibrate") for pack in PLAN.packs(stage))
    together = [files(pack.batches) for pack in packs]
    return paths.union(*(each for each in together if each & paths))


def reported(*studies: str) -> set[str]:
    """Return all that is made of studies' records."""
    lists = {f"{RESULTS}/config/{study}-records.json" for study in studies}
    figures = {f"{RESULTS}/figures/{study}" for study in studies}
    # What the papers' authors measured, no edit of ours can change.
    made = [table for table in TABLES if table != "authors"]
    return lists | tables(studies, *made) | figures | PAGES


def configured(*studies: str) -> set[str]:
    """Return the resolved configurations of studies, and all that is made of these and of their records."""
    configurations = {
        f"{RESULTS}/config/{study}{end}.json" for study in studies for end in ("", "-exhibits")
    }
    return configurations | reported(*studies)


def learnt(chosen: Callable[[Job], bool]) -> set[str]:
    """Return what a change of how some networks train makes again, up to the site."""
    found: set[str] = set()
    for name, study in PLAN.studies.items():
        trained = [each for each in (*study.runs, *study.timings) if chosen(each.spec)]
        calibrated = [each for each in study.calibrated if chosen(each.spec)]
        if trained or calibrated:
            found |= files([*trained, *calibrated]) | reported(name)
        if calibrated and study.predictions:
            found |= files([study.predictions])
        if study.model and {*study.model.spec.calibration} & {each.path for each in calibrated}:
            found |= files([study.model])
    return found


def replace(name: str, old: str, new: str) -> Callable[[Project], None]:
    def edit(project: Project) -> None:
        text = project.path(name).read_text(encoding="utf-8")
        assert old in text
        project.path(name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def change(name: str, edit: Callable[[Any], object]) -> Callable[[Project], None]:
    return lambda project: project.change(name, edit)


def reworded(project: Project) -> None:
    """Comment, document and reformat the network core; write a configuration in another way."""
    path = project.path(CORE)
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""')
    path.write_text('"""Other words.\n\n' + text[3:] + "\n\n\n# The end.\n", encoding="utf-8")
    project.change(CARVER, lambda paper: None)


def touched(project: Project) -> None:
    """Give every file of the project the time of now, as a checkout or a copy does."""
    for path in project.folder.rglob("*"):
        if path.is_file() and ".snakemake" not in path.parts:
            os.utime(path)


def checked_out(project: Project) -> None:
    """Replace all code and configuration by a fresh checkout's."""
    for part in PARTS:
        path = project.path(part)
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    Project(project.folder)


def upgraded(project: Project) -> None:
    """Pretend that another Numba is installed."""
    described = project.path("numba-999.dist-info")
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: numba\nVersion: 999\n")
    (described / "top_level.txt").write_text("numba\n")


MORE = {
    "title": "batches of 6",
    "strategy": "sequential",
    "training": {"batch_size": 6},
    "workers": [1],
}


def batches(paper: Any) -> Any:
    return paper["experiments"]["batches"]


def sample(paper: Any, stage: str, name: str) -> Any:
    """Return what the sample edition has otherwise."""
    return paper[stage][name]["editions"]["sample"]


def another_strategy(project: Project) -> None:
    """Add a strategy that no experiment has yet."""
    mine = "pnncore/strategies/mine.py"
    shutil.copy(project.path(EXEMPLAR), project.path(mine))
    replace(mine, 'name="exemplar"', 'name="mine"')(project)


def machine(project: Project) -> None:
    project.write(
        "config/hardware/mine.yaml",
        {
            "id": "mine",
            "title": "Mine",
            "facts": {
                name: {"value": value, "source": "lscpu"}
                for name, value in (("cores", 128), ("threads_per_core", 1), ("base_clock_ghz", 2))
            },
        },
    )


EVERYTHING = files(
    batch
    for study in PLAN.studies.values()
    for batch in (*study.runs, *study.timings, *study.calibrated)
)
RUNS = f"{RESULTS}/runs/carver/batches"
TABLE1 = f"{RESULTS}/timings/carver/table1/race"
BATCHES = {each for each in EVERYTHING if each.startswith(f"{RUNS}/")}
JUDGED = f"{RESULTS}/config/carver.json"


def _is_exemplar(spec: Job) -> bool:
    return spec.strategy == "exemplar"


NOTHING: tuple[Callable[[Project], None], ...] = (
    checked_out,
    reworded,
    another_strategy,
    change("config/config.yaml", lambda edition: edition.update(mirror="/my/data")),
    touched,
)
"""Edits that make nothing again, on their own or together."""

EDITS: dict[str, tuple[Callable[[Project], None], set[str]]] = {
    "a strategy": (
        replace(EXEMPLAR, "def train(", "LIMIT = 1\n\n\ndef train("),
        learnt(_is_exemplar) | reported("wiesinger_schikuta"),
    ),
    "the words of a diagram": (
        replace(EXEMPLAR, 'share="batch"', 'share="lot"'),
        configured("wiesinger_schikuta")
        - {f"{RESULTS}/config/wiesinger_schikuta-records.json"}
        - set(tables(["wiesinger_schikuta"], "epochs", "timings")),
    ),
    "a page": (
        replace(
            "reports/verdicts/scoreboard.py", "def scoreboard(", "LIMIT = 1\n\n\ndef scoreboard("
        ),
        PAGE,
    ),
    "a figure": (
        replace("reports/exhibits/chart_files.py", "def draw(", "LIMIT = 1\n\n\ndef draw("),
        {f"{RESULTS}/figures/{study}" for study in STUDIES} | PAGES,
    ),
    "a claim": (
        change(CARVER, lambda paper: paper["claims"][0].update(statement="It is slower.")),
        {JUDGED, *tables(["carver"], "claims", "findings", "readings"), *PAGES},
    ),
    "a learning rate": (
        change(
            CARVER,
            lambda paper: batches(paper).update(
                training={**batches(paper)["training"], "learning_rate": 0.02}
            ),
        ),
        {path for path in BATCHES if "large" not in path and "kept" not in path}
        | configured("carver"),
    ),
    "a seed": (
        change(CARVER, lambda paper: sample(paper, "experiments", "batches")["seeds"].append(2)),
        BATCHES | configured("carver"),
    ),
    "a worker count": (
        change(CARVER, lambda paper: sample(paper, "timings", "table1")["workers"].append(3)),
        {f"{TABLE1}/repeat{number}.json" for number in (1, 2, 3)} | configured("carver"),
    ),
    "a repeat": (
        change(CARVER, lambda paper: paper["timings"]["table1"].update(repeats=4)),
        {f"{TABLE1}/repeat4.json"} | configured("carver"),
    ),
    "a variant": (
        change(CARVER, lambda paper: batches(paper)["variants"].update(more=MORE)),
        BATCHES | {f"{RUNS}/more.json"} | configured("carver"),
    ),
    "a worker count less": (
        change(
            "config/comparisons/strategies.yaml",
            lambda study: sample(study, "experiments", "strategies")["workers"].remove(2),
        ),
        files(each for each in PLAN.studies["strategies"].runs if 2 in each.spec.workers)
        | configured("strategies"),
    ),
    "a machine": (
        machine,
        files(each.predictions for each in PLAN.studies.values() if each.predictions)
        | reported(*(name for name, each in PLAN.studies.items() if each.predictions))
        # Exhibits name the machines.
        | tables(STUDIES, "exhibits")
        | {f"{RESULTS}/figures/{study}" for study in STUDIES},
    ),
}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy of the project whose results are empty files; tests must leave it as it is."""
    project = Project(tmp_path_factory.mktemp("made"))
    project.touch()
    return project


def test_what_cannot_matter_reruns_nothing(made: Project, tmp_path: Path) -> None:
    """Comments and formatting, a fresh checkout, new dates, a strategy that nobody uses, a mirror, other cores."""
    project = made.copy(tmp_path)
    for make in NOTHING:
        make(project)
    assert project.pending(cores=1) == set()


LONG = ("a variant", "a worker count less")
"""Edits that add little to the others."""


@pytest.mark.parametrize(
    "edit",
    [pytest.param(name, marks=pytest.mark.long if name in LONG else ()) for name in EDITS],
)
def test_an_edit_makes_again_what_it_can_change_and_nothing_else(
    made: Project, tmp_path: Path, edit: str
) -> None:
    make, expected = EDITS[edit]
    project = made.copy(tmp_path)
    make(project)
    assert project.pending() == packed(expected)


def test_an_edit_to_the_network_core_reruns_all_training(made: Project, tmp_path: Path) -> None:
    project = made.copy(tmp_path)
    replace(CORE, "\n\n\n", "\n\n\nLIMIT = 1\n\n\n")(project)
    pending = project.pending()
    assert pending >= EVERYTHING
    assert not any(path.startswith("resources/") for path in pending)


def test_another_numba_reruns_what_it_computed(made: Project, tmp_path: Path) -> None:
    project = made.copy(tmp_path)
    upgraded(project)
    assert project.pending() >= EVERYTHING
