"""Errors that the user can correct."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Self


class InputError(Exception):
    """A mistake in the input, in one sentence: file and key, what is wrong, what would be right.

    Command lines print the sentence and exit with status 1, without a traceback.

    Parameters
    ----------
    fault
        File and key, and what is wrong.
    remedy
        What to do about it; separate, because a file inside a bundle has another remedy.
    """

    def __init__(self, fault: str, remedy: str = "") -> None:
        sentence = f"{fault}; {remedy}" if remedy else fault
        # A quoted key can contain line breaks.
        super().__init__(" ".join(sentence.splitlines()))
        self.fault = fault

    @classmethod
    def all(cls, sentences: Iterable[str]) -> Self:
        """Return an error of several mistakes, a line each."""
        error = cls("")
        error.fault = "\n".join(" ".join(each.splitlines()) for each in sentences)
        error.args = (error.fault,)
        return error


class KilledWorkerError(InputError):
    """A worker process was killed by the system, most likely for lack of memory; a retry may succeed."""


def nearest(wrong: str, right: Iterable[str]) -> str:
    """Suggest the valid value closest to an invalid one, and list all valid values."""
    names = [str(name) for name in right]
    near = get_close_matches(wrong, names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}valid values: {', '.join(names) or 'none'}"
