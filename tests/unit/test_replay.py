import pytest

from pnncore.model.replay import TIME_SLICE, Costs, Processor, replay, scaled
from records.schedule import Round, Schedule

SECOND = 1.0
SHORT = 0.1 * TIME_SLICE


def processor(cores: int, threads_per_core: int = 1, **changes: float) -> Processor:
    return Processor(cores, threads_per_core, **{"smt_yield": 0.25, "loaded": 1.0, **changes})


def schedule(*tasks: int, **fields: int) -> Schedule:
    return Schedule((Round(times=1, tasks=tasks, **fields),))


def seconds(of: Schedule, on: Processor, **costs: float) -> float:
    return replay(of, on, Costs(**{"flop": SECOND, **costs})).seconds


@pytest.mark.parametrize(
    ("workers", "slowest", "together"),
    [(1, 1, 1), (6, 1, 6), (7, 0.625, 6.25), (12, 0.625, 7.5)],
)
def test_second_hardware_threads_add_their_yield(
    workers: int, slowest: float, together: float
) -> None:
    six = processor(6, 2)
    assert six.speed(workers) == pytest.approx(slowest)
    assert six.throughput(workers) == pytest.approx(together)


def test_more_workers_than_hardware_threads_are_no_faster_together() -> None:
    assert processor(6, 2).throughput(64) == processor(6, 2).throughput(12)


@pytest.mark.parametrize(("busy", "slowdown"), [(1, 1), (2, 1.5), (3, 2), (9, 2)])
def test_cores_slow_down_with_the_share_that_is_busy(busy: int, slowdown: float) -> None:
    assert processor(3, 4, loaded=2.0, smt_yield=0.0).throughput(busy) == pytest.approx(
        min(busy, 3) / slowdown
    )


def test_one_core_is_never_shared_with_others() -> None:
    assert processor(1, loaded=5.0).throughput(3) == 1


def test_a_round_lasts_until_the_slowest_task_is_done() -> None:
    spent = replay(schedule(5, 2, 3), processor(3), Costs(flop=SECOND))
    assert spent.seconds == 5
    assert spent.compute == pytest.approx(10 / 3)
    assert spent.wait == pytest.approx(5 / 3)


def test_long_tasks_share_the_cores_evenly() -> None:
    # Three on two cores: until 2 all have two thirds of a core; one and a half of the longer ones' is left for each.
    assert seconds(schedule(2, 2, 2), processor(2)) == pytest.approx(3)
    assert seconds(schedule(1, 3, 3), processor(2)) == pytest.approx(1.5 + 2)


def test_short_tasks_queue_behind_each_other() -> None:
    assert seconds(schedule(1, 1, 1), processor(2), flop=SHORT) == pytest.approx(2 * SHORT)


def test_short_tasks_wait_for_the_one_that_shares_its_core() -> None:
    """With 7 threads on 6 cores of two threads, one core has two tasks: Carver's fall from 6 to 7 threads."""
    six, seven = (seconds(schedule(*[1] * n), processor(6, 2), flop=SHORT) / n for n in (6, 7))
    assert six == pytest.approx(SHORT / 6)
    assert seven == pytest.approx(SHORT / 0.625 / 7)


def test_idle_workers_need_no_core() -> None:
    assert seconds(schedule(1, 1, 0, 0), processor(2), flop=SHORT) == pytest.approx(SHORT)


def test_every_worker_reads_pixels_for_itself() -> None:
    assert seconds(schedule(0, 0, pixels=3), processor(2), pixel=SHORT) == pytest.approx(3 * SHORT)


@pytest.mark.parametrize(
    ("fields", "costs", "expected"),
    [
        ({"serial": 6}, {"merged": 1.0}, 6),
        ({"shared": 6}, {"merged": 1.0}, 3),
        ({"barriers": 2}, {"barrier": 0.5, "switch": 9.0}, 2),
        ({"dispatched": 2}, {"dispatched": 0.5, "call": 3.0}, 4),
        ({"started": 2}, {"started": 0.5, "call": 3.0}, 4),
        ({"bytes_moved": 8}, {"byte": 0.25}, 2),
        ({}, {"serial": 4.0}, 4),
    ],
)
def test_what_comes_on_top_of_the_tasks(
    fields: dict[str, int], costs: dict[str, float], expected: float
) -> None:
    tasks = seconds(schedule(1, 1), processor(2))
    assert seconds(schedule(1, 1, **fields), processor(2), **costs) == pytest.approx(
        tasks + expected
    )


def test_workers_that_take_turns_meet_at_another_price() -> None:
    busy = seconds(schedule(1, 1, 1, 1, barriers=1), processor(2), barrier=9.0, switch=0.5)
    assert busy == pytest.approx(2 + 4 * 0.5)


def test_one_worker_neither_meets_nor_fetches() -> None:
    alone = schedule(1, barriers=3, bytes_moved=100, dispatched=1)
    assert seconds(alone, processor(2), barrier=1.0, byte=1.0, call=1.0) == 1


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        (
            1,
            4 + 1 / 4,
        ),  # Little to merge: the others compute meanwhile, and a worker waits for its own alone.
        (16, 16),  # More than all the computing: it decides alone.
    ],
)
def test_merges_in_turn_overlap_with_computing(serial: int, expected: float) -> None:
    turns = schedule(4, 4, 4, 4, serial=serial, overlapping=True)
    assert seconds(turns, processor(4), merged=1.0) == pytest.approx(expected)


def test_rounds_are_repeated() -> None:
    rounds = Schedule((Round(times=3, tasks=(1,)), Round(times=2, tasks=(), serial=1)))
    assert seconds(rounds, processor(1), merged=1.0) == pytest.approx(5)


def test_slower_clocks_stretch_everything() -> None:
    costs = Costs(flop=1.0, merged=2.0, barrier=3.0, call=4.0)
    assert scaled(costs, 2.0) == Costs(flop=2.0, merged=4.0, barrier=6.0, call=4.0)


def test_a_merge_on_its_own_fetches_what_others_wrote() -> None:
    assert seconds(schedule(serial=1, bytes_moved=8), processor(2), merged=1.0, byte=1.0) == 9


def test_nobody_waits_less_than_not_at_all() -> None:
    # Two cores that slow each other down to a quarter: the longer task is faster once it is alone.
    spent = replay(schedule(2, 3), processor(2, loaded=4.0), Costs(flop=SECOND))
    assert spent.seconds == pytest.approx(9)
    assert (spent.compute, spent.wait) == (pytest.approx(9), 0)
