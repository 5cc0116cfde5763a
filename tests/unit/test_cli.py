import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from networks import make_spec
from tiny_dataset import TinyDataset

from pnncore import cli
from pnncore.cli import main
from pnncore.prepare import prepare


@pytest.fixture
def data(tiny: TinyDataset, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    prepare("tiny", tiny.spec, tiny.archives, folder)
    return folder


def train(data: Path, output: Path, spec: dict[str, Any], *more: str) -> int:
    return main(
        ["train", "--spec", json.dumps(spec), "--data", str(data), "--output", str(output), *more]
    )


def test_the_whole_way_from_archive_to_record(tiny: TinyDataset, tmp_path: Path) -> None:
    spec, archives, data = json.dumps(tiny.spec), tmp_path / "fetched", tmp_path / "data"
    for key in tiny.arrays:
        place = ["--mirror", str(tiny.archives), "--output", str(archives / tiny.path(key).name)]
        assert main(["fetch", "--spec", spec, "--dataset", "tiny", "--file", key, *place]) == 0
    places = ["--archives", str(archives), "--output", str(data)]
    assert main(["prepare", "--spec", spec, "--dataset", "tiny", *places]) == 0
    assert train(data, tmp_path / "out" / "record.json", make_spec()) == 0
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert record["status"] == "completed"


def test_jobs_and_backend_change_no_number(data: Path, tmp_path: Path) -> None:
    spec = make_spec(strategy="spmd", workers=3)
    rows = []
    for number, more in enumerate(
        (["--jobs", "1"], ["--jobs", "3"], ["--jobs", "2", "--backend", "loky"])
    ):
        output = tmp_path / f"{number}.json"
        assert train(data, output, spec, *more) == 0
        rows.append(json.loads(output.read_text())["epochs"])
    assert rows[0] == rows[1] == rows[2]


def test_a_specification_may_be_a_file(data: Path, tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(make_spec()))
    output = tmp_path / "record.json"
    arguments = ["--spec", str(spec), "--data", str(data), "--output", str(output)]
    assert main(["train", *arguments]) == 0
    assert json.loads(output.read_text())["spec"] == make_spec()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"strategy": "smpd"}, "pnncore train: strategy: there is no 'smpd'; did you mean 'spmd'?"),
        ({"workers": 2}, "pnncore train: workers: sequential has 1 at most, not 2"),
        ({"strategy": "spmd", "workers": 31}, "pnncore train: workers: 31 workers cannot share 30"),
    ],
)
def test_mistakes_end_in_one_sentence(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    message: str,
) -> None:
    output = tmp_path / "record.json"
    assert train(data, output, make_spec(**changes)) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith(message)
    assert "Traceback" not in error
    assert not output.exists()


@pytest.mark.parametrize("spec", ["{", "[1]", "nowhere.json"])
def test_a_specification_that_is_none_is_refused(
    spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(
            ["train", "--spec", spec, "--data", str(tmp_path), "--output", str(tmp_path / "r.json")]
        )
    assert "--spec" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["strategy", "network", "training", "seed"])
def test_a_specification_with_a_key_missing_is_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    spec = make_spec()
    del spec[missing]
    assert train(data, tmp_path / "record.json", spec) == 1
    assert f"--spec: the key {missing!r} is missing" in capsys.readouterr().err


def test_a_missing_dataset_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(tmp_path / "nowhere", tmp_path / "record.json", make_spec()) == 1
    assert "nowhere" in capsys.readouterr().err


def test_too_little_memory_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def allocate(_: object) -> None:
        raise MemoryError("Unable to allocate 74.5 GiB")

    monkeypatch.setattr(cli, "_host", allocate)
    assert main(["host"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("pnncore host: there is not enough memory (Unable to allocate 74.5 GiB)")


def test_host_and_strategies_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["host"]) == 0
    assert json.loads(capsys.readouterr().out)["host"]["cpu"]
    assert main(["strategies"]) == 0
    assert "spmd" in capsys.readouterr().out


def test_training_imports_nothing_heavy(data: Path, tmp_path: Path) -> None:
    """Start-up is paid by hundreds of jobs."""
    spec, output = json.dumps(make_spec()), str(tmp_path / "r.json")
    arguments = ["train", "--spec", spec, "--data", str(data), "--output", output]
    code = f"""
import sys
from pnncore import cli
from pnncore.cli import main
assert main({arguments!r}) == 0
heavy = {{"pandas", "altair", "snakemake", "sklearn", "scipy.stats", "pooch", "jsonschema"}}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_gallery_is_of_the_prepared_images(data: Path, tmp_path: Path) -> None:
    output = tmp_path / "gallery.json"
    command = ["gallery", "--data", str(data), "--output", str(output)]
    assert main([*command, "--names"]) == 0
    record = json.loads(output.read_text())
    assert (record["record"], record["classes"][0]["name"]) == ("gallery", "0")
    assert main([*command, "--names", "one", "too", "few"]) == 1
