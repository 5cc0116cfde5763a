"""Files of weights: readable text compared with binary."""

from __future__ import annotations

import json
from io import BytesIO

import numpy as np

from pnncore.data.dataset import Dataset
from pnncore.properties.contract import Facts, Property
from pnncore.timing.stopwatch import interleaved, timer

PARAMETERS = 784 * 100 + 100 + 100 * 10 + 10
"""Number of parameters of Wiesinger & Schikuta's network."""

REPEATS = 5


def examine(_: Dataset) -> Facts:
    """Write and read a network's parameters, in memory, as JSON and in NumPy's binary format."""
    parameters = np.random.default_rng(1).normal(size=PARAMETERS).astype(np.float32)
    text = json.dumps(parameters.tolist()).encode()
    binary = _binary(parameters)

    def with_text() -> None:
        np.array(json.loads(json.dumps(parameters.tolist()).encode()), np.float32)

    def with_bytes() -> None:
        np.load(BytesIO(_binary(parameters)), allow_pickle=False)

    seconds = interleaved([timer(with_text), timer(with_bytes)], REPEATS)
    slow, fast = np.array(seconds)
    return {
        "text_seconds": slow,
        "binary_seconds": fast,
        "time_ratio": slow / fast,
        "text_bytes": len(text),
        "binary_bytes": len(binary),
        "size_ratio": len(text) / len(binary),
    }


def _binary(parameters: np.typing.NDArray[np.float32]) -> bytes:
    file = BytesIO()
    np.save(file, parameters, allow_pickle=False)
    return file.getvalue()


PROPERTY = Property(
    "weight-files",
    "Time and size of a network's weights as JSON and as binary.",
    examine,
    replicates="repeats",
    alone=True,
)
