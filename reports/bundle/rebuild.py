"""Sites built from bundles, for any web host and without the records."""

from __future__ import annotations

import argparse
import contextlib
import re
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from records.atomic import write_text
from records.errors import InputError
from reports.arguments import add_stamp
from reports.bundle.archive import ANEW, BROKEN, Bundle, read_bundle
from reports.bundle.members import NAME, PROVENANCE
from reports.bundle.zip_file import write_archive
from reports.exhibits.chart_files import drawn_exhibits
from reports.exhibits.gallery import read_albums
from reports.files import read_json
from reports.pages.paper_tables import PaperTables, read_tables
from reports.pages.site import publish
from reports.study import read_study

OURS: Final = "assets/site.js"
"""A file that every site has, to recognise folders and zip files that may be overwritten."""

REBUILT: Final = Path("results/rebuilt")
"""The default folder of sites, one folder per edition."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``python -m reports site``."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="bundle of an edition (zip)")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help=f"folder of the site; a zip file of it is written beside it (default: {REBUILT}/<edition>)",
    )
    add_stamp(parser)


def run(arguments: argparse.Namespace) -> None:
    """Write the site, and a zip file of it beside it.

    Raises
    ------
    InputError
        If the folder or zip file exists and is not a site, or the bundle cannot be used.
    """
    bundle = read_bundle(arguments.bundle)
    folder = (arguments.output or REBUILT / bundle.edition).resolve()
    if not folder.name:
        raise InputError(f"{folder}: cannot be the folder of a site; name a new folder")
    archive = folder.with_name(f"{folder.name}.zip")
    if archive.exists() and not _is_packed_site(archive):
        raise InputError(
            f"{archive}: exists and is not a site; move it, or name a folder other than {folder.name}"
        )
    rebuild(bundle, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    write_archive(
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}, archive
    )
    if arguments.stamp:
        write_text(arguments.stamp, "")
    print(f"The site is {folder / 'index.html'}")
    print(f"A zip file of it, for a web host, is {archive}")


def rebuild(bundle: Bundle, output: Path) -> None:
    """Write the site of a bundle, all of it or none.

    Parameters
    ----------
    bundle
        The bundle.
    output
        The folder of the site; a site that is there is replaced.

    Raises
    ------
    InputError
        If the folder exists and is not a site, or the pages cannot be made from the bundle.
    """
    output = output.absolute()
    if output.exists() and not _is_free(output):
        raise InputError(f"{output}: exists and is not a site; name a new folder")
    if output.resolve() in bundle.file.resolve().parents:
        raise InputError(f"{output}: contains the bundle {bundle.file.name}; name a new folder")
    with bundle.unpacked() as unpacked:
        try:
            papers = [_read(unpacked, name) for name in bundle.papers]
            comparisons = [_read(unpacked, name) for name in bundle.comparisons]
            # Relative paths, so that pages do not name the temporary folder.
            with contextlib.chdir(unpacked):
                albums = read_albums(sorted(Path("gallery").glob("*.json")))
            provenance = read_json(unpacked / PROVENANCE)
            site = Path("results", bundle.edition, "site")
            publish(provenance, papers, output, albums, comparisons, site)
        except (InputError, OSError):
            raise  # errors that already name their cause
        except Exception as error:
            # The members are intact, but of a version with other tables or configurations.
            raise InputError(
                f"{bundle.file}: packed by pnn-reproduction {bundle.software}; {version('pnn-reproduction')} cannot "
                f"make its pages ({type(error).__name__}: {error}); use the version that packed it, or {ANEW}"
            ) from error


def _is_free(folder: Path) -> bool:
    """Return whether a folder is empty or holds a site."""
    return folder.is_dir() and (not any(folder.iterdir()) or (folder / OURS).exists())


def _is_packed_site(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            return OURS in archive.namelist()
    except BROKEN:
        return False


def _read(folder: Path, name: str) -> PaperTables:
    """Read a study, and check the names that become parts of paths."""
    path = folder / "config" / f"{name}.json"
    study = read_study(path)
    if study.id != name:
        raise InputError(f"{path}: id: expected {name}, as the file is called, got {study.id!r}")
    for exhibit in study.exhibits:
        if not re.fullmatch(NAME, exhibit):
            raise InputError(f"{path}: exhibits: expected names such as fig1, got {exhibit!r}")
    tables = read_tables(study, folder / "tables")
    for part in ("epochs", "timings"):
        for experiment in getattr(tables, part)["experiment"].unique():
            if not re.fullmatch(NAME, str(experiment)):
                raise InputError(
                    f"{folder}/tables/{name}/{part}.csv: experiment: expected names such as fig1, got {experiment!r}"
                )
    stray = sorted(set(map(str, tables.exhibits["exhibit"])) - set(study.exhibits))
    if stray:
        raise InputError(
            f"{folder}/tables/{name}/exhibits.csv: exhibit: expected one of those in {path.name}, got {stray[0]!r}"
        )
    drawn = drawn_exhibits(study, tables.exhibits)
    return replace(tables, figures={name: exhibit.with_pictures(name) for name, exhibit in drawn})
