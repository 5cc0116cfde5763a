"""Properties by name."""

from __future__ import annotations

from importlib import import_module

from pnncore.properties.contract import Property
from records.errors import InputError, nearest

MODULES: dict[str, str] = {
    "activations": "pnncore.properties.activations",
    "softmax": "pnncore.properties.softmax",
    "quadratic-loss": "pnncore.properties.quadratic_loss",
    "merging": "pnncore.properties.merging",
    "batch-gradient": "pnncore.properties.batch_gradient",
    "feed-forward": "pnncore.properties.feed_forward",
    "back-propagation": "pnncore.properties.back_propagation",
    "weight-files": "pnncore.properties.weight_files",
    "handing-out": "pnncore.properties.handing_out",
    "worker-batches": "pnncore.properties.worker_batches",
    "structs": "pnncore.properties.structs",
}
"""Module of each property, imported on demand so that a record depends only on its own."""


def named(name: str) -> Property:
    """Return the property of that name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in MODULES:
        raise InputError(f"property: there is no {name!r}; {nearest(name, MODULES)}")
    found: Property = import_module(MODULES[name]).PROPERTY
    return found
