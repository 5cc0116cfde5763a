"""The mean, and children on their way towards it."""

from __future__ import annotations

from pnncore.arrays import Floats
from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from records.combining import Blended


def merge(settings: Blended, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of the children, and the children, moved towards it."""
    mean = mean_of(gathered.children)
    return Merged(mean, [towards(mean, child, settings.share) for child in gathered.children])


def towards(aim: Floats, network: Floats, share: float) -> Floats:
    """Return a network that has moved a share of its way to another, of its type."""
    moved: Floats = network + network.dtype.type(share) * (aim - network)
    return moved


RULE = Rule(Blended, merge, "mean", lambda children: 4 * children + 1)
