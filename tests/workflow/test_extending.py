"""docs/extending.md, followed to the letter: its files are written, its commands run, and nothing else is touched."""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from conftest import PARTS, ROOT, Project
from numpy.typing import NDArray

PAGE = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^(At the end of )?`([^`\n]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"<(bytes|sum|content) of ([\w.-]+)>")

ADDITIONS = {
    "pnncore/strategies/ring.py": False,
    "pnncore/metrics/worst_class_accuracy.py": False,
    "reports/exhibits/kinds/overfitting.py": False,
    "config/datasets.yaml": True,
    "config/hardware/my-machine.yaml": False,
    "config/papers/doe_roe.yaml": False,
    "config/glyphs.yaml": False,
}
"""The files of the page, and whether an entry is added to one that is there."""

CLASSES, SIDE = 47, 32
SAMPLES = {"train": 20 * CLASSES, "test": 5 * CLASSES}


class Example(NamedTuple):
    """A file of the page, or what is added to the end of one."""

    appended: bool
    path: str
    text: str


def examples() -> list[Example]:
    return [Example(bool(end), path, text) for end, path, text in BLOCK.findall(PAGE)]


def commands() -> list[str]:
    return [line for block in COMMANDS.findall(PAGE) for line in block.splitlines()]


def write_archives(folder: Path) -> None:
    """Write glyphs in IDX format: those of a class are one sparse pattern, with noise."""
    folder.mkdir()
    generator = np.random.default_rng(3)
    patterns = (generator.random((CLASSES, SIDE, SIDE)) < 0.15) * 200
    for split, samples in SAMPLES.items():
        labels = (np.arange(samples) % CLASSES).astype(np.uint8)
        noise = generator.integers(0, 32, (samples, SIDE, SIDE))
        write_idx(folder / f"{split}-images.gz", (patterns[labels] + noise).astype(np.uint8))
        write_idx(folder / f"{split}-labels.gz", labels)


def write_idx(path: Path, array: NDArray[np.uint8]) -> None:
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    header = bytes([0, 0, 8, array.ndim]) + sizes
    path.write_bytes(gzip.compress(header + array.tobytes(), mtime=0))


def filled_in(text: str, archives: Path) -> str:
    """Return a text with the sizes and checksums that the page says how to find out."""

    def found(placeholder: re.Match[str]) -> str:
        content = (archives / placeholder[2]).read_bytes()
        return {
            "bytes": str(len(content)),
            "sum": hashlib.sha256(content).hexdigest(),
            "content": hashlib.sha256(gzip.decompress(content)).hexdigest(),
        }[placeholder[1]]

    return PLACEHOLDER.sub(found, text)


def sources(folder: Path) -> dict[str, bytes]:
    """Return what the copied parts of a project hold, without caches."""
    files = (path for part in PARTS for path in sorted((folder / part).rglob("*")))
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }


class Extended(NamedTuple):
    """A project with the page's additions.

    Attributes
    ----------
    project
        The project.
    mirror
        The folder of the archives.
    before
        What it held before.
    """

    project: Project
    mirror: Path
    before: dict[str, bytes]

    def run(self, command: str) -> str:
        """Run a command of the page, which must end well; return what it said."""
        program, *arguments = shlex.split(command.replace("/my/folder", str(self.mirror)))
        done = subprocess.run(
            [str(Path(sys.executable).parent / program), *arguments],
            cwd=self.project.folder,
            env=self.project.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Extended:
    """Return a copy of the project with the files of the page."""
    folder = tmp_path_factory.mktemp("extended")
    (folder / "project").mkdir()
    project = Project(folder / "project")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "tests/unit", project.path("tests/unit"), ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", project.folder)
    write_archives(folder / "archives")
    before = sources(project.folder)
    for example in examples():
        path = project.path(example.path)
        assert path.exists() == example.appended, example.path
        old = path.read_text(encoding="utf-8") if example.appended else ""
        separator = "\n" if example.appended else ""
        new = old + separator + filled_in(example.text, folder / "archives")
        path.write_text(new, encoding="utf-8")
    return Extended(project, folder / "archives", before)


def test_each_addition_is_one_file_or_one_entry() -> None:
    assert {example.path: example.appended for example in examples()} == ADDITIONS


@pytest.mark.parametrize("command", commands())
def test_the_commands_of_the_page_end_well(extended: Extended, command: str) -> None:
    said = extended.run(command)
    if command.startswith("python -m pytest"):
        assert re.search(r"\b[1-9]\d+ passed", said)


def test_the_site_shows_and_judges_what_was_added(extended: Extended) -> None:
    site = extended.project.path("results/glyphs/site")
    page = (site / "doe_roe.html").read_text(encoding="utf-8")
    for shown in (
        'id="fig1"',
        'id="fig2"',
        "Networks on a ring",
        "1024–32–47",
        "with 0.25 of the neighbour. The mean of all networks is tested. Here n is 1 and 2.",
        "Accuracy on training and test samples",
        "accuracy on the training samples",
        "accuracy on the worst class",
        'id="fig4"',
        "DR-C01",
        "DR-C02",
    ):
        assert shown in page, shown
    hardware = (site / "hardware.html").read_text(encoding="utf-8")
    assert "My machine" in hardware
    with extended.project.path("results/glyphs/tables/claims.csv").open(encoding="utf-8") as file:
        verdicts = {row["id"]: row["verdict"] for row in csv.DictReader(file)}
    assert verdicts == {"DR-C01": "reproduced", "DR-C02": "undecided"}


def test_nothing_else_is_touched(extended: Extended) -> None:
    after = sources(extended.project.folder)
    changed = {name for name in after if extended.before.get(name) != after[name]}
    assert changed == ADDITIONS.keys()
    assert extended.before.keys() <= after.keys()
    for name, appended in ADDITIONS.items():
        assert not appended or after[name].startswith(extended.before[name])
