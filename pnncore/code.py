"""Digests of code and of the software below it, so that an edit makes again what it can change and nothing else."""

from __future__ import annotations

import ast
import platform
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypedDict, TypeGuard

PACKAGES: Final = ("pnncore", "records", "reports", "workflow")
"""Packages of this project."""


class Code(TypedDict):
    """What results are computed with: the project's modules, by 8 hexadecimal digits each, and installed packages."""

    code: dict[str, str]
    software: dict[str, str]


@cache
def digest(*modules: str) -> Code:
    """Return the digests of modules and of all that they import from this project, and the software below them.

    A module's digest is made of its syntax tree without docstrings and without the bounds and sentences of typed keys
    (``Meta``): these, comments and formatting do not change it.

    Parameters
    ----------
    *modules
        Full names, such as ``pnncore.run``.

    Returns
    -------
    Code
        Digests by module, and versions by package, Python's minor version among them.
    """
    found = sorted(closure(*modules))
    packages = sorted({package for module in found for package in _packages(module)})
    # What a patch release of Python mends is no number of ours.
    python = ".".join(platform.python_version_tuple()[:2])
    return {
        "code": {module: _digest(module) for module in found},
        "software": {package: version(package) for package in packages} | {"python": python},
    }


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


def short(text: str) -> str:
    """Return 8 hexadecimal digits that change with a text."""
    return sha256(text.encode()).hexdigest()[:8]


@cache
def _digest(module: str) -> str:
    return short(ast.unparse(_parsed(module)))


@cache
def _parsed(module: str) -> ast.Module:
    """Parse a module, and leave out docstrings."""
    path = _path(module)
    if path is None:
        raise ModuleNotFoundError(f"{module} is not a module of this project")
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # A string that stands alone is a docstring, or documents the name above it.
            node.body = [line for line in node.body if not _is_string(line)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Meta":
            # Bounds and sentences of a key refuse values and explain them; no result depends on them.
            node.args, node.keywords = [], []
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
    return frozenset(package for top in others for package in _installed(top))


@cache
def _installed(name: str) -> tuple[str, ...]:
    """Return the installed packages that a name is imported from."""
    try:
        version(name)
    except PackageNotFoundError:  # it has another name, as PyYAML does
        return tuple(_distributions().get(name, ()))
    return (name,)


@cache
def _distributions() -> dict[str, list[str]]:
    # It looks at all that is installed, which takes a tenth of a second.
    return dict(packages_distributions())


@cache
def _named(module: str) -> tuple[str, ...]:
    """List what a module imports, and what it may be that it imports from there."""
    return tuple(_names(_parsed(module)))


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "import_module":
            yield from (str(text.value) for text in node.args if _is_text(text))


def _is_string(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and _is_text(node.value)


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
