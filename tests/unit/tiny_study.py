"""A small paper and a small comparison, to be changed and loaded."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from records.edition import Edition
from records.errors import InputError
from records.study import Study
from workflow.configuration import load_edition, load_study
from workflow.documents import read_yaml
from workflow.editions import edition_files
from workflow.manifest import load_manifest

ROOT = Path(__file__).parents[2]
MANIFEST = load_manifest(ROOT / "config/datasets.yaml")
FILES = edition_files(ROOT / "config")
EDITIONS: dict[str, Edition] = {
    name: load_edition(read_yaml(Path(file)), file, MANIFEST, ()) for name, file in FILES.items()
}

Change = Callable[[Any], object]

PAPER: dict[str, Any] = {
    "id": "tiny",
    "name": "Tiny",
    "key": "TY",
    "citation": {"title": "Tiny", "authors": ["Nobody"]},
    "method": "None.",
    "experiments": {
        "fig1": {
            "title": "One",
            "dataset": "mnist",
            "network": {"hidden": [20], "loss": "quadratic"},
            "training": {"epochs": 7},
            "seeds": [1, 2],
            "editions": {"sample": {"seeds": [5], "training": {"learning_rate": 0.5}}},
            "variants": {
                "plain": {"title": "plain", "strategy": "sequential"},
                "wide": {
                    "title": "wide",
                    "strategy": "spmd",
                    "workers": [2, 4],
                    "network": {"hidden": [99]},
                    "options": {"merge": "once"},
                },
            },
        }
    },
    "timings": {
        "fig2": {
            "title": "Two",
            "dataset": "mnist",
            "variants": {"plain": {"title": "plain", "strategy": "sequential"}},
        }
    },
}

COMPARISON: dict[str, Any] = {
    "id": "tiny",
    "name": "Tiny",
    "title": "Tiny side by side",
    "subject": "Two.",
    "method": "Look.",
    "experiments": PAPER["experiments"],
    "exhibits": {
        "fig1": {
            "label": "Fig. 1",
            "title": "One",
            "experiment": "fig1",
            "metrics": ["loss"],
            "x": "epoch",
            "chart": "accuracy_by_epoch",
        }
    },
}


def unchanged(content: Any) -> None:
    """Change nothing."""


def at(*path: str | int) -> Callable[[Any], Any]:
    """Return a function that follows a way into a content."""

    def find(content: Any) -> Any:
        for key in path:
            content = content[key]
        return content

    return find


FIG1 = at("experiments", "fig1")
PLAIN = at("experiments", "fig1", "variants", "plain")
FIG2 = at("timings", "fig2")


def write(folder: Path, content: Any, name: str = "tiny") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path


def load(
    folder: Path, change: Change = unchanged, edition: str = "sample", base: Any = PAPER
) -> Study:
    content = copy.deepcopy(base)
    change(content)
    return load_study(write(folder, content), EDITIONS[edition], MANIFEST, FILES)


def keys_of(error: InputError, path: Path) -> set[str]:
    """Return the keys that an error names, all in one file."""
    lines = str(error).splitlines()
    found = [re.match(rf"{re.escape(str(path))}: (\S+): .", line) for line in lines]
    assert all(found), lines
    return {match[1] for match in found if match}


def refused(folder: Path, change: Change, base: Any = PAPER) -> set[str]:
    """Load a changed study in vain; return the keys that are named."""
    with pytest.raises(InputError) as error:
        load(folder, change, base=base)
    return keys_of(error.value, folder / "tiny.yaml")
