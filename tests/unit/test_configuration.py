"""Configuration files: what is right is completed, what is wrong is told in one sentence."""

import copy
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from records.errors import InputError
from workflow import configuration, documents
from workflow.__main__ import main
from workflow.configuration import (
    NUMBERED,
    SCHEMAS,
    TAKEN,
    WORDS,
    check,
    load_comparison,
    load_edition,
    load_manifest,
    load_paper,
    load_studies,
    schema,
    study_files,
)
from workflow.documents import read_yaml

ROOT = Path(__file__).parents[2]
MANIFEST = load_manifest(ROOT / "config/datasets.yaml")
EDITIONS = {
    name: load_edition(read_yaml(ROOT / f"config/{file}.yaml"), file, MANIFEST)
    for name, file in (("sample", "config"), ("paper", "paper"))
}
PAPERS = sorted((ROOT / "config/papers").glob("*.yaml"))

TINY: dict[str, Any] = {
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

CLAIM = {
    "id": "TY-C01",
    "kind": "time",
    "strength": "opinion",
    "where": "Section 1",
    "statement": "It is fast.",
}

LOSS = {"experiment": "fig1", "metric": "loss", "variant": "plain"}
EXHIBIT = {
    "label": "Fig. 1",
    "title": "One",
    "experiment": "fig1",
    "metrics": ["loss"],
    "x": "epoch",
    "chart": "accuracy_by_epoch",
}
DRAWN = {"label": "Fig. 1", "title": "One"}
FACT = {"fact": "seconds", "part": "all", "bar": "all"}
PROFILE = {"chart": "profile", "property": "softmax", "facts": [FACT]}


def without(content: Any, key: str) -> Any:
    """Return what is left without a key."""
    return {name: value for name, value in content.items() if name != key}


def judged(test: Any) -> Any:
    """Return a claim that is judged by a test."""
    check = {"name": "loss", "test": test, "expect": {"below": 1}}
    return {**CLAIM, "strength": "qualitative", "checks": [check]}


JUDGED = judged({"measure": "mean", "of": LOSS})


def write(folder: Path, content: Any, name: str = "tiny") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path


def load(
    folder: Path, change: Callable[[Any], object] = lambda paper: None, edition: str = "sample"
) -> Any:
    paper = copy.deepcopy(TINY)
    change(paper)
    return load_paper(write(folder, paper), EDITIONS[edition])


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_the_papers_resolve_in_every_edition(path: Path, edition: str) -> None:
    paper = load_paper(path, EDITIONS[edition])
    assert paper["edition"]["name"] == edition
    for stage in ("experiments", "timings"):
        for experiment in paper[stage].values():
            for variant in experiment["variants"].values():
                assert {"strategy", "options", "network", "training", "workers"} <= set(variant)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_comparisons_resolve_in_every_edition(edition: str) -> None:
    files = study_files(EDITIONS[edition], ROOT / "config")
    studies = load_studies(files, EDITIONS[edition])
    assert list(studies) == [*EDITIONS[edition]["papers"], *EDITIONS[edition]["comparisons"]]
    compared = studies["strategies"]
    assert (compared["claims"], compared["findings"]) == ((), ())
    assert "citation" not in compared


COMPARISON = {
    "id": "tiny",
    "name": "Tiny",
    "title": "Tiny side by side",
    "subject": "Two.",
    "method": "Look.",
    "experiments": TINY["experiments"],
    "exhibits": {"fig1": EXHIBIT},
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(claims=[]), "the file: unknown key 'claims'"),
        (lambda c: c.pop("subject"), "the key 'subject' is missing (What is compared"),
        (lambda c: c.update(id="other"), "id: must be the file's own name, 'tiny'"),
        (lambda c: FIG1(c).update(epoch=3), "experiments.fig1: unknown key 'epoch'"),
        (lambda c: c["exhibits"]["fig1"].update(experiment="fig9"), "there is no 'fig9'"),
    ],
)
def test_mistakes_in_a_comparison_end_in_one_sentence(
    tmp_path: Path, change: Callable[[Any], object], message: str
) -> None:
    content = copy.deepcopy(COMPARISON)
    load_comparison(write(tmp_path, content), EDITIONS["sample"])
    change(content)
    with pytest.raises(InputError) as error:
        load_comparison(write(tmp_path, content), EDITIONS["sample"])
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_no_comparison_has_the_name_of_a_paper() -> None:
    edition = {**EDITIONS["sample"], "comparisons": ["ott"]}
    with pytest.raises(InputError, match="comparisons: 'ott' is the name of a paper, too"):
        load_edition(edition, "config.yaml", MANIFEST)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "Tiny", "key": "TT"}, "name: 'Tiny' is that of {tiny}, too; give it another"),
        ({"name": "Other", "key": "TY"}, "key: 'TY' is that of {tiny}, too; give it another"),
    ],
)
def test_no_two_papers_have_the_same_name_or_key(
    tmp_path: Path, change: dict[str, str], told: str
) -> None:
    """The report tells them apart by it."""
    files = {"tiny": write(tmp_path, TINY)}
    files["tiny2"] = write(tmp_path, {**TINY, "id": "tiny2", "name": "Two", "key": "TT"}, "tiny2")
    assert list(load_studies(files, EDITIONS["sample"])) == ["tiny", "tiny2"]
    write(tmp_path, {**TINY, "id": "tiny2", **change}, "tiny2")
    with pytest.raises(InputError) as error:
        load_studies(files, EDITIONS["sample"])
    assert str(error.value) == f"{files['tiny2']}: {told.format(tiny=files['tiny'])}"


