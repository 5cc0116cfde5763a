"""The record of example images of a dataset."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from records.kinds.kind import Kind
from records.values import Entry, Title

Side: TypeAlias = Annotated[int, Meta(ge=1, le=4096)]


class ClassImages(Entry, frozen=True, kw_only=True):
    """The images of a class."""

    name: Annotated[Title, Meta(description="Name of the class; its number if it has no name.")]
    images: Annotated[
        tuple[bytes, ...],
        Meta(description="Grey values of each image row by row; in Base64 as JSON."),
    ]


class GalleryRecord(Kind, frozen=True, kw_only=True, tag="gallery"):
    """The first images of each class of a dataset."""

    ABOUT = "gallery/{dataset}"

    version: Literal[2] = 2
    dataset: Annotated[Title, Meta(description="Name of the dataset.")]
    split: Annotated[Title, Meta(description="The split that the images are from.")]
    image: Annotated[tuple[Side, Side], Meta(description="Height and width in pixels.")]
    classes: Annotated[tuple[ClassImages, ...], Meta(description="The classes, from 0 on.")]
