"""Bundles: the sources of an edition's pages in one file, with checksums, to publish elsewhere."""

from __future__ import annotations

import argparse
import json
import struct
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from lzma import LZMAError
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import msgspec

from records.atomic import write_bytes
from records.convert import convert
from records.errors import InputError
from records.study import StudyEdition
from reports.arguments import add_sources
from reports.bundle.manifest import Manifest, MemberEntry
from reports.bundle.members import (
    LARGEST,
    MANIFEST,
    MEMBER,
    PROVENANCE,
    bundled_tables,
    checksum,
    required_members,
)
from reports.bundle.zip_file import write_archive
from reports.files import read_bytes
from reports.study import read_study

FORMAT: Final = 6
"""Version of the bundle format, raised whenever older code cannot read the new format."""

BROKEN: Final = (
    *(BadZipFile, EOFError, OSError, OverflowError, RuntimeError, ValueError),
    *(LZMAError, struct.error, zlib.error),
)
"""Exceptions that Python raises for zip files that are truncated, damaged or encrypted."""

ANEW: Final = "remake it from the results with `make bundle`"
"""The remedy for a bundle that cannot be used."""


COPY: Final = f"copy the bundle again, or {ANEW}"
"""The remedy for a bundle that may be damaged."""

NAME_ONE: Final = "name a bundle written by `make bundle`"
"""The remedy for a file that is not a bundle."""


