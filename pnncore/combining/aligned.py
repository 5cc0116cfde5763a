"""The mean of networks whose hidden neurons were put into one order."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from pnncore.arrays import Floats, Indices
from pnncore.combining.contract import Gathered, Merged, Rule, RuleState
from pnncore.combining.mean import mean_of
from pnncore.network.network import Network
from records.combining import Aligned

ROUNDS = 20
"""Most times that each layer's order is looked for anew."""


def merge(settings: Aligned, gathered: Gathered, state: RuleState) -> Merged:
    """Return the mean of the children, each with its hidden neurons in the order of the first child's."""
    first = Network(gathered.architecture, gathered.children[0])
    ordered = [Network(gathered.architecture, each.copy()) for each in gathered.children[1:]]
    for child in ordered:
        reorder(child, orders_like(child, first))
    return Merged(mean_of([first.parameters, *(child.parameters for child in ordered)]))


def orders_like(child: Network, first: Network) -> list[Indices]:
    """Return the order of each hidden layer's neurons in which a network is most like another.

    Likeness is the sum of the products of all weights and biases. One layer's order is found exactly, the others' held
    fast, again and again until none changes.
    """
    orders: list[Indices] = [np.arange(len(biases)) for biases in child.biases[:-1]]
    for _ in range(ROUNDS if len(orders) > 1 else 1):
        changed = False
        for layer in range(len(orders)):
            _, order = linear_sum_assignment(_likeness(child, first, orders, layer), maximize=True)
            changed |= bool((order != orders[layer]).any())
            orders[layer] = order
        if not changed:
            break
    return orders


def _likeness(child: Network, first: Network, orders: list[Indices], layer: int) -> Floats:
    """Return how like each neuron of a hidden layer is to each of the other network's, shape (theirs, its own)."""
    into, out = child.weights[layer], child.weights[layer + 1]
    if layer > 0:
        into = into[orders[layer - 1]]
    if layer + 1 < len(orders):
        out = out[:, orders[layer + 1]]
    found: Floats = first.weights[layer].T @ into + first.weights[layer + 1] @ out.T
    return found + np.outer(first.biases[layer], child.biases[layer])


def reorder(network: Network, orders: list[Indices]) -> None:
    """Put the neurons of each hidden layer into an order, in place: the network computes what it did."""
    for layer, order in enumerate(orders):
        network.weights[layer][...] = network.weights[layer][:, order]
        network.biases[layer][...] = network.biases[layer][order]
        network.weights[layer + 1][...] = network.weights[layer + 1][order]


RULE = Rule(Aligned, merge, "mean of aligned networks", averages=False)