def test_no_comparison_has_what_a_paper_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "comparisons"
    folder.mkdir()
    files = {
        "tiny": write(tmp_path, TINY),
        "both": write(folder, {**COMPARISON, "id": "both"}, "both"),
    }
    with pytest.raises(InputError, match="name: 'Tiny' is that of"):
        load_studies(files, EDITIONS["sample"])


@pytest.mark.parametrize("kind", ["papers", "comparisons"])
@pytest.mark.parametrize("name", ["index", "assets", "all", "train_variant", "time_repeat_1"])
def test_names_of_pages_targets_and_rules_are_taken(kind: str, name: str) -> None:
    edition = {**EDITIONS["sample"], kind: [name]}
    with pytest.raises(InputError) as error:
        load_edition(edition, "config/config.yaml", MANIFEST)
    assert str(error.value).startswith(
        f"config/config.yaml: {kind}: the name {name!r} is taken by a page, a target or a rule; give"
    )


def test_all_names_of_rules_and_pages_are_taken() -> None:
    """What the rules and the pages are called is in their sources; the list says no more and no less."""
    rules = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "Snakefile", *(ROOT / "workflow/rules").glob("*.smk"))
    )
    found = set(re.findall(r"^(?:rule|checkpoint) (\w+):", rules, re.MULTILINE))
    found |= set(re.findall(r"^use rule \w+ as (\w+)", rules, re.MULTILINE))
    pages = (ROOT / "reports/pages/site.py").read_text(encoding="utf-8")
    found |= set(re.findall(r'"(\w+)\.html"', pages))
    found |= set(re.findall(r'\(folder / "(\w+)"', pages))
    assert found == TAKEN
    # Rules that are named where they are made: the study's own, and those that are numbered.
    named = re.findall(r"^ +name:\n +(.+)", rules, re.MULTILINE)
    assert sorted(named) == [f'f"{NUMBERED}{{repeat}}"', "study"]


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_text_has_a_longest_and_every_pattern_has_words(path: Path) -> None:
    """What is not bounded may be longer than a command can be; a pattern is no remedy."""

    def visit(rules: Any, where: str) -> Iterator[str]:
        if not isinstance(rules, dict):
            return
        kinds = rules.get("type", ())
        if "string" in ([kinds] if isinstance(kinds, str) else kinds):
            closed = str(rules.get("pattern", "")).endswith(configuration.END)
            if "maxLength" not in rules and (not closed or "+" in rules["pattern"]):
                yield where
        patterns = [rules["pattern"]] if isinstance(rules.get("pattern"), str) else []
        patterns += rules.get("patternProperties", ())
        yield from (f"{where}: {pattern}" for pattern in patterns if pattern not in WORDS)
        for key, inner in rules.items():
            for part in inner if isinstance(inner, list) else [inner]:
                yield from visit(part, f"{where}.{key}")

    assert list(visit(yaml.safe_load(path.read_text()), path.stem)) == []


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.yaml")), ids=lambda path: path.stem)
def test_schemas_are_closed_and_described(path: Path) -> None:
    """Every object refuses unknown keys, and every key says what it is."""

    def visit(rules: Any, where: str) -> None:
        if not isinstance(rules, dict):
            return
        if rules.get("type") == "object" and not where.endswith("options"):
            assert rules.keys() & {"additionalProperties", "unevaluatedProperties", "then"}, where
            for key, inner in rules.get("properties", {}).items():
                assert inner.keys() & {"description", "$ref", "const"}, f"{where}.{key}"
        for key, inner in rules.items():
            for part in inner if isinstance(inner, list) else [inner]:
                visit(part, f"{where}.{key}")

    rules = yaml.safe_load(path.read_text())
    visit(rules, path.stem)
    configuration.Validator.check_schema(rules)


