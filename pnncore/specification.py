"""What the command line is told to do, checked key by key before any work.

The command line alone imports this module, never what trains: an edit here reruns no job. Choices are taken from where
the code defines them; ``workflow/schemas`` has the same limits for configurations, which a test holds together.
"""

from __future__ import annotations

from typing import Any, Final

from pnncore.grammar import (
    FLAG,
    OBJECT,
    TEXT,
    Listed,
    Rule,
    Table,
    choice,
    number,
    or_null,
    whole,
)

MOST_WORKERS: Final = 1024
MOST_REPEATS: Final = 1000
MOST_EPOCHS: Final = 100_000
MOST_NEURONS: Final = 100_000
MOST_FILTERS: Final = 1000
LARGEST_SIDE: Final = 28
LARGEST_SEED: Final = 2**32 - 1
LARGEST_COUNT: Final = 2**31 - 1
"""Of samples: far more than any dataset has, and few enough that the loops can count them."""
LARGEST_NUMBER: Final = 3.4e38
"""What networks compute in, single precision, holds no larger one."""
LARGEST_IMAGE: Final = 4096
FASTEST_GHZ: Final = 10.0

POSITIVE: Final = number(0, LARGEST_NUMBER, above=True)
COUNT: Final = whole(1, LARGEST_COUNT)
WORKERS: Final = whole(1, MOST_WORKERS)
SEVERAL: Final = Listed(WORKERS, distinct=True)
SEED: Final = whole(0, LARGEST_SEED)
REPEATS: Final = whole(1, MOST_REPEATS)

MACHINE: Final = Table(
    {
        "name": TEXT,
        "cores": whole(1, MOST_WORKERS),
        "threads_per_core": whole(1, MOST_WORKERS),
        "clock_ghz": or_null(number(0, FASTEST_GHZ, above=True)),
        "assumed": Listed(TEXT),
    },
    kind="a machine",
)

SPLITS: Final = ("train", "test")


def check_runs(option: str, spec: Any) -> None:
    """Refuse what is no specification of a variant's runs.

    Parameters
    ----------
    option
        The option of the command line that it was given as.
    spec
        What was given: see docs/architecture.md.

    Raises
    ------
    InputError
        If a key is unknown or missing, or a value wrong.
    """
    tests: dict[str, Rule] = {
        "evaluate_every": COUNT,
        "evaluate_children": FLAG,
        "evaluate_training": FLAG,
    }
    _check(
        option, spec, "runs", {**tests, "workers": SEVERAL, "seeds": Listed(SEED, distinct=True)}
    )


def check_repeats(option: str, spec: Any) -> None:
    """Refuse what is no specification of a repeat of a variant's timings; as `check_runs`."""
    more: dict[str, Rule] = {
        "workers": SEVERAL,
        "seed": SEED,
        "hardware": OBJECT,
        "repeat": REPEATS,
    }
    _check(option, spec, "repeats", more)
    machines = dict.fromkeys(spec["hardware"], or_null(whole(1, MOST_WORKERS)))
    Table(machines, kind="machines").check(f"{option}: hardware", spec["hardware"])


def check_calibration(option: str, spec: Any) -> None:
    """Refuse what is no specification of a calibration; as `check_runs`."""
    scale = Table({"samples": COUNT, "epochs": whole(1, MOST_EPOCHS)}, null=True)
    _check(option, spec, "a calibration", {"workers": SEVERAL, "seed": SEED, "published": scale})


def check_property(option: str, spec: Any) -> None:
    """Refuse what is no specification of an examination; as `check_runs`."""
    from pnncore.properties.registry import MODULES

    keys: dict[str, Rule] = {"property": choice(MODULES), "dataset": TEXT, "data": OBJECT}
    Table(keys, kind="an examination").check(option, spec)


def check_gallery(option: str, spec: Any) -> None:
    """Refuse what is no specification of a gallery; as `check_runs`."""
    keys: dict[str, Rule] = {"dataset": TEXT, "data": OBJECT, "names": Listed(TEXT)}
    Table(keys, kind="a gallery").check(option, spec)


def check_model(option: str, spec: Any) -> None:
    """Refuse what is no specification of a model; as `check_runs`."""
    keys: dict[str, Rule] = {
        **dict.fromkeys(("paper", "calibration", "host"), TEXT),
        "machines": OBJECT,
    }
    Table(keys, kind="a model", more=True).check(option, spec)
    _check_machines(f"{option}: machines", spec["machines"])


def check_predictions(option: str, spec: Any) -> None:
    """Refuse what is no specification of the predictions for a study; as `check_runs`."""
    keys: dict[str, Rule] = {
        **dict.fromkeys(("study", "host"), TEXT),
        **dict.fromkeys(("calibrations", "machines"), OBJECT),
        "model": Table({}, more=True, null=True),
    }
    Table(keys, kind="predictions").check(option, spec)
    _check_machines(f"{option}: machines", spec["machines"])


