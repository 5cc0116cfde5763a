"""What takes the place of a record that could not be made."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from records.kinds.kind import Kind
from records.values import Text


class Failure(Kind, frozen=True, kw_only=True, tag="failure"):
    """The reason why a record is missing."""

    about: Annotated[Text, Meta(description="The identity of the record.")]
    why: Annotated[Text, Meta(description="Why it could not be made.")]
