"""A dry run in plain words."""

from __future__ import annotations

import json
import logging
from enum import Enum
from typing import Any

import pytest

from workflow.why import MARK, RESTORED, explain, planned, recorded, tell

UNION = "Params have changed since last execution: Union of exclusive params before and now across all output: "


class Event(Enum):
    JOB_INFO = 1
    SHELLCMD = 2


def job(
    number: int, what: str, said: str, inputs: list[str] | None = None, makes: str = "result"
) -> str:
    outputs = [f"{makes}{number}"] if makes else []
    told = {"what": what, "reason": said, "inputs": inputs or [], "outputs": outputs}
    return f"[Sun Nov 22 03:30:37 2026]\n{MARK}{json.dumps(told)}\n"


def record(event: Event, **said: Any) -> logging.LogRecord:
    made = logging.LogRecord("snakemake.logging", logging.INFO, "", 0, "", None, None)
    vars(made).update(event=event, **said)
    return made


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
    assert said[0] == "1 job: other settings, training.epochs from 3 to 4, workers added, 2"


def test_changed_configurations_and_software_are_named() -> None:
    before = {"configuration": {"claims.TY-C01": "a", "title": "b"}, "software": {"numba": "1.0"}}
    now = {"configuration": {"claims.TY-C01": "c", "title": "b"}, "software": {"numba": "1.1"}}
    said = lines(job(1, "Resolving", changed(before, now)))
    assert said[0] == (
        '1 job: changed configuration, claims.TY-C01 and other software, numba from "1.0" to "1.1"'
    )


def test_jobs_are_counted_by_reason_and_the_rest_follows() -> None:
    output = "".join(
        job(n, f"Training seed {n}", f"Missing output files: seed{n}.json") for n in range(5)
    )
    output += job(
        9, "tabulate_epochs (paper=tiny)", "Input files updated by another job: seed1.json"
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
    assert RESTORED not in lines(job(1, "Preparing digits", "Forced execution"))


def test_a_missing_result_hides_no_other_reason() -> None:
    said = lines(
        job(
            1,
            "Training one",
            f"Missing output files: a; {changed({'training': {'epochs': 3}}, {'training': {'epochs': 4}})}",
        )
    )
    assert said[0] == "1 job: no result yet and other settings, training.epochs from 3 to 4"


def test_settings_that_are_gone_are_said_to_be_removed() -> None:
    said = lines(job(1, "Tabulating", changed({"banana-pi-m3": "Banana Pi M3", "a": 1}, {"a": 1})))
    assert said[0] == "1 job: other settings, banana-pi-m3 removed"


def test_facts_of_this_machine_are_named() -> None:
    before = {"this machine": {"cpu": "Some", "physical_cores": 2, "logical_cores": 2}}
    now = {"this machine": {"cpu": "Some", "physical_cores": 2, "logical_cores": 1}}
    said = lines(job(1, "Timing", changed(before, now)))
    assert said[0] == "1 job: this machine: logical_cores from 2 to 1"


@pytest.mark.parametrize("now", ["5b5bd63651f3", {"cpu": "Some"}])
def test_of_a_machine_that_was_a_fingerprint_no_fact_is_told(now: object) -> None:
    said = lines(job(1, "Timing", changed({"this machine": "d43b4aa6889b"}, {"this machine": now})))
    assert said[0] == "1 job: this machine: another than before, or described otherwise"


def test_neither_checksums_nor_long_texts_are_shown() -> None:
    before, now = ({"sha256": mark * 64, "title": mark * 500} for mark in "ab")
    said = lines(job(1, "Fetching", changed(before, now)))
    assert said[0] == (f'1 job: other settings, sha256, title from "{"a" * 59}… to "{"b" * 59}…')


def test_inputs_that_came_and_went_are_named() -> None:
    reason = "Set of input files has changed since last execution"
    output = job(1, "Tabulating", reason, ["a", *(f"new{n}" for n in range(5))])
    output += job(2, "Joining", reason, ["b", "new0"])
    before = {"result1": ["a", "old"], "result2": ["b"]}
    assert list(explain(planned(output), before)) == [
        "2 jobs: other inputs than before; added: new0, new1, new2 and 2 more; removed: old\n"
        "    Tabulating; Joining"
    ]
    assert lines(output)[0] == "2 jobs: other inputs than before"


def test_what_results_were_made_of_is_in_the_summary() -> None:
    head = "output_file\tdate\trule\tlog-file(s)\tinput-file(s)\tshellcmd\tstatus\tplan"
    rows = ["r1\t-\tx\tlog\ta,b\tpython\tok\tno update", "r2\t-\tx\tlog\t-\t-\tok\tno update"]
    found = recorded("\n".join([head, *rows]))
    assert (found["r1"], "r2" in found) == (["a", "b"], False)


def test_targets_are_no_jobs() -> None:
    output = job(0, "Everything is there", "Input files updated by another job: a", makes="")
    assert lines(output)[0].startswith("Nothing would run")


def test_changed_files_are_listed_in_short() -> None:
    files = ", ".join(f"f{n}" for n in range(9))
    said = lines(job(1, "Reading", f"Updated input files: {files}"))
    assert said[0] == "1 job: changed files, f0, f1, f2, f3, f4, f5 and 3 more"


def test_snakemake_tells_of_the_files_of_a_job(capsys: pytest.CaptureFixture[str]) -> None:
    said = {"reason": "Forced execution", "input": ["a"], "output": ["b"], "rule_name": "join"}
    wildcards = {"edition": "sample", "table": "claims"}
    for message in ("Joining", None):
        assert not tell(record(Event.JOB_INFO, rule_msg=message, wildcards=wildcards, **said))
    assert tell(record(Event.SHELLCMD))
    first, second = planned(capsys.readouterr().out)
    assert (first.what, second.what) == ("Joining", "join (table=claims)")
    assert (first.reasons, first.inputs, first.outputs) == (("forced",), ("a",), ("b",))
