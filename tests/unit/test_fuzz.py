"""Input of every kind with mistakes of every kind: it is read, or refused in one sentence, and never a crash.

In short here; ``pytest -m long tests/unit/test_fuzz.py`` tries 10,000 cases of each.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import test_bundle
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import to_builtins
from mutations import mutated, spoilt
from records_factory import (
    calibration_record,
    dataset_record,
    model_point,
    model_record,
    prediction_record,
    property_record,
    run_record,
    timing_record,
)
from synthetic_site import gallery_record
from test_references import STUDY
from tiny_study import EDITIONS, FILES, MANIFEST, ROOT

from pnncore.data.formats import idx
from records.errors import InputError
from records.kinds.collection import Collection
from records.record import sealed
from reports.bundle.archive import read_bundle
from reports.exhibits.gallery import read_albums
from reports.tables.calibrations import read_calibrations
from reports.tables.collections import Found
from reports.tables.facts import read_facts
from reports.tables.models import read_models
from reports.tables.predictions import read_predictions
from reports.tables.properties import read_properties
from reports.tables.record_list import read_list
from reports.tables.repeats import read_timings
from reports.tables.runs import read_runs
from workflow.configuration import load_edition, load_study
from workflow.documents import read_yaml
from workflow.machines import load_machines
from workflow.manifest import load_manifest

SHORT, LONG = 150, 10_000

PAPER = STUDY
EDITION = read_yaml(ROOT / "config/config.yaml")
DATASETS = read_yaml(ROOT / "config/datasets.yaml")
MACHINE = read_yaml(ROOT / "config/hardware/banana-pi-m3.yaml")
HEADER = b"\0\0\x08\x03\0\0\0\x02\0\0\0\x03\0\0\0\x04"
IMAGES = HEADER + bytes(range(24))

Read = Callable[[Path], object]


def read_or_refuse(content: str | bytes, name: str, read: Read) -> None:
    """Read a file of some content; every line of a refusal names the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(
            content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        )
        try:
            read(path)
        except InputError as error:
            for message in str(error).splitlines():
                assert path.name in message or folder in message, message


def as_yaml(document: Any) -> str:
    return yaml.dump(document, allow_unicode=True, sort_keys=False)


def as_record(document: Any) -> str:
    """Seal what may be a record, so that the mistakes in it are found and not only that there are some."""
    return json.dumps(sealed(document) if isinstance(document, dict) else document)


def collection(kind: str, *members: Any) -> dict[str, Any]:
    return to_builtins(Collection(of=kind, made_of={}, stored=(), members=members, costs=()))


def in_collection(kind: str) -> Callable[..., str]:
    return lambda *members: as_record(collection(kind, *members))


def reading(read: Callable[[list[Path]], Found[Any]]) -> Read:
    """Return a reader of one file that raises what would be told as a failure."""

    def alone(path: Path) -> None:
        for about, why in read([path]).failures.items():
            # What could not be made says why in its own words.
            if path.name in why or about == path.as_posix():
                raise InputError(why)

    return alone


REPEAT = timing_record([1.0])[0]
LIST: dict[str, Any] = {
    "study": "paper",
    "metrics": {"loss": {"label": "loss", "unit": "", "summary": "Loss."}},
    **{kind: ["a.json"] for kind in ("runs", "timings", "calibrations", "predictions", "models")},
    "properties": ["b.json"],
    "datasets": ["c/dataset.json"],
    "host": ["d.json"],
}
RECORDS: dict[str, tuple[Any, Read]] = {
    "run": (run_record(), reading(read_runs)),
    "repeat": (REPEAT, reading(read_timings)),
    "prediction": (prediction_record({1: 8.0, 4: 3.0}), reading(read_predictions)),
    "model": (model_record(model_point(4, 2.0, 2.1)), reading(read_models)),
    "calibration": (calibration_record(), reading(read_calibrations)),
    "property": (
        property_record("softmax", shifted={"failures": 0.0}),
        reading(read_properties),
    ),
    "gallery": (gallery_record(), reading(read_albums)),
}
"""By kind: a record, and what reads collections of it."""

KINDS: dict[str, tuple[st.SearchStrategy[Any], str, Read]] = {
    "paper": (
        mutated(PAPER).map(as_yaml),
        "tiny.yaml",
        lambda path: load_study(path, EDITIONS["sample"], MANIFEST, FILES),
    ),
    "paper's text": (
        spoilt(as_yaml(PAPER).encode()),
        "tiny.yaml",
        lambda path: load_study(path, EDITIONS["paper"], MANIFEST, FILES),
    ),
    "edition": (
        mutated(EDITION).map(as_yaml),
        "config.yaml",
        lambda path: load_edition(read_yaml(path), str(path), MANIFEST, ()),
    ),
    "manifest": (mutated(DATASETS).map(as_yaml), "datasets.yaml", load_manifest),
    "machine": (
        mutated(MACHINE).map(as_yaml),
        "banana-pi-m3.yaml",
        lambda path: load_machines(path.parent),
    ),
    **{
        kind: (mutated(record).map(in_collection(kind)), f"{kind}.json", read)
        for kind, (record, read) in RECORDS.items()
    },
    "collection": (
        mutated(collection("run", run_record())).map(as_record),
        "runs.json",
        reading(read_runs),
    ),
    "collection's text": (
        spoilt(as_record(collection("run", run_record())).encode()),
        "runs.json",
        reading(read_runs),
    ),
    "repeats": (
        st.lists(mutated(REPEAT), max_size=3).map(lambda all_: in_collection("repeat")(*all_)),
        "repeats.json",
        reading(read_timings),
    ),
    "facts": (
        mutated(dataset_record("digits")).map(as_record),
        "dataset.json",
        reading(read_facts),
    ),
    "list": (mutated(LIST).map(json.dumps), "records.json", read_list),
    "images": (spoilt(IMAGES), "file", lambda path: idx.parse(path.read_bytes(), 3, path.name)),
}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a bundle."""
    folder = tmp_path_factory.mktemp("bundle")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        test_bundle.write_results(test_bundle.RESULTS)
        return test_bundle.pack(test_bundle.RESULTS).read_bytes()


def _try(cases: int, kind: str) -> None:
    drawn, name, read = KINDS[kind]

    @settings(max_examples=cases, deadline=None, suppress_health_check=list(HealthCheck))
    @given(drawn)
    def check(content: str | bytes) -> None:
        read_or_refuse(content, name, read)

    check()


def _try_bundles(cases: int, packed: bytes) -> None:
    @settings(max_examples=cases, deadline=None, suppress_health_check=list(HealthCheck))
    @given(spoilt(packed))
    def check(content: bytes) -> None:
        read_or_refuse(content, "bundle.zip", read_bundle)

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_any_mistake_is_told_in_a_sentence(kind: str) -> None:
    _try(SHORT, kind)


def test_any_spoilt_bundle_is_refused_in_a_sentence(packed: bytes) -> None:
    _try_bundles(SHORT, packed)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_mistakes_are_told_in_a_sentence(kind: str) -> None:
    _try(LONG, kind)


@pytest.mark.long
def test_ten_thousand_spoilt_bundles_are_refused_in_a_sentence(packed: bytes) -> None:
    _try_bundles(LONG, packed)
