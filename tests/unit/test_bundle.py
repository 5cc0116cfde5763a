"""Bundles: packed, checked, made into the same site; and every way in which one can be wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pytest
import synthetic_site
from msgspec import to_builtins
from records_factory import write_collection

from records.errors import InputError
from records.study import StudyEdition
from reports.bundle import archive as bundles
from reports.bundle.archive import read_bundle
from reports.bundle.members import MANIFEST
from reports.bundle.rebuild import rebuild
from reports.cli import main
from reports.pages.paper_tables import TABLES
from reports.tables.authors import COLUMNS as AUTHORS
from reports.tables.tidy import EPOCHS, table, write_table

EDITION = {**synthetic_site.EDITION, "name": "synthetic"}
RESULTS = Path("results/synthetic")
GALLERY_FILE = "digits-0123456789ab.json"
GALLERY = f"gallery/{GALLERY_FILE}"
CLAIMS = f"tables/{synthetic_site.ID}/claims.csv"

Members = dict[str, bytes]


@pytest.fixture
def unpictured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without the script and the pictures, which take most of the time."""
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda *_, **__: "")
    monkeypatch.setattr("vl_convert.vegalite_to_svg", lambda *_, **__: "<svg></svg>")


@pytest.fixture
def quick(unpictured: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do without any chart of an exhibit, too."""
    monkeypatch.setattr("reports.bundle.rebuild.drawn_exhibits", lambda *_: ())


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the results of an edition, as the workflow leaves them, below the working directory."""
    monkeypatch.chdir(tmp_path)
    write_results(RESULTS)
    return RESULTS


@pytest.fixture
def bundle(results: Path) -> Path:
    return pack(results)


def write_results(folder: Path) -> None:
    for study in (synthetic_site.tables(), synthetic_site.comparison()):
        own = folder / "tables" / study.id
        for name in TABLES:
            write_table(getattr(study, name), own / f"{name}.csv")
        write_table(table([], EPOCHS), own / "epochs.csv")
        write_table(table([], AUTHORS), own / "authors.csv")
        configuration = {**to_builtins(study.study), "edition": EDITION}
        write_json(folder / "config" / f"{study.id}.json", configuration)
    write_json(folder / "provenance.json", {**synthetic_site.provenance(), "edition": EDITION})
    gallery = folder / "gallery" / GALLERY_FILE
    write_collection(gallery, "gallery", synthetic_site.gallery_record())


def write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def inputs(results: Path) -> list[str]:
    return [
        *("--provenance", str(results / "provenance.json")),
        *("--papers", str(results / "config" / f"{synthetic_site.ID}.json")),
        *("--comparisons", str(results / "config" / "strategies.json")),
        *("--tables", str(results / "tables")),
        *("--galleries", str(results / "gallery" / GALLERY_FILE)),
    ]


def pack(results: Path, name: str = "bundle.zip") -> Path:
    output = results / name
    assert main(["bundle", *inputs(results), "--output", str(output)]) == 0
    return output


def charts(results: Path, study: str) -> list[str]:
    """Return the command that draws the figures of a study."""
    return [
        *("charts", "--paper", str(results / "config" / f"{study}.json")),
        *("--exhibits", str(results / "tables" / study / "exhibits.csv")),
        *("--output", str(results / "figures" / study)),
    ]


def files(folder: Path) -> Members:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def contents(path: Path) -> Members:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, members: Members) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def forge(path: Path, change: Callable[[Members], None]) -> None:
    """Change members and make the manifest fit them, as one might by hand."""
    members = contents(path)
    manifest = json.loads(members.pop(MANIFEST))
    change(members)
    names = {"name": manifest["edition"], "title": manifest["title"]}
    edition = StudyEdition(**names, notice="", datasets={})
    studies = {key: manifest[key] for key in ("papers", "comparisons")}
    bundles.pack(edition, studies, members, path)


def test_a_bundle_holds_what_the_site_is_made_of(bundle: Path) -> None:
    found = read_bundle(bundle)
    assert (found.edition, found.title) == ("synthetic", "Sample edition")
    assert (found.papers, found.comparisons) == ((synthetic_site.ID,), ("strategies",))
    studies = (synthetic_site.ID, "strategies")
    assert set(found.members) == {
        "provenance.json",
        GALLERY,
        *(f"config/{study}.json" for study in studies),
        *(
            f"tables/{study}/{name}.csv"
            for study in studies
            for name in (*TABLES, "epochs", "authors")
        ),
    }
    manifest = json.loads(contents(bundle)[MANIFEST])
    assert (manifest["bundle"], manifest["members"].keys()) == (6, found.members.keys())


