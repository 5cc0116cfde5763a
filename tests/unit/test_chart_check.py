"""Charts of bundles: those that we draw are let through, and whatever a chart could load or run is not."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import synthetic_site

from records.errors import InputError
from reports.bundle.chart_check import check
from reports.exhibits.chart_files import drawn_exhibits
from reports.exhibits.drawn_exhibit import DrawnExhibit

FILE = Path("figures/ott/fig4.json")


@cache
def exhibits() -> dict[str, DrawnExhibit]:
    """Draw every kind of chart."""
    return {
        name: exhibit
        for study in (synthetic_site.tables(), synthetic_site.comparison())
        for name, exhibit in drawn_exhibits(study.study, study.exhibits)
    }


def with_chart(**keys: Any) -> DrawnExhibit:
    """Return an exhibit whose chart has other values for some keys."""
    content = deepcopy(msgspec.to_builtins(exhibits()["fig4"]))
    content["figure"]["panels"][0]["spec"] |= keys
    return msgspec.convert(content, DrawnExhibit)


def layer(**keys: Any) -> dict[str, Any]:
    return {"layer": [{"mark": {"type": "point"}, **keys}]}


def channel(**keys: Any) -> dict[str, Any]:
    return layer(encoding={"tooltip": [{"field": "name", "type": "nominal", **keys}]})


def test_every_chart_of_ours_is_let_through() -> None:
    for name, exhibit in exhibits().items():
        check(exhibit, Path(name))


def test_a_drawn_exhibit_is_read_as_it_was_written() -> None:
    for exhibit in exhibits().values():
        assert msgspec.json.decode(exhibit.encode(), type=DrawnExhibit) == exhibit


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"data": {"url": "https://example.org/points.csv"}}, "data.url"),
        ({"usermeta": {"embedOptions": {"loader": {}}}}, "usermeta"),
        ({"config": {}}, "config"),
        ({"params": [{"name": "p", "bind": {"element": "#charts"}}]}, "params.bind"),
        ({"params": [{"name": "p", "expr": "1"}]}, "params.expr"),
        (layer(mark={"type": "image"}), "layer.mark.type"),
        (layer(mark="image"), "layer.mark"),
        (layer(mark={"type": "point", "href": "javascript:x"}), "layer.mark.href"),
        (
            layer(mark={"type": "point", "tooltip": {"content": "data"}}),
            "layer.mark.tooltip.content",
        ),
        (layer(mark={"type": "point", "tooltip": True}), "layer.mark.tooltip"),
        (
            layer(mark={"type": "point", "fill": "url(https://example.org/a.svg#b)"}),
            "layer.mark.fill",
        ),
        (layer(encoding={"href": {"field": "name"}}), "layer.encoding.href"),
        (layer(encoding={"color": {"field": "name", "scale": None}}), "layer.encoding.color.scale"),
        (channel(title="image"), "layer.encoding.tooltip.title"),
        (channel(field="image"), "layer.encoding.tooltip.field"),
        (layer(transform=[{"filter": "datum.name.constructor"}]), "layer.transform.filter"),
        (layer(transform=[{"filter": {"test": "1"}}]), "layer.transform.filter.test"),
        (layer(transform=[{"calculate": "1", "as": "x"}]), "layer.transform.calculate"),
        (layer(encoding={"x": {"scale": {"base": 1.0000001}}}), "layer.encoding.x.scale.base"),
        (layer(encoding={"x": {"axis": {"tickCount": 10**9}}}), "layer.encoding.x.axis.tickCount"),
        (
            layer(encoding={"x": {"scale": {"domain": [float("inf")]}}}),
            "layer.encoding.x.scale.domain",
        ),
        ({"datasets": {"a": [{"x": {"toString": 1}}]}}, "datasets"),
        ({"datasets": {"a": {"x": 1}}}, "datasets"),
        ({"datasets": []}, "datasets"),
    ],
)
def test_whatever_else_a_chart_could_do_is_refused_with_its_key(
    keys: dict[str, Any], key: str
) -> None:
    with pytest.raises(InputError) as caught:
        check(with_chart(**keys), FILE)
    assert str(caught.value).startswith(f"{FILE}: figure.panels[0].spec.{key}: ")


def test_a_legend_has_colours_alone() -> None:
    content = deepcopy(msgspec.to_builtins(exhibits()["fig4"]))
    content["figure"]["legend"][0]["colour"] = "url(https://example.org/a.svg#b)"
    with pytest.raises(InputError, match=r"figure\.legend\[0\]\.colour"):
        check(msgspec.convert(content, DrawnExhibit), FILE)
