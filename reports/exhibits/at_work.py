"""Which exhibit was at work when a kind failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_work(study: str, exhibit: str, kind: str) -> Iterator[None]:
    """Have an error in the block end with the study, the exhibit and its kind, below its traceback.

    Parameters
    ----------
    study, exhibit
        Their ids in the configuration.
    kind
        The exhibit's kind, whose code is called.
    """
    try:
        yield
    except Exception as error:
        error.add_note(f"{study}: exhibits.{exhibit}: the kind {kind!r} failed")
        raise
