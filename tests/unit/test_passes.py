"""What papers' authors measured: files read, summaries checked, and every mistake told."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from msgspec import UNSET, to_builtins

from pnncore import cli
from pnncore.data.passes import HEAD, read_passes, read_printed, summary
from records.authors import PASSES, AuthorsFile, AuthorsRun, Spread
from records.errors import InputError

RUN = AuthorsRun(
    machine="board",
    workers=2,
    training=(1.0,),
    files=(AuthorsFile(file="runs/two", bytes=1, sha256="0" * 64),),
)
SECONDS = [5.0, 1.0, 4.0, 2.0, 3.0, 8.0, 7.0, 6.0]
CORRECT = [80, 91, 90, 96, 99, 95, 100, 98]


def lines(epoch: int, seconds: float, correct: int) -> list[str]:
    """Return the lines of an epoch: trained on 100 samples, tested on them and on 20 others."""
    head = "8;2;100;0.8;0.01"
    trained = f"{100 * epoch}"
    return [
        f"train;{head};{seconds};100;9.0;{trained};;",
        f"test;{head};{seconds / 2};100;9.0;{trained};{correct};{100 - correct}",
        f"test;{head};0.1;20;9.0;{trained};{correct // 10};{20 - correct // 10}",
    ]


def file_of_passes(folder: Path, *more: str) -> Path:
    path = folder / "runs/two"
    path.parent.mkdir(parents=True, exist_ok=True)
    told = [
        line
        for epoch, (seconds, correct) in enumerate(zip(SECONDS, CORRECT, strict=True), 1)
        for line in lines(epoch, seconds, correct)
    ]
    path.write_text("\n".join([HEAD, *told, *more]) + "\n")
    return path


def test_a_line_is_a_pass_over_the_set_that_its_number_of_samples_tells(tmp_path: Path) -> None:
    passes = read_passes([file_of_passes(tmp_path)])
    assert len(passes) == 24
    assert [each[1:6] for each in passes[3:6]] == [
        (2, "train", "train", 100, 1.0),
        (2, "test", "train", 100, 0.5),
        (2, "test", "test", 20, 0.1),
    ]
    assert [(each.correct, each.incorrect, each.accuracy) for each in passes[3:6]] == [
        (None, None, None),
        (91, 9, 0.91),
        (9, 11, 0.45),
    ]


def test_a_summary_has_numpys_quartiles_and_the_first_epoch_of_each_milestone(
    tmp_path: Path,
) -> None:
    found = summary(RUN, read_passes([file_of_passes(tmp_path)]))
    quartiles = np.quantile(SECONDS, [0, 0.25, 0.5, 0.75, 1])
    assert isinstance(found.training, Spread)
    names = ("least", "lower", "median", "upper", "most")
    assert [getattr(found.training, name) for name in names] == quartiles.tolist()
    assert isinstance(found.testing, Spread)
    assert [getattr(found.testing, name) for name in names] == (quartiles / 2).tolist()
    # Epochs 1, 2 and 8 are always kept; 90 % at 2, 95 % at 4, 99 % at 5, the best at 7.
    accuracies = ((1, 0.8), (2, 0.91), (4, 0.96), (5, 0.99), (7, 1.0), (8, 0.98))
    assert found.accuracy.train == accuracies


PRINTED = """Training Network...
Epoch: 1/10
Epoch: 2/10
Done

Accuracy on Test Data: {accuracy}

