"""What cannot be made: the rest goes on, the report says what it lacks and why, and the same command tries again."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from conftest import Project, trainings

from records.record import write_record

EPOCHS = "results/sample/tables/epochs.csv"
PROVENANCE = "results/sample/provenance.json"
"""It says what is missing, and is made without the pages."""
MEAN = "pnncore/combining/mean.py"
MEAN_OF = "def mean_of(children: Sequence[Floats]) -> Floats:\n"
FAILS = '    raise RuntimeError("no merge today")\n'
ONCE = """    import os
    from pathlib import Path
    from records.errors import KilledWorkerError
    if not Path("killed").exists():
        Path("killed").touch()
        {}
"""
RETRIED = {"process": "os.kill(os.getpid(), 9)", "worker": 'raise KilledWorkerError("one died")'}
ALWAYS = "    import os; os.kill(os.getpid(), 9)\n"
RUNS = "results/sample/runs/tiny/fig1/broadcast"


def rewrite(project: Project, name: str, old: str, new: str) -> None:
    path = project.path(name)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def rows(project: Project, table: str) -> list[dict[str, str]]:
    path = project.path(f"results/sample/tables/{table}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def missing(project: Project) -> dict[str, str]:
    content = json.loads(project.path(PROVENANCE).read_text("utf-8"))
    found: dict[str, str] = content["missing"]
    return found


def index(project: Project) -> str:
    return project.path("results/sample/site/index.html").read_text(encoding="utf-8")


def fail(project: Project, *arguments: str) -> str:
    """Run Snakemake, which must end with a failure's status and no traceback; return what it said."""
    done = project.snakemake(*arguments)
    output = done.stdout + done.stderr
    assert done.returncode != 0, output
    assert "Traceback" not in output
    return output


