"""Fingerprints of code and of configurations, so that an edit reruns what it can change and nothing else.

Snakemake sees the text of a ``shell:`` command but not the modules behind it. A rule therefore has, among its params,
the digest of the modules that its command imports, and the versions of the packages that those import.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeGuard

from workflow.sources import PACKAGES


@cache
def digest(*modules: str) -> str:
    """Return the fingerprints of modules and of all that they import from this project, and the software they rest on.

    They are made from the syntax trees without docstrings: comments, docstrings and formatting do not change them.

    Parameters
    ----------
    *modules
        Full names, such as ``pnncore.run``.

    Returns
    -------
    str
        JSON, ``{"code": {module: 8 hexadecimal digits}, "software": {package: version}}``, Python's minor version among
        the latter: two of them tell what differs.
    """
    found = sorted(closure(*modules))
    prints = {module: _fingerprint(module) for module in found}
    packages = sorted({package for module in found for package in _packages(module)})
    # What a patch release of Python mends is no number of ours.
    python = ".".join(platform.python_version_tuple()[:2])
    software = {package: version(package) for package in packages} | {"python": python}
    return json.dumps({"code": prints, "software": software})


def digest_study(study: Mapping[str, Any]) -> str:
    """Return the fingerprints of the parts of a resolved paper or comparison.

    Parameters
    ----------
    study
        The paper or comparison.

    Returns
    -------
    str
        JSON, ``{"configuration": {part: 8 hexadecimal digits}}``; an experiment is a part, and so is a claim.
        Their order counts: pages follow it.
    """
    parts = {
        f"{key}.{name}" if name else key: fingerprint(json.dumps(part))
        for key, value in study.items()
        for name, part in _parts(value)
    }
    return json.dumps({"configuration": parts})


def _parts(value: Any) -> list[tuple[str, Any]]:
    """List the named parts of a configuration's value; the value itself, without a name, if it has none."""
    if isinstance(value, Mapping):
        return list(value.items())
    if isinstance(value, list) and value and all(_has_id(entry) for entry in value):
        return [(entry["id"], entry) for entry in value]
    return [("", value)]


def _has_id(entry: Any) -> bool:
    return isinstance(entry, Mapping) and "id" in entry


def closure(*modules: str) -> set[str]:
    """Return the modules, the packages they are in, and everything of this project that those import."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _imports(module)
    return found


@cache
def _code(module: str) -> bytes:
    path = _path(module)
    if path is None:
        raise ModuleNotFoundError(f"{module} is not a module of this project")
    return path.read_bytes()


@cache
def bare(code: bytes) -> str:
    """Return a module's code without comments and docstrings, in one format."""
    return ast.unparse(_parsed(code))


@cache
def _parsed(code: bytes) -> ast.Module:
    """Parse a module, and leave out docstrings."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # A string that stands alone is a docstring, or documents the name above it.
            node.body = [line for line in node.body if not _is_string(line)]
    return tree


@cache
def _path(name: str) -> Path | None:
    """Find the file of a module, or None if the name is of none.

    Only the top package is asked of Python: asking for anything within would import what is above it.
    """
    package, *inner = name.split(".")
    spec = find_spec(package) if package in PACKAGES else None
    if spec is None or spec.origin is None:
        return None
    base = Path(spec.origin).parent.joinpath(*inner)
    candidates = (base.with_suffix(".py"), base / "__init__.py") if inner else (Path(spec.origin),)
    return next((path for path in candidates if path.exists()), None)


@cache
def _imports(module: str) -> tuple[str, ...]:
    """Modules of this project that a module imports at any depth of its code, and the packages above it."""
    names = {module.rpartition(".")[0], *_named(module)}
    return tuple(name for name in names if name and _path(name))


@cache
def _packages(module: str) -> frozenset[str]:
    """Installed packages that a module imports at any depth of its code."""
    tops = {name.partition(".")[0] for name in _named(module)}
    others = tops - set(PACKAGES) - sys.stdlib_module_names
    return frozenset(package for top in others for package in _distributions().get(top, ()))


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(packages_distributions())


def _named(module: str) -> Iterator[str]:
    """Yield what a module imports, and what it may be that it imports from there."""
    for node in ast.walk(_parsed(_code(module))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "import_module":
            yield from (str(text.value) for text in node.args if _is_text(text))


@cache
def _fingerprint(module: str) -> str:
    return fingerprint(bare(_code(module)))


def fingerprint(text: str) -> str:
    """Return 8 hexadecimal digits that change with a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _is_string(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and _is_text(node.value)


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
