from pathlib import Path
from typing import Any

import pytest
from records_factory import (
    fitted,
    model_point,
    model_record,
    only_failure,
    prediction_record,
    whole,
    write,
)
from test_records import changed

from reports.tables.models import read_models
from reports.tables.predictions import read_predictions


def test_a_prediction_is_read_with_its_parts(tmp_path: Path) -> None:
    path = write(tmp_path, prediction_record({1: 8.0, 16: 2.0}))
    (record,) = whole(read_predictions([path]))
    assert (record.hardware, record.cores, record.implementation) == ("banana-pi-m3", 8, "paper")
    assert [timing.subject.workers for timing in record.timings] == [1, 16]
    assert record.timings[1].parts == {"compute": 1.8, "wait": 0.2, "merge": 0.0, "dispatch": 0.0}
    assert [timing.oversubscribed for timing in record.timings] == [False, True]
    one, merge = record.parameters
    assert (one.name, one.value, one.origin) == ("one_worker", 8.0, "published")
    assert one.meaning == "time of one worker (Section I)"
    assert (merge.name, merge.origin, merge.meaning) == ("merge_share", "fitted", "merging")


def test_a_calibrated_time_of_one_worker_is_printed_nowhere(tmp_path: Path) -> None:
    one = {"seconds": 3.5, "origin": "calibrated", "where": None}
    path = write(tmp_path, {**prediction_record({1: 3.5}, machine="host"), "one_worker": one})
    (record,) = whole(read_predictions([path]))
    assert record.parameters[0].meaning == "time of one worker"


@pytest.mark.parametrize(
    ("keys", "value", "sentence"),
    [
        (["source"], "measured", "source: expected "),
        (
            ["implementation"],
            "theirs",
            "implementation: expected ",
        ),
        (
            ["timings", 1, "wait"],
            0.3,
            "timings[1].seconds: expected ",
        ),
        (["spec", "workers"], [1, 4], "timings: expected "),
        (["machine", "cores"], 0, "machine.cores: expected "),
        (
            ["parameters", "merge_share", "origin"],
            "guessed",
            "parameters.merge_share.origin: expected ",
        ),
    ],
)
def test_a_prediction_edited_by_hand_is_refused_in_one_sentence(
    tmp_path: Path, keys: list[Any], value: Any, sentence: str
) -> None:
    record = prediction_record({1: 8.0, 2: 2.0})
    path = write(tmp_path, changed(record, keys, value))
    why = only_failure(read_predictions([path]))
    assert why.startswith(f"{path}: members[0].")
    assert sentence in why


def test_a_model_is_read_with_its_points(tmp_path: Path) -> None:
    model = fitted(tmp_path, model_point(4, 3.2, 3.0, predicted=3.1))
    assert (model.paper, model.experiment, model.variant) == ("paper", "fig4", "spmd-once")
    (point,) = model.points
    assert (point.machine, point.workers, point.where) == ("banana-pi-m3", 4, "Table I")
    assert (point.observed, point.predicted, point.left_out) == (3.2, 3.1, 3.0)


def test_a_model_of_one_worker_or_no_speedup_is_refused(tmp_path: Path) -> None:
    for point, sentence in (
        (model_point(1, 1.0, 1.0), "workers: expected "),
        (model_point(2, 0.0, 1.0), "observed: expected "),
    ):
        found = read_models([write(tmp_path, model_record(point))])
        assert sentence in only_failure(found)
        assert set(found.failures) == {"models/paper"}
