"""JSON Schemas of the typed entries in configuration files, and every mistake that they find."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend

from pnncore.known import Known
from records.errors import InputError, nearest

Json = dict[str, Any]

SHOWN: Final = 80
"""Characters of a value that a message shows."""

WORDS: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "keys with values",
    "string": "text",
}
"""What people call the types of JSON."""

BOUNDS: Final = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "minLength": "at least",
    "maxLength": "at most",
}
"""What people call the bounds of a number, and of the length of a text."""

FOLDER: Final = Path(__file__).parent / "__pycache__"
"""Folder of what was checked: Python's own, of compiled modules."""

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def _is_whole(checker: TypeChecker, value: object) -> bool:
    # To JSON Schema 2.0 is an integer; to the code that counts with it, it is not.
    return isinstance(value, int) and not isinstance(value, bool)


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)


@cache
def schema(entry: Any) -> Json:
    """Return the JSON Schema of a typed entry."""
    return {"$schema": DRAFT, **msgspec.json.schema(entry)}


def faults(content: Any, entry: Any, place: str = "") -> Iterator[str]:
    """Yield every mistake in content that is to be a typed entry: its key, what is wrong, what would be right.

    Parameters
    ----------
    content
        The content, as it was read.
    entry
        The type, such as `records.study.Paper`.
    place
        The key that the content stands under, if it is a part of a file.
    """
    if _is_right(content, entry):
        return
    errors = _Validator(schema(entry)).iter_errors(content)
    for error in sorted(errors, key=lambda error: [str(part) for part in error.absolute_path]):
        yield from _sentences(_inner(error), place)


def keep_checked() -> None:
    """Keep for later processes which contents were right."""
    _checked().keep()


@cache
def _checked() -> Known[bool]:
    return Known(bool, Path(__file__), FOLDER)


@cache
def _text(entry: Any) -> str:
    return json.dumps(schema(entry), sort_keys=True)


def _is_right(content: Any, entry: Any) -> bool:
    """Return whether content has no mistake, as found out by this or an earlier process."""
    # Unlike JSON, this tells numbers, texts and kinds of lists apart, also as keys.
    about = f"{_text(entry)}\n{content!r}".encode(errors="surrogatepass")
    return _checked().about(about, lambda: bool(_Validator(schema(entry)).is_valid(content)))


def convert(content: Any, entry: Any, source: str, place: str = "") -> Any:
    """Return content as a typed entry.

    Parameters
    ----------
    content, entry, place
        As `faults`.
    source
        The file that it was read from.

    Raises
    ------
    InputError
        If the content has mistakes: it tells all of them.
    """
    refuse(faults(content, entry, place), source)
    return msgspec.convert(content, entry)


def refuse(faults: Iterable[str], source: str) -> None:
    """Raise an error that tells all mistakes in a file, if there are any."""
    told = list(dict.fromkeys(f"{source}: {fault}" for fault in faults))
    if told:
        raise InputError.all(told)


def _inner(error: ValidationError) -> ValidationError:
    """Return the mistake in the alternative that was most likely meant, if one can be told from the others."""
    chosen = best_match([error]) if error.validator == "anyOf" else error
    return chosen or error


def _sentences(error: ValidationError, place: str) -> Iterator[str]:
    """Say what is wrong with a value, and what would be right."""
    path = [place, *error.absolute_path] if place else [*error.absolute_path]
    where = _key(path)
    wanted: Any = error.validator_value
    found: Any = error.instance
    rules: Any = error.schema if isinstance(error.schema, dict) else {}
    meaning = f" ({rules['description']})" if "description" in rules else ""
    match error.validator:
        case "additionalProperties":
            known = rules.get("properties", {})
            for name in [name for name in found if name not in known]:
                yield f"{_key([*path, name])}: unknown key; {nearest(str(name)[:SHOWN], known)}"
        case "required":
            for name in [name for name in wanted if name not in found]:
                told = rules.get("properties", {}).get(name, {}).get("description")
                yield f"{_key([*path, name])}: is missing{f' ({told})' if told else ''}"
        case "enum" | "const":
            valid = nearest(str(found)[:SHOWN], map(str, wanted))
            yield f"{where}: {_shown(found)} is not a valid value{meaning}; {valid}"
        case "pattern":
            right = rules.get("title") or f"text like {rules.get('examples', [wanted])[0]!r}"
            yield f"{where}: expected {right}, got {_shown(found)}{meaning}"
        case "minLength" | "maxLength" as bound:
            yield f"{where}: expected a length of {BOUNDS[bound]} {wanted}, got {len(found)}{meaning}"
        case str() as bound if bound in BOUNDS:
            yield f"{where}: expected {BOUNDS[bound]} {wanted}, got {_shown(found)}{meaning}"
        case "anyOf" if all(choice.keys() == {"required"} for choice in wanted):
            choices = ", ".join(key for choice in wanted for key in choice["required"])
            yield f"{where}: expected one of the keys {choices} or more{meaning}"
        case "type" | "anyOf":
            right = " or ".join(dict.fromkeys(_kinds(rules)))
            yield f"{where}: expected {right}, got {_shown(found)}{_rewritten(found, right)}{meaning}"
        case "minItems" | "minProperties":
            yield f"{where}: expected {wanted} or more entries, got {len(found)}{meaning}"
        case "uniqueItems":
            yield f"{where}: has an entry twice{meaning}"
        case "dependentRequired":
            for name, others in wanted.items():
                for other in others:
                    if name in found and other not in found:
                        yield f"{_key([*path, other])}: is missing; {name!r} needs it"
        case "oneOf":
            choices = ", ".join(" with ".join(choice["required"]) for choice in wanted)
            yield f"{where}: expected exactly one of these keys: {choices}{meaning}"
        case "not":
            yield f"{where}: this key does not belong here{meaning}"
        case _:
            yield f"{where}: {error.message.splitlines()[0][:200]}{meaning}"


def _kinds(rules: Json) -> Iterator[str]:
    """Say what a value may be: kinds of values, or one of some words."""
    for choice in rules.get("anyOf", ()):
        yield from _kinds(choice)
    yield from ("false" if word is False else str(word) for word in rules.get("enum", ()))
    kinds = rules.get("type", ["object"] if "$ref" in rules else [])
    yield from (WORDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _key(path: Iterable[str | int]) -> str:
    """Return the way to a value, such as ``experiments.fig2.workers[1]``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{str(part)[:SHOWN]}" for part in path)
    return "".join(parts).removeprefix(".") or "the file"


def _shown(value: Any) -> str:
    """Return how a value looks, or how it begins."""
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _rewritten(found: Any, right: str) -> str:
    """Say how to write the whole number that was meant."""
    if WORDS["integer"] not in right:
        return ""
    text = str(found).replace("_", "")
    if re.fullmatch(r"[-+]?0*[0-9]{1,18}(\.0*)?", text):
        return f"; write {int(float(text))}"
    return ""