def test_the_same_results_make_the_same_bytes(results: Path) -> None:
    assert pack(results, "one.zip").read_bytes() == pack(results, "two.zip").read_bytes()


def test_the_site_of_a_bundle_is_that_of_the_results_and_no_link_leaves_it(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda *_, **__: "")
    for study in (synthetic_site.ID, "strategies"):
        assert main(charts(results, study)) == 0
    bundle = pack(results)
    figures = ("--figures", str(results / "figures"))
    assert main(["publish", *inputs(results), *figures, "--output", str(results / "site")]) == 0
    assert main(["site", str(bundle)]) == 0
    rebuilt = Path("results/rebuilt/synthetic")
    assert str(rebuilt.resolve() / "index.html") in capsys.readouterr().out
    original, again = files(results / "site"), files(rebuilt)
    assert again == original
    assert contents(rebuilt.with_suffix(".zip")) == again
    assert not any(b'="../' in content for content in again.values())


@pytest.mark.usefixtures("quick")
def test_a_site_may_be_made_again_but_no_other_folder_is_overwritten(bundle: Path) -> None:
    found, site = read_bundle(bundle), Path("site")
    site.mkdir()
    rebuild(found, site)
    (site / "index.html").unlink()
    rebuild(found, site)
    assert (site / "index.html").exists()
    other = Path("other")
    other.mkdir()
    (other / "thesis.txt").touch()
    with pytest.raises(InputError, match=str(other.absolute())):
        rebuild(found, other)
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("output", "place"),
    [
        ("results/synthetic/bundle", "results/synthetic/bundle.zip"),
        ("thesis", "thesis.zip"),
        ("notes", "notes.zip"),
        ("folder", "folder.zip"),
        ("file", "file"),
        (".", "."),
        ("..", ".."),
        ("/", "/"),
    ],
)
def test_nothing_is_overwritten_but_an_earlier_site(
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    output: str,
    place: str,
) -> None:
    write(Path("thesis.zip"), {"thesis.txt": b"years"})
    Path("notes.zip").write_text("no zip file")
    Path("folder.zip").mkdir()
    Path("file").touch()
    monkeypatch.setattr("reports.bundle.rebuild.publish", lambda *_: pytest.fail("too late"))
    before = files(Path())
    assert main(["site", str(bundle), "--output", output]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"reports: {Path(place).resolve()}: ")
    assert files(Path()) == before


