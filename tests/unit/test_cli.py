import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from listing import names
from msgspec import to_builtins
from networks import make_batch
from tiny_dataset import TinyDataset

from pnncore.cli import main
from pnncore.data.dataset import content
from pnncore.data.prepare import prepare


@pytest.fixture
def data(tiny: TinyDataset, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    prepare("tiny", tiny.entry, tiny.archives, folder)
    return folder


def train(data: Path, output: Path, spec: dict[str, Any], *more: str) -> int:
    places = ["--data", str(data), "--output", str(output), "--store", str(output.with_suffix(""))]
    return main(["train", "--spec", json.dumps(spec), *places, *more])


def records(output: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(output.read_text())["members"]
    return found


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what is told of a mistake, after how the command is used."""
    return capsys.readouterr().err.splitlines()[-1]


def test_the_whole_way_from_archive_to_record(tiny: TinyDataset, tmp_path: Path) -> None:
    data = tmp_path / "data"
    given = ["--spec", json.dumps(tiny.spec), "--dataset", "tiny", "--output", str(data)]
    assert main(["prepare", *given, "--mirror", str(tiny.archives)]) == 0
    assert train(data, tmp_path / "out" / "runs.json", make_batch(data)) == 0
    (record,) = records(tmp_path / "out" / "runs.json")
    assert record["status"] == "completed"


def test_archives_that_are_there_count_and_cut_ones_are_fetched_again(
    tiny: TinyDataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    given = ["--spec", json.dumps(tiny.spec), "--dataset", "tiny", "--output", str(data)]
    prepare_it = ["prepare", *given, "--mirror", str(tiny.archives)]
    assert main(prepare_it) == 0
    cut = data / "archives" / tiny.path("train-images").name
    cut.write_bytes(cut.read_bytes()[:-20])
    capsys.readouterr()
    assert main(prepare_it) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{cut.name}: verified")
    assert main([*prepare_it[:-1], str(tmp_path / "nothing here")]) == 0


def test_jobs_and_backend_change_no_number(data: Path, tmp_path: Path) -> None:
    spec = make_batch(data, strategy="spmd", workers=[3])
    rows = []
    for number, more in enumerate(
        (["--jobs", "1"], ["--jobs", "3"], ["--jobs", "2", "--backend", "loky"])
    ):
        output = tmp_path / f"{number}.json"
        assert train(data, output, spec, *more) == 0
        rows.append(records(output)[0]["epochs"])
    assert rows[0] == rows[1] == rows[2]


def test_a_specification_may_be_a_file(data: Path, tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(make_batch(data)))
    output = tmp_path / "runs.json"
    arguments = ["--spec", str(spec), "--data", str(data), "--output", str(output)]
    assert main(["train", *arguments, "--store", str(tmp_path / "store")]) == 0
    assert json.loads(output.read_text())["made_of"]["spec"] == make_batch(data)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"strategy": "smpd"}, "strategy"),
        ({"workers": [10**30]}, "workers[0]"),
        ({"options": None}, "options"),
    ],
)
def test_a_mistake_is_told_by_its_key_and_nothing_is_written(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    key: str,
) -> None:
    output = tmp_path / "record.json"
    assert train(data, output, make_batch(data, **changes)) == 1
    (error,) = capsys.readouterr().err.splitlines()
    assert error.startswith(f"pnncore train: --spec: {key}")
    assert not output.exists()


def test_the_nearest_strategy_is_suggested(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(data, tmp_path / "r.json", make_batch(data, strategy="smpd")) == 1
    assert "'spmd'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "spec",
    [
        "{",
        "[1]",
        "nowhere.json",
        "x" * 5000,
        "/dev/zero",
        '{"seed": ' + "9" * 5000 + "}",
        '{"a": ' * 100_000 + "1" + "}" * 100_000,
    ],
    ids=lambda spec: spec[:20],
)
def test_a_specification_that_is_none_is_refused(
    spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(
            ["train", "--spec", spec, "--data", str(tmp_path), "--output", str(tmp_path / "r.json")]
        )
    assert " --spec" in last_line(capsys)


@pytest.mark.parametrize(
    "output",
    ["", ".", "/", "new/..", "new/", "/dev/null", "/dev/null/record.json", "x" * 5000],
    ids=lambda output: output[:20] or "empty",
)
def test_an_output_that_cannot_be_a_file_is_refused_before_any_work(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    output: str,
) -> None:
    monkeypatch.chdir(data)
    before = names(data)
    command = ["train", "--spec", json.dumps(make_batch(data)), "--data", ".", "--output", output]
    with pytest.raises(SystemExit, match="2"):
        main(command)
    told = last_line(capsys)
    assert " --output" in told
    assert output.removesuffix("/record.json")[:20] in told
    assert names(data) == before


@pytest.mark.parametrize("jobs", ["0", "-1", "2.5", "many", "1025", "9" * 5000, "²"])
def test_jobs_are_as_many_as_workers_may_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], jobs: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        train(tmp_path, tmp_path / "r.json", {}, f"--jobs={jobs}")
    assert " --jobs" in last_line(capsys)


@pytest.mark.parametrize(
    ("key", "value"),
    [("clock_ghz", 0), ("clock_ghz", "fast"), ("assumed", None)],
)
def test_a_machine_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: Any
) -> None:
    machine = {"name": "old", "cores": 2, "threads_per_core": 1, "clock_ghz": 2, "assumed": []}
    spec = {"study": "tiny", "host": ["h.json"], "calibrations": {}, "model": None}
    spec["machines"] = {"old": machine | {key: value}}
    output = ["--output", str(tmp_path / "r.json")]
    assert main(["predict", "--spec", json.dumps(spec), *output]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"pnncore predict: --spec: machines.old.{key}")


def test_a_runs_specification_is_none_of_a_calibration(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--data", str(tmp_path), "--output", str(tmp_path / "r.json")]
    assert main(["calibrate", "--spec", json.dumps(make_batch(data)), *places]) == 1
    assert "--spec: evaluate_every" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["strategy", "network", "training", "seeds"])
def test_a_specification_with_a_key_missing_is_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    spec = make_batch(data)
    del spec[missing]
    assert train(data, tmp_path / "record.json", spec) == 1
    told = last_line(capsys)
    assert "--spec" in told
    assert f": {missing}: " in told


def test_a_missing_dataset_is_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(tmp_path / "nowhere", tmp_path / "record.json", make_batch(data)) == 1
    assert "nowhere" in capsys.readouterr().err


def test_too_little_memory_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def allocate(*_: object) -> None:
        raise MemoryError("Unable to allocate 74.5 GiB")

    monkeypatch.setattr("pnncore.timing.environment.environment", allocate)
    assert main(["host"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "Unable to allocate 74.5 GiB" in line


def test_host_and_strategies_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["host"]) == 0
    assert json.loads(capsys.readouterr().out)["host"]["cpu"]
    assert main(["strategies"]) == 0
    assert "spmd" in capsys.readouterr().out


def test_training_imports_nothing_heavy(data: Path, tmp_path: Path) -> None:
    """Start-up is paid by hundreds of jobs."""
    spec, output = json.dumps(make_batch(data)), str(tmp_path / "r.json")
    arguments = ["train", "--spec", spec, "--data", str(data), "--output", output]
    arguments += ["--store", str(tmp_path / "store")]
    code = f"""
import sys
from pnncore import cli
from pnncore.cli import main
from pnncore.data.dataset import content
assert main({arguments!r}) == 0
heavy = {{"pandas", "altair", "snakemake", "sklearn", "scipy.stats", "pooch", "jsonschema"}}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_gallery_is_of_the_prepared_images(data: Path, tmp_path: Path) -> None:
    output = tmp_path / "gallery.json"
    spec = {"dataset": "tiny", "data": to_builtins(content(data)), "names": []}
    places = ["--data", str(data), "--output", str(output)]
    assert main(["gallery", "--spec", json.dumps(spec), *places]) == 0
    (record,) = records(output)
    assert (record["record"], record["classes"][0]["name"]) == ("gallery", "0")
    spec["names"] = ["one", "too", "few"]
    assert main(["gallery", "--spec", json.dumps(spec), *places]) == 1
