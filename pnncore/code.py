"""Digests of code and versions of packages, so that an edit reruns only what it can change."""

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
from typing import Any, Final, NamedTuple, TypedDict, TypeGuard

from pnncore.known import Known

FOLDER: Final = Path(__file__).parent / "__pycache__"
"""Folder of what is known of sources: Python's own, of compiled modules."""

PACKAGES: Final = ("pnncore", "records", "reports", "workflow")
"""Packages of this project."""


class Facts(NamedTuple):
    """The digest of a source, and the names of the modules that it imports."""

    digest: str
    imports: tuple[str, ...]


class Code(TypedDict):
    """Digests of the project's modules, 8 hexadecimal digits each, and versions of installed packages."""

    code: dict[str, str]
    software: dict[str, str]


@cache
def digest(*modules: str) -> Code:
    """Return the digests of modules and of their imports from this project, and the versions of imported packages.

    A module's digest is made of its syntax tree without docstrings, without the bounds and sentences of typed keys
    (``Meta``), and without words for pages (the argument ``presentation`` of a strategy or a metric, and functions that
    are marked ``wording``): these, comments and formatting do not change it.

    Parameters
    ----------
    *modules
        Full names, such as ``pnncore.run``.

    Returns
    -------
    Code
        Digests by module, and versions by package, including Python's minor version.
    """
    found = sorted(closure(*modules))
    packages = sorted({package for module in found for package in _packages(module)})
    # A patch release of Python changes no result.
    python = ".".join(platform.python_version_tuple()[:2])
    _known().keep()
    return {
        "code": {module: _facts(module).digest for module in found},
        "software": {package: _version(package) for package in packages} | {"python": python},
    }


def closure(*modules: str) -> set[str]:
    """Return the modules, their packages, and all modules of this project that these import."""
    found: set[str] = set()
    pending = list(modules)
    while pending:
        module = pending.pop()
        if module not in found:
            found.add(module)
            pending += _imports(module)
    return found


def short(text: str) -> str:
    """Return the first 8 hexadecimal digits of a text's SHA-256."""
    return sha256(text.encode()).hexdigest()[:8]


@cache
def _known() -> Known[Facts]:
    return Known(_read_facts, Path(__file__), FOLDER)


def _read_facts(content: Any) -> Facts:
    digest, imports = content
    return Facts(str(digest), tuple(imports))


@cache
def _facts(module: str) -> Facts:
    path = _path(module)
    if path is None:
        raise ModuleNotFoundError(f"{module} is not a module of this project")
    source = path.read_bytes()
    return _known().about(source, lambda: _find_facts(source))


def _find_facts(source: bytes) -> Facts:
    """Return a source's digest, and the modules that it imports and the names from them, which may be modules, too."""
    tree = _parse(source)
    return Facts(short(ast.unparse(tree)), tuple(_names(tree)))


def _parse(source: bytes) -> ast.Module:
    """Parse a source without its docstrings and words for pages."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # A string statement is a docstring, or documents the name above it.
            node.body = [line for line in node.body if not _is_words(line)]
        elif isinstance(node, ast.Call) and _calls(node, "Meta"):
            # Bounds and sentences of a key refuse values and explain them; no result depends on them.
            node.args, node.keywords = [], []
        elif isinstance(node, ast.Call):
            node.keywords = [each for each in node.keywords if each.arg != "presentation"]
    return tree


@cache
def _path(name: str) -> Path | None:
    """Return the file of a module, or None if there is no such module.

    Python is asked for the top package only: asking for a submodule would import its parents.
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
    """Return the modules of this project that a module imports anywhere in its code, and its parent package."""
    names = {module.rpartition(".")[0], *_facts(module).imports}
    return tuple(name for name in names if name and _path(name))


@cache
def _packages(module: str) -> frozenset[str]:
    """Return the installed packages that a module imports anywhere in its code."""
    tops = {name.partition(".")[0] for name in _facts(module).imports}
    others = tops - set(PACKAGES) - sys.stdlib_module_names
    return frozenset(package for top in others for package in _installed(top))


@cache
def _version(package: str) -> str:
    return version(package)


@cache
def _installed(name: str) -> tuple[str, ...]:
    """Return the installed packages that provide a top-level module."""
    try:
        _version(name)
    except PackageNotFoundError:  # the package's name differs, as PyYAML's
        return tuple(_distributions().get(name, ()))
    return (name,)


@cache
def _distributions() -> dict[str, list[str]]:
    # Reads the metadata of all installed packages, which takes 0.1 s.
    return dict(packages_distributions())


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _calls(node, "import_module"):
            yield from (str(text.value) for text in node.args if _is_text(text))


def _calls(node: ast.Call, name: str) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == name


def _is_words(node: ast.stmt) -> bool:
    """Tell whether a statement is a string, or a function that makes words for pages."""
    if isinstance(node, ast.FunctionDef):
        return "wording" in map(ast.unparse, node.decorator_list)
    return isinstance(node, ast.Expr) and _is_text(node.value)


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
