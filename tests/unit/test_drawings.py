"""What exhibits show that are not drawn from runs: diagrams, networks, activations, listings, settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import synthetic_site
from msgspec import structs

from pnncore.network.architecture import Architecture
from records.dataset import Image
from records.strategy import Diagram, Division
from reports.exhibits.drawings import Models
from reports.exhibits.kinds.activation import FUNCTIONS, ActivationCurves, activation_curves
from reports.exhibits.kinds.network import network_diagram
from reports.exhibits.kinds.pseudocode import Listing
from reports.exhibits.registry import KINDS
from reports.exhibits.scene import Scene
from workflow.strategies import words


def models() -> Models:
    datasets = synthetic_site.provenance()["datasets"]
    return Models(synthetic_site.paper(), datasets, {"digits": synthetic_site.album()})


def scene(experiment: str = "divided", **names: str) -> Scene:
    known = models()
    return Scene.of(known.study, known.datasets, experiment, **names)


@pytest.mark.parametrize(
    ("exhibit", "columns"), [("divided-exemplar", 3), ("fig1", 3), ("divided-neuron", None)]
)
def test_a_diagram_has_the_words_of_its_study(exhibit: str, columns: int | None) -> None:
    known = replace(models(), exhibit=exhibit)
    kind = KINDS.named("diagram")
    assert kind.drawing is not None
    found: Any = kind.drawing(kind.read(known.study.exhibits[exhibit]), known)
    assert found.words == known.words
    assert found.dataset == "Handwritten digits of scikit-learn, 1,437 samples"
    if columns:
        assert len(found.columns) == columns


def drawing(entry: dict[str, Any]) -> Any:
    """Draw an exhibit by its entry in a configuration."""
    kind = KINDS.named(entry["chart"])
    return kind.drawing(kind.read({"label": "Fig. 1", "title": "One", **entry}), models())


def settings(entry: dict[str, Any]) -> Any:
    """Set published settings beside ours."""
    kind = KINDS.named("settings")
    return kind.comparisons(kind.read(entry), models())


def drawn(strategy: str, options: dict[str, Any], **exhibit: Any) -> Diagram:
    """Draw the diagram of a strategy with some options."""
    at = scene("fig2", **exhibit)
    variant = structs.replace(at.variant, strategy=strategy, options=options)
    found = words_of(Scene(variant, strategy, at.used, at.facts, at.worker))
    assert isinstance(found, Diagram)
    return found


def words_of(at: Scene) -> Diagram | Division:
    return words(at, Image(height=28, width=28), classes=10)


def test_a_drawing_is_of_the_first_variant_unless_the_exhibit_names_one() -> None:
    assert Scene.of(models().study, []).variant.title == synthetic_site.BROADCAST
    assert scene(variant="race").strategy == "minibatch"
    assert scene("fig2").dataset == "Handwritten digits of scikit-learn, 1,437 samples"
    found = drawn("spmd", {})
    assert found.network == "784–256–10"
    assert found.description.endswith("Here n is 1, 2, 5, 10, 15, 20, 25 and 30.")


def test_a_drawing_knows_no_sizes_of_a_dataset_that_is_not_there() -> None:
    at = Scene.of(synthetic_site.paper(), [])
    assert at.dataset == "digits"
    assert "outputs" in str(network_diagram(at).layers[-1])


@pytest.mark.parametrize(
    ("options", "again", "said"),
    [
        (
            {"merge": "once"},
            "",
            "whose weights and biases are the means of theirs. They are merged o",
        ),
        (
            {"merge": "epoch", "every": 1, "after_merge": "broadcast"},
            "after every epoch",
            "go on fr",
        ),
        ({"merge": "epoch", "every": 5}, "after every 5 epochs", "after every 5 epochs and go on"),
        ({"after_merge": "shadow"}, "", "is tested after every epoch; they go on alone"),
        (
            {"combine": {"name": "sum"}, "biases": "kept", "merge": "once"},
            "",
            "whose weights are the sums",
        ),
    ],
)
def test_child_networks_are_merged_as_their_options_say(
    options: dict[str, Any], again: str, said: str
) -> None:
    found = drawn("spmd", options)
    assert found.again == again
    assert said in found.description
    assert found.step == ("sum of weights" if "biases" in options else "mean of weights and biases")


@pytest.mark.parametrize(
    ("strategy", "options", "parts"),
    [
        ("ensemble", {"combine": "mean"}, ("mean of the outputs", "", "They never meet.")),
        ("ensemble", {"combine": "vote"}, ("vote", "", "by a vote")),
        ("exemplar", {}, ("mean of what they learnt", "next round", "the mean of theirs")),
        ("exemplar", {"combine": "sum"}, ("sum of what they learnt", "next round", "are added")),
        (
            "exemplar",
            {"combine": "outstanding"},
            ("shares of what they learnt", "next round", "how many are still out"),
        ),
        ("exemplar", {"merge": "return"}, ("mean of what they learnt", "next batch", "at once")),
        ("exemplar", {"refresh": "own"}, ("mean of what they learnt", "next round", "its own net")),
        ("minibatch", {"update": "race"}, ("one gradient, unprotected", "one update", "may get")),
        ("minibatch", {"update": "locked"}, ("one gradient behind a lock", "one update", "one at")),
        (
            "minibatch",
            {"update": "locked-weights"},
            ("one gradient, a lock for each weight", "one update", "one thread at a time"),
        ),
        ("minibatch", {}, ("a gradient each, added up", "one update", "of its own; then")),
        ("sequential", {}, ("one update", "next batch", "one batch of 50")),
    ],
)
def test_workers_do_what_their_options_say(
    strategy: str, options: dict[str, Any], parts: tuple[str, str, str]
) -> None:
    step, again, said = parts
    found = drawn(strategy, options)
    assert (found.step, found.again) == (step, again)
    assert said in found.description
    assert found.alone == (strategy == "sequential")


def test_workers_have_the_papers_name() -> None:
    assert drawn("exemplar", {}, worker="goroutine").worker == "goroutine"
    assert "n goroutines, each of" in drawn("exemplar", {}, worker="goroutine").description


def test_layers_are_divided_among_threads() -> None:
    found = words_of(scene(variant="neuron"))
    assert isinstance(found, Division)
    assert found.pixels == "one sample, 784 pixels"
    assert found.layers == (
        "hidden layer, 128 neurons",
        "hidden layer, 64 neurons",
        "10 outputs",
    )
    assert found.description.endswith("Here n is 1 and 4.")


def test_a_strategy_that_no_variant_has_is_drawn_and_said_to_be_not_run() -> None:
    found = words_of(scene("fig2", strategy="neuron"))
    assert isinstance(found, Division)
    assert found.layers == ("hidden layer, 256 neurons", "10 outputs")
    assert found.description.endswith("It is not run for this paper.")


@pytest.mark.parametrize("variant", ["race", "neuron"])
def test_a_network_has_the_parameters_that_it_is_said_to_have(variant: str) -> None:
    at = scene(variant=variant)
    architecture = Architecture.from_settings(at.variant.network, inputs=784, outputs=10)
    found = network_diagram(at)
    said = " ".join(details for _, details in found.layers).replace(",", "").split()
    counts = [int(said[i]) for i in range(len(said) - 1) if said[i + 1].startswith("parameters")]
    assert sum(counts) == architecture.n_parameters
    assert found.description.startswith("From bottom to top: image, 28 × 28 pixels; ")


def test_images_need_not_be_square() -> None:
    at = scene(variant="neuron")
    facts = {**(at.facts or {}), "image": [32, 20]}
    found = network_diagram(Scene(at.variant, at.strategy, at.used, facts, ""))
    assert found.layers[0] == ("image", "32 × 20 pixels")
    assert f"{(32 * 20 + 1) * 128:,} parameters" in found.layers[1][1]


def test_a_convolution_is_drawn_with_its_maps() -> None:
    layers = dict(network_diagram(scene(variant="race")).layers)
    assert layers["8 filters of 5 × 5"] == "208 parameters, 8 maps of 24 × 24"
    assert layers["pools of 2 × 2"] == "8 maps of 12 × 12, then ReLU"


def test_a_bias_moves_the_curve_of_an_activation() -> None:
    found = drawing(synthetic_site.paper().exhibits["bias"])
    assert isinstance(found, ActivationCurves)
    assert found.ends == ("1", "−1")
    assert [curve.bias for curve in found.curves] == ["−2", "0", "2"]
    left, middle, right = (curve.path.removeprefix("M").split("L") for curve in found.curves)
    heights = [[float(point.split()[1]) for point in path] for path in (left, middle, right)]
    # Two of the input are 12 of 60 steps.
    assert heights[0][12:] == heights[1][:-12]
    assert heights[1][12:] == heights[2][:-12]


def test_every_activation_of_one_neuron_has_a_curve() -> None:
    at = scene(variant="neuron")
    for name in FUNCTIONS:
        network = structs.replace(at.variant.network, hidden_activation=name, elu_alpha=0.5)
        variant = structs.replace(at.variant, network=network)
        found = activation_curves(Scene(variant, at.strategy, at.used, at.facts, ""))
        assert len({curve.path for curve in found.curves}) == 3


def test_steps_lie_inside_one_another() -> None:
    steps = ["for each:", "  for each:", "    do", "done"]
    found = drawing({"chart": "pseudocode", "steps": steps, "code": ["a.py"]})
    assert found == Listing(((0, "for each:"), (1, "for each:"), (2, "do"), (0, "done")), ("a.py",))


def test_published_settings_stand_beside_ours() -> None:
    exhibit = synthetic_site.paper().exhibits["settings"]
    rate, output = settings(exhibit)
    assert (rate.what, rate.published.value, rate.ours) == (
        "learning rate",
        "0.8",
        (("", rate.ours[0][1]),),
    )
    assert (rate.ours[0][1].value, output.ours[0][1].value) == ("0.1", "softmax")
    exhibit["settings"][0]["value"] = 1e-7
    assert settings(exhibit)[0].published.value == "0.0000001"


def test_an_exhibit_is_a_chart_or_a_drawing_or_a_table() -> None:
    for kind in KINDS.entries.values():
        shown = [kind.chart, kind.drawing, kind.comparisons]
        assert sum(part is not None for part in shown) == 1, kind.name
