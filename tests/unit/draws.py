"""Networks, hyper-parameters and samples for Hypothesis to draw."""

from typing import get_args

import numpy as np
from hypothesis import strategies as st
from msgspec import structs

from pnncore.kernels.plan import ERRORS, LOSSES, PROPAGATIONS
from pnncore.network import activations
from pnncore.network.architecture import CROSS_ENTROPY_OUTPUTS, Architecture
from pnncore.network.sgd import ELASTIC_NETS, PULLS, TARGETS
from records.settings import (
    ActivationGradient,
    Convolution,
    Direction,
    Division,
    DivisionGradient,
    Training,
)

OUTPUTS = [
    (loss, output)
    for loss in LOSSES
    for output in activations.NAMES
    if loss == "quadratic" or output in CROSS_ENTROPY_OUTPUTS
]
BEHIND_CONVOLUTION = [name for name in activations.NAMES if name != "softmax"]


def make_samples(rng: np.random.Generator, samples: int, pixels: int, classes: int) -> tuple:
    """Return images with as many zeros as handwritten digits have, labels and an order to visit them in."""
    images = rng.integers(1, 256, (samples, pixels), dtype=np.uint8)
    images[rng.random(images.shape) < 0.7] = 0
    labels = rng.integers(0, classes, samples).astype(np.uint8)
    labels.setflags(write=False)  # as those of datasets are, so that loops are compiled once
    return images, labels, rng.permutation(samples)


@st.composite
def convolutions(draw: st.DrawFn) -> Convolution:
    size, pool = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return Convolution(draw(st.integers(1, 3)), size, pool)


@st.composite
def architectures(draw: st.DrawFn, convolved: bool = False) -> Architecture:
    """Draw a network of 20 pixels and 3 classes; if `convolved`, of 36 or 64 pixels behind a convolution."""
    loss, output = draw(st.sampled_from(OUTPUTS))
    return Architecture(
        (
            draw(st.sampled_from([36, 64])) if convolved else 20,
            *draw(st.lists(st.integers(1, 12), max_size=3)),
            3,
        ),
        hidden_activation=draw(
            st.sampled_from(BEHIND_CONVOLUTION if convolved else activations.NAMES)
        ),
        output_activation=output,
        loss=loss,
        elu_alpha=draw(st.floats(0.1, 2)),
        division=draw(st.sampled_from(get_args(Division))),
        division_gradient=draw(st.sampled_from(get_args(DivisionGradient))),
        activation_gradient=draw(st.sampled_from(get_args(ActivationGradient))),
        convolution=draw(convolutions()) if convolved else None,
        biases=convolved or draw(st.booleans()),
    )


@st.composite
def trainings(draw: st.DrawFn) -> Training:
    return Training(
        learning_rate=draw(st.floats(0.001, 0.05)),
        batch_size=draw(st.integers(1, 35)),
        epochs=1,
        gradient=draw(st.sampled_from(["mean", "sum"])),
        inputs=draw(st.sampled_from(["unit", "binary", "nonzero"])),
        targets=draw(st.sampled_from(sorted(TARGETS))),
        error=draw(st.sampled_from(ERRORS)),
        elastic_net=draw(st.sampled_from([0.0, 1e-4, 0.1])),
        elastic_net_squares=draw(st.sampled_from([None, 0.0, 1e-3, 0.2])),
        elastic_net_form=draw(st.sampled_from(sorted(ELASTIC_NETS))),
        elastic_net_direction=draw(st.sampled_from(sorted(PULLS))),
        elastic_net_biases=draw(st.booleans()),
        direction=draw(st.sampled_from(get_args(Direction))),
        propagation=draw(st.sampled_from(PROPAGATIONS)),
    )


@st.composite
def repeated_trainings(draw: st.DrawFn) -> Training:
    """Draw a training with several updates in a row on each sample."""
    return structs.replace(
        draw(trainings()),
        batch_size=1,
        repeats=draw(st.integers(2, 9)),
        repeat_momentum=draw(st.sampled_from([0.0, 0.5, 0.9])),
        repeat_until=draw(st.sampled_from([0.0, 0.3, 1.0])),
        elastic_net=0.0,
        elastic_net_squares=None,
        propagation="exact",
    )
