"""Registrations say what claims were before there were results, and what was changed afterwards."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET, convert, structs

from records.errors import InputError
from records.registration import Earlier, Registration, Version
from reports.pages.registration import changed_verdicts
from workflow.configuration import COMPARISONS, PAPERS, find_study
from workflow.documents import read_yaml
from workflow.registration import FOLDER, digests, load_registration, register, write_registration

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
STUDIES = sorted(path for kind in (PAPERS, COMPARISONS) for path in (CONFIG / kind).glob("*.yaml"))
THEN = datetime(2026, 1, 1, tzinfo=UTC)
LATER = THEN + timedelta(days=1)


def content(**changes: Any) -> dict[str, Any]:
    check = {"name": "accuracy", "test": {"at": 1}, "expect": {"at_least": 0.9}}
    claim = {"id": "AB-C01", "kind": "accuracy", "statement": "It is right.", "checks": [check]}
    return {"claims": [claim | changes]}


def looser(limit: float) -> dict[str, Any]:
    return {"checks": [{"name": "accuracy", "test": {"at": 1}, "expect": {"at_least": limit}}]}


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_what_claims_findings_and_primary_readings_are_now_is_registered(path: Path) -> None:
    study = read_yaml(path)
    known = load_registration(CONFIG / FOLDER, path.stem, study)
    ids = [entry["id"] for kind in ("claims", "findings") for entry in study.get(kind, ())]
    ids += ["primary"] if "primary" in study else []
    assert [name for name in ids if name not in known or not known[name].in_force] == []


def test_papers_and_comparisons_are_found_by_their_ids() -> None:
    assert find_study("ott", CONFIG) == CONFIG / "papers" / "ott.yaml"
    assert find_study("strategies", CONFIG) == CONFIG / "comparisons" / "strategies.yaml"
    with pytest.raises(InputError, match=r"'strategie'.*'strategies'"):
        find_study("strategie", CONFIG)


def test_a_first_registration_has_no_revision(tmp_path: Path) -> None:
    assert register(tmp_path, "paper", content(), "First.", THEN) == ["AB-C01"]
    known = load_registration(tmp_path, "paper", content())["AB-C01"]
    assert (known.since, known.revisions, known.in_force) == (THEN, (), True)
    assert register(tmp_path, "paper", content(), "Again.", LATER) == []


def test_a_changed_tolerance_is_out_of_force_until_it_has_a_reason(tmp_path: Path) -> None:
    register(tmp_path, "paper", content(), "First.", THEN)
    changed = content(**looser(0.8))
    assert not load_registration(tmp_path, "paper", changed)["AB-C01"].in_force
    assert register(tmp_path, "paper", changed, "Too strict.", LATER) == ["AB-C01"]
    known = load_registration(tmp_path, "paper", changed)["AB-C01"]
    assert known.in_force
    assert [(each.changed, each.reason) for each in known.revisions] == [("test", "Too strict.")]


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"statement": "It is quite right."}, "words"),
        ({"no_trend": "It has no direction."}, "test"),
        ({"readings": ["one"]}, "test"),
        ({"editions": ["paper"]}, "test"),
    ],
)
def test_words_and_tests_are_told_apart(
    tmp_path: Path, changes: dict[str, Any], changed: str
) -> None:
    register(tmp_path, "paper", content(), "First.", THEN)
    register(tmp_path, "paper", content(**changes), "Changed.", LATER)
    known = load_registration(tmp_path, "paper", content(**changes))["AB-C01"]
    assert [each.changed for each in known.revisions] == [changed]


@pytest.mark.parametrize("key", ["kind", "exhibit", "where"])
def test_what_decides_nothing_is_no_change(tmp_path: Path, key: str) -> None:
    register(tmp_path, "paper", content(), "First.", THEN)
    assert load_registration(tmp_path, "paper", content(**{key: "x"}))["AB-C01"].in_force


def test_the_primary_readings_are_registered(tmp_path: Path) -> None:
    primary = {"text": {"title": "The text", "variants": ["one"], "why": "It says so."}}
    register(tmp_path, "paper", content() | {"primary": primary}, "First.", THEN)
    primary["text"]["variants"] = ["two"]
    found = load_registration(tmp_path, "paper", content() | {"primary": primary})
    assert (found["primary"].in_force, found["AB-C01"].in_force) == (False, True)


def seeded(seeds: list[int], **changes: Any) -> dict[str, Any]:
    """Return a study whose claim is tested on an experiment with these seeds."""
    test = {"of": {"experiment": "fig1"}, "at": 1}
    check = {"name": "accuracy", "test": test, "expect": {"at_least": 0.9}}
    others = {"fig2": {"title": "Other", "seeds": [1]}}
    experiment = {"title": "One", "seeds": seeds, "editions": {"sample": {"seeds": [1]}}, **changes}
    return content(checks=[check]) | {"experiments": {"fig1": experiment, **others}}


def test_other_seeds_are_another_test(tmp_path: Path) -> None:
    register(tmp_path, "paper", seeded([1, 2]), "First.", THEN)
    changed = seeded([1, 2, 3])
    assert not load_registration(tmp_path, "paper", changed)["AB-C01"].in_force
    assert register(tmp_path, "paper", changed, "Too few.", LATER) == ["AB-C01"]
    known = load_registration(tmp_path, "paper", changed)["AB-C01"]
    assert known.in_force
    assert [each.changed for each in known.revisions] == ["test"]


@pytest.mark.parametrize("changes", [{"title": "Two"}, {"editions": {"sample": {"seeds": [2]}}}])
def test_titles_and_the_sample_edition_are_no_settings(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    register(tmp_path, "paper", seeded([1, 2]), "First.", THEN)
    assert load_registration(tmp_path, "paper", seeded([1, 2], **changes))["AB-C01"].in_force


def test_settings_that_were_not_registered_are_noted_and_no_revision(tmp_path: Path) -> None:
    register(tmp_path, "paper", seeded([1, 2]), "First.", THEN)
    path = tmp_path / "paper.yaml"
    known = convert(read_yaml(path), Registration)
    (version,) = known.entries["AB-C01"]
    unknown = {"AB-C01": (structs.replace(version, settings=UNSET),)}
    write_registration(path, structs.replace(known, entries=unknown))
    assert load_registration(tmp_path, "paper", seeded([3]))["AB-C01"].in_force
    assert register(tmp_path, "paper", seeded([1, 2]), "Noted.", LATER) == []
    found = load_registration(tmp_path, "paper", seeded([1, 2]))["AB-C01"]
    assert (found.revisions, found.in_force) == ((), True)
    assert not load_registration(tmp_path, "paper", seeded([3]))["AB-C01"].in_force


def test_a_paper_without_a_registration_has_none(tmp_path: Path) -> None:
    assert load_registration(tmp_path, "paper", content()) == {}


def test_a_digest_that_looks_like_a_number_is_read_as_text(tmp_path: Path) -> None:
    version = Version(since=THEN, test="730401e12345", words="123456789012", reason="First.")
    path = tmp_path / "paper.yaml"
    write_registration(path, Registration(results=THEN, entries={"AB-C01": (version,)}))
    (read,) = read_yaml(path)["entries"]["AB-C01"]
    assert (read["test"], read["words"]) == (version.test, version.words)


def test_a_broken_registration_is_named(tmp_path: Path) -> None:
    (tmp_path / "paper.yaml").write_text("results: soon\nentries: {}\n")
    with pytest.raises(InputError, match=r"paper\.yaml.*results"):
        load_registration(tmp_path, "paper", content())


def test_digests_depend_on_content_and_not_on_order() -> None:
    assert digests({"a": 1, "b": [1, 2]}) == digests({"b": [1, 2], "a": 1})
    assert digests({"b": [1, 2]}) != digests({"b": [2, 1]})


def test_pages_count_what_an_earlier_rule_said_otherwise(tmp_path: Path) -> None:
    claims = [content(id=name)["claims"][0] for name in ("AB-C01", "AB-C02", "AB-C03")]
    paper = {"claims": claims}
    register(tmp_path, "paper", paper, "First.", THEN)
    path = tmp_path / "paper.yaml"
    verdicts = {"AB-C01": "reproduced", "AB-C02": "reproduced"}
    known = convert(read_yaml(path), Registration)
    earlier = Earlier(commit="0123abc", verdicts=verdicts)
    write_registration(path, structs.replace(known, earlier=earlier))
    found = load_registration(tmp_path, "paper", paper)
    assert [each.earlier for each in found.values()] == ["reproduced", "reproduced", ""]
    of_digits = load_registration(tmp_path, "paper", paper, "sample")
    assert [each.earlier for each in of_digits.values()] == ["", "", ""]
    now = {"AB-C01": "reproduced", "AB-C02": "undecided", "AB-C03": "undecided"}
    said = changed_verdicts(found, now)
    assert "judged 2 of them, 1 otherwise" in said
    assert "1 from reproduced to undecided" in said
    assert changed_verdicts(found, {"AB-C03": "undecided"}) == ""
