"""Interface of strategies: tasks, snapshots and schedules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from pnncore.arrays import Floats, Labels, Pixels
from pnncore.kernels.listed import Listed, list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.evaluation import Classifier
from pnncore.network.network import Network
from pnncore.optimisers.contract import Optimiser
from pnncore.pool import Pool
from pnncore.randomness import stream
from records.convert import convert
from records.errors import InputError
from records.schedule import Schedule
from records.settings import Initialisation, Options, Training
from records.settings import Network as NetworkSettings
from records.strategy import Presentation

State: TypeAlias = Mapping[str, Floats]
"""Everything that changes while a strategy trains, as arrays by name."""

Likeness: TypeAlias = Literal["same", "rounded", "other"]
"""How like a sequential run's a network is: the same to the bit, the same but for rounded sums, or another."""

O_co = TypeVar("O_co", bound=Options, covariant=True)


@dataclass(frozen=True)
class Resume:
    """Point from which an interrupted training resumes.

    Attributes
    ----------
    epoch
        Number of completed epochs.
    state
        State of the snapshot after them.
    """

    epoch: int
    state: State

    def restore(self, state: State) -> None:
        """Write the saved state into the current arrays."""
        for name, array in state.items():
            array[...] = self.state[name]


@dataclass(frozen=True)
class Task(Generic[O_co]):
    """Input of a strategy.

    Attributes
    ----------
    architecture
        Architecture of the networks.
    initialisation
        Their initialisation: see `pnncore.network.network.Network.random`.
    pixels
        Grey values of the training samples, shape (samples, inputs), uint8.
    labels
        Their classes, shape (samples,), uint8.
    training
        Hyper-parameters.
    workers
        Number of workers that the strategy divides the work among.
    options
        The strategy's own options, all of them set.
    seed
        Seed of every random stream.
    checkpoints
        Epochs after which to yield a snapshot, ascending; the last is the last epoch.
    pool
        The pool that runs parallel tasks. Its number of jobs may change the time, but not the results.
    optimiser
        The optimiser that `training` names; None for gradient descent at a constant rate.
    resume
        Point from which to resume; None to begin.
    """

    architecture: Architecture
    initialisation: Initialisation
    pixels: Pixels
    labels: Labels
    training: Training
    workers: int
    options: O_co
    seed: int
    checkpoints: tuple[int, ...]
    pool: Pool
    optimiser: Optimiser | None = None
    resume: Resume | None = None

    @cached_property
    def listed(self) -> Listed:
        """Pixels of the training samples that are not zero as inputs: what training loops read in place of `pixels`."""
        return list_pixels(self.pixels, self.training.inputs)

    @property
    def done(self) -> int:
        """Number of epochs trained before the resumption."""
        return self.resume.epoch if self.resume else 0

    @property
    def ahead(self) -> tuple[int, ...]:
        """Remaining checkpoints."""
        return tuple(epoch for epoch in self.checkpoints if epoch > self.done)

    @property
    def flops_per_sample(self) -> int:
        """Multiplications and additions of all updates on a training sample."""
        return self.architecture.flops_of_updates(self.training.repeats)

    def start(self, worker: int = 0) -> Network:
        """Draw a worker's random starting network; worker 0's is that of the sequential run."""
        rng = stream(self.seed, "initialise", worker)
        return Network.random(self.architecture, self.initialisation, rng)


