"""Searches by successive halving: what is kept of a grid, and what a comparison takes from it."""

from pathlib import Path
from typing import Any

import pytest

from records.convert import convert
from records.errors import InputError
from records.search import Chosen
from records.variants import RunVariant
from workflow.resolution import resolved as resolve
from workflow.search import choose, load_chosen, survivors, write_chosen

WRITTEN = {
    "mean": {
        "title": "mean",
        "strategy": "spmd",
        "grid": {"training.learning_rate": [0.1, 0.2], "options.every": [1, {"updates": 5}]},
    }
}
REST = {"train": 100, "tested_on": "rest"}
EXPERIMENT = {
    "title": "all",
    "dataset": "digits",
    "seeds": [1, 2],
    "samples": REST,
    "variants": WRITTEN,
}


def resolved(experiment: dict[str, Any], edition: str, chosen: Chosen) -> dict[str, Any]:
    return resolve(experiment, edition, "search", chosen)


def run(**changes: Any) -> dict[str, RunVariant]:
    """Return the variants that are run."""
    made = resolved({**EXPERIMENT, **changes}, "search", {})["variants"]
    return {name: convert(each, RunVariant, name) for name, each in made.items()}


def table(path: Path, accuracies: dict[str, list[float | None]]) -> Path:
    """Write what a study's table has of its runs: two epochs, the first of which was better."""
    lines = ["experiment,variant,seed,epoch,metric,value,status"]
    for variant, found in accuracies.items():
        for seed, value in enumerate(found, start=1):
            status = "diverged" if value is None else "completed"
            lines.append(f"short,{variant},{seed},1,test_accuracy,0.99,{status}")
            if value is not None:
                lines.append(f"short,{variant},{seed},2,test_accuracy,{value},{status}")
                lines.append(f"short,{variant},{seed},2,loss,7.0,{status}")
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def chosen(tmp_path: Path) -> Chosen:
    accuracies = {
        "mean-1": [0.8, 0.9],
        "mean-2": [0.9, 0.96],
        "mean-3": [0.99, None],
        "mean-4": [0.7, 0.95],
    }
    epochs = table(tmp_path / "epochs.csv", {**accuracies, "other-1": [1.0]})
    return {"search": {"short": choose(WRITTEN, run(), epochs, "short", keep=2)}}


def test_the_best_means_after_the_last_epoch_are_kept(chosen: Chosen) -> None:
    outcome = chosen["search"]["short"]["mean"]
    assert outcome.tried == 4
    assert [kept.variant for kept in outcome.kept] == ["mean-2", "mean-1"]
    assert [kept.accuracy for kept in outcome.kept] == [0.93, 0.85]
    assert outcome.kept[0].values == {
        "training.learning_rate": 0.1,
        "options.every": {"updates": 5},
    }
    assert outcome.accuracies["mean-3"] == (0.99, None)


def test_what_was_chosen_is_a_file(chosen: Chosen, tmp_path: Path) -> None:
    assert load_chosen(tmp_path) == {}
    write_chosen(tmp_path, chosen)
    assert load_chosen(tmp_path) == chosen


def test_survivors_alone_are_run_again(chosen: Chosen) -> None:
    again = resolved({**EXPERIMENT, "survivors": "short"}, "search", chosen)
    assert set(again["variants"]) == survivors(chosen, "search", "short") == {"mean-1", "mean-2"}
    assert "survivors" not in again["variants"]["mean-1"]
    assert resolved({**EXPERIMENT, "survivors": "short"}, "search", {})["variants"] == {}
    assert len(resolved(EXPERIMENT, "search", {})["variants"]) == 4


def test_a_comparison_takes_the_best(chosen: Chosen) -> None:
    variant = {
        "title": "mean, tuned",
        "strategy": "spmd",
        "training": {"epochs": 3},
        "chosen": {"search": "search", "experiment": "short", "variant": "mean"},
    }
    made = resolved({**EXPERIMENT, "variants": {"tuned": variant}}, "paper", chosen)
    tuned = made["variants"]["tuned"]
    assert tuned["training"] == {"epochs": 3, "learning_rate": 0.1}
    assert tuned["options"] == {"every": {"updates": 5}}
    assert tuned["title"] == "mean, tuned"
    assert "chosen" not in tuned


def test_a_comparison_takes_only_what_it_names(chosen: Chosen) -> None:
    choice = {
        "search": "search",
        "experiment": "short",
        "variant": "mean",
        "only": ["options.every"],
    }
    variant = {"title": "", "strategy": "spmd", "training": {"epochs": 3}, "chosen": choice}
    made = resolved({**EXPERIMENT, "variants": {"tuned": variant}}, "paper", chosen)
    tuned = made["variants"]["tuned"]
    assert tuned["options"] == {"every": {"updates": 5}}
    assert "learning_rate" not in tuned["training"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"variant": "meen"}, "'meen'.*mean"),
        ({"only": ["options.evry"]}, "'options.evry'.*options.every"),
    ],
)
def test_what_was_not_searched_is_named(chosen: Chosen, changes: dict[str, Any], told: str) -> None:
    choice = {"search": "search", "experiment": "short", "variant": "mean", **changes}
    variant = {"title": "", "strategy": "spmd", "chosen": choice}
    with pytest.raises(InputError, match=rf"chosen\.yaml.*{told}"):
        resolved({**EXPERIMENT, "variants": {"tuned": variant}}, "paper", chosen)


def test_a_missing_run_is_named(tmp_path: Path) -> None:
    complete = {f"mean-{number}": [0.5, 0.5] for number in range(1, 5)}
    epochs = table(tmp_path / "epochs.csv", {**complete, "mean-3": [0.5]})
    with pytest.raises(InputError, match=r"no run of 'mean-3' with seed 2"):
        choose(WRITTEN, run(), epochs, "short", keep=2)
    with pytest.raises(InputError, match=r"nothing.csv: not there; run the search"):
        choose(WRITTEN, run(), tmp_path / "nothing.csv", "short", keep=2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"samples": {"train": 100}}, r"mean-1\.samples\.tested_on: .* not .* on test samples"),
        ({"workers": [1, 2]}, r"mean-1\.workers: .* one number of workers"),
    ],
)
def test_what_could_not_be_chosen_fairly_is_refused(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        choose(WRITTEN, run(**changes), tmp_path / "epochs.csv", "short", keep=2)


def test_a_variant_without_a_grid_is_run_in_all_rounds(chosen: Chosen, tmp_path: Path) -> None:
    alone = {"title": "alone", "strategy": "sequential"}
    both = {**EXPERIMENT, "variants": {**WRITTEN, "alone": alone}, "survivors": "short"}
    assert set(resolved(both, "search", chosen)["variants"]) == {"mean-1", "mean-2", "alone"}
    complete = {f"mean-{number}": [0.5, 0.5] for number in range(1, 5)}
    epochs = table(tmp_path / "epochs.csv", complete)
    variants = {**WRITTEN, "alone": alone}
    assert set(choose(variants, run(variants=variants), epochs, "short", keep=2)) == {"mean"}
