"""What an edition will run, and about how long."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pnncore import affinity
from pnncore.hardware import host
from pnncore.sample_cost import evaluation_cost, learning_cost
from workflow import estimate, plan
from workflow.configuration import load_edition, load_manifest, load_paper
from workflow.documents import read_yaml
from workflow.estimate import Work
from workflow.machines import load_machines, measurable

ROOT = Path(__file__).parents[2]
MANIFEST = load_manifest(ROOT / "config/datasets.yaml")
FILE = ROOT / "config/config.yaml"
SAMPLE = load_edition(read_yaml(FILE), str(FILE), MANIFEST)
EDITION = {**SAMPLE, "papers": ["ott"], "comparisons": []}
MACHINES = load_machines(ROOT / "config/hardware")
PAPER = load_paper(ROOT / "config/papers/ott.yaml", EDITION)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the project's configuration and no results; a start takes a second, a sample a tenth."""
    (tmp_path / "config").symlink_to(ROOT / "config")
    monkeypatch.setattr(estimate, "_start", lambda: 1.0)
    monkeypatch.setattr(estimate, "learning_cost", lambda *kind: 0.1)
    monkeypatch.setattr(estimate, "evaluation_cost", lambda *kind: 0.01)
    return tmp_path


def test_a_run_takes_its_samples_epochs_and_tests(root: Path) -> None:
    job = next(plan.runs(PAPER))
    spec: dict[str, Any] = {
        **job.spec,
        "evaluate_every": 10,
        "evaluate_children": True,
        "evaluate_training": True,
        "workers": 4,
        "samples": {"train": 100, "test": 20},
    }
    spec["training"] = {**spec["training"], "epochs": 15}
    # Tests at epochs 0, 10 and 15: of the merged network, of four children, and on the training samples.
    expected = 0.1 * 100 * 15 + 0.01 * 3 * (5 * 20 + 100)
    assert estimate._training(spec, MANIFEST) == pytest.approx(expected)


def test_what_has_a_record_of_its_specification_is_done(root: Path) -> None:
    jobs = list(plan.runs(PAPER))
    (before,) = estimate.estimate(EDITION, MANIFEST, root)
    assert before.runs == len(jobs)
    machines = measurable(MACHINES, host(), affinity.is_supported())
    assert before.timings == sum(job.spec["repeats"] for job in plan.timings(PAPER, machines))
    for job, spec in zip(jobs[:3], (jobs[0].spec, {}, jobs[2].spec), strict=True):
        record = root / job.record
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(json.dumps({"spec": spec}), encoding="utf-8")
    (after,) = estimate.estimate(EDITION, MANIFEST, root)
    assert after.runs == len(jobs) - 2
    assert after.shared < before.shared


def test_a_comparison_is_work_like_a_paper(root: Path) -> None:
    edition = {**EDITION, "comparisons": ["strategies"]}
    ott, compared = estimate.estimate(edition, MANIFEST, root)
    assert (ott.paper, compared.paper) == ("Ott", "Strategies")
    assert compared.runs == 11


def test_what_has_the_machine_to_itself_gains_nothing_from_cores() -> None:
    work = Work("Ott", runs=3, timings=2, shared=60, alone=10)
    assert work.seconds(1) == 70
    assert work.seconds(4) == 25


def test_the_table_adds_up() -> None:
    works = [Work("Ott", 3, 2, 120.0, 60.0), Work("Carver", 10, 1, 240.0, 0.0)]
    lines = list(estimate._lines(works, "Paper edition", cores=2))
    assert lines[0] == "Paper edition, on 2 cores:"
    assert [line.split()[-2] for line in lines[2:5]] == ["2", "2", "4"]
    assert lines[4].split()[1:3] == ["13", "3"]


def test_a_sample_is_really_timed() -> None:
    spec = next(plan.runs(PAPER)).spec
    kind = estimate._kind(spec)
    assert 0 < learning_cost(*kind) < 1
    assert 0 < evaluation_cost(*kind) < 1


def test_the_command_refuses_an_edition_that_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["estimate", "--edition", str(tmp_path / "none.yaml")])
    assert estimate.main() == 1
    assert "none.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("cores", ["0", "-1", "x", "1.5", ""])
def test_the_command_refuses_cores_that_are_none(
    cores: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["estimate", f"--cores={cores}"])
    with pytest.raises(SystemExit) as stopped:
        estimate.main()
    assert stopped.value.code == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.endswith(f"argument --cores: {cores!r} is not a whole number from 1 up")
