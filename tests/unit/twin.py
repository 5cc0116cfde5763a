"""Training as plain NumPy, for a reader to check by eye: the twin that the compiled loops must agree with."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from pnncore.data.inputs import make_table
from pnncore.kernels.plan import SELU_ALPHA, SELU_SCALE
from pnncore.network import activations
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from pnncore.network.sgd import ELASTIC_NETS, PULLS, TARGETS
from records.settings import Training


def derivative(
    architecture: Architecture, name: str, y: np.ndarray, gradient: np.ndarray
) -> np.ndarray:
    """Take a gradient with respect to a layer's outputs y to one with respect to its sums."""
    alpha = architecture.elu_alpha
    if architecture.activation_gradient == "of-activated":
        y = y.copy()
        activations.named(name, alpha)(y)
    if name == "softmax":
        return y * (gradient - (gradient * y).sum(axis=1, keepdims=True))
    slopes = {
        "identity": np.ones_like(y),
        "relu": (y > 0).astype(float),
        "elu": np.where(y >= 0, 1, y + alpha),
        "tanh": 1 - y * y,
        "sigmoid": y * (1 - y),
        "selu": np.where(y >= 0, SELU_SCALE, y + SELU_SCALE * SELU_ALPHA),
    }
    return gradient * slopes[name]


def one_hot(labels: np.ndarray, classes: int, low: float = 0.0) -> np.ndarray:
    return np.where(np.eye(classes)[labels] == 1, 1.0, low)


def total_loss(
    architecture: Architecture, outputs: np.ndarray, labels: np.ndarray, low: float = 0.0
) -> float:
    classes = outputs.shape[1]
    if architecture.loss == "quadratic":
        return 0.5 * ((one_hot(labels, classes, low) - outputs) ** 2).sum()
    # Cross-entropy has classes, whatever the coding of the targets.
    truth = one_hot(labels, classes)
    if architecture.output_activation == "softmax":
        return -np.log((outputs * truth).sum(axis=1)).sum()
    return -(truth * np.log(outputs) + (1 - truth) * np.log(1 - outputs)).sum()


def loss_at(architecture: Architecture, parameters, values, labels, low: float = 0.0) -> float:
    return total_loss(architecture, outputs(Network(architecture, parameters), values), labels, low)


def outputs(network: Network, inputs: np.ndarray) -> np.ndarray:
    return layer_values(network, inputs * network.architecture.input_factor)[-1]


def pooled(network: Network, inputs: np.ndarray) -> np.ndarray:
    """Return the activations of a convolution's pooled cells, shape (samples, cells)."""
    architecture = network.architecture
    convolution = architecture.convolution
    assert convolution is not None
    side, pool = architecture.side, convolution.pool
    images = inputs.reshape(-1, side, side)
    windows = sliding_window_view(images, network.filters.shape[:2], axis=(1, 2))
    sums = np.tensordot(windows, network.filters, axes=2) + network.filter_biases
    kept = sums.shape[1] // pool * pool
    squares = sums[:, :kept, :kept].reshape(
        len(images), kept // pool, pool, kept // pool, pool, convolution.filters
    )
    cells = squares.max(axis=(2, 4)).reshape(len(images), -1)
    activations.named(architecture.hidden_activation, architecture.elu_alpha)(cells)
    return cells


def layer_values(network: Network, inputs: np.ndarray) -> list[np.ndarray]:
    """Return what feeds the first fully connected layer, and the outputs of each."""
    architecture = network.architecture
    values = [inputs]
    if architecture.convolution is not None:
        values = [pooled(network, inputs)]
    last = len(network.weights) - 1
    layers = zip(network.weights, network.biases, architecture.factors, strict=True)
    for layer, (weights, biases, factor) in enumerate(layers):
        sums = (values[-1] @ weights + biases) * factor
        name = architecture.output_activation if layer == last else architecture.hidden_activation
        activations.named(name, architecture.elu_alpha)(sums)
        values.append(sums)
    return values


def output_delta(architecture: Architecture, training: Training, y, labels) -> np.ndarray:
    delta = y - one_hot(labels, y.shape[1], TARGETS[training.targets])
    if training.error == "diagonal":
        return delta * y * (1 - y)
    if training.error == "direct" or architecture.loss == "cross-entropy":
        return delta
    return derivative(architecture, architecture.output_activation, y, delta)


