"""A small site's inputs, made up: every chart, every verdict, an exhibit that was not run."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp
from typing import Any

import synthetic_machines

from reports import exhibits, verdicts
from reports.metrics import METRICS
from reports.paper_tables import PaperTables
from reports.tables import table

EDITION = {
    "name": "sample",
    "title": "Sample edition",
    "notice": "This is the sample edition. It is not MNIST: 1,797 small digits stand in for it.",
    "datasets": {"mnist": "digits"},
}
ID = "kalwarowskyj_schikuta"
BROADCAST = "merged every epoch, child networks go on from the mean"
SHADOW = "merged every epoch for testing only, child networks go on alone"
TITLES = {"spmd-broadcast": BROADCAST, "spmd-shadow": SHADOW}
HOST = {"series": "this machine", "hardware": "host"}
RYZEN = {"series": "A Ryzen", "hardware": "ryzen", "source": "modelled"}
COUNTS = (1, 2, 5, 10, 15, 20, 25, 30)


def provenance() -> dict[str, Any]:
    """Return the content of a provenance.json."""
    run = {"paper": ID, "experiment": "fig2", "dataset": "digits", "status": "completed"}
    clocks = {"seconds_train": 1.25, "seconds_evaluate": 0.25}
    return {
        "version": "0.1.0",
        "edition": EDITION,
        "config": {"edition": "sample", "papers": [ID]},
        "datasets": [
            {
                "name": "digits",
                "title": "Handwritten digits of scikit-learn",
                "classes": 10,
                "image": [28, 28],
                "licence": {"name": "CC BY 4.0", "url": "https://creativecommons.org/"},
                "citation": "E. Alpaydin and C. Kaynak, 1998.",
                "splits": {
                    split: {
                        "samples": n,
                        "images_sha256": "25a1" * 16,
                        "labels_sha256": "33fe" * 16,
                    }
                    for split, n in (("train", 1437), ("test", 360))
                },
            }
        ],
        "machines": synthetic_machines.profiles(ID),
        "measurable": ["host"],
        "environments": [_environment("9f2c00aa11bb", 47), _environment("77aa00cc22dd", 1)],
        "runs": [
            {
                **run,
                **clocks,
                "variant": variant,
                "workers": count,
                "seed": seed,
                "record": "r.json",
            }
            for variant in TITLES
            for count in COUNTS
            for seed in (1, 2, 3)
        ],
        "timings": [
            {**run, "experiment": "fig4", "variant": "spmd-once", "workers": count}
            | {
                "hardware": "host",
                "source": "measured",
                "repeats": 5,
                "seconds_total": 10.0 / count,
            }
            for count in (1, 2, 4, 8, 16, 32)
        ],
    }


def paper() -> dict[str, Any]:
    """Return a resolved configuration."""
    network = {"hidden": [256]}
    spmd = {
        name: {"title": title, "strategy": "spmd", "network": network, "workers": list(COUNTS)}
        | {"seeds": [1, 2, 3]}
        for name, title in TITLES.items()
    }
    single = {"title": "one network on all the data", "strategy": "sequential", "network": network}
    single |= {"workers": [1], "seeds": [1, 2, 3]}
    once = {"title": "one merge at the end", "workers": [1, 2, 4, 8, 16, 32, 64], "seed": 1}
    once |= {"hardware": ["host", "ryzen"], "network": network, "strategy": "spmd"}
    return {
        "id": ID,
        "name": "Kalwarowskyj & Schikuta",
        "key": "KS",
        "citation": {
            "title": "SPMD-based Neural Network Simulation with Golang",
            "authors": ["Daniela Kalwarowskyj", "Erich Schikuta"],
            "venue": "International Conference on Computational Science",
            "publisher": "Springer",
            "year": 2023,
            "pages": "563–570",
        },
        "method": "The training set is cut into as many slices as there are child networks.",
        "confidence": "top",
        "edition": EDITION,
        "experiments": {
            "fig2": {"title": "Accuracy by child networks", "dataset": "mnist", "variants": spmd},
            "fig5": {
                "title": "Accuracy and confidence",
                "dataset": "mnist",
                "variants": {"sequential": single},
            },
        },
        "timings": {"fig4": {"title": "Time", "dataset": "mnist", "variants": {"spmd-once": once}}},
        "exhibits": _exhibits(),
        "model": {"timing": "fig4", "variant": "spmd-once", "note": "It knows no caches."},
        "claims": [],
        "cross_checks": [
            {
                "id": "KS-X02",
                "kind": "derived",
                "statement": "Fewer updates explain most of the loss.",
                "claims": ["KS-C05"],
                "exhibits": ["fig2"],
                "numbers": [
                    {
                        "name": "updates",
                        "value": 480,
                        "unit": "updates",
                        "from": "60000 / 30 / 50 * 12",
                    }
                ],
            }
        ],
    }


def tables() -> PaperTables:
    """Return the paper with its tables."""
    return PaperTables(
        paper(),
        exhibits=table(_points(), exhibits.COLUMNS),
        claims=table(_claims(), verdicts.COLUMNS),
        **synthetic_machines.tables(paper()),
    )


def _environment(fingerprint: str, records: int) -> dict[str, Any]:
    return {
        "python": "3.11.7",
        "packages": {"numpy": "2.4.6", "joblib": "1.6.0"},
        "blas": {"library": "openblas", "version": "0.3.30", "threads": 1},
        "host": {
            "cpu": "A processor",
            "physical_cores": 2,
            "logical_cores": 2,
            "memory_gb": 24.0,
            "system": "Linux x86_64",
        },
        "fingerprint": fingerprint,
        "records": records,
    }


def _exhibits() -> dict[str, Any]:
    def exhibit(label: str, title: str, chart: str, source: str) -> dict[str, Any]:
        note = f"{title}, over its range."
        return {"label": label, "title": title, "note": note, "chart": chart, "experiment": source}

    return {
        "fig1": exhibit("Fig. 1", "Design of a parallel network", "diagram", "fig2"),
        "fig2": exhibit("Fig. 2", "Accuracy by child networks", "accuracy_by_epoch", "fig2"),
        "fig3": exhibit("Fig. 3", "Merged against children", "accuracy_of_children", "fig3"),
        "fig4": exhibit("Fig. 4", "Training time by goroutines", "time_by_workers", "fig4"),
        "fig4-saving": exhibit("Fig. 4", "Time saved", "saving_by_workers", "fig4"),
        "fig5": exhibit("Fig. 5", "Confidence", "accuracy_and_confidence", "fig5"),
        "hidden": exhibit("Section 4.1", "Hidden neurons", "accuracy_by_hidden", "hidden"),
        "lost": exhibit("Fig. 6", "An experiment without records", "accuracy_by_epoch", "lost"),
    }


def _point(exhibit: str, x: float | None, y: float | None, **other: Any) -> dict[str, Any]:
    spread = 0.006 if y is not None and other.get("source", "measured") == "measured" else None
    return {
        "edition": "sample",
        "paper": ID,
        "exhibit": exhibit,
        "panel": "",
        "series": "",
        "workers": 1,
        "x": x,
        "x_name": "epoch",
        "y": y,
        "y_name": "test_accuracy",
        "lower": y - spread if spread and y is not None else None,
        "upper": y + spread if spread and y is not None else None,
        "seeds": "3",
        "unit": "fraction",
        "source": "measured",
        "hardware": None,
        "mark": None,
        "where": None,
        "evidence": f"results/synthetic/runs/{ID}/{exhibit}/w1/seed1.json",
    } | other


def _points() -> Iterator[dict[str, Any]]:
    yield from _fig2()
    yield from _fig3()
    yield from _fig4()
    yield from _fig4_saving()
    yield from _fig5()
    for hidden, y in (
        (20, 0.91),
        (50, 0.935),
        (100, 0.948),
        (256, 0.957),
        (400, 0.96),
        (600, 0.962),
    ):
        yield _point("hidden", hidden, y, x_name="hidden", variant=f"hidden-{hidden}")


def _fig2() -> Iterator[dict[str, Any]]:
    for variant, title in TITLES.items():
        loss = 0.02 if variant == "spmd-shadow" else 0.0
        for count in COUNTS:
            name = f"{count} child network{'s' * (count > 1)}"
            for epoch in range(21):
                y = 0.98 - loss - 0.001 * count - 0.85 * exp(-epoch * (0.6 + 3 / count))
                yield _point(
                    "fig2", epoch, y, panel=title, series=name, workers=count, variant=variant
                )
        for count, epoch in ((2, 1), (30, 12)):
            yield _published("fig2", epoch, 0.945, title, workers=count, series=f"PNN {count}")


def _fig3() -> Iterator[dict[str, Any]]:
    for count in (2, 10, 20):
        for epoch in range(0, 301, 5):
            merged = 0.975 - 0.001 * count - 0.87 * exp(-epoch / 8)
            panel = f"{count} child networks"
            yield _point("fig3", epoch, merged, panel=panel, workers=count, series="accuracy")
            name = "mean accuracy of child networks"
            y = max(merged - 0.0008 * (count - 6) / 10, 0)
            yield _point(
                "fig3",
                epoch,
                y,
                panel=panel,
                workers=count,
                series=name,
                y_name="child_accuracy_mean",
            )


def _fig4_saving() -> Iterator[dict[str, Any]]:
    other = {"x_name": "goroutines", "y_name": "time_reduction"}
    for count, saved in ((1, 0.0), (2, 0.46), (4, 0.02), (64, -0.6)):
        ours = {"workers": count, "lower": None, "upper": None, "seeds": None}
        yield _point("fig4-saving", count, saved, **other, **ours, **HOST)
        yield _point("fig4-saving", count, 1 - 1 / min(count, 16), **other, **ours, **RYZEN)
    theirs = {**RYZEN, "source": "published", "workers": 64, "evidence": None}
    yield _point("fig4-saving", 64, 0.91, **other, **theirs)


def _fig4() -> Iterator[dict[str, Any]]:
    for count in (1, 2, 4, 8, 16, 32):
        seconds = 10 / min(count, 2) * (1 - 0.02 * count**0.5)
        other = {"workers": count, "x_name": "goroutines", "y_name": "seconds", "unit": "s"}
        ends = {"lower": seconds * 0.96, "upper": seconds * 1.07, "seeds": None}
        yield _point(
            "fig4",
            count,
            seconds,
            variant="spmd-once",
            mark="noisy" if count == 8 else "oversubscribed" if count > 2 else "clean",
            oversubscribed=count > 2,
            **other,
            **ends,
            **HOST,
        )


def _fig5() -> Iterator[dict[str, Any]]:
    networks = (
        ("sequential", 1, 0.97, 2.0),
        ("spmd-broadcast", 10, 0.93, 5.0),
    )
    for variant, workers, top, pace in networks:
        for metric, lag in (("test_accuracy", 1.0), ("confidence_top", 1.8)):
            for epoch in range(51):
                y = top - 0.86 * exp(-epoch / pace / lag) - (0.02 if lag > 1 and pace > 2 else 0)
                other = {"workers": workers, "variant": variant, "y_name": metric}
                series = f"{workers} network · {METRICS[metric].label}"
                yield _point("fig5", epoch, y, series=series, **other)
    yield _published("fig5", None, 0.94, "", series="one network levels off")
    yield _published("fig5", 8, None, "", series="the curves of one network meet")


def _published(exhibit: str, x: float | None, y: float | None, panel: str, **other: Any) -> Any:
    own = {"source": "published", "where": "Section 4.1", "seeds": None, "evidence": None}
    return _point(exhibit, x, y, panel=panel, **own, **other)


def _claims() -> Iterator[dict[str, Any]]:
    rows: tuple[tuple[str, str, str, str, Any, Any], ...] = (
        ("KS-C05", "fig2", "spmd-broadcast", "reproduced", None, -0.98),
        ("KS-C05", "fig2", "spmd-shadow", "contradicted", None, 0.12),
        ("KS-C06", "fig2", "spmd-broadcast", "contradicted", 1, 3),
        ("KS-C07", "fig2", "spmd-broadcast", "trend only", 12, 16),
        ("KS-C26", "fig5", "", "trend only", 0.94, 0.951),
        ("KS-C37", "", "", "", None, None),
        ("KS-C38", "", "", "not testable here", None, None),
    )
    for name, exhibit, reading, verdict, published, ours in rows:
        fraction = isinstance(published, float)
        yield {
            "id": name,
            "paper": ID,
            "kind": "accuracy",
            "statement": "Accuracy clearly falls as the number of child networks grows.",
            "where": "Section 4.1",
            "exhibit": exhibit,
            "published": published,
            "ours": ours,
            "unit": "fraction" if fraction else "",
            "seeds": "3" if ours is not None else None,
            "interval": "[0.945, 0.957]" if fraction else None,
            "reading": reading,
            "verdict": verdict,
            "reason": "Rank correlation at epoch 20: expected below 0, found −0.98.",
            "evidence": f"results/synthetic/runs/{ID}/fig2" if exhibit else None,
        }
