from pathlib import Path

from test_configuration import judged, load

from workflow import plan


def test_a_run_for_each_variant_worker_count_and_seed(tmp_path: Path) -> None:
    paper = load(tmp_path, edition="paper")
    records = [job.record for job in plan.runs(paper)]
    assert records == [
        f"results/paper/runs/tiny/fig1/{variant}/w{workers}/seed{seed}.json"
        for variant, counts in (("plain", [1]), ("wide", [2, 4]))
        for workers in counts
        for seed in (1, 2)
    ]


def test_a_specification_is_complete_and_names_the_real_dataset(tmp_path: Path) -> None:
    job = list(plan.runs(load(tmp_path)))[-1]
    assert job.spec["dataset"] == "digits"
    assert (job.spec["workers"], job.spec["seed"]) == (4, 5)
    assert job.spec["options"]["merge"] == "once"
    assert job.spec["evaluate_children"] is False
    assert "repeats" not in job.spec


def timings(folder: Path, machines: dict[str, int | None]) -> list[plan.Job]:
    hardware = ["host", "lenovo-yoga-2-pro", "banana-pi-m3"]
    return list(
        plan.timings(
            load(folder, lambda paper: paper["timings"]["fig2"].update(hardware=hardware)), machines
        )
    )


def test_a_timing_for_each_machine_that_can_be_measured(tmp_path: Path) -> None:
    jobs = timings(tmp_path, {"host": None, "banana-pi-m3": 8, "ott": 8})
    folder = "results/sample/timings/tiny/fig2/plain/w1"
    assert [job.record for job in jobs] == [f"{folder}/host.json", f"{folder}/banana-pi-m3.json"]
    assert [job.spec["hardware"] for job in jobs] == ["host", "banana-pi-m3"]
    assert [job.spec["cores"] for job in jobs] == [None, 8]
    assert all(job.spec["repeats"] == 5 for job in jobs)
    assert "evaluate_every" not in jobs[0].spec


def test_a_timing_has_its_repeats(tmp_path: Path) -> None:
    (job,) = timings(tmp_path, {"host": None})
    folder = "results/sample/timings/tiny/fig2/plain/w1/host"
    assert plan.repeats(job) == [f"{folder}/repeat{number}.json" for number in (1, 2, 3, 4, 5)]


def test_datasets_are_those_used(tmp_path: Path) -> None:
    assert plan.datasets(load(tmp_path)) == ["digits"]
    assert plan.datasets(load(tmp_path, edition="paper")) == ["mnist"]
    fact = {"dataset": "fashion-mnist", "fact": "classes"}
    claims = [judged({"difference": [fact, {**fact, "dataset": "mnist"}]})]
    paper = load(tmp_path, lambda paper: paper.update(claims=claims), edition="paper")
    assert plan.datasets(paper) == ["fashion-mnist", "mnist"]


def test_exhibits_ask_for_datasets_images_and_properties(tmp_path: Path) -> None:
    shown = {"label": "Section 2", "title": "What is there"}
    fact = {"fact": "softmax", "part": "all", "bar": "all"}
    exhibits = {
        "images": {**shown, "chart": "gallery", "dataset": "fashion-mnist"},
        "bars": {**shown, "chart": "profile", "property": "softmax", "metrics": ["seconds"]}
        | {"facts": [fact]},
    }
    paper = load(tmp_path, lambda paper: paper.update(exhibits=exhibits), edition="paper")
    assert plan.galleries(paper) == ["fashion-mnist"]
    assert plan.datasets(paper) == ["fashion-mnist", "mnist"]
    assert plan.properties(paper) == ["softmax"]
    assert plan.galleries(load(tmp_path)) == []


def test_a_calibration_for_each_timed_variant(tmp_path: Path) -> None:
    (job,) = plan.calibrations(load(tmp_path))
    assert job.record == "results/sample/calibrations/tiny/fig2/plain.json"
    # A sequential network has one worker at most.
    assert job.spec["workers"] == [1]
    assert job.spec["published"] is None


def test_a_prediction_for_this_host_and_each_machine(tmp_path: Path) -> None:
    machines = {"old": {"paper": "tiny"}, "foreign": {}}
    found = list(plan.predictions(load(tmp_path), machines))
    assert [each.machine for each in found] == ["host", "old", "foreign"]
    assert found[1].record == "results/sample/timings/tiny/fig2/plain/old.json"
    assert {each.calibration for each in found} == {
        "results/sample/calibrations/tiny/fig2/plain.json"
    }
    # The paper has no model of its own program.
    assert [each.model for each in found] == [None] * 3


def test_a_papers_own_program_is_predicted_on_its_own_machine_alone(tmp_path: Path) -> None:
    paper = load(tmp_path)
    scale = {"samples": 60_000, "epochs": 1}
    paper["model"] = {"timing": "fig2", "variant": "plain", "scale": scale, "points": []}
    machines = {"old": {"paper": "tiny"}, "foreign": {"paper": "other"}}
    models = {each.machine: each.model for each in plan.predictions(paper, machines)}
    assert models == {"host": None, "old": "results/sample/models/tiny.json", "foreign": None}
    (job,) = plan.calibrations(paper)
    assert job.spec["published"] == scale
