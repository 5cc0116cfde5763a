"""Kinds of records: what they have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from typing import Any, ClassVar, Final

from msgspec import structs

from records.values import Entry

KEY: Final = re.compile(r"\{([\w.]+)\}")
"""A dotted path to a value of a record."""


class Kind(Entry, frozen=True, kw_only=True, tag_field="record"):
    """Base of every kind of record: a subclass has the kind's name as its tag.

    Most kinds have a `version`, a literal that rises with every change of their fields: the workflow remakes records
    of other versions.
    """

    ABOUT: ClassVar[str] = ""
    """The identity of a record of the kind: keys in braces are filled in from the record."""

    @classmethod
    def kind(cls) -> str:
        """Return the name of the kind."""
        return str(cls.__struct_config__.tag)

    @classmethod
    def current(cls) -> int | None:
        """Return the version of the kind; None if it has none."""
        defaults = {field.name: field.default for field in structs.fields(cls)}
        return defaults.get("version")

    @classmethod
    def about_of(cls, content: Mapping[str, Any]) -> str:
        """Return a record's identity, as a path without edition and suffix: ``runs/ott/accuracy/mean/w2/seed1``.

        Parameters
        ----------
        content
            The record as JSON content, or those of its keys that the identity is made of.

        Returns
        -------
        str
            Empty if one of these keys is missing or has no name or number.
        """
        try:
            return KEY.sub(lambda key: _filled(content, key[1]), cls.ABOUT)
        except (KeyError, TypeError):
            return ""


def _filled(content: Mapping[str, Any], key: str) -> str:
    value = reduce(lambda inner, name: inner[name], key.split("."), content)
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value):
        raise TypeError(f"{key} is no name")
    return str(value)
