"""Settings that a paper prints, beside those of a variant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct, to_builtins

from records.study import Study
from reports.exhibits.checks import check_drawing, check_way, drawn_variants
from reports.exhibits.contract import Fault, Kind
from reports.exhibits.drawings import Models
from reports.exhibits.keys import DrawingKeys, Name

if TYPE_CHECKING:
    from reports.exhibits.data_table import Comparison


class PublishedSetting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A setting that a paper prints."""

    name: Annotated[Name, Meta(description="Name of the setting.")]
    setting: Annotated[
        Name, Meta(description="Way to it in the variant, such as training.learning_rate.")
    ]
    value: Annotated[int | float, Meta(description="The printed value.")]
    where: Annotated[Name, Meta(description="Where the paper prints it.")]


class Settings(DrawingKeys, frozen=True, kw_only=True, tag="settings"):
    """Configuration of a table of settings."""

    settings: Annotated[
        tuple[PublishedSetting, ...],
        Meta(min_length=1, description="Published settings, shown beside those of the variant."),
    ]


def check_names(exhibit: Settings, study: Study, properties: Collection[str]) -> Iterator[Fault]:
    """Check the variant, and the way to each setting of it."""
    yield from check_drawing(exhibit, study)
    variants = drawn_variants(exhibit, study)
    variant = variants.get(exhibit.variant or next(iter(variants), ""))
    if variant is not None:
        for place, entry in enumerate(exhibit.settings):
            yield from check_way(to_builtins(variant), entry.setting, f"settings[{place}].setting")


def comparisons(exhibit: Settings, models: Models) -> tuple[Comparison, ...]:
    """Set each published setting beside ours."""
    from reports.exhibits.data_table import Cell, Comparison
    from reports.exhibits.quantity import NONE

    variant = to_builtins(models.scene(exhibit).variant)
    return tuple(
        Comparison(
            what=entry.name,
            at=NONE,
            published=Cell(_printed(entry.value)),
            where=entry.where,
            ours=(("", Cell(_printed(_found(variant, entry.setting)))),),
        )
        for entry in exhibit.settings
    )


def _printed(value: Any) -> str:
    """Print a setting, a small number without an exponent."""
    from reports.exhibits.quantity import quantity

    small = isinstance(value, float) and 0 < abs(value) < 1e-3
    return format(Decimal(str(value)), "f") if small else quantity(value)


def _found(variant: Mapping[str, Any], way: str) -> Any:
    found: Any = variant
    for key in way.split("."):
        found = found[key]
    return found


KIND = Kind(
    name="settings",
    summary="Settings that a paper prints, beside those of a variant.",
    keys=Settings,
    check=check_names,
    comparisons=comparisons,
)
