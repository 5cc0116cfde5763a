import json
from collections.abc import Iterator
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
from pnncore.model.costs import Calibration
from pnncore.model.parameters import Parameter, recorded
from pnncore.model.prediction import predict
from pnncore.model.program import Program
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from records.job import CalibrationRepeat, HostCalibration
from records.kinds.calibration import HostCalibrationRecord, NamedCalibrationRecord
from records.kinds.model import ModelRecord, PrintedTime
from records.kinds.prediction import OneWorkerTime, PredictionRecord
from records.machine import Machine
from records.record import read_record, write_record

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
        patch.setattr(calibration, "SAMPLES", (100, 200))
        patch.setattr(calibration, "LONG_ENOUGH", 0.001)
        yield


@pytest.fixture(scope="module")
def host() -> HostCalibrationRecord:
    return calibrate_host(HostCalibration(repeat=1), SILENT)


def calibrated(dataset: Dataset, strategy: str, **changes: Any) -> NamedCalibrationRecord:
    found = STRATEGIES.named(strategy)
    spec = make_job(
        CalibrationRepeat, **{"strategy": strategy, "published": None, "repeat": 1, **changes}
    )
    made = to_builtins(calibrate_variant(found, spec, dataset, SILENT))
    made["spec"] |= {"paper": "tiny", "experiment": "fig1", "variant": "plain"}
    return convert(json.loads(json.dumps(made, allow_nan=False)), NamedCalibrationRecord)


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
    calibration = Calibration([record], [host])
    costs = calibration.costs()
    assert costs.flop + costs.merged > 0
    assert calibration.loaded() >= 1
    assert sum(astuple(record.profile)) == pytest.approx(1)
    assert min(astuple(record.profile)) >= 0
    machine = Machine("big", cores=8, threads_per_core=2, clock_ghz=None)
    prediction = predict(calibration, machine)
    assert [timing.workers for timing in prediction.timings] == workers
    assert prediction.implementation == "ours"
    assert all(0 < each.lower <= each.seconds <= each.upper for each in prediction.timings)
    content = json.loads(json.dumps(to_builtins(prediction), allow_nan=False))
    assert convert(content, PredictionRecord) == prediction


def test_threads_of_neurons_read_pixels_for_themselves(dataset: Dataset) -> None:
    training = {**make_spec()["training"], "batch_size": 1}
    record = calibrated(dataset, "neuron", workers=[1, 2], training=training)
    assert record.pixel > 0


def test_a_papers_own_program_has_its_own_scale(
    dataset: Dataset, host: HostCalibrationRecord
) -> None:
    scale = {"samples": 60_000, "epochs": 7}
    record = calibrated(dataset, "spmd", workers=[1, 4], published=scale)
    calibration = Calibration([record], [host])
    ours = Program.of_ours(calibration)
    paper = Program.of_paper(calibration, "one")
    per_sample = ours.schedules[1].parallel_work / (80 * 3)
    assert paper.schedules[1].parallel_work == 60_000 * 7 * per_sample
    assert paper.schedules[4].total("shared") == 0
    assert (paper.costs.merged, paper.costs.pixel) == (2 * paper.costs.flop, 0)
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
    prediction = predict(Calibration([record], [host]), Machine("old", 2, 1, 1.0), fitted)
    assert prediction.one_worker == OneWorkerTime(
        seconds=pytest.approx(60), origin="published", where="Table I"
    )
    assert prediction.implementation == "paper"
    assert prediction.timings[1].seconds == pytest.approx(45, rel=1e-3)


def test_a_machine_of_one_core_has_no_meetings_side_by_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calibration, "host", lambda: Machine("host", 1, 1, None))
    assert calibrate_host(HostCalibration(repeat=1), SILENT).costs.barrier == 0


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda record: record.pop("pixel"), "pixel"),
        (lambda record: record["alone"][0].update(seconds="fast"), r"alone\[0\].seconds"),
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
        Program.of_ours(Calibration([record], [host]))
