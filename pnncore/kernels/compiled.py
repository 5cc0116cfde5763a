"""How the loops are compiled: ahead of the clock, cached on disk, and without the interpreter's lock."""

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
    """Import Numba, but not SciPy: Numba would load its linear algebra, a fifth of a start, and no loop calls it."""
    hidden = SCIPY not in sys.modules
    if hidden:
        sys.modules[SCIPY] = None  # type: ignore[assignment] # as Python marks a module that is not there
    try:
        import_module("numba.np.arraymath")
        return import_module("numba")
    finally:
        if hidden:
            del sys.modules[SCIPY]


numba = _load_numba()

Function = TypeVar("Function", bound=Callable[..., Any])


def _forget_stale() -> None:
    """Delete what was compiled from other sources than these.

    Numba notices a change of the file that a function is in, but not of the files whose functions it calls. Those
    are in this package; their callers are in others, too.
    """
    here = Path(__file__).parent
    sources = hashlib.sha256()
    for source in sorted(here.glob("*.py")):
        sources.update(source.read_bytes())
    state = sources.hexdigest()[:16]
    settings: Any = numba.config
    if settings.CACHE_DIR:
        # The user keeps compiled code in a place of their own: give each state of the sources a folder of it.
        settings.CACHE_DIR = str(Path(settings.CACHE_DIR) / state)
        return
    folder = here / "__pycache__"
    mark = folder / "sources.sha256"
    if mark.exists() and mark.read_text() == state:
        return
    # Where the folder cannot be written to, nobody edits the sources either.
    with suppress(OSError):
        for compiled in here.parent.rglob("__pycache__/*.nb[ci]"):
            compiled.unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        mark.write_text(state)


_forget_stale()


def exact(function: Function) -> Function:
    """Compile a function whose sums keep their order.

    A product and the sum that it goes into may become one instruction. Every element has the same chain of
    operations wherever a loop over elements starts and ends, so dividing such a loop among threads changes no bit.

    A loop over part of an array goes over a slice of it: only then does the compiler know that no index is negative,
    without which it handles one element at a time.
    """
    return _compile(function, {"contract"})


def reduced(function: Function) -> Function:
    """Compile a function that sums many numbers into one, in whatever order suits the vector unit.

    The same call gives the same bits on one machine; another machine may round otherwise.
    """
    return _compile(function, {"contract", "reassoc", "nsz"})


def inlined(function: Function) -> Function:
    """Put a function's lines where it is called: one that returns a view of an array given to it."""
    compiled: Any = numba.njit(inline="always")(function)
    inlined: Function = compiled
    return inlined


def _compile(function: Function, liberties: set[str]) -> Function:
    options: dict[str, Any] = {
        "nogil": True,
        "cache": True,
        "error_model": "numpy",
        "fastmath": liberties,
        # Nothing in the loops is allocated, so no view of an array has to count its references.
        "_nrt": False,
    }
    compiled: Function = numba.njit(**options)(function)
    return compiled
