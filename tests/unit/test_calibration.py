import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec import convert, to_builtins
from msgspec.structs import astuple
from networks import make_job, make_spec

from pnncore.data.dataset import Dataset, Split
from pnncore.model import calibration
from pnncore.model.calibration import calibrate_host, calibrate_variant
from pnncore.model.parameters import Parameter, recorded
from pnncore.model.prediction import predict
from pnncore.model.program import Program
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from records.job import VariantCalibration
from records.kinds.calibration import (
    HostCalibrationRecord,
    MeetingCosts,
    NamedCalibrationRecord,
    WorkCosts,
)
from records.kinds.model import ModelRecord, PrintedTime
from records.kinds.prediction import OneWorkerTime, PredictionRecord
from records.machine import Machine
from records.record import read_record, write_record
from records.schedule import Schedule

SILENT = [].append


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    rng = np.random.default_rng(0)

    def split(samples: int) -> Split:
        images = rng.integers(0, 256, (samples, 6, 6), dtype=np.uint8)
        return Split(images, rng.integers(0, 10, samples).astype(np.uint8))

    return Dataset("tiny", 10, split(80), split(30))


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """What is measured does not matter here, only that it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibration, "REPEATS", 1)
        patch.setattr(calibration, "SAMPLES", 200)
        patch.setattr(calibration, "LONG_ENOUGH", 0.001)
        yield


@pytest.fixture(scope="module")
def host() -> HostCalibrationRecord:
    return calibrate_host(SILENT)


def calibrated(dataset: Dataset, strategy: str, **changes: Any) -> NamedCalibrationRecord:
    found = STRATEGIES.named(strategy)
    spec = make_job(VariantCalibration, **{"strategy": strategy, "published": None, **changes})
    costs = MeetingCosts(
        barrier=1e-7, switch=1e-6, byte=1e-10, call=5e-3, dispatched=1e-6, started=2e-4
    )
    made = to_builtins(calibrate_variant(found, spec, dataset, costs, SILENT))
    made["spec"] |= {"paper": "tiny", "experiment": "fig1", "variant": "plain"}
    return convert(json.loads(json.dumps(made, allow_nan=False)), NamedCalibrationRecord)


def costs_where(
    monkeypatch: pytest.MonkeyPatch,
    dataset: Dataset,
    seconds: Callable[[Schedule], float],
    strategy: str,
) -> WorkCosts:
    """Calibrate where passes take as long as is said of their schedules."""
    monkeypatch.setattr(calibration, "pass_timer", lambda strategy, task: strategy.schedule(task))
    monkeypatch.setattr(calibration, "medians", lambda timed, repeats: [*map(seconds, timed)])
    workers = [1] if strategy == "sequential" else [1, 2, 8]
    return calibrated(dataset, strategy, workers=workers).costs


def test_times_are_split_into_computing_and_merging(
    monkeypatch: pytest.MonkeyPatch, dataset: Dataset
) -> None:
    def seconds(schedule: Schedule) -> float:
        return schedule.parallel_work * 2e-9 + schedule.merged * 5e-9

    costs = costs_where(monkeypatch, dataset, seconds, "spmd")
    assert (costs.flop, costs.merged) == pytest.approx((2e-9, 5e-9))


def test_no_cost_is_negative(monkeypatch: pytest.MonkeyPatch, dataset: Dataset) -> None:
    """Where the work with more merging was faster, by chance, merging costs nothing."""

    def seconds(schedule: Schedule) -> float:
        return schedule.parallel_work * 2e-9 / (1 + schedule.merged)

    costs = costs_where(monkeypatch, dataset, seconds, "spmd")
    assert costs.flop > 0
    assert costs.merged == 0


def test_work_without_merging_has_only_one_cost(
    monkeypatch: pytest.MonkeyPatch, dataset: Dataset
) -> None:
    def seconds(schedule: Schedule) -> float:
        return schedule.parallel_work * 3e-9

    costs = costs_where(monkeypatch, dataset, seconds, "sequential")
    assert (costs.flop, costs.merged) == pytest.approx((3e-9, 0))


def test_meetings_cost_something(host: HostCalibrationRecord) -> None:
    assert host.costs.switch > 0
    assert host.costs.call > 0
    assert min(astuple(host.costs)) >= 0


@pytest.mark.parametrize("strategy", ["sequential", "spmd", "exemplar", "minibatch", "ensemble"])
def test_a_calibrated_variant_can_be_predicted(
    dataset: Dataset, host: HostCalibrationRecord, strategy: str
) -> None:
    workers = [1] if strategy == "sequential" else [1, 2, 8]
    record = calibrated(dataset, strategy, workers=workers)
    assert record.costs.flop + record.costs.merged > 0
    assert record.loaded >= 1
    assert sum(astuple(record.profile)) == pytest.approx(1)
    assert min(astuple(record.profile)) >= 0
    machine = Machine("big", cores=8, threads_per_core=2, clock_ghz=None)
    prediction = predict(record, host, machine)
    assert [timing.workers for timing in prediction.timings] == workers
    assert prediction.implementation == "ours"
    assert all(timing.seconds > 0 for timing in prediction.timings)
    content = json.loads(json.dumps(to_builtins(prediction), allow_nan=False))
    assert convert(content, PredictionRecord) == prediction


def test_threads_of_neurons_read_pixels_for_themselves(dataset: Dataset) -> None:
    training = {**make_spec()["training"], "batch_size": 1}
    record = calibrated(dataset, "neuron", workers=[1, 2], training=training)
    assert record.costs.pixel > 0


def test_a_papers_own_program_has_its_own_scale(
    dataset: Dataset, host: HostCalibrationRecord
) -> None:
    scale = {"samples": 60_000, "epochs": 7}
    record = calibrated(dataset, "spmd", workers=[1, 4], published=scale)
    ours = Program.from_calibrations(record, host)
    paper = Program.of_paper(record, host, "one")
    per_sample = ours.schedules[1].parallel_work / (80 * 3)
    assert paper.schedules[1].parallel_work == 60_000 * 7 * per_sample
    assert paper.schedules[4].total("shared") == 0
    assert paper.defaults()["loaded"].origin == "default"
    assert ours.defaults()["loaded"].origin == "calibrated"


def test_published_seconds_of_one_worker_are_kept(
    dataset: Dataset, host: HostCalibrationRecord
) -> None:
    scale = {"samples": 1000, "epochs": 1}
    record = calibrated(dataset, "spmd", workers=[1, 2], published=scale)
    values = {
        "smt_yield": Parameter(0.25, "default"),
        "loaded": Parameter(1.0, "default"),
        "serial_share": Parameter(0.5, "fitted"),
    }
    fitted = ModelRecord(
        paper="tiny",
        timing="fig1",
        variant="plain",
        merges="all",
        one_worker={"old": PrintedTime(seconds=60.0, where="Table I")},
        parameters=recorded(values),
        points=(),
    )
    prediction = predict(record, host, Machine("old", 2, 1, 1.0), fitted)
    assert prediction.one_worker == OneWorkerTime(
        seconds=pytest.approx(60), origin="published", where="Table I"
    )
    assert prediction.implementation == "paper"
    assert prediction.timings[1].seconds == pytest.approx(45, rel=1e-3)


def test_a_machine_of_one_core_has_no_meetings_side_by_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calibration, "host", lambda: Machine("host", 1, 1, None))
    assert calibrate_host(SILENT).costs.barrier == 0


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda record: record["costs"].pop("flop"), "costs.flop"),
        (lambda record: record["costs"].update(flop="fast"), "costs.flop"),
    ],
)
def test_a_record_edited_by_hand_is_told_by_file_and_key(
    tmp_path: Path, dataset: Dataset, change: Any, key: str
) -> None:
    record = to_builtins(calibrated(dataset, "sequential", workers=[1]))
    change(record)
    path = tmp_path / "plain.json"
    write_record(path, record)
    with pytest.raises(InputError, match=key) as error:
        read_record(path, NamedCalibrationRecord)
    assert str(error.value).startswith(str(path))


def test_speedups_need_the_schedule_of_one_worker(
    host: HostCalibrationRecord, dataset: Dataset
) -> None:
    record = calibrated(dataset, "spmd", workers=[2])
    with pytest.raises(InputError, match=r"^schedules: "):
        Program.from_calibrations(record, host)