def test_the_report_is_made_of_what_there_is_and_says_what_is_missing(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    rewrite(tiny, MEAN, MEAN_OF, MEAN_OF + FAILS)
    output = fail(tiny)
    assert str(tiny.path("results/sample/site/index.html")) in output
    assert "RuntimeError: no merge today" in output
    lost = missing(tiny)
    assert lost["runs/tiny/fig1/broadcast/w2/seed1"] == "RuntimeError: no merge today"
    assert lost["timings/tiny/fig3/once/w2/host/repeat1"] == "RuntimeError: no merge today"
    assert (
        lost["predictions/tiny/fig3/once/banana-pi-m3"]
        == "needs calibrations/tiny/fig3/once/repeat1"
    )
    assert not any("fig2" in about for about in lost)
    assert {row["experiment"] for row in rows(tiny, "epochs")} == {"fig2"}
    verdicts = {(row["verdict"], row["reason"]) for row in rows(tiny, "claims")}
    assert {verdict for verdict, _ in verdicts} == {"not testable here"}
    assert all("fig1/" in reason for _, reason in verdicts)
    page = tiny.path("results/sample/site/provenance.html").read_text(encoding="utf-8")
    assert "RuntimeError: no merge today" in page
    assert f"incomplete: {len(lost)} results" in index(tiny)

    # The same command tries what failed, and nothing else.
    assert trainings(tiny) == {"train-tiny-fig1"}
    rewrite(tiny, MEAN, FAILS, "")
    stored = tiny.stored()
    tiny.run()
    assert tiny.stored() == stored  # all was trained before the edit
    assert missing(tiny) == {}
    assert tiny.path(EPOCHS).read_bytes() == finished.path(EPOCHS).read_bytes()
    assert "incomplete" not in index(tiny)


def test_one_that_fails_does_not_keep_the_others_of_its_variant(prepared: Project) -> None:
    rewrite(prepared, MEAN, MEAN_OF, MEAN_OF + "    if len(children) == 2:\n    " + FAILS)
    prepared.run("results/sample/tables/tiny/epochs.csv")
    found = {(row["variant"], row["workers"]) for row in rows(prepared, "tiny/epochs")}
    assert found == {("broadcast", "1"), ("shadow", "1"), ("sequential", "1")}


def test_without_its_data_a_paper_has_a_page_that_says_so(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    tiny.change(
        "config/config.yaml",
        lambda edition: edition.update(datasets={"mnist": "mnist"}, mirror="/my/secret/place/"),
    )
    images = {"label": "Fig. 9", "title": "Images", "chart": "gallery", "dataset": "mnist"}
    tiny.change("config/papers/tiny.yaml", lambda paper: paper["exhibits"].update(fig9=images))
    fail(tiny)
    site = tiny.path("results/sample/site")
    assert "images of mnist" in (site / "tiny.html").read_text("utf-8")
    page = (site / "provenance.html").read_text(encoding="utf-8")
    assert "train-images-idx3-ubyte.gz" in page
    assert "secret" not in page
    assert rows(tiny, "epochs") == []
    # It is tried again.
    assert tiny.planned()["prepare_dataset"] == 1


def test_without_the_authors_files_a_run_is_complete_and_says_so_and_with_a_wrong_one_it_is_not(
    finished: Project, tmp_path: Path
) -> None:
    tiny, mirror = finished.copy(tmp_path / "copy"), tmp_path / "mirror"
    tiny.change(
        "config/authors.yaml",
        lambda authors: authors.update(tiny=authors["olsen_west_thomasma"]),
    )
    edition = {"authors": True, "mirror": str(mirror)}
    tiny.change("config/config.yaml", lambda content: content.update(edition))
    sentence = "The summary in config/authors.yaml stands for all 8 files of the authors of tiny: "
    assert sentence in tiny.run()
    page = tiny.path("results/sample/site/provenance.html").read_text(encoding="utf-8")
    assert sentence.replace("/", "/<wbr>") in page
    assert str(mirror) not in page
    assert missing(tiny) == {}
    assert "authors" in {row["source"] for row in rows(tiny, "tiny/authors")}
    # It counts until the user says otherwise.
    assert tiny.sweep() == ""
    assert tiny.planned() == {}

    tiny.path("resources/authors/tiny.csv").unlink()
    wrong = mirror / "CIS431/main_16790897.out"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("another file", encoding="utf-8")
    assert "resources/authors/tiny.csv: a file of the authors is wrong" in fail(tiny)
    assert not tiny.path("resources/authors/tiny.csv").exists()


def test_the_target_of_the_data_fails_without_them_and_tries_again(tiny: Project) -> None:
    edition = {"datasets": {"mnist": "mnist"}, "mirror": "/no/such/place"}
    tiny.change("config/config.yaml", lambda content: content.update(edition))
    for _ in range(2):
        output = fail(tiny, "prepared")
        assert "train-images-idx3-ubyte.gz of mnist could not be fetched" in output
        assert not tiny.path("resources/datasets/mnist/dataset.json").exists()


def test_what_is_there_counts_though_its_data_cannot_be_made_again(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    shutil.rmtree(tiny.path("resources/datasets/digits"))
    rewrite(
        tiny,
        "pnncore/data/formats/digits.py",
        "def splits(",
        "def splits(*_: object) -> object:\n    from records.errors import InputError\n"
        '    raise InputError("no data")\n\n\ndef were(',
    )
    seeds = {"seeds": [1, 2]}
    tiny.change("config/papers/tiny.yaml", lambda paper: paper["experiments"]["fig2"].update(seeds))
    tiny.run(PROVENANCE)
    lost = missing(tiny)
    assert lost.pop("datasets/digits") == "no data"
    assert lost == {"runs/tiny/fig2/sequential/w1/seed2": "needs datasets/digits"}
    assert tiny.path(EPOCHS).read_bytes() == finished.path(EPOCHS).read_bytes()


def test_what_was_made_of_other_data_does_not_count(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    other = {"content_sha256": "0" * 64}
    tiny.change(
        "config/datasets.yaml",
        lambda manifest: manifest["digits"]["splits"]["train"]["images"].update(other),
    )
    tiny.run(PROVENANCE, EPOCHS)
    assert "runs/tiny/fig1/broadcast/w2/seed1" in missing(tiny)
    assert rows(tiny, "epochs") == []


@pytest.mark.parametrize("killed", RETRIED)
def test_what_is_killed_is_tried_once_more(prepared: Project, killed: str) -> None:
    rewrite(prepared, MEAN, MEAN_OF, MEAN_OF + ONCE.format(RETRIED[killed]))
    prepared.run("results/sample/tables/tiny/epochs.csv")
    assert (
        len(
            {(row["variant"], row["workers"], row["seed"]) for row in rows(prepared, "tiny/epochs")}
        )
        == 9
    )


def test_what_is_killed_twice_is_told_and_keeps_nothing_from_being_made(
    prepared: Project,
) -> None:
    tiny = prepared
    rewrite(tiny, MEAN, MEAN_OF, MEAN_OF + "    if len(children) == 2:\n    " + ALWAYS)
    tiny.run("results/sample/tables/tiny/epochs.csv")
    members = json.loads(tiny.only(f"{RUNS}/*.json").read_text(encoding="utf-8"))["members"]
    killed = [member["about"] for member in members if "killed" in member.get("why", "")]
    assert killed == [f"runs/tiny/fig1/broadcast/w2/seed{seed}" for seed in (1, 2)]
    assert {row["workers"] for row in rows(tiny, "tiny/epochs")} == {"1"}


def test_what_would_fail_again_is_tried_once(prepared: Project) -> None:
    rewrite(prepared, MEAN, MEAN_OF, MEAN_OF + FAILS)
    prepared.run("results/sample/tables/tiny/epochs.csv")
    log = prepared.path("logs/sample/train/train-tiny-fig1.log")
    # Once for each of two variants, two numbers of workers and two seeds, and its traceback.
    said = [line for line in log.read_text("utf-8").splitlines() if line.startswith("RuntimeError")]
    assert len(said) == 8


def cut(file: Path) -> None:
    file.write_text(file.read_text("utf-8")[:100], encoding="utf-8")


def edit(file: Path) -> None:
    text = file.read_text("utf-8")
    file.write_text(text.replace('"memory_mb": ', '"memory_mb": 1'), encoding="utf-8")


def reseal(file: Path) -> None:
    """Write what no code of ours writes, as if it had."""
    content = json.loads(file.read_text(encoding="utf-8"))
    content["members"][0]["status"] = "done"
    write_record(file, content)


def test_damaged_results_are_left_out_and_made_again_without_training(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    broadcast, shadow, sequential, calibration = (
        tiny.only(f"results/sample/{pattern}")
        for pattern in (
            "runs/tiny/fig1/broadcast/*.json",
            "runs/tiny/fig1/shadow/*.json",
            "runs/tiny/fig2/sequential/*.json",
            "calibrations/tiny/fig3/once/repeat1-*.json",
        )
    )
    shutil.copy(shadow, broadcast)  # another variant's
    reseal(shadow)
    edit(sequential)
    cut(calibration)
    fail(tiny)
    harmed = {str(each.relative_to(tiny.folder)) for each in (broadcast, sequential)}
    assert {*harmed, "runs/tiny/fig1/shadow/w1/seed1"} <= missing(tiny).keys()
    assert "incomplete" in index(tiny)
    assert {row["variant"] for row in rows(tiny, "epochs")} == {"shadow"}
    stored = tiny.stored()
    tiny.run()
    assert tiny.stored() == stored
    assert missing(tiny) == {}
    assert tiny.path(EPOCHS).read_bytes() == finished.path(EPOCHS).read_bytes()


def test_a_damaged_record_in_the_store_is_made_again(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    for path in tiny.path("results/store").glob("*/*.json"):
        path.write_bytes(path.read_bytes()[:100])
    tiny.only(f"{RUNS}/*.json").unlink()
    tiny.run(EPOCHS)
    assert tiny.path(EPOCHS).read_bytes() == finished.path(EPOCHS).read_bytes()


def test_a_sweep_finds_what_failed_before_a_run_does(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    file = tiny.only(f"{RUNS}/*.json")
    cut(file)
    said = tiny.sweep()
    assert str(file.relative_to(tiny.folder)) in said
    assert not file.exists()
    tiny.run(PROVENANCE)
    assert missing(tiny) == {}
