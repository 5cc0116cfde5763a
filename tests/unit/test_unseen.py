"""The blind test of fitted models: what predicts, and what it must not know."""

import pytest
from msgspec import convert, structs
from programs import make_machine, make_program

from pnncore.model.fit import fit
from pnncore.model.parameters import from_record
from pnncore.model.program import Model
from records.kinds.model import UnseenPoint
from records.model import Fit, UnseenTime

MACHINES = {
    "plain": make_machine("plain", cores=16),
    "hyper": make_machine("hyper", cores=2, threads_per_core=2),
}
PROGRAM = make_program(workers=(1, 2, 3, 4, 8, 16))


def config(*unseen: UnseenTime) -> Fit:
    """Return a model of two machines with printed points at 4 and 16 workers, and at 4."""
    points = [("plain", 4, 3.0), ("plain", 16, 6.0), ("hyper", 4, 2.2)]
    spec = {
        "paper": "made_up",
        "timing": "fig1",
        "variant": "plain",
        "scale": {"samples": 1, "epochs": 1},
        "note": "Made up.",
        "parameters": ["merge_share", "smt_yield"],
        "one_worker": [
            {"hardware": name, "seconds": 1000.0, "where": "Table I"} for name in MACHINES
        ],
        "points": [
            {"hardware": name, "workers": workers, "speedup": speedup, "where": "Table I"}
            for name, workers, speedup in points
        ],
        "machines": {name: structs.asdict(machine) for name, machine in MACHINES.items()},
        "calibration": ["calibration.json"],
        "host": ["host.json"],
    }
    return structs.replace(convert(spec, Fit), unseen=unseen)


def unseen(hardware: str, workers: int, seconds: float) -> UnseenTime:
    quartiles = {"lower": 0.8 * seconds, "upper": 1.25 * seconds}
    return UnseenTime(hardware=hardware, workers=workers, seconds=seconds, **quartiles)


def predict(hardware: str, workers: int, seconds: float = 500.0) -> UnseenPoint:
    (point,) = fit(config(unseen(hardware, workers, seconds)), PROGRAM).unseen
    return point


def test_the_fit_sees_nothing_of_what_it_is_to_predict() -> None:
    """Another observation changes no parameter and no prediction, and so does none at all."""
    one, other = (fit(config(unseen("plain", 8, each)), PROGRAM) for each in (100.0, 900.0))
    assert one.parameters == other.parameters == fit(config(), PROGRAM).parameters
    assert one.points == other.points
    assert one.unseen[0].predicted == other.unseen[0].predicted
    assert one.unseen[0].observed != other.unseen[0].observed


def test_the_model_predicts_with_the_parameters_of_the_fit() -> None:
    record = fit(config(unseen("hyper", 3, 500.0)), PROGRAM)
    model = Model(PROGRAM, MACHINES["hyper"], from_record(record.parameters), 1000.0)
    assert record.unseen[0].predicted["model"] == model.speedup(3)


def test_quartiles_of_seconds_become_quartiles_of_speedups() -> None:
    point = predict("plain", 8, seconds=400.0)
    assert point.observed == 2.5
    assert (point.lower, point.upper) == pytest.approx((2.0, 3.125))


@pytest.mark.parametrize(
    ("hardware", "workers", "speedup"),
    [
        ("plain", 2, 3.0**0.5),  # halfway from one worker to four, on a logarithmic axis
        ("plain", 8, 18.0**0.5),  # halfway from 4 workers, 3.0, to 16, 6.0
        ("hyper", 2, 2.2**0.5),  # each machine has a line of its own
        ("hyper", 16, 2.2),  # beyond its last point it is level
    ],
)
def test_the_line_follows_the_printed_points(hardware: str, workers: int, speedup: float) -> None:
    assert predict(hardware, workers).predicted["line"] == pytest.approx(speedup)


@pytest.mark.parametrize(
    ("hardware", "workers", "speedup"),
    [
        ("plain", 8, 8.0),  # a core each, and nothing else takes time
        ("hyper", 2, 2.0),
        ("hyper", 4, 2.5),  # the second threads of both cores add a quarter, by default
    ],
)
def test_unfitted_the_model_knows_cores_and_threads_alone(
    hardware: str, workers: int, speedup: float
) -> None:
    assert predict(hardware, workers).predicted["unfitted"] == pytest.approx(speedup)


def test_a_paper_whose_authors_left_no_data_has_no_blind_test() -> None:
    assert fit(config(), PROGRAM).unseen == ()
