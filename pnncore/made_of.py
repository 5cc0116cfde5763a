"""What results are made of: the names of files and records are digests of it."""

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
"""The modules that results of each kind are made with, besides a strategy's or a property's own."""

CHOSEN: Final = {"strategy": STRATEGIES, "property": PROPERTIES}
"""Keys of specifications that name a further module."""

MadeOf = dict[str, Any]
"""``spec``, ``code`` (digests by module) and ``software`` (versions by package)."""


def made_of(kind: str, spec: Mapping[str, Any]) -> MadeOf:
    """Return what results of a kind and a specification are made of.

    Parameters
    ----------
    kind
        One of `MODULES`.
    spec
        The specification, as JSON knows it.
    """
    chosen = [modules[spec[key]] for key, modules in CHOSEN.items() if key in spec]
    return {"spec": dict(spec), **code.digest(*MODULES[kind], *chosen)}


def name(content: Mapping[str, Any]) -> str:
    """Return the 12 hexadecimal digits that name a file by what it is made of."""
    return digest(content)[:12]
