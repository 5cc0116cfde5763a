"""How much memory does a run with sixteen workers take?

The whole command is measured, `python -m pnncore train --jobs 16`: interpreter, libraries, compilation, data, networks
and the test after the epoch.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
from msgspec import structs

from benchmarks import convolution, data, layers
from benchmarks.data import Samples
from benchmarks.facts import Fact, Target
from benchmarks.size import Size
from benchmarks.watched import is_supported, watch
from benchmarks.workers import SETTINGS, Setting
from pnncore.cost import spent
from pnncore.data.dataset import content
from records.job import VariantRuns
from records.kinds.dataset import DatasetRecord, SplitDescription, SplitDescriptions
from records.record import write_record
from records.samples import Samples as SampleCounts
from records.settings import Network

WORKERS = 16
WATCHED = {
    **SETTINGS,
    "minibatch": Setting(
        "a convolution, a sample a worker",
        convolution.ARCHITECTURE,
        structs.replace(layers.TRAINING, learning_rate=convolution.RATE),
    ),
    "neuron": Setting("784-128-64-10, online", layers.ARCHITECTURE, layers.TRAINING),
}
TARGET = Target("<=", 600)


def facts(size: Size) -> Iterator[Fact]:
    """Measure one run of each strategy; the peak hardly varies."""
    if not is_supported():
        print(
            "memory is skipped: this system does not report the peak of a process", file=sys.stderr
        )
        return
    with prepared("mnist", size.samples) as (folder, name):
        for strategy in WATCHED:
            yield Fact(
                f"memory, {strategy}",
                "peak_memory",
                f"{WORKERS} workers",
                peak(specification(strategy, folder, size), folder, compiled=size.is_toy),
                "MB",
                target=TARGET,
                data=name,
                note="an epoch and its test, with data, libraries and compilation",
            )


def specification(strategy: str, folder: Path, size: Size) -> VariantRuns:
    """Return the specification of a run of one epoch by all workers."""
    setting = WATCHED[strategy]
    architecture = setting.architecture
    network = Network(
        hidden=architecture.layers[1:-1],
        hidden_activation=architecture.hidden_activation,
        output_activation=architecture.output_activation,
        loss=architecture.loss,
        elu_alpha=architecture.elu_alpha,
        division=architecture.division,
        division_gradient=architecture.division_gradient,
        activation_gradient=architecture.activation_gradient,
        convolution=architecture.convolution,
    )
    return VariantRuns(
        paper="benchmarks",
        experiment="memory",
        variant=strategy,
        dataset="mnist",
        data=content(folder),
        strategy=strategy,
        options={},
        network=network,
        training=setting.training,
        samples=SampleCounts(train=size.samples),
        evaluate_every=1,
        evaluate_children=False,
        evaluate_training=False,
        workers=(WORKERS,),
        seeds=(1,),
    )


def peak(spec: VariantRuns, folder: Path, *, compiled: bool) -> float:
    """Run a specification on a prepared dataset, and return its peak memory in MB.

    Unless `compiled`, the cache of compiled loops is empty, as in the first run after installation, which takes most
    memory.
    """
    with TemporaryDirectory() as place:
        train = [sys.executable, "-m", "pnncore", "train", "--jobs", str(WORKERS)]
        files = ["--data", str(folder), "--output", str(Path(place) / "record.json")]
        command = [*train, "--spec", msgspec.json.encode(spec).decode(), *files]
        environment = dict(os.environ) if compiled else {**os.environ, "NUMBA_CACHE_DIR": place}
        return watch(command, environment).megabytes


@contextmanager
def prepared(dataset: str, count: int) -> Iterator[tuple[Path, str]]:
    """Yield the folder and name of a prepared dataset, or of made-up samples in the same format."""
    if data.is_prepared(dataset):
        yield data.folder(dataset), dataset
        return
    samples = data.samples(dataset, count)
    with TemporaryDirectory() as place:
        record = DatasetRecord(
            name=dataset,
            format="made up",
            classes=data.CLASSES,
            image=(data.SIDE, data.SIDE),
            splits=SplitDescriptions(
                train=_write_split(samples, "train", Path(place)),
                test=_write_split(samples.first(10_000), "test", Path(place)),
            ),
            cost=spent(),
        )
        write_record(Path(place) / "dataset.json", record)
        yield Path(place), samples.name


def _write_split(samples: Samples, split: str, folder: Path) -> SplitDescription:
    arrays = {"images": samples.pixels.reshape(-1, data.SIDE, data.SIDE), "labels": samples.labels}
    for kind, array in arrays.items():
        np.save(folder / f"{split}-{kind}.npy", array)
    sums = {kind: sha256(array.tobytes()).hexdigest() for kind, array in arrays.items()}
    return SplitDescription(
        samples=len(samples),
        images_sha256=sums["images"],
        labels_sha256=sums["labels"],
        content_sha256=sums,
        pixel_values=256,
        class_counts=tuple(np.bincount(samples.labels, minlength=data.CLASSES).tolist()),
    )