@dataclass(frozen=True)
class Bundle:
    """A bundle with complete and verified members.

    Attributes
    ----------
    file
        The path of the bundle.
    edition, title
        Name and title of the edition.
    software
        The version of pnn-reproduction that packed it.
    papers, comparisons
        Names of the papers and comparisons, in order.
    members
        The members' contents by name, without the manifest.
    """

    file: Path
    edition: str
    title: str
    software: str
    papers: tuple[str, ...]
    comparisons: tuple[str, ...]
    members: Mapping[str, bytes]

    @contextmanager
    def unpacked(self) -> Iterator[Path]:
        """Unpack the members into a temporary folder.

        Raises
        ------
        InputError
            If the body raises one: paths in the folder are replaced by the bundle, and the remedy by `ANEW`.
        """
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "bundle")
            for name, content in self.members.items():
                write_bytes(folder / name, content)
            try:
                yield folder
            except InputError as error:
                if f"{folder}/" not in error.fault:
                    raise
                # A single member cannot be remade.
                fault = error.fault.replace(f"{folder}/", f"{self.file}: ")
                raise InputError(fault, ANEW) from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports bundle``."""
    add_sources(parser)
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FILE", help="bundle to write (zip)"
    )


def run(arguments: argparse.Namespace) -> None:
    """Write a bundle."""
    papers = [read_study(path) for path in arguments.papers]
    comparisons = [read_study(path) for path in arguments.comparisons]
    names = [study.id for study in (*papers, *comparisons)]
    configurations = (*arguments.papers, *arguments.comparisons)
    sources = {PROVENANCE: arguments.provenance}
    sources |= {
        f"config/{name}.json": path for name, path in zip(names, configurations, strict=True)
    }
    sources |= {f"gallery/{path.name}": path for path in arguments.galleries}
    for name in names:
        for table in bundled_tables():
            sources[f"tables/{name}/{table}.csv"] = arguments.tables / name / f"{table}.csv"
    studies = {"papers": names[: len(papers)], "comparisons": names[len(papers) :]}
    members = {name: read_bytes(path) for name, path in sources.items()}
    pack(papers[0].edition, studies, members, arguments.output)


def pack(
    edition: StudyEdition,
    studies: Mapping[str, Sequence[str]],
    members: Mapping[str, bytes],
    output: Path,
) -> None:
    """Write a bundle, all of it or none.

    Parameters
    ----------
    edition
        The edition.
    studies
        Names of the ``papers`` and ``comparisons``, in order.
    members
        The members' contents by name.
    output
        The file to write.
    """
    manifest = Manifest(
        bundle=FORMAT,
        software=version("pnn-reproduction"),
        edition=edition.name,
        title=edition.title,
        papers=tuple(studies["papers"]),
        comparisons=tuple(studies["comparisons"]),
        members={
            name: MemberEntry(bytes=len(members[name]), sha256=checksum(members[name]))
            for name in sorted(members)
        },
    )
    text = json.dumps(msgspec.to_builtins(manifest), indent=1, ensure_ascii=False) + "\n"
    write_archive({**members, MANIFEST: text.encode()}, output)


def read_bundle(path: Path) -> Bundle:
    """Read a bundle and verify every member.

    Raises
    ------
    InputError
        If the file is not a bundle, has another format, or is damaged.
    """
    try:
        with ZipFile(path) as archive:
            return _read(path, archive)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; {NAME_ONE}") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; {NAME_ONE}") from None
    except BROKEN as error:
        raise InputError(f"{path}: cannot be read as a zip file ({error}); {COPY}") from None


def _read(path: Path, archive: ZipFile) -> Bundle:
    names = archive.namelist()
    if MANIFEST not in names:
        raise InputError(f"{path}: {MANIFEST} is missing; {NAME_ONE}")
    manifest = _manifest(path, _content(path, archive, MANIFEST, LARGEST))
    members = dict(_members(path, archive, manifest))
    bundle = Bundle(
        path,
        manifest.edition,
        manifest.title,
        manifest.software,
        manifest.papers,
        manifest.comparisons,
        members,
    )
    stray = sorted(set(names) - set(members) - {MANIFEST})
    if stray:
        raise InputError(f"{path}: {stray[0]}: not listed in {MANIFEST}; {COPY}")
    if len(names) != len(set(names)):
        raise InputError(f"{path}: holds a member twice; {COPY}")
    for name in required_members((*manifest.papers, *manifest.comparisons)):
        if name not in members:
            raise InputError(f"{path}: {name} is missing; {COPY}")
    return bundle


def _manifest(path: Path, content: bytes) -> Manifest:
    """Parse the manifest, and check its format version."""
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: {MANIFEST}: not valid JSON ({error}); {COPY}") from None
    place = str(path / MANIFEST)
    if (
        isinstance(found, dict)
        and isinstance(other := found.get("bundle"), int)
        and other != FORMAT
    ):
        by = found.get("software") if isinstance(found.get("software"), str) else "another version"
        raise InputError(
            f"{place}: bundle: expected {FORMAT}, the format of pnn-reproduction "
            f"{version('pnn-reproduction')}, got {other}, written by {by}; use the version that wrote it, or {ANEW}"
        )
    try:
        return convert(found, Manifest, place)
    except InputError as error:
        raise InputError(str(error), COPY) from error


def _members(path: Path, archive: ZipFile, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    """Yield the members that the manifest lists, each verified."""
    names, left = set(archive.namelist()), LARGEST
    for name, entry in manifest.members.items():
        if not MEMBER.fullmatch(name):
            raise InputError(
                f"{path / MANIFEST}: members: {name!r} is not a valid name of a member; {ANEW}"
            )
        if name not in names:
            raise InputError(f"{path}: {name} is missing; {COPY}")
        content = _content(path, archive, name, left)
        left -= len(content)
        if (len(content), checksum(content)) != (entry.bytes, entry.sha256):
            raise InputError(
                f"{path}: {name}: size or SHA-256 differs from that in {MANIFEST}; {COPY}"
            )
        yield name, content


def _content(path: Path, archive: ZipFile, name: str, most: int) -> bytes:
    """Read a member of at most `most` bytes, whatever size it claims."""
    with archive.open(name) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise InputError(
            f"{path}: {name}: the bundle unpacks to more than {LARGEST >> 20} MiB; {ANEW}"
        )
    return content
