"""Variants of an edition: their settings over the edition's, over their experiment's, over defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import structs

from pnncore.strategies.registry import STRATEGIES
from records.search import Chosen
from records.variants import Choice, RunVariant, TimingVariant
from workflow.grid import CHOSEN, GRID, spread, with_values
from workflow.overlay import merged
from workflow.search import best, survivors

Json = dict[str, Any]

SURVIVORS: Final = "survivors"
APART: Final = ("title", "dataset", "variants", "editions", SURVIVORS)
"""Keys of an experiment or a timing that are no settings of its variants."""


def resolved(written: Json, edition: str, study: str, chosen: Chosen) -> Json:
    """Return an experiment or a timing whose variants have all settings that its file makes for an edition.

    Parameters
    ----------
    written
        The experiment or the timing, as it is written.
    edition, study
        Names of the edition and of the study.
    chosen
        What searches have kept.

    Raises
    ------
    InputError
        If a variant takes what no search has chosen.
    """
    # One that the edition leaves out is resolved all the same, since names may lead to it.
    settings = merged(written, written.get("editions", {}).get(edition) or {})
    shared = {key: value for key, value in settings.items() if key not in APART}
    kept = survivors(chosen, study, settings[SURVIVORS]) if SURVIVORS in settings else None
    return {
        "title": settings["title"],
        "dataset": settings["dataset"],
        "variants": {
            name: merged(shared, variant)
            for written_name, each in settings["variants"].items()
            for name, variant in spread(written_name, _with_choice(each, chosen))
            if kept is None or name in kept or (kept and GRID not in each)
        },
    }


def _with_choice(variant: Json, chosen: Chosen) -> Json:
    """Return a variant with the values that a search chose for it."""
    if CHOSEN not in variant:
        return variant
    plain = {key: value for key, value in variant.items() if key != CHOSEN}
    return with_values(plain, best(chosen, msgspec.convert(variant[CHOSEN], Choice)))


def completed(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return resolved experiments or timings, by name, whose variants have all options of their strategies."""
    return {
        name: structs.replace(
            entry,
            variants={
                variant: structs.replace(settings, options=_options(settings))
                for variant, settings in entry.variants.items()
            },
        )
        for name, entry in entries.items()
    }


def _options(variant: RunVariant | TimingVariant) -> Json:
    options = STRATEGIES.named(variant.strategy).complete(variant.options)
    complete: Json = msgspec.to_builtins(options)
    return complete
