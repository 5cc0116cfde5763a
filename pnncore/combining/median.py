"""The median of networks, parameter by parameter."""

from __future__ import annotations

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.trimmed import comparisons, middle_mean
from records.combining import Median


def merge(settings: Median, gathered: Gathered, state: RuleState) -> Merged:
    """Return the median of each parameter: the mean of its one or two middle values."""
    return Merged(middle_mean(gathered.children, (len(gathered.children) - 1) // 2))


RULE = Rule(Median, merge, "median", comparisons)
