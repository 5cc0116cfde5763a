"""Tests of a model: which published points a fit is given, and which it has to predict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pnncore.model.point import Point
from records.kinds.model import Test


class Holdout(NamedTuple):
    """Points that are held out of a fit.

    Attributes
    ----------
    test
        What kind of points is held out.
    held
        The points to predict.
    seen
        The points to fit.
    """

    test: Test
    held: list[Point]
    seen: list[Point]


def holdouts(points: Sequence[Point]) -> Iterator[Holdout]:
    """Yield each point held out alone, each of several machines, and what lies above half of a machine's cores.

    A machine has a forward test if it has a point up to half of its cores; such points of all machines are seen.
    """
    for place, point in enumerate(points):
        yield Holdout("point", [point], [*points[:place], *points[place + 1 :]])
    machines = list(dict.fromkeys(point.machine for point in points))
    if len(machines) > 1:
        for machine in machines:
            held = [point for point in points if point.machine == machine]
            yield Holdout("machine", held, [p for p in points if p.machine != machine])
    seen = [point for point in points if 2 * point.workers <= point.machine.cores]
    begun = {point.machine for point in seen}
    rest = [point for point in points if point.machine in begun and point not in seen]
    if rest:
        yield Holdout("forward", rest, seen)
