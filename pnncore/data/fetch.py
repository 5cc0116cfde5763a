"""Dataset archives, downloaded from the first mirror that has the right file."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Sequence
from errno import EDQUOT, ENOSPC, EROFS
from pathlib import Path
from time import monotonic
from typing import BinaryIO
from urllib.parse import urljoin

import pooch
import requests

from pnncore.data.archive import Archive
from records import atomic
from records.errors import InputError

TIMEOUT = 30
"""Seconds to wait for a connection, and for each next part of an answer."""

SLOWEST = 20_000
"""Bytes a second, averaged over the file, below which the next mirror is tried."""

RETRIES = 2
"""Further attempts at one address, 1 s and 2 s later."""

SLACK = 65_536
"""Bytes beyond the expected size after which a download is cut off."""

PASSING = (408, 429)
"""The client errors (HTTP 4xx) that may have passed by the next attempt; the others stay."""


class MirrorError(Exception):
    """What was found at one address instead of the archive, in a few words."""


def fetch(name: str, archive: Archive, destination: Path, mirror: str | None = None) -> str:
    """Download and verify an archive of a dataset, unless it is there already.

    Parameters
    ----------
    name
        The dataset's name in the manifest.
    archive
        What the file must be.
    destination
        The file to write. A file there that is not the archive, such as a cut one, is replaced.
    mirror
        A folder or an HTTP(S) address to use instead of the manifest's mirrors, tried as
        ``<mirror>/<dataset>/<file>`` and then as ``<mirror>/<file>``.

    Returns
    -------
    str
        The address or path that the archive came from, as `shown`; empty if it was there.

    Raises
    ------
    InputError
        If no mirror has the right file, or `destination` cannot be written.
    """
    if destination.is_file() and pooch.file_hash(str(destination)) == archive.sha256:
        return ""
    return download(name, archive, addresses(name, archive, mirror), destination)


def addresses(name: str, archive: Archive, mirror: str | None) -> list[str]:
    """List where an archive may be, in the order to try.

    Parameters
    ----------
    name, archive, mirror
        As for `fetch`.

    Returns
    -------
    list of str
        HTTP(S) addresses, or paths if `mirror` is a folder.

    Raises
    ------
    InputError
        If the user names a mirror that is neither web nor folder.
    """
    if mirror and _is_web(mirror):
        base = mirror.rstrip("/")
        return [f"{base}/{name}/{archive.file}", f"{base}/{archive.file}"]
    if mirror:
        folder = _folder(mirror)
        return [str(folder / name / archive.file), str(folder / archive.file)]
    return [f"{base.rstrip('/')}/{archive.file}" for base in archive.mirrors]


def download(name: str, archive: Archive, places: Sequence[str], destination: Path) -> str:
    """Write the first right file among `places` to `destination`.

    Parameters
    ----------
    name
        What messages call the dataset.
    archive
        What the file must be.
    places
        HTTP(S) addresses and paths, tried in this order.
    destination
        The file to write; it appears whole or not at all.

    Returns
    -------
    str
        The place that had it, as `shown`.

    Raises
    ------
    InputError
        If none has, or `destination` cannot be written.
    """
    findings = []
    # Beside the destination, so that the next run finds and removes what a killed one leaves.
    with atomic.scratch(destination) as folder:
        for place in places:
            try:
                arrived = _obtain(archive, place, folder)
            except MirrorError as error:
                findings.append(f"{error} at {place}".replace(place, shown(place)))
                continue
            # Copied rather than moved: pooch's files are readable by their owner alone.
            with arrived.open("rb") as source, atomic.writing(destination) as target:
                shutil.copyfileobj(source, target)
            return shown(place)
    raise InputError(
        f"{archive.file} of {name} could not be fetched: expected {archive.bytes} bytes with "
        f"SHA-256 {archive.sha256}, found {'; '.join(findings)}; check the network, or name a "
        "place that has the file with --config mirror=<folder or URL>"
    )


def shown(place: str) -> str:
    """Return a place without the name and password that an address may have: what messages and logs may say."""
    return re.sub(r"(?<=//)[^/]*@", "", place, count=1) if _is_web(place) else place


def without_mirror(text: str, mirror: str | None) -> str:
    """Leave out of a text for everybody where a user takes archives from."""
    for place in sorted({mirror or "", shown(mirror or ""), str(Path(mirror or "").expanduser())}):
        # Whole, and not within a longer path.
        place = re.escape(place.rstrip("/"))
        if mirror and place:
            text = re.sub(rf"(?<![\w./-]){place}(?=[/\s;:,]|$)", "<mirror>", text)
    return text


def _obtain(archive: Archive, place: str, folder: str) -> Path:
    """Have pooch bring the archive from one place into `folder`, or raise a `MirrorError`."""
    pooch.get_logger().setLevel("WARNING")  # it would name a temporary folder as the destination
    downloader = _Downloader(archive)
    keeper = pooch.create(
        path=folder,
        base_url="",
        registry={archive.file: f"sha256:{archive.sha256}"},
        urls={archive.file: place},
        retry_if_failed=RETRIES if _is_web(place) else 0,
    )
    try:
        return Path(keeper.fetch(archive.file, downloader=downloader))
    except requests.RequestException as error:
        raise MirrorError(_tell(error, downloader.arrival.size)) from error
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT, EROFS):
            raise  # no mirror's fault
        raise MirrorError(f"“{error.strerror or error}”") from error
    except ValueError as error:  # pooch's word for a hash that does not match
        raise MirrorError(downloader.arrival.describe()) from error


class _Downloader:
    """What pooch calls to get a file; it keeps account of what came last."""

    arrival: _Arrival

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def __call__(self, place: str, temporary: str, keeper: pooch.Pooch) -> None:
        """Write what is at `place` to the file `temporary`."""
        with Path(temporary).open("wb") as stream:
            self.arrival = _Arrival(self.archive, stream)
            if _is_web(place):
                _read_web(place, self.arrival, keeper)
            else:
                _read_path(Path(place), self.arrival)


class _Arrival:
    """A stream to write a download to, bounded in size and time, that can tell what came."""

    def __init__(self, archive: Archive, stream: BinaryIO) -> None:
        self.stream = stream
        self.limit = archive.bytes + SLACK
        self.patience = TIMEOUT + archive.bytes / SLOWEST
        self.deadline = monotonic() + self.patience
        self.start = b""
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes, or raise a `MirrorError` where no more are wanted."""
        self.start = self.start or chunk
        self.size += len(chunk)
        self.digest.update(chunk)
        if self.size > self.limit:
            raise MirrorError(f"{self.kind()} of more than {self.limit} bytes")
        if monotonic() > self.deadline:
            raise MirrorError(f"only {self.size} bytes within {self.patience:.0f} s")
        self.stream.write(chunk)

    def flush(self) -> None:
        """Do nothing: pooch flushes every chunk, which a download has no use for."""

    def kind(self) -> str:
        """Say what sort of file the first bytes belong to."""
        is_page = self.start.lstrip().lower().startswith((b"<!doctype html", b"<html"))
        return "an HTML page" if is_page else "a file"

    def describe(self) -> str:
        """Say what came, for a message that has told what was expected."""
        return f"{self.kind()} of {self.size} bytes with SHA-256 {self.digest.hexdigest()}"


