"""What the commands are told, spoilt in every key, and as the papers have it."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from networks import make_spec
from pnncore.grammar import Choice, Rule, Table, Value
from test_papers import EDITIONS, MACHINES, ROOT
from test_timing import timing_spec

from pnncore import specification
from pnncore.code import closure
from pnncore.made_of import MODULES as RECORDS
from pnncore.timing.hardware import Machine, host
from records.errors import InputError
from workflow.configuration import load_manifest, schema
from workflow.documents import read_yaml
from workflow.edition import load

Json = dict[str, Any]
Check = Callable[[str, Any], None]

CONVOLUTION = {"filters": 2, "size": 3, "pool": 2}
SPMD = {"strategy": "spmd", "options": {"combine": "mean", "every": 2}, "workers": 2}
NETWORK = {**make_spec()["network"], "convolution": CONVOLUTION}
DATA = {"data": {"classes": 10}, "workers": [1, 2]}
RUNS = make_spec(**SPMD, network=NETWORK) | DATA | {"seeds": [1, 2]}
del RUNS["seed"]
REPEATS = timing_spec(**SPMD, network=NETWORK) | DATA | {"repeat": 1, "hardware": {"host": None}}
del REPEATS["cores"]
CALIBRATION = timing_spec(**SPMD, network=NETWORK) | DATA
CALIBRATION["published"] = {"samples": 10, "epochs": 1}
del CALIBRATION["hardware"], CALIBRATION["cores"]
MACHINE = {"name": "old", "cores": 2, "threads_per_core": 1, "clock_ghz": 2.5, "assumed": ["cores"]}
PREDICTIONS = {"study": "tiny", "host": "h.json", "calibrations": {"a/b": "c.json"}}
PREDICTIONS |= {"machines": {"old": MACHINE}, "model": None}
ARRAY = {"file": "a.gz", "content_sha256": "0" * 64}
SPLIT = {"samples": 3, "images": ARRAY, "labels": ARRAY}
ARCHIVE = {"file": "a.gz", "bytes": 9, "sha256": "0" * 64}
ARCHIVES = {
    "mirrors": ["https://example.org/"],
    "splits": {key: {"images": ARCHIVE, "labels": ARCHIVE} for key in ("train", "test")},
}
DATASET = {
    "format": "idx",
    "classes": 2,
    "image": {"height": 1, "width": 1},
    "splits": {"train": SPLIT, "test": SPLIT},
}
KINDS: dict[str, tuple[Check, Json]] = {
    "runs": (specification.check_runs, RUNS),
    "repeats": (specification.check_repeats, REPEATS),
    "calibration": (specification.check_calibration, CALIBRATION),
    "predictions": (specification.check_predictions, PREDICTIONS),
    "archives": (specification.check_archives, ARCHIVES),
    "dataset": (specification.check_dataset, DATASET),
}

# No key takes any of these: a whole number of thousands of digits, a number that is none, a list of something else, and
# an object without a key that it needs.
NEVER: dict[str, Any] = {
    "empty text": "",
    "negative": -1,
    "enormous": 10**400,
    "no number": math.nan,
    "boundless": math.inf,
    "list": [None],
    "object": {"no such key": 1},
}
FLAGS = {"training.shuffle", "evaluate_children", "evaluate_training"}
NULLS = {
    "network.convolution",
    "samples.train",
    "samples.test",
    "published",
    "machines.old.clock_ghz",
}
FROM_ZERO = {"seed", "training.elastic_net"}
FRACTIONS = {
    "network.elu_alpha",
    "network.initialisation.scale",
    "training.learning_rate",
    "training.elastic_net",
    "machines.old.clock_ghz",
}
TEXTS = {"paper", "experiment", "variant", "dataset", "study", "host", "machines.old.name"}
FREE = ("data", "calibrations", "hardware", "model")
"""Objects whose keys are names."""


def paths(content: Json, above: str = "") -> Iterator[str]:
    for key, value in content.items():
        yield above + key
        if isinstance(value, dict):
            yield from paths(value, f"{above}{key}.")


def places() -> list[tuple[str, str]]:
    return [
        (kind, path)
        for kind, (_, content) in KINDS.items()
        for path in paths(content)
        if path.partition(".")[0] not in FREE and path != "machines.old"
    ]


def parent(content: Json, path: str) -> tuple[Json, str]:
    *above, key = path.split(".")
    for each in above:
        content = content[each]
    return content, key


def spoilt(content: Json, path: str, value: Any) -> Json:
    changed = json.loads(json.dumps(content))
    inner, key = parent(changed, path)
    inner[key] = value
    return changed


def is_accepted(kind: str, path: str, value: Any) -> bool:
    """Tell whether a kind of specification takes a value; a refusal must name option and key in one line."""
    check, content = KINDS[kind]
    told = refusal(check, spoilt(content, path, value))
    assert told.startswith(("--given: " + path, "--given: the key '" + path)) or not told
    assert "\n" not in told
    return not told


def refusal(check: Check, content: Json) -> str:
    try:
        check("--given", content)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_right_is_accepted(kind: str) -> None:
    check, content = KINDS[kind]
    check("--given", content)


@pytest.mark.parametrize(("kind", "path"), places())
def test_what_is_right_nowhere_is_refused(kind: str, path: str) -> None:
    assert [name for name, value in NEVER.items() if is_accepted(kind, path, value)] == []


@pytest.mark.parametrize(("kind", "path"), places())
def test_a_value_of_another_sort_is_refused(kind: str, path: str) -> None:
    assert is_accepted(kind, path, None) == (path in NULLS)
    assert is_accepted(kind, path, True) == (path in FLAGS)
    assert is_accepted(kind, path, 0) == (path in FROM_ZERO)
    assert is_accepted(kind, path, 2.5) == (path in FRACTIONS)
    checksums = path.endswith((".file", "sha256"))
    assert is_accepted(kind, path, "x") == (path in TEXTS or checksums)


@pytest.mark.parametrize(("kind", "path"), places())
def test_a_key_that_is_missing_or_misspelt_is_told(kind: str, path: str) -> None:
    check, content = KINDS[kind]
    changed = json.loads(json.dumps(content))
    inner, key = parent(changed, path)
    value = inner.pop(key)
    if not path.startswith("options."):  # those have defaults
        with pytest.raises(InputError, match=f"--given: the key '{path}' is missing"):
            check("--given", changed)
    if kind not in ("archives", "dataset"):  # the manifest has more to say of one
        inner[f"{key}x"] = value
        with pytest.raises(InputError, match=f"{path}x: there is no such key .* mean '{key}'"):
            check("--given", changed)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("training.batch_size", 0, "must be a whole number from 1 to 2147483647, not 0"),
        (
            "network.division",
            "lair",
            "there is no 'lair'; did you mean 'layer'? valid values: none",
        ),
        ("repeat", 10**30, f"must be a whole number from 1 to 1000, not {10**30}"),
        ("workers", None, "must be a list, not null"),
        ("samples.train", -1, "must be a whole number from 1 to 2147483647, or null, not -1"),
        ("options", None, "must be an object, not null"),
        ("network.convolution", [], "must be an object, or null, not a list"),
        ("options.every", 2.0, "must be a whole number from 1 to 100000, not 2.0"),
        ("network.hidden", 8, "must be a list, not 8"),
        ("seed", "é" * 1000, f"must be a whole number from 0 to 4294967295, not '{'é' * 59}…"),
    ],
)
def test_the_sentence_says_what_would_be_right(path: str, value: Any, message: str) -> None:
    with pytest.raises(InputError) as error:
        specification.check_repeats("--spec", spoilt(REPEATS, path, value))
    assert str(error.value).startswith(f"--spec: {path}: {message}")


def test_an_entry_of_a_list_is_told_by_its_number() -> None:
    with pytest.raises(InputError, match=r"--spec: network\.hidden\[1\]: must be a whole number"):
        specification.check_runs("--spec", spoilt(RUNS, "network.hidden", [8, 0]))


@pytest.mark.parametrize("workers", [[], [1, 2, 1]])
def test_a_calibration_has_worker_counts_that_differ(workers: list[int]) -> None:
    with pytest.raises(InputError, match="--spec: workers: must have an entry or more"):
        specification.check_calibration("--spec", spoilt(CALIBRATION, "workers", workers))


def test_a_specification_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match="evaluate_every: there is no such key in a calibration"):
        specification.check_calibration("--spec", RUNS)
    with pytest.raises(InputError, match="seeds: there is no such key in repeats"):
        specification.check_repeats("--spec", {**REPEATS, "seeds": [5]})


@pytest.mark.parametrize("cores", [0, True, 1.0, "5", 10**30])
def test_a_repeat_is_confined_to_cores(cores: Any) -> None:
    hardware = {"host": None, "old": cores}
    with pytest.raises(InputError, match=r"--spec: hardware\.old: must be a whole number from 1"):
        specification.check_repeats("--spec", {**REPEATS, "hardware": hardware})


def test_a_machine_among_several_is_told_by_name() -> None:
    machines = {"old": MACHINE, "new": {**MACHINE, "clock_ghz": 0}}
    with pytest.raises(InputError, match=r"machines\.new\.clock_ghz: must be a number above 0"):
        specification.check_predictions("--spec", {**PREDICTIONS, "machines": machines})


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_every_batch_of_both_editions_is_accepted(edition: str) -> None:
    path = ROOT / "config" / edition
    plan = load(read_yaml(path), edition, ROOT).plan

    def check(check: Check, *batches: Any) -> None:
        for batch in batches:
            check("--spec", json.loads(json.dumps(batch.spec)))

    check(specification.check_property, *plan.properties.values())
    check(specification.check_gallery, *plan.galleries.values())
    for study in plan.studies.values():
        check(specification.check_runs, *study.runs)
        check(specification.check_repeats, *study.timings)
        check(specification.check_calibration, *study.calibrations.values())
        check(specification.check_model, *([study.model] if study.model else []))
        check(specification.check_predictions, study.predictions)


def test_every_dataset_of_the_manifest_is_accepted() -> None:
    for dataset in load_manifest(ROOT / "config/datasets.yaml").values():
        specification.check_dataset("--spec", dataset)
        if dataset["format"] == "idx":
            specification.check_archives("--spec", dataset)


def test_every_machine_is_accepted() -> None:
    found = [host(), *map(Machine.from_profile, MACHINES.values())]
    machines = {each.name: json.loads(json.dumps(asdict(each))) for each in found}
    specification.check_predictions("--spec", {**PREDICTIONS, "machines": machines})


def test_no_job_depends_on_what_checks_its_specification() -> None:
    found = closure(*(module for kind in RECORDS.values() for module in kind), *MODULES.values())
    assert not found & {"pnncore.specification", "pnncore.grammar", "pnncore.arguments"}


def test_configurations_have_the_same_limits() -> None:
    """What a configuration may hold, a specification may; most choices and limits are the same."""
    parts = schema("paper")["$defs"]
    for name, table in (
        ("network", specification._network()),
        ("training", specification._training()),
    ):
        compare(parts[name]["properties"], table, name)
    assert parts["workers"]["items"]["maximum"] == specification.MOST_WORKERS
    assert parts["seeds"]["items"]["maximum"] == specification.LARGEST_SEED
    timing = parts["timing"]["properties"]
    assert timing["seed"]["maximum"] == specification.LARGEST_SEED
    assert timing["repeats"]["maximum"] == specification.MOST_REPEATS


def compare(properties: Json, table: Rule, place: str) -> None:
    assert isinstance(table, Table)
    assert properties.keys() == table.keys.keys(), place
    for key, rule in table.keys.items():
        said = properties[key]
        if isinstance(rule, Table):
            compare(said["properties"], rule, f"{place}.{key}")
        elif isinstance(rule, Choice):
            assert set(said["enum"]) == set(rule.names), key
        elif isinstance(rule, Value) and "maximum" in said:
            assert rule.right == f"a whole number from {said['minimum']} to {said['maximum']}", key
        elif isinstance(rule, Value) and said["type"] == "number":
            assert rule.fits(0) == ("minimum" in said), key
