"""Studies, papers and comparisons: as their files say them, and resolved for an edition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.ambiguity import Ambiguity
from records.authors import Authors
from records.citation import Citation
from records.claims import Claim, CrossCheck, Finding
from records.metric import Metric
from records.model import PaperModel
from records.overview import OverviewLine
from records.primary import PrimaryReading
from records.program import NONE_FOUND, FoundProgram
from records.registration import Registered
from records.search import Chosen
from records.strategy import Diagram, Division, Presented
from records.values import Entry, Name, Reference, StudyKey, StudyName, Text, Title
from records.variants import (
    RunSettings,
    RunVariant,
    TimingSettings,
    TimingVariant,
    WrittenTimingVariant,
    WrittenVariant,
)

Exhibits: TypeAlias = dict[Name, dict[str, Any]]
"""Exhibits by name; the keys of each are those of its kind, which `chart` names."""


class Experiment(Entry, frozen=True, kw_only=True):
    """An experiment, resolved for an edition: every variant is complete."""

    title: str
    dataset: str
    variants: dict[str, RunVariant]


class Timing(Entry, frozen=True, kw_only=True):
    """A timing, resolved for an edition: every variant is complete."""

    title: str
    dataset: str
    variants: dict[str, TimingVariant]


class WrittenExperiment(RunSettings, frozen=True, kw_only=True):
    """An experiment. A setting that neither a variant nor the edition makes is taken from here."""

    title: Annotated[Title, Meta(description="What the experiment is about.")]
    dataset: Annotated[Reference, Meta(description="The dataset that the paper names.")]
    variants: Annotated[
        dict[Name, WrittenVariant],
        Meta(min_length=1, description="The variants to run, by name."),
    ]
    editions: Annotated[
        dict[Name, RunSettings | Literal[False]],
        Meta(
            description="What an edition sets otherwise, by edition; false leaves the experiment out."
        ),
    ] = {}
    survivors: Annotated[
        Name | UnsetType,
        Meta(
            description=(
                "An experiment with the same variants: only those that config/chosen.yaml kept of it are run here."
            )
        ),
    ] = UNSET


class WrittenTiming(TimingSettings, frozen=True, kw_only=True):
    """A timing. A setting that neither a variant nor the edition makes is taken from here."""

    title: Annotated[Title, Meta(description="What the timing is about.")]
    dataset: Annotated[Reference, Meta(description="The dataset that the paper names.")]
    variants: Annotated[
        dict[Name, WrittenTimingVariant],
        Meta(min_length=1, description="The variants to time, by name."),
    ]
    editions: Annotated[
        dict[Name, TimingSettings | Literal[False]],
        Meta(
            description="What an edition sets otherwise, by edition; false leaves the timing out."
        ),
    ] = {}


class WrittenStudy(Entry, frozen=True, kw_only=True):
    """What papers and comparisons have in common."""

    id: Annotated[StudyName, Meta(description="Name in paths and commands; the file's own name.")]
    name: Annotated[Title, Meta(description="What the pages call it, in a word or two.")]
    method: Annotated[Text, Meta(description="The method in a few sentences of our own.")]
    experiments: Annotated[
        dict[Name, WrittenExperiment], Meta(min_length=1, description="What is trained, by name.")
    ]
    timings: Annotated[
        dict[Name, WrittenTiming],
        Meta(description="What is timed alone on the machine, by name."),
    ] = {}
    exhibits: Annotated[Exhibits, Meta(description="Figures and tables, by name.")] = {}
    key: Annotated[StudyKey | UnsetType, Meta(description="Prefix of its claims and findings.")] = (
        UNSET
    )
    overview: Annotated[
        tuple[OverviewLine, ...],
        Meta(description="Its lines in the index's figure of speed-ups and accuracies."),
    ] = ()
    primary: Annotated[
        dict[Name, PrimaryReading],
        Meta(
            description=(
                "The readings that decide, by name: of the text, and of the authors' own program if it was found."
            )
        ),
    ] = {}
    claims: Annotated[
        tuple[Claim, ...],
        Meta(description="What is claimed: by the paper, or by the sources of a comparison."),
    ] = ()
    cross_checks: Annotated[
        tuple[CrossCheck, ...],
        Meta(
            description="Where a paper's own numbers or words, or those of several papers, disagree."
        ),
    ] = ()
    findings: Annotated[
        tuple[Finding, ...],
        Meta(
            description="What it takes to reach the paper's numbers; the first is on the index page."
        ),
    ] = ()


class Paper(WrittenStudy, frozen=True, kw_only=True):
    """A paper (config/papers/<id>.yaml): its experiments, exhibits, published values and claims."""

    key: Annotated[StudyKey, Meta(description="Prefix of its claims and findings.")]
    citation: Annotated[Citation, Meta(description="Where the paper was published.")]
    program: Annotated[
        FoundProgram, Meta(description="The authors' own program, if it was found.")
    ] = NONE_FOUND
    ambiguities: Annotated[
        tuple[Ambiguity, ...],
        Meta(description="What the text leaves open, how we read it, and what the program says."),
    ] = ()
    confidence: Annotated[
        Literal["top", "true_class", "top_correct"],
        Meta(
            description=(
                "Reading of “confidence”: the mean of the largest output (`top`), of the true "
                "class's output (`true_class`), or of the largest output over correctly classified "
                "samples (`top_correct`)."
            )
        ),
    ] = "top"
    model: Annotated[
        PaperModel | UnsetType,
        Meta(description="How long the paper's own program takes on its own machines."),
    ] = UNSET


class Comparison(WrittenStudy, frozen=True, kw_only=True):
    """A comparison (config/comparisons/<id>.yaml): runs and timings of our own, in the language of papers."""

    title: Annotated[Title, Meta(description="Heading of its page.")]
    subject: Annotated[Text, Meta(description="What is compared, in one sentence.")]
    exhibits: Annotated[Exhibits, Meta(min_length=1, description="The figures, by name.")]


class StudyEdition(Entry, frozen=True, kw_only=True):
    """What a resolved study says of the edition that it is resolved for.

    `datasets` are those that stand for the ones that papers name, and `samples` their training samples, by that name.
    """

    name: str
    title: str
    notice: str
    datasets: dict[str, str]
    samples: dict[str, int] = {}


class Study(Entry, frozen=True, kw_only=True):
    """A paper or a comparison, resolved for an edition.

    Attributes
    ----------
    edition
        What it is resolved for.
    left_out
        Exhibits whose experiment or timing the edition leaves out.
    metrics
        The metrics that its runs can have.
    strategies
        The strategies that its variants have and its exhibits draw.
    diagrams
        Words of the exhibits that draw a strategy, by exhibit.
    registered
        What the registration says of its claims, findings and primary readings: see `workflow.registration`.
    authors
        What the authors of the paper measured themselves, where that is known.
    searched
        What searches have shown, if one of its exhibits shows that.
    """

    id: str
    name: str
    method: str
    edition: StudyEdition
    experiments: dict[str, Experiment]
    timings: dict[str, Timing]
    exhibits: dict[str, dict[str, Any]]
    left_out: dict[str, dict[str, Any]]
    metrics: dict[str, Metric]
    strategies: dict[str, Presented] = {}
    diagrams: dict[str, Diagram | Division] = {}
    confidence: str = "top"
    program: FoundProgram = NONE_FOUND
    ambiguities: tuple[Ambiguity, ...] = ()
    overview: tuple[OverviewLine, ...] = ()
    primary: dict[str, PrimaryReading] = {}
    claims: tuple[Claim, ...] = ()
    cross_checks: tuple[CrossCheck, ...] = ()
    findings: tuple[Finding, ...] = ()
    registered: dict[str, Registered] = {}
    key: str | UnsetType = UNSET
    citation: Citation | UnsetType = UNSET
    model: PaperModel | UnsetType = UNSET
    authors: Authors | UnsetType = UNSET
    searched: Chosen = {}
    title: str | UnsetType = UNSET
    subject: str | UnsetType = UNSET

    @property
    def variants(self) -> Iterator[tuple[str, RunVariant | TimingVariant]]:
        """Yield the variants of all experiments, then of all timings, each with its name."""
        for entries in self.stages.values():
            for entry in entries.values():
                yield from entry.variants.items()

    @property
    def stages(self) -> dict[str, dict[str, Experiment] | dict[str, Timing]]:
        """Return experiments and timings by the key of the configuration that has them."""
        return {"experiments": self.experiments, "timings": self.timings}
