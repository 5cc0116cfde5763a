"""An edition with all that it names."""

from pathlib import Path
from typing import Any

import pytest

from records.errors import InputError
from workflow.documents import read_yaml
from workflow.edition import choose, load
from workflow.editions import edition_files

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_default_edition_is_taken_where_none_is_given() -> None:
    content, source = choose({})
    assert content == read_yaml(Path("config/config.yaml"))
    assert source == "config/config.yaml"


def test_keys_alone_go_before_those_of_the_default_edition() -> None:
    content, source = choose({"mirror": "/my/data"})
    assert (content["mirror"], content["edition"]) == ("/my/data", "sample")
    assert "--config" in source


def test_an_edition_that_is_given_takes_nothing_from_the_default() -> None:
    assert choose({"edition": "mine"}) == ({"edition": "mine"}, "--configfile")


def test_one_study_is_planned_as_among_all() -> None:
    content, source = choose({})
    alone, among = (load(content, source, Path(), only).plan for only in ("ott", None))
    assert alone.studies == {"ott": among.studies["ott"]}


def test_a_study_that_an_edition_does_not_have_is_named() -> None:
    content, source = choose({})
    with pytest.raises(InputError, match="there is no 'ot'; did you mean 'ott'"):
        load(content, source, Path(), "ot")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"paper": ["ott"]}, r"^config\.yaml: paper: .*'papers'"),
        ({"comparisons": ["strategy"]}, r"comparisons/strategy\.yaml.*'strategies'"),
        ({"papers": ["otto"]}, r"papers/otto\.yaml.*'ott'"),
        ({"papers": ["../ott"]}, r"^config\.yaml: papers\[0\]: .*'\.\./ott'"),
        ({"datasets": {"mnist": "digit"}}, r"^config\.yaml: datasets\.mnist: .*'digit'.*'digits'"),
        ({"edition": "a/b"}, r"^config\.yaml: edition: .*'a/b'"),
    ],
    ids=str,
)
def test_a_wrong_edition_is_told_by_its_key(change: dict[str, Any], told: str) -> None:
    content, _ = choose({})
    with pytest.raises(InputError, match=told):
        load(content | change, "config.yaml", Path())


def test_editions_are_found_by_their_key_whatever_their_files_are_called(tmp_path: Path) -> None:
    for name, text in (("a", "edition: mine"), ("b", "edition: other"), ("c", "digits: {}")):
        (tmp_path / f"{name}.yaml").write_text(text)
    files = {"mine": str(tmp_path / "a.yaml"), "other": str(tmp_path / "b.yaml")}
    assert edition_files(tmp_path) == files
    (tmp_path / "c.yaml").write_text("edition: mine")
    with pytest.raises(InputError, match=rf"{tmp_path / 'c.yaml'}: edition: .*{files['mine']}"):
        edition_files(tmp_path)
