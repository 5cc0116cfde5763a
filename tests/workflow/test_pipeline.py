"""Real small runs, from the bundled digits to the page."""

import csv
import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from conftest import Project

from pnncore import affinity
from pnncore.hardware import host
from reports.tables import split_evidence
from workflow.stages import count_jobs


def rows(project: Project, table: str) -> list[dict[str, str]]:
    with project.path(f"results/sample/tables/{table}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.DictReader(file))


def test_the_site_is_there_and_says_what_it_is_not(finished: Project) -> None:
    site = finished.path("results/sample/site")
    pages = sorted(path.name for path in site.glob("*.html"))
    assert pages == ["hardware.html", "index.html", "provenance.html", "tiny.html"]
    for page in pages:
        assert "neither MNIST nor Fashion-MNIST" in (site / page).read_text(encoding="utf-8")


def test_the_site_is_whole(finished: Project) -> None:
    """Every link within the site leads to a file, and nothing is loaded from elsewhere."""
    site = finished.path("results/sample/site")

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for name, value in attrs:
                if name == "src" or (name == "href" and tag == "link"):
                    assert value
                    assert not re.match(r"https?:|//", value), value
                if (
                    name in ("src", "href")
                    and value
                    and not re.match(r"https?:|#|data:|mailto:", value)
                ):
                    found.add(value.partition("#")[0])

    for page in site.glob("*.html"):
        found: set[str] = set()
        Links().feed(page.read_text(encoding="utf-8"))
        assert found
        for link in found:
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_tables_hold_every_run(finished: Project) -> None:
    epochs = rows(finished, "epochs")
    runs = {(row["experiment"], row["variant"], row["workers"], row["seed"]) for row in epochs}
    assert len(runs) == 9
    accuracy = [row for row in epochs if row["metric"] == "test_accuracy"]
    assert {row["epoch"] for row in accuracy} == {"0", "1", "2", "3"}
    assert all(0 <= float(row["value"]) <= 1 for row in accuracy)
    measured = [row for row in rows(finished, "timings") if row["source"] == "measured"]
    assert len([row for row in measured if row["metric"] == "seconds"]) == 3 * 2
    shares = [row for row in measured if row["metric"].endswith("_share")]
    assert sum(float(row["value"]) for row in shares) == pytest.approx(1)


def test_records_say_where_they_come_from(finished: Project) -> None:
    record = finished.path("results/sample/runs/tiny/fig1/broadcast/w2/seed1.json")
    content = json.loads(record.read_text(encoding="utf-8"))
    assert content["spec"]["dataset"] == "digits"
    assert content["environment"]["blas"]["threads"] == 1
    log = finished.path("logs/sample/train/tiny/fig1/broadcast/w2/seed1.log").read_text()
    assert re.search(r"^epoch 3/3 +loss [\d.]+ +test accuracy [\d.]+$", log, flags=re.MULTILINE)


def test_repeats_are_interleaved(finished: Project) -> None:
    """No second repeat is made before every first one."""
    folder = finished.path("results/sample/timings/tiny/fig3/once")
    timings = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("w*/host.json")]
    assert len(timings) == 3
    first, second = zip(
        *([repeat["started"] for repeat in timing["repeats"]] for timing in timings), strict=True
    )
    assert max(first) <= min(second)


def test_a_second_run_finds_nothing_to_do(finished: Project) -> None:
    done = finished.snakemake("--dry-run")
    assert "Nothing to be done" in done.stdout + done.stderr


def test_numbers_depend_on_neither_cores_nor_order(finished: Project, tiny: Project) -> None:
    """One core instead of two, and every job's record as another run of the project makes it."""
    assert tiny.snakemake("results/sample/tables/tiny/epochs.csv", cores=1).returncode == 0

    def facts(project: Project) -> list[dict[str, str]]:
        path = project.path("results/sample/tables/tiny/epochs.csv")
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    assert facts(tiny) == facts(finished)


