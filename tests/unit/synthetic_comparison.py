"""A comparison of strategies, made up for a small site."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp
from typing import Any

import synthetic_machines
import synthetic_strategies
from metric_words import labelled

from records.study import Study
from reports.exhibits import columns as exhibits
from reports.pages.paper_tables import PaperTables
from reports.tables.tidy import EPOCHS, table
from reports.verdicts import claims as verdicts
from reports.verdicts import findings

ID = "strategies"
TITLES = {
    "sequential": "one network (sequential)",
    "ensemble": "networks that never meet (ensemble)",
    "neuron": "threads sharing neurons (neuron)",
}
RYZEN = "A Ryzen"
MACHINES = {
    "host": ("this machine", "measured", {"ensemble": 1.9, "neuron": 0.5}),
    "ryzen": (RYZEN, "modelled", {"ensemble": 12.0, "neuron": 0.02}),
}
"""What the pages call a machine, where its times come from, and how many times as fast a strategy is there."""


def comparison(edition: dict[str, Any], settings: dict[str, Any]) -> Study:
    """Return a resolved configuration."""

    def variant(name: str) -> dict[str, Any]:
        workers = [1] if name == "sequential" else [2, 16]
        return {"title": TITLES[name], "strategy": name, "workers": workers, **settings}

    def exhibit(title: str, chart: str, x: str, **other: Any) -> dict[str, Any]:
        shown = {"label": title, "title": title, "chart": chart, "experiment": ID, "x": x}
        return {**shown, "metrics": ["test_accuracy"], **other}

    study = {
        "id": ID,
        "name": "Strategies",
        "title": "Strategies side by side",
        "subject": "All strategies on one <small> network.",
        "method": "Accuracies are measured.",
        "edition": edition,
        "experiments": {
            ID: {
                "title": "Accuracy",
                "dataset": "mnist",
                "variants": {name: {**variant(name), "seeds": [1, 2, 3]} for name in TITLES},
            }
        },
        "timings": {
            ID: {
                "title": "Training time",
                "dataset": "mnist",
                "variants": {"ensemble": {**variant("ensemble"), "repeats": 3}},
            }
        },
        "exhibits": {
            "accuracy": exhibit("Accuracy", "accuracy_of_strategies", "epoch"),
            "time": exhibit("Time", "time_to_accuracy", "workers", timing=ID, threshold=0.9),
            "trade-off": exhibit(
                "Trade-off", "accuracy_change", "speedup", timing=ID, against="sequential"
            ),
        },
        "left_out": {},
    }
    return synthetic_strategies.presented(study)


def tables(study: Study) -> PaperTables:
    """Return the comparison with its tables."""
    return PaperTables(
        study,
        exhibits=table([*_accuracy(), *_time(), *_trade_off()], exhibits.COLUMNS),
        claims=table([], verdicts.COLUMNS),
        findings=table([], findings.COLUMNS),
        epochs=table([], EPOCHS),
        **synthetic_machines.tables(study),
    )


def _point(exhibit: str, variant: str, workers: int, **other: Any) -> dict[str, Any]:
    point = {
        "edition": "sample",
        "paper": ID,
        "exhibit": exhibit,
        "panel": "",
        "series": TITLES[variant],
        "variant": variant,
        "workers": workers,
        "seeds": "3",
        "source": "measured",
        "evidence": f"results/synthetic/runs/{ID}/{variant}",
    }
    return labelled(point | other)


def _counts(variant: str) -> tuple[int, ...]:
    return (1,) if variant == "sequential" else (2, 16)


def _accuracy() -> Iterator[dict[str, Any]]:
    for variant in TITLES:
        for count in _counts(variant):
            pace = 1.0 if variant != "ensemble" else 1 / count
            for epoch in range(9):
                y = 0.97 - 0.87 * exp(-pace * epoch)
                place = {"x": epoch, "x_name": "epoch", "y": y, "y_name": "test_accuracy"}
                ends = {"lower": y - 0.004, "upper": y + 0.004, "unit": "fraction"}
                panel = "" if variant == "sequential" else f"{count} workers"
                yield _point("accuracy", variant, count, panel=panel, **place, **ends)


def _time() -> Iterator[dict[str, Any]]:
    """Yield epochs and seconds to an accuracy that the ensemble of sixteen never reaches."""
    for variant in TITLES:
        for count in _counts(variant):
            epochs = None if (variant, count) == ("ensemble", 16) else 4
            place = {"x": count, "x_name": "workers"}
            counted = {"y": epochs, "y_name": "epochs_to_accuracy", "unit": "epochs"}
            panel = "epochs to the accuracy"
            yield _point("time", variant, count, panel=panel, **place, **counted)
            for hardware, (title, source, speedups) in MACHINES.items():
                y = epochs and epochs / speedups.get(variant, 1.0)
                ends = {"lower": y and 0.9 * y, "upper": y and 1.1 * y}
                own = {"panel": f"time to the accuracy · {title}", "seeds": None, "unit": "s"}
                own |= {"y": y, "y_name": "seconds_to_accuracy", "hardware": hardware}
                own |= ends if source == "measured" else {}
                yield _point("time", variant, count, source=source, **place, **own)


def _trade_off() -> Iterator[dict[str, Any]]:
    changes = {"sequential": 0.0, "ensemble": -0.2, "neuron": 0.0}
    for hardware, (title, source, speedups) in MACHINES.items():
        for variant in TITLES:
            for count in _counts(variant):
                y = changes[variant] * count
                place = {"x": speedups.get(variant, 1.0), "x_name": "speedup"}
                own = {"y": y, "y_name": "accuracy_change", "unit": "points", "panel": title}
                own |= {"lower": y - 0.1, "upper": y + 0.1} if y else {"lower": y, "upper": y}
                own |= {"hardware": hardware, "oversubscribed": count > 2 and hardware == "host"}
                yield _point("trade-off", variant, count, source=source, **place, **own)
