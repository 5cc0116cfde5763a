"""Configuration files: what is right is completed, what is wrong is told in one sentence."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from workflow import configuration
from workflow.__main__ import main
from workflow.configuration import (
    SCHEMAS,
    ConfigurationError,
    check,
    load_comparison,
    load_edition,
    load_manifest,
    load_paper,
    load_study,
    read_yaml,
    schema,
    study_files,
)

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
    studies = {name: load_study(path, EDITIONS[edition]) for name, path in files.items()}
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
    with pytest.raises(ConfigurationError) as error:
        load_comparison(write(tmp_path, content), EDITIONS["sample"])
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_no_comparison_has_the_name_of_a_paper() -> None:
    edition = {**EDITIONS["sample"], "comparisons": ["ott"]}
    with pytest.raises(ConfigurationError, match="comparisons: 'ott' is the name of a paper, too"):
        load_edition(edition, "config.yaml", MANIFEST)


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
            "claims.TY-C01.exhibit: there is no 'fig1'; valid are: none",
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
            lambda p: p["experiments"]["fig1"].update(workers=[1_000_000]),
            "than the maximum of 1024",
        ),
    ],
)
def test_mistakes_end_in_one_sentence(
    tmp_path: Path, change: Callable[[Any], object], message: str
) -> None:
    with pytest.raises(ConfigurationError) as error:
        load(tmp_path, change)
    told = str(error.value)
    assert told.startswith(str(tmp_path / "tiny.yaml"))
    assert message in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "line 1: not valid YAML"),
        ("a: 1\na: 2", "line 2: not valid YAML: the key 'a' is given twice"),
        ("a: 1\non: 2", "line 2: not valid YAML: the key on is no word to YAML: put it in quotes"),
        ("a:\n  2024: 2", "line 2: not valid YAML: the key 2024 is no word to YAML"),
        ("a: 1\n? [b, c]\n: 2", "line 2: not valid YAML: a key must be a word, not a list"),
        ("a: 1\n? {b: c}\n: 2", "line 2: not valid YAML: a key must be a word, not a list"),
        ("a: 1\nb: 2024-13-45", "line 2: not valid YAML: month must be in 1..12"),
        ("a: !!int many", "line 1: not valid YAML: invalid literal for int()"),
        ("a: " + "[" * 3000, "not valid YAML: maximum recursion depth exceeded"),
        ("a: !!python/object:os.system {}", "not valid YAML: could not determine a constructor"),
    ],
)
def test_files_that_are_not_yaml_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as error:
        read_yaml(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_told_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, TINY)
    with pytest.raises(
        ConfigurationError, match=r"tinny.yaml: there is no such file; did you mean 'tiny'"
    ):
        load_paper(tmp_path / "tinny.yaml", EDITIONS["sample"])


@pytest.mark.parametrize("content", [None, [], "sample"])
def test_an_edition_without_keys_is_refused(content: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=r"config\.yaml: the file: .* is not of type object"
    ):
        load_edition(content, "config.yaml", MANIFEST)


def test_an_edition_must_name_datasets_that_there_are() -> None:
    edition = {**EDITIONS["sample"], "datasets": {"mnist": "digit"}}
    with pytest.raises(
        ConfigurationError,
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
        (lambda m: m["mnist"].update(mirrors=["http://example.org/"]), "mnist.mirrors.0: "),
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
    with pytest.raises(ConfigurationError) as error:
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

    with pytest.raises(
        ConfigurationError, match=r"timings\.fig2\.editions\.sample: cannot be false"
    ):
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
        monkeypatch.setattr("sys.argv", ["workflow", "--edition", str(edition)])
        assert main() == status
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.startswith(said)
