"""The timed methods of a study: which they are, and what the pages call them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from records.study import Study


@dataclass(frozen=True)
class Variant:
    """A variant of a timing.

    Attributes
    ----------
    name
        What the pages call it.
    experiment, variant
        Names of the timing and of the variant in the configuration.
    """

    name: str
    experiment: str
    variant: str

    def rows(self, table: pd.DataFrame) -> pd.Series[bool]:
        """Tell which rows of a study's table are about it."""
        return (table["experiment"] == self.experiment) & (table["variant"] == self.variant)


def timed_variants(study: Study) -> Iterator[Variant]:
    """Yield the timed variants of a study; what is timed a second time has the timing's title in its name."""
    seen = set()
    for experiment, timing in study.timings.items():
        for variant, settings in timing.variants.items():
            title = settings.title
            if title in seen:
                title = f"{title} ({timing.title})"
            seen.add(title)
            yield Variant(f"{study.name}: {title}", experiment, variant)