def shrink_weights(parameters: np.ndarray, training: Training) -> None:
    """Pull parameters towards zero, not beyond, or away from it."""
    sign, proportion = ELASTIC_NETS[training.elastic_net_form]
    rate = training.learning_rate * PULLS[training.elastic_net_direction]
    squares = training.elastic_net_squares
    squares = training.elastic_net if squares is None else squares
    size = np.abs(parameters) * (1 - rate * squares * proportion)
    size -= rate * training.elastic_net * sign
    parameters[...] = np.sign(parameters) * np.maximum(size, 0)


def shrink(network: Network, training: Training) -> None:
    """Pull weights, and biases if asked to."""
    for weights in (network.filters, *network.weights):
        shrink_weights(weights, training)
    if training.elastic_net_biases:
        for biases in (network.filter_biases, *network.biases):
            shrink_weights(biases, training)


def filters_gradient(network: Network, inputs: np.ndarray, delta: np.ndarray) -> tuple:
    """Gradient of the convolution's weights and biases, sample by sample and pooled cell by cell."""
    architecture, convolution = network.architecture, network.architecture.convolution
    side, size, pool, filters = (
        architecture.side,
        *(getattr(convolution, name) for name in ("size", "pool", "filters")),
    )
    cells = (side - size + 1) // pool
    weights, biases = np.zeros_like(network.filters), np.zeros_like(network.filter_biases)
    images = inputs.reshape(-1, side, side)
    windows = sliding_window_view(images, (size, size), axis=(1, 2))
    sums = np.tensordot(windows, network.filters, axes=2)
    deltas = delta.reshape(-1, cells, cells, filters)
    for s, y, x, f in np.ndindex(deltas.shape):
        square = sums[s, y * pool : (y + 1) * pool, x * pool : (x + 1) * pool, f]
        row, column = np.unravel_index(square.argmax(), square.shape)
        weights[:, :, f] += deltas[s, y, x, f] * windows[s, y * pool + row, x * pool + column]
        biases[f] += deltas[s, y, x, f]
    return weights, biases


def train_batch(network: Network, inputs, labels, training: Training) -> None:
    """Update a network by one batch of encoded inputs."""
    architecture = network.architecture
    inputs = inputs * architecture.input_factor
    step = training.learning_rate / (len(labels) if training.gradient == "mean" else 1)
    step = -step if training.direction == "ascent" else step
    values = layer_values(network, inputs)
    exact = architecture.division_gradient == "exact"
    slopes = architecture.factors if exact else [1.0] * len(architecture.factors)
    delta = output_delta(architecture, training, values[-1], labels) * slopes[-1]
    before = network.copy()
    for layer in reversed(range(len(network.weights))):
        through = network if training.propagation == "updated-weights" else before
        sent = values[layer]

        def below(delta=delta, layer=layer, through=through):
            name = architecture.hidden_activation
            error = delta @ through.weights[layer].T
            error = derivative(architecture, name, values[layer], error)
            error = error * (slopes[layer - 1] if layer else 1)
            return -error if training.propagation in ("reversed-sign", "as-printed") else error

        has_error = layer > 0 or architecture.convolution is not None
        if training.propagation in ("error-product", "as-printed") and has_error:
            # The product of two errors is added, whatever the direction.
            sent = below() * np.sign(-step)
        # `below` reads the weights when it is called: after this update, or a copy from before it.
        network.weights[layer][...] -= step * sent.T @ delta
        network.biases[layer] -= step * delta.sum(axis=0) * architecture.biases
        delta = below() if has_error else delta
    if architecture.convolution is not None:
        weights, biases = filters_gradient(before, inputs, delta)
        network.filters[...] -= step * weights
        network.filter_biases[...] -= step * biases
    shrink(network, training)


def train_epoch(network: Network, pixels, labels, order, training: Training) -> int:
    """Train a network in place for one epoch; return the number of updates."""
    table, made = make_table(training.inputs, network.parameters.dtype), 0
    architecture, low = network.architecture, TARGETS[training.targets]
    for start in range(0, len(order), training.batch_size):
        batch = order[start : start + training.batch_size]
        values, classes = table[pixels[batch]], labels[batch]
        change = np.zeros_like(network.parameters)
        for update in range(training.repeats):
            loss = loss_at(architecture, network.parameters, values, classes, low)
            if update > 0 and loss < training.repeat_until:
                break
            before = network.parameters.copy()
            train_batch(network, values, classes, training)
            change = network.parameters - before + training.repeat_momentum * change
            network.parameters[:] = before + change
            made += 1
    return made
