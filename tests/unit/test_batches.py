"""Batches through the command line: what is made, kept, found again and told."""

import json
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import pytest
from msgspec import convert
from networks import make_batch, make_run
from tiny_dataset import TinyDataset

from pnncore import batches
from pnncore.checkpoint import INTERVAL, Checkpoint
from pnncore.cli import main
from pnncore.collection import Member, collect
from pnncore.cost import Meter, spent
from pnncore.data.dataset import content, load
from pnncore.data.prepare import prepare
from pnncore.made_of import made_of
from pnncore.pool import pool
from pnncore.run import train
from pnncore.store import Store, read_stored
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from records.job import Run, VariantRuns
from reports.tables.runs import read_runs


@pytest.fixture
def data(tiny: TinyDataset, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    prepare("tiny", tiny.entry, tiny.archives, folder)
    return folder


def run(data: Path, spec: dict[str, Any], *more: str) -> tuple[int, list[dict[str, Any]]]:
    """Train a batch; return the status and the members of the collection."""
    output = data.parent / "out.json"
    places = ["--data", str(data), "--output", str(output), "--store", str(data.parent / "store")]
    status = main(["train", "--spec", json.dumps(spec), *places, *more])
    return status, json.loads(output.read_text())["members"]


def stored(data: Path) -> set[str]:
    return {path.name for path in (data.parent / "store").glob("*/*.json")}


def test_every_number_of_workers_and_every_seed_is_a_record(data: Path) -> None:
    spec = make_batch(data, strategy="spmd", workers=[1, 2], seeds=[1, 2])
    status, members = run(data, spec)
    assert status == 0
    pairs = [(each["spec"]["workers"], each["spec"]["seed"]) for each in members]
    assert pairs == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert {each["spec"]["variant"] for each in members} == {"plain"}
    assert len(stored(data)) == 4


def test_the_numbers_are_those_of_a_run_by_itself(data: Path) -> None:
    _, (_, member) = run(data, make_batch(data, strategy="spmd", workers=[2], seeds=[1, 2]))
    with pool("threading", 1) as one:
        alone = train(
            STRATEGIES.named("spmd"),
            make_run(strategy="spmd", workers=2, seed=2),
            load(data),
            one,
            lambda line: None,
        )
    assert member["epochs"] == json.loads(msgspec.json.encode(alone.epochs))


def test_one_process_makes_a_file_for_each_specification(data: Path) -> None:
    files = [data.parent / f"{n}.json" for n in (1, 2)]
    specs = [json.dumps(make_batch(data, seeds=[n])) for n in (1, 2)]
    places = ["--data", str(data), "--store", str(data.parent / "store"), "--output"]
    assert main(["train", "--spec", *specs, *places, *map(str, files)]) == 0
    seeds = [json.loads(file.read_text())["members"][0]["spec"]["seed"] for file in files]
    assert seeds == [1, 2]
    # What was made first is not counted twice.
    costs = [json.loads(file.read_text())["costs"][0]["seconds"] for file in files]
    assert sum(costs) <= spent().seconds


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_file_too_many_or_too_few_is_refused_before_any_work(
    data: Path, outputs: int, capsys: pytest.CaptureFixture[str]
) -> None:
    specs = [json.dumps(make_batch(data, seeds=[n])) for n in (1, 2)]
    files = [str(data.parent / f"{n}.json") for n in range(outputs)]
    places = ["--data", str(data), "--store", str(data.parent / "store")]
    assert main(["train", "--spec", *specs, *places, "--output", *files]) == 1
    assert f"--output: expected a file for each --spec, 2, found {outputs}" in (
        capsys.readouterr().err
    )
    assert not any(Path(file).exists() for file in files)
    assert not stored(data)


def test_a_report_reads_what_was_written(data: Path) -> None:
    run(data, make_batch(data, strategy="spmd", workers=[1, 2], seeds=[1, 2]))
    found = read_runs([data.parent / "out.json"])
    assert found.failures == {}
    assert [each.record.spec.workers for each in found.records] == [1, 1, 2, 2]


def test_another_name_trains_nothing_and_another_seed_that_alone(data: Path) -> None:
    run(data, make_batch(data))
    before = stored(data)
    run(data, make_batch(data, variant="renamed", experiment="other", paper="another"))
    assert stored(data) == before
    run(data, make_batch(data, seeds=[1, 2]))
    assert len(stored(data) - before) == 1


def test_a_damaged_record_is_made_again(data: Path) -> None:
    _, before = run(data, make_batch(data))
    (path,) = (data.parent / "store").glob("*/*.json")
    path.write_bytes(path.read_bytes()[:50])
    _, after = run(data, make_batch(data))
    assert after[0]["epochs"] == before[0]["epochs"]
    assert read_stored(path).content["epochs"] == before[0]["epochs"]


def test_a_mistake_in_one_run_is_told_and_the_others_are_made(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = make_batch(data, strategy="spmd", workers=[1, 31])
    status, members = run(data, spec)
    assert status == 1
    assert [each["record"] for each in members] == ["run", "failure"]
    assert members[1]["about"] == "runs/tiny/fig1/plain/w31/seed1"
    assert members[1]["why"].startswith("workers: 31 ")
    assert "1 record" in capsys.readouterr().err.splitlines()[-1]
    assert run(data, spec, "--keep-going")[0] == 0


def test_data_of_another_content_are_refused(data: Path) -> None:
    spec = make_batch(data)
    spec["data"]["classes"] = 11
    _, (member,) = run(data, spec, "--keep-going")
    assert (member["record"], member["why"].partition(":")[0]) == ("failure", str(data))


def test_what_needs_a_dataset_that_could_not_be_had_says_so(
    data: Path, tiny: TinyDataset, tmp_path: Path
) -> None:
    spec = make_batch(data)
    given = {"--spec": json.dumps(tiny.spec), "--dataset": "tiny"}
    nowhere = tmp_path / "nowhere"
    arguments = [*(each for pair in given.items() for each in pair), "--output", str(nowhere)]
    place = ["--mirror", str(tmp_path / "secret")]
    assert main(["prepare", *arguments, *place, "--keep-going"]) == 0
    told = json.loads((nowhere / "dataset.json").read_text())
    assert (told["record"], told["about"]) == ("failure", "datasets/tiny")
    assert "secret" not in told["why"]
    output = tmp_path / "out.json"
    places = ["--data", str(nowhere), "--output", str(output), "--store", str(tmp_path / "s")]
    assert main(["train", "--spec", json.dumps(spec), *places, "--keep-going"]) == 0
    (member,) = json.loads(output.read_text())["members"]
    assert member["why"] == "needs datasets/tiny"


def test_what_rests_on_a_calibration_that_failed_says_so(data: Path, tmp_path: Path) -> None:
    def fail() -> NoReturn:
        raise InputError("was killed twice")

    calibration, host = tmp_path / "calibration.json", tmp_path / "host.json"
    about = "calibrations/tiny/fig1/plain/repeat1"
    members = [Member(about, fail)]
    collect("calibration", {"spec": {}}, members, calibration, Store(tmp_path), Meter())
    spec = {
        "study": "tiny",
        "host": [str(host)],
        "calibrations": {"fig1/plain": [str(calibration)]},
        "machines": {},
        "model": None,
    }
    assert failure(tmp_path, "predict", spec, tmp_path / "predictions.json") == (
        "predictions/tiny/fig1/plain/host",
        f"needs {about}",
    )


def failure(
    folder: Path, command: str, spec: dict[str, Any], output: Path, *more: str
) -> tuple[str, str]:
    """Run a command that makes nothing, first as by hand and then as the pipeline does; return what it says of it."""
    given = ["--spec", json.dumps(spec), "--output", str(output), "--store", str(folder / "store")]
    assert main([command, *given, *more]) == 1
    assert main([command, *given, *more, "--keep-going"]) == 0
    (member,) = json.loads(output.read_text())["members"]
    assert member["record"] == "failure"
    return member["about"], member["why"]


def test_an_interrupted_run_goes_on_from_what_it_kept(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    batch = make_batch(data)
    whole = run(data, batch)[1][0]
    (kept,) = (data.parent / "store").glob("*/*.json")
    kept.unlink()
    checkpoint = kept.with_name(f".{kept.stem}.checkpoint")
    interrupt(data, batch, checkpoint)
    assert checkpoint.exists()
    capfd.readouterr()
    assert run(data, batch)[1][0]["epochs"] == whole["epochs"]
    said = capfd.readouterr().err.splitlines()
    assert [line.split()[1] for line in said if line.startswith("epoch ")] == ["2/3", "3/3"]
    assert not checkpoint.exists()


def interrupt(data: Path, batch: dict[str, Any], checkpoint: Path) -> None:
    """Leave what a run keeps that is interrupted in its second epoch."""
    identity = next(
        batches.runs(made_of("run", convert(batch, VariantRuns)), data, Store(data), "", 1)
    ).identity
    assert identity is not None
    spec, dataset, ticks = convert(identity["spec"], Run), load(data), count(0, int(INTERVAL))

    def stop(line: str) -> None:
        if line.startswith("epoch 2/"):
            raise KeyboardInterrupt

    saved = Checkpoint(checkpoint, spec, dataset, clock=lambda: next(ticks))
    with pool("threading", 1) as one, pytest.raises(KeyboardInterrupt):
        train(STRATEGIES.named(spec.strategy), spec, dataset, one, stop, saved)


def test_what_a_dataset_holds_is_the_manifest_s(data: Path, tiny: TinyDataset) -> None:
    found = content(data)
    stated = tiny.spec["splits"]["train"]["images"]["content_sha256"]
    assert found.train["images"] == stated
