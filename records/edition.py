"""Editions: which studies are rerun, on which datasets."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from records.values import UNIQUE, Entry, Name, Reference, StudyName, Title

Mirror: TypeAlias = Annotated[
    str,
    Meta(
        max_length=4000,
        pattern=r"^(https?://|(?!\w+://))",
        title="a folder, or an address that starts with https:// or http://",
    ),
]

StudyNames: TypeAlias = Annotated[tuple[StudyName, ...], Meta(extra_json_schema=UNIQUE)]


class Edition(Entry, frozen=True, kw_only=True):
    """An edition (config/config.yaml, config/paper.yaml): which papers are rerun, and on which datasets."""

    edition: Annotated[
        Name, Meta(description="Name of the edition; its results lie in results/<edition>/.")
    ]
    title: Annotated[Title, Meta(description="What the pages call the edition.")]
    papers: Annotated[
        StudyNames,
        Meta(description="Papers to rerun; each is a file config/papers/<name>.yaml."),
    ] = ()
    datasets: Annotated[
        dict[Reference, Reference],
        Meta(
            min_length=1,
            description=(
                "For each dataset that the papers name, the dataset of config/datasets.yaml that is"
                " used."
            ),
        ),
    ]
    comparisons: Annotated[
        StudyNames,
        Meta(description="Comparisons to run; each is a file config/comparisons/<name>.yaml."),
    ] = ()
    authors: Annotated[
        bool,
        Meta(
            description=(
                "Whether the files of config/authors.yaml are fetched, so that tables and figures have"
                " every pass of the authors' runs; without them, they have the summary there."
            )
        ),
    ] = False
    notice: Annotated[
        str,
        Meta(
            max_length=5000,
            description="A warning at the top of every page of the edition; empty for none.",
        ),
    ] = ""
    mirror: Annotated[
        Mirror | UnsetType,
        Meta(
            description=(
                "A folder or an HTTP(S) address to take the archives from instead of the manifest's"
                " mirrors, looked up as <mirror>/<dataset>/<file> and <mirror>/<file>; the authors'"
                " files likewise, by the paper."
            )
        ),
    ] = UNSET
