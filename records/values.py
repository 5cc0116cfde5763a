"""Types of single values: names, texts, counts, numbers, each with its bounds."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every typed entry: immutable, and without unknown keys."""


UNIQUE: Final = {"uniqueItems": True}
"""Rule of a JSON Schema: a list has no entry twice."""

Name: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9-]{0,63}\Z",
        title="a small letter, then small letters, digits and hyphens",
    ),
]
StudyName: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]{0,63}\Z",
        title="a small letter, then small letters, digits and underscores",
    ),
]
StudyKey: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", examples=["OT"])]
Reference: TypeAlias = Annotated[str, Meta(max_length=200)]
"""Name of something that another entry or file defines."""

Title: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=10_000)]
Sha256: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", title="64 hexadecimal digits")]
WebAddress: TypeAlias = Annotated[
    str, Meta(pattern="^https?://", max_length=2000, examples=["https://example.org/"])
]

Mirrors: TypeAlias = tuple[
    Annotated[
        str,
        Meta(
            max_length=2000,
            pattern=r"^https://.+/\Z",
            examples=["https://example.org/mnist/"],
            description="An HTTPS address that ends with a slash.",
        ),
    ],
    ...,
]
"""Addresses of folders that hold the same files."""

Positive: TypeAlias = Annotated[float, Meta(gt=0, le=3.4e38)]
"""A number that single precision can hold, as networks are computed in it."""

Fraction: TypeAlias = Annotated[float, Meta(gt=0, lt=1)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=2**31 - 1)]
WorkerCount: TypeAlias = Annotated[int, Meta(ge=1, le=1024)]
EpochCount: TypeAlias = Annotated[int, Meta(ge=1, le=100_000)]
Seed: TypeAlias = Annotated[int, Meta(ge=0, le=2**32 - 1)]
RepeatCount: TypeAlias = Annotated[int, Meta(ge=1, le=1000)]

Workers: TypeAlias = Annotated[
    tuple[WorkerCount, ...], Meta(min_length=1, extra_json_schema=UNIQUE)
]
Seeds: TypeAlias = Annotated[tuple[Seed, ...], Meta(min_length=1, extra_json_schema=UNIQUE)]
References: TypeAlias = Annotated[
    tuple[Reference, ...], Meta(min_length=1, extra_json_schema=UNIQUE)
]
