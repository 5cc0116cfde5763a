"""What the modules of a package register, and what is told of those that do it wrongly."""

from collections.abc import Iterator
from itertools import count
from operator import attrgetter
from pathlib import Path

import pytest

from records.errors import InputError
from records.registry import Named, Registry

THING = """
from types import SimpleNamespace
from msgspec import Struct

class Keys(Struct, tag={tag!r}):
    pass

THING = SimpleNamespace(name={name!r}, keys=Keys)
"""
NUMBERS = count()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a package that can be imported."""
    folder = tmp_path / f"things{next(NUMBERS)}"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "contract.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


@pytest.fixture
def things(package: Path) -> Iterator[Registry[Named]]:
    return Registry(package.name, "THING", attrgetter("keys"))


def write(package: Path, file: str, name: str, tag: str) -> None:
    (package / f"{file}.py").write_text(THING.format(name=name, tag=tag))


def test_an_entry_is_called_as_its_file(package: Path, things: Registry[Named]) -> None:
    write(package, "two_words", "two-words", "two-words")
    assert list(things.entries) == ["two-words"]
    assert things.named("two-words") is things.entries["two-words"]


@pytest.mark.parametrize(("name", "tag"), [("rign", "rign"), ("ring", "rign")])
def test_another_name_than_the_file_s_is_told_with_the_file(
    package: Path, things: Registry[Named], name: str, tag: str
) -> None:
    write(package, "ring", name, tag)
    for ask in (lambda: things.entries, lambda: things.named("ring")):
        with pytest.raises(InputError, match=rf"^{package.name}/ring\.py: .*'rign'.*'ring'"):
            ask()


def test_a_module_without_its_constant_is_told(package: Path, things: Registry[Named]) -> None:
    (package / "ring.py").write_text("THINGS = 1")
    with pytest.raises(InputError, match=rf"'ring': {package.name}/ring\.py has no constant THING"):
        things.named("ring")
    assert things.entries == {}
