"""Numbers as reports give them: units brought to one base, bounds as open or closed intervals, values in words.

Vague number words are read by a named convention that can be switched: ``dozens`` is 12 for ACLED and 24 word by word.
A value so read is a lower bound.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from standoff.case.claims import QuantitySaid
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine

TOLERANCE = 0.1  # how far "about" and "almost" reach, as a share of the value
_MULTIPLES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9}
# unit -> (family, factor to the base that MEASURES names: a share from 0 to 1, kilometres, days, tonnes)
_UNITS = {
    "share": ("share", 1.0),
    "percent": ("share", 0.01),
    "%": ("share", 0.01),
    "per cent": ("share", 0.01),
    "km": ("distance", 1.0),
    "kilometre": ("distance", 1.0),
    "kilometer": ("distance", 1.0),
    "metre": ("distance", 0.001),
    "meter": ("distance", 0.001),
    "mile": ("distance", 1.609344),
    "hour": ("duration", 1 / 24),
    "day": ("duration", 1.0),
    "week": ("duration", 7.0),
    "tonne": ("mass", 1.0),
    "kg": ("mass", 0.001),
}
# ``acled`` follows the coding rule of the Armed Conflict Location & Event Data Project; ``plural`` takes the plural at
# its word (at least two of the unit); ``open`` gives no number, only "at least two". None says how many there were.
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


@dataclass(frozen=True, slots=True, repr=False)
class Vague(OneLine):
    """A vague word as read: its value, always as a lower bound, and the convention that gave it."""

    word: str
    value: float
    convention: str
    extended: bool = False


def find_convention(name: str) -> dict[str, float]:
    """Return the table of a convention. Raises StandoffError with the nearest name when there is none."""
    if name not in CONVENTIONS:
        names, hint = ", ".join(CONVENTIONS), nearest(name, CONVENTIONS)
        raise StandoffError.of(f"there is no convention {name!r}", file="--vague", expected=names, hint=hint)
    return CONVENTIONS[name]


def read_vague(word: str, convention: str = "acled") -> Vague:
    """Read ``dozens`` or ``tens of thousands`` by a convention.

    Raises StandoffError with the nearest name when the convention or the word is unknown.
    """
    table = find_convention(convention)
    match = _WORD.match(word.strip().lower())
    unit = match[1] if match else word
    if match is None or unit not in table:
        raise StandoffError.of(
            f"the convention {convention!r} does not read {word!r}",
            file="--vague",
            expected=", ".join(table),
            hint=nearest(unit, table),
        )
    value = table[unit] * (_SCALES[match[2]] if match[2] else 1)
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


def switch(quantity: QuantitySaid, convention: str) -> QuantitySaid:
    """Return the same quantity under another convention; one that is not a vague word stays as it is.

    Raises StandoffError when the new convention is unknown or does not read the word.
    """
    name = convention_name(quantity.convention)
    if not name or quantity.value is None or name == convention:
        return quantity
    word = word_of(quantity.value, name)
    if not word:
        return quantity
    return replace(quantity, value=read_vague(word, convention).value, convention=convention)


@dataclass(frozen=True, slots=True, repr=False)
class Interval(OneLine):
    """The values a claim allows, from low to high; an open end excludes its own value."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def meets(self, other: Interval) -> bool:
        """Whether some value lies in both intervals."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if math.isclose(low, high, rel_tol=1e-9, abs_tol=1e-12):
            at_low = any(i.low_open for i in (self, other) if math.isclose(i.low, low, rel_tol=1e-9, abs_tol=1e-12))
            at_high = any(i.high_open for i in (self, other) if math.isclose(i.high, high, rel_tol=1e-9, abs_tol=1e-12))
            return not (at_low or at_high)
        return low < high


def exceeds(part: Interval, whole: Interval) -> bool:
    """Whether every value of ``part`` is more than every value of ``whole``."""
    if math.isclose(part.low, whole.high, rel_tol=1e-9, abs_tol=1e-12):
        return part.low_open or whole.high_open
    return part.low > whole.high


@cache
def unit(text: str) -> tuple[str, str, float]:
    """Return (family, label, factor) of a unit text such as ``percent``, ``thousand people`` or ``million usd``.

    Units of one family (shares, distances, durations, masses) convert into each other; any other word is a label of
    its own, and only multiples (thousand, million) are converted.
    """
    words = text.lower().replace("-", " ").split()
    factor = 1.0
    rest = []
    for word in words:
        multiple = _MULTIPLES.get(word) or _MULTIPLES.get(word.removesuffix("s"))
        if multiple is not None and (len(words) > 1 or len(word) > 1):
            factor *= multiple
        elif word not in ("of", "people", "persons"):
            rest.append(word)
    label = " ".join(rest)
    family = _UNITS.get(label) or _UNITS.get(label.removesuffix("s"))
    if family is not None:
        return family[0], "", factor * family[1]
    return "", label, factor


def comparable(a: QuantitySaid, b: QuantitySaid) -> bool:
    """Whether two quantities of one measure are in units that convert; no unit means the base of the measure."""
    (family_a, label_a, _), (family_b, label_b, _) = unit(a.unit), unit(b.unit)
    family_a = family_a or ("" if label_a else _family(a.measure))
    family_b = family_b or ("" if label_b else _family(b.measure))
    if family_a or family_b:
        return family_a == family_b
    return not label_a or not label_b or label_a == label_b


def _family(measure: str) -> str:
    return measure if measure in ("share", "distance", "duration") else ""


@lru_cache(maxsize=1 << 16)
def interval(quantity: QuantitySaid) -> Interval:
    """Return the values a quantity allows, in the base unit.

    ``about`` reaches 10 % either way; ``almost`` lies below its value by at most 10 %; ``more-than`` excludes its
    value. A value read from a vague word by a convention (``dozens`` = 12) is a lower bound: it only says "at least".
    """
    factor = unit(quantity.unit)[2]
    low = quantity.low if quantity.low is not None else quantity.value
    high = quantity.high if quantity.high is not None else quantity.value
    low = -math.inf if low is None else low * factor
    high = math.inf if high is None else high * factor
    slack_low, slack_high = (0.0 if math.isinf(end) else TOLERANCE * abs(end) for end in (low, high))
    if convention_name(quantity.convention) and quantity.low is None and quantity.high is None:
        return Interval(low, math.inf)
    match quantity.bound:
        case "at-least":
            return Interval(low, math.inf)
        case "more-than":
            return Interval(low, math.inf, low_open=True)
        case "at-most":
            return Interval(-math.inf, high)
        case "almost":
            below = low if quantity.low is not None and low < high else high - slack_high
            if math.isinf(high):
                return Interval(low, high)
            return Interval(below, high, high_open=True)
        case "about":
            return Interval(low - slack_low, high + slack_high)
    return Interval(low, high)


def in_full(value: float) -> str:
    """Write a number as people read it: thousands separated, no trailing zeros."""
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:,.6g}"


_BOUND_WORDS = {
    "about": "about ", "at-least": "at least ", "more-than": "more than ", "at-most": "at most ", "almost": "almost ",
}  # fmt: skip


@lru_cache(maxsize=1 << 16)
def worded(quantity: QuantitySaid) -> str:
    """Write a quantity in words, without what it counts: ``at least 20``, ``2.5 to 3 million``."""
    low = quantity.low if quantity.low is not None else quantity.value
    high = quantity.high if quantity.high is not None else quantity.value
    if low is None and high is None:
        text = "a number not told"
    elif low is None or high is None or low == high:
        text = in_full(low if low is not None else high)  # type: ignore[arg-type]
        if quantity.value is None and quantity.bound in ("exact", "range"):
            text = f"at least {text}" if high is None else f"at most {text}"
    else:
        text = f"{in_full(low)} to {in_full(high)}"
    words = _BOUND_WORDS.get(quantity.bound, "") + text + (f" {quantity.unit}" if quantity.unit else "")
    name = convention_name(quantity.convention)
    return f"{words} ({name} convention)" if name else words
