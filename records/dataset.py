"""Datasets of the manifest: what every format says, and what a prepared dataset must hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from records.job import Content
from records.values import Count, Entry, Sha256, Text, Title, WebAddress


class Licence(Entry, frozen=True):
    """The licence that a dataset's owners state."""

    name: Annotated[Title, Meta(description="Its usual name.")]
    url: Annotated[WebAddress | UnsetType, Meta(description="Its text.")] = UNSET


class Image(Entry, frozen=True):
    """Size of an image in pixels."""

    height: Annotated[int, Meta(ge=1, le=4096, description="Rows.")]
    width: Annotated[int, Meta(ge=1, le=4096, description="Columns.")]

    @property
    def pixels(self) -> int:
        """Return the number of pixels."""
        return self.height * self.width


class Array(Entry, frozen=True):
    """An array of a split."""

    content_sha256: Annotated[
        Sha256, Meta(description="SHA-256 of the bytes that the array is made of.")
    ]


class Split(Entry, frozen=True):
    """A training or a test set."""

    samples: Annotated[Count, Meta(description="Number of images.")]
    images: Annotated[Array, Meta(description="The images.")]
    labels: Annotated[Array, Meta(description="The labels.")]


class Splits(Entry, frozen=True):
    """The training and the test set."""

    train: Annotated[Split, Meta(description="The training set.")]
    test: Annotated[Split, Meta(description="The test set.")]


class Dataset(Entry, frozen=True, kw_only=True, tag_field="format"):
    """Base of a dataset's entry in the manifest; each format adds its own keys and its tag."""

    title: Annotated[Title, Meta(description="What the pages call the dataset.")]
    licence: Annotated[Licence, Meta(description="The licence that its owners state.")]
    citation: Annotated[Text, Meta(description="The reference to cite.")]
    homepage: Annotated[WebAddress, Meta(description="The page of the dataset's authors.")]
    classes: Annotated[
        int,
        Meta(ge=2, le=256, description="Number of classes; labels run from 0 to one less."),
    ]
    image: Annotated[Image, Meta(description="Size of an image in pixels.")]
    splits: Annotated[Splits, Meta(description="The training and the test set.")]
    ink: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description=(
                "Share of pixels that are not zero, which decides how long training takes; only "
                "estimates of times use it."
            ),
        ),
    ] = 0.25
    labels: Annotated[
        Annotated[tuple[Title, ...], Meta(min_length=2)] | UnsetType,
        Meta(
            description="Names of the classes, from 0 on, where their numbers are not their names."
        ),
    ] = UNSET

    @property
    def format_name(self) -> str:
        """Return the name of its format."""
        return str(self.__struct_config__.tag)

    @property
    def content(self) -> Content:
        """Return what the dataset holds when it is prepared."""
        train, test = (
            {
                "images": split.images.content_sha256,
                "labels": split.labels.content_sha256,
            }
            for split in (self.splits.train, self.splits.test)
        )
        return Content(self.classes, train, test)


Manifest = Mapping[str, Dataset]
"""Datasets by name."""
