"""What a training is set up with: network, hyper-parameters and samples."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.optimisers import AnyOptimiser
from records.values import Count, Entry, EpochCount, Positive

Activation: TypeAlias = Literal["identity", "relu", "elu", "tanh", "sigmoid", "softmax", "selu"]
Loss: TypeAlias = Literal["cross-entropy", "quadratic"]
Division: TypeAlias = Literal["none", "layer", "every-layer", "sending", "receiving"]
DivisionGradient: TypeAlias = Literal["exact", "ignored"]
ActivationGradient: TypeAlias = Literal["exact", "of-activated"]
Distribution: TypeAlias = Literal[
    "he-normal",
    "he-uniform",
    "lecun-normal",
    "xavier-normal",
    "xavier-uniform",
    "normal",
    "uniform",
    "positive-uniform",
    "signed-levels",
    "zeros",
]
Inputs: TypeAlias = Literal["unit", "binary", "nonzero", "raw"]
Targets: TypeAlias = Literal["zero-one", "minus-one-one"]
OutputError: TypeAlias = Literal["derivative", "diagonal", "direct"]
ElasticNet: TypeAlias = Literal["eq19", "eq21", "eq24"]
ElasticNetDirection: TypeAlias = Literal["shrink", "grow"]
Direction: TypeAlias = Literal["descent", "ascent"]
Propagation: TypeAlias = Literal[
    "exact", "updated-weights", "reversed-sign", "error-product", "as-printed"
]


class Convolution(Entry, frozen=True):
    """A convolution and max-pooling in front of the layers."""

    filters: Annotated[int, Meta(ge=1, le=1000, description="Number of filters.")] = 8
    size: Annotated[int, Meta(ge=1, le=4096, description="Side of a filter in pixels.")] = 5
    pool: Annotated[int, Meta(ge=1, le=4096, description="Side of a pool.")] = 2


class Initialisation(Entry, frozen=True):
    """How weights and biases start."""

    weights: Annotated[Distribution, Meta(description="Distribution of the weights.")] = "he-normal"
    scale: Annotated[
        Positive | Annotated[tuple[Positive, ...], Meta(min_length=1)],
        Meta(
            description=(
                "Standard deviation of normal, half width of uniform, largest value of positive-uniform "
                "and signed-levels, for all layers or one for each; ignored by the other distributions."
            )
        ),
    ] = 0.1
    levels: Annotated[
        Count | Annotated[tuple[Count, ...], Meta(min_length=1)],
        Meta(
            description=(
                "Levels of signed-levels above zero, evenly spaced up to the scale, for all layers or one "
                "for each; ignored by the other distributions."
            )
        ),
    ] = 10
    biases: Annotated[
        Literal["zeros", "random"],
        Meta(description="Whether biases start at zero or are drawn like the weights."),
    ] = "zeros"


class Network(Entry, frozen=True):
    """A network; the dataset sets the sizes of its input and output."""

    hidden: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=100_000)], ...],
        Meta(description="Sizes of the hidden layers; `[]` for none."),
    ] = (256,)
    hidden_activation: Annotated[
        Activation, Meta(description="Activation of the hidden layers.")
    ] = "relu"
    output_activation: Annotated[
        Activation, Meta(description="Activation of the output layer.")
    ] = "softmax"
    elu_alpha: Annotated[
        Positive, Meta(description="The α of ELU; ignored by the other activations.")
    ] = 1.0
    loss: Annotated[
        Loss,
        Meta(
            description="The loss that training minimises; cross-entropy needs a softmax or sigmoid output."
        ),
    ] = "cross-entropy"
    division: Annotated[
        Division,
        Meta(
            description=(
                "Divisor of a layer's sums before activation: `none`; `layer`: pixels by their "
                "number, hidden layers by their own size; `every-layer`: the outputs by theirs, "
                "too; `sending` or `receiving`: the size of that layer (Wiesinger & Schikuta). A "
                "bias, where there are any, counts as a neuron of the layer that it comes from: "
                "outputs have none."
            )
        ),
    ] = "none"
    division_gradient: Annotated[
        DivisionGradient,
        Meta(description="Whether back-propagation takes the division into account."),
    ] = "exact"
    activation_gradient: Annotated[
        ActivationGradient,
        Meta(
            description=(
                "Where back-propagation takes the derivative of an activation φ: at the sum z (`exact`), or at the "
                "activation φ(z), as if it were the sum (`of-activated`); for tanh, 1 - tanh²(z) or 1 - tanh²(tanh(z))."
            )
        ),
    ] = "exact"
    convolution: Annotated[
        Convolution | None,
        Meta(
            description=(
                "A convolution and max-pooling in front of the layers (Carver), with the hidden "
                "layers' activation; null for none."
            )
        ),
    ] = None
    biases: Annotated[
        bool,
        Meta(
            description=(
                "Whether neurons have biases; without them, sums are of weighted inputs alone, and no "
                "convolution is possible."
            )
        ),
    ] = True
    initialisation: Annotated[Initialisation, Meta(description="How weights and biases start.")] = (
        Initialisation()
    )


class Training(Entry, frozen=True):
    """Hyper-parameters of stochastic gradient descent.

    The last batch of an epoch may be smaller. After each update the elastic net shrinks every weight, and every bias if
    asked to, towards zero, and not beyond, by λ·learning_rate·(a·sgn(w) + b·w); the form sets a and b, and b·w can have
    a λ of its own. It can grow them by as much instead: away from zero, where a weight of zero stays.
    """

    learning_rate: Annotated[Positive, Meta(description="Step size.")] = 0.1
    batch_size: Annotated[
        Count,
        Meta(
            description=(
                "Samples an update; 1 is online gradient descent. Some strategies divide data by it: "
                "docs/strategies.md says how."
            )
        ),
    ] = 50
    epochs: Annotated[EpochCount, Meta(description="Passes over the training data.")] = 20
    optimiser: Annotated[
        AnyOptimiser | None,
        Meta(
            description=(
                "What turns the gradient into a step, and how the rate changes (docs/optimisers.md); null for gradient "
                "descent at a constant rate, as in all papers."
            )
        ),
    ] = None
    repeats: Annotated[
        Count,
        Meta(
            description=(
                "Updates in a row on each sample; above 1 with a batch size of 1, fully connected layers, "
                "exact propagation and no elastic net."
            )
        ),
    ] = 1
    repeat_momentum: Annotated[
        float,
        Meta(
            ge=0,
            lt=1,
            description=(
                "Share of the last change of each weight that an update adds to its own, among the "
                "updates on one sample; each sample's first update adds nothing."
            ),
        ),
    ] = 0.0
    repeat_until: Annotated[
        float,
        Meta(
            ge=0,
            description=(
                "Loss of a sample below which no further update in a row is made on it; 0 for never."
            ),
        ),
    ] = 0.0
    gradient: Annotated[
        Literal["mean", "sum"],
        Meta(description="Whether a batch's gradient is the mean or the sum over its samples."),
    ] = "mean"
    shuffle: Annotated[
        bool, Meta(description="Whether each epoch visits the samples in a new random order.")
    ] = True
    inputs: Annotated[
        Inputs,
        Meta(
            description=(
                "Coding of the pixels: scaled to 0..1 (`unit`), thresholded at half to 0 or 1 "
                "(`binary`), 1 where there is any ink (`nonzero`), or as stored, 0..255 (`raw`)."
            )
        ),
    ] = "unit"
    targets: Annotated[
        Targets,
        Meta(
            description=(
                "Coding of the classes: 1 for the true class, and for the others 0 (`zero-one`) or "
                "-1 (`minus-one-one`)."
            )
        ),
    ] = "zero-one"
    error: Annotated[
        OutputError,
        Meta(
            description=(
                "Error of the output layer, y its outputs and t the targets: the loss' derivative; "
                "(y - t)·y·(1 - y), softmax's derivative cut to its diagonal (`diagonal`: Wiesinger"
                " & Schikuta, eq. 12); or y - t (`direct`: eq. 23)."
            )
        ),
    ] = "derivative"
    elastic_net: Annotated[
        float, Meta(ge=0, le=3.4e38, description="The λ of the elastic net; 0 for none.")
    ] = 0.0
    elastic_net_squares: Annotated[
        Annotated[float, Meta(ge=0, le=3.4e38)] | None,
        Meta(
            description="The λ of the elastic net's squares alone; null for the same as that of its magnitudes."
        ),
    ] = None
    elastic_net_form: Annotated[
        ElasticNet,
        Meta(description="Printed form of the elastic net, an equation of Wiesinger & Schikuta."),
    ] = "eq19"
    elastic_net_direction: Annotated[
        ElasticNetDirection,
        Meta(
            description=(
                "Whether the elastic net moves weights towards zero, or away from it: the sign in "
                "the program of Wiesinger & Schikuta."
            )
        ),
    ] = "shrink"
    elastic_net_biases: Annotated[
        bool,
        Meta(
            description=(
                "Whether the elastic net moves biases as well as weights: in the program of Wiesinger & Schikuta, a "
                "bias is the weight of a node that is always 1."
            )
        ),
    ] = False
    direction: Annotated[
        Direction,
        Meta(
            description=(
                "Whether updates subtract the gradient times the learning rate (`descent`), or add it (`ascent`); the "
                "elastic net shrinks in both."
            )
        ),
    ] = "descent"
    propagation: Annotated[
        Propagation,
        Meta(
            description=(
                "How errors go back: `exact`; `updated-weights`: through weights that are already "
                "updated, a mistake that Wiesinger & Schikuta report (Section V-A7); "
                "`reversed-sign`: with the minus sign in each hidden layer that Olsen et al. print "
                "(Algorithm 3); `error-product`: behind the first layer, weights move by the "
                "product of both neurons' errors, as they print, too (Algorithm 4), which has the same sign in both "
                "directions; `as-printed`: both."
            )
        ),
    ] = "exact"


class Scale(Entry, frozen=True):
    """How much a paper's own program does in a run."""

    samples: Annotated[Count, Meta(description="Training samples.")]
    epochs: Annotated[EpochCount, Meta(description="Epochs.")]


class Options(Entry, frozen=True):
    """Base of a strategy's options; a strategy without options uses it as it is."""
