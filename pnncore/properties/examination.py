"""Examination of a property."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

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
        replicates=examined.replicates,
        environment=described,
    )


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Convert NumPy's numbers and arrays to plain floats and tuples of them, for JSON."""
    return {name: _plain_fact(fact) for name, fact in facts.items()}


def _plain_fact(fact: Any) -> Any:
    if isinstance(fact, Mapping):
        return _plain(fact)
    return float(fact) if np.ndim(fact) == 0 else tuple(map(float, fact))