@dataclass(frozen=True)
class Snapshot:
    """The state after an epoch.

    Attributes
    ----------
    epoch
        Number of completed epochs; 0 before training.
    network
        The merged network, or another classifier; None at an epoch without a merge.
    loss
        Training loss per sample over the epoch, averaged over the workers; None at epoch 0.
    children
        The child networks before the merge; empty for strategies without them.
    metrics
        Metrics of the epoch that the strategy itself measures, by name; its presentation describes them.
    state
        Returns the state of a `Resume` after this epoch; call it before requesting the next snapshot.
    """

    epoch: int
    network: Classifier | None
    loss: float | None
    children: tuple[Network, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    state: Callable[[], State] = dict


@dataclass(frozen=True)
class Strategy:
    """A way to divide training among workers and to merge their results.

    Attributes
    ----------
    name
        Name in configurations and in the registry.
    summary
        One sentence with the source.
    options
        Type of its options: values, bounds, defaults, and a sentence for each.
    train
        Generator of snapshots: epoch 0, then each checkpoint; of a resumed task, only each remaining checkpoint. It
        works only inside ``next``, so a caller can stop its clock in between.
    schedule
        Returns the rounds that `train` runs.
    most_workers
        Largest number of workers; None without a limit.
    online
        Whether it supports one sample per update only.
    by_sample
        Whether its workers learn sample by sample, whatever the batch size.
    shares_network
        Whether all its workers train one network, at the same time.
    updates_last
        Whether it updates weights only after all errors of a batch are known.
    repeats
        Whether its workers can update several times in a row on each sample.
    optimises
        Whether its workers can train with an optimiser.
    races
        Returns whether results depend on the order of threads, for given options. Such a run needs as many threads as
        workers and is not reproducible.
    one_worker
        Returns how like a sequential run's the network of one worker is, for given options.
    improves
        Returns whether its training loss must fall, for given options.
    least_samples
        Returns the least number of training samples of a task.
    presentation
        How pages present it.
    """

    name: str
    summary: str
    options: type[Options]
    train: Callable[[Task[Any]], Iterator[Snapshot]]
    schedule: Callable[[Task[Any]], Schedule]
    most_workers: int | None = None
    online: bool = False
    by_sample: bool = False
    shares_network: bool = False
    updates_last: bool = False
    repeats: bool = False
    optimises: bool = False
    races: Callable[[Any], bool] = lambda options: False
    one_worker: Callable[[Any], Likeness] = lambda options: "same"
    improves: Callable[[Any], bool] = lambda options: True
    least_samples: Callable[[Task[Any]], int] = lambda task: 1
    presentation: Presentation = field(default_factory=Presentation)

    def check(self, network: NetworkSettings, training: Training) -> None:
        """Check that the strategy supports the network and the training.

        Raises
        ------
        InputError
            If it does not support the batch size, the propagation of errors or several updates on a sample.
        """
        if self.online and training.batch_size != 1:
            raise InputError(
                f"training.batch_size: {self.name} trains sample by sample; set it to 1, not {training.batch_size}"
            )
        if self.updates_last and training.propagation == "updated-weights":
            raise InputError(
                f"training.propagation: {self.name} updates weights when all errors are known; set it to anything but "
                f"{training.propagation!r}"
            )
        if training.optimiser is not None and not self.optimises:
            raise InputError(
                f"training.optimiser: {self.name} trains by gradient descent at a constant rate; set it to null"
            )
        if training.repeats > 1 and not self.repeats:
            raise InputError(
                f"training.repeats: {self.name} learns once from each sample; set it to 1, not {training.repeats}"
            )
        if training.repeats > 1 and network.convolution is not None:
            raise InputError(
                "training.repeats: a convolution learns once from each sample; set it to 1, or network.convolution "
                "to null"
            )

    def check_workers(self, workers: int) -> None:
        """Check the number of workers.

        Raises
        ------
        InputError
            If there are more than `most_workers`.
        """
        if self.most_workers is not None and workers > self.most_workers:
            raise InputError(
                f"workers: {self.name} has {self.most_workers} at most, not {workers}; set workers to "
                f"[{self.most_workers}]"
            )

    def check_samples(self, task: Task[Any]) -> None:
        """Check the number of training samples.

        Raises
        ------
        InputError
            If there are fewer than `least_samples`.
        """
        least, there = self.least_samples(task), len(task.labels)
        if there < least:
            raise InputError(
                f"samples.train: {self.name} with these options trains on {least} samples or more, and there are "
                f"{there}; take fewer workers, a smaller training.batch_size, or fewer samples of those that the "
                "options keep apart"
            )

    def check_metrics(self, snapshot: Snapshot) -> None:
        """Check that the presentation describes what the strategy measures itself.

        Raises
        ------
        InputError
            If a metric of the snapshot is not described.
        """
        for name in snapshot.metrics.keys() - self.presentation.metrics.keys():
            raise InputError(
                f"{self.name}: its snapshots have the metric {name!r}; describe it in the metrics of its presentation"
            )

    def complete(self, given: Mapping[str, Any]) -> Options:
        """Return options as this strategy's type, with defaults for those that are not given.

        Raises
        ------
        InputError
            If the strategy has no such option, or a value is invalid.
        """
        return convert(dict(given), self.options, f"options of {self.name}")
