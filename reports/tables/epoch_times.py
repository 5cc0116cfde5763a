"""How long so many epochs take, by timings of fewer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reports.exhibits.layout import Point
from reports.pages.paper import Paper


def over_epochs(
    points: Iterable[Point], exhibit: Mapping[str, Any], paper: Paper
) -> Iterator[dict[str, Any]]:
    """Yield the time of as many epochs as the paper prints a time of, for each timed number of workers.

    An epoch takes as long as any other: a timing of some epochs stands for any number of them.

    Parameters
    ----------
    points
        Seconds, as `timed_points` yields them.
    exhibit, paper
        The exhibit and its paper in the configuration.
    """
    for point in points:
        timed = _timed_epochs(point, exhibit["experiment"], paper)
        printed = (p for p in exhibit.get("published", ()) if p["workers"] == point["workers"])
        for epoch in dict.fromkeys(entry["epoch"] for entry in printed):
            ends = {
                end: point[end] * epoch / timed
                for end in ("y", "lower", "upper")
                if point[end] is not None
            }
            yield {**point, "epoch": epoch, **ends}


def _timed_epochs(point: Point, timing: str, paper: Paper) -> int:
    """Return how many epochs a timing is of: a paper's own program, on its own machines, has its own number."""
    model = paper.get("model", {})
    if point["source"] == "modelled" and (model.get("timing"), model.get("variant")) == (
        timing,
        point["variant"],
    ):
        own = {entry["hardware"] for entry in model["points"]}
        if point["hardware"] in own:
            return int(model["scale"]["epochs"])
    return int(paper["timings"][timing]["variants"][point["variant"]]["training"]["epochs"])
