"""Configuration files: what is right is completed, and every mistake is told by file and key."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import structs
from tiny_study import (
    COMPARISON,
    EDITIONS,
    FIG1,
    FIG2,
    FILES,
    MANIFEST,
    PAPER,
    PLAIN,
    ROOT,
    Change,
    keys_of,
    load,
    refused,
    write,
)

from records.dataset import Image
from records.errors import InputError
from records.settings import Convolution, Network
from records.study import Experiment
from records.variants import RunVariant
from workflow.__main__ import main
from workflow.configuration import (
    load_edition,
    load_studies,
    load_study,
    study_files,
)
from workflow.edition import taken_names
from workflow.manifest import load_manifest
from workflow.variants import setting_faults

EDITION = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))


def without(content: Any, *keys: str) -> Any:
    return {name: value for name, value in content.items() if name not in keys}


@pytest.mark.parametrize("edition", EDITIONS)
def test_all_studies_resolve_in_every_edition(edition: str) -> None:
    files = study_files(EDITIONS[edition], ROOT / "config")
    studies = load_studies(files, EDITIONS[edition], MANIFEST, FILES)
    assert list(studies) == [*EDITIONS[edition].papers, *EDITIONS[edition].comparisons]
    assert {study.edition.name for study in studies.values()} == {edition}


def test_claims_that_others_take_up_are_claims() -> None:
    edition = EDITIONS["paper"]
    studies = load_studies(study_files(edition, ROOT / "config"), edition, MANIFEST, FILES).values()
    claims = [claim for study in studies for claim in study.claims]
    taken_up = {name for claim in claims for name in claim.answers or ()}
    assert taken_up
    assert taken_up <= {claim.id for claim in claims}


def test_settings_come_from_variant_then_edition_then_experiment_then_default(
    tmp_path: Path,
) -> None:
    variants = load(tmp_path).experiments["fig1"].variants
    plain, wide = variants["plain"], variants["wide"]
    assert (plain.network.hidden, wide.network.hidden) == ((20,), (99,))
    assert wide.network.loss == "quadratic"
    assert wide.network.initialisation.weights == "he-normal"
    assert (plain.training.epochs, plain.training.learning_rate) == (7, 0.5)
    assert plain.training.batch_size == 50
    assert (plain.seeds, plain.workers, wide.workers) == ((5,), (1,), (2, 4))
    assert (wide.options["merge"], wide.options["slices"]) == ("once", "contiguous")
    elsewhere = load(tmp_path, edition="paper").experiments["fig1"].variants["plain"]
    assert elsewhere.seeds == (1, 2)
    timed = load(tmp_path).timings["fig2"].variants["plain"]
    assert (timed.repeats, timed.seed, timed.hardware) == (5, 1, ("host",))


def test_a_third_edition_may_change_experiments(tmp_path: Path) -> None:
    content = copy.deepcopy(PAPER)
    FIG1(content)["editions"]["mine"] = {"seeds": [9]}
    edition = load_edition({**EDITION, "edition": "mine"}, "mine.yaml", MANIFEST, ())
    study = load_study(write(tmp_path, content), edition, MANIFEST, {**FILES, "mine": ""})
    assert study.experiments["fig1"].variants["plain"].seeds == (9,)


OPINION = {
    "id": "TY-C01",
    "kind": "accuracy",
    "strength": "opinion",
    "where": "Section 1",
    "statement": "It is fine.",
}
MISTAKES: dict[str, tuple[Change, set[str]]] = {
    "unknown key": (lambda p: FIG1(p).update(epoch=3), {"experiments.fig1.epoch"}),
    "two at once": (
        lambda p: FIG1(p).update(epoch=3, training={"learning_rat": 3, "epochs": "ten"}),
        {
            "experiments.fig1.epoch",
            "experiments.fig1.training.learning_rat",
            "experiments.fig1.training.epochs",
        },
    ),
    "no epoch": (
        lambda p: FIG1(p)["training"].update(epochs=0),
        {"experiments.fig1.training.epochs"},
    ),
    "too many workers": (
        lambda p: FIG1(p).update(workers=[1, 1_000_000, 0]),
        {"experiments.fig1.workers[1]", "experiments.fig1.workers[2]"},
    ),
    "a seed twice": (lambda p: FIG1(p).update(seeds=[1, 1]), {"experiments.fig1.seeds"}),
    "a fraction for a count": (
        lambda p: FIG1(p).update(seeds=[2.0]),
        {"experiments.fig1.seeds[0]"},
    ),
    "not a number": (
        lambda p: FIG1(p)["training"].update(learning_rate=".nan"),
        {"experiments.fig1.training.learning_rate"},
    ),
    "a number beyond single precision": (
        lambda p: FIG1(p)["training"].update(learning_rate=1e39),
        {"experiments.fig1.training.learning_rate"},
    ),
    "dataset of no edition": (
        lambda p: FIG1(p).update(dataset="cifar"),
        {"experiments.fig1.dataset"},
    ),
    "editions that there are not": (
        lambda p: [
            FIG1(p)["editions"].update(papr={"seeds": [1]}),
            FIG2(p).update(editions={"smaple": False}),
            p.update(claims=[{**OPINION, "editions": ["papers"]}]),
        ],
        {"experiments.fig1.editions", "timings.fig2.editions", "claims.TY-C01.editions"},
    ),
    "unknown strategy": (
        lambda p: PLAIN(p).update(strategy="sequentail"),
        {"experiments.fig1.variants.plain.strategy"},
    ),
    "workers of one worker": (
        lambda p: PLAIN(p).update(workers=[2]),
        {"experiments.fig1.variants.plain.workers"},
    ),
    "option of another strategy": (
        lambda p: PLAIN(p).update(options={"merge": "once"}),
        {"experiments.fig1.variants.plain.options.merge"},
    ),
    "two faults of a variant": (
        lambda p: FIG1(p)["variants"]["wide"].update(options={"merge": "onc", "every": 0}),
        {
            "experiments.fig1.variants.wide.options.merge",
            "experiments.fig1.variants.wide.options.every",
        },
    ),
    "loss without its output": (
        lambda p: PLAIN(p).update(network={"loss": "cross-entropy", "output_activation": "tanh"}),
        {"experiments.fig1.variants.plain.network.output_activation"},
    ),
    "a filter larger than the image": (
        lambda p: PLAIN(p).update(network={"convolution": {"size": 29}}),
        {"experiments.fig1.variants.plain.network.convolution"},
    ),
    "more samples than there are": (
        lambda p: PLAIN(p).update(samples={"train": 1438, "test": 361}),
        {
            "experiments.fig1.variants.plain.samples.train",
            "experiments.fig1.variants.plain.samples.test",
        },
    ),
    "a worker without a sample": (
        lambda p: FIG1(p)["variants"]["wide"].update(samples={"train": 3}),
        {"experiments.fig1.variants.wide.workers"},
    ),
    "another id": (lambda p: p.update(id="other"), {"id"}),
    "no method": (lambda p: p.pop("method"), {"method"}),
    "long name": (lambda p: p.update(name="x" * 140_000), {"name"}),
    "names that are no names": (
        lambda p: p["experiments"].update({"a/b": FIG1(p), "a" * 65: FIG1(p)}),
        {"experiments"},
    ),
    "an edition neither false nor keys": (
        lambda p: FIG2(p).update(editions={"paper": True}),
        {"timings.fig2.editions.paper"},
    ),
    "survivors of nothing": (
        lambda p: FIG1(p).update(survivors="fig2"),
        {"experiments.fig1.survivors"},
    ),
    "no test samples left": (
        lambda p: FIG1(p).update(samples={"tested_on": "rest"}),
        {f"experiments.fig1.variants.{name}.samples.train" for name in ("plain", "wide")},
    ),
    "a key of no paper": (lambda p: p.update(key="Tiny"), {"key"}),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_told_by_their_keys(tmp_path: Path, mistake: str) -> None:
    change, keys = MISTAKES[mistake]
    assert refused(tmp_path, change) == keys


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda c: c.update(citation={}), "citation"),
        (lambda c: c.pop("subject"), "subject"),
        (lambda c: c.update(id="other"), "id"),
    ],
)
def test_mistakes_in_a_comparison_are_told_by_their_keys(
    tmp_path: Path, change: Change, key: str
) -> None:
    folder = tmp_path / "comparisons"
    folder.mkdir()
    assert load(folder, base=COMPARISON).subject == "Two."
    assert refused(folder, change, COMPARISON) == {key}


@pytest.mark.parametrize(
    ("change", "key"),
    [({"name": "Tiny", "key": "TT"}, "name"), ({"name": "Other", "key": "TY"}, "key")],
)
def test_no_two_papers_have_the_same_name_or_key(
    tmp_path: Path, change: dict[str, str], key: str
) -> None:
    """The report tells them apart by it."""
    files = {"tiny": write(tmp_path, PAPER)}
    files["tiny2"] = write(tmp_path, {**PAPER, "id": "tiny2", "name": "Two", "key": "TT"}, "tiny2")
    assert list(load_studies(files, EDITIONS["sample"], MANIFEST, FILES)) == ["tiny", "tiny2"]
    write(tmp_path, {**PAPER, "id": "tiny2", **change}, "tiny2")
    with pytest.raises(InputError) as error:
        load_studies(files, EDITIONS["sample"], MANIFEST, FILES)
    assert keys_of(error.value, files["tiny2"]) == {key}
    assert str(files["tiny"]) in str(error.value)


def edition_refused(content: Any) -> set[str]:
    with pytest.raises(InputError) as error:
        load_edition(content, "config.yaml", MANIFEST, taken_names())
    return keys_of(error.value, Path("config.yaml"))


@pytest.mark.parametrize("kind", ["papers", "comparisons"])
@pytest.mark.parametrize("name", ["index", "assets", "all", "compile_loops", "list_records"])
def test_names_of_pages_targets_and_rules_are_taken(kind: str, name: str) -> None:
    assert edition_refused({**EDITION, kind: [name]}) == {kind}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"comparisons": ["ott"]}, "comparisons"),
        ({"datasets": {"mnist": "digit"}}, "datasets.mnist"),
        ({"datasets": {}}, "datasets"),
        ({"notice": "x" * 140_000}, "notice"),
        ({"paper": []}, "paper"),
    ],
)
def test_mistakes_in_an_edition_are_told_by_their_keys(change: dict[str, Any], key: str) -> None:
    assert edition_refused({**EDITION, **change}) == {key}


@pytest.mark.parametrize("content", [None, [], "sample"])
def test_an_edition_without_keys_is_refused(content: Any) -> None:
    with pytest.raises(InputError, match=r"^config\.yaml: the file: "):
        load_edition(content, "config.yaml", MANIFEST, ())


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        (lambda m: m["mnist"].update(licens=1), {"mnist.licens"}),
        (lambda m: m["mnist"]["splits"]["test"]["labels"].pop("file"), {"mnist.splits.test.labels.file"}),
        (lambda m: m["digits"]["splits"]["train"].update(sampels=1), {"digits.splits.train.sampels"}),
        (lambda m: m["mnist"].update(mirrors=["http://example.org/"]), {"mnist.mirrors[0]"}),
        (lambda m: m["mnist"].update(format="zip"), {"mnist.format"}),
        (lambda m: m["mnist"].pop("format"), {"mnist.format"}),
        (lambda m: m["mnist"].update(labels=["zero", "one"]), {"mnist.labels"}),
        (lambda m: [m["mnist"].pop("title"), m["digits"].pop("title")], {"mnist.title", "digits.title"}),
    ],
)  # fmt: skip
def test_mistakes_in_the_manifest_are_told_by_their_keys(
    tmp_path: Path, change: Change, keys: set[str]
) -> None:
    manifest = yaml.safe_load((ROOT / "config/datasets.yaml").read_text(encoding="utf-8"))
    change(manifest)
    path = write(tmp_path, manifest, "datasets")
    with pytest.raises(InputError) as error:
        load_manifest(path)
    assert keys_of(error.value, path) == keys


def test_an_edition_without_a_study_s_dataset_is_named_by_its_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.escape(FILES["sample"])):
        load(tmp_path, lambda paper: FIG1(paper).update(dataset="cifar"))


def test_a_missing_file_is_told_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, PAPER)
    with pytest.raises(InputError, match=r"tinny\.yaml: .*'tiny'"):
        load_study(tmp_path / "tinny.yaml", EDITIONS["sample"], MANIFEST, FILES)


def test_an_edition_can_leave_an_experiment_out(tmp_path: Path) -> None:
    """Its exhibits go with it, and the paper says which they are."""

    def leave_out(paper: Any) -> None:
        FIG1(paper).update(editions={"sample": False})
        drawn = {"label": "Fig. 2", "title": "Two", "chart": "diagram"}
        listed = {**drawn, "chart": "pseudocode", "steps": ["do"], "code": ["a.py"]}
        shown = {
            "method": drawn,
            "steps": listed,
        }  # the one is of the first experiment, the other of none
        paper["exhibits"] = {"fig1": COMPARISON["exhibits"]["fig1"], **shown}

    sample = load(tmp_path, leave_out)
    assert "fig1" not in sample.experiments
    assert list(sample.exhibits) == ["steps"]
    assert list(sample.left_out) == ["fig1", "method"]


def test_a_convolution_of_images_that_are_not_square_is_refused() -> None:
    """As many pixels as a square image has would pass for one."""
    digits = structs.replace(MANIFEST["digits"], image=Image(height=14, width=56))
    variant = RunVariant(
        title="one", strategy="sequential", network=Network(convolution=Convolution())
    )
    entry = Experiment(title="One", dataset="mnist", variants={"one": variant})
    stages: dict[str, dict[str, Experiment]] = {"experiments": {"fig1": entry}}
    (fault,) = setting_faults(stages, EDITIONS["sample"], {"digits": digits})
    assert fault.startswith("experiments.fig1.variants.one.network.convolution: ")
    assert "not 14 × 56 pixels" in fault


def test_what_is_left_out_may_ask_for_more_samples_than_there_are(tmp_path: Path) -> None:
    def leave_out(paper: Any) -> None:
        FIG1(paper).update(editions={"sample": False}, samples={"train": 60_000})

    assert "fig1" not in load(tmp_path, leave_out).experiments


@pytest.mark.parametrize("timing", ["fig2", "fig1"])
def test_an_exhibit_goes_with_its_timing(tmp_path: Path, timing: str) -> None:
    def leave_out(paper: Any) -> None:
        variant = {"plain": PLAIN(paper)}
        paper["timings"][timing] = {**without(FIG1(paper), "seeds"), "variants": variant}
        paper["timings"][timing]["editions"] = {"sample": False}
        FIG1(paper).update(editions={}, variants=variant)
        lost = {**COMPARISON["exhibits"]["fig1"], "chart": "accuracy_change", "x": "speedup"}
        lost |= {"metrics": ["test_accuracy"], "timing": timing, "against": "plain"}
        paper["exhibits"] = {"fig1": lost}

    assert list(load(tmp_path, leave_out).left_out) == ["fig1"]
    assert list(load(tmp_path, leave_out, "paper").exhibits) == ["fig1"]


def test_no_edition_can_leave_out_what_a_model_rests_on(tmp_path: Path) -> None:
    def leave_out(paper: Any) -> None:
        FIG2(paper)["editions"] = {"sample": False}
        paper["model"] = {
            "timing": "fig2",
            "variant": "plain",
            "scale": {"samples": 100, "epochs": 1},
            "parameters": ["loaded"],
            "points": [{"hardware": "host", "workers": 2, "speedup": 2, "where": "Table I"}],
            "note": "One point.",
        }

    assert refused(tmp_path, leave_out) == {"timings.fig2.editions.sample"}


def test_an_edition_alone_can_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    broken = tmp_path / "paper.yaml"
    broken.write_text("edition: paper\npapers: [\n", encoding="utf-8")
    for edition, status, said in (
        (ROOT / "config/paper.yaml", 0, ""),
        (broken, 1, f"workflow: {broken}, line 3: "),
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
    assert capsys.readouterr().err.startswith("workflow: ott: ")
    assert not output.exists()
