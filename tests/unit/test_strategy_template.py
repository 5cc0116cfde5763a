"""What docs say of strategies: every option has its row, and the example in docs/extending.md is a strategy."""

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from conformance import Conformance, OneWorker, cases, variants
from msgspec import to_builtins
from networks import make_run

from pnncore.data.dataset import Dataset, Split
from pnncore.pool import pool
from pnncore.run import train
from pnncore.strategies.contract import Strategy
from pnncore.strategies.registry import STRATEGIES
from records.description import describe
from records.registry import Registry

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/strategies.md").read_text(encoding="utf-8")
MODULES = dict(
    re.findall(
        r"^`([^`\n]+\.py)`:\n\n```python\n(.*?)^```$",
        (ROOT / "docs/extending.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
"""The modules of docs/extending.md by their files."""

TEMPLATE = MODULES["pnncore/strategies/ring.py"]


def load(source: str) -> ModuleType:
    """Import a module from its text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.py"
        path.write_text(source, encoding="utf-8")
        spec: Any = importlib.util.spec_from_file_location("template", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[module.__name__] = module  # where types look for what they are annotated with
        spec.loader.exec_module(module)
    return module


MODULE = load(TEMPLATE)


@pytest.mark.parametrize(("strategy", "options", "workers"), cases([MODULE.STRATEGY]))
class TestConformance(Conformance):
    pass


@pytest.mark.parametrize(("strategy", "options"), variants([MODULE.STRATEGY]))
class TestOneWorker(OneWorker):
    pass


def test_the_template_runs_from_the_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    name = MODULE.STRATEGY.name
    found = Registry[Strategy]("pnncore.strategies", "STRATEGY")
    monkeypatch.setitem(vars(found), "_files", ("ring",))
    monkeypatch.setitem(sys.modules, "pnncore.strategies.ring", MODULE)
    rng = np.random.default_rng(0)
    split = Split(
        rng.integers(0, 256, (40, 4, 5), dtype=np.uint8), rng.integers(0, 10, 40).astype(np.uint8)
    )
    with pool("threading", 2) as two:
        spec = make_run(strategy=name, workers=3)
        made = train(found.named(name), spec, Dataset("tiny", 10, split, split), two, print)
    record = to_builtins(made)
    assert record["status"] == "completed"
    assert [len(row["child_accuracies"]) for row in record["epochs"]] == [3] * 4


@pytest.mark.parametrize("file", MODULES)
@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_examples_are_in_the_house_style(command: list[str], file: str) -> None:
    ruff = [sys.executable, "-m", "ruff", *command, "--stdin-filename", file]
    source = MODULES[file]
    done = subprocess.run([*ruff, "-"], cwd=ROOT, input=source, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("strategy", list(STRATEGIES.entries.values()), ids=lambda s: s.name)
def test_every_option_has_its_row(strategy: Strategy) -> None:
    section = PAGE.split(f"\n## `{strategy.name}`\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|", section, re.MULTILINE)
    assert [(name, set(values.replace("`", "").split(", "))) for name, values in rows] == [
        (key.name, set(key.values.split(", "))) for key in describe(strategy.options)
    ]
    defaults = [values.replace("`", "").split(", ")[0] for _, values in rows]
    expected = [key.values.split(", ")[0] for key in describe(strategy.options)]
    assert defaults == expected
