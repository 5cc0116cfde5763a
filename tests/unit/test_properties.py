"""What is examined without training to the end: the facts that must hold whatever the papers say."""

import ast
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins
from networks import make_dataset
from tiny_dataset import TinyDataset

from pnncore.cli import main
from pnncore.data.dataset import Dataset, content
from pnncore.data.prepare import prepare
from pnncore.properties.examination import examine
from pnncore.properties.registry import PROPERTIES
from records.errors import InputError
from reports.verdicts.outcome import LEAST_REPLICATES


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture(scope="module")
def facts(dataset: Dataset) -> dict[str, Any]:
    return {name: examine(each, dataset).facts for name, each in PROPERTIES.entries.items()}


def test_every_property_is_described() -> None:
    text = Path("docs/properties.md").read_text(encoding="utf-8")
    for name in PROPERTIES.entries:
        assert PROPERTIES.named(name).name == name
        assert f"`{name}`" in text


def test_derivatives_follow_from_the_functions(facts: dict[str, Any]) -> None:
    for name, low, high in (("tanh", -1, 1), ("sigmoid", 0, 1)):
        curve = facts["activations"][name]
        assert low < curve["smallest"] < curve["largest"] < high
        assert curve["least_rise"] > 0
        assert curve["derivative_error"] < 1e-9
    elu = facts["activations"]["elu"]
    assert elu["slope_below_zero"] == pytest.approx(elu["alpha"], abs=1e-3)
    assert elu["slope_above_zero"] == pytest.approx(1)


def test_a_shift_keeps_softmax_and_saves_it(facts: dict[str, Any]) -> None:
    softmax = facts["softmax"]
    assert softmax["added_error"] < 1e-12
    assert softmax["shifted_error"] < 1e-12
    assert softmax["printed_failures"] > 0.5
    assert softmax["shifted_failures"] == 0
    assert softmax["largest_exponential"] == 1
    assert softmax["diagonal_error"] < 1e-9
    # Each row of the derivative sums to zero: what is not on the diagonal weighs as much as what is.
    assert softmax["off_diagonal_share"] == pytest.approx(0.5)


def test_a_quadratic_loss_is_zero_at_its_target_alone(facts: dict[str, Any]) -> None:
    assert facts["quadratic-loss"]["at_target"] == 0
    assert facts["quadratic-loss"]["smallest"] > 0


def test_merging_is_arithmetic(facts: dict[str, Any]) -> None:
    merging = facts["merging"]
    assert merging["mean_error"] < 1e-6
    assert merging["sum_error"] < 1e-6
    assert merging["jobs_difference"] == 0
    assert merging["children_distance"] > 0
    assert (merging["slices_overlap"], merging["slices_missing"]) == (0, 0)
    assert merging["share_error"] <= 1


def test_larger_batches_scatter_less(facts: dict[str, Any]) -> None:
    scatter = list(facts["batch-gradient"]["scatter"].values())
    assert scatter == sorted(scatter, reverse=True)
    assert list(facts["batch-gradient"]["updates"].values()) == [40, 20, 10, 7, 4]


def test_testing_goes_forward_as_training_does(facts: dict[str, Any]) -> None:
    forward = facts["feed-forward"]
    assert forward["output_difference"] < 1e-5
    assert forward["other_predictions"] == 0
    assert forward["shift_error"] < 1e-12
    assert forward["smallest_at_zero"] > 0
    assert forward["smallest_gain"] <= forward["accuracy_gain"]


def test_errors_are_followed_over_the_epochs(facts: dict[str, Any]) -> None:
    backward = facts["back-propagation"]
    for layers in ("hidden", "output"):
        by_seed = zip(*(backward[layers][str(epoch)] for epoch in range(6)), strict=True)
        for sizes, largest in zip(by_seed, backward["largest_change"][layers], strict=True):
            assert min(sizes) > 0
            changes = [after / before - 1 for before, after in itertools.pairwise(sizes)]
            assert largest == pytest.approx(max(changes))
        assert len(set(backward[layers]["0"])) == 10


def test_an_update_is_as_large_as_its_rate_and_downhill(facts: dict[str, Any]) -> None:
    assert facts["back-propagation"]["proportion_error"] < 1e-9
    assert facts["back-propagation"]["uphill_share"] == 0


def test_files_and_slices_are_measured(facts: dict[str, Any]) -> None:
    assert facts["weight-files"]["size_ratio"] > 1
    assert facts["handing-out"]["slices_share_memory"] == 1
    assert min(facts["handing-out"]["appending_seconds"]) > 0


def test_what_is_timed_is_timed_often_enough_to_decide(dataset: Dataset) -> None:
    for examined in map(PROPERTIES.named, PROPERTIES.entries):
        if examined.alone:
            record = examine(examined, dataset)
            seconds = [fact for name, fact in record.facts.items() if name.endswith("seconds")]
            assert record.replicates == "repeats"
            assert {len(each) for each in seconds} == {LEAST_REPLICATES}


def test_structs_of_ordered_fields_are_smallest_and_learn_as_arrays_do(
    facts: dict[str, Any],
) -> None:
    structs = facts["structs"]
    assert structs["ordered_bytes"] == structs["smallest_bytes"] == 1 + 1 + 2 + 4 + 8
    assert structs["largest_bytes"] > structs["smallest_bytes"]
    assert structs["difference"] < 1e-6
    assert min(structs["time_ratio"]) > 0


def test_an_unknown_property_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'sofmax'.*'softmax'"):
        PROPERTIES.named("sofmax")


def test_a_property_depends_on_its_own_module_alone() -> None:
    """What examines imports no registry, so that an edit to one property examines that one again."""
    tree = ast.parse(Path("pnncore/properties/examination.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert "pnncore.properties.registry" not in imported


def test_the_command_writes_the_record(tmp_path: Path) -> None:
    tiny = TinyDataset(tmp_path / "archives")
    prepare("tiny", tiny.entry, tiny.archives, tmp_path / "data")
    output = tmp_path / "softmax.json"
    data = tmp_path / "data"
    spec = {"property": "softmax", "dataset": "tiny", "data": to_builtins(content(data))}
    command = ["examine", "--spec", json.dumps(spec), "--data", str(data)]
    places = ["--output", str(output), "--store", str(tmp_path / "store")]
    assert main([*command, *places]) == 0
    (record,) = json.loads(output.read_text(encoding="utf-8"))["members"]
    assert (record["record"], record["version"], record["property"]) == ("property", 3, "softmax")
    assert record["environment"]["fingerprint"]
