"""Real small runs, from the bundled digits to the page."""

import csv
import json
import os
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from conftest import Project, by_stage, trainings

from pnncore.timing import affinity
from pnncore.timing.hardware import host
from reports.tables.tidy import split_evidence


def rows(project: Project, table: str) -> list[dict[str, str]]:
    with project.path(f"results/sample/tables/{table}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        return list(csv.DictReader(file))


def test_the_site_is_there_and_says_what_it_is_not(finished: Project) -> None:
    site = finished.path("results/sample/site")
    pages = sorted(path.name for path in site.glob("*.html"))
    names = ("claims", "hardware", "index", "methods", "provenance", "readings", "tiny")
    assert pages == [f"{name}.html" for name in names]
    for page in pages:
        assert "only the paper edition tests the papers" in (site / page).read_text(
            encoding="utf-8"
        )


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
                    found.add(re.split(r"[?#]", value)[0])

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
    shares: dict[str, float] = defaultdict(float)
    for row in measured:
        if row["metric"].endswith("_share"):
            shares[row["repeat"]] += float(row["value"])
    assert shares == pytest.approx({"1": 1, "2": 1, "3": 1})


def members(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["members"]
    return found


def test_records_say_where_they_come_from(finished: Project) -> None:
    file = finished.only("results/sample/runs/tiny/fig1/broadcast/*.json")
    made = json.loads(file.read_text(encoding="utf-8"))["made_of"]
    assert {"pnncore.run", "pnncore.strategies.spmd"} <= made["code"].keys()
    assert "numba" in made["software"]
    for record in members(file):
        assert record["spec"]["dataset"] == "digits"
        assert record["environment"]["blas"]["threads"] == 1
    log = finished.path("logs/sample/train/train-tiny-fig1.log")
    assert re.search(
        r"^epoch 3/3 +loss [\d.]+ +test accuracy [\d.]+$", log.read_text(), flags=re.MULTILINE
    )


def test_repeats_are_interleaved(finished: Project) -> None:
    """No second repeat is made before every first one."""
    first, second = (
        [
            record["repeat"]["started"]
            for file in finished.folder.glob(
                f"results/sample/timings/tiny/*/*/repeat{number}-*.json"
            )
            for record in members(file)
        ]
        for number in (1, 2)
    )
    assert len(first) == len(second) == 3
    assert max(first) <= min(second)


def test_a_second_run_finds_nothing_to_do(finished: Project) -> None:
    done = finished.snakemake("--dry-run")
    assert "Nothing to be done" in done.stdout + done.stderr


def test_numbers_depend_on_neither_cores_nor_order(finished: Project, prepared: Project) -> None:
    """One core instead of two, and every job's record as another run of the project makes it."""
    assert prepared.snakemake("results/sample/tables/tiny/epochs.csv", cores=1).returncode == 0

    def facts(project: Project) -> list[dict[str, str]]:
        path = project.path("results/sample/tables/tiny/epochs.csv")
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    assert facts(prepared) == facts(finished)


def test_the_page_counts_the_jobs_that_the_dag_has(finished: Project) -> None:
    planned = finished.planned("--forceall")
    assert planned.pop("all") == 1
    del planned["total"]
    provenance = json.loads(finished.path("results/sample/provenance.json").read_text("utf-8"))
    counted = {name: stage["jobs"] for name, stage in provenance["stages"].items()}
    assert counted == by_stage(planned)


def test_the_cost_of_every_stage_is_told(finished: Project) -> None:
    costs = rows(finished, "cost")
    files = {(row["paper"], row["stage"]): int(row["files"]) for row in costs}
    own = {"train": 3, "test": 3, "time": 2, "calibrate": 3, "predict": 1, "tabulate": 9, "draw": 1}
    shared = {"prepare": 1, "calibrate": 3, "tabulate": 10}
    assert files == {("tiny", stage): count for stage, count in own.items()} | {
        ("", stage): count for stage, count in shared.items()
    }
    assert all(float(row["seconds"]) > 0 for row in costs)


def test_exhibits_and_claims_reach_the_page(finished: Project) -> None:
    published = [row for row in rows(finished, "exhibits") if row["source"] == "published"]
    assert {row["y"] for row in published} == {"0.9"}
    claims = {row["reading"]: row for row in rows(finished, "claims")}
    assert set(claims) == {"broadcast", "shadow"}
    for row in claims.values():
        assert row["verdict"] == "undecided"
        assert "2 seeds" in row["reason"]
        assert 0 < float(row["ours"]) <= 1
        for path in split_evidence(row["evidence"]):
            assert finished.path(path).exists()
    (finding,) = rows(finished, "findings")
    assert (finding["id"], finding["holds"]) == ("TS-F01", "yes")
    page = finished.path("results/sample/site/tiny.html").read_text(encoding="utf-8")
    assert "TS-C01" in page
    assert "No more than all." in page
    # Printed numbers beside ours, two readings' panels, how far they are from print, and the time.
    assert page.count("data-chart=") == 5
    assert "Tiny &amp; Small" in page


def test_another_edition_in_between_reruns_nothing(finished: Project, tmp_path: Path) -> None:
    project = finished.copy(tmp_path)
    project.touch("--configfile", "config/paper.yaml")
    assert project.path("results/paper/site/.published").exists()
    assert project.pending() == set()


def test_a_diverged_run_is_a_row_and_not_a_crash(prepared: Project) -> None:
    prepared.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig2"]["training"].update(learning_rate=1e30),
    )
    done = prepared.snakemake("results/sample/tables/tiny/epochs.csv")
    assert done.returncode == 0, done.stdout + done.stderr
    with prepared.path("results/sample/tables/tiny/epochs.csv").open(encoding="utf-8") as file:
        statuses = {(row["experiment"], row["status"]) for row in csv.DictReader(file)}
    assert ("fig2", "diverged") in statuses
    assert ("fig1", "completed") in statuses


FIG2 = "results/sample/runs/tiny/fig2/sequential"


def test_words_about_a_dataset_retrain_nothing(finished: Project, tmp_path: Path) -> None:
    """A new title or mirror reaches the pages; only other content makes other records."""
    tiny = finished.copy(tmp_path)

    def reword(manifest: dict[str, Any]) -> None:
        manifest["digits"]["title"] = "Digits"
        manifest["mnist"]["mirrors"].reverse()

    def replace(manifest: dict[str, Any]) -> None:
        manifest["digits"]["splits"]["train"]["images"]["content_sha256"] = "0" * 64

    tiny.change("config/datasets.yaml", reword)
    assert not trainings(tiny, "tiny")
    tiny.change("config/datasets.yaml", replace)
    planned = by_stage(tiny.planned("tiny"))
    assert (planned["prepare"], planned["train"]) == (1, 2)


def test_a_removed_experiment_leaves_no_row(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    table = "results/sample/tables/tiny/epochs.csv"
    tiny.change("config/papers/tiny.yaml", lambda paper: paper["experiments"].pop("fig2"))
    tiny.run(table)
    with tiny.path(table).open(encoding="utf-8", newline="") as file:
        assert {row["experiment"] for row in csv.DictReader(file)} == {"fig1"}


def test_a_deleted_collection_is_collected_again_and_trains_nothing(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    deleted = tiny.only(f"{FIG2}/*.json")
    before = deleted.read_bytes()
    deleted.unlink()
    assert trainings(tiny, "tiny") == {"train-tiny-fig2"}
    stored = tiny.stored()
    tiny.run(str(deleted.relative_to(tiny.folder)))
    assert deleted.read_bytes() == before
    assert tiny.stored() == stored


def test_another_seed_trains_that_one_alone(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig1"].update(seeds=[1, 2, 3]),
    )
    stored = tiny.stored()
    assert trainings(tiny, "tiny") == {"train-tiny-fig1"}
    tiny.run("results/sample/tables/tiny/epochs.csv")
    assert len(tiny.stored() - stored) == 2 * 2  # two variants, two worker counts


def test_another_name_trains_nothing(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)

    def rename(paper: dict[str, Any]) -> None:
        variants = paper["experiments"]["fig2"]["variants"]
        variants["alone"] = variants.pop("sequential")

    tiny.change("config/papers/tiny.yaml", rename)
    stored = tiny.stored()
    tiny.run("tiny")
    assert tiny.stored() == stored
    assert {row["variant"] for row in rows(tiny, "tiny/epochs") if row["experiment"] == "fig2"} == {
        "alone"
    }


def test_more_repeats_run_those_alone(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    tiny.change("config/papers/tiny.yaml", lambda paper: paper["timings"]["fig3"].update(repeats=3))
    planned = tiny.planned("tiny")
    assert {rule for rule in planned if rule.startswith("time-")} == {"time-tiny-repeat3"}


def machine(cores: int, threads: int = 1, clock: float = 2.0) -> dict[str, Any]:
    facts = {"cores": cores, "threads_per_core": threads, "base_clock_ghz": clock}
    told = {name: {"value": value, "source": "lscpu"} for name, value in facts.items()}
    return {"id": "my-machine", "title": "Mine", "facts": told}


PROFILE = "config/hardware/my-machine.yaml"


@pytest.mark.skipif(not affinity.is_supported(), reason="this system does not confine")
def test_a_machine_is_timed_where_this_host_can_stand_for_it(
    finished: Project, tmp_path: Path
) -> None:
    tiny = finished.copy(tmp_path)
    tiny.write(PROFILE, machine(cores=1))
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["timings"]["fig3"].update(hardware=["host", "my-machine"]),
    )
    table = "results/sample/tables/tiny/timings.csv"
    stored = tiny.stored()
    tiny.run(table)
    # What was timed on this host is not timed again.
    assert len(tiny.stored() - stored) == 3 * 2
    timed = [row for row in rows(tiny, "tiny/timings") if row["source"] == "measured"]
    assert {row["cores"] for row in timed if row["hardware"] == "my-machine"} == {"1"}

    # A clock is no matter of a measurement.
    tiny.write(PROFILE, machine(cores=1, threads=2, clock=3.0))
    planned = tiny.planned("tiny")
    assert planned["predict_timings"] == 1
    assert not any(rule.startswith("time-") for rule in planned)

    # The same jobs are planned on every host; what it cannot stand for has no measurement.
    tiny.write(PROFILE, machine(cores=host().cores + 1))
    assert tiny.planned("tiny")["time-tiny-repeat1"] == 1
    tiny.run(table)
    measured = [row for row in rows(tiny, "tiny/timings") if row["source"] == "measured"]
    assert {row["hardware"] for row in measured} == {"host"}


def test_damaged_data_are_made_again_and_retrain_nothing(finished: Project, tmp_path: Path) -> None:
    tiny = finished.copy(tmp_path)
    stored = tiny.stored()
    os.truncate(tiny.path("resources/datasets/digits/dataset.json"), 100)
    tiny.change(
        "config/papers/tiny.yaml",
        lambda paper: paper["experiments"]["fig2"].update(seeds=[1, 2]),
    )
    tiny.sweep()
    tiny.run("results/sample/tables/tiny/epochs.csv")
    assert len(tiny.stored() - stored) == 1
