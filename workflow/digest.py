"""Fingerprints of code, so that an edit reruns what it can change and nothing else.

Snakemake sees the text of a ``shell:`` command but not the modules behind it. A rule therefore has, among its params,
the digest of the modules that its command imports.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("pnncore", "reports", "workflow")
"""Packages whose code can change between two runs of the pipeline."""


def digest(*modules: str) -> str:
    """Return a fingerprint of modules and of all that they import from this project.

    It is made from the syntax trees without docstrings: comments, docstrings and formatting do not change it.

    Parameters
    ----------
    *modules
        Full names, such as ``pnncore.run``.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    total = hashlib.sha256()
    for module in sorted(closure(*modules)):
        total.update(f"{module}\n{_meaning(module)}\n".encode())
    return total.hexdigest()[:16]


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
def _tree(module: str) -> ast.Module:
    return ast.parse(_path(module).read_text(encoding="utf-8"))


@cache
def _path(module: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{module} is not a module of this project")
    return Path(spec.origin)


@cache
def _imports(module: str) -> tuple[str, ...]:
    """Modules of this project that a module imports at any depth of its code, and the packages above it."""
    names = {module.rpartition(".")[0]}
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return tuple(name for name in names if name.split(".")[0] in PACKAGES and _is_module(name))


@cache
def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (
        ModuleNotFoundError
    ):  # the name is of something in a module, not of a module in a package
        return False


@cache
def _meaning(module: str) -> str:
    tree = ast.parse(_path(module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # A string that stands alone is a docstring, or documents the name above it.
            node.body = [line for line in node.body if not _is_string(line)]
    return ast.unparse(tree)


def _is_string(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
