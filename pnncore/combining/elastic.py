"""Children and a centre that attract each other."""

from __future__ import annotations

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from records.combining import Elastic


def merge(settings: Elastic, gathered: Gathered, state: RuleState) -> Merged:
    """Return the centre, moved towards the children's mean, and the children, moved towards where it was."""
    centre, children = gathered.start, gathered.children
    moved = centre + settings.moving * (mean_of(children) - centre)
    attracted = children - settings.attraction * (children - centre)
    return Merged(moved.astype(children.dtype), attracted.astype(children.dtype))


RULE = Rule(
    Elastic, merge, "centre", lambda children: 4 * children + 3, keeps_one=False, averages=False
)
