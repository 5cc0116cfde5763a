"""Whatever Snakemake remembers or does not: results count for what they were made of."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from conftest import Project, by_stage, trainings

MEAN = "pnncore/combining/mean.py"
MEAN_OF = "def mean_of(children: Sequence[Floats]) -> Floats:\n"
PAGE = "results/sample/site/index.html"
STYLE = "reports/assets/style.css"
RUNS = "results/sample/runs/tiny"
EPOCHS = "results/sample/tables/epochs.csv"
TABLES = (EPOCHS, "results/sample/tables/timings.csv")
"""What trainings and timings come to: where the pages are not asked about, they need not be made."""


def edit(project: Project, line: str) -> None:
    """Put a line into a function that every averaging of networks goes through."""
    path = project.path(MEAN)
    text = path.read_text(encoding="utf-8")
    assert text.count(MEAN_OF) == 1
    path.write_text(text.replace(MEAN_OF, MEAN_OF + line), encoding="utf-8")


def test_without_snakemake_s_notes_nothing_trains(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    shutil.rmtree(tiny.path(".snakemake"))
    stored = tiny.stored()
    assert not {"train", "time", "calibrate"} & by_stage(tiny.planned()).keys()
    tiny.run(*TABLES)
    assert tiny.stored() == stored


def test_without_snakemake_s_notes_an_edit_is_noticed(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    shutil.rmtree(tiny.path(".snakemake"))
    edit(tiny, "    limit = 1\n    del limit\n")
    assert trainings(tiny) == {"train-tiny-fig1"}  # of spmd
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig2"]["training"].update(learning_rate=0.3),
    )
    assert trainings(tiny) == {"train-tiny-fig1", "train-tiny-fig2"}


def test_code_that_is_switched_there_and_back_trains_once(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    before = tiny.path(MEAN).read_text(encoding="utf-8")
    table = tiny.path(EPOCHS).read_bytes()
    edit(tiny, "    limit = 1\n    del limit\n")
    tiny.run(EPOCHS)
    stored = tiny.stored()
    tiny.path(MEAN).write_text(before, encoding="utf-8")
    assert not trainings(tiny)
    tiny.run(EPOCHS)
    assert tiny.stored() == stored
    assert tiny.path(EPOCHS).read_bytes() == table


def test_results_that_are_copied_to_another_clone_count(finished: Project, tmp_path: Path) -> None:
    clone = Project(tmp_path)
    clone.use_tiny_paper()
    for part in ("results", "resources"):
        shutil.copytree(finished.path(part), clone.path(part))
    stored = clone.stored()
    clone.run(*TABLES)
    assert clone.stored() == stored
    for table in TABLES:
        assert clone.path(table).read_bytes() == finished.path(table).read_bytes()


def test_scrambled_dates_train_nothing(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    stored = tiny.stored()
    for number, path in enumerate(sorted(tiny.path("results").rglob("*"))):
        os.utime(path, (number * 7919 % 10**9, number * 7919 % 10**9))
    assert not {"train", "time"} & by_stage(tiny.planned()).keys()
    tiny.run(*TABLES)
    assert tiny.stored() == stored


def test_a_clock_ahead_costs_nothing(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    ahead = time.time() + 7200
    for path in tiny.path("results").rglob("*"):
        os.utime(path, (ahead, ahead))
    tiny.change(
        "config/papers/tiny.yaml", lambda paper: paper["claims"][0].update(statement="New words.")
    )
    stored = tiny.stored()
    tiny.run()
    assert tiny.stored() == stored
    assert "New words." in tiny.path("results/sample/site/tiny.html").read_text(encoding="utf-8")


def test_code_that_is_edited_under_a_run_makes_nothing_that_counts(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    old = tiny.only(f"{RUNS}/fig1/broadcast/*.json")
    spec = json.dumps(json.loads(old.read_text(encoding="utf-8"))["made_of"]["spec"])
    edit(tiny, "    limit = 1\n    del limit\n")
    stored = tiny.stored()
    # What a run that began before the edit would do after it.
    done = tiny.python(
        *("pnncore", "train", "--spec", spec, "--data", "resources/datasets/digits"),
        *("--output", str(old)),
    )
    assert done.returncode == 1
    assert "edited" in done.stderr
    assert tiny.stored() == stored


def test_a_style_sheet_that_is_put_back_is_noticed_though_it_is_old(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    style = tiny.path(STYLE)
    before, times = style.read_bytes(), style.stat()
    style.write_bytes(before + b"body { color: red }\n")
    tiny.run()
    published = tiny.path("results/sample/site/assets/style.css")
    assert b"color: red" in published.read_bytes()
    style.write_bytes(before)
    os.utime(style, ns=(times.st_atime_ns, times.st_mtime_ns))
    tiny.run()
    assert published.read_bytes() == before


def test_rows_follow_the_order_of_what_they_are_of(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig1"].update(seeds=[2, 1]),
    )
    stored = tiny.stored()
    tiny.run("tiny")
    assert tiny.stored() == stored
    table = tiny.path("results/sample/tables/tiny/epochs.csv").read_text(encoding="utf-8")
    assert table.index(",2,0,test_accuracy") < table.index(",1,0,test_accuracy")


def test_the_site_stays_where_another_cannot_be_made(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    page = tiny.path(PAGE).read_bytes()
    tiny.change(
        "config/papers/tiny.yaml", lambda paper: paper["claims"][0].update(statement="New words.")
    )
    # The site is larger than that, and all that is made before it smaller.
    limited = subprocess.run(
        ["bash", "-c", f"ulimit -f 500; {sys.executable} -m snakemake --cores 2"],
        cwd=tiny.folder,
        env=tiny.environment,
        capture_output=True,
        check=False,
    )
    assert limited.returncode != 0
    assert b"earlier run" in limited.stdout + limited.stderr
    assert tiny.path(PAGE).read_bytes() == page
    assert tiny.planned()["publish_site"] == 1
    tiny.run()
    assert "New words." in tiny.path("results/sample/site/tiny.html").read_text(encoding="utf-8")


def test_braces_in_a_title_are_no_wildcards(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    titles = {"title": "Box {nope} {edition}"}
    tiny.change("config/hardware/banana-pi-m3.yaml", lambda machine: machine.update(titles))
    tiny.change("config/datasets.yaml", lambda manifest: manifest["digits"].update(titles))
    tiny.change("config/config.yaml", lambda edition: edition.update(notice=titles["title"]))
    tiny.change("config/papers/tiny.yaml", lambda paper: paper.update(name="{nope}"))
    tiny.run()
    assert "Box {nope} {edition}" in tiny.path(PAGE).read_text(encoding="utf-8")
    report = tiny.snakemake("--report", "appendix.zip")
    assert report.returncode == 0, report.stderr


def test_code_in_an_edition_is_not_run(tiny: Project, tmp_path: Path) -> None:
    edition = tiny.path("config/config.yaml")
    harm = tmp_path / "harm"
    code = f"__use_yte__: true\n__definitions__:\n  - open({str(harm)!r}, 'w')\n"
    edition.write_text(code + edition.read_text(encoding="utf-8"), encoding="utf-8")
    done = tiny.snakemake("--dry-run")
    assert done.returncode != 0
    assert re.search("config/config.yaml: __use_yte__", done.stdout + done.stderr)
    assert not harm.exists()


def test_the_reasons_are_told_in_plain_words(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    assert tiny.python("workflow", "why").stdout.startswith("Nothing would be trained")
    edit(tiny, "    limit = 1\n    del limit\n")
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig2"]["training"].update(epochs=4),
    )
    told = tiny.python("workflow", "why").stdout
    assert "pnncore.combining.mean" in told
    assert "training.epochs from 3 to 4" in told
    assert "experiments.fig2" in told


def test_a_module_that_cannot_be_imported_is_told_by_its_file(tiny: Project) -> None:
    module = tiny.path("pnncore/strategies/broken.py")
    module.write_text("def train((\n", encoding="utf-8")
    done = tiny.snakemake()
    assert done.returncode != 0
    assert str(module) in done.stdout + done.stderr
