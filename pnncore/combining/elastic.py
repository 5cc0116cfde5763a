"""Children and a centre that attract each other."""

from __future__ import annotations

from pnncore.combining.blended import towards
from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from records.combining import Elastic


def merge(settings: Elastic, gathered: Gathered, state: RuleState) -> Merged:
    """Return the centre, moved towards the children's mean, and the children, moved towards where it was."""
    centre = gathered.start
    return Merged(
        towards(mean_of(gathered.children), centre, settings.moving),
        [towards(centre, child, settings.attraction) for child in gathered.children],
    )


RULE = Rule(
    Elastic, merge, "centre", lambda children: 4 * children + 3, keeps_one=False, averages=False
)
