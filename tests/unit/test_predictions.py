from pathlib import Path
from typing import Any

import pytest
from records_factory import (
    blamed,
    fitted,
    model_point,
    model_record,
    only_failure,
    prediction_record,
    whole,
    write,
)
from test_collections import changed

from reports.tables.models import read_models
from reports.tables.predictions import parts_of, read_predictions
from reports.tables.rows import parameter_rows


def test_a_prediction_is_read_with_its_parts(tmp_path: Path) -> None:
    path = write(tmp_path, prediction_record({1: 8.0, 16: 2.0}))
    (member,) = whole(read_predictions([path]))
    record = member.record
    assert (record.hardware, record.machine.cores) == ("banana-pi-m3", 8)
    assert [timing.workers for timing in record.timings] == [1, 16]
    parts = {"compute": 1.8, "wait": 0.2, "merge": 0.0, "dispatch": 0.0}
    assert parts_of(record.timings[1]) == parts
    assert [timing.oversubscribed for timing in record.timings] == [False, True]
    one, merge = parameter_rows(member, "sample")
    assert (one["parameter"], one["value"], one["origin"]) == ("one_worker", 8.0, "published")
    assert one["meaning"] == "time of one worker (Section I)"
    assert (merge["parameter"], merge["origin"]) == ("merge_share", "fitted")


def test_a_calibrated_time_of_one_worker_is_printed_nowhere(tmp_path: Path) -> None:
    one = {"seconds": 3.5, "origin": "calibrated", "where": None}
    path = write(tmp_path, {**prediction_record({1: 3.5}, machine="host"), "one_worker": one})
    (member,) = whole(read_predictions([path]))
    one, _ = parameter_rows(member, "sample")
    assert one["meaning"] == "time of one worker"


@pytest.mark.parametrize(
    ("keys", "value", "key"),
    [
        (["source"], "measured", "source"),
        (["implementation"], "theirs", "implementation"),
        (["timings", 1, "wait"], 0.3, "timings[1].seconds"),  # which is not the parts' sum
        (["spec", "workers"], [1, 4], "timings"),  # which are of other workers
        (["machine", "cores"], 0, "machine.cores"),
        (["parameters", "merge_share", "origin"], "guessed", "parameters.merge_share.origin"),
    ],
)
def test_a_prediction_edited_by_hand_is_refused_by_its_key(
    tmp_path: Path, keys: list[Any], value: Any, key: str
) -> None:
    record = prediction_record({1: 8.0, 2: 2.0})
    path = write(tmp_path, changed(record, keys, value))
    why = only_failure(read_predictions([path]))
    assert blamed(why) == (str(path), f"members[0].{key}")


def test_a_model_is_read_with_its_points(tmp_path: Path) -> None:
    model = fitted(tmp_path, model_point(4, 3.2, 3.0, predicted=3.1)).record
    assert (model.paper, model.timing, model.variant) == ("paper", "fig4", "spmd-once")
    (point,) = model.points
    assert (point.hardware, point.workers, point.where) == ("banana-pi-m3", 4, "Table I")
    assert (point.observed, point.predicted) == (3.2, 3.1)
    assert point.blind == {"point": {"model": 3.0}}


def test_a_model_of_one_worker_or_no_speedup_is_refused(tmp_path: Path) -> None:
    for point, key in (
        (model_point(1, 1.0, 1.0), "workers"),
        (model_point(2, 0.0, 1.0), "observed"),
    ):
        found = read_models([write(tmp_path, model_record(point))])
        assert blamed(only_failure(found))[1] == f"members[0].points[0].{key}"
        assert set(found.failures) == {"models/paper"}
