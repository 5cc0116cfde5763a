"""Whether a paper's runs find the samples that they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from records.errors import InputError


def check_samples(paper: Mapping[str, Any], manifest: Mapping[str, Any], source: Path) -> None:
    """Compare what a resolved paper's variants take with what their datasets hold.

    Parameters
    ----------
    paper
        The paper, or a comparison.
    manifest
        The datasets.
    source
        Its file, for the error.

    Raises
    ------
    InputError
        If there are fewer samples than are asked for, or than workers: its key and what would be right.
    """
    for stage in ("experiments", "timings"):
        for name, experiment in paper[stage].items():
            dataset = paper["edition"]["datasets"][experiment["dataset"]]
            splits = manifest[dataset]["splits"]
            for variant, settings in experiment["variants"].items():
                where = f"{source}: {stage}.{name}.variants.{variant}"
                for split, taken in settings["samples"].items():
                    held = splits[split]["samples"]
                    if taken is not None and taken > held:
                        raise InputError(
                            f"{where}.samples.{split}: takes {taken} samples, and {dataset} has {held}; "
                            "take no more, or null for all"
                        )
                there = settings["samples"]["train"] or splits["train"]["samples"]
                most = max(settings["workers"])
                if most > there:
                    raise InputError(
                        f"{where}.workers: {most} workers have {there} training samples between them; "
                        "each needs at least one"
                    )
