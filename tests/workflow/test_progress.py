"""What a person sees while jobs run."""

from __future__ import annotations

import logging
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from snakemake_logger_plugin_pnn.plan import Expected, Plan, duration

ROOT = Path(__file__).parents[2]

SNAKEFILE = """
from snakemake_logger_plugin_pnn import Expected, expect, finish

STUDIES = {"carver": "Carver", "ott": "Ott"}
OUTPUTS = expand("out/{study}/{seed}.txt", study=STUDIES, seed=range(30))

rule all:
    input:
        OUTPUTS,

rule train:
    output:
        "out/{study}/{seed}.txt",
    message:
        "Training {wildcards.seed}"
    shell:
        "touch {output}"

rule fail:
    output:
        "failed.txt",
    log:
        "fail.log",
    retries: 1
    shell:
        "seq 1 30 > {log}; echo it is broken >> {log}; exit 3"

onstart:
    expect({path: Expected(STUDIES[path.split("/")[1]], 2.0) for path in OUTPUTS})

onsuccess:
    finish()
    print("It is done")

onerror:
    finish()
    print("It has failed")
"""


class Clock:
    """A clock that is set by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def plan(clock: Clock) -> Plan:
    plan = Plan(clock)
    plan.total = 5
    expected = {f"/nowhere/{number}": Expected("Carver", 10.0) for number in range(3)}
    plan.expect(expected | {"/nowhere/3": Expected("Ott", 30.0), "/nowhere/4": Expected("", 60.0)})
    return plan


def start(plan: Plan, number: int, **other: Any) -> None:
    known = {"jobid": number, "output": [f"/nowhere/{number}"], "wildcards": {"seed": "7"}}
    plan.start(logging.makeLogRecord({"rule_name": "train", **known, **other}))


def run(plan: Plan, *numbers: int) -> None:
    for number in numbers:
        start(plan, number)
        plan.finish(number)
        plan.done += 1


def test_jobs_of_a_study_are_counted_and_the_rest_foretold(plan: Plan, clock: Clock) -> None:
    start(plan, 0)
    clock.seconds = 100
    run(plan, 0, 1)
    # A sixth of the work took 100 seconds: 500 are left.
    assert plan.line() == "about 8 min left · Carver 2/3 · 0:01:40 so far"
    run(plan, 3)
    assert "Ott 1/1" in plan.line()


def test_nothing_is_foretold_at_first_nor_in_the_end(plan: Plan, clock: Clock) -> None:
    start(plan, 0)
    clock.seconds = 100
    assert "Carver 0/3" in plan.line()
    assert "left" not in plan.line()
    run(plan, *range(5))
    assert "Ott 1/1" in plan.line()
    assert "left" not in plan.line()


def test_jobs_that_nobody_expected_take_a_second(plan: Plan, clock: Clock) -> None:
    plan.total = 125
    start(plan, 99)
    clock.seconds = 10
    run(plan, *range(100, 110))
    # Ten of 120 seconds of others, and 120 of those expected.
    assert "about 4 min left" in plan.line()


def test_what_is_there_is_counted_once_it_is_made_again(plan: Plan, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.touch()
    plan.expect({str(made): Expected("Carver", 1.0), "/nowhere/0": Expected("Carver", 1.0)})
    run(plan, 0)
    assert "Carver 1/1" in plan.line()
    # How many others follow is not known.
    start(plan, 1, output=[str(made)])
    assert "Carver 1 ·" in plan.line()


def test_if_only_a_part_was_asked_for_it_is_not_said_of_how_many(plan: Plan, clock: Clock) -> None:
    plan.total = 2
    start(plan, 0)
    clock.seconds = 100
    run(plan, 0)
    # Two fifths of 120 seconds are to be done.
    assert "about 6 min left · Carver 1 ·" in plan.line()


def test_a_job_counts_once_whatever_many_outputs_are_known(plan: Plan) -> None:
    start(plan, 0, output=["/nowhere/0", "/nowhere/1", "/nowhere/unknown"])
    plan.finish(0)
    assert "Carver 1/2" in plan.line()


def test_one_running_job_is_named_and_the_others_counted(plan: Plan) -> None:
    assert plan.now() == ""
    start(plan, 0)
    assert plan.now() == "train 7"
    start(plan, 1)
    start(plan, 2)
    assert plan.now() == "train 7, 2 more"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(4, "1 min"), (5000, "83 min"), (18_000, "5 h"), (20_000, "5 h 30 min")],
)
def test_time_is_told_as_coarsely_as_it_is_known(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    return tmp_path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "snakemake", "--logger", "pnn", "--cores", "2", *arguments]


def snakemake(toy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command(*arguments), cwd=toy, env=environment, capture_output=True, text=True
    )


def test_a_run_is_a_few_lines(toy: Path) -> None:
    ended = snakemake(toy)
    assert (ended.returncode, ended.stdout) == (0, "It is done\n")
    lines = ended.stderr.splitlines()
    progress = [
        line for line in lines if re.match(r"\d+ of 61 jobs · .*(Carver|Ott) \d+/30 · ", line)
    ]
    assert 10 < len(progress) <= 20
    # What Snakemake says once a run may stay.
    assert len(lines) - len(progress) < 10
    assert not [line for line in lines if line.startswith(("Select jobs", "Finished job"))]
    assert not [line for line in snakemake(toy).stderr.splitlines() if " jobs · " in line]


def test_a_dry_run_lists_and_counts(toy: Path) -> None:
    listed = snakemake(toy, "--dry-run", "out/ott/3.txt").stdout
    assert "Training 3\nReason: Missing output files: out/ott/3.txt\n" in listed
    counted = snakemake(toy, "--dry-run", "--quiet", "rules").stdout
    counts = dict(re.findall(r"^(\w+) +(\d+)$", counted, re.MULTILINE))
    assert counts == {"all": "1", "total": "61", "train": "60"}


def test_a_failed_job_is_told_of_with_the_end_of_its_log(toy: Path) -> None:
    ended = snakemake(toy, "failed.txt", "--printshellcmds")
    assert (ended.returncode, ended.stdout) == (1, "It has failed\n")
    told = "Error in job 0: fail\n    fail.log:\n    | 17\n"
    assert ended.stderr.count(told) == 2  # tried, and tried once more
    assert ended.stderr.count("it is broken\n") == 2
    assert "seq 1 30 > fail.log" in ended.stderr
    assert "RuleException" not in ended.stderr


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)


def test_on_a_terminal_there_is_a_bar(toy: Path, terminal: tuple[int, int]) -> None:
    ours, theirs = terminal
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command(), cwd=toy, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ):
        os.close(theirs)
        shown = "".join(read(ours))
    assert re.search(r"\r\d+ of 61 jobs .* (Carver|Ott) \d+/30 .* now train", shown)
    # Nothing is printed into the bar, and it does not come again.
    last = re.search(r"\r61 of 61 jobs [^\r\n]* so far *\r\n((.*\r\n)*)It is done\r\n", shown)
    assert last
    assert " jobs " not in last[1] + shown[last.end() :]


def read(file: int) -> Iterator[str]:
    try:
        while text := os.read(file, 4096):
            yield text.decode(errors="replace")
    except OSError:  # nobody writes to it any more
        pass
