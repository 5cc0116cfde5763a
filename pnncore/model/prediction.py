"""Modelled timings of a variant on a machine, by number of workers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from pnncore.model.parameters import VERSION, as_json, from_json
from pnncore.model.program import Model, Program
from records.machine import Machine


def predict(
    variant: Mapping[str, Any],
    host: Mapping[str, Any],
    machine: Machine,
    published: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Predict a variant's timings on a machine.

    Parameters
    ----------
    variant, host
        Calibration records of the variant and of this host.
    machine
        The machine.
    published
        Model record of the paper, to predict its own program on its own machine; None to predict ours.

    Returns
    -------
    dict
        Prediction record: see docs/architecture.md.
    """
    if published is None:
        program = Program.from_calibrations(variant, host)
        parameters, printed = program.defaults(), None
    else:
        program = Program.of_paper(variant, host, published["merges"])
        parameters = from_json(published["parameters"])
        printed = published["one_worker"].get(machine.name)
    model = Model(program, machine, parameters, None if printed is None else printed["seconds"])
    one = model.duration(1).seconds
    return {
        "record": "prediction",
        "version": VERSION,
        "spec": variant["spec"],
        "hardware": machine.name,
        "source": "modelled",
        "implementation": "ours" if published is None else "paper",
        "machine": msgspec.to_builtins(machine),
        "one_worker": {"seconds": one, "origin": "calibrated", "where": None}
        if printed is None
        else {"seconds": one, "origin": "published", "where": printed["where"]},
        "parameters": as_json(parameters),
        "timings": [
            {
                "workers": workers,
                **model.duration(workers).as_json(),
                "oversubscribed": workers > machine.hardware_threads,
            }
            for workers in variant["spec"]["workers"]
        ],
        "environment": variant["environment"],
    }
