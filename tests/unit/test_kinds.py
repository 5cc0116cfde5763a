"""Kinds of exhibits: each is one file with its keys, and answers for the names in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import synthetic_site
from records_factory import paper

from pnncore.properties.registry import PROPERTIES
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from reports.exhibits import kinds as package
from reports.exhibits.checks import ALIKE
from reports.exhibits.contract import Fault
from reports.exhibits.registry import KINDS
from workflow.reporting import code_of
from workflow.schemas import faults as schema_faults
from workflow.strategies import presented

ROOT = Path(__file__).parents[2]
FOLDER = Path(package.__file__).parent
HEAVY = ("altair", "jinja2", "numpy", "pandas", "scipy", "vl_convert")

LABELS = {"label": "Fig. 1", "title": "One"}
RUNS: dict[str, Any] = {
    **LABELS,
    "chart": "accuracy_by_epoch",
    "experiment": "fig1",
    "metrics": ["test_accuracy", "confidence"],
    "x": "epoch",
    "beside": ["aside"],
    "variants": ["one", "many", "apart"],
    "in_every_panel": ["one"],
    "published": [{"variant": "many", "metric": "loss", "value": 1, "where": "Section 1"}],
}
TIMES: dict[str, Any] = {
    **LABELS,
    "chart": "time_by_workers",
    "experiment": "fig2",
    "metrics": ["seconds"],
    "x": "workers",
}
LOST: dict[str, Any] = {
    **LABELS,
    "chart": "accuracy_change",
    "experiment": "fig1",
    "timing": "fig2",
    "metrics": ["test_accuracy"],
    "x": "speedup",
    "variants": ["one"],
    "against": "one",
}
REACHED: dict[str, Any] = {
    **{key: value for key, value in LOST.items() if key != "against"},
    "chart": "time_to_accuracy",
    "x": "workers",
    "threshold": 0.9,
}
SHARES: dict[str, Any] = {
    **LABELS,
    "chart": "profile",
    "experiment": "fig2",
    "metrics": ["forward_share"],
}
FACTS: dict[str, Any] = {
    **LABELS,
    "chart": "profile",
    "property": "softmax",
    "metrics": ["seconds"],
    "facts": [{"fact": "seconds", "part": "training", "bar": "copies"}],
}
DIAGRAM = {**LABELS, "chart": "diagram"}
ACTIVATION = {**LABELS, "chart": "activation", "experiment": "fig1", "variant": "one"}
PUBLISHED_SETTING = {"name": "batch", "setting": "training.batch_size", "value": 1, "where": "p. 1"}
SETTINGS: dict[str, Any] = {**LABELS, "chart": "settings", "settings": [PUBLISHED_SETTING]}
GALLERY = {**LABELS, "chart": "gallery", "dataset": "mnist"}
PSEUDOCODE: dict[str, Any] = {**LABELS, "chart": "pseudocode", "steps": ["do"], "code": ["a.py"]}


def variant(**changes: Any) -> dict[str, Any]:
    settings = {"title": "One", "strategy": "spmd", "network": {"hidden": [8]}}
    return {**settings, "training": {"epochs": 8}, **changes}


def study(**timed: Any) -> dict[str, Any]:
    """Return parts of a study whose timed variant differs from the one that is run in some settings."""
    entry = {"title": "One", "dataset": "mnist"}
    epoch = {"training": {"epochs": 1}}
    return {
        "edition": {"name": "a", "title": "A", "notice": "", "datasets": {"mnist": "digits"}},
        "strategies": msgspec.to_builtins(presented()),
        "experiments": {
            "fig1": {**entry, "variants": {"one": variant(), "many": variant()}},
            "aside": {**entry, "variants": {"apart": variant()}},
        },
        "timings": {"fig2": {**entry, "variants": {"one": variant(**{**epoch, **timed})}}},
    }


def faults(entry: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> list[str]:
    """List the keys of the mistakes in an exhibit."""
    return [key for key, _ in told(entry, known or study())]


def told(entry: Mapping[str, Any], known: Mapping[str, Any]) -> list[Fault]:
    """List the mistakes in an exhibit of a paper with these parts."""
    kind = KINDS.named(entry["chart"])
    return list(kind.faults(kind.read(entry), paper(**known), PROPERTIES.entries))


def test_each_file_is_the_kind_of_its_name() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} - {"__init__"} == KINDS.entries.keys()
    for name, kind in KINDS.entries.items():
        assert kind.name == name
        assert msgspec.inspect.type_info(kind.keys).tag == name
        assert kind.summary.endswith(".")
        assert KINDS.named(name) is kind


def test_an_unknown_kind_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"no 'galery'; did you mean 'gallery'\?"):
        KINDS.named("galery")


def test_asking_kinds_for_their_keys_imports_nothing_that_draws() -> None:
    program = (
        "import sys; from reports.exhibits.registry import KINDS; KINDS.entries;"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_digests_of_commands_that_draw_cover_every_kind() -> None:
    for command in ("exhibits", "charts", "publish", "site"):
        assert set(KINDS.modules) <= code_of(command)["code"].keys(), command
    assert not set(KINDS.modules) & code_of("judge")["code"].keys()


def test_every_key_is_explained_in_a_sentence() -> None:
    schemas = [msgspec.json.schema(kind.keys) for kind in KINDS.entries.values()]
    definitions = {name: rules for found in schemas for name, rules in found["$defs"].items()}
    for name, entry in definitions.items():
        for key, value in entry["properties"].items():
            assert key == "chart" or value.get("description", "").endswith("."), (name, key)


@pytest.mark.parametrize("entry", synthetic_site.paper().exhibits.values())
def test_what_is_read_is_written_as_it_was(entry: Mapping[str, Any]) -> None:
    keys = KINDS.named(entry["chart"]).read(entry)
    written = msgspec.json.decode(msgspec.json.encode(keys))
    assert written == {key: entry[key] for key in written}


def published(metric: str) -> dict[str, Any]:
    return {"where": "p. 1", "value": 1, "metric": metric}


def without(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != key}


@pytest.mark.parametrize(
    "entry",
    [
        *(without(RUNS, key) for key in ("label", "title", "experiment", "metrics", "x")),
        *({**RUNS, key: "one"} for key in ("variant", "strategy", "dataset", "timing", "against")),
        {**RUNS, "x": "workers"},
        {**RUNS, "metrics": []},
        {**RUNS, "metrics": ["accuracy"]},
        {**RUNS, "variants": []},
        {**RUNS, "series": ["epoch"]},
        {**RUNS, "title": ""},
        {**RUNS, "label": 201 * "x"},
        {**RUNS, "hardware": ["host"]},
        {**RUNS, "published": [{"where": "Section 1"}]},
        {**RUNS, "published": [{"value": 1}]},
        {**RUNS, "published": [{"where": "Section 1", "workers": 0}]},
        *(without(LOST, key) for key in ("timing", "against")),
        *(without(REACHED, key) for key in ("timing", "threshold")),
        {**REACHED, "threshold": 1},
        {**LOST, "threshold": 0.9},
        without(SHARES, "experiment"),
        without(FACTS, "property"),
        without(FACTS, "facts"),
        {**FACTS, "experiment": "fig2"},
        {**FACTS, "facts": []},
        {**FACTS, "facts": [{"fact": "seconds"}]},
        *({**DIAGRAM, key: ["one"]} for key in ("metrics", "beside", "variants", "published")),
        {**DIAGRAM, "x": "epoch"},
        {**DIAGRAM, "steps": ["do"]},
        without(GALLERY, "dataset"),
        without(SETTINGS, "settings"),
        {**SETTINGS, "settings": []},
        *(without(PSEUDOCODE, key) for key in ("steps", "code")),
    ],
)
def test_keys_that_do_not_belong_to_a_kind_are_refused(entry: Mapping[str, Any]) -> None:
    kind = KINDS.named(entry["chart"])
    found = list(schema_faults(entry, kind.keys, "exhibits.fig1"))
    # What one key says of another is asked of the kind.
    assert found or faults(entry)
    assert all(fault.startswith("exhibits.fig1") for fault in found)


@pytest.mark.parametrize(
    "entry",
    [RUNS, TIMES, LOST, REACHED, SHARES, FACTS, DIAGRAM, SETTINGS, GALLERY, PSEUDOCODE],
    ids=lambda entry: entry["chart"],
)
def test_names_that_lead_somewhere_pass(entry: Mapping[str, Any]) -> None:
    assert faults(entry) == []


@pytest.mark.parametrize(
    ("entry", "changes", "keys"),
    [
        (RUNS, {"experiment": "fig11"}, ["experiment"]),
        (RUNS, {"experiment": "fig2"}, ["experiment"]),
        (RUNS, {"variants": ["one", "won"]}, ["variants[1]"]),
        (RUNS, {"variants": ["won", "one"]}, ["variants[0]"]),
        (RUNS, {"beside": ["asides"], "variants": ["one"]}, ["beside[0]"]),
        (RUNS, {"beside": ["fig1"], "variants": ["one"]}, ["beside[0]", "beside[0]"]),
        (RUNS, {"in_every_panel": ["on"]}, ["in_every_panel[0]"]),
        (RUNS, {"metrics": ["loss", "speedup"]}, ["metrics[1]"]),
        (
            RUNS,
            {"published": [{"variant": "mny", "metric": "seconds", "value": 1, "where": "p. 1"}]},
            ["published[0].variant", "published[0].metric"],
        ),
        (TIMES, {"experiment": "fig1"}, ["experiment"]),
        (TIMES, {"metrics": ["seconds", "loss"]}, ["metrics[1]"]),
        (TIMES, {"metrics": ["forward_share"]}, ["metrics[0]"]),
        (TIMES, {"chart": "time_by_epoch", "x": "epoch", "metrics": ["speedup"]}, ["metrics[0]"]),
        (LOST, {"against": "on"}, ["against"]),
        (LOST, {"timing": "fig3"}, ["timing"]),
        (
            LOST,
            {"published": [published("accuracy_change"), published("los")]},
            ["published[1].metric"],
        ),
        (RUNS, {"metrics": ["train_accuracy"]}, ["metrics[0]"]),
        (LOST, {"variants": ["one", "many"]}, ["timing"]),
        (REACHED, {"timing": "fig1"}, ["timing"]),
        (SHARES, {"metrics": ["seconds"]}, ["metrics[0]"]),
        (SHARES, {"experiment": "fig1"}, ["experiment"]),
        (FACTS, {"property": "softmacks"}, ["property"]),
        (DIAGRAM, {"experiment": "fig2"}, ["experiment"]),
        (DIAGRAM, {"variant": "money"}, ["variant"]),
        (DIAGRAM, {"experiment": "aside", "variant": "one"}, ["variant"]),
        (DIAGRAM, {"strategy": "neurons"}, ["strategy"]),
        (GALLERY, {"dataset": "mist"}, ["dataset"]),
        (
            SETTINGS,
            {"settings": [PUBLISHED_SETTING, {**PUBLISHED_SETTING, "setting": "training.batch"}]},
            ["settings[1].setting"],
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_told(
    entry: Mapping[str, Any], changes: Mapping[str, Any], keys: list[str]
) -> None:
    assert faults({**entry, **changes}) == keys


@pytest.mark.parametrize("entry", [LOST, REACHED], ids=lambda entry: entry["chart"])
@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda known: timed(known).update(network={"hidden": [9]}), "network"),
        (lambda known: timed(known).update(samples={"train": 100}), "samples"),
        (lambda known: timed(known)["training"].update(batch_size=2), "training"),
        (lambda known: known["timings"]["fig2"].update(dataset="other"), "dataset"),
    ],
)
def test_epochs_that_are_timed_are_those_of_the_runs(
    entry: Mapping[str, Any], change: Callable[[Any], object], word: str
) -> None:
    known = study()
    change(known)
    ((key, fault),) = told(entry, known)
    assert key == "timing"
    assert f"differs in {word} between timings.fig2 and experiments.fig1" in fault


def timed(known: Any) -> Any:
    return known["timings"]["fig2"]["variants"]["one"]


def test_all_settings_that_differ_are_told() -> None:
    others = {"strategy": "neuron", "options": {"other": 1}, "network": {}, "samples": {"train": 1}}
    assert others.keys() == set(ALIKE)
    assert faults(LOST, study(**others)) == ["timing"] * len(ALIKE)


def test_every_strategy_can_be_drawn() -> None:
    assert all(each.presentation.diagram for each in STRATEGIES.entries.values())


@pytest.mark.parametrize(
    ("entry", "named", "key"),
    [(DIAGRAM, "spmd", "chart"), ({**DIAGRAM, "strategy": "neuron"}, "neuron", "strategy")],
)
def test_a_diagram_of_a_strategy_without_words_is_refused(
    entry: Mapping[str, Any], named: str, key: str
) -> None:
    known = study()
    known["strategies"][named]["diagram"] = False
    ((found, fault),) = told(entry, known)
    assert found == key
    assert fault.startswith(f"{named!r} has no words for a diagram; ")


@pytest.mark.parametrize(("name", "keys"), [("tanh", []), ("softmax", ["chart"])])
def test_an_activation_without_a_curve_is_refused(name: str, keys: list[str]) -> None:
    known = study()
    known["experiments"]["fig1"]["variants"]["one"]["network"]["hidden_activation"] = name
    assert faults(ACTIVATION, known) == keys


def test_a_paper_s_own_method_is_a_diagram_without_a_strategy() -> None:
    shown = {
        name: [KINDS.named(entry["chart"]).read(entry).shows_method for entry in entries]
        for name, entries in {
            "own": [DIAGRAM],
            "others": [{**DIAGRAM, "strategy": "neuron"}, RUNS, GALLERY],
        }.items()
    }
    assert shown == {"own": [True], "others": [False, False, False]}


@pytest.mark.parametrize("ways", [(), ("chart", "drawing")])
def test_a_kind_is_shown_in_one_way(ways: tuple[str, ...]) -> None:
    kind = KINDS.named("activation")
    given: dict[str, Any] = {"chart": None, "drawing": None, "comparisons": None}
    given |= dict.fromkeys(ways, kind.drawing)
    with pytest.raises(ValueError, match="activation"):
        replace(kind, **given)
