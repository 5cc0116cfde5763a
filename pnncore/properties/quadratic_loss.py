"""The quadratic loss: never negative, and zero where outputs equal targets."""

from __future__ import annotations

import numpy as np

from pnncore.data.dataset import Dataset
from pnncore.kernels.errors import loss
from pnncore.network.architecture import Architecture
from pnncore.network.sgd import make_rule
from pnncore.properties.contract import Facts, Property
from records.settings import Training

CLASSES = 10
ROWS = 1000


def examine(_: Dataset) -> Facts:
    """Compute the training loss of random outputs and of the targets."""
    dtype = np.dtype(np.float64)
    architecture = Architecture((1, CLASSES), output_activation="tanh", loss="quadratic")
    shape = architecture.shape(dtype)
    rule = make_rule(Training(learning_rate=0.1, batch_size=1, epochs=1), architecture, dtype)
    outputs = np.random.default_rng(1).uniform(-1, 1, (ROWS, CLASSES))
    found = [loss(shape, rule, row, i % CLASSES) for i, row in enumerate(outputs)]
    at_target = [loss(shape, rule, np.eye(CLASSES)[label], label) for label in range(CLASSES)]
    return {"smallest": min(found), "at_target": max(at_target)}


PROPERTY = Property(
    "quadratic-loss", "The quadratic loss of random outputs and of the targets.", examine
)