def test_the_page_counts_the_jobs_that_the_dag_has(finished: Project) -> None:
    planned = finished.planned("--forceall")
    provenance = json.loads(finished.path("results/sample/provenance.json").read_text("utf-8"))
    assert provenance["stages"] == count_jobs(planned)


def test_exhibits_and_claims_reach_the_page(finished: Project) -> None:
    published = [row for row in rows(finished, "exhibits") if row["source"] == "published"]
    assert {row["y"] for row in published} == {"0.9"}
    claims = {row["reading"]: row for row in rows(finished, "claims")}
    assert set(claims) == {"broadcast", "shadow"}
    for row in claims.values():
        assert row["verdict"] == "reproduced"
        assert 0 < float(row["ours"]) <= 1
        for path in split_evidence(row["evidence"]):
            assert finished.path(path).exists()
    (finding,) = rows(finished, "findings")
    assert (finding["id"], finding["holds"]) == ("TS-F01", "yes")
    page = finished.path("results/sample/site/tiny.html").read_text(encoding="utf-8")
    assert "TS-C01" in page
    assert "No more than all." in page
    assert page.count("data-chart=") == 3  # two readings' panels, and the time
    assert "Tiny &amp; Small" in page


def test_another_edition_in_between_reruns_nothing(finished: Project, tmp_path: Path) -> None:
    project = finished.copy(tmp_path)
    project.touch("--configfile", "config/paper.yaml")
    assert project.path("results/paper/site/index.html").exists()
    assert project.pending() == set()


def test_a_diverged_run_is_a_row_and_not_a_crash(tiny: Project) -> None:
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig2"]["training"].update(learning_rate=1e30),
    )
    done = tiny.snakemake("results/sample/tables/tiny/epochs.csv")
    assert done.returncode == 0, done.stdout + done.stderr
    with tiny.path("results/sample/tables/tiny/epochs.csv").open(encoding="utf-8") as file:
        statuses = {(row["experiment"], row["status"]) for row in csv.DictReader(file)}
    assert ("fig2", "diverged") in statuses
    assert ("fig1", "completed") in statuses


def test_words_about_a_dataset_retrain_nothing(finished: Project, tmp_path: Path) -> None:
    """A new title or mirror reaches the pages; only other content makes other records."""
    tiny = finished.copy(tmp_path)
    record = "results/sample/runs/tiny/fig2/sequential/w1/seed1.json"

    def reword(manifest: dict[str, Any]) -> None:
        manifest["digits"]["title"] = "Digits"
        manifest["mnist"]["mirrors"].reverse()

    def replace(manifest: dict[str, Any]) -> None:
        manifest["digits"]["splits"]["train"]["images"]["content_sha256"] = "0" * 64

    tiny.change("config/datasets.yaml", reword)
    assert tiny.planned(record) == {}
    tiny.change("config/datasets.yaml", replace)
    assert tiny.planned(record) == {"prepare_dataset": 1, "train_network": 1, "total": 2}


