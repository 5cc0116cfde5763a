"""Ingredients of results: specification, code and software, whose digest names files and records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from pnncore import code
from pnncore.combining.registry import RULES
from pnncore.metrics.registry import METRICS
from pnncore.optimisers.registry import OPTIMISERS
from pnncore.properties.registry import PROPERTIES
from pnncore.store import digest
from pnncore.strategies.registry import STRATEGIES
from records.registry import Registry
from records.values import Entry

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

WALKED: Final[dict[str, Registry[Any]]] = {"run": METRICS}
"""Registries all of whose modules make results of a kind."""

CHOSEN: Final[dict[str, Registry[Any]]] = {"strategy": STRATEGIES, "property": PROPERTIES}
"""Keys of specifications that select a further module."""

TAGGED: Final[dict[str, Registry[Any]]] = {"optimiser": OPTIMISERS, "combine": RULES}
"""Keys, at any depth, of settings whose name selects a further module."""

MadeOf = dict[str, Any]
"""``spec``, ``code`` (digests by module) and ``software`` (versions by package)."""


def made_of(kind: str, spec: Entry) -> MadeOf:
    """Return the ingredients of results.

    Parameters
    ----------
    kind
        Kind of the results: a key of `MODULES`.
    spec
        The specification.
    """
    content = msgspec.json.decode(msgspec.json.encode(spec))
    chosen = [registry.module(content[key]) for key, registry in CHOSEN.items() if key in content]
    chosen += _tagged(content)
    walked = WALKED[kind].modules if kind in WALKED else ()
    return {"spec": content, **code.digest(*MODULES[kind], *walked, *chosen)}


def _tagged(content: Any) -> Iterator[str]:
    """Yield the modules that tagged settings select."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in TAGGED and isinstance(value, dict):
                yield TAGGED[key].module(value["name"])
            yield from _tagged(value)


def name(content: Mapping[str, Any]) -> str:
    """Return the 12 hexadecimal digits of a file's name, from its ingredients."""
    return digest(content)[:12]
