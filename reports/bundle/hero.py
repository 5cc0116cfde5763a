"""The index's first figure as a picture that stands on its own, for a page that is not ours: light or dark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from reports.exhibits import theme
from reports.exhibits.figure_view import FigureView

SCHEMES: Final = ("light", "dark")
WIDTH: Final = 530
"""Of a panel, with the space beside it."""

HEAD: Final = 30
LINE: Final = 22
REFERENCE: Final = re.compile(r"var\(--([\w-]+)(?:, #\w+)?\)")
HEIGHT: Final = re.compile(r'height="([\d.]+)"')


def hero(figure: FigureView, scheme: str) -> str:
    """Return the panels of a figure side by side, with its legend above.

    Parameters
    ----------
    figure
        The figure, with pictures.
    scheme
        One of `SCHEMES`.
    """
    legend = [*_legend(figure)]
    top = LINE * len(legend) + HEAD
    width = WIDTH * len(figure.panels)
    heights = [float(HEIGHT.findall(panel.picture)[0]) for panel in figure.panels]
    height = top + max(heights) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" '
        f'font-family="{escape(theme.FONT)}" font-size="13" role="img" aria-label="{_quoted(figure)}">',
        f'<rect width="{width}" height="{height:g}" fill="var(--surface)"/>',
        *(line for lines in _placed(legend) for line in lines),
        *_panels(figure, top),
        "</svg>",
    ]
    place = SCHEMES.index(scheme)
    text = "\n".join(parts) + "\n"
    return REFERENCE.sub(lambda found: theme.TOKENS[found[1]][place], text)


def _quoted(figure: FigureView) -> str:
    said = " ".join(panel.description for panel in figure.panels)
    return escape(said, {'"': "&quot;"})


def _legend(figure: FigureView) -> Iterator[Sequence[tuple[str, str]]]:
    """Yield lines of names with their colours, three a line."""
    names = [(entry.name, entry.colour) for entry in figure.legend]
    for first in range(0, len(names), 3):
        yield names[first : first + 3]


def _placed(legend: Sequence[Sequence[tuple[str, str]]]) -> Iterator[Iterator[str]]:
    for number, names in enumerate(legend):
        yield (
            f'<circle cx="{20 + 240 * place}" cy="{LINE * number + 18}" r="5" fill="{colour}"/>'
            f'<text x="{31 + 240 * place}" y="{LINE * number + 22}" fill="var(--ink)">{escape(name)}</text>'
            for place, (name, colour) in enumerate(names)
        )


def _panels(figure: FigureView, top: int) -> Iterator[str]:
    for number, panel in enumerate(figure.panels):
        left = WIDTH * number + 8
        yield (
            f'<text x="{left}" y="{top - 8}" font-weight="600" fill="var(--ink)">{escape(panel.title)}</text>'
        )
        yield panel.picture.replace("<svg ", f'<svg x="{left}" y="{top}" ', 1)
