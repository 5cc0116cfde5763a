"""Jobs that fail: their branch stops, the rest goes on, and the report says what it lacks and why."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from conftest import TINY_PAPER, Project

from pnncore.records import write_record

EPOCHS = "results/sample/tables/epochs.csv"
SPMD = "pnncore/strategies/spmd.py"
COMBINE = "def combine(kind: str, children: Sequence[Network]) -> Network:\n"
WRITES = "    with ExitStack() as stack:\n"
FAILS = '    raise RuntimeError("no merge today")\n'
ONCE = """    import os
    from pathlib import Path
    from pnncore.errors import KilledWorkerError
    if not Path("killed").exists():
        Path("killed").touch()
        {}
"""
RETRIED = {"job": "os.kill(os.getpid(), 9)", "worker": 'raise KilledWorkerError("one died")'}
RUN = "results/sample/runs/tiny/fig1/broadcast/w2/seed1.json"


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
    content = json.loads(project.path("results/sample/provenance.json").read_text("utf-8"))
    found: dict[str, str] = content["missing"]
    return found


def test_the_report_is_made_of_what_there_is_and_says_what_is_missing(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    rewrite(tiny, SPMD, COMBINE, COMBINE + FAILS)
    done = tiny.snakemake()
    output = done.stdout + done.stderr
    assert done.returncode != 0
    assert "The report is " in output
    lost = missing(tiny)
    assert lost[RUN] == "RuntimeError: no merge today"
    timing = "results/sample/timings/tiny/fig3/once/w2/host"
    assert lost[f"{timing}.json"] == f"needs {timing}/repeat1.json"
    assert not any("fig2" in path for path in lost)
    assert {row["experiment"] for row in rows(tiny, "epochs")} == {"fig2"}
    verdicts = {(row["verdict"], row["reason"]) for row in rows(tiny, "claims")}
    assert {verdict for verdict, _ in verdicts} == {"not testable here"}
    assert all(reason.startswith("Missing: ") for _, reason in verdicts)
    page = tiny.path("results/sample/site/provenance.html").read_text(encoding="utf-8")
    assert "RuntimeError: no merge today" in page
    index = tiny.path("results/sample/site/index.html").read_text(encoding="utf-8")
    assert f"This report is incomplete: {len(lost)} results could not be made." in index

    rewrite(tiny, SPMD, FAILS, "")
    planned = tiny.planned()
    assert planned["train_network"] == 8  # all of spmd, whose code has changed, and fig2 not
    assert tiny.snakemake().returncode == 0
    assert missing(tiny) == {}
    assert tiny.path(EPOCHS).read_bytes() == finished.path(EPOCHS).read_bytes()
    assert "incomplete" not in tiny.path("results/sample/site/index.html").read_text("utf-8")


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
    done = tiny.snakemake()
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    site = tiny.path("results/sample/site")
    assert "The images of mnist could not be had" in (site / "tiny.html").read_text("utf-8")
    page = (site / "provenance.html").read_text(encoding="utf-8")
    assert "train-images-idx3-ubyte.gz of mnist could not be fetched" in page
    assert "secret" not in page
    assert rows(tiny, "epochs") == []


def test_what_is_there_counts_though_its_data_cannot_be_made_again(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    shutil.rmtree(tiny.path("resources/datasets/digits"))
    rewrite(tiny, "pnncore/prepare.py", WRITES, f'    raise PnncoreError("no data")\n{WRITES}')
    seeds = {"seeds": [1, 2]}
    tiny.change("config/papers/tiny.yaml", lambda paper: paper["experiments"]["fig2"].update(seeds))
    assert tiny.snakemake().returncode != 0
    new = "results/sample/runs/tiny/fig2/sequential/w1/seed2.json"
    lost = missing(tiny)
    assert lost[new] == "needs resources/datasets/digits/train-images.npy"
    assert {path for path in lost if path.startswith("results/")} == {new}
    assert tiny.path(EPOCHS).read_bytes() == finished.path(EPOCHS).read_bytes()


@pytest.mark.parametrize("arguments", [(), ("--forceall",)], ids=["plain", "forced"])
def test_what_was_made_of_other_data_does_not_count(
    finished: Project, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    tiny = finished.copy(tmp_path)
    shutil.rmtree(tiny.path("resources/datasets/digits"))
    other = {"content_sha256": "0" * 64}
    tiny.change(
        "config/datasets.yaml",
        lambda manifest: manifest["digits"]["splits"]["train"]["images"].update(other),
    )
    assert tiny.snakemake(*arguments).returncode != 0
    assert RUN in missing(tiny)
    assert rows(tiny, "epochs") == []


@pytest.mark.parametrize("killed", RETRIED)
def test_a_killed_process_is_tried_once_more(tiny: Project, killed: str) -> None:
    rewrite(tiny, SPMD, COMBINE, COMBINE + ONCE.format(RETRIED[killed]))
    assert tiny.snakemake(RUN).returncode == 0
    log = tiny.path("logs/sample/train/tiny/fig1/broadcast/w2/seed1.log")
    assert log.read_text(encoding="utf-8").count("It was killed, and is tried once more.") == 1


def test_what_would_fail_again_is_tried_once(tiny: Project) -> None:
    rewrite(tiny, SPMD, COMBINE, COMBINE + FAILS)
    assert tiny.snakemake(RUN).returncode != 0
    log = tiny.path("logs/sample/train/tiny/fig1/broadcast/w2/seed1.log")
    said = log.read_text(encoding="utf-8")
    assert said.count("RuntimeError: no merge today") == 1
    assert "tried once more" not in said


def test_damaged_records_are_left_out_and_told_until_they_are_deleted(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    cut, edited = tiny.path(RUN), tiny.path(RUN.replace("seed1", "seed2"))
    copied = tiny.path("results/sample/runs/tiny/fig1/shadow/w1/seed2.json")
    shutil.copy(copied.with_name("seed1.json"), copied)
    cut.write_text(cut.read_text("utf-8")[:100], encoding="utf-8")
    text = edited.read_text("utf-8")
    edited.write_text(text.replace('"memory_mb": ', '"memory_mb": 1'), encoding="utf-8")
    done = tiny.snakemake()
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    lost = missing(tiny)
    assert {tiny.path(path) for path in lost} == {cut, edited, copied}
    assert "not valid JSON" in lost[RUN]
    assert all("; delete " in why and why.endswith(" and run again") for why in lost.values())
    assert {row["workers"] for row in rows(tiny, "epochs") if row["variant"] == "broadcast"} == {
        "1"
    }
    for record in (cut, edited, copied):
        record.unlink()
    assert tiny.snakemake().returncode == 0
    assert tiny.path(EPOCHS).read_bytes() == finished.path(EPOCHS).read_bytes()
    assert missing(tiny) == {}


def test_a_study_whose_tables_fail_has_no_page_and_the_others_have(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    other = {
        **TINY_PAPER,
        "id": "other",
        "name": "Other",
        "key": "OT",
        "claims": [],
        "findings": [],
    }
    tiny.write("config/papers/other.yaml", other)
    tiny.change("config/config.yaml", lambda edition: edition["papers"].append("other"))
    record = "results/sample/runs/other/fig2/sequential/w1/seed1.json"
    assert tiny.snakemake(record).returncode == 0
    # As it was written, but by something else.
    content = json.loads(tiny.path(record).read_text(encoding="utf-8"))
    write_record(tiny.path(record), {**content, "status": "done"})
    done = tiny.snakemake()
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    ((path, why),) = missing(tiny).items()
    assert path == "results/sample/tables/other/epochs.csv"
    assert f"{record}: status is 'done'" in why
    pages = {page.name for page in tiny.path("results/sample/site").glob("*.html")}
    assert "tiny.html" in pages
    assert "other.html" not in pages
    assert {row["verdict"] for row in rows(tiny, "claims")} == {"reproduced"}