Time to Create Data Structures: 0.5
Time to Train Weights and Biases of the layers: {seconds}
Time to Predict Results of Test Data: 1.1
"""


def test_what_was_printed_has_a_training_and_its_accuracy_each_time(tmp_path: Path) -> None:
    (tmp_path / "one").write_text(
        PRINTED.format(accuracy="1.000000", seconds="12.5")
        + PRINTED.format(accuracy="0.250000", seconds="13.5")
    )
    passes = read_printed([tmp_path / "one"])
    assert [(each.repeat, each.epoch, each.mode) for each in passes] == [
        *((1, 10, "train"), (1, 10, "test")),
        *((2, 10, "train"), (2, 10, "test")),
    ]
    assert [each.seconds for each in passes if each.mode == "train"] == [12.5, 13.5]
    assert [each.accuracy for each in passes if each.mode == "test"] == [1.0, 0.25]
    found = summary(RUN, passes)
    assert (found.training, found.testing) == ((12.5, 13.5), UNSET)
    # By labels that are cut to zero: it says nothing of how many are classified correctly.
    assert (found.accuracy.cut_labels, found.accuracy.test) == (((10, 0.25),), ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mode;CPUs\n", "expected the first line 'Mode;CPUs;Parallel"),
        ("", "expected the first line"),
        (f"{HEAD}\ntrain;8;2;100;0.8;0.1;1.5\n", "line 2: expected a pass"),
        (f"{HEAD}\nrest;8;2;100;0.8;0.1;1.5;100;1.5;100;;\n", "line 2: expected a pass"),
        (f"{HEAD}\ntest;8;2;100;0.8;0.1;1.5;100;1.5;100;9;91\n", "line 2: expected a pass"),
    ],
)
def test_a_file_of_another_kind_is_told_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "bad").write_text(text)
    with pytest.raises(InputError, match=f"{tmp_path}/bad.*{told}"):
        read_passes([tmp_path / "bad"])


def test_a_print_without_trainings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("Epoch: 1/10\nsegmentation fault\n")
    with pytest.raises(InputError, match="found 1, 0 and 0"):
        read_printed([tmp_path / "bad"])


def entry(folder: Path) -> dict[str, Any]:
    """Return the entry of a paper's authors, whose only file is in a folder."""
    path = file_of_passes(folder)
    content = path.read_bytes()
    file = {"file": "runs/two", "bytes": len(content)}
    file["sha256"] = hashlib.sha256(content).hexdigest()
    run = to_builtins(summary(RUN, read_passes([path])))
    return {
        "repository": "https://example.org/theirs",
        "commit": "0" * 40,
        "licence": {"name": "MIT"},
        "note": "None.",
        "layers": [784, 100, 10],
        "scale": {"samples": 60000, "epochs": 1},
        "format": "passes",
        "mirrors": ["https://example.invalid/"],
        "runs": [{**run, "files": [file]}],
    }


def gather(folder: Path, spec: dict[str, Any], *more: str) -> int:
    named = ["--spec", json.dumps(spec), "--paper", "paper", "--mirror", str(folder)]
    return cli.main(["gather", *named, "--output", str(folder / "out/paper.csv"), *more])


def test_files_are_fetched_checked_and_tabulated(tmp_path: Path) -> None:
    assert gather(tmp_path, entry(tmp_path)) == 0
    found = pd.read_csv(tmp_path / "out/paper.csv")
    assert tuple(found.columns) == PASSES
    assert len(found) == 24
    trained = found[found["mode"] == "train"]
    assert trained["seconds"].tolist() == SECONDS
    tested = found[(found["mode"] == "test") & (found["split"] == "train")]
    assert tested["correct"].tolist() == CORRECT
    assert (tmp_path / "out/paper/runs/two").read_bytes() == (tmp_path / "runs/two").read_bytes()


def test_a_summary_that_is_not_that_of_the_files_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = entry(tmp_path)
    spec["runs"][0]["training"]["median"] = 4.6
    assert gather(tmp_path, spec) == 1
    told = capsys.readouterr().err
    assert "board with 2 workers: training: the files say" in told
    assert "'median': 4.5" in told


def test_files_that_cannot_be_had_leave_no_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = entry(tmp_path)
    (tmp_path / "runs/two").unlink()
    assert gather(tmp_path, spec) == 1
    assert not (tmp_path / "out/paper.csv").exists()
    assert gather(tmp_path, spec, "--keep-going") == 0
    assert (tmp_path / "out/paper.csv").read_text() == f"{','.join(PASSES)}\n"
    assert "no file" in capsys.readouterr().err


def test_a_summary_stands_for_files_that_no_mirror_has_and_a_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, absent = entry(tmp_path), tmp_path / "out/absent.txt"
    assert gather(tmp_path, spec, "--absent", str(absent)) == 0
    assert absent.read_text() == ""
    shutil.rmtree(tmp_path / "out/paper")
    (tmp_path / "runs/two").unlink()
    assert gather(tmp_path, spec, "--absent", str(absent)) == 0
    assert (tmp_path / "out/paper.csv").read_text() == f"{','.join(PASSES)}\n"
    told = absent.read_text()
    assert "summary in config/authors.yaml stands for all 1 files of the authors of paper" in told
    assert "runs/two of paper could not be fetched" in told
    assert "no file at <mirror>/paper/runs/two; no file at <mirror>/runs/two" in told
    assert f"no file at {tmp_path}/paper/runs/two" in capsys.readouterr().err


def test_a_wrong_file_stays_an_error_and_is_not_called_absent(tmp_path: Path) -> None:
    spec, absent = entry(tmp_path), tmp_path / "out/absent.txt"
    (tmp_path / "runs/two").write_text("another file\n")
    assert gather(tmp_path, spec, "--absent", str(absent)) == 1
    assert not absent.exists()
    assert gather(tmp_path, spec, "--absent", str(absent), "--keep-going") == 0
    assert (tmp_path / "out/paper.csv").read_text() == f"{','.join(PASSES)}\n"
    assert absent.read_text() == ""
