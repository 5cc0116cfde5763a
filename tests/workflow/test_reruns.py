"""An edit, a dry run, and the exact set of files that would be made again, in the sample edition of the real papers.

Nothing is computed: Snakemake takes empty files for results that it has just made (``--touch``).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from conftest import PARTS, ROOT, Project

from pnncore import affinity
from pnncore.hardware import host
from workflow import plan
from workflow.configuration import load_edition, load_manifest, load_study, study_files
from workflow.documents import read_yaml
from workflow.machines import load_machines, measurable

CONFIG = ROOT / "config"
EDITION = load_edition(
    read_yaml(CONFIG / "config.yaml"), "config.yaml", load_manifest(CONFIG / "datasets.yaml")
)
STUDIES = {name: load_study(path, EDITION) for name, path in study_files(EDITION, CONFIG).items()}
MACHINES = load_machines(CONFIG / "hardware")
RUNS = {job.record: job.spec for study in STUDIES.values() for job in plan.runs(study)}
MEASURABLE = measurable(MACHINES, host(), affinity.is_supported())
TIMINGS = {job.record: job for study in STUDIES.values() for job in plan.timings(study, MEASURABLE)}
CALIBRATIONS = {
    job.record: job.spec for study in STUDIES.values() for job in plan.calibrations(study)
}
PREDICTIONS = [each for study in STUDIES.values() for each in plan.predictions(study, MACHINES)]
RESULTS = "results/sample"

CORE = "pnncore/sgd.py"
EXEMPLAR = "pnncore/strategies/exemplar.py"
CARVER = "config/papers/carver.yaml"


def tables(studies: Iterable[str], *names: str) -> set[str]:
    """Return the tables of studies and those that join them."""
    folders = [f"{RESULTS}/tables", *(f"{RESULTS}/tables/{study}" for study in studies)]
    return {f"{folder}/{name}.csv" for folder in folders for name in names}


PAGES = {f"{RESULTS}/provenance.json", f"{RESULTS}/site/index.html"}


def drawn(*studies: str) -> set[str]:
    """Return what is made of a study's runs and timings, but the tables of these themselves."""
    figures = {f"{RESULTS}/figures/{study}" for study in studies}
    return tables(studies, "exhibits", "claims", "findings") | figures | PAGES


def modelled(*studies: str) -> set[str]:
    return tables(studies, "model_error", "scaling", "parameters")


def after_timings(*studies: str) -> set[str]:
    return tables(studies, "timings") | modelled(*studies) | drawn(*studies)


def timed(records: Iterable[str]) -> set[str]:
    """Return timings with their repeats."""
    return {path for record in records for path in (record, *plan.repeats(TIMINGS[record]))}


def learnt(chosen: Callable[[dict[str, Any]], bool]) -> set[str]:
    """Return what a change of how some jobs train makes again, up to the site."""
    runs = {record for record, spec in RUNS.items() if chosen(spec)}
    timings = timed(record for record, job in TIMINGS.items() if chosen(job.spec))
    calibrations = {record for record, spec in CALIBRATIONS.items() if chosen(spec)}
    predictions = {each.record for each in PREDICTIONS if each.calibration in calibrations}
    fitted = {
        plan.model(study)
        for study in STUDIES.values()
        if "model" in study and _fitted(study) in calibrations
    }
    predictions |= {each.record for each in PREDICTIONS if each.model in fitted}
    specs = [spec for spec in (*RUNS.values(), *CALIBRATIONS.values()) if chosen(spec)]
    trained = {spec["paper"] for spec in RUNS.values() if chosen(spec)}
    measured = {spec["paper"] for spec in CALIBRATIONS.values() if chosen(spec)}
    found = runs | timings | calibrations | predictions | fitted
    found |= tables(trained, "epochs") | after_timings(*measured)
    return found | drawn(*{spec["paper"] for spec in specs})


def _fitted(study: dict[str, Any]) -> str:
    of = study["model"]
    return f"{RESULTS}/calibrations/{study['id']}/{of['timing']}/{of['variant']}.json"


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
        if path.is_file() and ".snakemake" not in path.parts and path.name != ".lock":
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
    shutil.copy(project.path(EXEMPLAR), project.path("pnncore/strategies/mine.py"))
    replace(
        "pnncore/strategies/registry.py",
        '    "exemplar"',
        '    "mine": "pnncore.strategies.mine",\n    "exemplar"',
    )(project)


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


