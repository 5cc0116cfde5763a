"""Static pictures of charts, for pages whose script does not run: a renderer's SVG without what a picture can spare."""

from __future__ import annotations

import re
from itertools import count
from typing import Final
from xml.etree import ElementTree

import vl_convert

from reports.exhibits.specification import VEGA_LITE, Specification, for_picture

WIDTH: Final = 460

# The page's own style says the font, and its words what a picture shows; a picture does nothing when pointed at.
SPARED: Final = frozenset(
    {"class", "role", "pointer-events", "font-family", "version", "aria-hidden", "aria-label"}
    | {"aria-roledescription"}
)
INHERITED: Final = frozenset(
    {"fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "text-anchor"}
    | {"font-size", "font-weight", "clip-path"}
)
USUAL: Final = {
    "opacity": "1",
    "stroke-width": "1",
    "x2": "0",
    "y2": "0",
    "transform": "translate(0,0)",
    "stroke-dasharray": "1,0",
}
PLACED: Final = frozenset({"transform", "d", "x", "y", "x1", "y1", "x2", "y2", "width", "height"})
NAMESPACE: Final = re.compile(r' xmlns(:\w+)?="[^"]*"')
FALLBACK: Final = re.compile(r"(var\(--[\w-]+), #\w+\)")
DECIMAL: Final = re.compile(r"-?\d+\.\d+")
MOVED: Final = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
CENTRES: Final = {"circle": ("cx", "cy"), "text": ("x", "y")}
LINE: Final = frozenset({"transform", "x2", "y2"})
CLIP: Final = re.compile(r"\bclip\d+\b")
CIRCLE: Final = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")


def picture(chart: Specification, name: str) -> str:
    """Draw a chart as SVG.

    The colours stay references to the page's own, so that the picture follows the colour scheme.

    Parameters
    ----------
    chart
        The chart.
    name
        Its name, which no other chart of its page has.

    Returns
    -------
    str
        An ``svg`` element for a page of HTML.
    """
    whole = {**for_picture(chart), "width": WIDTH}
    svg = vl_convert.vegalite_to_svg(whole, vl_version=VEGA_LITE, allowed_base_urls=[])
    # On a page every colour has its value, and SVG needs no namespace.
    svg = FALLBACK.sub(r"\1)", NAMESPACE.sub("", svg))
    root = ElementTree.fromstring(svg)  # noqa: S314 - the renderer's own, no one else's
    _shorten(root)
    _name_clips(root, name)
    return ElementTree.tostring(root, encoding="unicode")


def _name_clips(root: ElementTree.Element, name: str) -> None:
    """Name clip paths after the picture, since the renderer counts on from one picture to the next."""
    numbers = count(1)
    names = {path.get("id", ""): f"{name}-clip{next(numbers)}" for path in root.iter("clipPath")}
    for element in root.iter():
        for key in ("id", "clip-path"):
            if value := element.get(key):
                element.set(key, CLIP.sub(lambda found: names.get(found[0], found[0]), value))


def _shorten(element: ElementTree.Element) -> None:
    """Drop what is not seen, say once what children share, and round places to a tenth of a pixel."""
    for child in list(element):
        if child.tag != "clipPath":
            _shorten(child)
        if _is_unseen(child):
            element.remove(child)
    for name, value in list(element.items()):
        if name in SPARED or USUAL.get(name) == value:
            del element.attrib[name]
        elif name in PLACED:
            element.set(name, DECIMAL.sub(_tenths, value))
    _place(element)
    if element.tag == "g":
        _gather(element)
        _join_lines(element)


def _is_unseen(element: ElementTree.Element) -> bool:
    if element.tag in ("g", "defs"):
        return len(element) == 0
    painted = not {"fill", "stroke"}.isdisjoint(element.keys())
    return element.tag == "path" and not (painted and element.get("d"))


def _tenths(number: re.Match[str]) -> str:
    rounded = f"{float(number[0]):.1f}".removesuffix(".0")
    return "0" if rounded == "-0" else rounded


def _place(element: ElementTree.Element) -> None:
    """Write a path that is a circle as one, and say where it or a text is without a movement."""
    circle = CIRCLE.fullmatch(element.get("d", ""))
    if circle:
        element.tag = "circle"
        element.set("r", circle[1])
        del element.attrib["d"]
    moved = MOVED.fullmatch(element.get("transform", ""))
    if moved and element.tag in CENTRES:
        for name, place in zip(CENTRES[element.tag], moved.groups(), strict=True):
            element.set(name, place)
        del element.attrib["transform"]


def _join_lines(group: ElementTree.Element) -> None:
    """Draw plain lines, such as those of a grid, in one go."""
    lines = [child for child in group if child.tag == "line" and LINE.issuperset(child.keys())]
    if len(lines) < 2:
        return
    strokes = []
    for line in lines:
        moved = MOVED.fullmatch(line.get("transform", "translate(0,0)"))
        if moved is None:
            return
        strokes.append(f"M{moved[1]},{moved[2]}l{line.get('x2', '0')},{line.get('y2', '0')}")
    place = list(group).index(lines[0])
    for line in lines:
        group.remove(line)
    group.insert(place, ElementTree.Element("path", d="".join(strokes)))


def _gather(group: ElementTree.Element) -> None:
    for name in sorted(INHERITED.difference(group.keys())):
        values = {child.get(name) for child in group}
        if len(values) == 1 and None not in values:
            group.set(name, str(values.pop()))
            for child in group:
                del child.attrib[name]
    for child in list(group):
        if child.tag == "g" and not child.attrib:
            place = list(group).index(child)
            group[place : place + 1] = list(child)
