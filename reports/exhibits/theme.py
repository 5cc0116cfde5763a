"""Colours, shapes and type of every chart and page, for a light and a dark screen.

A colour is a named token. Charts carry it as ``var(--name, #light)``: inside a page the style sheet
decides, by the reader's colour scheme and without redrawing; outside one, the light value stands.
The palette keeps a contrast of at least 3:1 for marks and 4.5:1 for text on both backgrounds, and
its hues stay apart for colour-blind readers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

SHAPES: Final = {
    "measured": "circle",
    "modelled": "square",
    "published": "diamond",
    "authors": "triangle-up",
}
"""Shape of a point by the source of its number."""

TOKENS: Final[dict[str, tuple[str, str]]] = {
    "page": ("#fbfbf9", "#14171b"),
    "surface": ("#ffffff", "#1b1f25"),
    "sunken": ("#f2f2ee", "#20252c"),
    "ink": ("#1c2127", "#e4e7ea"),
    "muted": ("#59636e", "#a1abb6"),
    "line": ("#dddeda", "#333a43"),
    "link": ("#0b5aa5", "#82bdf5"),
    "notice": ("#fff4d6", "#3a2f12"),
    "notice-ink": ("#5c4300", "#f6dc9a"),
    "one": ("#0b62b3", "#6fb4f4"),
    "merged": ("#c2410c", "#f8965f"),
    "children": ("#6b46a3", "#b9a1f2"),
    "other-1": ("#0f766e", "#4fc9b4"),
    "other-2": ("#a8286f", "#f28fc2"),
    "other-3": ("#7a5c00", "#d9bd4a"),
    "other-4": ("#3d7a1e", "#93d36b"),
    "other-5": ("#475467", "#a9bacd"),
    "reproduced": ("#004e42", "#69f9c5"),
    "trend-only": ("#5b2a00", "#f7bc13"),
    "undecided": ("#1d59c6", "#1d8ef4"),
    "contradicted": ("#b04e34", "#ea5e5f"),
    "no-transfer": ("#371b51", "#e1c7fd"),
    "not-testable": ("#686d74", "#94989e"),
    "ramp-0": ("#2e017e", "#833af0"),
    "ramp-1": ("#5e0061", "#c92ac9"),
    "ramp-2": ("#7d0043", "#f6279d"),
    "ramp-3": ("#960013", "#fe6077"),
    "ramp-4": ("#8c4101", "#fe8768"),
    "ramp-5": ("#875b01", "#ffa666"),
    "ramp-6": ("#817106", "#ffc16a"),
    "ramp-7": ("#6e8a00", "#ffdb67"),
    "ramp-8": ("#01a62c", "#f8f90d"),
}
"""Colours by name: on a light screen, on a dark one."""

RAMP: Final = tuple(name for name in TOKENS if name.startswith("ramp-"))
SPARE: Final = tuple(name for name in TOKENS if name.startswith("other-"))
OWN: Final = ("merged", "children", "one")

FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"
HEIGHT: Final = 280
LOW: Final = 170


def colour(token: str) -> str:
    """Return a token as a CSS colour that also stands outside the pages.

    Parameters
    ----------
    token : str
        A name of `TOKENS`.

    Returns
    -------
    str
        A reference to the custom property, with the light value to fall back on.

    Examples
    --------
    >>> colour("ink")
    'var(--ink, #1c2127)'
    """
    return f"var(--{token}, {TOKENS[token][0]})"


def ramp(count: int) -> list[str]:
    """Return tokens for ordered series, spread over the ramp.

    Parameters
    ----------
    count : int
        Number of series; beyond the ramp's length neighbours share a colour.

    Returns
    -------
    list of str
        Names of `TOKENS`.

    Examples
    --------
    >>> ramp(3)
    ['ramp-0', 'ramp-4', 'ramp-8']
    """
    last = len(RAMP) - 1
    return [RAMP[round(index * last / max(count - 1, 1))] for index in range(count)]


def spread(names: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Give every name a token: its own where it has one, else the spare ones in turn that no other name here has.

    Where there are more names than spare tokens, the others follow.

    Parameters
    ----------
    names : sequence of str
        Names of series in their order.
    known : mapping
        Tokens of the names that have the same colour on every page.

    Returns
    -------
    dict
        Token by name, in the order of the names.
    """
    unknown = [name for name in names if name not in known]
    own = {known[name] for name in names if name in known}
    tokens = [token for token in (*SPARE, *OWN) if token not in own]
    spare = {name: tokens[place % len(tokens)] for place, name in enumerate(unknown)}
    return {name: known[name] if name in known else spare[name] for name in names}


def style_sheet() -> str:
    """Write the tokens as CSS custom properties: light, dark on a dark screen, light on paper.

    An element takes the colour of a token, as ``--tone``, by naming it in ``data-tone``: no page has a style in
    itself, which a strict Content Security Policy would not allow.
    """
    light, dark = ("".join(_properties(scheme)) for scheme in (0, 1))
    tones = "".join(f'[data-tone="{name}"] {{ --tone: var(--{name}); }}\n' for name in TOKENS)
    return (
        f":root {{\n  color-scheme: light dark;\n{light}}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n:root {{\n{dark}}}\n}}\n"
        f"{tones}"
    )


def _properties(scheme: int) -> list[str]:
    return [f"  --{name}: {values[scheme]};\n" for name, values in TOKENS.items()]


def chart_configuration() -> dict[str, Any]:
    """Return the Vega-Lite configuration that every chart shares."""
    ink, muted, line = colour("ink"), colour("muted"), colour("line")
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": "transparent"},
        "axis": {
            "domainColor": muted,
            "gridColor": line,
            "labelColor": muted,
            "labelFontSize": 12,
            "labelPadding": 5,
            "tickColor": muted,
            "tickSize": 4,
            "titleColor": ink,
            "titleFontSize": 12.5,
            "titleFontWeight": "normal",
            "titlePadding": 9,
        },
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False},
        "legend": {"labelColor": ink, "labelFontSize": 12, "titleColor": muted},
    }
