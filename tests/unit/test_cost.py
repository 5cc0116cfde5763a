"""What a command has spent, from the start of its process."""

from pnncore.cost import Meter, spent


def test_laps_follow_each_other_from_the_start_of_the_process() -> None:
    before, meter = spent(), Meter()
    first = meter.lap()
    assert first.seconds >= before.seconds > 0
    assert first.cpu_seconds >= before.cpu_seconds > 0
    sum(range(1_000_000))
    second = meter.lap()
    assert 0 < second.seconds < first.seconds + second.seconds <= spent().seconds
