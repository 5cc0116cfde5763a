from pathlib import Path

from test_configuration import load

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


def test_a_timing_for_each_machine(tmp_path: Path) -> None:
    (job,) = plan.timings(load(tmp_path))
    assert job.record == "results/sample/timings/tiny/fig2/plain/w1/host.json"
    assert (job.spec["repeats"], job.spec["hardware"]) == (5, "host")
    assert "evaluate_every" not in job.spec


def test_datasets_are_those_used(tmp_path: Path) -> None:
    assert plan.datasets(load(tmp_path)) == ["digits"]
    assert plan.datasets(load(tmp_path, edition="paper")) == ["mnist"]
