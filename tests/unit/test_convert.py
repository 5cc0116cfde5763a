"""What commands are told: read as typed specifications, every mistake told by its key."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
from msgspec import Meta
from networks import make_spec
from tiny_study import ROOT

from pnncore.data.format import entry_type
from records.convert import convert
from records.errors import InputError
from records.job import Run, VariantRepeats, VariantRuns
from records.model import Predictions
from workflow.documents import read_yaml
from workflow.edition import load

NAMES = {"paper": "tiny", "experiment": "fig1", "variant": "plain"}
RUNS = {**make_spec(), "workers": [1, 2], "seeds": [1, 2]}
del RUNS["seed"]
PREDICTIONS = {
    "study": "tiny",
    "host": "h.json",
    "calibrations": {"a/b": ["c.json"]},
    "machines": {},
    "model": {"path": "m.json", "variant": "a/b", "machines": ["old"]},
}

Change = Callable[[Any], object]


@pytest.mark.parametrize("edition", ["config", "paper"])
def test_commands_read_what_the_plan_tells_them(
    edition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    plan = load(read_yaml(Path(f"config/{edition}.yaml")), edition, Path()).plan
    for batch in plan.batches.values():
        told = json.loads(json.dumps(batch.made["spec"]))
        assert convert(told, type(batch.spec), "--spec") == batch.spec


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda s: s.update(strategi="spmd"), "strategi"),
        (lambda s: s.pop("network"), "network"),
        (lambda s: s.update(network=None), "network"),
        (lambda s: s["network"].update(hidden=[8, 0]), "network.hidden[1]"),
        (lambda s: s["network"].update(loss="none"), "network.loss"),
        (lambda s: s["network"]["initialisation"].update(width=1), "network.initialisation.width"),
        (lambda s: s["training"].update(epochs=1.5), "training.epochs"),
        (lambda s: s["training"].update(epochs=True), "training.epochs"),
        (lambda s: s["training"].update(learning_rate=0), "training.learning_rate"),
        (lambda s: s["samples"].update(train=0), "samples.train"),
        (lambda s: s.update(workers=[]), "workers"),
        (lambda s: s.update(workers=[10**30]), "workers[0]"),
        (lambda s: s.update(seeds=["one"]), "seeds[0]"),
        (lambda s: s.update(options=[]), "options"),
        (lambda s: s["data"].pop("train"), "data.train"),
    ],
)
def test_mistakes_are_told_by_their_keys(change: Change, key: str) -> None:
    spec = copy.deepcopy(RUNS)
    assert convert(spec, VariantRuns, "--spec").seeds == (1, 2)
    change(spec)
    with pytest.raises(InputError) as error:
        convert(spec, VariantRuns, "--spec")
    assert str(error.value).startswith(f"--spec: {key}: ")


@pytest.mark.parametrize(
    ("content", "entry"),
    [
        (RUNS, VariantRepeats),
        (RUNS, Run),
        ({**PREDICTIONS, "model": {"path": "m.json"}}, Predictions),
        ({"format": "zip"}, entry_type()),
        ([], VariantRuns),
    ],
)
def test_one_kind_is_not_taken_for_another(content: Any, entry: Any) -> None:
    with pytest.raises(InputError, match=r"^--spec: "):
        convert(content, entry, "--spec")


@pytest.mark.parametrize(
    ("value", "entry", "words"),
    [
        ("x", int | None, ["a whole number or null", "text"]),
        ([], dict[str, float], ["keys with values", "a list"]),
        (1, Annotated[float, Meta(lt=1)], ["a number < 1"]),
    ],
)
def test_kinds_of_values_have_the_names_that_people_use(
    value: Any, entry: Any, words: list[str]
) -> None:
    with pytest.raises(InputError) as error:
        convert(value, entry, "--spec")
    assert [word for word in words if word not in str(error.value)] == []
    assert "`" not in str(error.value)