def test_settings_come_from_variant_then_edition_then_experiment_then_schema(
    tmp_path: Path,
) -> None:
    variants = load(tmp_path)["experiments"]["fig1"]["variants"]
    plain, wide = variants["plain"], variants["wide"]
    assert plain["network"]["hidden"] == [20]
    assert wide["network"]["hidden"] == [99]
    assert wide["network"]["loss"] == "quadratic"
    assert wide["network"]["initialisation"] == {
        "weights": "he-normal",
        "scale": 0.1,
        "biases": "zeros",
    }
    assert plain["training"]["epochs"] == 7
    assert plain["training"]["learning_rate"] == 0.5
    assert plain["training"]["batch_size"] == 50
    assert plain["seeds"] == [5]
    assert (plain["workers"], wide["workers"]) == ([1], [2, 4])
    assert wide["options"]["merge"] == "once"
    assert wide["options"]["slices"] == "contiguous"
    assert load(tmp_path, edition="paper")["experiments"]["fig1"]["variants"]["plain"]["seeds"] == [
        1,
        2,
    ]


def test_timings_have_their_own_settings(tmp_path: Path) -> None:
    plain = load(tmp_path)["timings"]["fig2"]["variants"]["plain"]
    assert (plain["repeats"], plain["seed"], plain["hardware"]) == (5, 1, ["host"])
    assert "seeds" not in plain


def at(*path: str) -> Callable[[Any], Any]:
    def find(content: Any) -> Any:
        for key in path:
            content = content[key]
        return content

    return find


