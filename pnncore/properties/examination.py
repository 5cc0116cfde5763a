"""Examination of a property."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pnncore.data.dataset import Dataset
from pnncore.pool import pool
from pnncore.properties.contract import Property
from pnncore.timing.environment import environment
from records.kinds.property import PropertyRecord


def examine(examined: Property, dataset: Dataset) -> PropertyRecord:
    """Examine a property.

    Parameters
    ----------
    examined
        The property.
    dataset
        The dataset to examine it with; some properties use none.

    Returns
    -------
    PropertyRecord
        The record.
    """
    with pool("threading", 1) as one:
        facts = _plain(examined.examine(dataset))
        described = environment(one.inner_threads())
    return PropertyRecord(
        property=examined.name,
        summary=examined.summary,
        dataset=dataset.name,
        facts=facts,
        environment=described,
    )


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Convert NumPy's numbers to plain floats, for JSON."""
    return {
        name: _plain(fact) if isinstance(fact, Mapping) else float(fact)
        for name, fact in facts.items()
    }
