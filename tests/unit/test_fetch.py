import gzip
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import sleep
from types import SimpleNamespace

import pooch
import pytest
import requests
from listing import names
from mirror_server import (
    Answer,
    MirrorServer,
    decompressing,
    endless,
    endless_redirect,
    good,
    in_turn,
    redirect,
    stalled,
    status,
    trickled,
    truncated,
    unannounced_truncated,
)
from msgspec import ValidationError
from tiny_dataset import TinyDataset

from pnncore.data import arrival
from pnncore.data import fetch as module
from pnncore.data.archive import Archive
from pnncore.data.arrival import AbsentError
from pnncore.data.fetch import addresses, download, fetch, shown
from records.errors import InputError
from workflow.leftovers import sweep

KEY = "train-images"
FILE = "train-images.gz"
PAGE = b"\n<!DOCTYPE html><html><title>Sign in</title></html>"


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Have pooch note its waits instead of waiting, and no proxy step in."""
    noted: list[float] = []
    monkeypatch.setattr(pooch.core, "time", SimpleNamespace(sleep=noted.append))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return noted


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give temporary files a folder of their own, and find it empty in the end."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert names(folder) == []


@pytest.fixture
def server() -> Iterator[MirrorServer]:
    with MirrorServer() as running:
        yield running


@pytest.fixture
def archive(tiny: TinyDataset) -> Archive:
    stated = tiny.spec["splits"]["train"]["images"]
    return Archive(stated["file"], stated["bytes"], stated["sha256"], tuple(tiny.spec["mirrors"]))


@pytest.fixture
def body(tiny: TinyDataset) -> bytes:
    return tiny.path(KEY).read_bytes()


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "resources" / "archives" / FILE


def refused(archive: Archive, places: list[str], destination: Path) -> str:
    """Download in vain; check what always holds, and return the message."""
    with pytest.raises(InputError) as caught:
        download("tiny", archive, places, destination)
    message = str(caught.value)
    named = [FILE, "tiny", f"{archive.bytes} bytes", archive.sha256, *places, "--config mirror="]
    assert [word for word in named if word not in message] == []
    assert "\n" not in message
    assert not destination.parent.exists() or names(destination.parent) == []
    return message


def test_takes_the_first_mirror_that_is_good(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path
) -> None:
    server.answers = {"/b/f": good(body), "/c/f": good(body)}
    places = [f"{server.address}/{mirror}/f" for mirror in "abc"]
    assert download("tiny", archive, places, destination) == places[1]
    assert server.requested == ["/a/f", "/b/f"]
    assert destination.read_bytes() == body
    assert names(destination.parent) == [FILE]


FAULTS = {
    "truncated": (truncated, ""),
    "unannounced truncated": (unannounced_truncated, "{half} bytes"),
    "other content": (lambda body: good(body[::-1]), "{whole} bytes"),
    "page": (lambda _: good(PAGE), "HTML page of 51 bytes"),
    "endless": (lambda _: endless(b"\x1f\x8b"), "{limit} bytes"),
    "endless page": (lambda _: endless(PAGE), "HTML page of more than {limit} bytes"),
    "endless redirection": (lambda _: endless_redirect("/good"), "65536 bytes"),
    "forbidden": (lambda _: status(403), "403"),
    "unavailable": (lambda _: status(503), "503"),
}
"""By fault: the answer, and what the message has of it after the word `found`."""


@pytest.mark.parametrize("fault", FAULTS)
def test_tells_each_fault_and_goes_on_to_the_next_mirror(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path, fault: str
) -> None:
    answer, found = FAULTS[fault]
    server.answers = {"/bad": answer(body), "/good": good(body)}
    bad, fine = f"{server.address}/bad", f"{server.address}/good"
    numbers = {
        "half": len(body) // 2,
        "whole": len(body),
        "limit": len(body) + module.SLACK,
    }
    told = refused(archive, [bad], destination)
    assert found.format(**numbers) in told.partition("found")[2]
    assert download("tiny", archive, [bad, fine], destination) == fine
    assert destination.read_bytes() == body


@pytest.mark.parametrize(
    ("fault", "named"),
    [("other content", True), ("endless", True), ("page", False), ("endless page", False)],
)
def test_another_file_is_a_matter_of_the_manifest_and_a_page_of_the_network(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path, fault: str, named: bool
) -> None:
    server.answers = {"/bad": FAULTS[fault][0](body)}
    told = refused(archive, [f"{server.address}/bad"], destination)
    assert ("sha256 in the manifest" in told, "network" in told) == (named, not named)


@pytest.mark.parametrize("fault", FAULTS)
def test_only_where_no_mirror_has_a_whole_file_it_is_absent(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path, fault: str
) -> None:
    server.answers = {"/bad": FAULTS[fault][0](body)}
    with pytest.raises(InputError) as caught:
        download(
            "tiny", archive, [f"{server.address}/{each}" for each in ("bad", "none")], destination
        )
    wrong = ("unannounced truncated", "other content", "endless")
    assert isinstance(caught.value, AbsentError) == (fault not in wrong)
    assert "--config" not in caught.value.fault


def test_a_wrong_size_of_the_right_file_is_refused_whenever_it_came(
    tiny: TinyDataset, archive: Archive, destination: Path
) -> None:
    wrong = replace(archive, bytes=archive.bytes + 1)
    fetch("tiny", archive, destination, mirror=str(tiny.archives))
    for _ in range(2):
        with pytest.raises(InputError, match=rf"{FILE} of tiny: .* {archive.bytes} bytes"):
            fetch("tiny", wrong, destination, mirror=str(tiny.archives))
        destination.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("first", "attempts"),
    [(status(404), 1), (status(429), 2), (status(503), 2), (good(PAGE), 2)],
    ids=["404", "429", "503", "page"],
)
def test_retries_only_what_may_pass(
    server: MirrorServer,
    archive: Archive,
    body: bytes,
    destination: Path,
    waits: list[float],
    first: Answer,
    attempts: int,
) -> None:
    server.answers = {"/once": in_turn(first, good(body)), "/good": good(body)}
    once, fine = f"{server.address}/once", f"{server.address}/good"
    used = download("tiny", archive, [once, fine], destination)
    assert used == (once if attempts > 1 else fine)
    assert server.requested.count("/once") == attempts
    assert waits == [1] * (attempts - 1)


def test_gives_a_mirror_up_after_bounded_waits(
    server: MirrorServer, archive: Archive, destination: Path, waits: list[float]
) -> None:
    server.answers = {"/f": status(500)}
    refused(archive, [f"{server.address}/f"], destination)
    assert server.requested == ["/f"] * (1 + module.RETRIES)
    assert waits == [1, 2]


def test_a_closed_port_is_no_connection(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path
) -> None:
    with socket.socket() as closed:  # bound but not listening, so no one else can take the port
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/f"
        refused(archive, [dead], destination)
        server.answers = {"/f": good(body)}
        fine = f"{server.address}/f"
        assert download("tiny", archive, [dead, fine], destination) == fine


def test_a_silent_server_is_left(
    archive: Archive, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"http://127.0.0.1:{silent.getsockname()[1]}/f"
        assert "0.05 s" in refused(archive, [place], destination)


def test_a_trickle_is_waited_for(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path
) -> None:
    server.answers = {"/slow": trickled(body)}
    place = f"{server.address}/slow"
    assert download("tiny", archive, [place], destination) == place
    assert destination.read_bytes() == body


def test_a_trickle_that_would_not_end_in_time_is_left(
    server: MirrorServer,
    archive: Archive,
    body: bytes,
    destination: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter(range(0, 10_000, 20))  # each chunk takes 20 s
    monkeypatch.setattr(arrival, "monotonic", lambda: next(clock))
    server.answers = {"/slow": trickled(body)}
    assert "31 s" in refused(archive, [f"{server.address}/slow"], destination)


def test_an_archive_is_taken_as_it_is_even_from_servers_that_decompress(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path
) -> None:
    server.answers = {"/f": decompressing(body, gzip.decompress(body))}
    download("tiny", archive, [f"{server.address}/f"], destination)
    assert destination.read_bytes() == body


def test_follows_a_redirection(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path
) -> None:
    server.answers = {"/old": redirect("/new"), "/new": good(body)}
    download("tiny", archive, [f"{server.address}/old"], destination)
    assert server.requested == ["/old", "/new"]


def test_refuses_a_redirection_from_https_to_http(
    archive: Archive, body: bytes, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = {"https://example.org/f": "http://example.org/f", "https://example.org/g": "/h"}
    requested = []

    def send(_: object, request: requests.PreparedRequest, **settings: object) -> requests.Response:
        requested.append(request.url)
        response = requests.Response()
        response.request, response.url = request, request.url
        response.raw = io.BytesIO(b"" if request.url in moved else body)
        response.status_code = 302 if request.url in moved else 200
        if request.url in moved:
            response.headers["location"] = moved[request.url]
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    insecure, fine = moved
    assert moved[insecure] in refused(archive, [insecure], destination)
    assert set(requested) == {insecure}
    assert download("tiny", archive, [fine], destination) == fine


@pytest.mark.parametrize("laid_out", ["dataset/file", "file"])
def test_a_folder_that_the_user_names_replaces_the_mirrors(
    tiny: TinyDataset,
    archive: Archive,
    destination: Path,
    laid_out: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tiny.archives
    if laid_out == "dataset/file":
        folder = tiny.archives.rename(tiny.archives.with_name("tiny")).parent
    monkeypatch.chdir(folder.parent)
    expected = tiny.archives.with_name("tiny") if folder != tiny.archives else folder
    assert fetch("tiny", archive, destination, mirror=str(folder)) == str(expected / FILE)
    relative = fetch("tiny", archive, destination, mirror=folder.name)
    assert not Path(relative).is_absolute()
    assert names(destination.parent) == [FILE]


@pytest.mark.parametrize("path", ["/base/tiny/train-images.gz", "/base/train-images.gz"])
def test_an_address_that_the_user_names_may_be_plain_http(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path, path: str
) -> None:
    server.answers = {path: good(body)}
    used = fetch("tiny", archive, destination, mirror=f"{server.address}/base/")
    assert used == server.address + path


def test_a_wrong_file_in_a_folder_is_told_at_once(
    tiny: TinyDataset, archive: Archive, destination: Path, waits: list[float]
) -> None:
    wrong = tiny.path("test-labels")
    message = refused(archive, [str(wrong), str(tiny.archives)], destination)
    assert f"{wrong.stat().st_size} bytes" in message
    assert waits == []


@pytest.mark.parametrize("mirror", ["ftp://example.org/", "file:///data"])
def test_a_mirror_that_is_neither_web_nor_folder_is_refused(archive: Archive, mirror: str) -> None:
    with pytest.raises(InputError, match=mirror):
        addresses("tiny", archive, mirror)


def test_a_home_that_there_is_not_is_no_folder(archive: Archive) -> None:
    assert addresses("tiny", archive, "~nobody-here/x")[1] == f"~nobody-here/x/{FILE}"


def test_the_manifest_s_mirrors_are_https_only(tiny: TinyDataset, archive: Archive) -> None:
    assert addresses("tiny", archive, None) == [f"https://example.org/tiny/{FILE}"]
    tiny.spec["mirrors"] = ["http://example.org/"]
    with pytest.raises(ValidationError, match="mirrors"):
        assert tiny.entry


def test_a_failure_leaves_the_file_that_was_there(
    tiny: TinyDataset, archive: Archive, destination: Path
) -> None:
    destination.parent.mkdir(parents=True)
    destination.write_text("old")
    with pytest.raises(InputError):
        download("tiny", archive, [str(tiny.path("test-images"))], destination)
    assert destination.read_text() == "old"
    assert names(destination.parent) == [FILE]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_download_that_is_ended_leaves_no_archive(
    server: MirrorServer,
    tiny: TinyDataset,
    archive: Archive,
    body: bytes,
    destination: Path,
    ending: signal.Signals,
) -> None:
    place = f"/tiny/{FILE}"
    server.answers = {place: stalled(body)}
    command = [sys.executable, "-m", "pnncore", "prepare", "--spec", json.dumps(tiny.spec)]
    command += ["--dataset", "tiny", "--mirror", server.address]
    folder = destination.parent.parent
    process = subprocess.Popen(
        [*command, "--output", str(folder)],
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not server.requested:
        assert process.poll() is None
        sleep(0.05)
    # Ctrl-C reaches the command's process, too, as from a terminal: its supervisor leaves that signal to it.
    (os.killpg if ending == signal.SIGINT else os.kill)(process.pid, ending)
    _, said = process.communicate()
    assert process.returncode != 0
    assert b"Traceback" not in said
    assert not destination.exists()
    # What a killed process leaves is hidden, and goes with the next run.
    sweep(destination.parent)
    assert names(destination.parent) == []
    server.answers = {
        f"/tiny/{path.name}": good(path.read_bytes()) for path in map(tiny.path, tiny.arrays)
    }
    assert subprocess.run([*command, "--output", str(folder)], check=False).returncode == 0
    assert destination.read_bytes() == body


def test_a_terminal_gets_a_progress_bar(
    server: MirrorServer,
    archive: Archive,
    body: bytes,
    destination: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.answers = {"/f": good(body)}
    places = [f"{server.address}/f"]
    download("tiny", archive, places, destination)
    assert "%" not in capsys.readouterr().err
    monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True)))
    download("tiny", archive, places, destination)
    assert "100%" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("https://me:pass@word@host:8/a@b/c", "https://host:8/a@b/c"),
        ("HTTP://me@host", "HTTP://host"),
        ("http://host/a@b", "http://host/a@b"),
        ("http://[host/", "http://[host/"),
        ("/my@folder//x@y", "/my@folder//x@y"),
    ],
)
def test_no_password_is_told(place: str, told: str) -> None:
    assert shown(place) == told


def test_neither_a_failure_nor_a_success_tells_a_password(
    server: MirrorServer, archive: Archive, body: bytes, destination: Path
) -> None:
    server.answers = {"/good": good(body)}
    bad, fine = (
        f"{server.address}/{name}".replace("//", "//me:secret@") for name in ("bad", "good")
    )
    with pytest.raises(InputError) as caught:
        download("tiny", archive, [bad], destination)
    assert "secret" not in str(caught.value)
    assert download("tiny", archive, [bad, fine], destination) == f"{server.address}/good"


def test_an_address_that_is_none_is_told(archive: Archive, destination: Path) -> None:
    refused(archive, ["http://[host/x"], destination)
