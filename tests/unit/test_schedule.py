from msgspec import convert, to_builtins

from records.schedule import Round, Schedule

SCHEDULE = Schedule(
    (
        Round(times=2, tasks=(3, 5), shared=7, barriers=2),
        Round(times=1, tasks=(), serial=4, overlapping=True),
    )
)


def test_a_schedule_survives_json() -> None:
    assert convert(to_builtins(SCHEDULE), Schedule) == SCHEDULE


def test_totals_count_repeated_rounds() -> None:
    assert SCHEDULE.parallel_work == 16
    assert SCHEDULE.merged == 18
    assert SCHEDULE.total("barriers") == 4


def test_one_worker_can_merge_for_all() -> None:
    alone = SCHEDULE.merged_by_one()
    assert (alone.total("serial"), alone.total("shared")) == (18, 0)
    assert alone.merged == SCHEDULE.merged