EVERYTHING = {*RUNS, *timed(TIMINGS), *CALIBRATIONS}
BATCHES = [path for path in RUNS if path.startswith(f"{RESULTS}/runs/carver/batches/")]
TABLE1 = f"{RESULTS}/timings/carver/table1/race"
FOURTH = {
    record.replace(".json", "/repeat4.json") for record in TIMINGS if record.startswith(TABLE1)
}
JUDGED = f"{RESULTS}/config/carver.json"
CONFIGURATION = {JUDGED, f"{RESULTS}/config/carver-exhibits.json"}
EXPERIMENT = {*CONFIGURATION, *tables(["carver"], "epochs"), *modelled("carver"), *drawn("carver")}
"""What rests on a paper's experiments, but for the runs."""


def _is_exemplar(spec: dict[str, Any]) -> bool:
    return bool(spec["strategy"] == "exemplar")


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
        learnt(_is_exemplar) | {f"{RESULTS}/properties/worker-batches.json"},
    ),
    "a page": (
        replace("reports/scoreboard.py", "def scoreboard(", "LIMIT = 1\n\n\ndef scoreboard("),
        {f"{RESULTS}/site/index.html"},
    ),
    "a claim": (
        change(CARVER, lambda paper: paper["claims"][0].update(statement="It is slower.")),
        {JUDGED, *tables(["carver"], "claims", "findings"), *PAGES},
    ),
    "a learning rate": (
        change(
            CARVER,
            lambda paper: batches(paper).update(
                training={**batches(paper)["training"], "learning_rate": 0.02}
            ),
        ),
        {path for path in BATCHES if "slower" not in path and "kept" not in path} | EXPERIMENT,
    ),
    "a seed": (
        change(CARVER, lambda paper: sample(paper, "experiments", "batches")["seeds"].append(2)),
        {path.replace("seed1", "seed2") for path in BATCHES} | EXPERIMENT,
    ),
    "a worker count": (
        change(CARVER, lambda paper: sample(paper, "timings", "table1")["workers"].append(3)),
        {f"{TABLE1}/w3/host.json"}
        | {f"{TABLE1}/w3/host/repeat{number}.json" for number in (1, 2, 3)}
        | CONFIGURATION
        | after_timings("carver"),
    ),
    "a repeat": (
        change(CARVER, lambda paper: paper["timings"]["table1"].update(repeats=4)),
        FOURTH
        | {path.replace("/repeat4.json", ".json") for path in FOURTH}
        | CONFIGURATION
        | after_timings("carver"),
    ),
    "a variant": (
        change(CARVER, lambda paper: batches(paper)["variants"].update(more=MORE)),
        {f"{RESULTS}/runs/carver/batches/more/w1/seed1.json"} | EXPERIMENT,
    ),
    "a worker count less": (
        change(
            "config/comparisons/strategies.yaml",
            lambda study: sample(study, "experiments", "strategies")["workers"].remove(2),
        ),
        {f"{RESULTS}/config/strategies{end}.json" for end in ("", "-exhibits")}
        | tables(["strategies"], "epochs")
        | modelled("strategies")
        | drawn("strategies"),
    ),
    "a machine": (
        machine,
        {
            each.record.replace("/host.json", "/mine.json")
            for each in PREDICTIONS
            if each.machine == "host"
        }
        | after_timings(*STUDIES),
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
    assert project.pending() == expected


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


def test_the_reasons_are_told_in_plain_words(made: Project, tmp_path: Path) -> None:
    project = made.copy(tmp_path)
    upgraded(project)
    EDITS["a strategy"][0](project)
    EDITS["a learning rate"][0](project)
    told = project.why()
    assert "changed code, pnncore.strategies.exemplar and other software, numba from " in told
    assert re.search(r"settings, training\.learning_rate from \S+ to 0\.02\n", told)
    assert "changed configuration, experiments.batches" in told