def test_a_removed_experiment_leaves_no_row(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    table = "results/sample/tables/tiny/epochs.csv"
    tiny.change("config/papers/tiny.yaml", lambda paper: paper["experiments"].pop("fig2"))
    assert tiny.snakemake(table).returncode == 0
    with tiny.path(table).open(encoding="utf-8", newline="") as file:
        assert {row["experiment"] for row in csv.DictReader(file)} == {"fig1"}


def test_a_deleted_record_is_made_again(finished: Project, tmp_path: Path) -> None:
    """The tables point to the records as evidence, which must therefore be there."""
    tiny = finished.copy(tmp_path)
    tiny.path("results/sample/runs/tiny/fig2/sequential/w1/seed1.json").unlink()
    planned = tiny.planned("tiny")
    assert planned["train_network"] == 1
    assert "assemble_timing" not in planned


def test_a_deleted_repeat_is_made_again_alone(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    timing = "results/sample/timings/tiny/fig3/once/w2/host"
    records = [f"{timing}.json", f"{timing}/repeat1.json", f"{timing}/repeat2.json"]
    before = json.loads(tiny.path(records[0]).read_text(encoding="utf-8"))
    tiny.path(records[2]).unlink()
    assert tiny.planned(*records) == {"time_repeat_2": 1, "assemble_timing": 1, "total": 2}
    assert tiny.snakemake(*records).returncode == 0
    first, second = json.loads(tiny.path(records[0]).read_text(encoding="utf-8"))["repeats"]
    assert first == before["repeats"][0]
    assert second != before["repeats"][1]


def test_more_repeats_run_those_alone(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    record = "results/sample/timings/tiny/fig3/once/w1/host.json"
    tiny.change("config/papers/tiny.yaml", lambda paper: paper["timings"]["fig3"].update(repeats=3))
    assert tiny.planned(record) == {"time_repeat_3": 1, "assemble_timing": 1, "total": 2}


@pytest.mark.skipif(not affinity.is_supported(), reason="this system does not confine")
def test_a_machine_that_changes_reruns_its_own_models_and_what_was_measured_for_its_cores(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)

    def facts(**values: float) -> dict[str, Any]:
        told = {name: {"value": value, "source": "lscpu"} for name, value in values.items()}
        return {"id": "my-machine", "title": "Mine", "facts": told}

    profile = "config/hardware/my-machine.yaml"
    tiny.write(profile, facts(cores=1, threads_per_core=1, base_clock_ghz=2.0))
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["timings"]["fig3"].update(hardware=["host", "my-machine"]),
    )
    records = [
        f"results/sample/timings/tiny/fig3/once/w2/{name}.json" for name in ("host", "my-machine")
    ]
    models = [
        f"results/sample/timings/tiny/fig3/once/{name}.json"
        for name in ("host", "my-machine", "banana-pi-m3")
    ]
    records += models
    assert tiny.snakemake(*records).returncode == 0
    made = json.loads(tiny.path(records[1]).read_text(encoding="utf-8"))
    assert (made["cores"], made["spec"]["cores"]) == (1, 1)
    assert all(len(repeat["affinity"]) == made["hardware_threads"] for repeat in made["repeats"])

    tiny.write(profile, facts(cores=1, threads_per_core=2, base_clock_ghz=3.0, memory_gb=8))
    assert tiny.planned(*records) == {"predict_timing": 1, "total": 1}
    assert tiny.planned(models[1]) == {"predict_timing": 1, "total": 1}
    assert tiny.snakemake(*records).returncode == 0

    if host().cores > 1:
        tiny.write(profile, facts(cores=2, threads_per_core=2, base_clock_ghz=3.0))
        again = {"time_repeat_1": 1, "time_repeat_2": 1, "assemble_timing": 1, "predict_timing": 1}
        again["total"] = sum(again.values())
        assert tiny.planned(*records) == again


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def delete(file: Path) -> None:
    shutil.rmtree(file.parent)


@pytest.mark.parametrize("harm", [delete, cut])
def test_lost_data_is_made_again_and_retrains_nothing(
    finished: Project, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    project = finished.copy(tmp_path)
    before = written(project)
    harm(project.path("resources/datasets/digits/dataset.json"))
    project.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig2"].update(seeds=[1, 2]),
    )
    done = project.snakemake("tiny")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Prepared data is missing" in done.stdout + done.stderr
    now = written(project)
    new = "results/sample/runs/tiny/fig2/sequential/w1/seed2.json"
    assert now == before | {new: now[new]}


def written(project: Project) -> dict[str, int]:
    """Return when every record of a run or a repeat was written, in nanoseconds."""
    return {
        path.relative_to(project.folder).as_posix(): path.stat().st_mtime_ns
        for part in ("runs", "timings/tiny/fig3/once")
        for path in project.path(f"results/sample/{part}").rglob("*.json")
        if part == "runs" or path.name.startswith("repeat")
    }
