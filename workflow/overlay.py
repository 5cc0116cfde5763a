"""Settings over settings."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Json = dict[str, Any]


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Json:
    """Return `base` with the values of `over`; mappings are merged key by key, everything else is replaced.

    So is a mapping by one with another `name`, whose keys are not those of the first.
    """
    found = deepcopy(dict(base))
    for key, value in over.items():
        there = found.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping) and _same(there, value):
            found[key] = merged(there, value)
        else:
            found[key] = deepcopy(value)
    return found


def _same(base: Mapping[str, Any], over: Mapping[str, Any]) -> bool:
    """Return whether a mapping changes another one's keys, rather than being one with another name."""
    return bool(over.get("name", base.get("name")) == base.get("name"))
