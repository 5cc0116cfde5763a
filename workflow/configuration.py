"""Configuration files: read, checked against their schemas, completed with defaults."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend

from pnncore.network.network import Architecture
from pnncore.network.sgd import Training
from pnncore.strategies.registry import named
from records.errors import InputError, nearest
from workflow.documents import read_yaml
from workflow.references import check_references

PIXELS = 28 * 28
"""Of every dataset's images."""

SCHEMAS = Path(__file__).parent / "schemas"

COMPARISONS = "comparisons"
"""The key of an edition, and the folder of the files, that are comparisons."""

END = r"\Z"
"""What patterns end with: a dollar sign would let a line break pass."""

WORDS: Mapping[str, str] = {
    **{
        rf"^[a-z][a-z0-9{extra}]{{0,63}}{END}": (
            f"a lower-case letter and then up to 63 such letters, digits and {what}"
        )
        for extra, what in (("-", "hyphens"), ("_", "underscores"))
    },
    rf"^[A-Z]{{2}}{END}": "two capital letters, such as OT",
    **{
        rf"^[A-Z]{{2}}-{kind}[0-9]{{2,3}}{END}": (
            f"the paper's key, -{kind} and two or three digits, such as OT-{kind}01"
        )
        for kind in "CFX"
    },
    rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,99}}{END}": (
        "a letter or digit and then up to 99 letters, digits, points, underscores and hyphens"
    ),
    rf"^[0-9a-f]{{64}}{END}": "64 hexadecimal digits in lower case",
    rf"^https://.+/{END}": "an address that begins with https:// and ends with a slash",
    "^https?://": "an address that begins with https:// or http://",
}
"""What the patterns in the schemas want."""

NUMERAL = re.compile(
    r"(?P<whole>[-+]?[0-9]+)(?P<part>\.[0-9]*)?(?:[eE](?P<sign>[-+]?)(?P<power>[0-9]{1,3}))?"
)
"""A number as people write it; to YAML, one with an exponent is a number only with a point and a sign."""

TAKEN = frozenset(
    {
        *("assets", "data", "hardware", "index", "provenance"),
        *("all", "bundle", "prepared", "publish"),
        *("prepare_dataset", "train_variant", "calibrate_host", "calibrate_variant"),
        *("fit_model", "predict_timings", "examine_property", "resolve_paper"),
        *("resolve_exhibits", "list_records", "tabulate_epochs", "tabulate_timings"),
        *("tabulate_models", "draw_exhibits", "draw_figures", "judge_claims", "join_tables"),
        *("pick_gallery", "record_provenance", "publish_site", "check_complete"),
        *("pack_bundle", "publish_web"),
    }
)
"""Names of pages and folders of the site, of targets, and of rules: no paper or comparison can have them."""

NUMBERED = "time_repeat_"
"""What the names of rules begin with that are numbered."""

OWN = ("name", "key")
"""What each paper or comparison of an edition must have for itself."""

JUDGED = ("claims", "cross_checks", "findings")
"""Keys of a paper whose entries are judged by runs and make none."""

UNCLAIMED: Mapping[str, Any] = {"confidence": "top", **dict.fromkeys(JUDGED, ())}
"""What a paper has, and a comparison goes without."""

WIDEST = 2**63
"""What whole numbers are smaller than."""

LONGEST = 80
"""Characters of a value that an error shows."""

Json = dict[str, Any]


def _is_integer(checker: TypeChecker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < WIDEST


def _is_number(checker: TypeChecker, value: object) -> bool:
    return math.isfinite(value) if isinstance(value, float) else _is_integer(checker, value)


Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_number}
    ),
)
"""Of JSON Schema, but its integers are 64 bits wide and written without a point, and its numbers are finite."""


