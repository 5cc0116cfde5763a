"""Files of an edition's results, each named by a digest of its ingredients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from pnncore.made_of import MadeOf, made_of, name
from records.values import Entry

Json = dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """A collection of records, made by one command.

    Attributes
    ----------
    path
        The file, relative to the repository; its name has a digest of `made`.
    spec
        The command's specification.
    made
        Ingredients, as JSON: the specification, digests of code, versions of software.
    """

    path: str
    spec: Any
    made: MadeOf


@dataclass(frozen=True)
class Document:
    """A file whose content is known beforehand: a resolved configuration, or a list of files.

    Attributes
    ----------
    path
        The file, relative to the repository; its name has a digest of `content`.
    content
        Its content, as JSON.
    """

    path: str
    content: Json


def make_batch(kind: str, path: str, spec: Entry) -> Batch:
    """Return a batch; `path` has braces in the place of the digest."""
    made = made_of(kind, spec)
    return Batch(path.format(name(made)), spec, made)


def make_document(path: str, content: Any) -> Document:
    """Return a document; `path` has braces in the place of the digest."""
    # As a reader of the file finds it: JSON has no tuples, and its keys are strings.
    plain = msgspec.json.decode(msgspec.json.encode(content))
    return Document(path.format(name(plain)), plain)
