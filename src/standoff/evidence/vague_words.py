"""Vague number words read by a named convention that can be switched: ``dozens`` is 12 for ACLED and 24 word by word.

Conventions: ``acled`` follows the coding rule of the Armed Conflict Location & Event Data Project (tens = 10,
dozens = 12, hundreds = 100); ``plural`` takes the plural at its word (at least two of the unit); ``open`` gives no
number, only "at least two". None of them says how many there were: a value so read is a lower bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from standoff.case.saying import QuantitySaid
from standoff.errors import StandoffError, nearest

CONVENTIONS: dict[str, dict[str, float]] = {
    "acled": {"tens": 10, "dozens": 12, "hundreds": 100, "thousands": 1000},
    "plural": {"tens": 20, "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "millions": 2_000_000},
    "open": dict.fromkeys(("tens", "dozens", "scores", "hundreds", "thousands", "millions"), 2),
}
EXTENDED = {"acled": ("thousands",)}  # words we add by analogy; the published rule stops at hundreds
_SCALES = {"thousands": 1e3, "millions": 1e6}
_WORD = re.compile(r"(?:a few |several )?(\w+)(?: of (thousands|millions))?$")


def convention_name(text: str) -> str:
    """Return the named convention a quantity's ``convention`` gives, or an empty string.

    It is written ``acled`` or ``acled: dozens is 12``. Any other text with an ``is`` or ``=`` states a conversion of
    its own (``a mile is 1.609 km``): the number is then as exact as its bound says.
    """
    name = text.partition(":")[0].strip()
    return name if name in CONVENTIONS else ""


def states_conversion(text: str) -> bool:
    """Whether a ``convention`` states a conversion of its own instead of naming one."""
    return not convention_name(text) and (" is " in text or "=" in text)


@dataclass(frozen=True, slots=True)
class Vague:
    """A vague word as read: its value, always as a lower bound, and the convention that gave it."""

    word: str
    value: float
    convention: str
    extended: bool = False


def find_convention(name: str) -> dict[str, float]:
    """Return the table of a convention. Raises StandoffError with the nearest name when there is none."""
    if name not in CONVENTIONS:
        known, hint = ", ".join(CONVENTIONS), nearest(name, CONVENTIONS)
        raise StandoffError.of(f"there is no convention {name!r}", file="--vague", expected=known, hint=hint)
    return CONVENTIONS[name]


def read_vague(word: str, convention: str = "acled") -> Vague:
    """Read ``dozens`` or ``tens of thousands`` by a convention.

    Raises StandoffError with the nearest name when the convention or the word is unknown.
    """
    table = find_convention(convention)
    found = _WORD.match(word.strip().lower())
    unit = found[1] if found else word
    if found is None or unit not in table:
        raise StandoffError.of(
            f"the convention {convention!r} does not read {word!r}",
            file="--vague",
            expected=", ".join(table),
            hint=nearest(unit, table),
        )
    value = table[unit] * (_SCALES[found[2]] if found[2] else 1)
    return Vague(word.strip().lower(), value, convention, unit in EXTENDED.get(convention, ()))


def word_of(value: float, convention: str) -> str:
    """Return the vague word that a convention reads as this value, or an empty string when it has none."""
    if convention == "open":
        return ""
    for scale, factor in (("", 1.0), (" of thousands", 1e3), (" of millions", 1e6)):
        for word, one in CONVENTIONS.get(convention, {}).items():
            if value == one * factor and not (scale and word in _SCALES):
                return word + scale
    return ""


def switch(said: QuantitySaid, convention: str) -> QuantitySaid:
    """Return the same quantity under another convention; one that is not a vague word stays as it is.

    Raises StandoffError when the new convention is unknown or does not read the word.
    """
    name = convention_name(said.convention)
    if not name or said.value is None or name == convention:
        return said
    word = word_of(said.value, name)
    if not word:
        return said
    return replace(said, value=read_vague(word, convention).value, convention=convention)
