"""Prose with numbers of runs: what an expression finds, how it is written, and what it says if it finds none."""

from __future__ import annotations

from typing import Any

import pytest

from records.errors import InputError
from reports.bundle.prose import filled
from reports.bundle.run_numbers import RunNumbers
from reports.tables.tidy import EPOCHS, TIMINGS, table, write_table
from reports.verdicts import claims, findings

PAPER = "carver"
RYZEN = "ryzen"

# Accuracies after the last epoch, by variant, number of workers and seed.
ACCURACIES = {
    ("race", 1): {2: 0.62, 1: 0.5, 3: 0.78},
    ("race", 12): {1: 0.7, 2: 0.72, 3: 0.98},
    ("lock", 12): {1: 0.6, 2: 0.7, 3: 0.8},
    ("few", 12): {1: 0.6},
    ("half", 1): {1: 0.9565},
}


def run(variant: str, workers: int, seed: int, epoch: int, **other: Any) -> dict[str, Any]:
    row = {"paper": PAPER, "experiment": "table1", "variant": variant, "workers": workers}
    measured = {"metric": "test_accuracy", "unit": "fraction", "seed": seed, "epoch": epoch}
    return {**row, **measured} | other


def timing(workers: int, value: float, **other: Any) -> dict[str, Any]:
    row = {"paper": PAPER, "experiment": "fig1", "variant": "race", "workers": workers}
    measured = {"metric": "seconds", "unit": "s", "source": "measured", "hardware": "host"}
    return {**row, **measured, "value": value} | other


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    runs = [
        run(variant, workers, seed, epoch, value=value)
        for (variant, workers), accuracies in ACCURACIES.items()
        for seed, last in accuracies.items()
        for epoch, value in ((0, 0.1), (1, 0.9), (2, last))
    ]
    runs += [run("gone", 1, seed=1, epoch=1, value=None, status="diverged")]
    runs += [run("lock", 12, seed=1, epoch=2, metric="updates", unit=None, value=512)]
    runs += [run("lock", 12, seed=1, epoch=2, metric="train_accuracy", value=0.99)]
    timings = [timing(2, value) for value in (4.0, 1.0, 2.0)]
    modelled = {"source": "modelled", "hardware": RYZEN}
    timings += [timing(2, 8.0, **modelled), timing(12, 3.0, **modelled)]
    claimed = [
        {"id": "CV-C01", "reading": "race", "ours": -0.02, "unit": "difference of fractions"},
        {"id": "CV-C01", "reading": "lock", "ours": 0.25, "unit": "fraction"},
        {"id": "CV-C02", "reading": None, "ours": 42.2, "unit": "epochs"},
        {"id": "CV-C03", "reading": None, "ours": None, "unit": None},
    ]
    number = {"id": "CV-F01", "number": "the same", "ours": 2.5, "unit": "×"}
    folder = tmp_path_factory.mktemp("tables")
    for name, rows, columns in (
        ("epochs", runs, EPOCHS),
        ("timings", timings, TIMINGS),
        ("claims", claimed, claims.COLUMNS),
        ("findings", [number, number], findings.COLUMNS),
    ):
        write_table(table(rows, columns), folder / PAPER / f"{name}.csv")
    return RunNumbers(folder, [PAPER]).functions()


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('test("carver/table1/race", 12)', "80.0"),
        ('test("carver/table1/race", workers=12) | decimals(2)', "80.00"),
        ('test("carver/table1/race", 1) | decimals(0)', "63"),
        ('test("carver/table1/race", 1) | each', "50.0, 62.0 and 78.0"),
        ('test("carver/table1/race", 1) | each(" or ", 0)', "50, 62 or 78"),
        ('test("carver/table1/race", 1) | span', "50.0 to 78.0"),
        ('test("carver/table1/race", 1).min()', "50.0"),
        ('test("carver/table1/race", 1, seed=2)', "62.0"),
        ('test("carver/table1/race", 1, epoch=0)', "10.0"),
        ('test("carver/table1/race", 12) - test("carver/table1/lock", 12)', "10.0"),
        (
            '(test("carver/table1/race", 12) - test("carver/table1/lock")) | each(", ", 0)',
            "10, 2, 18",
        ),
        ('test("carver/table1/few") | each', "60.0"),
        ('test("carver/table1/half")', "95.7"),
        ('train("carver/table1/lock")', "99.0"),
        ('runs("carver/table1/lock", "updates")', "512.0"),
        ('(512 / runs("carver/table1/lock", "updates")) | decimals(2)', "1.00"),
        ('peak("carver/table1/race", "test_accuracy", 12) | each', "90.0, 90.0 and 98.0"),
        ('last_epoch("carver/table1/race", "test_accuracy", 75, 12) | each', "1.0, 1.0 and 2.0"),
        ('seconds("carver/fig1/race")', "2.0"),
        ('seconds("carver/fig1/race", 12, "ryzen")', "3.0"),
        ('ours("CV-C01", "race")', "-2.0"),
        ('ours("CV-C01", "lock")', "25.0"),
        ('ours("CV-C02") | decimals(0)', "42"),
    ],
)
def test_an_expression_is_a_number_of_the_tables(
    functions: dict[str, Any], expression: str, text: str
) -> None:
    assert filled(f"so {{{{ {expression} }}}} %", "page.md.j2", functions) == f"so {text} %"


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ('test("carvr/table1/race", 1)', "no study 'carvr'; did you mean 'carver'?"),
        ('test("carver/table1/rase", 1)', "did you mean 'table1/race'?"),
        ('test("carver/fig1/race", 2)', "carver has no 'fig1/race' in epochs.csv"),
        ('train("carver/table1/race", 1)', "no metric 'train_accuracy'"),
        ('test("carver/table1/race", 3)', "no workers 3; valid values: 1, 12"),
        ('test("carver/table1/race")', "several values of workers: 1, 12"),
        ('test("carver/table1/race", 1, epoch=3)', "no epoch 3"),
        ('test("carver/table1/race", 1, seed=4)', "no seed 4"),
        ('test("carver/table1/gone", 1)', "a run diverged"),
        (
            'test("carver/table1/race", 12) - test("carver/table1/few")',
            "numbers of different seeds are combined",
        ),
        ('last_epoch("carver/table1/race", "test_accuracy", 95, 12)', "a number is missing"),
        ('seconds("carver/fig1/race", machine="ryzen")', "several values of workers: 2, 12"),
        ('seconds("carver/fig1/race", 12)', "no workers 12"),
        ('ours("CV-C04")', "no id 'CV-C04'"),
        ('ours("CV-C01")', "several values of number: race, lock"),
        ('ours("CV-C03")', "a number is missing"),
        ('ours("CV-F01", "the same")', "several numbers of that name"),
        ('tset("carver/table1/race", 1)', "'tset' is undefined"),
        ("race", "'race' is undefined"),
        ('test("carver/table1/race", threads=1)', "unexpected keyword argument 'threads'"),
        ('test("carver/table1/race", 1', "unexpected"),
        ('test("carver/table1/race", 1) | percent', "No filter named 'percent'"),
        ("[]", "not 'list'"),
    ],
)
def test_an_expression_that_finds_no_single_number_is_named(
    functions: dict[str, Any], expression: str, fault: str
) -> None:
    with pytest.raises(InputError) as raised:
        filled(f"first\n{{{{ {expression} }}}} %", "page.md.j2", functions)
    assert str(raised.value).startswith(f"page.md.j2: {{{{ {expression} }}}}: ")
    assert fault in str(raised.value)