FIG1 = at("experiments", "fig1")
PLAIN = at("experiments", "fig1", "variants", "plain")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: FIG1(p).update(epoch=3), "experiments.fig1: unknown key 'epoch'"),
        (lambda p: FIG1(p)["training"].update(learning_rat=3), "did you mean 'learning_rate'?"),
        (
            lambda p: FIG1(p)["training"].update(epochs="ten"),
            "fig1.training.epochs: 'ten' is not of type integer",
        ),
        (
            lambda p: FIG1(p)["training"].update(epochs=0),
            "experiments.fig1.training.epochs: 0 is less than",
        ),
        (lambda p: FIG1(p).update(workers=[0]), "experiments.fig1.workers.0: 0 is less than"),
        (
            lambda p: FIG1(p).update(workers=[1000000]),
            "experiments.fig1.workers.0: 1000000 is greater than",
        ),
        (lambda p: FIG1(p).update(seeds=[1, 1]), "experiments.fig1.seeds: [1, 1] has non-unique"),
        (
            lambda p: FIG1(p).update(dataset="cifar"),
            "fig1.dataset: edition 'sample' names no dataset for 'cifar'",
        ),
        (
            lambda p: PLAIN(p).update(strategy="sequentail"),
            "there is no 'sequentail'; did you mean 'sequential'?",
        ),
        (
            lambda p: PLAIN(p).update(workers=[2]),
            "variants.plain.workers: sequential has 1 at most, not 2",
        ),
        (
            lambda p: PLAIN(p).update(options={"merge": "once"}),
            "plain.options.merge: sequential has no such",
        ),
        (
            lambda p: PLAIN(p).update(
                network={"loss": "cross-entropy", "output_activation": "tanh"}
            ),
            "plain.network.output_activation: cross-entropy needs a softmax or sigmoid output",
        ),
        (
            lambda p: PLAIN(p).update(network={"hidden_activation": "rleu"}),
            "'rleu' is not allowed; did you mean 'relu'",
        ),
        (lambda p: p.update(claims=[CLAIM, CLAIM]), "claims: the id 'TY-C01' is given twice"),
        (
            lambda p: p.update(claims=[{**CLAIM, "checks": []}]),
            "claims.0.checks: must not be given here",
        ),
        (
            lambda p: p.update(claims=[{**CLAIM, "knd": "time"}]),
            "claims.0: unknown key 'knd'; did you mean 'kind'",
        ),
        (
            lambda p: p.update(claims=[{**CLAIM, "strength": "qualitative"}]),
            "claims.0: needs exactly one of the keys checks or not_testable",
        ),
        (
            lambda p: p.update(claims=[{**JUDGED, "exhibit": "fig1"}]),
            "claims.TY-C01.exhibit: there is no 'fig1'; valid values: none",
        ),
        (
            lambda p: p.update(claims=[judged({"measure": "first_reaching", "of": LOSS})]),
            "claims.0.checks.0.test: the key 'threshold' is missing",
        ),
        (
            lambda p: p.update(claims=[judged({"measure": "value", "of": LOSS})]),
            "claims.0.checks.0.test: the key 'at' is missing",
        ),
        (
            lambda p: p.update(claims=[{**JUDGED, "editions": ["smaple"]}]),
            "claims.0.editions.0: 'smaple' is not allowed; did you mean 'sample'?",
        ),
        (
            lambda p: FIG1(p).update(editions={"smaple": {"seeds": [1]}}),
            "experiments.fig1.editions: 'smaple' is not allowed; did you mean 'sample'?",
        ),
        (
            lambda p: p["timings"]["fig2"].update(editions={"papers": {"repeats": 1}}),
            "timings.fig2.editions: 'papers' is not allowed; did you mean 'paper'?",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "chart": "acuracy_by_epoch"}}),
            "exhibits.fig1.chart: 'acuracy_by_epoch' is not allowed; did you mean 'accuracy_by_epoch'?",
        ),
        (
            lambda p: p.update(exhibits={"fig1": without(EXHIBIT, "metrics")}),
            "exhibits.fig1: the key 'metrics' is missing",
        ),
        (
            lambda p: p.update(exhibits={"fig1": without(EXHIBIT, "experiment")}),
            "exhibits.fig1: the key 'experiment' is missing",
        ),
        (
            lambda p: p.update(exhibits={"fig1": without(EXHIBIT, "x")}),
            "exhibits.fig1: the key 'x' is missing",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "chart": "network"}}),
            "must not be given here (Such an exhibit shows no runs.)",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "steps": ["do"]}}),
            "exhibits.fig1.steps: must not be given here (Only pseudocode has steps.)",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**DRAWN, "chart": "pseudocode"}}),
            "exhibits.fig1: the key 'steps' is missing",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**DRAWN, "chart": "gallery"}}),
            "exhibits.fig1: the key 'dataset' is missing",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**DRAWN, "chart": "settings"}}),
            "exhibits.fig1: the key 'settings' is missing",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "variant": "plain"}}),
            "exhibits.fig1.variant: must not be given here (Such an exhibit is a chart of runs",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, **PROFILE}}),
            "must not be given here (Facts are a property's, not an experiment's.)",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "property": "softmax"}}),
            "exhibits.fig1.property: must not be given here (Only a profile shows facts.)",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "chart": "time_to_accuracy"}}),
            "exhibits.fig1: the key 'timing' is missing",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "threshold": 0.9}}),
            "exhibits.fig1.threshold: must not be given here (Only a time to an accuracy has one.)",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "against": "plain"}}),
            "exhibits.fig1.against: must not be given here (Only what is lost is against a variant.)",
        ),
        (
            lambda p: p.update(exhibits={"fig1": {**EXHIBIT, "timing": "fig2"}}),
            "exhibits.fig1.timing: must not be given here (Such an exhibit is not of runs and",
        ),
        (lambda p: p.pop("method"), "the key 'method' is missing (The paper's method"),
        (lambda p: p.update(id="other"), "id: must be the file's own name, 'tiny', not 'other'"),
        (
            lambda p: p["experiments"].update({"a/b": FIG1(p)}),
            "experiments: 'a/b' must be a lower-case letter",
        ),
        (
            lambda p: p["experiments"].update({"<b>": FIG1(p)}),
            "experiments: '<b>' must be a lower-case letter",
        ),
        (lambda p: p["experiments"].update({"fig1\n": FIG1(p)}), r"experiments: 'fig1\n' must be"),
        (
            lambda p: p["experiments"]["fig1"]["training"].update(learning_rate=float("nan")),
            "experiments.fig1.training.learning_rate: nan is not of type number (Step size.)",
        ),
        (
            lambda p: p["experiments"]["fig1"]["training"].update(learning_rate=float("inf")),
            "experiments.fig1.training.learning_rate: inf is not of type number (Step size.)",
        ),
        (
            lambda p: p["experiments"]["fig1"]["training"].update(learning_rate=10**400),
            "experiments.fig1.training.learning_rate: 10000",
        ),
        (
            lambda p: p["experiments"]["fig1"].update(seeds=[1.0]),
            "experiments.fig1.seeds.0: 1.0 is not of type integer",
        ),
        (
            lambda p: p["experiments"].update({"a" * 65: FIG1(p)}),
            "must be a lower-case letter and then up to 63 such letters, digits and hyphens",
        ),
        (
            lambda p: p["experiments"]["fig1"].update(workers=[0]),
            "workers.0: 0 is less than the min",
        ),
        (
            lambda p: p["experiments"]["fig1"]["training"].update(learning_rate="1e-3"),
            "learning_rate: '1e-3' is not of type number, but text to YAML; write 1.0e-3 without quotes (Step",
        ),
        (
            lambda p: p["experiments"]["fig1"]["training"].update(learning_rate="2.5E4"),
            "but text to YAML; write 2.5e+4 without quotes",
        ),
        (
            lambda p: p["experiments"]["fig1"]["training"].update(learning_rate="0.1"),
            "but text to YAML; write 0.1 without quotes",
        ),
        (
            lambda p: p["experiments"]["fig1"]["training"].update(epochs="1e3"),
            "'1e3' is not of type integer, but text to YAML; write 1000 (Passes",
        ),
        (
            lambda p: p["experiments"]["fig1"].update(seeds=[2.0]),
            "2.0 is not of type integer; write 2",
        ),
        (
            lambda p: p["experiments"]["fig1"].update(samples={"train": "5"}),
            "'5' is not of type integer or null, but text to YAML; write 5",
        ),
        (lambda p: p.update(key="Tiny"), "key: 'Tiny' must be two capital letters, such as OT ("),
        (
            lambda p: p.update(claims=[{**CLAIM, "id": "C1"}]),
            "claims.0.id: 'C1' must be the paper's key, -C and two or three digits, such as OT-C01",
        ),
        (
            lambda p: p.update(name="x" * 140_000),
            f"name: '{'x' * 79}… has 140,000 characters; at most 200 are allowed (What the pages",
        ),
        (
            lambda p: p.update(method="x" * 10_001),
            "has 10,001 characters; at most 10,000 are allowed",
        ),
        (lambda p: p.update(name=["x" * 500] * 500), f"name: ['{'x' * 78}… is not of type string"),
        (lambda p: p.update({"x" * 500: 1}), f"unknown key '{'x' * 79}…; valid values: "),
        (
            lambda p: p["experiments"]["fig1"].update(workers=[1_000_000]),
            "than the maximum of 1024",
        ),
    ],
)
def test_mistakes_end_in_one_sentence(
    tmp_path: Path, change: Callable[[Any], object], message: str
) -> None:
    with pytest.raises(InputError) as error:
        load(tmp_path, change)
    told = str(error.value)
    assert told.startswith(str(tmp_path / "tiny.yaml"))
    assert message in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: ]", "line 1: not valid YAML"),
        ("a: 1\na: 2", "line 2: not valid YAML: the key 'a' is given twice"),
        ("a: 1\non: 2", "line 2: not valid YAML: the key on is no word to YAML: put it in quotes"),
        ("a:\n  2024: 2", "line 2: not valid YAML: the key 2024 is no word to YAML"),
        ("a: 1\n? [b, c]\n: 2", "line 2: not valid YAML: a key must be a word, not a list"),
        ("a: 1\n? {b: c}\n: 2", "line 2: not valid YAML: a key must be a word, not a list"),
        ("a: 1\nb: 2024-13-45", "line 2: not valid YAML: month must be in 1..12"),
        ("a: !!int many", "line 1: not valid YAML: invalid literal for int()"),
        ("a: " + "[" * 3000, "not valid YAML: maximum recursion depth exceeded"),
        ("a: !!python/object:os.system {}", "not valid YAML: could not determine a constructor"),
        ("a: 1\nb: &b [1, *b]", "line 2: not valid YAML: this contains an alias of itself"),
        ("a: 1\nb: &b {<<: *b}", "line 2: not valid YAML: this contains an alias of itself"),
        ("a: 0x" + "f" * 5000, "line 1: not valid YAML: a number of so many digits"),
        ("", "tiny.yaml: is empty; it must hold keys with their values"),
        ("# nothing\n", "tiny.yaml: is empty; it must hold keys with their values"),
        ("- a\n- b\n", "tiny.yaml: is a list; it must hold keys with their values"),
        ("sample", "tiny.yaml: is a text; it must hold keys with their values"),
        ("12", "tiny.yaml: is a single value; it must hold keys with their values"),
    ],
)
def test_files_that_are_not_yaml_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_yaml(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def laughs(levels: int) -> str:
    """Return a document that is short and, with its aliases written out, is not."""
    rows = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(["l0: &l0 [ha, ha]", *rows])


def test_a_document_that_grows_by_its_aliases_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(laughs(4))
    assert len(read_yaml(path)) == 4
    path.write_text(laughs(30))
    started = time.perf_counter()
    with pytest.raises(InputError) as error:
        read_yaml(path)
    assert time.perf_counter() - started < 5
    assert str(error.value) == (
        f"{path}, line 6: not valid YAML: with its aliases written out, this has more than 200,000 keys and values; "
        "use fewer"
    )


def test_long_texts_count_by_their_length(tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(f"a: &a {'x' * 500_000}\nb: [{', '.join(['*a'] * 100)}]")
    with pytest.raises(InputError, match="line 2: not valid YAML: with its aliases"):
        read_yaml(path)


def test_merged_keys_may_be_merged_again(tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text("x: {y: {z: &b {<<: &c {k: 1}, k: 2}}}\nd: {<<: *b}\n")
    assert read_yaml(path) == {"x": {"y": {"z": {"k": 2}}}, "d": {"k": 2}}
    path.write_text("x: &b {<<: &c {k: 1}, k: 2, k: 3}\n")
    with pytest.raises(InputError, match=r"line 1: .* the key 'k' is given twice"):
        read_yaml(path)


def _make_folder(path: Path) -> None:
    path.mkdir()


def _make_pipe(path: Path) -> None:
    os.mkfifo(path)


def _make_dangling(path: Path) -> None:
    path.symlink_to("nowhere.yaml")


def _make_loop(path: Path) -> None:
    path.symlink_to(path.name)


def _make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _make_large(path: Path) -> None:
    path.write_text("# " + "x" * documents.LARGEST)


def _make_binary(path: Path) -> None:
    path.write_bytes(b"a: \xff")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_make_folder, "is a folder; put a file in its place"),
        (_make_pipe, "is a device or a pipe and no file; put a file in its place"),
        (_make_device, "is a device or a pipe and no file; put a file in its place"),
        (_make_dangling, "is a link that leads nowhere, to nowhere.yaml; let it lead to a file"),
        (_make_loop, "is a link that leads nowhere, to tiny.yaml; let it lead to a file"),
        (_make_large, "is larger than 1,000,000 bytes, which no configuration needs; is it an"),
        (_make_binary, "is no text in UTF-8 (invalid start byte at byte 4); save it as UTF-8"),
    ],
)
def test_what_is_no_file_to_read_is_refused(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "tiny.yaml"
    make(path)
    with pytest.raises(InputError) as error:
        read_yaml(path)
    assert str(error.value).startswith(f"{path}: {message}")


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests may run as a user who may read all."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, TINY)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"tiny\.yaml: you may not read it; give yourself"):
        read_yaml(path)


def test_a_long_notice_is_refused() -> None:
    """It is an argument of a command, which may not be of any length."""
    edition = {**EDITIONS["sample"], "notice": "x" * 140_000}
    with pytest.raises(InputError) as error:
        load_edition(edition, "config.yaml", MANIFEST)
    assert "notice: 'xxx" in str(error.value)
    assert len(str(error.value)) < 300


def test_a_missing_file_is_told_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, TINY)
    with pytest.raises(InputError, match=r"tinny.yaml: there is no such file; did you mean 'tiny'"):
        load_paper(tmp_path / "tinny.yaml", EDITIONS["sample"])


