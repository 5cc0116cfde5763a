"""What the authors of a paper measured and did not print, made up for a small site."""

from __future__ import annotations

from typing import Any

from records.kinds.model import PrintedTime, UnseenPoint

ONE_WORKER = PrintedTime(seconds=10.02, where="Table I")
"""What the paper prints of the machine."""


def entry(**changes: Any) -> dict[str, Any]:
    """Return an entry of config/authors.yaml: training and testing with 1, 8 and 16 workers."""
    files = [{"file": "results/run.csv", "bytes": 1, "sha256": "0" * 64}]
    seconds = {1: (10.0, 5.0), 8: (2.5, 2.0), 16: (2.0, 2.0)}
    return {
        "repository": "https://example.org/authors",
        "commit": "0" * 40,
        "licence": {"name": "MIT"},
        "note": "One campaign.",
        "layers": [784, 100, 10],
        "scale": {"samples": 1000, "epochs": 1},
        "campaign_difference": [
            {"machine": "ryzen", "least": 0.07, "most": 0.15, "source": "an earlier campaign"}
        ],
        "format": "passes",
        "mirrors": ["https://example.org/authors/"],
        "runs": [
            {
                "machine": "ryzen",
                "workers": workers,
                "training": _spread(training),
                "testing": _spread(testing),
                "files": files,
            }
            for workers, (training, testing) in seconds.items()
        ],
        **changes,
    }


def unseen() -> tuple[UnseenPoint, ...]:
    """Return the speed-ups of the entry that the paper does not print, with predictions."""
    return (_point(8, 4.0, 4.4), _point(16, 5.0, 4.9))


def _spread(median: float) -> dict[str, Any]:
    ends = {"least": 0.8, "lower": 0.9, "median": 1.0, "upper": 1.1, "most": 1.2}
    return {"passes": 100, **{name: by * median for name, by in ends.items()}}


def _point(workers: int, observed: float, predicted: float) -> UnseenPoint:
    return UnseenPoint(
        hardware="ryzen",
        workers=workers,
        observed=observed,
        lower=0.9 * observed,
        upper=1.1 * observed,
        predicted={"model": predicted, "line": 0.8 * observed, "unfitted": 2 * observed},
    )
