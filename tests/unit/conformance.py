"""What every strategy must do, for tests to inherit: of a registered one, and of the template in the documentation.

A class that inherits says by ``pytest.mark.parametrize`` which strategies it is about; `cases` and `variants` make the
lists.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from msgspec import convert, structs, to_builtins
from msgspec.json import schema as json_schema
from networks import HE, make_training

from pnncore.data.dataset import Split
from pnncore.network.architecture import Architecture
from pnncore.pool import Pool, pool
from pnncore.strategies.contract import Resume, Snapshot, Strategy, Task
from pnncore.strategies.registry import STRATEGIES
from pnncore.task import is_finite, optimiser_of
from records.schedule import Schedule
from records.settings import Options

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
RACES = "its numbers depend on which thread comes first"


def options_of(strategy: Strategy) -> list[Options]:
    """Return the defaults, then each other value of each option, one at a time; one of a number, and none of a text."""
    defaults = strategy.complete({})
    defined = json_schema(strategy.options)["$defs"]
    rules = defined[strategy.options.__name__]["properties"]
    return [
        defaults,
        *(
            strategy.complete({option: value})
            for option, rule in rules.items()
            for value in _values(rule, defined)
            if value != to_builtins(getattr(defaults, option))
        ),
    ]


def _typed(strategy: Strategy, options: Options | dict[str, Any]) -> Options:
    return options if isinstance(options, Options) else strategy.complete(options)


def _values(rule: dict[str, Any], defined: dict[str, Any]) -> list[Any]:
    if "anyOf" in rule:
        own = {key: value for key, value in rule.items() if key != "anyOf"}
        return [each for one in rule["anyOf"] for each in _values({**own, **one}, defined)]
    if "$ref" in rule:
        entry = defined[rule["$ref"].rpartition("/")[2]]
        return [_least(entry)] if entry["required"] else []
    if rule.get("type") == "boolean":
        return [True, False]
    if "enum" in rule:
        return list(rule["enum"])
    numeric = rule.get("type") in ("integer", "number")
    return [_other_number(rule)] if numeric and rule["default"] is not None else []


def _least(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with its required keys: the name by which it is told from others, and small numbers.

    There are too few samples for the default of those that are kept apart.
    """
    rules = entry["properties"]
    needed = {key: rules[key].get("enum", [2])[0] for key in entry["required"]}
    return needed | ({"judged": 6} if "judged" in rules else {})


def _other_number(rule: dict[str, Any]) -> float:
    """Return another number than the default, within its bounds; the default if there is none."""
    default, step = rule["default"], 1 if rule["type"] == "integer" else 0.25
    bounds = [rule[bound] for bound in BOUNDS if bound in rule]
    tried = [default + step, default - step, *((default + bound) / 2 for bound in bounds)]
    allowed = Draft202012Validator(rule)
    return next((each for each in tried if each != default and allowed.is_valid(each)), default)


def can_have(strategy: Strategy, workers: int) -> bool:
    return strategy.most_workers is None or workers <= strategy.most_workers


def variants(strategies: Iterable[Strategy]) -> list[Any]:
    """Return parameters ``strategy, options`` for every value of every option."""
    return [
        pytest.param(
            strategy, options, id="-".join([strategy.name, *map(str, structs.astuple(options))])
        )
        for strategy in strategies
        for options in options_of(strategy)
    ]


def cases(strategies: Iterable[Strategy]) -> list[Any]:
    """Return parameters ``strategy, options, workers``: the variants with several numbers of workers."""
    return [
        pytest.param(*variant.values, workers, id=f"{variant.id}-w{workers}")
        for variant in variants(strategies)
        for workers in (1, 2, 3, 7)
        if can_have(variant.values[0], workers)
    ]


def make_task(
    strategy: Strategy, options: Options, workers: int, workers_pool: Pool, **changes: Any
) -> Task[Any]:
    """Give a strategy made-up data: 46 samples of 30 pixels, so that shares, rounds and batches come out uneven."""
    rng = np.random.default_rng(11)
    images = rng.integers(0, 256, (46, 30), dtype=np.uint8)
    samples = Split(images, rng.integers(0, 4, 46).astype(np.uint8))
    settings: dict[str, Any] = {
        "architecture": Architecture((30, 8, 4)),
        "initialisation": HE,
        "pixels": samples.images,
        "labels": samples.labels,
        "training": make_training(epochs=4, batch_size=1 if strategy.online else 5),
        "workers": workers,
        "options": _typed(strategy, options),
        "seed": 1,
        "checkpoints": (1, 2, 3, 4),
        "pool": workers_pool,
    }
    if strategy.online and "training" in changes:
        changes["training"] = structs.replace(changes["training"], batch_size=1)
    settings |= changes
    task = Task(**settings, optimiser=optimiser_of(settings["training"]))
    Split(
        task.pixels, task.labels
    )  # read-only, as those of datasets are, so that loops are compiled once
    return task


def run(
    strategy: Strategy, options: Options, workers: int, jobs: int | None = None, **changes: Any
) -> list[Snapshot]:
    """Run a strategy on made-up data, one worker after another unless it is about their race."""
    if jobs is None:
        jobs = workers if strategy.races(_typed(strategy, options)) else 1
    with pool("threading", jobs) as some:
        return list(strategy.train(make_task(strategy, options, workers, some, **changes)))


def parameters(snapshots: list[Snapshot]) -> list[np.ndarray]:
    return [snapshot.network.parameters for snapshot in snapshots if snapshot.network]