@pytest.mark.parametrize("content", [None, [], "sample"])
def test_an_edition_without_keys_is_refused(content: Any) -> None:
    with pytest.raises(InputError, match=r"config\.yaml: the file: .* is not of type object"):
        load_edition(content, "config.yaml", MANIFEST)


def test_an_edition_must_name_datasets_that_there_are() -> None:
    edition = {**EDITIONS["sample"], "datasets": {"mnist": "digit"}}
    with pytest.raises(
        InputError,
        match=r"datasets\.mnist: there is no dataset 'digit'; did you mean 'digits'",
    ):
        load_edition(edition, "config.yaml", MANIFEST)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda m: m.update({"Bad Name": {}}),
            "the file: unknown key 'Bad Name'; a name must be",
        ),
        (
            lambda m: m["mnist"].update(licens=1),
            "mnist: unknown key 'licens'; did you mean 'licence'?",
        ),
        (
            lambda m: m["mnist"].update(mirrors=["http://example.org/"]),
            "'http://example.org/' must be an address that begins with https:// and ends with a slash",
        ),
        (lambda m: m["mnist"].update(format="zip"), "mnist.format: 'zip' is not allowed"),
        (
            lambda m: m["mnist"].update(labels=["zero", "one"]),
            "mnist.labels: there are 2 for 10 classes; give one for each, or none",
        ),
    ],
)
def test_mistakes_in_the_manifest_end_in_one_sentence(
    tmp_path: Path, change: Callable[[Any], object], message: str
) -> None:
    manifest = copy.deepcopy(MANIFEST)
    change(manifest)
    with pytest.raises(InputError) as error:
        load_manifest(write(tmp_path, manifest, "datasets"))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_defaults_are_allowed_values() -> None:
    """A default that its own schema refuses would be a trap."""
    definitions = schema("paper")["$defs"]
    for name in ("network", "training"):
        completed: dict[str, Any] = {}
        configuration._fill(completed, definitions[name], schema("paper"))
        rules = {**definitions[name], "$defs": definitions}
        assert not list(configuration.Validator(rules).iter_errors(completed))
        assert completed


