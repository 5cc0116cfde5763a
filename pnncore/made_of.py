"""Ingredients of results: specification, code and software, whose digest names files and records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pnncore import code
from pnncore.properties.registry import MODULES as PROPERTIES
from pnncore.store import digest
from pnncore.strategies.registry import MODULES as STRATEGIES

MODULES: Final = {
    "run": ("pnncore.run",),
    "repeat": ("pnncore.timing.repeat",),
    "calibration": ("pnncore.model.calibration",),
    "property": ("pnncore.properties.examination",),
    "model": ("pnncore.model.fit",),
    "prediction": ("pnncore.model.prediction",),
    "gallery": ("pnncore.data.class_images",),
}
"""Modules that make the results of each kind, in addition to a strategy's or a property's own."""

CHOSEN: Final = {"strategy": STRATEGIES, "property": PROPERTIES}
"""Keys of specifications that select a further module."""

MadeOf = dict[str, Any]
"""``spec``, ``code`` (digests by module) and ``software`` (versions by package)."""


def made_of(kind: str, spec: Mapping[str, Any]) -> MadeOf:
    """Return the ingredients of results.

    Parameters
    ----------
    kind
        Kind of the results: a key of `MODULES`.
    spec
        The specification, as JSON content.
    """
    chosen = [modules[spec[key]] for key, modules in CHOSEN.items() if key in spec]
    return {"spec": dict(spec), **code.digest(*MODULES[kind], *chosen)}


def name(content: Mapping[str, Any]) -> str:
    """Return the 12 hexadecimal digits of a file's name, from its ingredients."""
    return digest(content)[:12]
