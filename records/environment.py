"""The environment of a record: the machine and the software that made it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from records.values import Entry, Title


class Host(Entry, frozen=True, kw_only=True):
    """A machine, limited to what the process may use."""

    cpu: Annotated[str, Meta(description="Model of the processor.")]
    physical_cores: Annotated[int, Meta(ge=1, le=65_536, description="Physical cores.")]
    logical_cores: Annotated[int, Meta(ge=1, le=65_536, description="Hardware threads.")]
    memory_gb: Annotated[float, Meta(ge=0, description="Memory in GiB.")]
    system: Annotated[str, Meta(description="Operating system and architecture.")]


class Blas(Entry, frozen=True, kw_only=True):
    """The library that multiplies matrices."""

    library: Annotated[str | None, Meta(description="Its name; null without one.")]
    version: Annotated[str | None, Meta(description="Its version.")]
    threads: Annotated[int | None, Meta(description="Threads of it in a worker.")]


class OpenMp(Entry, frozen=True, kw_only=True):
    """The OpenMP library."""

    threads: Annotated[
        int | None, Meta(description="Threads of it in a worker; null without such a library.")
    ]


class Environment(Entry, frozen=True, kw_only=True):
    """The machine and the software that made a record."""

    python: Annotated[Title, Meta(description="Version of Python.")]
    packages: Annotated[
        dict[str, str], Meta(description="Versions of packages that numbers can depend on.")
    ]
    blas: Annotated[Blas, Meta(description="The library that multiplies matrices.")]
    openmp: Annotated[OpenMp, Meta(description="The OpenMP library.")]
    host: Annotated[Host, Meta(description="The machine, with all of its cores.")]
    fingerprint: Annotated[Title, Meta(description="Digest of the other keys.")]
