"""Digests of code: what they cover and what they overlook."""

import ast
import inspect
import sys
from pathlib import Path

import pytest

from pnncore import code as module
from pnncore.code import closure, digest
from pnncore.made_of import MODULES as RECORDS
from reports.cli import COMMANDS, Command
from workflow.reporting import MODULES


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a package `sandbox` of modules that import each other: a ← b ← c, and d alone."""
    folder = tmp_path / "sandbox"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Package."""\n')
    (folder / "a.py").write_text(
        '"""A."""\n\ndef f(x):\n    """Add."""\n    return x + 1\n\nSAID = Strategy(presentation=Presentation())\n'
    )
    (folder / "b.py").write_text("from sandbox.a import f\n")
    (folder / "c.py").write_text("def late():\n    import sandbox.b\n    return sandbox.b\n")
    (folder / "d.py").write_text("import os\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(module, "PACKAGES", ("sandbox",))
    return folder


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FOLDER", tmp_path / "known")
    forget()


def forget() -> None:
    for function in vars(module).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()
    for name in [name for name in sys.modules if name.startswith("sandbox")]:
        del sys.modules[name]


def edited(package: Path, name: str, old: str, new: str) -> None:
    path = package / f"{name}.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    forget()


def test_closure_follows_imports_of_this_project_alone(package: Path) -> None:
    assert closure("sandbox.c") == {"sandbox", "sandbox.a", "sandbox.b", "sandbox.c"}
    assert closure("sandbox.d") == {"sandbox", "sandbox.d"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x + 1", "x  +  1  # one more"),
        ('"""Add."""', '"""Add one."""'),
        ('"""A."""', '"""A.\n\nAnd more."""'),
        ("def f(x):", "# before\n\n\ndef f(x):"),
        ("def f(x):", "@wording\ndef say():\n    return 'adds'\n\n\ndef f(x):"),
        ("presentation=Presentation()", "presentation=Presentation(cause='more')"),
    ],
)
def test_comments_docstrings_and_formatting_do_not_count(package: Path, old: str, new: str) -> None:
    before = digest("sandbox.c")
    edited(package, "a", old, new)
    assert digest("sandbox.c") == before


def test_an_edit_counts_for_those_that_import_it(package: Path) -> None:
    before = {name: digest(f"sandbox.{name}") for name in "abcd"}
    edited(package, "a", "x + 1", "x + 2")
    after = {name: digest(f"sandbox.{name}") for name in "abcd"}
    assert [name for name in "abcd" if before[name] != after[name]] == ["a", "b", "c"]


def test_training_depends_on_its_own_strategy_and_not_on_the_pages() -> None:
    needed = closure("pnncore.run", "pnncore.strategies.sequential")
    assert {
        "pnncore.network.sgd",
        "pnncore.network.network",
        "pnncore.network.evaluation",
    } <= needed
    assert not needed & {
        "pnncore.strategies.spmd",
        "pnncore.strategies.registry",
        "pnncore.cli",
        "pnncore.data.fetch",
    }
    assert {name.partition(".")[0] for name in needed} == {"pnncore", "records"}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_new_version_of_one_kind_changes_the_code_of_no_other(kind: str) -> None:
    # What is calculated from records of other kinds depends on these.
    rests_on = {"prediction": {"calibration", "model"}, "model": {"calibration"}}
    data = {"dataset", "failure", "kind"}
    kinds = {name.removeprefix("records.kinds.") for name in closure(*RECORDS[kind])}
    found = kinds & {path.stem for path in Path("records/kinds").glob("*.py")}
    assert kind in found
    assert found <= {kind, *data, *rests_on.get(kind, set())}


def test_a_command_of_the_reports_does_all_in_the_modules_of_its_digest() -> None:
    assert MODULES.keys() == COMMANDS.keys() - {"compare"}  # which no rule runs
    for name, modules in MODULES.items():
        assert _module_of(COMMANDS[name]) in closure(*modules), name


def _module_of(command: Command) -> str:
    """Return the module that does what a command is for: this one makes nothing of the arguments."""
    if command.run.__name__ == "run":
        (module,) = (cell.cell_contents for cell in command.run.__closure__)
        return module
    tree = ast.parse(inspect.getsource(command.run))
    (function,) = tree.body
    imported, call = function.body
    assert all(ast.unparse(given).startswith("arguments.") for given in call.value.args)
    return imported.module


def test_software_counts_where_it_is_imported(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (package / "a.py").write_text(
        "from importlib import import_module\nimport_module('numba.core')\n"
    )
    (package / "d.py").write_text("import os\n")
    software = digest("sandbox.c")["software"]
    assert software.keys() == {"numba", "python"}
    assert digest("sandbox.d")["software"].keys() == {"python"}
    before = digest("sandbox.c"), digest("sandbox.d")
    forget()
    monkeypatch.setattr(module, "version", lambda package: "999")
    assert digest("sandbox.c") != before[0]
    assert digest("sandbox.d") == before[1]


def test_digests_import_nothing(package: Path) -> None:
    digest("sandbox.c")
    assert "sandbox" not in sys.modules


def test_an_unknown_module_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"pnncore\.nothing"):
        digest("pnncore.nothing")
