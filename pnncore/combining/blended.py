"""The mean, and children on their way towards it."""

from __future__ import annotations

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from records.combining import Blended


def merge(settings: Blended, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of the children, and the children, moved towards it."""
    mean, children = mean_of(gathered.children), gathered.children
    moved = children + settings.share * (mean - children)
    return Merged(mean, moved.astype(children.dtype))


RULE = Rule(Blended, merge, "mean", lambda children: 4 * children + 1)
