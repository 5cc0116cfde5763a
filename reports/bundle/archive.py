"""Bundles: all that the pages of an edition are made of in one file, with checksums, to publish elsewhere."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
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

from records.atomic import write_bytes
from records.errors import InputError
from reports.arguments import add_sources
from reports.bundle.zip_file import write_archive
from reports.documents import Node
from reports.files import read_bytes
from reports.pages.paper import read_paper
from reports.pages.paper_tables import TABLES

FORMAT: Final = 2
"""Version of what a bundle holds and how; it grows whenever older code could not read it."""

MANIFEST: Final = "manifest.json"
PROVENANCE: Final = "provenance.json"

LARGEST: Final = 1 << 29
"""Bytes that a bundle may unpack to; a paper edition's are a tenth of it."""

NAME: Final = r"[a-z][a-z0-9_-]*"
MEMBER: Final = re.compile(
    rf"{re.escape(PROVENANCE)}|config/{NAME}\.json|tables/{NAME}/{NAME}\.csv|gallery/{NAME}\.json"
    rf"|figures/{NAME}/{NAME}\.(svg|vl\.json)"
)
"""What members are called; nothing else is ever unpacked, so that no name leads out of a folder."""

BROKEN: Final = (
    *(BadZipFile, EOFError, OSError, OverflowError, RuntimeError, ValueError),
    *(LZMAError, struct.error, zlib.error),
)
"""What Python raises when it reads zip files that are cut short, damaged or encrypted."""

ANEW: Final = "make it anew where the results are, with `make bundle`"