def test_checking_leaves_its_input_alone() -> None:
    content = {"edition": "x", "title": "X", "papers": ["tiny"], "datasets": {"mnist": "digits"}}
    before = copy.deepcopy(content)
    assert check(content, "edition", "x")["notice"] == ""
    assert content == before


def test_an_edition_can_leave_an_experiment_out(tmp_path: Path) -> None:
    """Its exhibits go with it, and the paper says which they are."""

    def leave_out(paper: Any) -> None:
        FIG1(paper).update(editions={"sample": False})
        shown = {"label": "Fig. 1", "title": "One", "chart": "accuracy_by_epoch"}
        shown |= {"experiment": "fig1", "metrics": ["test_accuracy"], "x": "epoch"}
        paper["exhibits"] = {"fig1": shown, "method": {**shown, "chart": "diagram"}}
        for key in ("experiment", "metrics", "x"):
            del paper["exhibits"]["method"][key]

    sample = load(tmp_path, leave_out)
    assert "fig1" not in sample["experiments"]
    assert list(sample["exhibits"]) == ["method"]
    assert list(sample["left_out"]) == ["fig1"]


def test_an_exhibit_goes_with_its_timing(tmp_path: Path) -> None:
    def leave_out(paper: Any) -> None:
        variant = {"plain": FIG1(paper)["variants"]["plain"]}
        paper["timings"]["fig2"] = {**without(FIG1(paper), "seeds"), "variants": variant}
        paper["timings"]["fig2"]["editions"] = {"sample": False}
        FIG1(paper).update(editions={}, variants=variant)
        lost = {**EXHIBIT, "chart": "accuracy_lost", "x": "speedup", "metrics": ["test_accuracy"]}
        paper["exhibits"] = {"fig1": {**lost, "timing": "fig2", "against": "plain"}}

    assert list(load(tmp_path, leave_out)["left_out"]) == ["fig1"]
    assert list(load(tmp_path, leave_out, "paper")["exhibits"]) == ["fig1"]


