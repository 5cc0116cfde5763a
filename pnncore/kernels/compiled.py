"""Compilation of the loops: cached on disk, and run without the interpreter's lock."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

SCIPY = "scipy.linalg"


def _load_numba() -> Any:
    """Import Numba without SciPy, whose linear algebra takes a fifth of the start and is not used by the loops."""
    hidden = SCIPY not in sys.modules
    if hidden:
        sys.modules[SCIPY] = None  # type: ignore[assignment] # makes Python's import fail
    try:
        import_module("numba.np.arraymath")
        return import_module("numba")
    finally:
        if hidden:
            del sys.modules[SCIPY]


numba = _load_numba()

Function = TypeVar("Function", bound=Callable[..., Any])


def _delete_stale_cache() -> None:
    """Delete code that was compiled from other versions of these sources.

    Numba detects a change of the file that a function is in, but not of the files whose functions it calls. The called
    functions are in this package, their callers in other packages, too.
    """
    here = Path(__file__).parent
    sources = hashlib.sha256()
    for source in sorted(here.glob("*.py")):
        sources.update(source.read_bytes())
    state = sources.hexdigest()[:16]
    settings: Any = numba.config
    if settings.CACHE_DIR:
        # In the user's own cache folder, each state of the sources gets a subfolder.
        settings.CACHE_DIR = str(Path(settings.CACHE_DIR) / state)
        return
    folder = here / "__pycache__"
    mark = folder / "sources.sha256"
    if mark.exists() and mark.read_text() == state:
        return
    # A folder that cannot be written to is an installation, whose sources nobody edits.
    with suppress(OSError):
        for compiled in here.parent.rglob("__pycache__/*.nb[ci]"):
            compiled.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        mark.write_text(state)


_delete_stale_cache()


def exact(function: Function) -> Function:
    """Compile a function whose sums keep their order.

    A product and its addition to a sum may become one instruction. Each element has the same chain of operations
    wherever a loop starts and ends, so dividing such a loop among threads changes no bit.

    A loop over part of an array must run over a slice or with unsigned positions: only then the compiler knows that no
    index is negative, and vectorises the loop.
    """
    return _compile(function, {"contract"})


def reduced(function: Function) -> Function:
    """Compile a function that sums many numbers into one, in the order that suits the vector unit.

    The same call gives the same bits on one machine; another machine may round differently.
    """
    return _compile(function, {"contract", "reassoc", "nsz"})


def inlined(function: Function) -> Function:
    """Inline a function into its callers: one that returns a view of an argument, or hands tuples of arrays to loops.

    To a function of its own, each array of a tuple would be handed over as seven numbers, for every sample.
    """
    compiled: Any = numba.njit(inline="always")(function)
    inlined: Function = compiled
    return inlined


def _compile(function: Function, fastmath: set[str]) -> Function:
    options: dict[str, Any] = {
        "nogil": True,
        "cache": True,
        "error_model": "numpy",
        "fastmath": fastmath,
        # The loops allocate nothing, so views of arrays need no reference counts.
        "_nrt": False,
    }
    compiled: Function = numba.njit(**options)(function)
    return compiled