@dataclass(frozen=True)
class Bundle:
    """A bundle whose members are all there and as they were packed.

    Attributes
    ----------
    file
        The bundle.
    edition, title
        Name and title of its edition.
    software
        The version that packed it.
    papers, comparisons
        Names of its papers and of its comparisons, in their order.
    members
        The contents by their names, without the manifest.
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
        """Give a folder with the members for a while.

        Raises
        ------
        InputError
            If what is done with them raises one: it names the bundle then, and what helps with that.
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
                # A member cannot be made again by itself.
                fault = error.fault.replace(f"{folder}/", f"{self.file}: ")
                raise InputError(fault, ANEW) from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports bundle``."""
    add_sources(parser)
    parser.add_argument(
        "--figures",
        required=True,
        type=Path,
        metavar="FOLDER",
        help="folder of the figures, <paper>/<figure>.svg and .vl.json",
    )
    parser.add_argument(
        "--output", required=True, type=Path, metavar="FILE", help="bundle to write (zip)"
    )


def run(arguments: argparse.Namespace) -> None:
    """Write a bundle."""
    papers = [read_paper(path) for path in arguments.papers]
    comparisons = [read_paper(path) for path in arguments.comparisons]
    names = [str(study["id"]) for study in (*papers, *comparisons)]
    configurations = (*arguments.papers, *arguments.comparisons)
    sources = {PROVENANCE: arguments.provenance}
    sources |= {
        f"config/{name}.json": path for name, path in zip(names, configurations, strict=True)
    }
    sources |= {f"gallery/{path.name}": path for path in arguments.galleries}
    for name in names:
        for table in _tables():
            sources[f"tables/{name}/{table}.csv"] = arguments.tables / name / f"{table}.csv"
        for path in _figures(arguments.figures / name):
            sources[f"figures/{name}/{path.name}"] = path
    studies = {"papers": names[: len(papers)], "comparisons": names[len(papers) :]}
    members = {name: read_bytes(path) for name, path in sources.items()}
    pack(papers[0]["edition"], studies, members, arguments.output)


def pack(
    edition: Mapping[str, str],
    studies: Mapping[str, Sequence[str]],
    members: Mapping[str, bytes],
    output: Path,
) -> None:
    """Write a bundle, all of it or none.

    Parameters
    ----------
    edition
        Name and title of the edition.
    studies
        Names of its ``papers`` and of its ``comparisons``, in their order.
    members
        The contents by their names.
    output
        The file.
    """
    manifest = {
        "bundle": FORMAT,
        "software": version("pnn-reproduction"),
        "edition": edition["name"],
        "title": edition["title"],
        **studies,
        "members": {
            name: {"bytes": len(members[name]), "sha256": _checksum(members[name])}
            for name in sorted(members)
        },
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    write_archive({**members, MANIFEST: text.encode()}, output)


def read_bundle(path: Path) -> Bundle:
    """Read a bundle and check every member of it.

    Raises
    ------
    InputError
        If it is not a bundle, is one of another format, or is not as it was packed.
    """
    try:
        with ZipFile(path) as archive:
            return _read(path, archive)
    except FileNotFoundError:
        raise InputError(
            f"{path}: there is no such file; name a bundle, as `make bundle` writes it"
        ) from None
    except IsADirectoryError:
        raise InputError(f"{path}: a folder; name a bundle, as `make bundle` writes it") from None
    except BROKEN as error:
        raise InputError(
            f"{path}: cannot be read as a zip file ({error}); copy it again, or {ANEW}"
        ) from None


def _read(path: Path, archive: ZipFile) -> Bundle:
    names = archive.namelist()
    if MANIFEST not in names:
        raise InputError(
            f"{path}: {MANIFEST} is missing; name a bundle, as `make bundle` writes it"
        )
    root = _manifest(path, _content(path, archive, MANIFEST, LARGEST))
    members = dict(_members(path, archive, root["members"]))
    papers, comparisons = (
        tuple(_named(name) for name in root[key]) for key in ("papers", "comparisons")
    )
    if not papers:
        root["papers"].fail("a list of one paper or more", f"copy the bundle again, or {ANEW}")
    bundle = Bundle(
        path,
        _named(root["edition"]),
        root["title"].text(),
        root["software"].text(),
        papers,
        comparisons,
        members,
    )
    stray = sorted(set(names) - set(members) - {MANIFEST})
    if stray:
        raise InputError(
            f"{path}: holds {stray[0]}, which is not in {MANIFEST}; copy it again, or {ANEW}"
        )
    if len(names) != len(set(names)):
        raise InputError(f"{path}: holds a member twice; copy it again, or {ANEW}")
    for name in _needed((*papers, *comparisons)):
        if name not in members:
            raise InputError(f"{path}: {name} is missing; copy it again, or {ANEW}")
    return bundle


def _manifest(path: Path, content: bytes) -> Node:
    """Return the manifest, if it is of a format that this version reads."""
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path}: {MANIFEST} is not valid JSON ({error}); copy it again, or {ANEW}"
        ) from None
    root = Node(path / MANIFEST, "", found, f"copy the bundle again, or {ANEW}")
    format_ = root["bundle"].whole()
    if format_ != FORMAT:
        by = found.get("software") if isinstance(found.get("software"), str) else "another version"
        raise InputError(
            f"{root.file}: bundle is {format_}, as pnn-reproduction {by} writes it, and must be {FORMAT} for "
            f"{version('pnn-reproduction')}; use the version that wrote it, or {ANEW} of this version"
        )
    return root


def _named(node: Node) -> str:
    name = node.text()
    if not re.fullmatch(NAME, name):
        node.fail("a name of small letters, digits, - and _")
    return name


def _members(path: Path, archive: ZipFile, stated: Node) -> Iterator[tuple[str, bytes]]:
    """Yield the members that the manifest names, each checked."""
    names, left = set(archive.namelist()), LARGEST
    for name in stated.names():
        entry = stated[name]
        if not MEMBER.fullmatch(name):
            raise InputError(
                f"{stated.file}: {stated.key} names {name!r}, which no bundle holds; {ANEW}"
            )
        if name not in names:
            raise InputError(f"{path}: {name} is missing; copy it again, or {ANEW}")
        content = _content(path, archive, name, left)
        left -= len(content)
        size, checksum = entry["bytes"].whole(), entry["sha256"].text()
        if (len(content), _checksum(content)) != (size, checksum):
            raise InputError(
                f"{path}: {name} is not what was packed: its size or SHA-256 differs from that in "
                f"{MANIFEST}; copy it again, or {ANEW}"
            )
        yield name, content


def _content(path: Path, archive: ZipFile, name: str, most: int) -> bytes:
    """Read a member, but no more of it than may be, whatever it says of its size."""
    with archive.open(name) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise InputError(
            f"{path}: unpacks to more than {LARGEST >> 20} MiB at {name}, which no bundle does; {ANEW}"
        )
    return content


def _needed(studies: Sequence[str]) -> Iterator[str]:
    yield PROVENANCE
    for study in studies:
        yield f"config/{study}.json"
        yield from (f"tables/{study}/{table}.csv" for table in _tables())


def _tables() -> list[str]:
    """List the tables of a paper: those that the pages show, and every epoch that they rest on."""
    return sorted({*TABLES, "epochs"})


def _figures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if not path.name.startswith("."))


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