@cache
def schema(name: str) -> Json:
    """Return the schema ``workflow/schemas/<name>.schema.yaml``."""
    found: Json = yaml.safe_load((SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8"))
    # What an experiment, a timing and an exhibit are is said once, in the schema of papers.
    return found if name == "paper" else {"$defs": schema("paper")["$defs"], **found}


def check(content: Any, name: str, source: str) -> Json:
    """Check content against a schema and return a copy with the defaults filled in.

    Parameters
    ----------
    content
        What was read.
    name
        Name of the schema.
    source
        The file it was read from, for the error.

    Raises
    ------
    InputError
        If the content does not follow the schema.
    """
    rules = schema(name)
    error = best_match(Validator(rules).iter_errors(content))
    if error is not None:
        raise InputError(f"{source}: {_explain(error)}")
    completed: Json = deepcopy(content)
    _fill(completed, rules, rules)
    return completed


def load_edition(content: Any, source: str, manifest: Mapping[str, Any]) -> Json:
    """Check an edition.

    Parameters
    ----------
    content
        The edition's configuration as it was read.
    source
        The file it came from, for errors.
    manifest
        The datasets there are, by name.
    """
    edition = check(content, "edition", source)
    for named_by_papers, used in edition["datasets"].items():
        if used not in manifest:
            raise InputError(
                f"{source}: datasets.{named_by_papers}: there is no dataset {used!r}; {nearest(used, manifest)}"
            )
    for kind in ("papers", COMPARISONS):
        for name in edition[kind]:
            if name in TAKEN or name.startswith(NUMBERED):
                raise InputError(
                    f"{source}: {kind}: the name {name!r} is taken by a page, a target or a rule; "
                    "give the file, its id and this entry another"
                )
    for name in edition[COMPARISONS]:
        if name in edition["papers"]:
            raise InputError(
                f"{source}: comparisons: {name!r} is the name of a paper, too; results need one each"
            )
    return edition


def study_files(edition: Mapping[str, Any], folder: Path) -> dict[str, Path]:
    """Return the file of each paper and comparison of an edition, by id.

    Parameters
    ----------
    edition
        The edition, checked.
    folder
        The folder of the configuration.
    """
    return {
        name: folder / part / f"{name}.yaml"
        for part in ("papers", COMPARISONS)
        for name in edition[part]
    }


def load_studies(files: Mapping[str, Path], edition: Mapping[str, Any]) -> dict[str, Json]:
    """Read all papers and comparisons of an edition, and resolve them for it.

    Parameters
    ----------
    files
        The file of each, by id: see `study_files`.
    edition
        The edition, checked.

    Raises
    ------
    InputError
        As `load_paper`, or if two of them have the same name or key.
    """
    studies = {name: load_study(path, edition) for name, path in files.items()}
    for key in OWN:
        _refuse_shared(key, studies, files)
    return studies


def load_study(path: Path, edition: Mapping[str, Any]) -> Json:
    """Read a paper's file or, in a folder of that name, a comparison's, and resolve it for an edition."""
    load = load_comparison if path.parent.name == COMPARISONS else load_paper
    return load(path, edition)


def load_paper(path: Path, edition: Mapping[str, Any]) -> Json:
    """Read a paper's file and resolve it for an edition.

    Every variant comes out complete: the experiment's settings, under the edition's, under the variant's own, over the
    schema's defaults.

    Parameters
    ----------
    path
        config/papers/<id>.yaml.
    edition
        The edition, checked.

    Returns
    -------
    dict
        The paper's configuration with a further key ``edition``.

    Raises
    ------
    InputError
        If the file does not follow its schema, or a name in it leads nowhere.
    """
    return _load(path, edition, "paper")


def load_comparison(path: Path, edition: Mapping[str, Any]) -> Json:
    """Read a comparison's file and resolve it for an edition, as a paper that claims nothing.

    Parameters
    ----------
    path
        config/comparisons/<id>.yaml.
    edition
        The edition, checked.

    Raises
    ------
    InputError
        As `load_paper`.
    """
    return _load(path, edition, "comparison")


def _load(path: Path, edition: Mapping[str, Any], kind: str) -> Json:
    content = read_yaml(path)
    paper = {**UNCLAIMED, **check(content, kind, str(path))}
    if paper["id"] != path.stem:
        raise InputError(
            f"{path}: id: must be the file's own name, {path.stem!r}, not {paper['id']!r}"
        )
    paper["edition"] = {
        "name": edition["edition"],
        "title": edition["title"],
        "notice": edition["notice"],
        "datasets": edition["datasets"],
    }
    # Defaults come last, under what the experiment, the edition and the variant say: so from the file as written.
    for stage in ("experiments", "timings"):
        paper[stage] = {
            name: _resolve(experiment, stage[:-1], edition, f"{path}: {stage}.{name}")
            for name, experiment in deepcopy(content.get(stage, {})).items()
        }
    for part in JUDGED:
        _refuse_doubles([entry["id"] for entry in paper[part]], f"{path}: {part}")
    try:
        check_references(paper)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    _leave_out(paper, content, path)
    return paper


def unjudged(study: Mapping[str, Any]) -> Json:
    """Return a resolved paper or comparison without what is only judged: its claims and findings."""
    return {**study, **{key: [] for key in JUDGED}}


def load_manifest(path: Path) -> Json:
    """Read and check the manifest of datasets."""
    manifest = check(read_yaml(path), "datasets", str(path))
    for name, entry in manifest.items():
        labels, classes = len(entry.get("labels", ())), entry["classes"]
        if labels not in (0, classes):
            raise InputError(
                f"{path}: {name}.labels: there are {labels} for {classes} classes; give one for each, or none"
            )
    return manifest


def _resolve(experiment: Json, kind: str, edition: Mapping[str, Any], where: str) -> Json:
    """Complete an experiment or a timing and each of its variants."""
    rules = schema("paper")
    overrides = experiment.pop("editions", {}).get(edition["edition"], {})
    # One that the edition leaves out is resolved all the same, since names may lead to it.
    settings = _merge(experiment, overrides or {})
    if settings["dataset"] not in edition["datasets"]:
        raise InputError(
            f"{where}.dataset: edition {edition['edition']!r} names no dataset for {settings['dataset']!r}; "
            f"{nearest(settings['dataset'], edition['datasets'])}"
        )
    shared = {
        key: value for key, value in settings.items() if key not in ("title", "dataset", "variants")
    }
    definitions = rules["$defs"]
    properties = {**definitions["variant"]["properties"], **definitions[kind]["properties"]}
    properties.pop("editions")
    variants: Json = {}
    for name, variant in settings["variants"].items():
        complete = _merge(shared, variant)
        _fill(complete, {"properties": properties}, rules)
        variants[name] = _check_variant(complete, f"{where}.variants.{name}")
    return {"title": settings["title"], "dataset": settings["dataset"], "variants": variants}


def _leave_out(paper: Json, content: Mapping[str, Any], path: Path) -> None:
    """Take out the experiments and timings that the edition leaves out, and list the exhibits that show them."""
    name = paper["edition"]["name"]
    for stage in ("experiments", "timings"):
        for experiment, settings in content.get(stage, {}).items():
            if settings.get("editions", {}).get(name) is False:
                del paper[stage][experiment]
    modelled = paper.get("model", {}).get("timing")
    if modelled is not None and modelled not in paper["timings"]:
        raise InputError(
            f"{path}: timings.{modelled}.editions.{name}: cannot be false, since the paper's model rests on this timing"
        )
    there = {None, *paper["experiments"], *paper["timings"]}
    left_out = [
        exhibit
        for exhibit, settings in paper["exhibits"].items()
        if not there.issuperset({settings.get("experiment"), settings.get("timing")})
    ]
    paper["left_out"] = {exhibit: paper["exhibits"].pop(exhibit) for exhibit in left_out}


def _check_variant(variant: Json, where: str) -> Json:
    """Check what the schema cannot; return the variant with its strategy's options completed."""
    try:
        strategy = named(variant["strategy"])
        options = strategy.complete(variant.get("options", {}))
        for workers in variant["workers"]:
            strategy.check_workers(workers)
        # How many classes there are is the dataset's; whether the rest fits together does not depend on it.
        architecture = Architecture.from_spec(variant["network"], inputs=PIXELS, outputs=1)
        training = Training.from_spec(variant["training"])
        training.check()
        strategy.check(architecture, training)
    except InputError as error:
        raise InputError(f"{where}.{error}") from error
    return {**variant, "options": options}


def _refuse_shared(
    key: str, studies: Mapping[str, Mapping[str, Any]], files: Mapping[str, Path]
) -> None:
    """Refuse two papers or comparisons that have the same value of a key."""
    holders: dict[str, str] = {}
    for study, content in studies.items():
        if key in content:
            holder = holders.setdefault(content[key], study)
            if holder != study:
                raise InputError(
                    f"{files[study]}: {key}: {shown(content[key])} is that of {files[holder]}, too; give it another"
                )


def _refuse_doubles(ids: list[str], where: str) -> None:
    for position, name in enumerate(ids):
        if name in ids[:position]:
            raise InputError(f"{where}: the id {name!r} is given twice; each must be its own")


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> Json:
    """Return `base` with the values of `over`; objects are merged key by key, everything else is replaced."""
    merged = deepcopy(dict(base))
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merge(merged[key], value) if both else deepcopy(value)
    return merged


def _dereference(rules: Mapping[str, Any], root: Mapping[str, Any]) -> Json:
    """Follow a local ``$ref``; what stands beside it wins."""
    rules = dict(rules)
    while "$ref" in rules:
        target: Any = root
        for part in rules.pop("$ref").removeprefix("#/").split("/"):
            target = target[part]
        rules = {**target, **rules}
    return rules


def _fill(value: Any, rules: Mapping[str, Any], root: Mapping[str, Any]) -> None:
    """Fill in the defaults of a schema, at every depth, in place."""
    rules = _dereference(rules, root)
    if isinstance(value, dict):
        properties = rules.get("properties", {})
        for key, inner in properties.items():
            resolved = _dereference(inner, root)
            if key not in value and "default" in resolved:
                value[key] = deepcopy(resolved["default"])
            if key in value:
                _fill(value[key], resolved, root)
        others = rules.get("additionalProperties")
        if isinstance(others, dict):
            for key in value.keys() - properties.keys():
                _fill(value[key], others, root)
    elif isinstance(value, list) and isinstance(rules.get("items"), dict):
        for item in value:
            _fill(item, rules["items"], root)


def _explain(error: ValidationError) -> str:
    """Turn a validation error into a sentence that names key, fault and remedy."""
    key = ".".join(str(part)[:LONGEST] for part in error.absolute_path) or "the file"
    rules: Any = error.schema
    wanted: Any = error.validator_value
    found: Any = error.instance
    match error.validator:
        case "additionalProperties":
            known = rules.get("properties", {})
            patterns = " or ".join(WORDS[pattern] for pattern in rules.get("patternProperties", ()))
            unknown = next(name for name in found if not _is_known(name, rules))
            remedy = (
                f"a name must be {patterns}" if patterns else nearest(str(unknown)[:LONGEST], known)
            )
            return f"{key}: unknown key {shown(unknown)}; {remedy}"
        case "required":
            missing = next(name for name in wanted if name not in found)
            return f"{key}: the key {missing!r} is missing{_meaning(rules.get('properties', {}).get(missing))}"
        case "enum":
            near = nearest(str(found)[:LONGEST], map(str, wanted))
            return f"{key}: {shown(found)} is not allowed; {near}"
        case "pattern":
            return f"{key}: {shown(found)} must be {WORDS[wanted]}{_meaning(rules)}"
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            told = "nothing" if found is None else shown(found)
            return f"{key}: {told} is not of type {' or '.join(kinds)}{_rewritten(found, kinds)}{_meaning(rules)}"
        case "maxLength":
            length = f"has {len(found):,} characters; at most {wanted:,} are allowed"
            return f"{key}: {shown(found)} {length}{_meaning(rules)}"
        case "not":
            return f"{key}: must not be given here{_meaning(rules)}"
        case "oneOf" if all("required" in choice for choice in wanted):
            choices = " or ".join(" with ".join(choice["required"]) for choice in wanted)
            return f"{key}: needs exactly one of the keys {choices}"
        case _:
            return f"{key}: {error.message.splitlines()[0][:200]}{_meaning(rules)}"


def shown(value: Any) -> str:
    """Return what a value looks like, or how it begins if it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _rewritten(found: Any, kinds: Iterable[str]) -> str:
    """Say how to write what was meant for a number, if it was."""
    whole = "integer" in kinds
    if not whole and "number" not in kinds:
        return ""
    if isinstance(found, float):
        return f"; write {int(found)}" if math.isfinite(found) and found.is_integer() else ""
    numeral = NUMERAL.fullmatch(found) if isinstance(found, str) else None
    if numeral is None:
        return ""
    value = float(found)
    if not math.isfinite(value) or (whole and not (value.is_integer() and abs(value) < WIDEST)):
        return ""
    if whole:
        return f", but text to YAML; write {int(value)}"
    right = numeral["whole"] + (numeral["part"] or "")
    if numeral["power"]:
        point = "" if numeral["part"] else ".0"
        right += f"{point}e{numeral['sign'] or '+'}{numeral['power']}"
    return f", but text to YAML; write {right} without quotes"


def _is_known(name: object, rules: Mapping[str, Any]) -> bool:
    patterns = rules.get("patternProperties", {})
    return name in rules.get("properties", {}) or any(
        re.search(pattern, str(name)) for pattern in patterns
    )


def _meaning(rules: Any) -> str:
    """Say in parentheses what a key is for, where its schema tells."""
    told = isinstance(rules, Mapping) and "description" in rules
    return f" ({rules['description']})" if told else ""