class Conformance:
    """Tests with parameters ``strategy, options, workers``."""

    def test_yields_the_start_and_each_checkpoint(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        snapshots = run(strategy, options, workers, checkpoints=(2, 4))
        assert [snapshot.epoch for snapshot in snapshots] == [0, 2, 4]
        assert snapshots[0].loss is None
        assert all(is_finite(snapshot) for snapshot in snapshots)
        for snapshot in snapshots:
            strategy.check_metrics(snapshot)
        assert snapshots[-1].network is not None
        assert not np.array_equal(snapshots[-1].network.parameters, snapshots[0].network.parameters)

    def test_learns(self, strategy: Strategy, options: Options, workers: int) -> None:
        if not strategy.improves(options):
            pytest.skip("nothing says that this variant gets better")
        snapshots = run(
            strategy, options, workers, training=make_training(epochs=30), checkpoints=(1, 30)
        )
        assert snapshots[-1].loss < snapshots[1].loss

    def test_same_seed_same_numbers(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        if strategy.races(options) and workers > 1:
            pytest.skip(RACES)
        once, again = (parameters(run(strategy, options, workers)) for _ in range(2))
        np.testing.assert_array_equal(once, again)
        other = parameters(run(strategy, options, workers, seed=2))
        assert not np.array_equal(once[-1], other[-1])

    def test_checkpoints_change_nothing(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        if strategy.races(options) and workers > 1:
            pytest.skip(RACES)
        often = run(strategy, options, workers)[-1]
        rarely = run(strategy, options, workers, checkpoints=(4,))[-1]
        np.testing.assert_array_equal(often.network.parameters, rarely.network.parameters)

    def test_goes_on_from_any_epoch(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        """An interrupted training ends with the same numbers as an undisturbed one."""
        jobs = workers if strategy.races(options) else 1
        with pool("threading", jobs) as some:
            task = make_task(strategy, options, workers, some)
            whole, states = [], []
            for snapshot in strategy.train(task):
                whole.append(snapshot)
                states.append({name: array.copy() for name, array in snapshot.state().items()})
            if not states[-1]:
                pytest.skip("this strategy keeps no state")
            for done in (1, 2, 3):
                resumed = replace(task, resume=Resume(done, states[done]))
                rest = list(strategy.train(resumed))
                assert [snapshot.epoch for snapshot in rest] == list(range(done + 1, 5))
                if strategy.races(options) and workers > 1:
                    continue
                np.testing.assert_array_equal(parameters(rest), parameters(whole[done + 1 :]))
                assert [it.loss for it in rest] == [it.loss for it in whole[done + 1 :]]

    def test_snapshots_are_what_was(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        """A snapshot that is kept does not change while training goes on."""
        with pool("threading", workers if strategy.races(options) else 1) as some:
            kept = []
            for snapshot in strategy.train(make_task(strategy, options, workers, some)):
                networks = [n for n in (snapshot.network, *snapshot.children) if n is not None]
                kept += [(network, network.parameters.copy()) for network in networks]
        for network, before in kept:
            np.testing.assert_array_equal(network.parameters, before)

    def test_knows_few_samples(self, strategy: Strategy, options: Options, workers: int) -> None:
        """As many samples as workers, and what a strategy needs besides: what a run warms up with."""
        with pool("threading", 1) as one:
            besides = strategy.least_samples(make_task(strategy, options, workers, one)) - 1
        few = max(2, workers) + besides
        pixels = np.random.default_rng(5).integers(0, 256, (few, 30), dtype=np.uint8)
        labels = np.arange(few, dtype=np.uint8) % 4
        snapshots = run(strategy, options, workers, jobs=workers, pixels=pixels, labels=labels)
        assert all(is_finite(snapshot) for snapshot in snapshots)

    def test_schedule_accounts_for_every_sample(
        self, strategy: Strategy, options: Options, workers: int
    ) -> None:
        with pool("threading", 1) as one:
            task = make_task(strategy, options, workers, one)
            schedule = strategy.schedule(task)
        epoch = task.training.epochs * task.architecture.flops_per_sample
        trained, rest = divmod(schedule.parallel_work, epoch)
        assert rest == 0
        # Only samples that would be too few by themselves may be left out.
        assert 0 <= len(task.labels) - trained < strategy.least_samples(task)
        assert convert(to_builtins(schedule), Schedule) == schedule
        assert max(len(r.tasks) for r in schedule.rounds) == workers

    @pytest.mark.parametrize("backend", ["threading", "loky"])
    def test_backend_and_jobs_change_nothing(
        self, strategy: Strategy, options: Options, workers: int, backend: str
    ) -> None:
        if strategy.races(options) and workers > 1:
            pytest.skip(RACES)
        expected = run(strategy, options, workers)
        for jobs in (1, 3):
            with pool(backend, jobs) as several:
                task = make_task(strategy, options, workers, several)
                found = list(strategy.train(task))
            np.testing.assert_array_equal(parameters(found), parameters(expected))
            assert [snapshot.loss for snapshot in found] == [one.loss for one in expected]


class OneWorker:
    """Tests with parameters ``strategy, options``."""

    def test_options_are_within_their_bounds(self, strategy: Strategy, options: Options) -> None:
        """A default that is not would hold where nobody states the option."""
        assert convert(to_builtins(options), strategy.options) == options

    def test_is_the_sequential_network(self, strategy: Strategy, options: Options) -> None:
        likeness = strategy.one_worker(options)
        if likeness == "other":
            pytest.skip("this variant changes the network of one worker, too")
        by_sample = strategy.online or strategy.by_sample
        training = make_training(epochs=4, batch_size=1 if by_sample else 5)
        sequential = run(STRATEGIES.named("sequential"), Options(), 1, training=training)[
            -1
        ].network.parameters
        one = run(strategy, options, 1)[-1].network.parameters
        if likeness == "rounded":
            np.testing.assert_allclose(one, sequential, rtol=1e-4, atol=1e-6)
        else:
            np.testing.assert_array_equal(one, sequential)