def _read_path(path: Path, arrival: _Arrival) -> None:
    """Copy a file of a folder that the user named."""
    if not path.is_file():  # also keeps from waiting on a pipe
        raise MirrorError("no file")
    with path.open("rb") as source:
        shutil.copyfileobj(source, arrival)


def _read_web(address: str, arrival: _Arrival, keeper: pooch.Pooch) -> None:
    """Stream a file over HTTP(S), with a progress bar if a person is watching."""
    stream = pooch.HTTPDownloader(
        progressbar=sys.stderr.isatty(),
        timeout=TIMEOUT,
        # Asked for gzip, some servers and requests would undo the archive's own compression.
        headers={"Accept-Encoding": "identity"},
        hooks={"response": _check_response},
    )
    stream(address, arrival, keeper)


def _check_response(response: requests.Response, **_: object) -> None:
    """Raise a `MirrorError` for an answer, or a way to it, that another attempt would not better."""
    if response.is_redirect:
        # Requests would read whatever comes with it.
        if len(response.raw.read(SLACK + 1)) > SLACK:
            raise MirrorError(f"a redirection of more than {SLACK} bytes")
        target = urljoin(response.url, response.headers["location"])
        if response.url.startswith("https://") and not target.startswith("https://"):
            raise MirrorError(f"a redirection from HTTPS to {target}")
    elif 400 <= response.status_code < 500 and response.status_code not in PASSING:
        raise MirrorError(f"HTTP status {response.status_code}")


def _tell(error: requests.RequestException, arrived: int) -> str:
    """Say in a few words what went wrong on the way, after so many bytes."""
    match error:
        case requests.HTTPError(response=requests.Response() as response):
            return f"HTTP status {response.status_code}"
        case requests.Timeout():
            return f"no answer within {TIMEOUT} s"
        case requests.exceptions.SSLError():
            return "no trustworthy TLS connection"
        case requests.exceptions.ProxyError():
            return "a proxy that does not let the request through"
        case requests.ConnectionError() if not arrived:
            return "no connection"
        case requests.ConnectionError() | requests.exceptions.ChunkedEncodingError():
            return "a download that broke off"
        case _:
            return " ".join(str(error).split())


def _folder(mirror: str) -> Path:
    if "://" in mirror:
        raise InputError(
            f"the mirror {mirror} cannot be used: expected a folder, or an address that starts with "
            "https:// or http://"
        )
    # Path's own raises an error for a home that there is not; this one leaves it as it is.
    return Path(os.path.expanduser(mirror))  # noqa: PTH111


def _is_web(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))
