"""Registrations: what claims, findings and primary readings were, before and after there were results."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.values import Entry, Reference, Text

Digest: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{12}\Z")]

Moment: TypeAlias = Annotated[
    datetime.datetime,
    Meta(
        tz=True,
        examples=["2026-11-21T22:10:00Z"],
        extra_json_schema={"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z"},
    ),
]
"""A time, in UTC."""

Changed: TypeAlias = Literal["first", "test", "words"]


class Version(Entry, frozen=True, kw_only=True):
    """What a claim, a finding or the primary readings were from a time on."""

    since: Annotated[Moment, Meta(description="Since when.")]
    test: Annotated[
        Digest, Meta(description="Digest of all that decides: tests, ranges, readings.")
    ]
    words: Annotated[Digest, Meta(description="Digest of what is said: statement, names, reasons.")]
    reason: Annotated[Text, Meta(description="Why it was written or changed.")]
    settings: Annotated[
        Digest | UnsetType,
        Meta(
            description=(
                "Digest of the settings of the experiments and timings that decide; not known of versions from before "
                "these were registered."
            )
        ),
    ] = UNSET


class Earlier(Entry, frozen=True, kw_only=True):
    """What was said of claims before the rule that decides now."""

    commit: Annotated[
        str,
        Meta(
            pattern=r"^[0-9a-f]{7,40}\Z",
            description="Commit whose paper edition, with its own rule and claims, has these verdicts.",
        ),
    ]
    verdicts: Annotated[
        dict[Reference, Text], Meta(description="Verdicts by the ids of the claims.")
    ]


class Registration(Entry, frozen=True, kw_only=True):
    """The registration of a study (config/registrations/<id>.yaml); `python -m workflow register` writes it."""

    results: Annotated[
        Moment,
        Meta(description="When there were first results. What is written later may know them."),
    ]
    entries: Annotated[
        dict[Reference, Annotated[tuple[Version, ...], Meta(min_length=1)]],
        Meta(
            description=(
                "Versions of each claim and finding by its id, and of the primary readings by `primary`, from the "
                "first to the one that is in force."
            )
        ),
    ]
    earlier: Annotated[
        Earlier | UnsetType,
        Meta(description="Verdicts of an earlier rule; pages show them beside those of now."),
    ] = UNSET


class Revision(Entry, frozen=True, kw_only=True):
    """A version that knows results, and what it changed; the first version changed nothing."""

    since: datetime.datetime
    changed: Changed
    reason: str


class Registered(Entry, frozen=True, kw_only=True):
    """What the registration says of a claim, a finding or the primary readings as they are.

    Attributes
    ----------
    since
        When the first version was written.
    revisions
        Versions written when there were results, the earliest first.
    in_force
        Whether the last version is what stands in the configuration.
    earlier
        The verdict of an earlier rule; empty if it is not known.
    """

    since: datetime.datetime
    revisions: tuple[Revision, ...]
    in_force: bool
    earlier: str = ""


def registered(
    versions: tuple[Version, ...],
    results: datetime.datetime,
    test: str,
    words: str,
    settings: str,
) -> Registered:
    """Compare the versions of something with what it is now.

    Parameters
    ----------
    versions
        From the first to the last.
    results
        When there were first results.
    test, words, settings
        Digests of what it is now.
    """
    first, last = versions[0], versions[-1]
    return Registered(
        since=first.since,
        revisions=tuple(
            Revision(since=version.since, changed=_changed(versions, place), reason=version.reason)
            for place, version in enumerate(versions)
            if version.since > results
        ),
        in_force=(last.test, last.words) == (test, words) and last.settings in (UNSET, settings),
    )


def _changed(versions: tuple[Version, ...], place: int) -> Changed:
    if place == 0:
        return "first"
    before, now = versions[place - 1], versions[place]
    known = before.settings is not UNSET and now.settings is not UNSET
    same = before.test == now.test and not (known and before.settings != now.settings)
    return "words" if same else "test"
