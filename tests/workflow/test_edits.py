"""Edits and losses that Snakemake by itself would overlook."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import Project

SPMD = "pnncore/strategies/spmd.py"
COMBINE = "def combine(kind: str, children: Sequence[Network]) -> Network:\n"
EDITS = """    from pathlib import Path
    path = Path("pnncore/metrics.py")
    path.write_text(path.read_text() + "LIMIT = 1\\n")
"""
RUN = "results/sample/runs/tiny/fig1/broadcast/w2/seed1.json"
SITE = "results/sample/site/index.html"
STYLE = "reports/assets/style.css"


def test_a_result_of_code_that_was_edited_meanwhile_does_not_count(tiny: Project) -> None:
    path = tiny.path(SPMD)
    text = path.read_text(encoding="utf-8")
    assert text.count(COMBINE) == 1
    path.write_text(text.replace(COMBINE, COMBINE + EDITS), encoding="utf-8")
    done = tiny.snakemake(RUN)
    assert done.returncode != 0
    assert "pnncore/metrics.py was edited while this run was at work; start it again" in done.stderr
    assert not tiny.path(RUN).exists()


def test_an_edit_of_code_that_a_job_does_not_use_is_no_matter_to_it(tiny: Project) -> None:
    path = tiny.path(SPMD)
    text = path.read_text(encoding="utf-8")
    edits = EDITS.replace("metrics.py", "strategies/neuron.py")
    path.write_text(text.replace(COMBINE, COMBINE + edits), encoding="utf-8")
    assert tiny.snakemake(RUN).returncode == 0
    assert "LIMIT = 1" in tiny.path("pnncore/strategies/neuron.py").read_text(encoding="utf-8")


def test_results_of_unknown_origin_are_made_again_unless_they_are_taken_as_they_are(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    shutil.rmtree(tiny.path(".snakemake"))
    done = tiny.snakemake("--dry-run", "--quiet", "rules")
    assert "Nothing is known of how " in done.stderr
    assert tiny.why().startswith("Nothing is known of how ")
    planned = tiny.planned()
    assert planned["train_network"] == 9
    assert planned["publish_site"] == 1
    assert tiny.snakemake("--touch").returncode == 0
    assert tiny.pending() == set()
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig2"]["training"].update(learning_rate=0.3),
    )
    assert tiny.planned()["train_network"] == 1


def test_a_style_sheet_that_is_put_back_is_noticed_though_it_is_old(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    style = tiny.path(STYLE)
    before, times = style.read_bytes(), style.stat()
    style.write_bytes(before + b"body { color: red }\n")
    assert tiny.pending() == {SITE}
    assert tiny.snakemake().returncode == 0
    style.write_bytes(before)
    os.utime(style, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert tiny.pending() == {SITE}
    assert tiny.snakemake().returncode == 0
    assert b"color: red" not in tiny.path("results/sample/site/assets/style.css").read_bytes()


def test_rows_follow_the_order_of_what_they_are_of(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig1"].update(seeds=[2, 1]),
    )
    pending = tiny.pending()
    assert "results/sample/tables/tiny/epochs.csv" in pending
    assert not any("/runs/" in path for path in pending)


def test_the_site_stays_where_another_cannot_be_made(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    page = tiny.path(SITE).read_bytes()
    tiny.change(
        "config/papers/tiny.yaml", lambda paper: paper["claims"][0].update(statement="New words.")
    )
    # The site is larger than that, and all that is made before it smaller.
    limited = subprocess.run(
        ["bash", "-c", f"ulimit -f 500; {sys.executable} -m snakemake --cores 2"],
        cwd=tiny.folder,
        env={**os.environ, "PYTHONPATH": str(tiny.folder)},
        capture_output=True,
        check=False,
    )
    assert limited.returncode != 0
    assert tiny.path(SITE).read_bytes() == page
    assert tiny.planned()["publish_site"] == 1
    assert tiny.snakemake().returncode == 0
    assert "New words." in tiny.path("results/sample/site/tiny.html").read_text(encoding="utf-8")


def test_braces_in_a_title_are_no_wildcards(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    titles = {"title": "Box {nope} {edition}"}
    tiny.change("config/hardware/banana-pi-m3.yaml", lambda machine: machine.update(titles))
    tiny.change("config/datasets.yaml", lambda manifest: manifest["digits"].update(titles))
    tiny.change("config/config.yaml", lambda edition: edition.update(notice=titles["title"]))
    tiny.change("config/papers/tiny.yaml", lambda paper: paper.update(name="{nope}"))
    assert tiny.snakemake().returncode == 0
    assert "Box {nope} {edition}" in tiny.path(SITE).read_text(encoding="utf-8")
    report = tiny.snakemake("--report", "appendix.zip")
    assert report.returncode == 0, report.stderr


def test_code_in_an_edition_is_not_run(tiny: Project, tmp_path: Path) -> None:
    edition = tiny.path("config/config.yaml")
    harm = tmp_path / "harm"
    code = f"__use_yte__: true\n__definitions__:\n  - open({str(harm)!r}, 'w')\n"
    edition.write_text(code + edition.read_text(encoding="utf-8"), encoding="utf-8")
    done = tiny.snakemake("--dry-run")
    assert done.returncode != 0
    assert "config/config.yaml: the file: unknown key '__use_yte__'" in done.stderr
    assert not harm.exists()
