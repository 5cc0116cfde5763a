"""Why something would be made, in plain words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pnncore.made_of import name
from records.kinds.collection import Collection
from records.record import write_record
from workflow.batch import Batch, Document
from workflow.plan import Plan
from workflow.study_plan import StudyPlan
from workflow.why import explain

Json = dict[str, Any]

MADE: Json = {
    "spec": {"training": {"epochs": 3, "learning_rate": 0.1}, "data": {"classes": 10}},
    "code": {"pnncore.run": "a", "pnncore.network.sgd": "b"},
    "software": {"numba": "1.0"},
}
STUDY: Json = {"id": "tiny", "experiments": {"fig1": {"seeds": [1]}}, "claims": [{"id": "TY-C01"}]}


def batch(made: Json, variant: str = "plain") -> Batch:
    return Batch(f"results/e/runs/tiny/fig1/{variant}/{name(made)}.json", None, made)


def document(content: Json) -> Document:
    return Document(f"results/e/config/tiny-{name(content)}.json", content)


def plan(*batches: Batch, judged: Json = STUDY) -> Plan:
    study = StudyPlan(list(batches), {}, {}, None, None, [], [], {}, {"judged": document(judged)})
    host = Batch(f"results/e/calibrations/host/repeat1-{'0' * 12}.json", None, {"spec": {}})
    return Plan("e", {"tiny": study}, [host], {}, {}, {}, {})


def made(root: Path, *batches: Batch, judged: Json = STUDY) -> None:
    """Write what a run before has made."""
    for each in (*batches, *plan().host):
        collection = Collection(of="run", made_of=each.made, stored=(), members=(), costs=())
        write_record(root / each.path, collection)
    path = root / document(judged).path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(judged))


def told(root: Path, planned: Plan) -> list[str]:
    return "\n".join(explain(planned, root)).splitlines()


def test_nothing_to_make_is_said(tmp_path: Path) -> None:
    made(tmp_path, batch(MADE))
    (line,) = told(tmp_path, plan(batch(MADE)))
    assert line.startswith("Nothing would be")


def test_what_was_edited_is_said(tmp_path: Path) -> None:
    made(tmp_path, batch(MADE))
    (tmp_path / batch(MADE).path).write_text("{}")
    (tmp_path / document(STUDY).path).write_text("{}")
    first, where, second, place = told(tmp_path, plan(batch(MADE)))
    assert first.startswith("1 file: ")
    assert where.strip() == batch(MADE).path
    assert second.startswith("1 file: ")
    assert place.strip() == document(STUDY).path


def test_changed_code_is_named_by_its_modules(tmp_path: Path) -> None:
    made(tmp_path, batch(MADE))
    now = {**MADE, "code": {"pnncore.run": "a", "pnncore.network.sgd": "c", "pnncore.new": "d"}}
    why, place = told(tmp_path, plan(batch(now)))
    assert "pnncore.network.sgd, pnncore.new" in why
    assert "pnncore.run" not in why
    assert place.strip() == "results/e/runs/tiny/fig1/plain"


def test_changed_settings_and_software_are_told_from_and_to(tmp_path: Path) -> None:
    made(tmp_path, batch(MADE))
    spec = {"training": {"epochs": 4}, "data": {"classes": 11}, "seeds": [1]}
    now = {**MADE, "spec": spec, "software": {"numba": "1.1"}}
    assert told(tmp_path, plan(batch(now)))[0] == (
        '1 file: other software, numba from "1.0" to "1.1" and other settings, data.classes, seeds added, [1], '
        "training.epochs from 3 to 4, training.learning_rate removed"
    )


def test_the_earlier_result_that_differs_least_tells_what_was_changed(tmp_path: Path) -> None:
    older = {**MADE, "spec": {"other": 1}, "code": {"x": "y"}}
    made(tmp_path, batch(MADE), batch(older))
    now = {**MADE, "software": {"numba": "1.1"}}
    why, _ = told(tmp_path, plan(batch(now)))
    assert "numba" in why
    assert "pnncore.run" not in why


def test_files_are_counted_by_reason(tmp_path: Path) -> None:
    made(tmp_path)
    variants = [batch(MADE, f"v{number}") for number in range(5)]
    assert told(tmp_path, plan(*variants)) == [
        "5 files: no result yet",
        "    results/e/runs/tiny/fig1/v0; results/e/runs/tiny/fig1/v1; results/e/runs/tiny/fig1/v2; and 2 more",
    ]


def test_changed_parts_of_a_configuration_are_named(tmp_path: Path) -> None:
    made(tmp_path, judged=STUDY)
    now = {**STUDY, "claims": [{"id": "TY-C01", "statement": "new"}], "name": "Tiny"}
    why, place = told(tmp_path, plan(judged=now))
    assert "claims.TY-C01, name" in why
    assert "experiments" not in why
    assert place.strip() == "results/e/config/tiny"
