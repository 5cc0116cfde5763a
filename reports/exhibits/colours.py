"""Colours of variants and machines that are the same in every figure of a study."""

from __future__ import annotations

from records.study import Study
from reports.exhibits import theme
from reports.tables.host import HOST


def variant_tokens(study: Study) -> dict[str, str]:
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
    own = {name: each.colour for name, each in study.strategies.items() if each.colour}
    stated = {name: variant.colour for name, variant in study.variants if variant.colour}
    return {**theme.spread(list(study.strategies), own), **stated}


def machine_tokens(study: Study) -> dict[str, str]:
    """Return the token of each machine that a study's exhibits show, by the machine's name.

    Parameters
    ----------
    study
        The study's resolved configuration.
    """
    named = (name for exhibit in study.exhibits.values() for name in exhibit.get("hardware", ()))
    return theme.spread(list(dict.fromkeys(named)), {HOST: "one"})
