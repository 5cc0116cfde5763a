"""What an edition will run, and about how long."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from pnncore.timing.sample_cost import Kind, Noise, epoch_cost, evaluation_cost
from records.dataset import Image
from records.samples import Samples
from workflow import estimate
from workflow.__main__ import main
from workflow.documents import read_yaml
from workflow.edition import Edition, load
from workflow.estimate import Work
from workflow.workload import PACE_OF_REPEATS, count_samples, seconds

ROOT = Path(__file__).parents[2]
SAMPLE = read_yaml(ROOT / "config/config.yaml")


def edition(**changes: object) -> Edition:
    content = {**SAMPLE, "papers": ["ott"], "comparisons": [], **changes}
    return load(content, "config/config.yaml", ROOT)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder without results; a start takes no time, an epoch a tenth of a second."""
    monkeypatch.setattr(estimate, "check_call", lambda command: None)
    monkeypatch.setattr(estimate, "epoch_cost", lambda *kind: 0.1)
    monkeypatch.setattr(estimate, "evaluation_cost", lambda *kind: 0.01)
    return tmp_path


def test_a_batch_has_its_runs_samples_epochs_and_tests() -> None:
    planned = edition().plan.studies["ott"].runs[0].spec
    spec = structs.replace(
        planned,
        evaluate_every=10,
        evaluate_children=True,
        evaluate_training=True,
        workers=(1, 4),
        seeds=(1, 2, 3),
        samples=Samples(train=100, test=20),
        training=structs.replace(planned.training, epochs=15),
    )
    # Tests at epochs 0, 10 and 15: of the merged network, of the children, and on the training samples.
    tested = 3 * 3 * ((2 * 20 + 100) + (5 * 20 + 100))
    assert count_samples(spec, edition().manifest) == (2 * 3 * 100 * 15, tested)


def test_further_updates_on_a_sample_are_of_the_layers_behind_the_first() -> None:
    manifest, planned = edition().manifest, edition().plan.studies["ott"].runs[0].spec
    training = structs.replace(planned.training, batch_size=1, repeats=512)
    repeated = structs.replace(planned, training=training)
    longer = seconds(repeated, manifest) - seconds(planned, manifest)
    updates = 511 * count_samples(planned, manifest).learned
    assert longer == pytest.approx(updates * 6 * 128 * 10 / PACE_OF_REPEATS)


def test_what_is_there_is_done(root: Path) -> None:
    ott = edition()
    study = ott.plan.studies["ott"]
    before, _ = estimate.estimate(ott, root)
    assert before.runs == sum(len(b.spec.workers) * len(b.spec.seeds) for b in study.runs)
    for batch in (study.runs[0], study.repeats[1][0]):
        (root / batch.path).parent.mkdir(parents=True)
        (root / batch.path).touch()
    after, _ = estimate.estimate(ott, root)
    spec = study.runs[0].spec
    assert before.runs - after.runs == len(spec.workers) * len(spec.seeds)
    assert before.timings - after.timings == len(study.repeats[1][0].spec.workers)
    assert after.stages["train"] < before.stages["train"]
    assert after.stages["time"] < before.stages["time"]


def test_a_comparison_is_work_like_a_paper(root: Path) -> None:
    ott, compared, shared = estimate.estimate(edition(comparisons=["strategies"]), root)
    assert (ott.paper, compared.paper) == ("Ott", "Strategies")
    assert (compared.runs, shared.runs) == (6 * 2 + 2, 0)


def test_a_run_expects_something_of_every_pack() -> None:
    ott = edition()
    expected = estimate.expected(ott, cores=2)
    packs = [pack for stage in ("train", "time", "calibrate") for pack in ott.plan.packs(stage)]
    assert all(len(expected.keys() & set(pack.paths)) == 1 for pack in packs)
    assert all(each.seconds > 0 for each in expected.values())


def test_what_has_the_machine_to_itself_gains_nothing_from_cores() -> None:
    work = Work("Ott", runs=3, timings=2, stages={"train": 60, "time": 10})
    assert work.seconds(1) == 70
    assert work.seconds(4) == 25


def test_the_table_adds_up() -> None:
    ott = Work("Ott", 3, 2, {"train": 120.0, "time": 60.0})
    works = [ott, Work("Carver", 10, 1, {"train": 240.0})]
    lines = list(estimate.table(works, "Paper edition", cores=2))
    assert lines[0].startswith("Paper edition")
    assert "2 cores" in lines[0]
    assert [line.split()[-2] for line in lines[2:5]] == ["2", "2", "4"]
    assert lines[4].split()[1:3] == ["13", "3"]


def test_epochs_and_tests_are_really_timed() -> None:
    spec = edition().plan.studies["ott"].runs[0].spec
    training = structs.replace(spec.training, epochs=1)
    images = Noise(Image(9, 7), classes=47, ink=0.5)
    kind = Kind("spmd", "{}", spec.network, training, 2, 2, 2000, images)
    few, many = (epoch_cost(replace(kind, samples=n)) for n in (1500, 150_000))
    assert 0 < few < many
    assert 0 < evaluation_cost(spec.network, images) < 1


def test_the_command_refuses_an_edition_that_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["workflow", "plan", "--edition", str(tmp_path / "none.yaml")])
    assert main() == 1
    assert "none.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("cores", ["0", "-1", "x", "1.5", ""])
def test_the_command_refuses_cores_that_are_none(
    cores: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["workflow", "plan", f"--cores={cores}"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert " --cores" in told
    assert repr(cores) in told