def check_archives(option: str, dataset: Any) -> None:
    """Refuse a dataset's entry of the manifest that says too little to fetch its archives; as `check_run`."""
    archive = Table({"file": TEXT, "bytes": COUNT, "sha256": TEXT}, more=True)
    split = Table({"images": archive, "labels": archive}, more=True)
    keys: dict[str, Rule] = {
        "mirrors": Listed(TEXT),
        "splits": Table(dict.fromkeys(SPLITS, split)),
    }
    Table(keys, more=True).check(option, dataset)


def check_dataset(option: str, dataset: Any) -> None:
    """Refuse a dataset's entry of the manifest that says too little to prepare it; as `check_run`."""
    Table({"format": choice(("idx", "digits"))}, more=True).check(option, dataset)
    content: dict[str, Rule] = {"content_sha256": TEXT}
    if dataset["format"] == "idx":
        content["file"] = TEXT
    array = Table(content, more=True)
    split = Table({"samples": COUNT, "images": array, "labels": array}, more=True)
    side = whole(1, LARGEST_IMAGE)
    keys: dict[str, Rule] = {
        "classes": whole(2, 256),
        "image": Table({"height": side, "width": side}),
        "splits": Table(dict.fromkeys(SPLITS, split)),
    }
    Table(keys, more=True).check(option, dataset)


def _check(option: str, spec: Any, kind: str, more: dict[str, Rule]) -> None:
    """Refuse a specification that is wrong in what all kinds have, or in what this one has besides."""
    # Assembling, predicting and preparing need none of what follows, and start the sooner.
    from pnncore.strategies.registry import MODULES

    keys: dict[str, Rule] = {
        **dict.fromkeys(("paper", "experiment", "variant", "dataset"), TEXT),
        "data": OBJECT,
        "strategy": choice(MODULES),
        "options": OBJECT,
        "network": _network(),
        "training": _training(),
        "samples": Table(dict.fromkeys(SPLITS, or_null(COUNT))),
        **more,
    }
    Table(keys, kind=kind).check(option, spec)
    _options(spec["strategy"]).check(f"{option}: options", spec["options"])


def _check_machines(option: str, machines: Any) -> None:
    Table(dict.fromkeys(machines, MACHINE)).check(option, machines)


def _options(name: str) -> Table:
    """Return what a strategy's options may be; those that are missing have their defaults."""
    from pnncore.strategies.registry import named

    keys: dict[str, Rule] = {
        option: whole(values[0], values[-1]) if isinstance(values, range) else choice(values)
        for option, values in named(name).options.items()
    }
    return Table(keys, kind=f"the options of {name}", fewer=True)


def _network() -> Table:
    from pnncore.kernels.plan import LOSSES
    from pnncore.network.activations import NAMES as ACTIVATIONS
    from pnncore.network.initialisation import DISTRIBUTIONS
    from pnncore.network.network import DIVISION_GRADIENTS, DIVISIONS

    side = whole(1, LARGEST_SIDE)
    convolution = Table({"filters": whole(1, MOST_FILTERS), "size": side, "pool": side}, null=True)
    start: dict[str, Rule] = {
        "weights": choice(DISTRIBUTIONS),
        "scale": POSITIVE,
        "biases": choice(("zeros", "random")),
    }
    return Table(
        {
            "hidden": Listed(whole(1, MOST_NEURONS)),
            "hidden_activation": choice(ACTIVATIONS),
            "output_activation": choice(ACTIVATIONS),
            "elu_alpha": POSITIVE,
            "loss": choice(LOSSES),
            "division": choice(DIVISIONS),
            "division_gradient": choice(DIVISION_GRADIENTS),
            "convolution": convolution,
            "initialisation": Table(start),
        }
    )


def _training() -> Table:
    from pnncore.data.inputs import NAMES as INPUTS
    from pnncore.kernels.plan import ERRORS, PROPAGATIONS
    from pnncore.network.sgd import ELASTIC_NETS, TARGETS

    return Table(
        {
            "learning_rate": POSITIVE,
            "batch_size": COUNT,
            "epochs": whole(1, MOST_EPOCHS),
            "gradient": choice(("mean", "sum")),
            "shuffle": FLAG,
            "inputs": choice(INPUTS),
            "targets": choice(TARGETS),
            "error": choice(ERRORS),
            "elastic_net": number(0, LARGEST_NUMBER),
            "elastic_net_form": choice(ELASTIC_NETS),
            "propagation": choice(PROPAGATIONS),
        }
    )
