import pytest
from msgspec import convert, structs, to_builtins
from programs import make_machine, make_program

from pnncore.model.fit import fit
from pnncore.model.parameters import Parameter
from pnncore.model.program import Model
from records.kinds.model import ModelRecord
from records.model import Fit, PublishedSpeed

MACHINES = {
    "plain": make_machine("plain", cores=16),
    "hyper": make_machine("hyper", cores=2, threads_per_core=2),
}


def truth(**values: float) -> dict[str, Parameter]:
    given = {"smt_yield": 0.25, "loaded": 1.0, **values}
    return {name: Parameter(value, "default") for name, value in given.items()}


def config(
    parameters: list[str], values: dict[str, float], machines: tuple[str, ...] = ("plain",)
) -> Fit:
    """Return a model's configuration whose points are computed with known values."""
    points = [
        {
            "hardware": name,
            "workers": workers,
            "seconds": Model(make_program(), MACHINES[name], truth(**values), 1000.0)
            .duration(workers)
            .seconds,
            "where": "Table I",
        }
        for name in machines
        for workers in (2, 4, 8, 16)
    ]
    one_worker = [{"hardware": name, "seconds": 1000.0, "where": "Table I"} for name in MACHINES]
    spec = {
        "paper": "made_up",
        "timing": "fig1",
        "variant": "plain",
        "scale": {"samples": 1, "epochs": 1},
        "note": "Made up.",
        "parameters": parameters,
        "one_worker": one_worker,
        "points": points,
        "machines": {name: to_builtins(machine) for name, machine in MACHINES.items()},
        "calibration": ["calibration.json"],
        "host": ["host.json"],
    }
    return convert(spec, Fit)


@pytest.mark.parametrize(
    "values",
    [
        {"serial_share": 0.2},
        {"merge_share": 0.05},
        {"loaded": 1.5},
        {"serial_share": 0.1, "sync_share": 0.004},
        {"serial_share": 0.05, "merge_share": 0.02},
    ],
)
def test_known_parameters_are_found(values: dict[str, float]) -> None:
    record = to_builtins(fit(config(list(values), values), make_program()))
    assert convert(record, ModelRecord).paper == "made_up"
    for name, value in values.items():
        assert record["parameters"][name]["value"] == pytest.approx(value, rel=0.02, abs=1e-4)
        assert record["parameters"][name]["origin"] == "fitted"
    for point in record["points"]:
        assert point["predicted"] == pytest.approx(point["observed"], rel=1e-3)


def test_what_no_point_depends_on_stays_at_its_default() -> None:
    record = to_builtins(
        fit(config(["smt_yield", "serial_share"], {"serial_share": 0.2}), make_program())
    )
    assert record["parameters"]["smt_yield"]["origin"] == "default"
    assert record["parameters"]["smt_yield"]["value"] == 0.25
    assert record["parameters"]["serial_share"]["value"] == pytest.approx(0.2, rel=0.02)


def test_a_point_left_out_is_predicted_by_the_others_alone() -> None:
    """The only machine with a second hardware thread is left out: nothing but the default speaks for it."""
    made = config(
        ["smt_yield", "serial_share"], {"serial_share": 0.1, "smt_yield": 0.5}, ("plain", "hyper")
    )
    points = [p for p in made.points if p.hardware == "plain" or p.workers == 4]
    made = structs.replace(made, points=tuple(points))
    record = to_builtins(fit(made, make_program()))
    (hyper,) = (p for p in record["points"] if p["hardware"] == "hyper")
    assert hyper["predicted"] == pytest.approx(hyper["observed"], rel=1e-3)
    default = Model(make_program(), MACHINES["hyper"], truth(serial_share=0.1), 1000.0)
    assert hyper["blind"]["point"]["model"] == pytest.approx(default.speedup(4), rel=1e-2)


def test_no_more_parameters_are_fitted_than_there_are_points() -> None:
    made = config(["serial_share", "merge_share"], {"serial_share": 0.2})
    made = structs.replace(made, points=made.points[:1])
    record = to_builtins(fit(made, make_program()))
    origins = {name: each["origin"] for name, each in record["parameters"].items()}
    assert origins["serial_share"] == "fitted"
    assert origins["merge_share"] == "default"


@pytest.mark.parametrize(
    ("printed", "speedup"),
    [({"speedup": 3.2}, 3.2), ({"time_reduction": 0.75}, 4.0), ({"seconds": 500.0}, 2.0)],
)
def test_points_are_read_as_they_are_printed(printed: dict[str, float], speedup: float) -> None:
    made = config(["serial_share"], {})
    point = PublishedSpeed(hardware="plain", workers=4, where="Fig. 2", **printed)
    made = structs.replace(made, points=(point,))
    (point,) = to_builtins(fit(made, make_program()))["points"]
    assert point["observed"] == pytest.approx(speedup)
    assert (point["hardware"], point["workers"], point["where"]) == ("plain", 4, "Fig. 2")


def test_what_is_held_out_changes_no_prediction_of_it() -> None:
    """A machine's own points, and those above half of its cores, are predicted without knowing them."""
    made = config(["serial_share"], {"serial_share": 0.2}, ("plain", "hyper"))
    changed = tuple(
        structs.replace(point, seconds=3 * point.seconds)
        if point.hardware == "plain" and point.workers == 16
        else point
        for point in made.points
    )
    one, other = (
        fit(each, make_program()) for each in (made, structs.replace(made, points=changed))
    )
    for before, after in zip(one.points, other.points, strict=True):
        if before.hardware == "plain":
            assert before.blind["machine"] == after.blind["machine"]
            assert before.blind.get("forward") == after.blind.get("forward")
    last = one.points[3]
    assert (last.hardware, last.workers) == ("plain", 16)
    assert last.blind["forward"]["model"] == pytest.approx(last.observed, rel=1e-2)
    assert last.blind["forward"]["amdahl-cores"] == pytest.approx(last.observed, rel=1e-2)
