"""The page's colours can be told from what they stand on, in light and in dark."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = (files("autoscaler.runtime.page") / "static" / "page.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", palette))
    for palette in re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)[:2]
)
TEXT = ("ink", "muted", "kept", "late", "age", "perfect")
"""Colours in which words are written: WCAG 2.2, 1.4.3, asks for 4.5."""
SHAPES = ("waiting", "in-hand", "fargate", "promise", "control")
"""Lines, bars and edges of fields: 1.4.11 asks for 3."""


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_words_and_shapes_stand_out_from_the_ground(palette: dict[str, str], ground: str) -> None:
    least = {**dict.fromkeys(TEXT, 4.5), **dict.fromkeys(SHAPES, 3.0)}
    found = {name: round(contrast(palette[name], palette[ground]), 2) for name in least}
    assert {name: found[name] for name in least if found[name] < least[name]} == {}


def test_both_palettes_name_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
