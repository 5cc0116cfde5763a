"""Configuration files as YAML documents."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

from records.errors import InputError, nearest

MERGE: Final = "tag:yaml.org,2002:merge"
TEXT: Final = "tag:yaml.org,2002:str"

SCALARS: Final = {
    "null": (r"~|null|Null|NULL|", "~nN"),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": (r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    "float": (
        r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
        "-+.0123456789",
    ),
    "merge": ("<<", "<"),
}
"""What is read as something else than text, as in YAML 1.2: ``010``, ``0x10``, ``1:30``, ``yes`` and dates are text."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader, without the numbers of YAML 1.1, and without keys that are given twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == MERGE:
                continue
            if key.tag != TEXT:
                raise _error("a key is not text; quote it", key)
            if key.value in seen:
                raise _error(f"the key {key.value!r} is given twice", key)
            seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


class Dumper(yaml.SafeDumper):
    """The safe dumper, which also quotes text that is read as something else: a digest such as 730401e12345."""


def as_yaml(content: Any, width: int) -> str:
    """Return a document whose innermost mappings and lists stand in one line each, of at most this width."""
    text: str = yaml.dump(
        content,
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=width,
        default_flow_style=None,
    )
    return text


for _kind, (_pattern, _first) in SCALARS.items():
    for _class in (_Loader, Dumper):
        _class.add_implicit_resolver(
            f"tag:yaml.org,2002:{_kind}",
            re.compile(rf"({_pattern})\Z"),
            [*_first, ""] if _kind == "null" else list(_first),
        )


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file of keys and values.

    Raises
    ------
    InputError
        If it is missing, not YAML, without keys, or gives a key twice.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError as error:
        there = sorted(file.stem for file in path.parent.glob("*.yaml"))
        raise InputError(f"{path}: there is no such file; {nearest(path.stem, there)}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not text in UTF-8; save it as UTF-8") from error
    except (yaml.YAMLError, ValueError) as error:  # a tag that its value does not suit
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InputError(f"{path}{where}: not valid YAML: {problem}") from error
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected keys with values, as in the files of config/")
    return content


def _error(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
