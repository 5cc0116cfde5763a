"""Colours of variants that are the same in every figure of a study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.exhibits import theme


def variant_tokens(study: Mapping[str, Any]) -> dict[str, str]:
    """Return the tokens of variants that state a colour, and of variants that are named after a strategy.

    A strategy without a colour has one that no other strategy of the study has.

    Parameters
    ----------
    study
        The study's resolved configuration.

    Returns
    -------
    dict
        Token by the variant's name.
    """
    strategies = study["strategies"]
    own = {name: each["colour"] for name, each in strategies.items() if each["colour"]}
    stated = {
        name: variant["colour"]
        for stage in ("experiments", "timings")
        for entry in study[stage].values()
        for name, variant in entry["variants"].items()
        if "colour" in variant
    }
    return {**theme.spread(list(strategies), own), **stated}
