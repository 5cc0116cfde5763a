"""A paper's own program, where its authors published it."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.values import Entry, Text, Title, WebAddress


class Program(Entry, frozen=True, kw_only=True):
    """The authors' own program, as they published it."""

    repository: Annotated[WebAddress, Meta(description="Address of its repository.")]
    licence: Annotated[
        Title | UnsetType, Meta(description="Its licence; not given if it states none.")
    ] = UNSET
    contents: Annotated[
        Text,
        Meta(description="What the repository has: programs, and results that the authors kept."),
    ]


NONE_FOUND: Final = "none found"
FoundProgram: TypeAlias = Program | Literal["none found"]
"""The authors' own program, or that none was found."""
