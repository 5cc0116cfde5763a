"""Every registered strategy under every value of its options. A new one joins through the registry alone."""

import pytest
from conformance import Conformance, OneWorker, cases, variants

from pnncore.strategies.contract import Options, Strategy
from pnncore.strategies.registry import MODULES, named
from records.errors import InputError

STRATEGIES = [named(name) for name in MODULES]


@pytest.mark.parametrize(("strategy", "options", "workers"), cases(STRATEGIES))
class TestConformance(Conformance):
    pass


@pytest.mark.parametrize(("strategy", "options"), variants(STRATEGIES))
class TestOneWorker(OneWorker):
    pass


class TestRegistry:
    def test_an_unknown_strategy_is_named_with_the_nearest(self) -> None:
        with pytest.raises(InputError, match=r"'smpd'.*'spmd'"):
            named("smpd")

    @pytest.mark.parametrize(
        ("options", "key", "near"),
        [
            ({"merg": "once"}, "merg", "'merge'"),
            ({"merge": "onc"}, "merge", "'once'"),
            ({"merge": False}, "merge", "once"),
        ],
    )
    def test_unknown_options_are_refused(self, options: Options, key: str, near: str) -> None:
        with pytest.raises(InputError, match=rf"^options\.{key}: .*{near}"):
            named("spmd").complete(options)

    def test_too_many_workers_are_refused(self) -> None:
        with pytest.raises(InputError, match=r"^workers\b.*sequential"):
            named("sequential").check_workers(2)

    @pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.name)
    def test_strategies_say_what_they_are(self, strategy: Strategy) -> None:
        assert strategy.name in MODULES
        assert strategy.summary.endswith(".")
