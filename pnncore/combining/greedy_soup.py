"""The mean of those networks that do not make it worse on samples that were kept apart."""

from __future__ import annotations

from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from records.combining import GreedySoup


def merge(settings: GreedySoup, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of the best child and of each next best that leaves its accuracy as large or larger."""
    children = gathered.children
    accuracies = [gathered.accuracy(child) for child in children]
    ranked = sorted(range(len(children)), key=lambda child: -accuracies[child])
    taken, reached = [children[ranked[0]]], accuracies[ranked[0]]
    soup = mean_of(taken)
    for child in (children[each] for each in ranked[1:]):
        tried = mean_of([*taken, child])
        accuracy = gathered.accuracy(tried)
        if accuracy >= reached:
            taken, soup, reached = [*taken, child], tried, accuracy
    return Merged(soup)


RULE = Rule(
    GreedySoup,
    merge,
    "greedy mean",
    lambda children: children * (children + 1) // 2,
    judgements=lambda children: 2 * children - 1,
)
