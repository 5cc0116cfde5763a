from collections.abc import Mapping

import pytest
from programs import make_machine, make_program

from pnncore.model.parameters import Parameter, from_record, recorded
from pnncore.model.program import Model

PLAIN = {"smt_yield": 0.25, "loaded": 1.0}


def parameters(**values: float) -> Mapping[str, Parameter]:
    return {name: Parameter(value, "default") for name, value in {**PLAIN, **values}.items()}


def test_work_without_anything_else_speeds_up_with_the_cores() -> None:
    model = Model(make_program(), make_machine(), parameters())
    assert model.duration(1).seconds == pytest.approx(2.4)
    assert [model.speedup(n) for n in (2, 4, 8, 16)] == pytest.approx([2, 4, 8, 8])


def test_clocks_scale_our_own_program() -> None:
    slow = Model(make_program(merged=1e-6), make_machine(clock_ghz=1.0), parameters())
    fast = Model(make_program(merged=1e-6), make_machine(clock_ghz=4.0), parameters())
    assert slow.duration(4).seconds == pytest.approx(4 * fast.duration(4).seconds)


def test_an_unknown_clock_is_this_hosts() -> None:
    unknown, same = (
        Model(make_program(), make_machine(clock_ghz=c), parameters()) for c in (None, 2.0)
    )
    assert unknown.duration(2) == same.duration(2)


@pytest.mark.parametrize(
    "shares",
    [{}, {"serial_share": 0.2}, {"merge_share": 0.1}, {"serial_share": 0.3, "merge_share": 0.2}],
)
@pytest.mark.parametrize("published", [None, 1000.0])
def test_shares_add_up_to_one_workers_time(
    shares: dict[str, float], published: float | None
) -> None:
    model = Model(make_program(merged=1e-7), make_machine(), parameters(**shares), published)
    expected = (
        published
        or Model(make_program(merged=1e-7), make_machine(), parameters()).duration(1).seconds
    )
    assert model.duration(1).seconds == pytest.approx(expected)


def test_a_serial_share_is_amdahls_law() -> None:
    model = Model(make_program(), make_machine(), parameters(serial_share=0.2), 1000.0)
    for workers in (2, 4, 8):
        assert model.speedup(workers) == pytest.approx(1 / (0.2 + 0.8 / workers))


def test_merging_grows_with_the_workers() -> None:
    # One merges for all: each worker's merging takes a tenth of one worker's time again.
    model = Model(make_program(), make_machine(), parameters(merge_share=0.1), 1000.0)
    for workers in (2, 4, 8):
        assert model.duration(workers).merge == pytest.approx(100 * workers)
        assert model.duration(workers).compute == pytest.approx(900 / workers)


def test_synchronisation_grows_with_the_workers() -> None:
    model = Model(make_program(), make_machine(), parameters(sync_share=0.01), 1000.0)
    for workers in (2, 4, 8):
        assert model.duration(workers).wait == pytest.approx(10 * workers)


def test_parts_add_up() -> None:
    program = make_program(merged=1e-7, call=1e-5, barrier=1e-6, switch=1e-5)
    duration = Model(program, make_machine(cores=2), parameters()).duration(8)
    assert duration.seconds == pytest.approx(sum(duration))
    assert min(duration) > 0


def test_parameters_survive_a_record() -> None:
    given = parameters(serial_share=0.3)
    written = recorded(given)
    assert from_record(written) == given
    assert written["serial_share"].unit == "share of one worker's time"
