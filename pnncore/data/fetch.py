"""Download of dataset archives from the first mirror that has the right file."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from errno import EDQUOT, ENOSPC, EROFS
from pathlib import Path
from urllib.parse import urljoin

import pooch
import requests

from pnncore.data.archive import Archive
from pnncore.data.arrival import SLACK, TIMEOUT, AbsentError, Arrival, MirrorError, OtherFileError
from records import atomic
from records.errors import InputError

RETRIES = 2
"""Further attempts at one address, after 1 s and 2 s."""

TRANSIENT = (408, 429)
"""Client errors (HTTP 4xx) that are retried; all others are final."""


def fetch(name: str, archive: Archive, destination: Path, mirror: str | None = None) -> str:
    """Download and verify an archive of a dataset, unless it exists already.

    Parameters
    ----------
    name
        The dataset's name in the manifest.
    archive
        What the file must be.
    destination
        The file to write. An existing file with another checksum is replaced.
    mirror
        A folder or an HTTP(S) address to use instead of the manifest's mirrors;
        ``<mirror>/<dataset>/<file>`` is tried first, then ``<mirror>/<file>``.

    Returns
    -------
    str
        Source of the archive, as `shown` prints it; empty if the archive existed already.

    Raises
    ------
    AbsentError
        If no mirror has a file of this name.
    InputError
        If mirrors have other files only, `destination` cannot be written, or the manifest states another size of the
        right file.
    """
    source = ""
    if not destination.is_file() or pooch.file_hash(str(destination)) != archive.sha256:
        source = download(name, archive, addresses(name, archive, mirror), destination)
    if (size := destination.stat().st_size) != archive.bytes:
        raise InputError(
            f"{archive.file} of {name}: has the SHA-256 of the manifest, but {size} bytes instead of {archive.bytes}; "
            f"set its bytes to {size} in the manifest"
        )
    return source


def addresses(name: str, archive: Archive, mirror: str | None) -> list[str]:
    """List the addresses of an archive in the order to try.

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
        If `mirror` has another scheme than HTTP(S).
    """
    if mirror and _is_web(mirror):
        base = mirror.rstrip("/")
        return [f"{base}/{name}/{archive.file}", f"{base}/{archive.file}"]
    if mirror:
        folder = _folder(mirror)
        return [str(folder / name / archive.file), str(folder / archive.file)]
    return [f"{base.rstrip('/')}/{archive.file}" for base in archive.mirrors]


def download(name: str, archive: Archive, places: Sequence[str], destination: Path) -> str:
    """Download an archive from the first of several sources that has it.

    Parameters
    ----------
    name
        Name of the dataset in messages.
    archive
        The archive to find.
    places
        HTTP(S) addresses and paths, tried in this order.
    destination
        The file to write; it appears complete or not at all.

    Returns
    -------
    str
        The source that had it, as `shown` prints it.

    Raises
    ------
    AbsentError
        If no source has a file there.
    InputError
        If sources have other files only, or `destination` cannot be written.
    """
    findings = []
    kind: type[InputError] = AbsentError
    remedy = "check the network"
    # Beside the destination, where the next run finds and removes the folder of a killed one.
    with atomic.scratch(destination) as folder:
        for place in places:
            try:
                downloaded = _download(archive, place, folder)
            except MirrorError as error:
                findings.append(f"{error} at {place}".replace(place, shown(place)))
                if isinstance(error, OtherFileError):
                    kind = InputError
                    remedy = (
                        "compare its bytes and sha256 in the manifest with what its owners state"
                    )
                continue
            # Copied rather than moved, because only their owner may read pooch's files.
            with downloaded.open("rb") as source, atomic.writing(destination) as target:
                shutil.copyfileobj(source, target)
            return shown(place)
    raise kind(
        f"{archive.file} of {name} could not be fetched: expected {archive.bytes} bytes with "
        f"SHA-256 {archive.sha256}, found {'; '.join(findings)}",
        f"{remedy}, or name a mirror that has the file with --config mirror=<folder or URL>",
    )


def shown(place: str) -> str:
    """Return an address without its user name and password, for messages and logs."""
    return re.sub(r"(?<=//)[^/]*@", "", place, count=1) if _is_web(place) else place


def without_mirror(text: str, mirror: str | None) -> str:
    """Redact the user's mirror in a text that is published."""
    for place in sorted({mirror or "", shown(mirror or ""), str(Path(mirror or "").expanduser())}):
        # Only as a whole path, not as part of a longer one.
        place = re.escape(place.rstrip("/"))
        if mirror and place:
            text = re.sub(rf"(?<![\w./-]){place}(?=[/\s;:,]|$)", "<mirror>", text)
    return text


def _download(archive: Archive, place: str, folder: str) -> Path:
    """Download the archive from one source into `folder`; raise a `MirrorError` if that fails."""
    pooch.get_logger().setLevel("WARNING")  # its log lines name the temporary folder as destination
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
        raise MirrorError(_describe_error(error, downloader.arrival.size)) from error
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT, EROFS):
            raise  # not the mirror's fault
        raise MirrorError(f"“{error.strerror or error}”") from error
    except ValueError as error:  # raised by pooch if the checksum differs
        found = downloader.arrival
        raise found.error(found.describe()) from error


class _Downloader:
    """A downloader for pooch that keeps the last `Arrival`."""

    arrival: Arrival

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def __call__(self, place: str, temporary: str, keeper: pooch.Pooch) -> None:
        """Download the file at `place` to the file `temporary`."""
        with Path(temporary).open("wb") as stream:
            self.arrival = Arrival(self.archive, stream)
            if _is_web(place):
                _read_web(place, self.arrival, keeper)
            else:
                _read_path(Path(place), self.arrival)


def _read_path(path: Path, arrival: Arrival) -> None:
    """Copy a file from the user's folder."""
    if not path.is_file():  # a named pipe would block
        raise MirrorError("no file")
    with path.open("rb") as source:
        shutil.copyfileobj(source, arrival)


def _read_web(address: str, arrival: Arrival, keeper: pooch.Pooch) -> None:
    """Stream a file over HTTP(S), with a progress bar if standard error is a terminal."""
    stream = pooch.HTTPDownloader(
        progressbar=sys.stderr.isatty(),
        timeout=TIMEOUT,
        # Otherwise some servers declare the archive's own compression, and requests undoes it.
        headers={"Accept-Encoding": "identity"},
        hooks={"response": _check_response},
    )
    stream(address, arrival, keeper)


def _check_response(response: requests.Response, **_: object) -> None:
    """Raise a `MirrorError` for a response or redirection that a retry would not improve."""
    if response.is_redirect:
        # Requests would read its body without a limit.
        if len(response.raw.read(SLACK + 1)) > SLACK:
            raise MirrorError(f"a redirection of more than {SLACK} bytes")
        target = urljoin(response.url, response.headers["location"])
        if response.url.startswith("https://") and not target.startswith("https://"):
            raise MirrorError(f"a redirection from HTTPS to {target}")
    elif 400 <= response.status_code < 500 and response.status_code not in TRANSIENT:
        raise MirrorError(f"HTTP status {response.status_code}")


def _describe_error(error: requests.RequestException, arrived: int) -> str:
    """Describe in a few words an error that occurred after `arrived` bytes."""
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
            f"mirror: {mirror}: expected a folder, or an address that starts with https:// or http://"
        )
    # Path.expanduser raises an error for an unknown home; this leaves the path unchanged.
    return Path(os.path.expanduser(mirror))  # noqa: PTH111


def _is_web(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))
