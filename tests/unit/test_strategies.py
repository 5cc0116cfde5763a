"""Every registered strategy under every value of its options. A new one joins through the registry alone."""

from dataclasses import replace
from typing import Annotated, Any

import msgspec
import numpy as np
import pytest
from conformance import Conformance, OneWorker, cases, make_task, options_of, run, variants
from msgspec import Meta, structs
from networks import make_training

from pnncore.network.architecture import Architecture
from pnncore.pool import pool
from pnncore.strategies.contract import Strategy
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError
from records.settings import Convolution, Options
from records.settings import Network as NetworkSettings

ALL = list(STRATEGIES.entries.values())


@pytest.mark.parametrize(("strategy", "options", "workers"), cases(ALL))
class TestConformance(Conformance):
    pass


@pytest.mark.parametrize(("strategy", "options"), variants(ALL))
class TestOneWorker(OneWorker):
    pass


def workers_of(strategy: Strategy) -> int:
    return strategy.most_workers or 3


@pytest.mark.parametrize("strategy", ALL, ids=lambda strategy: strategy.name)
class TestSettings:
    """Settings of networks and of training under every strategy."""

    def test_a_network_without_biases_never_gets_any(self, strategy: Strategy) -> None:
        architecture = Architecture((30, 8, 4), biases=False)
        last = run(strategy, {}, workers_of(strategy), architecture=architecture)[-1]
        for network in last.children or (last.network,):
            assert not np.concatenate(network.biases).any()
            assert all(weights.any() for weights in network.weights)

    def test_updates_in_a_row_are_made_or_refused(self, strategy: Strategy) -> None:
        once = make_training(batch_size=1, epochs=4)
        training = structs.replace(once, repeats=3, repeat_momentum=0.5)
        if not strategy.repeats:
            with pytest.raises(InputError, match=r"^training.repeats: .*set it to 1, not 3"):
                strategy.check(NetworkSettings(), training)
            return
        strategy.check(NetworkSettings(), training)
        with pytest.raises(InputError, match=r"^training.repeats: a convolution .*null"):
            strategy.check(NetworkSettings(convolution=Convolution()), training)
        one, sequential = (
            run(each, {}, 1, training=training)[-1].network.parameters
            for each in (strategy, STRATEGIES.named("sequential"))
        )
        np.testing.assert_array_equal(one, sequential)
        without = run(strategy, {}, 1, training=once)[-1].network.parameters
        assert not np.array_equal(one, without)
        enough = structs.replace(training, repeat_until=1e9)
        stopped = run(strategy, {}, 1, training=enough)[-1].network.parameters
        # Two ways to compute one update: see `pnncore.kernels.repeats`.
        np.testing.assert_allclose(stopped, without, rtol=0, atol=1e-6)

    def test_updates_in_a_row_are_work(self, strategy: Strategy) -> None:
        training = make_training(batch_size=1, epochs=4, repeats=3)
        with pool("threading", 1) as one:
            task = make_task(strategy, {}, workers_of(strategy), one, training=training)
        assert task.flops_per_sample == 2 * (2 * 30 * 8 + 3 * 3 * 8 * 4)


def test_how_many_updates_a_sample_got_is_measured_by_one_network() -> None:
    sequential = STRATEGIES.named("sequential")
    training = make_training(batch_size=1, epochs=4, repeats=3, repeat_until=1e9)
    start, *later = run(sequential, {}, 1, training=training)
    assert not start.metrics
    assert [snapshot.metrics for snapshot in later] == [{"updates": 1}] * len(later)
    once = structs.replace(training, repeats=1)
    assert not any(snapshot.metrics for snapshot in run(sequential, {}, 1, training=once))


class Bounded(Options, frozen=True):
    """Options whose defaults are at their bounds, or alone within them."""

    share: Annotated[float, Meta(ge=0, le=1)] = 1.0
    rest: Annotated[float, Meta(gt=0, lt=0.2)] = 0.1
    count: Annotated[int, Meta(ge=1, le=3)] = 3
    only: Annotated[int, Meta(ge=1, le=1)] = 1
    text: str = ""
    limit: int | None = None


class Beyond(Options, frozen=True):
    """An option whose default is out of bounds."""

    share: Annotated[float, Meta(ge=0, le=1)] = 1.5


class TestSuite:
    def test_other_values_of_numbers_are_within_their_bounds(self) -> None:
        found = options_of(replace(STRATEGIES.named("sequential"), options=Bounded))
        assert {structs.astuple(each)[4:] for each in found} == {("", None)}
        assert [structs.astuple(each)[:4] for each in found] == [
            (1.0, 0.1, 3, 1),
            (0.75, 0.1, 3, 1),
            (1.0, 0.05, 3, 1),
            (1.0, 0.1, 2, 1),
        ]

    def test_a_default_beyond_its_bounds_is_found(self) -> None:
        strategy = replace(STRATEGIES.named("sequential"), options=Beyond)
        options = options_of(strategy)[0]
        with pytest.raises(msgspec.ValidationError, match="share"):
            OneWorker().test_options_are_within_their_bounds(strategy, options)


class TestRegistry:
    def test_an_unknown_strategy_is_named_with_the_nearest(self) -> None:
        with pytest.raises(InputError, match="'smpd'; did you mean 'spmd'"):
            STRATEGIES.named("smpd")

    @pytest.mark.parametrize(
        "options", [{"merg": "once"}, {"merge": "onc"}, {"merge": False}], ids=str
    )
    def test_unknown_options_are_refused(self, options: dict[str, Any]) -> None:
        with pytest.raises(InputError, match=r"options of spmd: .*merg"):
            STRATEGIES.named("spmd").complete(options)

    def test_too_many_workers_are_refused(self) -> None:
        with pytest.raises(
            InputError, match=r"sequential has 1 at most, not 2; set workers to \[1\]"
        ):
            STRATEGIES.named("sequential").check_workers(2)

    @pytest.mark.parametrize("strategy", ALL, ids=lambda strategy: strategy.name)
    def test_strategies_say_what_they_are(self, strategy: Strategy) -> None:
        assert strategy.name in STRATEGIES.entries
        assert strategy.summary.endswith(".")
