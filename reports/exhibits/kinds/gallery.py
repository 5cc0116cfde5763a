"""A few images of each class of a dataset."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

from msgspec import Meta

from records.study import Study
from reports.exhibits.checks import unknown
from reports.exhibits.contract import Fault, Kind
from reports.exhibits.drawings import Models
from reports.exhibits.gallery import Gallery, gallery
from reports.exhibits.keys import Exhibit, Name


class GalleryKeys(Exhibit, frozen=True, kw_only=True, tag="gallery"):
    """Configuration of a gallery."""

    dataset: Annotated[Name, Meta(description="The dataset, by the paper's name.")]


def check_names(exhibit: GalleryKeys, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Check that the edition has the dataset."""
    yield from unknown(exhibit.dataset, study.edition.datasets, "dataset")


def draw(exhibit: GalleryKeys, models: Models) -> Gallery:
    """Show the dataset, or the one that the edition uses in its place."""
    used = models.study.edition.datasets[exhibit.dataset]
    return gallery(used, models.albums, models.datasets)


KIND = Kind(
    name="gallery",
    summary="A few images of each class of a dataset.",
    keys=GalleryKeys,
    check=check_names,
    drawing=draw,
)
