"""Descriptions of the keys of typed entries, for people: values, default and a sentence each."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import msgspec

Json = dict[str, Any]


class Key(NamedTuple):
    """A key of an entry.

    Attributes
    ----------
    name
        Its name.
    values
        The values that it may have.
    default
        Its default, as JSON; empty if the key is required or has no default.
    sentence
        What it is.
    required
        Whether it must be given.
    """

    name: str
    values: str
    default: str
    sentence: str
    required: bool


def describe(entry: type[msgspec.Struct]) -> list[Key]:
    """Describe the keys of a typed entry, in their order, without the key that tells its type."""
    schema = msgspec.json.schema(entry)
    rules = schema["$defs"][schema["$ref"].rpartition("/")[2]]
    return [
        Key(
            name,
            _with_default(_values(rule), rule),
            _default(rule),
            rule.get("description", ""),
            name in rules["required"],
        )
        for name, rule in rules["properties"].items()
        if name != entry.__struct_config__.tag_field
    ]


def _default(rule: Json) -> str:
    if "default" not in rule or isinstance(rule["default"], dict):
        return ""
    value = rule["default"]
    return value if isinstance(value, str) and value else json.dumps(value)


def _with_default(values: str, rule: Json) -> str:
    """Put the default first among words."""
    if not {"enum", "type"} & rule.keys() or rule.get("type", "boolean") != "boolean":
        return values
    words = values.split(", ")
    return ", ".join(sorted(words, key=lambda word: word != _default(rule)))


def _values(rule: Json) -> str:
    """Say which values a rule of a JSON Schema allows."""
    if "anyOf" in rule:
        return " or ".join(dict.fromkeys(map(_values, rule["anyOf"])))
    if "enum" in rule:
        return ", ".join("false" if value is False else str(value) for value in rule["enum"])
    match rule.get("type"):
        case "integer" | "number":
            return _numbers(rule)
        case "boolean":
            return "true, false"
        case "array":
            return f"a list of: {_values(rule['items'])}" if rule.get("items") else "a pair"
        case "null":
            return "null"
        case "string":
            return "text"
        case _:
            return "keys"


def _numbers(rule: Json) -> str:
    kind = "whole number" if rule["type"] == "integer" else "number"
    bounds = [
        f"{word} {_short(rule[bound])}"
        for bound, word in (
            ("minimum", "from"),
            ("exclusiveMinimum", "above"),
            ("maximum", "to"),
            ("exclusiveMaximum", "below"),
        )
        if bound in rule and abs(rule[bound]) < 2**31 - 1
    ]
    return " ".join([kind, *bounds])


def _short(bound: float) -> str:
    return f"{bound:,}" if isinstance(bound, int) else f"{bound:g}"
