"""Timings scaled to other numbers of epochs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reports.exhibits.layout import Point
from reports.pages.paper import Paper


def over_epochs(
    points: Iterable[Point], exhibit: Mapping[str, Any], paper: Paper
) -> Iterator[dict[str, Any]]:
    """Scale timings to the numbers of epochs whose times the paper prints.

    All epochs are taken to last equally long.

    Parameters
    ----------
    points
        Seconds, as `timed_points` yields them.
    exhibit, paper
        The configuration of the exhibit and of its paper.
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
    """Return the number of epochs of a timing.

    A modelled timing of the paper's program on the paper's machines has the number of epochs that the paper ran.
    """
    model = paper.get("model", {})
    if point["source"] == "modelled" and (model.get("timing"), model.get("variant")) == (
        timing,
        point["variant"],
    ):
        own = {entry["hardware"] for entry in model["points"]}
        if point["hardware"] in own:
            return int(model["scale"]["epochs"])
    return int(paper["timings"][timing]["variants"][point["variant"]]["training"]["epochs"])
