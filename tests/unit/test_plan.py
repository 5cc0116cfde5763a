"""From studies to files that are named by what they are made of."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert, structs
from tiny_study import EDITIONS, MANIFEST, load

from pnncore import code
from records.profile import Fact, Profile
from records.settings import Scale
from workflow import uses
from workflow.batch import Batch
from workflow.documents import read_yaml
from workflow.edition import load as load_edition
from workflow.plan import Plan, make_plan

OLD = convert(
    {
        "id": "old",
        "title": "Old",
        "paper": "tiny",
        "facts": {
            "cores": {"value": 8, "source": "x"},
            "threads_per_core": {"value": 1, "source": "x"},
            "max_clock_ghz": {"value": 2.0, "source": "x"},
        },
        "assumed": {},
    },
    Profile,
)


def planned(
    folder: Path,
    change: Callable[[Any], object] = lambda paper: None,
    edition: str = "sample",
    machines: dict[str, Profile] | None = None,
    manifest: Any = MANIFEST,
) -> Plan:
    paper = load(folder, change, edition)
    machines = {"old": OLD} if machines is None else machines
    return make_plan(EDITIONS[edition], {"tiny": paper}, manifest, machines)


def names(batches: list[Batch]) -> list[str]:
    """Return paths with a star for each digest."""
    return [re.sub(r"[0-9a-f]{12}", "*", batch.path) for batch in batches]


def test_a_batch_for_each_variant(tmp_path: Path) -> None:
    study = planned(tmp_path, edition="paper").studies["tiny"]
    assert names(study.runs) == [
        f"results/paper/runs/tiny/fig1/{variant}/*.json" for variant in ("plain", "wide")
    ]
    _, wide = study.runs
    assert (wide.spec.workers, wide.spec.seeds) == ((2, 4), (1, 2))


@pytest.mark.parametrize(("given", "every"), [(3, 3), (7, 7), (50, 7)])
def test_tests_at_the_end_alone_are_one_specification(
    tmp_path: Path, given: int, every: int
) -> None:
    def change(paper: Any) -> None:
        paper["experiments"]["fig1"]["evaluate_every"] = given

    runs = planned(tmp_path, change).studies["tiny"].runs
    assert {run.spec.evaluate_every for run in runs} == {every}


def test_a_specification_is_complete_and_names_the_real_dataset(tmp_path: Path) -> None:
    spec = planned(tmp_path).studies["tiny"].runs[-1].spec
    assert spec.dataset == "digits"
    assert spec.data == MANIFEST["digits"].content
    assert spec.options["merge"] == "once"
    assert spec.evaluate_children is False


def test_a_batch_for_each_repeat_of_a_timing(tmp_path: Path) -> None:
    def more(paper: Any) -> None:
        paper["timings"]["fig2"].update(hardware=["host", "old"])

    study = planned(tmp_path, more).studies["tiny"]
    assert list(study.repeats) == [1, 2, 3, 4, 5]
    assert names(study.repeats[2]) == ["results/sample/timings/tiny/fig2/plain/repeat2-*.json"]
    assert study.repeats[2][0].spec.hardware == {"host": None, "old": 8}


def set_rate(paper: Any) -> None:
    paper["experiments"]["fig1"]["variants"]["plain"]["training"] = {"learning_rate": 0.7}


def paths(found: Plan) -> list[str]:
    return [batch.path for batch in found.studies["tiny"].runs]


def test_loops_of_repeated_updates_are_compiled_where_they_are_used(tmp_path: Path) -> None:
    def repeat(paper: Any) -> None:
        training = {"repeats": 3, "batch_size": 1}
        paper["experiments"]["fig1"]["variants"]["plain"]["training"] = training

    usual, more = planned(tmp_path).compiled, planned(tmp_path, repeat).compiled
    (added,) = more.keys() - usual.keys()
    assert re.fullmatch(r"resources/compiled/repeats-[0-9a-f]{12}\.txt", added)
    assert more.pop(added) == ["sequential", "--loops", "repeats"]
    assert more == usual


def test_a_setting_renames_what_it_changes_alone(tmp_path: Path) -> None:
    before, after = paths(planned(tmp_path)), paths(planned(tmp_path, set_rate))
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)


def test_words_mirrors_and_machines_rename_no_run(tmp_path: Path) -> None:
    def reword(paper: Any) -> None:
        paper["experiments"]["fig1"]["title"] = "Other words"

    manifest = {**MANIFEST, "digits": structs.replace(MANIFEST["digits"], title="Other")}
    before = paths(planned(tmp_path))
    assert paths(planned(tmp_path, reword, machines={}, manifest=manifest)) == before


def test_data_and_code_rename_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = paths(planned(tmp_path))
    digits = structs.replace(MANIFEST["digits"], classes=11)
    assert not set(before) & set(paths(planned(tmp_path, manifest={**MANIFEST, "digits": digits})))
    monkeypatch.setattr(code, "digest", lambda *modules: {"code": {"x": "y"}, "software": {}})
    assert not set(before) & set(paths(planned(tmp_path)))


def test_a_machine_s_clock_renames_predictions_and_no_timing(tmp_path: Path) -> None:
    facts = structs.replace(OLD.facts, max_clock_ghz=Fact(3.0, "x"))
    slow = planned(tmp_path).studies["tiny"]
    fast = planned(tmp_path, machines={"old": structs.replace(OLD, facts=facts)}).studies["tiny"]
    assert slow.timings == fast.timings
    assert slow.predictions.path != fast.predictions.path


def test_calibrations_of_each_timed_variant_and_of_the_host_are_repeated(tmp_path: Path) -> None:
    plan = planned(tmp_path)
    ((name, batches),) = plan.studies["tiny"].calibrations.items()
    assert name == "fig2/plain"
    folder = "results/sample/calibrations"
    assert names(batches) == [f"{folder}/tiny/fig2/plain/repeat{n}-*.json" for n in (1, 2, 3)]
    assert names(plan.host) == [f"{folder}/host/repeat{n}-*.json" for n in (1, 2, 3)]
    assert [batch.spec.repeat for batch in batches] == [1, 2, 3]
    # A sequential network has one worker at most.
    assert batches[0].spec.workers == (1,)
    assert batches[0].spec.published is None


def test_predictions_are_for_every_machine_and_a_paper_s_own_program_on_its_own(
    tmp_path: Path,
) -> None:
    scale = {"samples": 60_000, "epochs": 1}

    def fit(paper: Any) -> None:
        paper["model"] = {
            "timing": "fig2",
            "variant": "plain",
            "merges": "one",
            "one_worker": [{"hardware": "old", "seconds": 3, "where": "Table I"}],
            "scale": scale,
            "parameters": ["loaded"],
            "points": [{"hardware": "old", "workers": 2, "speedup": 2, "where": "Table I"}],
            "note": "One point.",
        }

    machines = {"old": OLD, "foreign": structs.replace(OLD, id="foreign", paper="other")}
    study = planned(tmp_path, fit, machines=machines).studies["tiny"]
    assert study.predictions.spec.machines.keys() == {"old", "foreign"}
    assert study.predictions.spec.model.machines == ("old",)
    assert study.predictions.spec.model.path == study.model.path
    (repeats,) = study.calibrations.values()
    assert repeats[0].spec.published == Scale(**scale)
    assert study.model.spec.calibration == tuple(each.path for each in repeats)
    assert planned(tmp_path).studies["tiny"].predictions.spec.model is None


def test_documents_follow_what_they_hold(tmp_path: Path) -> None:
    def claim(paper: Any) -> None:
        paper["method"] = "Another."

    before, after = planned(tmp_path), planned(tmp_path, claim)
    one, other = (each.studies["tiny"].documents for each in (before, after))
    assert one["judged"].path != other["judged"].path
    assert one["records"].path == other["records"].path
    assert one["records"].content["runs"] == paths(before)
    assert set(before.documents) == {each.path for each in one.values()}


def test_datasets_are_those_used(tmp_path: Path) -> None:
    assert uses.datasets(load(tmp_path)) == ["digits"]
    assert uses.datasets(load(tmp_path, edition="paper")) == ["mnist"]
    fact = {"dataset": "fashion-mnist", "fact": "classes"}
    test = {"difference": [fact, {**fact, "dataset": "mnist"}]}
    check = {"name": "classes", "test": test, "expect": {"equal": 0}}
    about = {"id": "TY-C01", "kind": "accuracy", "strength": "qualitative", "where": "Section 1"}
    claims = [{**about, "statement": "They have as many.", "checks": [check]}]
    paper = load(tmp_path, lambda paper: paper.update(claims=claims), edition="paper")
    assert uses.datasets(paper) == ["fashion-mnist", "mnist"]


def test_exhibits_ask_for_datasets_images_and_properties(tmp_path: Path) -> None:
    shown = {"label": "Section 2", "title": "What is there"}
    fact = {"fact": "softmax", "part": "all", "bar": "all"}
    exhibits = {
        "images": {**shown, "chart": "gallery", "dataset": "fashion-mnist"},
        "bars": {**shown, "chart": "profile", "property": "softmax", "metrics": ["seconds"]}
        | {"facts": [fact]},
    }
    paper = load(tmp_path, lambda paper: paper.update(exhibits=exhibits), edition="paper")
    assert uses.galleries(paper) == ["fashion-mnist"]
    assert uses.datasets(paper) == ["fashion-mnist", "mnist"]
    assert uses.properties(paper) == ["softmax"]
    assert uses.galleries(load(tmp_path)) == []


def test_the_order_of_datasets_changes_no_file() -> None:
    """Commands are told the edition as JSON, whose keys are sorted."""
    root = Path(__file__).parents[2]
    given = read_yaml(root / "config/paper.yaml")
    names = [*given["datasets"].items()]
    plans = [
        load_edition({**given, "datasets": dict(order)}, "paper", root).plan
        for order in (sorted(names), sorted(names, reverse=True))
    ]
    assert plans[0].batches.keys() == plans[1].batches.keys()
    assert plans[0].documents.keys() == plans[1].documents.keys()
