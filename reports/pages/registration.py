"""What the registration says of claims: since when, and what was changed when there were results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from records.registration import Registered
from records.study import Study

FIRST, TEST, WORDS = "written after results", "revised after results", "reworded after results"
UNREGISTERED, CHANGED = "not registered", "changed since its registration"


def marked(known: Registered | None) -> str:
    """Return what stands beside the verdict of a claim: empty if it is as it was before there were results."""
    if known is None:
        return UNREGISTERED
    if not known.in_force:
        return CHANGED
    changes = {revision.changed for revision in known.revisions}
    return next(
        (
            words
            for change, words in (("first", FIRST), ("test", TEST), ("words", WORDS))
            if change in changes
        ),
        "",
    )


def history(known: Registered | None) -> tuple[str, ...]:
    """Return each revision in a sentence."""
    if known is None:
        return ()
    return tuple(
        f"{revision.since:%Y-%m-%d}, {_WHAT[revision.changed]}: {revision.reason}."
        for revision in known.revisions
    )


_WHAT = {"first": "written", "test": "test changed", "words": "words changed"}


def registration(study: Study, tested: Iterable[str]) -> str:
    """Say of tested claims how many stand as they were before there were results; empty without any.

    Parameters
    ----------
    study
        The paper or the comparison.
    tested
        Ids of its claims whose tests have decided or left something open.
    """
    marks = [marked(study.registered.get(name)) for name in tested]
    if not marks:
        return ""
    as_before = sum(mark in ("", WORDS) for mark in marks)
    has, they = ("has", "it") if as_before == 1 else ("have", "they")
    said = f"Of {len(marks)} tested claims, {as_before} {has} the tests that {they} had before there were results"
    others = [
        f"{marks.count(mark)} {'is' if marks.count(mark) == 1 else 'are'} {mark}"
        for mark in (FIRST, TEST, CHANGED, UNREGISTERED)
        if mark in marks
    ]
    return "; ".join([said, *others]) + "."


def changed_verdicts(registered: Mapping[str, Registered], judged: Mapping[str, str]) -> str:
    """Say how many verdicts of an earlier rule are other ones now, and which; empty if none is known.

    Parameters
    ----------
    registered
        What the registration says of claims, by their ids.
    judged
        Verdicts of claims by their ids.
    """
    pairs = [
        (known.earlier, verdict)
        for name, verdict in judged.items()
        if (known := registered.get(name)) and known.earlier
    ]
    if not pairs:
        return ""
    other = Counter(pair for pair in pairs if pair[0] != pair[1])
    said = f"An earlier rule judged {len(pairs)} of them, {other.total()} otherwise than now"
    each = [f"{count} from {was} to {now}" for (was, now), count in other.most_common()]
    return f"{said}{': ' if each else ''}{', '.join(each)}."
