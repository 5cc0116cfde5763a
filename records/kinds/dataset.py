"""The record of a prepared dataset: ``dataset.json``, in the folder of its arrays."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from records.cost import Cost
from records.kinds.kind import Kind
from records.values import Entry, Sha256, Title


class SplitDescription(Entry, frozen=True, kw_only=True):
    """The arrays of a split."""

    samples: Annotated[int, Meta(ge=0, le=2**31 - 1, description="Number of images.")]
    images_sha256: Annotated[Sha256, Meta(description="SHA-256 of the prepared images.")]
    labels_sha256: Annotated[Sha256, Meta(description="SHA-256 of the prepared labels.")]
    content_sha256: Annotated[
        dict[str, str],
        Meta(
            description=(
                "SHA-256 of the manifest, of `images` and `labels`: of an archive, of its "
                "decompressed content, including the header."
            )
        ),
    ]
    pixel_values: Annotated[int, Meta(ge=0, description="Number of different grey values.")]
    class_counts: Annotated[
        tuple[int, ...], Meta(description="Number of images of each class, from 0 on.")
    ]


class SplitDescriptions(Entry, frozen=True, kw_only=True):
    """Both splits."""

    train: Annotated[SplitDescription, Meta(description="The training samples.")]
    test: Annotated[SplitDescription, Meta(description="The test samples.")]


class DatasetRecord(Kind, frozen=True, kw_only=True, tag="dataset"):
    """A prepared dataset."""

    ABOUT = "datasets/{name}"

    version: Literal[4] = 4
    name: Annotated[Title, Meta(description="Its name in the manifest.")]
    format: Annotated[Title, Meta(description="The format that it was read in.")]
    classes: Annotated[int, Meta(ge=2, le=256, description="Number of classes.")]
    image: Annotated[tuple[int, int], Meta(description="Height and width of an image in pixels.")]
    splits: Annotated[SplitDescriptions, Meta(description="Training and test samples.")]
    cost: Annotated[Cost, Meta(description="What it cost to fetch and prepare it.")]
