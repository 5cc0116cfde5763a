"""The arguments of the kernels: the shape of a network and its learning rule."""

from __future__ import annotations

from typing import NamedTuple, get_args

from pnncore.arrays import Floats, Indices, Real
from records.settings import Activation, Loss, OutputError, Propagation

ACTIVATIONS = get_args(Activation)
"""Activations by their codes."""

IDENTITY, RELU, ELU, TANH, SIGMOID, SOFTMAX, SELU = range(7)

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
"""α and λ of SELU, by which activations keep mean 0 and variance 1 (Klambauer et al., 2017, Section 2)."""

LOSSES = get_args(Loss)
"""Losses by their codes."""

CROSS_ENTROPY, QUADRATIC = range(2)

ERRORS = get_args(OutputError)
"""Formulas of the output layer's error by their codes: see `records.settings.Training`."""

DERIVATIVE, DIAGONAL, DIRECT = range(3)

PROPAGATIONS = get_args(Propagation)
"""Forms of back-propagation by their codes: see `records.settings.Training`."""

EXACT, UPDATED_WEIGHTS, REVERSED_SIGN, ERROR_PRODUCT, AS_PRINTED = range(5)


class Shape(NamedTuple):
    """A network's shape. Layer 0 feeds the first fully connected layer; the last layer is the output.

    Attributes
    ----------
    layers
        Neurons per layer, shape (layers,). Layer 0 is the pixels or, behind a convolution, its pooled cells.
    weights, biases
        Offsets of each layer's weights and biases in the parameters, shape (layers,). Entry 0 is the convolution's.
    at
        Offsets of each layer's values in a sample's row of values, and the row's length, shape (layers + 1,).
        Pixels have no values there: the non-zero ones are listed instead.
    factor
        Factor of each layer's sums before the activation, shape (layers,).
    slope
        Factor of the gradient with respect to each layer's sums, shape (layers,).
    hidden, output
        Codes of the activations.
    reactivated
        Whether derivatives are taken at the activations, activated once more, rather than at the sums.
    alpha
        The α of ELU.
    side, size, filters, pool
        The convolution: see `records.settings.Convolution`; `filters` is 0 without one.
    biased
        Whether biases are updated; where they are not, they are zero.
    """

    layers: Indices
    weights: Indices
    biases: Indices
    at: Indices
    factor: Floats
    slope: Floats
    hidden: int
    output: int
    reactivated: bool
    alpha: Real
    side: int
    size: int
    filters: int
    pool: int
    biased: bool


class Rule(NamedTuple):
    """A learning rule.

    Attributes
    ----------
    table
        Network input of each grey value, shape (256,); that of grey value 0 is 0.
    batch
        Samples per update.
    rate
        Learning rate, negative if updates add the gradient.
    mean
        Whether a batch's gradient is the mean over its samples, rather than the sum.
    loss, error, propagation
        Codes.
    low
        Target of the wrong classes; that of the right class is 1.
    shrink, pull
        Elastic net: an update multiplies a weight by 1 - shrink and moves it by `pull` towards zero, not beyond. Both
        are negative if weights grow; a weight of zero then stays there.
    pulls_biases
        Whether the elastic net does the same to biases.
    """

    table: Floats
    batch: int
    rate: Real
    mean: bool
    loss: int
    error: int
    propagation: int
    low: Real
    shrink: Real
    pull: Real
    pulls_biases: bool
