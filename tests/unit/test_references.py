"""Names in a study that lead nowhere, each told by its key."""

import copy
from pathlib import Path
from typing import Any, get_args

import pytest
from tiny_study import PAPER, Change, at, load, refused

from records.check import Measure, Test
from reports.verdicts.measures import MEASURES
from workflow.schemas import schema


def variant(**changes: Any) -> dict[str, Any]:
    return {"title": "one", "strategy": "spmd", **changes}


STUDY: dict[str, Any] = {
    **PAPER,
    "primary": {"method": {"title": "Main", "variants": ["one"], "why": "It is the text's."}},
    "experiments": {
        "fig1": {
            "title": "One",
            "dataset": "mnist",
            "variants": {
                "one": variant(workers=[1, 2]),
                "many": variant(workers=[2, 10]),
            },
        },
        "aside": {"title": "Two", "dataset": "mnist", "variants": {"apart": variant()}},
    },
    "timings": {
        "fig2": {"title": "Three", "dataset": "mnist", "variants": {"one": variant(workers=[1, 2])}}
    },
    "exhibits": {
        "fig1": {
            "label": "Fig. 1",
            "title": "One",
            "chart": "accuracy_by_epoch",
            "experiment": "fig1",
            "metrics": ["loss"],
            "x": "epoch",
            "beside": ["aside"],
            "published": [{"where": "Section 1", "variant": "many", "value": 1}],
        },
        "bars": {
            "label": "Fig. 2",
            "title": "Two",
            "chart": "profile",
            "property": "softmax",
            "metrics": ["seconds"],
            "facts": [{"fact": "seconds", "part": "all", "bar": "all"}],
        },
    },
    "claims": [
        {
            "id": "TY-C01",
            "kind": "accuracy",
            "strength": "quantitative",
            "where": "Section 1",
            "statement": "It learns.",
            "exhibit": "fig1",
            "readings": ["one", "many"],
            "checks": [
                {
                    "name": "rise",
                    "expect": {"above": 0},
                    "test": {
                        "measure": "rise",
                        "of": {
                            "experiment": "fig1",
                            "metric": "loss",
                            "variant": "reading",
                            "workers": 2,
                        },
                        "minus": {"variant": "one", "workers": 1},
                    },
                },
                {
                    "name": "classes",
                    "expect": {"equal": 10},
                    "test": {"dataset": "fashion-mnist", "fact": "classes"},
                },
            ],
            "trend": [
                {
                    "name": "ratio",
                    "expect": {"above": 0},
                    "test": {
                        "ratio": [
                            {
                                "measure": "value",
                                "of": {"experiment": "fig2", "metric": "seconds"},
                                "at": "cores",
                            },
                            {
                                "measure": "minimum",
                                "of": {
                                    "experiment": "fig1",
                                    "metric": "loss",
                                    "workers": 2,
                                    "across": "variants",
                                },
                            },
                        ]
                    },
                }
            ],
        }
    ],
    "cross_checks": [
        {
            "id": "TY-X01",
            "kind": "tension",
            "statement": "Hm.",
            "claims": ["TY-C01"],
            "exhibits": ["fig1"],
        }
    ],
    "findings": [
        {
            "id": "TY-F01",
            "question": "Why?",
            "answer": "So.",
            "claims": ["TY-C01"],
            "exhibits": ["fig1"],
            "numbers": [
                {
                    "name": "classes",
                    "expect": {"equal": 10},
                    "test": {"dataset": "fashion-mnist", "fact": "classes"},
                }
            ],
        }
    ],
}

EXHIBIT = at("exhibits", "fig1")
CLAIM = at("claims", 0)
CHECK = at("claims", 0, "checks", 0, "test")
RATIO = at("claims", 0, "trend", 0, "test", "ratio")

