"""Rules between the keys of an entry, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Rule = dict[str, Any]


def exactly_one(*choices: Sequence[str]) -> Rule:
    """Require one of several groups of keys, and no second one."""
    return {"oneOf": [{"required": list(keys)} for keys in choices]}


def at_least_one(*keys: str) -> Rule:
    """Require one or more of these keys."""
    return {"anyOf": [{"required": [key]} for key in keys]}


def together(needed: Mapping[str, str]) -> Rule:
    """Require, beside each of these keys, another."""
    return {"dependentRequired": {key: [other] for key, other in needed.items()}}


def where(key: str, values: Sequence[str], then: Rule, otherwise: Rule | None = None) -> Rule:
    """Apply a rule to entries in which a key has one of these values, and another to the rest."""
    matching = {"required": [key], "properties": {key: {"enum": list(values)}}}
    return {"if": matching, "then": then, **({"else": otherwise} if otherwise else {})}


def required(*keys: str) -> Rule:
    """Require all of these keys."""
    return {"required": list(keys)}


def without(*keys: str) -> Rule:
    """Refuse these keys."""
    return {"properties": {key: {"not": {}} for key in keys}}
