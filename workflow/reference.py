"""``python -m workflow reference``: JSON Schemas and tables of all configuration keys, made of their types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import starmap
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from pnncore.data.format import FORMATS, entry_type
from pnncore.metrics.registry import METRICS
from pnncore.strategies.registry import STRATEGIES
from records.ambiguity import AmbiguityEntry
from records.atomic import write_text
from records.authors import Accuracies, Authors, AuthorsFile, AuthorsRun, CampaignDifference, Spread
from records.check import Curve, Expectation, TestEntry
from records.citation import Citation
from records.claims import ClaimEntry, CrossCheck, Finding, TheirRuns
from records.description import Key, describe
from records.edition import Edition
from records.metric import Metric
from records.model import PaperModel
from records.optimisers import AnyOptimiser, Optimiser, Schedule
from records.overview import OverviewLine, PublishedGain
from records.primary import PrimaryReading
from records.profile import Assumed, Facts, Profile
from records.program import Program
from records.registration import Version
from records.samples import Samples
from records.settings import Convolution, Initialisation, Network, Training
from records.study import Comparison, Paper, WrittenStudy
from records.values import Name
from records.variants import Choice, RunSettings, TimingSettings, WrittenVariant
from reports.exhibits.contract import Kind
from reports.exhibits.keys import (
    ChartKeys,
    DrawingKeys,
    Exhibit,
    Given,
    PublishedPoint,
    TheirSeries,
)
from reports.exhibits.registry import KINDS
from reports.tables.metrics import TIMING_METRICS
from workflow.authors import FILE
from workflow.reference_run import FINDINGS, findings, lines, pictures
from workflow.schemas import DRAFT

Json = dict[str, Any]

README: Final = Path("config/README.md")
SCHEMAS: Final = Path("config/schemas")

BLOCK: Final = re.compile(r"(<!-- keys of (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""A part of the README that is generated."""

FRONT: Final = Path("README.md")
RUN: Final = re.compile(r"(<!-- reference run -->\n).*?(<!-- end -->)", re.DOTALL)
"""The part of the front README that is made of the reference run."""

ENTRIES: Final[dict[str, type[msgspec.Struct]]] = {
    "edition": Edition,
    "study": WrittenStudy,
    "paper": Paper,
    "comparison": Comparison,
    "citation": Citation,
    "program": Program,
    "ambiguity": AmbiguityEntry,
    "experiment": RunSettings,
    "timing": TimingSettings,
    "variant": WrittenVariant,
    "choice": Choice,
    "network": Network,
    "convolution": Convolution,
    "initialisation": Initialisation,
    "training": Training,
    "optimiser": Optimiser,
    "samples": Samples,
    "exhibit": Exhibit,
    "chart": ChartKeys,
    "drawing": DrawingKeys,
    "published-point": PublishedPoint,
    "given": Given,
    "overview-line": OverviewLine,
    "published-gain": PublishedGain,
    "primary": PrimaryReading,
    "version": Version,
    "model": PaperModel,
    "claim": ClaimEntry,
    "test": TestEntry,
    "curve": Curve,
    "expectation": Expectation,
    "cross-check": CrossCheck,
    "finding": Finding,
    "their-series": TheirSeries,
    "their-runs": TheirRuns,
    "authors": Authors,
    "campaign-difference": CampaignDifference,
    "authors-run": AuthorsRun,
    "authors-spread": Spread,
    "authors-accuracies": Accuracies,
    "authors-file": AuthorsFile,
    "machine": Profile,
    "facts": Facts,
    "assumed": Assumed,
}
"""Types whose keys a block of the README can list, by the block's name."""

TAGGED: Final[dict[str, tuple[type[msgspec.Struct], ...]]] = {
    "optimisers": get_args(AnyOptimiser),
    "schedules": get_args(Schedule),
}
"""Types of which a block lists all, a line each, by the block's name."""

INHERITED: Final[dict[str, type[msgspec.Struct]]] = {
    "paper": WrittenStudy,
    "comparison": WrittenStudy,
    "variant": RunSettings,
    "chart": Exhibit,
    "drawing": Exhibit,
}
"""Blocks that leave out the keys of another type, which a block of its own lists."""


def write_reference(root: Path) -> None:
    """Write the JSON Schemas, the tables of config/README.md, and what the documents say of the reference run.

    Parameters
    ----------
    root
        The folder that ``config/``, ``docs/`` and README.md are in.
    """
    for name, content in schemas().items():
        write_text(root / SCHEMAS / f"{name}.schema.json", as_text(content))
    readme, front = root / README, root / FRONT
    write_text(readme, with_tables(readme.read_text(encoding="utf-8")))
    write_text(front, with_run(front.read_text(encoding="utf-8"), root))
    write_text(root / FINDINGS, findings(root))
    for path, picture in pictures(root).items():
        write_text(root / path, picture)


def schemas() -> dict[str, Json]:
    """Return the JSON Schema of each kind of configuration file, for editors."""
    return {
        "edition": _schema(Edition),
        "paper": _study_schema(Paper),
        "comparison": _study_schema(Comparison),
        "datasets": _schema(dict[Name, entry_type()]),  # type: ignore[misc]
        "authors": _schema(FILE),
        "hardware": _schema(Profile),
    }


