"""Every name in a paper's exhibits, claims and cross-checks leads somewhere, or is told with the nearest."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from records.errors import InputError
from reports.exhibits.registry import KINDS
from reports.tables.metrics import TIMING_METRICS
from reports.verdicts.curves import READING
from reports.verdicts.measures import MEASURES
from workflow import references
from workflow.configuration import schema
from workflow.references import AXES, check_references

TRAINING = {"training": {"batch_size": 50}}
VARIANTS = {"one": {"workers": [1], **TRAINING}, "many": {"workers": [2, 10], **TRAINING}}
PAPER: dict[str, Any] = {
    "key": "TY",
    "edition": {"datasets": {"mnist": "digits", "fashion-mnist": "digits"}},
    "experiments": {
        "fig1": {"dataset": "mnist", "variants": VARIANTS},
        "aside": {"dataset": "mnist", "variants": {"apart": {"workers": [1]}}},
    },
    "timings": {"fig2": {"dataset": "mnist", "variants": {"once": {"workers": [1, 2]}}}},
    "exhibits": {
        "design": {"chart": "diagram", "experiment": "fig1", "variant": "many"},
        "images": {"chart": "gallery", "dataset": "fashion-mnist"},
        "bars": {"chart": "profile", "property": "softmax", "metrics": ["seconds"], "facts": []},
        "sizes": {"chart": "settings", "settings": [{"setting": "training.batch_size"}]},
        "fig1": {
            "chart": "accuracy_by_epoch",
            "x": "epoch",
            "experiment": "fig1",
            "beside": ["aside"],
            "variants": ["one", "many", "apart"],
            "metrics": ["test_accuracy", "confidence"],
            "in_every_panel": ["one"],
            "published": [{"variant": "many", "metric": "loss"}],
        },
    },
    "claims": [
        {
            "id": "TY-C01",
            "exhibit": "fig1",
            "readings": ["many"],
            "checks": [
                {
                    "test": {
                        "measure": "mean",
                        "of": {
                            "experiment": "fig1",
                            "metric": "loss",
                            "variant": "reading",
                            "workers": 2,
                        },
                        "minus": {"variant": "one", "workers": 1},
                    }
                },
                {"test": {"dataset": "fashion-mnist", "fact": "classes"}},
            ],
            "trend": [
                {
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
                    }
                }
            ],
        }
    ],
    "cross_checks": [{"id": "TY-X01", "claims": ["TY-C01"], "exhibits": ["fig1"]}],
    "findings": [
        {
            "id": "TY-F01",
            "claims": ["TY-C01"],
            "exhibits": ["fig1"],
            "numbers": [{"test": {"dataset": "fashion-mnist", "fact": "classes"}}],
        }
    ],
}


def exhibit(paper: Any) -> Any:
    return paper["exhibits"]["fig1"]


def claim(paper: Any) -> Any:
    return paper["claims"][0]


def check(paper: Any) -> Any:
    return claim(paper)["checks"][0]["test"]


def ratio(paper: Any) -> Any:
    return claim(paper)["trend"][0]["test"]["ratio"]


def test_names_that_lead_somewhere_pass() -> None:
    check_references(PAPER)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda p: exhibit(p).update(experiment="fig11"),
            "exhibits.fig1.experiment: there is no 'fig11'; did you mean 'fig1'?",
        ),
        (
            lambda p: exhibit(p).update(x="workers"),
            "exhibits.fig1.x: must be 'epoch' in a chart 'accuracy_by_epoch', not 'workers'",
        ),
        (
            lambda p: exhibit(p).update(variants=["won"]),
            "exhibits.fig1.variants: there is no 'won'; did you mean 'one'?",
        ),
        (
            lambda p: exhibit(p).update(beside=["asides"]),
            "exhibits.fig1.beside: there is no 'asides'; did you mean 'aside'?",
        ),
        (
            lambda p: p["experiments"].update(aside=p["experiments"]["fig1"]),
            "exhibits.fig1.beside: 'aside' has a variant 'one' as another experiment has",
        ),
        (
            lambda p: p["exhibits"]["design"].update(experiment="fig2"),
            "exhibits.design.experiment: there is no 'fig2'; did you mean",
        ),
        (
            lambda p: p["exhibits"]["design"].update(variant="money"),
            "exhibits.design.variant: there is no 'money'; did you mean",
        ),
        (
            lambda p: p["exhibits"]["design"].update(strategy="neurons"),
            "exhibits.design.strategy: there is no 'neurons'; did you mean 'neuron'?",
        ),
        (
            lambda p: p["exhibits"]["images"].update(dataset="mist"),
            "exhibits.images.dataset: there is no 'mist'; did you mean 'mnist'?",
        ),
        (
            lambda p: p["exhibits"]["bars"].update(property="softmacks"),
            "exhibits.bars.property: there is no 'softmacks'; did you mean 'softmax'?",
        ),
        (
            lambda p: p["exhibits"]["sizes"]["settings"][0].update(setting="training.batch"),
            "exhibits.sizes.settings.0.setting: there is no 'batch'; did you mean 'batch_size'?",
        ),
        (
            lambda p: exhibit(p).update(metrics=["seconds"], published=[]),
            "exhibits.fig1.metric: 'seconds' is measured of timings, which 'fig1' is none of",
        ),
        (
            lambda p: exhibit(p).update(metrics=["loss", "speedup"]),
            "exhibits.fig1.metrics: 'speedup' is measured of timings and 'loss' of experiments",
        ),
        (
            lambda p: exhibit(p).update(in_every_panel=["on"]),
            "exhibits.fig1.in_every_panel: there is no 'on'; did you mean 'one'?",
        ),
        (
            lambda p: exhibit(p)["published"][0].update(variant="mny"),
            "exhibits.fig1.published.0.variant: there is no 'mny'; did you mean 'many'?",
        ),
        (
            lambda p: claim(p).update(id="TX-C01"),
            "claims.TX-C01.id: must begin with the paper's key, 'TY'",
        ),
        (
            lambda p: claim(p).update(exhibit="fig7"),
            "claims.TY-C01.exhibit: there is no 'fig7'; did you mean 'fig1'?",
        ),
        (
            lambda p: claim(p).update(readings=["manny"]),
            "claims.TY-C01.readings: there is no 'manny'; did you mean 'many'?",
        ),
        (
            lambda p: claim(p).update(readings=["once"]),
            "claims.TY-C01.checks.0.test.of.variant: there is no 'once'; did you mean 'one'?",
        ),
        (
            lambda p: claim(p).pop("readings"),
            "checks.0.test.of.variant: 'reading' needs the key 'readings' in its claim",
        ),
        (
            lambda p: check(p)["of"].update(experiment="fig3"),
            "claims.TY-C01.checks.0.test.of.experiment: there is no 'fig3'; did you mean",
        ),
        (
            lambda p: check(p)["minus"].update(variant="three"),
            "claims.TY-C01.checks.0.test.minus.variant: there is no 'three'",
        ),
        (
            lambda p: check(p)["of"].pop("variant"),
            "checks.0.test.of.variant: is missing; it must be one of one, many",
        ),
        (
            lambda p: check(p)["of"].pop("workers"),
            "checks.0.test.of.workers: is missing; it must be one of 2, 10",
        ),
        (
            lambda p: check(p)["of"].update(metric="speedup"),
            "checks.0.test.of.metric: 'speedup' is measured of timings",
        ),
        (
            lambda p: check(p).update({"from": "cores"}),
            "checks.0.test.from: 'cores' is a point of timings alone",
        ),
        (
            lambda p: claim(p)["checks"][1]["test"].update(dataset="minst"),
            "claims.TY-C01.checks.1.test.dataset: there is no 'minst'; did you mean 'mnist'?",
        ),
        (
            lambda p: ratio(p)[0]["of"].update(experiment="fig1"),
            "claims.TY-C01.trend.0.test.ratio.0.of.metric: 'seconds' is measured of timings",
        ),
        (
            lambda p: p["findings"][0].update(exhibits=["fig7"]),
            "findings.TY-F01.exhibits: there is no 'fig7'; did you mean 'fig1'?",
        ),
        (
            lambda p: p["findings"][0]["numbers"][0]["test"].update(dataset="minst"),
            "findings.TY-F01.numbers.0.test.dataset: there is no 'minst'; did you mean 'mnist'?",
        ),
        (
            lambda p: p["cross_checks"][0].update(claims=["TY-C02"]),
            "cross_checks.TY-X01.claims: there is no 'TY-C02'; did you mean 'TY-C01'?",
        ),
        (
            lambda p: p["cross_checks"][0].update(exhibits=["fig9"]),
            "cross_checks.TY-X01.exhibits: there is no 'fig9'; did you mean 'fig1'?",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_told(change: Callable[[Any], object], message: str) -> None:
    paper = copy.deepcopy(PAPER)
    change(paper)
    with pytest.raises(InputError) as error:
        check_references(paper)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_configuration_and_reports_agree_on_their_words() -> None:
    definitions = schema("paper")["$defs"]
    charts = definitions["exhibit"]["properties"]["chart"]["enum"]
    unmeasured = {name for name, kind in KINDS.entries.items() if not kind.shows_runs}
    assert set(charts) == KINDS.entries.keys()
    for rule in definitions["exhibit"]["allOf"]:
        chart = rule["if"]["properties"]["chart"]
        assert set(chart.get("enum", [chart.get("const")])) <= set(charts)
    drawn = definitions["exhibit"]["allOf"][0]["if"]["properties"]["chart"]["enum"]
    assert set(drawn) == unmeasured
    assert set(AXES) == KINDS.entries.keys() - unmeasured - {"profile"}
    assert TIMING_METRICS.keys() == references.TIMING_METRICS
    assert references.READING == READING


def test_a_measure_needs_its_arguments() -> None:
    needed = {}
    for rule in schema("paper")["$defs"]["test"]["allOf"]:
        measure = rule["if"]["properties"]["measure"]
        for name in measure.get("enum", [measure.get("const")]):
            needed[name] = tuple(rule["then"]["required"])
    assert needed == {name: m.arguments for name, m in MEASURES.items() if m.arguments}


def _together(**changes: Any) -> dict[str, Any]:
    """Return a paper with an exhibit of runs and a timing together."""
    settings = {"strategy": "spmd", "options": {}, "network": {"hidden": [8]}, "samples": {}}
    run = {**settings, "workers": [1], "training": {"batch_size": 1, "epochs": 8}}
    timed = {**settings, "workers": [1], "training": {"batch_size": 1, "epochs": 1}, **changes}
    exhibit = {"chart": "accuracy_lost", "x": "speedup", "metrics": ["test_accuracy"]}
    return {
        **{key: PAPER[key] for key in ("key", "edition")},
        "experiments": {"fig1": {"dataset": "mnist", "variants": {"one": run}}},
        "timings": {"fig2": {"dataset": "mnist", "variants": {"one": timed}}},
        "exhibits": {"lost": {**exhibit, "experiment": "fig1", "timing": "fig2", "against": "one"}},
        **dict.fromkeys(("claims", "cross_checks", "findings"), ()),
    }


def test_a_timing_may_have_fewer_epochs_than_the_runs() -> None:
    check_references(_together())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network": {"hidden": [9]}}, "differs in network between timings.fig2 and experiments"),
        ({"samples": {"train": 100}}, "differs in samples between"),
        ({"training": {"batch_size": 2, "epochs": 8}}, "'one' differs in training between"),
    ],
)
def test_epochs_that_are_timed_are_those_of_the_runs(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=rf"^exhibits\.lost\.timing: .*{message}"):
        check_references(_together(**changes))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"against": "on"}, "exhibits.lost.against: there is no 'on'; did you mean 'one'?"),
        ({"timing": "fig3"}, "exhibits.lost.timing: there is no 'fig3'; did you mean 'fig2'?"),
        ({"x": "workers"}, "exhibits.lost.x: must be 'speedup' in a chart 'accuracy_lost'"),
    ],
)
def test_names_in_an_exhibit_of_both_lead_somewhere(change: dict[str, str], message: str) -> None:
    paper = _together()
    paper["exhibits"]["lost"] |= change
    with pytest.raises(InputError, match=message.replace(".", r"\.").replace("?", r"\?")):
        check_references(paper)


def test_a_variant_that_was_not_timed_is_named() -> None:
    paper = _together()
    paper["experiments"]["fig1"]["variants"]["two"] = {"workers": [1]}
    with pytest.raises(InputError, match=r"^exhibits\.lost\.timing: there is no 'two'"):
        check_references(paper)
