"""Errors that a user can mend."""

from collections.abc import Iterable
from difflib import get_close_matches


class PnncoreError(Exception):
    """A mistake in the input, told in one sentence: which file and key, what is wrong, what would be right.

    Command lines print the sentence and exit with status 1, without a traceback.
    """

    def __init__(self, sentence: str) -> None:
        # What it quotes may have line breaks: a key can.
        super().__init__(" ".join(sentence.splitlines()))


class KilledWorkerError(PnncoreError):
    """The system killed a worker process, for want of memory or at all: the same again may go well."""


def nearest(wrong: str, right: Iterable[str]) -> str:
    """Say which of the right names a wrong one may have meant, and all that there are."""
    names = [str(name) for name in right]
    near = get_close_matches(wrong, names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}valid are: {', '.join(names) or 'none'}"
