"""Threads that take turns."""

from __future__ import annotations

from pnncore.kernels.compiled import exact
from pnncore.kernels.threads import Cells, _relax, _yield, fetch_add, load


@exact
def await_turn(turn: Cells, number: int) -> None:
    """Wait until as many turns are over, and see everything that was written in them.

    Parameters
    ----------
    turn
        Made by `pnncore.kernels.threads.make_cells`.
    number
        How many turns come before the caller's.
    """
    tries = 0
    while load(turn, 0) < number:
        if tries < 100:
            _relax()
        else:
            _yield()
        tries += 1


@exact
def next_turn(turn: Cells) -> None:
    """End the caller's turn."""
    fetch_add(turn, 0, 1)
