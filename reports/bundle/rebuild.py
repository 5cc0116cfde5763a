"""The site out of a bundle: pages for any web host, without the runs that they are of."""

from __future__ import annotations

import argparse
import contextlib
import re
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from records.atomic import write_text
from records.errors import InputError
from reports.arguments import add_stamp
from reports.bundle.archive import BROKEN, NAME, PROVENANCE, Bundle, read_bundle
from reports.bundle.zip_file import write_archive
from reports.exhibits.gallery import read_albums
from reports.files import read_json
from reports.pages.paper import Paper, read_paper
from reports.pages.paper_tables import PaperTables, read_tables
from reports.pages.site import publish

OURS: Final = "assets/site.js"
"""What tells a site from a folder or a zip file of something else, which is not to be overwritten."""

REBUILT: Final = Path("results/rebuilt")
"""Where sites go if nobody says where; one folder for each edition."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports site``."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="bundle of an edition (zip)")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help=f"folder of the site; the same as one file is beside it (default: {REBUILT}/<edition>)",
    )
    add_stamp(parser)


def run(arguments: argparse.Namespace) -> None:
    """Write the site, and the same as a zip file beside it.

    Raises
    ------
    InputError
        If one of the two would take the place of something else than a site, or the bundle is none to make one of.
    """
    bundle = read_bundle(arguments.bundle)
    folder = (arguments.output or REBUILT / bundle.edition).resolve()
    if not folder.name:
        raise InputError(f"{folder}: no site can stand there; name a new folder")
    archive = folder.with_name(f"{folder.name}.zip")
    if archive.exists() and not _is_packed_site(archive):
        raise InputError(
            f"{archive}: would be overwritten, and is something else than a site; move it, or name another folder than "
            f"{folder.name}"
        )
    rebuild(bundle, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    write_archive(
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}, archive
    )
    if arguments.stamp:
        write_text(arguments.stamp, "")
    print(f"The site is {folder / 'index.html'}")
    print(f"The same for a web host, in one file, is {archive}")


def rebuild(bundle: Bundle, output: Path) -> None:
    """Write the site of a bundle, all of it or none.

    Parameters
    ----------
    bundle
        The bundle.
    output
        The folder of the site; if a site stood there, it is gone afterwards.

    Raises
    ------
    InputError
        If the folder holds something else than a site, or the pages cannot be made of the bundle.
    """
    output = output.absolute()
    if output.exists() and not _is_free(output):
        raise InputError(f"{output}: holds something else than a site; name a new folder")
    if output.resolve() in bundle.file.resolve().parents:
        raise InputError(f"{output}: holds the bundle {bundle.file.name}; name a new folder")
    with bundle.unpacked() as unpacked, tempfile.TemporaryDirectory() as nowhere:
        try:
            papers = [_read(unpacked, name) for name in bundle.papers]
            comparisons = [_read(unpacked, name) for name in bundle.comparisons]
            with contextlib.chdir(
                unpacked
            ):  # pages that say what is wrong with one name no folder of a while
                albums = read_albums(sorted(Path("gallery").glob("*.json")))
            provenance = read_json(unpacked / PROVENANCE)
            # Pages link to records that they find; from an empty folder they find none, and link to nothing outside.
            with contextlib.chdir(nowhere):
                site = Path("results", bundle.edition, "site")
                publish(provenance, papers, output, albums, comparisons, site)
        except (InputError, OSError):
            raise  # the one says what is wrong with the bundle, and the other nothing about it
        except Exception as error:
            # The members are as they were packed, but by a version whose tables or configurations differ.
            raise InputError(
                f"{bundle.file}: pnn-reproduction {version('pnn-reproduction')} makes no pages of what "
                f"{bundle.software} packed ({type(error).__name__}: {error}); use the version that packed it, or "
                "make the bundle anew with this one"
            ) from error


def _is_free(folder: Path) -> bool:
    """Tell whether a folder is empty, or that of a site."""
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / OURS).exists())


def _is_packed_site(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            return OURS in archive.namelist()
    except BROKEN:
        return False


def _read(folder: Path, name: str) -> PaperTables:
    """Read a paper, whose names become those of files: none may lead anywhere else."""
    path = folder / "config" / f"{name}.json"
    paper: Paper = read_paper(path)
    if paper["id"] != name:
        raise InputError(f"{path}: id is {paper['id']!r}; it must be {name}, as the file is called")
    for exhibit in paper["exhibits"]:
        if not re.fullmatch(NAME, exhibit):
            raise InputError(f"{path}: exhibits has {exhibit!r}; it must be a name, such as fig1")
    tables = read_tables(paper, folder / "tables")
    stray = sorted(set(map(str, tables.exhibits["exhibit"])) - set(paper["exhibits"]))
    if stray:
        raise InputError(
            f"{folder}/tables/{name}/exhibits.csv: exhibit is {stray[0]!r}; it must be one of {path.name}"
        )
    return tables
