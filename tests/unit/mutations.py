"""Documents with mistakes, for Hypothesis to draw: a valid one in which a few places hold something else."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

NASTY = (
    *("", " ", "../x", "a/b", 'a"b', "a'b", "$(x)", "`x`", "<b>", "a\nb", "é", "\0", "x" * 300),
    *("nan", "1e400", "{x}", "%s", "-", "null", "yes"),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(NASTY),
    st.text(max_size=8),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NASTY) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn, document: Any) -> Any:
    """Draw a document in which up to three places were changed, dropped, added to or doubled."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        holder = draw(st.sampled_from(list(_holders(document)) or [None]))
        if holder is None:
            return draw(ANYTHING)
        if isinstance(holder, dict):
            key = draw(st.sampled_from(sorted(holder, key=str)) if holder else st.text(max_size=5))
            match draw(st.sampled_from(["change", "drop", "add"])):
                case "change":
                    holder[key] = draw(ANYTHING)
                case "drop":
                    holder.pop(key, None)
                case _:
                    holder[draw(st.sampled_from(NASTY) | st.text(max_size=5))] = draw(ANYTHING)
        else:
            place = draw(st.integers(0, len(holder)))
            match draw(st.sampled_from(["change", "drop", "add", "double"])):
                case "change":
                    holder[place : place + 1] = [draw(ANYTHING)]
                case "drop":
                    del holder[place : place + 1]
                case "add":
                    holder.insert(place, draw(ANYTHING))
                case _:
                    holder[place:place] = copy.deepcopy(holder[place : place + 1])
    return document


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """Draw bytes that were cut short, extended or changed in a few places."""
    changed = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(changed)))
        match draw(st.sampled_from(["cut", "insert", "change", "drop"])):
            case "cut":
                del changed[place:]
            case "insert":
                changed[place:place] = draw(st.binary(max_size=20))
            case "change":
                changed[place : place + 4] = draw(st.binary(max_size=4))
            case _:
                del changed[place : place + draw(st.integers(1, 40))]
    return bytes(changed)


def _holders(document: Any) -> Any:
    """Yield the lists and objects of a document, at every depth."""
    if isinstance(document, dict | list):
        yield document
        for inner in document.values() if isinstance(document, dict) else document:
            yield from _holders(inner)
