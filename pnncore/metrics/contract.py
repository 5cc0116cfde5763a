"""Interface of metrics that are measured after an epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

from pnncore.arrays import Floats, Labels
from pnncore.network.evaluation import Classifier, Evaluator
from pnncore.strategies.contract import Snapshot, Task
from records.errors import InputError
from records.metric import Metric


@dataclass(frozen=True)
class Evaluation:
    """Samples and networks that are tested after an epoch.

    Attributes
    ----------
    samples
        The test samples.
    training
        Task on whose training samples the merged network is tested, too, or None.
    children
        Whether child networks are tested, too, on the test samples.
    """

    samples: Evaluator
    training: Task[Any] | None
    children: bool


class EvaluatedEpoch:
    """An epoch's networks and their tests, each made when it is first asked for.

    Parameters
    ----------
    snapshot
        The state after the epoch.
    tests
        What is tested.
    """

    def __init__(self, snapshot: Snapshot, tests: Evaluation) -> None:
        self.snapshot = snapshot
        self.tests = tests

    @property
    def labels(self) -> Labels:
        """True classes of the test samples, shape (samples,)."""
        return self.tests.samples.labels

    @property
    def network(self) -> Classifier:
        """The merged network.

        Raises
        ------
        ValueError
            At an epoch without a merge.
        """
        if self.snapshot.network is None:
            message = f"epoch {self.snapshot.epoch} has no merged network"
            raise ValueError(message)
        return self.snapshot.network

    @cached_property
    def outputs(self) -> Floats:
        """The merged network's outputs for the test samples, shape (samples, classes)."""
        return self.tests.samples.outputs(self.network)

    @cached_property
    def train_accuracy(self) -> float | None:
        """Share of the training samples that the merged network classifies correctly, in 0..1; None if not tested."""
        task = self.tests.training
        if task is None:
            return None
        training = Evaluator(task.listed, task.labels, task.training.inputs)
        return training.accuracy(self.network)

    @cached_property
    def child_accuracies(self) -> tuple[float, ...]:
        """Accuracy of each child network on the test samples, in 0..1; empty without children or if not tested."""
        children = self.snapshot.children if self.tests.children else ()
        return tuple(self.tests.samples.accuracy(child) for child in children)


@dataclass(frozen=True, kw_only=True)
class MeasuredMetric:
    """A metric of an epoch.

    Attributes
    ----------
    name
        Name in configurations, records and tables, and of its file.
    presentation
        What pages and documentation say of it.
    measure
        Returns its value, a finite number, or None where it has none.
    of_network
        Whether it is measured of the merged network: then only at epochs with one.
    """

    name: str
    presentation: Metric
    measure: Callable[[EvaluatedEpoch], float | None]
    of_network: bool = True

    def value(self, epoch: EvaluatedEpoch) -> float | None:
        """Return its value at an epoch, or None where it has none.

        Raises
        ------
        InputError
            If it measures something else than a finite number.
        """
        if self.of_network and epoch.snapshot.network is None:
            return None
        value = self.measure(epoch)
        if value is not None and not (isinstance(value, float) and isfinite(value)):
            raise InputError(
                f"pnncore/metrics/{self.name}.py: measured {value!r} at epoch {epoch.snapshot.epoch}; "
                "it must be a finite float, or None"
            )
        return value