NOWHERE: dict[str, tuple[Change, set[str]]] = {
    "kind of exhibit": (
        lambda p: EXHIBIT(p).update(chart="acuracy_by_epoch"),
        {"exhibits.fig1.chart"},
    ),
    "key of another kind": (
        lambda p: EXHIBIT(p).update(steps=["do"], timing="fig2"),
        {"exhibits.fig1.steps", "exhibits.fig1.timing"},
    ),
    "experiment of an exhibit": (
        lambda p: EXHIBIT(p).update(experiment="fig11"),
        {"exhibits.fig1.experiment"},
    ),
    "two names of an exhibit": (
        lambda p: EXHIBIT(p).update(variants=["won"], beside=["asides"]),
        {"exhibits.fig1.variants[0]", "exhibits.fig1.beside[0]"},
    ),
    "property of an exhibit": (
        lambda p: p["exhibits"]["bars"].update(property="softmacks"),
        {"exhibits.bars.property"},
    ),
    "id of a claim": (
        lambda p: [CLAIM(p).update(id="TX-C01"), p.pop("cross_checks"), p.pop("findings")],
        {"claims.TX-C01.id"},
    ),
    "exhibit of a claim": (lambda p: CLAIM(p).update(exhibit="fig7"), {"claims.TY-C01.exhibit"}),
    "reading": (
        lambda p: CLAIM(p).update(readings=["manny"]),
        {"claims.TY-C01.readings", "claims.TY-C01.checks[0].test.of.variant"},
    ),
    "a reading that decides and is not primary": (
        lambda p: CLAIM(p).update(readings=["many", "one"]),
        {"claims.TY-C01.readings"},
    ),
    "no readings": (
        lambda p: CLAIM(p).pop("readings"),
        {"claims.TY-C01.checks[0].test.of.variant"},
    ),
    "experiment of a test": (
        lambda p: CHECK(p)["of"].update(experiment="fig3"),
        {
            "claims.TY-C01.checks[0].test.of.experiment",
            "claims.TY-C01.checks[0].test.minus.experiment",
        },
    ),
    "other variant of a test": (
        lambda p: CHECK(p)["minus"].update(variant="three"),
        {"claims.TY-C01.checks[0].test.minus.variant"},
    ),
    "which variant": (
        lambda p: CHECK(p)["of"].pop("variant"),
        {"claims.TY-C01.checks[0].test.of.variant"},
    ),
    "how many workers": (
        lambda p: CHECK(p)["of"].pop("workers"),
        {"claims.TY-C01.checks[0].test.of.workers"},
    ),
    "a timing's metric of an experiment": (
        lambda p: [CHECK(p)["of"].update(metric="speedup"), CHECK(p).pop("minus")],
        {"claims.TY-C01.checks[0].test.of.metric"},
    ),
    "a metric that nothing has": (
        lambda p: CHECK(p)["of"].update(metric="los"),
        {"claims.TY-C01.checks[0].test.of.metric", "claims.TY-C01.checks[0].test.minus.metric"},
    ),
    "cores of an experiment": (
        lambda p: CHECK(p).update({"from": "cores"}),
        {"claims.TY-C01.checks[0].test.from"},
    ),
    "dataset of a test": (
        lambda p: CLAIM(p)["checks"][1]["test"].update(dataset="minst"),
        {"claims.TY-C01.checks[1].test.dataset"},
    ),
    "an experiment's metric of a timing": (
        lambda p: RATIO(p)[0]["of"].update(experiment="fig1"),
        {"claims.TY-C01.trend[0].test.ratio[0].of.metric"},
    ),
    "finding": (
        lambda p: [
            p["findings"][0].update(exhibits=["fig7"]),
            p["findings"][0]["numbers"][0]["test"].update(dataset="minst"),
        ],
        {"findings.TY-F01.exhibits", "findings.TY-F01.numbers[0].test.dataset"},
    ),
    "cross-check": (
        lambda p: p["cross_checks"][0].update(claims=["TY-C02"], exhibits=["fig9"]),
        {"cross_checks.TY-X01.claims", "cross_checks.TY-X01.exhibits"},
    ),
    "an id twice": (lambda p: p["claims"].append(copy.deepcopy(CLAIM(p))), {"claims"}),
    "an opinion with checks": (
        lambda p: CLAIM(p).update(strength="opinion"),
        {"claims[0].checks"},
    ),
    "a claim without checks": (
        lambda p: [CLAIM(p).pop("checks"), CLAIM(p).pop("trend")],
        {"claims[0]"},
    ),
    "a measure without its point": (
        lambda p: CHECK(p).update(measure="value"),
        {"claims[0].checks[0].test.at"},
    ),
    "two expectations": (
        lambda p: CLAIM(p)["checks"][0].update(expect={"above": 1, "below": 2}),
        {"claims[0].checks[0].expect"},
    ),
}


def test_names_that_lead_somewhere_pass(tmp_path: Path) -> None:
    assert load(tmp_path, base=STUDY).claims[0].id == "TY-C01"


@pytest.mark.parametrize("name", NOWHERE)
def test_a_name_that_leads_nowhere_is_told_by_its_key(tmp_path: Path, name: str) -> None:
    change, keys = NOWHERE[name]
    assert refused(tmp_path, change, STUDY) == keys


def test_configuration_and_reports_agree_on_the_measures() -> None:
    assert set(get_args(Measure)) == MEASURES.keys()
    needed = {}
    for rule in schema(Test)["allOf"]:
        for name in rule["if"]["properties"]["measure"]["enum"]:
            needed[name] = tuple(rule["then"]["required"])
    assert needed == {name: m.arguments for name, m in MEASURES.items() if m.arguments}
