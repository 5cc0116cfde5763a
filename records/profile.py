"""Profiles of machines: what is known of one, and what models take for its unknown facts."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeAlias, TypeVar

from msgspec import UNSET, Meta, UnsetType

from records.machine import CoreCount, Gigahertz, Machine
from records.values import Entry, Name, StudyName, Text, Title

T = TypeVar("T")

Size: TypeAlias = Annotated[float, Meta(ge=0, description="A number from 0 up.")]
Words: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, description="A few words.")]
Unknown: TypeAlias = Literal["unknown"]

NEEDED = ("cores", "threads_per_core")
"""Facts that a model cannot do without: known or assumed."""


class Fact(Entry, Generic[T], frozen=True):
    """A fact with its source."""

    value: T
    source: Annotated[
        Text,
        Meta(description="Where it is said: a section of the paper, or the maker's specification."),
    ]


class Assumption(Entry, Generic[T], frozen=True):
    """A value that a model takes for an unknown fact."""

    value: T
    reason: Annotated[Text, Meta(description="Why this value and no other.")]


class Facts(Entry, frozen=True):
    """Facts of a machine, each a value with its source, or the word unknown."""

    cpu: Annotated[Fact[Words] | Unknown, Meta(description="The processor.")] = "unknown"
    cores: Annotated[Fact[CoreCount] | Unknown, Meta(description="Physical cores.")] = "unknown"
    threads_per_core: Annotated[
        Fact[CoreCount] | Unknown,
        Meta(description="Hardware threads of a core; 1 without simultaneous multithreading."),
    ] = "unknown"
    base_clock_ghz: Annotated[
        Fact[Gigahertz] | Unknown, Meta(description="Clock that all cores hold.")
    ] = "unknown"
    max_clock_ghz: Annotated[
        Fact[Gigahertz] | Unknown,
        Meta(description="Highest clock of a core; the base clock without a turbo."),
    ] = "unknown"
    l1_data_kib: Annotated[
        Fact[Size] | Unknown, Meta(description="First-level data cache of a core.")
    ] = "unknown"
    l2_kib: Annotated[
        Fact[Size] | Unknown, Meta(description="Second-level caches, all together.")
    ] = "unknown"
    l3_kib: Annotated[
        Fact[Size] | Unknown, Meta(description="Third-level caches, all together; 0 for none.")
    ] = "unknown"
    memory_gb: Annotated[Fact[Size] | Unknown, Meta(description="Main memory.")] = "unknown"
    system: Annotated[Fact[Words] | Unknown, Meta(description="Operating system.")] = "unknown"


class Assumed(Entry, frozen=True):
    """Values that models take for unknown facts; never facts."""

    cores: Annotated[Assumption[CoreCount] | UnsetType, Meta(description="Physical cores.")] = UNSET
    threads_per_core: Annotated[
        Assumption[CoreCount] | UnsetType, Meta(description="Hardware threads of a core.")
    ] = UNSET
    max_clock_ghz: Annotated[
        Assumption[Gigahertz] | UnsetType, Meta(description="Highest clock of a core.")
    ] = UNSET


class Profile(Entry, frozen=True, kw_only=True):
    """A machine (config/hardware/<id>.yaml): what is known of it, and from where."""

    id: Annotated[
        Name,
        Meta(description="Name in paths and in the timings of papers; the file's own name."),
    ]
    title: Annotated[Title, Meta(description="What the pages call the machine.")]
    paper: Annotated[
        StudyName | None, Meta(description="Name of the paper that ran on it, if one did.")
    ] = None
    facts: Annotated[
        Facts,
        Meta(
            description=(
                "What is known of it: each fact a value with its source, or `unknown`, as is what "
                "is left out."
            )
        ),
    ] = Facts()
    assumed: Annotated[
        Assumed, Meta(description="What models take for an unknown fact; never a fact.")
    ] = Assumed()
    note: Annotated[
        str, Meta(max_length=10_000, description="What to know about this machine.")
    ] = ""

    @property
    def machine(self) -> Machine:
        """Return the machine as models see it: facts, and assumptions where facts are unknown."""
        assumed = {name: entry.value for name, entry in self._assumptions.items()}
        known = {
            name: fact.value
            for name in self.facts.__struct_fields__
            if isinstance(fact := getattr(self.facts, name), Fact)
        }
        values = {**known, **assumed}
        return Machine(
            name=self.id,
            cores=values["cores"],
            threads_per_core=values["threads_per_core"],
            clock_ghz=values.get("max_clock_ghz", values.get("base_clock_ghz")),
            assumed=tuple(sorted(assumed)),
        )

    @property
    def _assumptions(self) -> dict[str, Assumption[int] | Assumption[float]]:
        entries = {name: getattr(self.assumed, name) for name in self.assumed.__struct_fields__}
        return {name: entry for name, entry in entries.items() if isinstance(entry, Assumption)}
