"""What a strategy is given, what it yields and what it states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from pnncore.arrays import Floats, Labels, Pixels
from pnncore.network.evaluation import Classifier
from pnncore.network.network import Architecture, Network
from pnncore.pool import Pool
from pnncore.randomness import stream
from pnncore.strategies.schedule import Schedule
from records.convert import convert
from records.errors import InputError
from records.settings import Initialisation, Options, Training
from records.settings import Network as NetworkSettings

State: TypeAlias = Mapping[str, Floats]
"""All that changes while a strategy trains: arrays by name."""

O_co = TypeVar("O_co", bound=Options, covariant=True)


@dataclass(frozen=True)
class Resume:
    """Where an interrupted training goes on.

    Attributes
    ----------
    epoch
        Epochs done.
    state
        What the snapshot after them had.
    """

    epoch: int
    state: State

    def restore(self, state: State) -> None:
        """Write the numbers of then into the arrays of now."""
        for name, array in state.items():
            array[...] = self.state[name]


@dataclass(frozen=True)
class Task(Generic[O_co]):
    """All that a strategy is given.

    Attributes
    ----------
    architecture
        Shape of the networks.
    initialisation
        How they start: see `pnncore.network.network.Network.random`.
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
        Where to run parallel tasks. How many run at once may change the time, never the numbers.
    resume
        Where to go on; None to begin.
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
    resume: Resume | None = None

    @property
    def done(self) -> int:
        """Epochs that were trained before the resumption."""
        return self.resume.epoch if self.resume else 0

    @property
    def ahead(self) -> tuple[int, ...]:
        """Checkpoints that are still to come."""
        return tuple(epoch for epoch in self.checkpoints if epoch > self.done)

    def start(self, worker: int = 0) -> Network:
        """Draw the random network that a worker starts from; worker 0's is the sequential run's."""
        rng = stream(self.seed, "initialise", worker)
        return Network.random(self.architecture, self.initialisation, rng)


@dataclass(frozen=True)
class Snapshot:
    """The state after an epoch.

    Attributes
    ----------
    epoch
        Epochs done; 0 before training.
    network
        The merged network, or whatever else classifies samples; None where the strategy has not merged yet.
    loss
        Training loss per sample over the epoch, averaged over the workers; None at epoch 0.
    children
        The child networks before the merge; empty where a strategy has none.
    facts
        What else is to be known of the epoch, by the name of a metric.
    state
        Returns what a `Resume` after this epoch needs; to be called before the next snapshot is asked for.
    """

    epoch: int
    network: Classifier | None
    loss: float | None
    children: tuple[Network, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    state: Callable[[], State] = dict


@dataclass(frozen=True)
class Strategy:
    """A way to split training among workers and to recombine what they did.

    Attributes
    ----------
    name
        Name in configurations and in the registry.
    summary
        One sentence with the source.
    options
        Type of its options: values, bounds, defaults, and a sentence for each.
    train
        Generator of snapshots: epoch 0, then each checkpoint; of a resumed task, each checkpoint after the epochs
        done. Work happens only inside ``next``, so a caller can
        hold its clock between them.
    schedule
        The rounds that `train` will run.
    most_workers
        How many workers it can use; None for any number.
    online
        Whether it knows one sample an update alone.
    fully_connected
        Whether it knows fully connected networks alone.
    by_sample
        Whether its workers learn sample by sample, whatever the batch size.
    updates_last
        Whether it updates no weight before all errors of a batch are known.
    races
        Whether, with some options, its numbers depend on which thread comes first. Such a run needs as many threads
        as workers, and never gives the same numbers twice.
    least_samples
        How many training samples a run needs to train at all.
    """

    name: str
    summary: str
    options: type[Options]
    train: Callable[[Task[Any]], Iterator[Snapshot]]
    schedule: Callable[[Task[Any]], Schedule]
    most_workers: int | None = None
    online: bool = False
    fully_connected: bool = False
    by_sample: bool = False
    updates_last: bool = False
    races: Callable[[Any], bool] = lambda options: False
    least_samples: Callable[[Task[Any]], int] = lambda task: 1

    def check(self, network: NetworkSettings, training: Training) -> None:
        """Refuse what the strategy does not know.

        Raises
        ------
        InputError
            If the batch size, the network or the propagation of errors is none for it.
        """
        if self.online and training.batch_size != 1:
            raise InputError(
                f"training.batch_size: {self.name} trains sample by sample; set it to 1, not {training.batch_size}"
            )
        if self.fully_connected and network.convolution is not None:
            raise InputError(
                f"network.convolution: {self.name} divides fully connected networks alone; set it to null"
            )

        if self.updates_last and training.propagation == "updated-weights":
            raise InputError(
                f"training.propagation: {self.name} updates weights when all errors are known; set it to exact, "
                f"reversed-sign or error-product, not {training.propagation!r}"
            )

    def check_workers(self, workers: int) -> None:
        """Refuse more workers than the strategy can use.

        Raises
        ------
        InputError
            If there are more.
        """
        if self.most_workers is not None and workers > self.most_workers:
            raise InputError(
                f"workers: {self.name} has {self.most_workers} at most, not {workers}; set workers to "
                f"[{self.most_workers}]"
            )

    def check_samples(self, task: Task[Any]) -> None:
        """Refuse a task with too few samples to train at all.

        Raises
        ------
        InputError
            If there are fewer.
        """
        least, there = self.least_samples(task), len(task.labels)
        if there < least:
            raise InputError(
                f"samples.train: {self.name} with these options trains on {least} samples or more, and there are "
                f"{there}; take fewer workers or a smaller training.batch_size"
            )

    def complete(self, given: Mapping[str, Any]) -> Options:
        """Return options as this strategy's type, with defaults for those that are not given.

        Raises
        ------
        InputError
            If the strategy has no such option, or the option no such value.
        """
        return convert(dict(given), self.options, f"options of {self.name}")