def as_text(schema: Json) -> str:
    """Return a schema as text with a definition a line, so that a change shows in one line."""
    heads = [f'"{key}": {_compact(schema[key])}' for key in schema if key != "$defs"]
    definitions = [f'"{name}": {_compact(rules)}' for name, rules in schema["$defs"].items()]
    body = ",\n".join([*heads, '"$defs": {\n' + ",\n".join(definitions) + "\n}"])
    return f"{{\n{body}\n}}\n"


def _compact(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


def with_tables(readme: str) -> str:
    """Return the README with its generated tables as the types are now."""

    def made(block: re.Match[str]) -> str:
        return "\n".join([block[1], *_rows(block["name"]), "", block[3]])

    return BLOCK.sub(made, readme)


def with_run(front: str, root: Path) -> str:
    """Return the front README with the part about the reference run as that and the configuration are now."""
    return RUN.sub(lambda block: "\n".join([block[1], *lines(root), "", block[2]]), front)


def _schema(entry: Any) -> Json:
    return {"$schema": DRAFT, **msgspec.json.schema(entry)}


def _study_schema(study: type[WrittenStudy]) -> Json:
    """Return the schema of a study, whose exhibits and options are those of the registries."""
    kinds = [kind.keys for kind in KINDS.entries.values()]
    options = {name: strategy.options for name, strategy in STRATEGIES.entries.items()}
    (own, *shown, _), definitions = msgspec.json.schema_components(
        [study, *kinds, *options.values(), WrittenVariant], ref_template="#/$defs/{name}"
    )
    exhibits = definitions[study.__name__]["properties"]["exhibits"]
    exhibits["additionalProperties"] = {"anyOf": shown[: len(kinds)]}
    refs = dict(zip(options, shown[len(kinds) :], strict=False))
    for variant in ("WrittenVariant", "WrittenTimingVariant"):
        definitions[variant]["allOf"] = [
            {
                "if": {"properties": {"strategy": {"const": name}}},
                "then": {"properties": {"options": ref}},
            }
            for name, ref in refs.items()
        ]
    return {"$schema": DRAFT, **own, "$defs": definitions}


def _rows(name: str) -> Iterator[str]:
    """Yield the lines of a table."""
    match name:
        case "kinds":
            yield "| chart | what it shows | own keys |"
            yield "|---|---|---|"
            yield from map(_kind_row, KINDS.entries.values())
        case "metrics":
            yield "| metric | unit | measured of | what it is |"
            yield "|---|---|---|---|"
            yield from starmap(_metric_row, _metrics())
        case "optimisers" | "schedules":
            yield "| name | what it is | own keys |"
            yield "|---|---|---|"
            yield from map(_tagged_row, TAGGED[name])
        case "formats":
            yield "| format | keys |"
            yield "|---|---|"
            for each, found in FORMATS.entries.items():
                keys = ", ".join(f"`{key.name}`" for key in describe(found.entry))
                yield f"| `{each}` | {keys} |"
        case _:
            yield "| key | values | default | what it is |"
            yield "|---|---|---|---|"
            parent = INHERITED.get(name)
            inherited = {key.name for key in describe(parent)} if parent else set()
            for key in describe(ENTRIES[name]):
                if key.name not in inherited:
                    yield _key_row(key)


def _metrics() -> Iterator[tuple[str, Metric, str]]:
    """Yield the metrics that a study may name, each with what it is measured of."""
    for name, metric in METRICS.entries.items():
        yield name, metric.presentation, "all runs"
    for strategy in STRATEGIES.entries.values():
        for name, described in strategy.presentation.metrics.items():
            yield name, described, f"runs of `{strategy.name}`"
    for name, described in TIMING_METRICS.items():
        yield name, described, "timings"


def _metric_row(name: str, metric: Metric, measured_of: str) -> str:
    return f"| `{name}` | {metric.unit} | {measured_of} | {metric.summary} |"


def _key_row(key: Key) -> str:
    default = "required" if key.required else key.default and f"`{key.default}`"
    return f"| `{key.name}` | {key.values} | {default} | {key.sentence} |"


def _tagged_row(entry: type[msgspec.Struct]) -> str:
    """Describe an optimiser or a schedule by its name, and by the keys that not all of them have."""
    common = {key.name for key in describe(Optimiser)} if issubclass(entry, Optimiser) else set()
    own = [key for key in describe(entry) if key.name not in common]
    keys = " ".join(f"`{key.name}` ({key.default}): {key.sentence}" for key in own)
    sentence = (entry.__doc__ or "").partition("\n")[0]
    return f"| `{entry.__struct_config__.tag}` | {sentence} | {keys} |"


def _kind_row(kind: Kind[Any]) -> str:
    """Describe a kind of exhibit by the keys that not all exhibits, charts or drawings have."""
    common = {key.name for base in (ChartKeys, DrawingKeys) for key in describe(base)}
    own = [key for key in describe(kind.keys) if key.name not in common]
    keys = " ".join(f"`{key.name}`: {key.sentence}" for key in own)
    return f"| `{kind.name}` | {kind.summary} | {keys} |"
