"""Machines and their timings, made up for a small site: measured, modelled and published."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import records_factory
import synthetic_authors
from records_factory import prediction_record, timing_record

from records.convert import convert
from records.kinds.model import ModelRecord, Point
from records.kinds.prediction import PredictionRecord
from records.kinds.repeat import NamedRepeatRecord
from records.study import Study
from reports.tables.collections import Found, Member
from reports.tables.model_error import tabulate_model_error
from reports.tables.predictions import Prediction
from reports.tables.repeats import TimingRecord, timings_of
from reports.tables.runs import Subject
from reports.tables.scaling import tabulate_scaling
from reports.tables.tidy import tabulate_parameters, tabulate_timings

WORKERS = (1, 2, 4, 8, 16, 32, 64)
CORES = {"host": 2, "ryzen": 16, "unnamed": 8}
FOLDER = Path("results/synthetic/timings")
ENVIRONMENT = {"environment": {**records_factory.ENVIRONMENT, "fingerprint": "9f2c00aa11bb"}}


def profiles(paper: str) -> dict[str, Any]:
    """Return two machines: one that is known, and one of which hardly anything is."""
    unknown = dict.fromkeys(
        ("cpu", "base_clock_ghz", "l1_data_kib", "l2_kib", "l3_kib", "memory_gb", "system"),
        "unknown",
    )
    known = {
        name: {"value": value, "source": "The maker's specification"}
        for name, value in (("cores", 16), ("threads_per_core", 2), ("max_clock_ghz", 4.0))
    }
    assumed = {
        name: {"value": value, "reason": "Its time stops falling there."}
        for name, value in (("cores", 8), ("threads_per_core", 1))
    }
    return {
        "ryzen": {
            "id": "ryzen",
            "title": "A Ryzen",
            "paper": paper,
            "facts": {**unknown, **known, "cpu": {"value": "<b>Ryzen</b>", "source": "Section 4"}},
            "assumed": {},
            "note": "It has four memory channels.",
        },
        "unnamed": {
            "id": "unnamed",
            "title": "An unnamed machine",
            "paper": None,
            "facts": {**unknown, **dict.fromkeys(known, "unknown")},
            "assumed": assumed,
            "note": "",
        },
    }


def tables(study: Study) -> dict[str, pd.DataFrame]:
    """Tabulate the timings of a study with one timed variant."""
    ((experiment, timing),) = study.timings.items()
    (variant,) = timing.variants

    def subject(workers: int) -> Subject:
        return Subject(study.id, experiment, variant, "spmd", "digits", workers, seed=1)

    measured = [_measured(subject(n)) for n in WORKERS]
    modelled = [_modelled(name, [subject(n) for n in WORKERS]) for name in CORES]
    record = ModelRecord(
        paper=study.id,
        timing=experiment,
        variant=variant,
        merges="all",
        one_worker={"ryzen": synthetic_authors.ONE_WORKER},
        parameters={},
        points=(_point(4, 3.6, 3.5, 3.3), _point(64, 11.1, 10.9, 7.4)),
        unseen=synthetic_authors.unseen(),
    )
    model = Member(Path("results/synthetic/models", f"{study.id}.json"), "", "", record)
    timings = tabulate_timings([*measured, *modelled], "sample")
    return {
        "timings": timings,
        "model_error": tabulate_model_error(study, timings, [model]),
        "scaling": tabulate_scaling(study, timings, [model]),
        "parameters": tabulate_parameters(modelled, "sample"),
    }


def _point(workers: int, observed: float, predicted: float, left_out: float) -> Point:
    return Point(
        hardware="ryzen",
        workers=workers,
        observed=observed,
        predicted=predicted,
        blind={
            "point": {"model": left_out, "unfitted": 2 * observed, "ideal": 2 * observed},
            "forward": {"model": left_out, "unfitted": 2 * observed, "efficiency": 1.05 * observed},
        },
        where="Section 4.2",
    )


def _seconds(workers: int, cores: int) -> float:
    return 10 / min(workers, cores) + 0.02 * workers


def _measured(subject: Subject) -> TimingRecord:
    cores, workers = CORES["host"], subject.workers
    seconds = [_seconds(workers, cores) * by for by in (0.96, 1.0, 1.07)]
    mark = "noisy" if workers == 8 else "clean"
    repeats = [
        convert(record | ENVIRONMENT, NamedRepeatRecord, "repeat")
        for record in timing_record(seconds, cores=cores, mark=mark, **asdict(subject))
    ]
    members = [
        Member(FOLDER / "repeat.json", "", f"w{workers}/{n}", each)
        for n, each in enumerate(repeats)
    ]
    (timing,) = timings_of(Found(tuple(members))).records
    return timing


def _modelled(machine: str, subjects: list[Subject]) -> Prediction:
    cores = CORES[machine]
    theirs = machine == "ryzen"
    factors = {key: value for key, value in asdict(subjects[0]).items() if key != "workers"}
    record = prediction_record(dict.fromkeys(WORKERS, 0.0), machine, cores, **factors)
    one = {"seconds": 10.02, "origin": "published" if theirs else "calibrated", "where": "Table I"}
    own = (
        {"merge_share": _parameter(0.1, "fitted", "share", "merging")}
        if theirs
        else {"loaded": _parameter(1.05, "calibrated", "times", "all cores busy")}
    )
    record |= {
        "implementation": "paper" if theirs else "ours",
        "one_worker": one,
        "parameters": {
            "smt_yield": _parameter(0.25, "default", "share", "what a second thread adds"),
            **own,
        },
        "timings": [_parts(workers, cores) for workers in WORKERS],
        **ENVIRONMENT,
    }
    path = FOLDER / f"{machine}.json"
    return Member(path, "", "", convert(record, PredictionRecord, str(path)))


def _parameter(value: float, origin: str, unit: str, meaning: str) -> dict[str, Any]:
    return {"value": value, "origin": origin, "unit": unit, "meaning": meaning}


def _parts(workers: int, cores: int) -> dict[str, Any]:
    seconds = 1.05 * _seconds(workers, cores)
    wait, merge = (0.1 * seconds, 0.02 * workers) if workers > 1 else (0.0, 0.0)
    parts = {"compute": seconds - wait - merge, "wait": wait, "merge": merge, "dispatch": 0.0}
    ends = {"lower": seconds, "upper": 1.02 * seconds}
    return {
        "workers": workers,
        "seconds": seconds,
        **ends,
        **parts,
        "oversubscribed": workers > cores,
    }
