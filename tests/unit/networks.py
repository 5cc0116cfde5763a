"""Small networks and specifications that tests share."""

from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from msgspec import convert, to_builtins

from pnncore.data.dataset import Dataset, Split, content
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network
from records.job import Job, Run
from records.settings import Initialisation, Training

T = TypeVar("T", bound=Job)

HE = Initialisation(weights="he-normal", biases="random")


def make_network(architecture: Architecture, seed: int = 0, dtype: Any = np.float64) -> Network:
    return Network.random(architecture, HE, np.random.default_rng(seed), dtype)


def make_training(**changes: Any) -> Training:
    return Training(**{"learning_rate": 0.1, "batch_size": 5, "epochs": 2, **changes})


def make_dataset() -> Dataset:
    """Return a tiny dataset of noise; `make_spec` is for it."""
    rng = np.random.default_rng(0)

    def split(samples: int) -> Split:
        images = rng.integers(0, 256, (samples, 4, 5), dtype=np.uint8)
        return Split(images, rng.integers(0, 10, samples).astype(np.uint8))

    return Dataset("tiny", 10, split(40), split(30))


def make_spec(**changes: Any) -> dict[str, Any]:
    """Return a complete run specification for a tiny run."""
    spec: dict[str, Any] = {
        "paper": "tiny",
        "experiment": "fig1",
        "variant": "plain",
        "dataset": "tiny",
        "data": {"classes": 10, "train": {}, "test": {}},
        "strategy": "sequential",
        "options": {},
        "network": {
            "hidden": [8],
            "hidden_activation": "relu",
            "output_activation": "softmax",
            "elu_alpha": 1.0,
            "loss": "cross-entropy",
            "division": "none",
            "division_gradient": "exact",
            "activation_gradient": "exact",
            "convolution": None,
            "biases": True,
            "initialisation": {
                "weights": "he-normal",
                "scale": 0.1,
                "levels": 10,
                "biases": "zeros",
            },
        },
        "training": {
            "learning_rate": 0.1,
            "batch_size": 4,
            "epochs": 3,
            "optimiser": None,
            "repeats": 1,
            "repeat_momentum": 0.0,
            "repeat_until": 0.0,
            "gradient": "mean",
            "shuffle": True,
            "inputs": "unit",
            "targets": "zero-one",
            "error": "derivative",
            "elastic_net": 0.0,
            "elastic_net_squares": None,
            "elastic_net_form": "eq19",
            "elastic_net_direction": "shrink",
            "elastic_net_biases": False,
            "direction": "descent",
            "propagation": "exact",
        },
        "samples": {
            "train": None,
            "test": None,
            "tested_on": "test",
            "folds": 5,
            "train_labels": "own",
        },
        "evaluate_every": 1,
        "evaluate_children": True,
        "evaluate_training": False,
        "workers": 1,
        "seed": 1,
    }
    return {**spec, **changes}


def make_run(**changes: Any) -> Run:
    """Return the run that `make_spec` specifies."""
    return make_job(Run, **changes)


def make_job(kind: type[T], **changes: Any) -> T:
    """Return a typed specification with those keys of `make_spec`, and of the changes, that its type has."""
    spec = make_spec(**changes)
    keys = {key: value for key, value in spec.items() if key in kind.__struct_fields__}
    return convert(keys, kind)


def make_batch(folder: Path, **changes: Any) -> dict[str, Any]:
    """Return a specification of runs on a prepared dataset: what `make_spec` says, for one worker and one seed."""
    spec = {
        **make_spec(),
        "workers": [1],
        "seeds": [1],
        "data": to_builtins(content(folder)),
        **changes,
    }
    del spec["seed"]
    return spec
