"""The terms of docs/model.md: each against what it says, on machines and programs that are made up."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from programs import make_machine, make_program

from benchmarks import model_terms
from benchmarks.model_terms import CYCLES, KIB, FactModel, FactProcessor, Facts
from pnncore.model.parameters import Parameter
from pnncore.model.program import Model
from records.schedule import Schedule

ROOT = Path(__file__).parents[2]
PARAMETERS = {"smt_yield": Parameter(0.25, "default"), "loaded": Parameter(1.0, "default")}


def processor(facts: Facts, cycles: float = 1e-9, network: int = 0) -> FactProcessor:
    return FactProcessor(8, 1, 0.25, 1.0, facts, cycles, network)


def test_without_facts_the_terms_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model_terms.FACTS, "machine", Facts())
    program, machine = make_program(), make_machine()
    for workers in (2, 8, 16):
        without = Model(program, machine, PARAMETERS, 1000.0).speedup(workers)
        assert FactModel(program, machine, PARAMETERS, 1000.0).speedup(workers) == without


def test_cores_slow_down_to_the_clock_that_all_of_them_hold() -> None:
    turbo = processor(Facts(turbo=1.25))
    assert turbo.speed(1) == 1
    assert turbo.speed(8) == pytest.approx(1 / 1.25)


def test_a_network_that_fits_its_share_of_the_cache_waits_for_no_memory() -> None:
    facts = Facts(cluster=4, cache=1024 * KIB, bandwidth=1.0)
    assert processor(facts, network=256 * KIB).speed(8) == 1
    assert processor(facts, network=257 * KIB).speed(8) < 1


def test_what_does_not_fit_comes_at_the_workers_share_of_the_bandwidth() -> None:
    # Of 512 KiB, half fit: 12 bytes a weight at an eighth of 24 GB/s take 4 ns, four times its cycles.
    facts = Facts(cluster=4, cache=1024 * KIB, bandwidth=24e9)
    assert processor(facts, network=512 * KIB).speed(8) == pytest.approx(1 / 4)


def test_lines_move_to_each_further_worker_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(model_terms.FACTS, "machine", Facts(line=1e-6))
    schedules = {
        n: Schedule(tuple(structs.replace(r, bytes_moved=6400) for r in schedule.rounds))
        for n, schedule in make_program().schedules.items()
    }
    program, machine = replace(make_program(), schedules=schedules), make_machine()
    for workers, further in ((1, 0), (4, 3)):
        moved = FactModel(program, machine, PARAMETERS, 1000.0).duration(workers).merge
        without = Model(program, machine, PARAMETERS, 1000.0).duration(workers).merge
        # A hundred rounds, each of a hundred lines of single precision, which are two hundred of double.
        assert moved - without == pytest.approx(further * 100 * 200 * 1e-6)


def test_both_models_of_all_papers_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    model_terms.main()
    said = capsys.readouterr().out
    assert said.count("machine model") == said.count("forward unfitted") == 2
    assert said.count("efficiency") == 3
    assert pytest.approx(90, rel=0.01) == CYCLES
