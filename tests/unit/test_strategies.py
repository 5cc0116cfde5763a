"""Every registered strategy under every value of its options. A new one joins through the registry alone."""

from typing import Any

import pytest
from conformance import Conformance, OneWorker, cases, variants

from pnncore.strategies.contract import Strategy
from pnncore.strategies.registry import STRATEGIES
from records.errors import InputError

ALL = list(STRATEGIES.entries.values())


@pytest.mark.parametrize(("strategy", "options", "workers"), cases(ALL))
class TestConformance(Conformance):
    pass


@pytest.mark.parametrize(("strategy", "options"), variants(ALL))
class TestOneWorker(OneWorker):
    pass


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