def test_no_edition_can_leave_out_what_a_model_rests_on(tmp_path: Path) -> None:
    def leave_out(paper: Any) -> None:
        paper["timings"]["fig2"]["editions"] = {"sample": False}
        paper["model"] = {
            "timing": "fig2",
            "variant": next(iter(paper["timings"]["fig2"]["variants"])),
            "scale": {"samples": 100, "epochs": 1},
            "parameters": ["loaded"],
            "points": [{"hardware": "host", "workers": 2, "speedup": 2, "where": "Table I"}],
            "note": "One point.",
        }

    with pytest.raises(InputError, match=r"timings\.fig2\.editions\.sample: cannot be false"):
        load(tmp_path, leave_out)


def test_an_edition_alone_can_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    broken = tmp_path / "paper.yaml"
    broken.write_text("edition: paper\npapers: [\n", encoding="utf-8")
    for edition, status, said in (
        (ROOT / "config/paper.yaml", 0, ""),
        (broken, 1, f"workflow: {broken}, line 3: not valid YAML"),
    ):
        monkeypatch.setattr("sys.argv", ["workflow", "check", "--edition", str(edition)])
        assert main() == status
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.startswith(said)


def test_a_study_that_was_edited_meanwhile_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    output = tmp_path / f"ott-{'0' * 12}.json"
    monkeypatch.setattr("sys.argv", ["workflow", "resolve", "ott", "--output", str(output)])
    assert main() == 1
    assert capsys.readouterr().err.startswith("workflow: ott: was edited while the run was at work")
    assert not output.exists()
