"""Configuration files as YAML documents: read whole, or refused in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from records.errors import InputError, nearest

LARGEST: Final = 1_000_000
"""Bytes of a file: ten times as many as any of ours has, and no more than YAML reads in seconds."""

MOST: Final = 200_000
"""Keys and values of a document whose aliases are written out: twenty times as many as any of ours has."""

CHARACTERS: Final = 100
"""Characters of a text that count as one more value."""

WIDEST: Final = 4096
"""Bits of a whole number; Python does not write out much longer ones."""

MERGE: Final = "tag:yaml.org,2002:merge"
KEYS: Final = (MERGE, "tag:yaml.org,2002:str")
"""What YAML may take a key for; on, yes and 1 it takes for other things than words."""

KINDS: Final[dict[type, str]] = {type(None): "is empty", list: "is a list", str: "is a text"}
"""What is said of documents without keys; all others are a number or the like."""


# LibYAML, where PyYAML was built with it, parses ten times as fast; to compose, it would crash at lists without end.
LOADERS: Final = (
    (yaml.composer.Composer, yaml.CSafeLoader) if yaml.__with_libyaml__ else (yaml.SafeLoader,)
)


class _StrictLoader(*LOADERS):  # type: ignore[misc]
    """The safe loader; every error has its line."""

    def __init__(self, text: str) -> None:
        LOADERS[-1].__init__(self, text)
        yaml.composer.Composer.__init__(self)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            made = super().construct_object(node, deep)
        # An impossible date, a tag that its value does not suit: PyYAML lets these through.
        except (ValueError, KeyError, AttributeError) as error:
            raise yaml.constructor.ConstructorError(
                problem=str(error), problem_mark=node.start_mark
            ) from error
        if isinstance(made, int) and made.bit_length() > WIDEST:
            raise _error("a number of so many digits is none that a configuration needs", node)
        return made


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file of keys and values.

    Raises
    ------
    InputError
        If it is missing, no file, too large, not YAML, without keys, or gives a key twice.
    """
    text = _read(path)
    try:
        loader = _StrictLoader(text)
        try:
            content = _load(loader)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InputError(f"{path}{where}: not valid YAML: {problem[:200]}") from error
    except RecursionError as error:  # lists within lists without end
        raise InputError(f"{path}: not valid YAML: {error}") from error
    if isinstance(content, dict):
        return content
    kind = KINDS.get(type(content), "is a single value")
    raise InputError(
        f"{path}: {kind}; it must hold keys with their values, as the files in config/ do"
    )


def _read(path: Path) -> str:
    """Read the text of a file."""
    try:
        _check_file(path)
        with path.open("rb") as file:
            # What a file system says of a size need not be so.
            content = file.read(LARGEST + 1)
    except PermissionError as error:
        raise InputError(
            f"{path}: you may not read it; give yourself the right to (chmod u+r)"
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    if len(content) > LARGEST:
        raise InputError(
            f"{path}: is larger than {LARGEST:,} bytes, which no configuration needs; is it another file?"
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: is no text in UTF-8 ({error.reason} at byte {error.start + 1}); save it as UTF-8"
        ) from error


def _check_file(path: Path) -> None:
    if path.is_file():
        return
    if path.is_dir():
        raise InputError(f"{path}: is a folder; put a file in its place")
    if path.exists():
        raise InputError(f"{path}: is a device or a pipe and no file; put a file in its place")
    if path.is_symlink():
        raise InputError(
            f"{path}: is a link that leads nowhere, to {path.readlink()}; let it lead to a file"
        )
    there = sorted(file.stem for file in path.parent.glob("*.yaml"))
    raise InputError(f"{path}: there is no such file; {nearest(path.stem, there)}")


def _load(loader: _StrictLoader) -> Any:
    node = loader.get_single_node()
    if node is None:
        return None
    # As it was written: to be constructed, a mapping takes what it merges among its own keys.
    _weigh(node, {})
    return loader.construct_document(node)


def _check_keys(node: yaml.MappingNode) -> None:
    """Refuse keys that are given twice or are no words."""
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _error("a key must be a word, not a list or a mapping", key)
        if key.tag not in KEYS:
            raise _error(f"the key {key.value[:80]} is no word to YAML: put it in quotes", key)
        if key.tag != MERGE:
            if key.value in seen:
                raise _error(f"the key {key.value[:80]!r} is given twice", key)
            seen.add(key.value)


def _weigh(node: yaml.Node, known: dict[int, int | None]) -> int:
    """Check the keys of a document; return how many keys and values it has if all its aliases are written out.

    Parameters
    ----------
    node
        The document, or a part of it.
    known
        What parts come to that were weighed already, by their identity; None for those that are being weighed.
    """
    place = id(node)
    if place not in known:
        known[place] = None
        if isinstance(node, yaml.MappingNode):
            _check_keys(node)
        weight = 1 + len(node.value) // CHARACTERS if isinstance(node, yaml.ScalarNode) else 1
        for inner in _parts(node):
            weight += _weigh(inner, known)
            if weight > MOST:
                raise _error(
                    f"with its aliases written out, this has more than {MOST:,} keys and values; use fewer",
                    node,
                )
        known[place] = weight
    found = known[place]
    if found is None:
        raise _error("this contains an alias of itself; write out what it shall hold", node)
    return found


def _parts(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair


def _error(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
