"""The additions of docs/extending.md, made as printed there, and their commands."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT, Project

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXTENDED = "results/letters"


def blocks(page: str) -> list[tuple[str, str, str]]:
    """Return the language, the file and the text of each block of a page."""
    return BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy with all additions, after the commands of the page."""
    project = Project(tmp_path_factory.mktemp("extended"))
    page = blocks("extending.md")
    ((_, _, ring),) = [each for each in blocks("strategies.md") if each[0] == "python"]
    files = {"pnncore/strategies/ring.py": ring} | {name: text for _, name, text in page if name}
    for name, text in files.items():
        with project.path(name).open("a", encoding="utf-8") as file:
            file.write(text)
    (commands,) = [text for language, _, text in page if language == "console"]
    for line in commands.splitlines():
        program, *arguments = shlex.split(line.removeprefix("$ "))
        interpreted = arguments if program == "python" else ["-m", program, *arguments]
        done = subprocess.run(
            [sys.executable, *interpreted],
            cwd=project.folder,
            env=project.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return project


def table(project: Project, name: str) -> pd.DataFrame:
    return pd.read_csv(project.path(f"{EXTENDED}/tables/{name}.csv"))


def test_only_new_files_are_added_but_for_the_dataset(extended: Project) -> None:
    changed = {name for _, name, _ in blocks("extending.md") if name and (ROOT / name).exists()}
    assert changed == {"config/datasets.yaml"}
    assert extended.path(f"{EXTENDED}/site/doe.html").exists()


def test_the_dataset_has_its_own_classes_and_size(extended: Project) -> None:
    dataset = extended.path("resources/datasets/letters/dataset.json").read_text("utf-8")
    assert re.search(r'"classes": *47', dataset)
    assert re.search(r'"image": *\[\s*32,\s*32\s*\]', dataset)


def test_the_strategy_is_trained_as_the_edition_says(extended: Project) -> None:
    epochs = table(extended, "epochs")
    assert set(epochs["strategy"]) == {"ring"}
    assert epochs["epoch"].max() == 2


def test_the_exhibit_is_drawn_and_the_claim_judged(extended: Project) -> None:
    assert extended.path(f"{EXTENDED}/figures/doe/fig1.json").exists()
    claims = table(extended, "claims")
    assert list(claims["id"]) == ["JD-C01"]
    assert claims["verdict"][0] != "not testable here"


def test_times_are_modelled_for_the_machine(extended: Project) -> None:
    timings = table(extended, "timings")
    assert "modelled" in set(timings[timings["hardware"] == "my-server"]["source"])


def test_schemas_describe_the_additions(extended: Project) -> None:
    done = extended.python("workflow", "reference")
    assert done.returncode == 0, done.stderr
    schema = Path(extended.folder, "config/schemas/paper.schema.json").read_text("utf-8")
    assert "confidence_by_epoch" in schema
    assert "neighbour" in schema
