"""Strategies by name."""

from __future__ import annotations

from importlib import import_module

from pnncore.strategies.contract import Strategy
from records.errors import InputError, nearest

MODULES: dict[str, str] = {
    "sequential": "pnncore.strategies.sequential",
    "spmd": "pnncore.strategies.spmd",
    "exemplar": "pnncore.strategies.exemplar",
    "minibatch": "pnncore.strategies.minibatch",
    "neuron": "pnncore.strategies.neuron",
    "ensemble": "pnncore.strategies.ensemble",
}
"""Module of each strategy, imported on demand. The modules that train do not import this registry, so a run depends
only on its own strategy."""


def named(name: str) -> Strategy:
    """Return the strategy of that name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in MODULES:
        raise InputError(f"strategy: there is no {name!r}; {nearest(name, MODULES)}")
    strategy: Strategy = import_module(MODULES[name]).STRATEGY
    return strategy
