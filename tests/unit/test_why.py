"""A dry run in plain words."""

from __future__ import annotations

import json

from workflow.why import RESTORED, explain, planned

UNION = "Params have changed since last execution: Union of exclusive params before and now across all output: "


def job(number: int, what: str, said: str) -> str:
    return f"[Sun Nov 22 03:30:37 2026]\nJob {number}: {what}\nReason: {said}\n"


def changed(before: object, now: object) -> str:
    return f"{UNION}before: {json.dumps(before)!r} now: {json.dumps(now)!r} "


def lines(output: str) -> list[str]:
    return "\n".join(explain(planned(output))).splitlines()


def test_nothing_to_run_is_said() -> None:
    assert lines("Nothing to be done.\n") == [
        "Nothing would run: all results are there, and nothing that they rest on has changed."
    ]


def test_changed_code_is_named_by_its_modules() -> None:
    before = {"code": {"pnncore.run": "a", "pnncore.sgd": "b"}}
    now = {"code": {"pnncore.run": "a", "pnncore.sgd": "c", "pnncore.new": "d"}}
    said = lines(job(1, "Training one", changed(before, now)))
    assert said == ["1 job: changed code, pnncore.new, pnncore.sgd", "    Training one"]


def test_changed_settings_are_told_from_and_to() -> None:
    before = {"training": {"epochs": 3, "learning_rate": 0.1}, "seed": 1}
    now = {"training": {"epochs": 4, "learning_rate": 0.1}, "seed": 1, "workers": 2}
    said = lines(job(1, "Training one", changed(before, now)))
    assert (
        said[0] == "1 job: other settings, training.epochs from 3 to 4, workers from nothing to 2"
    )


def test_changed_configurations_and_software_are_named() -> None:
    before = {"configuration": {"claims.TY-C01": "a", "title": "b"}, "software": {"numba": "1.0"}}
    now = {"configuration": {"claims.TY-C01": "c", "title": "b"}, "software": {"numba": "1.1"}}
    said = lines(job(1, "Resolving", changed(before, now)))
    assert said[0] == (
        '1 job: changed configuration, claims.TY-C01 and other software, numba from "1.0" to "1.1"'
    )


def test_jobs_are_counted_by_reason_and_the_rest_follows() -> None:
    output = "".join(
        job(n, f"Training seed {n}", f"Missing output files: seed{n}.json; {changed(1, 2)}")
        for n in range(5)
    )
    output += (
        "localrule tabulate_epochs:\n    input: seed1.json\n    output: epochs.csv\n    jobid: 9\n"
        "    reason: Input files updated by another job: seed1.json\n    wildcards: paper=tiny\n"
        "    resources: tmpdir=/tmp\n"
    )
    assert lines(output) == [
        "5 jobs: no result yet",
        "    Training seed 0; Training seed 1; Training seed 2; and 2 more",
        "1 job: they read what those above make",
        "    tabulate_epochs (paper=tiny)",
    ]


def test_a_changed_file_is_named() -> None:
    said = lines(job(1, "Reading", "Updated input files: config/papers/tiny.yaml"))
    assert said[0] == "1 job: changed files, config/papers/tiny.yaml"


def test_params_that_cannot_be_read_are_changed_settings() -> None:
    said = lines(job(1, "Training one", f"{UNION}before: <unknown> now: 'x"))
    assert said[0] == "1 job: other settings than before"


def test_of_many_places_some_are_named() -> None:
    before, now = ({"code": {f"pnncore.m{n}": mark for n in range(9)}} for mark in "ab")
    said = lines(job(1, "Training one", changed(before, now)))
    named = ", ".join(f"pnncore.m{n}" for n in range(6))
    assert said[0] == f"1 job: changed code, {named} and 3 more"


def test_fingerprints_are_not_shown() -> None:
    said = lines(job(1, "Tabulating", changed("e864a2cc", "44136fa3")))
    assert said[0] == "1 job: other settings than before"


def test_what_failed_before_is_a_reason_and_no_setting() -> None:
    said = lines(job(1, "Judging", changed({"results/e/runs/a.json": "killed"}, {})))
    assert said[0] == "1 job: a run before went without what failed"


def test_what_follows_from_deleted_data_alone_is_said_to_stay() -> None:
    output = job(1, "Preparing digits", "Missing output files: digits/dataset.json")
    output += job(2, "Training one", "Input files updated by another job: digits/dataset.json")
    assert lines(output)[-1] == RESTORED
