"""What is generated: schemas and tables of configuration keys, and what the documents say of the reference run."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tiny_study import ROOT

from reports.bundle.archive import read_bundle
from reports.bundle.prose import EXPRESSION
from reports.cli import main
from workflow.documents import read_yaml
from workflow.edition import load
from workflow.reference import (
    BLOCK,
    FRONT,
    README,
    RUN,
    SCHEMAS,
    as_text,
    schemas,
    with_run,
    with_tables,
)
from workflow.reference_run import BUNDLE, FINDINGS, TEMPLATE, findings, pictures

# What a picture says in words has every number; where its parts stand depends on the fonts of the machine.
SAID = re.compile(r'aria-label="([^"]*)"')
PLACE = re.compile(r"-?\d+(\.\d+)?")

FILES = {
    "edition": [ROOT / "config/config.yaml", ROOT / "config/paper.yaml"],
    "datasets": [ROOT / "config/datasets.yaml"],
    "authors": [ROOT / "config/authors.yaml"],
    "paper": sorted((ROOT / "config/papers").glob("*.yaml")),
    "comparison": sorted((ROOT / "config/comparisons").glob("*.yaml")),
    "hardware": sorted((ROOT / "config/hardware").glob("*.yaml")),
}


@pytest.mark.parametrize("name", schemas())
def test_schemas_are_those_of_the_types(name: str) -> None:
    path = ROOT / SCHEMAS / f"{name}.schema.json"
    assert path.read_text(encoding="utf-8") == as_text(schemas()[name]), "make reference"


def test_the_readme_is_that_of_the_types() -> None:
    readme = (ROOT / README).read_text(encoding="utf-8")
    assert len(BLOCK.findall(readme)) > 20
    assert with_tables(readme) == readme, "make reference"


def test_the_front_readme_is_of_the_reference_run_and_of_now() -> None:
    provenance = json.loads(read_bundle(ROOT / BUNDLE).members["provenance.json"])
    python = provenance["environments"][0]["python"]
    if not python.startswith("{}.{}.".format(*sys.version_info)):
        pytest.skip(
            f"runs with another Python than that of the reference, {python}, are other ones"
        )
    front = (ROOT / FRONT).read_text(encoding="utf-8")
    assert RUN.search(front)
    assert with_run(front, ROOT) == front, "make reference"


def test_the_pictures_of_the_front_readme_are_of_the_reference_run() -> None:
    front = (ROOT / FRONT).read_text(encoding="utf-8")
    for path, picture in pictures(ROOT).items():
        assert path.as_posix() in front
        kept = (ROOT / path).read_text(encoding="utf-8")
        assert SAID.findall(kept) == SAID.findall(picture) != [], "make reference"
        assert PLACE.sub("", kept) == PLACE.sub("", picture), "make reference"
        assert "var(" not in picture


def test_the_findings_are_of_their_template_and_the_reference_run() -> None:
    assert len(EXPRESSION.findall((ROOT / TEMPLATE).read_text(encoding="utf-8"))) > 150
    kept = (ROOT / FINDINGS).read_text(encoding="utf-8")
    assert kept == findings(ROOT), "make reference"
    assert all(
        word in kept.partition("\n")[0] for word in ("Generated", str(BUNDLE), "make reference")
    )


def test_the_reference_run_is_whole() -> None:
    bundle = read_bundle(ROOT / BUNDLE)
    edition = load(read_yaml(ROOT / "config/paper.yaml"), "config/paper.yaml", ROOT)
    assert bundle.edition == edition.settings.edition
    assert {*bundle.papers, *bundle.comparisons} == set(edition.studies)
    provenance = json.loads(bundle.members["provenance.json"])
    assert provenance["missing"] == {}
    assert provenance["absent"] == []
    assert {run["status"] for run in provenance["runs"]} <= {"completed", "diverged"}


def test_the_site_of_the_reference_run_is_made(tmp_path: Path) -> None:
    assert main(["site", str(ROOT / BUNDLE), "--output", str(tmp_path / "demo")]) == 0
    pages = {path.stem for path in (tmp_path / "demo").glob("*.html")}
    assert pages > {"index", "hardware", "provenance", *read_bundle(ROOT / BUNDLE).papers}


@pytest.mark.parametrize("name", FILES)
def test_an_editor_finds_our_files_right(name: str) -> None:
    validator = jsonschema.Draft202012Validator(schemas()[name])
    validator.check_schema(schemas()[name])
    for path in FILES[name]:
        assert [error.message for error in validator.iter_errors(read_yaml(path))] == [], path


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("paper", lambda p: p["experiments"]["accuracy"]["variants"]["two"]["options"].update(x=1)),
        ("paper", lambda p: next(iter(p["exhibits"].values())).update(chart="pie")),
        ("paper", lambda p: p["claims"][0].update(knd="time")),
        ("datasets", lambda p: p["mnist"].update(format="zip")),
        ("hardware", lambda p: p["facts"].update(cores="four")),
    ],
)
def test_an_editor_finds_mistakes(name: str, change: Any) -> None:
    path = ROOT / "config/papers/ott.yaml" if name == "paper" else FILES[name][0]
    content = read_yaml(path)
    if name == "paper":
        variants = content["experiments"]["accuracy"]["variants"]
        variants["two"] = {"title": "two", "strategy": "spmd", "options": {}}
    change(content)
    assert list(jsonschema.Draft202012Validator(schemas()[name]).iter_errors(content))


@pytest.mark.parametrize("name", schemas())
def test_every_key_says_what_it_is_and_every_text_is_bounded(name: str) -> None:
    """An edition's text is an argument of a command, which may not be of any length."""

    def visit(rules: Any, where: str) -> list[str]:
        if not isinstance(rules, dict):
            return []
        found = [
            f"{where}.{key}"
            for key, rule in rules.get("properties", {}).items()
            if isinstance(rule, dict)
            and not rule.keys() & {"description", "not", "const"}
            and "enum" not in rule
            and where.count("if") + where.count("then") == 0
        ]
        if rules.get("type") == "object" and rules.get("title"):
            found += [where] if rules.get("additionalProperties") is not False else []
        for key, inner in rules.items():
            for part in inner if isinstance(inner, list) else [inner]:
                found += visit(part, f"{where}.{key}")
        return found

    assert visit(schemas()[name], name) == []