@pytest.mark.usefixtures("quick")
def test_a_site_can_be_made_where_one_stands_and_in_an_empty_working_directory(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Path("empty").absolute()
    here.mkdir()
    found = str(bundle.absolute())
    monkeypatch.chdir(here)
    assert main(["site", found, "--output", "."]) == 0
    monkeypatch.chdir(here)
    assert contents(here.with_suffix(".zip")) == files(here)
    assert main(["site", found, "--output", "."]) == 0


@pytest.mark.usefixtures("quick")
def test_a_site_does_not_take_the_place_of_its_bundle(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["site", str(bundle), "--output", "site"]) == 0
    inside = bundle.rename("site/bundle.zip")
    assert main(["site", str(inside), "--output", "site"]) == 1
    told = capsys.readouterr().err
    assert str(Path("site").absolute()) in told
    assert inside.name in told
    assert inside.exists()


@pytest.mark.usefixtures("quick")
def test_a_place_that_cannot_be_written_to_is_told(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file").touch()
    assert main(["site", str(bundle), "--output", "file/site"]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert str(Path("file").absolute()) in told


def test_charts_are_written_whole_and_without_the_pages_colours(results: Path) -> None:
    assert main(charts(results, synthetic_site.ID)) == 0
    output = results / "figures" / synthetic_site.ID
    names = {path.name for path in output.iterdir()}
    assert {"fig2.json", "fig2-1.svg", "fig2-1.vl.json"} <= names
    assert not any(name.startswith("lost") for name in names)  # nothing of ours to show
    for path in (*output.glob("*.svg"), *output.glob("*.vl.json")):
        assert "var(--" not in path.read_text("utf-8")
    chart = json.loads((output / "fig2-1.vl.json").read_text("utf-8"))
    assert chart["background"] == "#ffffff"
    assert chart["width"] > 0


def drop(name: str) -> Callable[[Members], None]:
    return lambda members: members.pop(name) and None


def spoil(members: Members) -> None:
    members[CLAIMS] += b"\n"


def stray(members: Members) -> None:
    members["../../evil.html"] = b"evil"


def of_another_version(members: Members) -> None:
    manifest = json.loads(members[MANIFEST])
    members[MANIFEST] = json.dumps({**manifest, "bundle": 3, "software": "7.0.0"}).encode()


def naming(name: str) -> Callable[[Members], None]:
    """Return a change that makes the manifest name a member, too, and adds it."""

    def change(members: Members) -> None:
        manifest = json.loads(members[MANIFEST])
        manifest["members"][name] = {"bytes": 0, "sha256": sha256(b"").hexdigest()}
        members[name] = b""
        members[MANIFEST] = json.dumps(manifest).encode()

    return change


def with_key(key: str, value: Any) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        manifest = json.loads(members[MANIFEST])
        members[MANIFEST] = json.dumps({**manifest, key: value}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "member", "key"),
    [
        (drop(CLAIMS), CLAIMS, ""),
        (drop(MANIFEST), MANIFEST, ""),
        (spoil, CLAIMS, ""),
        (stray, "../../evil.html", ""),
        (of_another_version, MANIFEST, "bundle"),
        (naming("../../evil.html"), MANIFEST, "'../../evil.html'"),
        (naming("/etc/evil.json"), MANIFEST, "'/etc/evil.json'"),
        (naming("gallery/a/../../b.json"), MANIFEST, "'gallery/a/../../b.json'"),
        (with_key("papers", []), MANIFEST, "papers"),
        (with_key("papers", ["../evil"]), MANIFEST, "papers[0]"),
        (with_key("papers", ["carver"]), "config/carver.json", ""),
        (with_key("edition", "../evil"), MANIFEST, "edition"),
        (with_key("members", []), MANIFEST, "members"),
        (with_key("bundle", "one"), MANIFEST, "bundle"),
        (lambda members: members.update({MANIFEST: b"[1"}), MANIFEST, ""),
        (lambda members: members.update({MANIFEST: b"[]"}), MANIFEST, ""),
        (lambda members: members.update({MANIFEST: b"[" * 99_999}), MANIFEST, ""),
    ],
)
def test_what_is_wrong_with_a_bundle_is_told_by_member_and_key(
    bundle: Path,
    change: Callable[[Members], None],
    member: str,
    key: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    members = contents(bundle)
    change(members)
    write(bundle, members)
    assert main(["site", str(bundle)]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"reports: {bundle}")
    assert member in told
    assert key in told.partition(member)[2]
    assert not Path("results/rebuilt").exists()


def test_a_bundle_of_another_format_names_the_version_that_wrote_it(bundle: Path) -> None:
    members = contents(bundle)
    of_another_version(members)
    write(bundle, members)
    with pytest.raises(InputError, match=r"7\.0\.0"):
        read_bundle(bundle)


def test_what_is_no_zip_file_is_told(bundle: Path) -> None:
    whole = bundle.read_bytes()
    for content in (b"", b"PK", whole[:-100], whole[: len(whole) // 2], b"<html>" * 99):
        bundle.write_bytes(content)
        with pytest.raises(InputError, match=f"^{bundle}: "):
            read_bundle(bundle)
    for path in (bundle.parent, Path("absent.zip")):
        with pytest.raises(InputError, match=f"^{path}: "):
            read_bundle(path)


def test_a_member_twice_is_refused(bundle: Path) -> None:
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        ZipFile(bundle, "a") as archive,
    ):
        archive.writestr(CLAIMS, contents(bundle)[CLAIMS])
    with pytest.raises(InputError, match=f"^{bundle}: "):
        read_bundle(bundle)


def test_no_more_is_unpacked_than_a_bundle_may_hold(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = [len(content) for name, content in contents(bundle).items() if name != MANIFEST]
    monkeypatch.setattr(bundles, "LARGEST", sum(sizes))
    read_bundle(bundle)
    monkeypatch.setattr(bundles, "LARGEST", sum(sizes) - 1)
    with pytest.raises(InputError, match=f"^{bundle}: "):
        read_bundle(bundle)


def test_an_encrypted_member_is_refused(bundle: Path) -> None:
    with ZipFile(bundle) as archive:
        infos: list[ZipInfo] = archive.infolist()
    content = bytearray(bundle.read_bytes())
    content[infos[0].header_offset + 6] |= (
        1  # the flag, in the member's header and in the directory
    )
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    bundle.write_bytes(bytes(content))
    with pytest.raises(InputError, match=f"^{bundle}: "):
        read_bundle(bundle)


def test_damage_is_always_noticed_and_never_a_traceback(bundle: Path) -> None:
    whole, rng = bundle.read_bytes(), np.random.default_rng(1)
    before, told = read_bundle(bundle), []
    for _ in range(300):
        damaged = bytearray(whole)
        for place in rng.integers(len(damaged), size=rng.integers(1, 5)):
            damaged[place] = rng.integers(256)
        bundle.write_bytes(bytes(damaged))
        try:
            # What says nothing of the content, such as a date, may differ.
            assert read_bundle(bundle) == before
        except InputError as error:
            told.append(str(error))
    assert len(told) > 200
    assert not any("\n" in sentence for sentence in told)


def rewrite(name: str, change: Callable[[Any], None]) -> Callable[[Members], None]:
    def forged(members: Members) -> None:
        content = json.loads(members[name])
        change(content)
        members[name] = json.dumps(content).encode()

    return forged


def rename_exhibit(members: Members) -> None:
    name = f"tables/{synthetic_site.ID}/exhibits.csv"
    members[name] = members[name].replace(b",fig2,", b",../../../evil,")


CONFIG = f"config/{synthetic_site.ID}.json"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (rewrite(CONFIG, lambda paper: paper.update(id="../evil")), [CONFIG, "id", "'../evil'"]),
        (
            rewrite(CONFIG, lambda paper: paper["exhibits"].update({"../x": {}})),
            [CONFIG, "exhibits", "'../x'"],
        ),
        (rename_exhibit, ["exhibits.csv", "exhibit", "'../../../evil'"]),
        (rewrite(CONFIG, lambda paper: paper.pop("edition")), [CONFIG, "edition"]),
        (rewrite(CONFIG, lambda paper: paper.pop("citation")), ["title"]),
        (rewrite(CONFIG, lambda paper: paper.update(exhibits=[1])), [CONFIG, "exhibits"]),
        (rewrite("provenance.json", lambda found: found.clear()), []),
        (lambda members: members.update({CLAIMS: b"id\n1\n"}), [CLAIMS]),
        (lambda members: members.update({CLAIMS: b"\xff\xfe"}), [CLAIMS]),
        (lambda members: members.update({CLAIMS: b""}), [CLAIMS]),
        (lambda members: members.update({CONFIG: b"{"}), [CONFIG]),
    ],
)
def test_content_of_another_version_is_told_and_leads_nowhere(
    bundle: Path,
    change: Callable[[Members], None],
    words: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    forge(bundle, change)
    before = set(Path().rglob("*"))
    assert main(["site", str(bundle)]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"reports: {bundle}: ")
    assert [word for word in words if word not in told] == []
    assert "run again" not in told  # nothing was run where a bundle is read
    assert set(Path().rglob("*")) - before <= {Path("results/rebuilt")}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        (
            rewrite(GALLERY, lambda found: found["members"][0].update(split="test")),
            GALLERY,
            ["sha256"],
        ),
        (
            lambda members: members.update({"gallery/mnist.json": members[GALLERY]}),
            "gallery/mnist.json",
            ["gallery/digits", GALLERY],
        ),
    ],
)
def test_images_that_were_edited_or_copied_are_left_out_and_told_on_the_page(
    bundle: Path, change: Callable[[Members], None], name: str, words: list[str]
) -> None:
    forge(bundle, change)
    assert main(["site", str(bundle), "--output", "site", "--stamp", "done"]) == 0
    assert Path("done").exists()
    page = Path("site/provenance.html").read_text("utf-8").replace("<wbr>", "")
    (told,) = re.findall(f"<dt>{name}: (.*)", page)
    assert [word for word in words if word not in told] == []


@pytest.mark.usefixtures("unpictured")
def test_words_of_a_bundle_are_no_markup(bundle: Path) -> None:
    def mischief(members: Members) -> None:
        points = f"tables/{synthetic_site.ID}/exhibits.csv"
        assert b",10 child networks," in members[points]
        members[points] = members[points].replace(
            b",10 child networks,", b",<script>alert(1)</script>,"
        )
        note = {"note": "<script>alert(2)</script>"}
        rewrite(CONFIG, lambda study: study["exhibits"]["fig2"].update(note))(members)

    forge(bundle, mischief)
    assert main(["site", str(bundle), "--output", "site"]) == 0
    page = Path(f"site/{synthetic_site.ID}.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "alert(1)" in page
    assert "alert(2)" in page


def test_nothing_is_packed_of_results_that_are_not_there(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (results / CLAIMS).unlink()
    assert main(["bundle", *inputs(results), "--output", "bundle.zip"]) == 1
    assert str(results / CLAIMS) in capsys.readouterr().err
    assert not Path("bundle.zip").exists()
