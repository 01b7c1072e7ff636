"""Numbers, shares, dates, lists and paragraphs, each by one writer; a chance is a number and never a word."""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable
from datetime import date

from standoff.values import When

# Numbers.


def rounded(x: float, digits: int = 2) -> float:
    """Round to significant digits, halves away from zero."""
    if x == 0 or not math.isfinite(x):
        return x
    scale = 10.0 ** (math.floor(math.log10(abs(x))) - digits + 1)
    return math.copysign(math.floor(abs(x) / scale + 0.5) * scale, x)


def number(x: float, digits: int = 2) -> str:
    """Return a number to two significant digits, thousands separated: ``950,000``, ``7.3``, ``0.042``."""
    if not math.isfinite(x):
        return "not known"
    value = rounded(x, digits)
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(low: float, high: float) -> str:
    """Return a range of numbers: ``610,000 to 740,000``."""
    first, last = number(low), number(high)
    return first if first == last else f"{first} to {last}"


def people(x: float) -> str:
    """Return a number of people to the last one, for a table beside a report: ``948,123``."""
    return f"{x:,.0f}"


def thousands(x: float) -> str:
    """Return a number of people in whole thousands: ``948``."""
    return people(x / 1000)


def signed(x: float, digits: int = 2) -> str:
    """Return a difference with its sign, a true minus for less: ``+4,500``, ``\N{MINUS SIGN}12``, ``0``."""
    text = number(abs(x), digits)
    return text if text == "0" else ("+" if x > 0 else "\N{MINUS SIGN}") + text


def count(n: int, one: str, many: str = "") -> str:
    """Return a count with its noun: ``1 run``, ``1,000 runs``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


# Shares and chances.

_TINY = 1e-9  # what floating point leaves of a share that is 0 or 1


def percent(p: float) -> str:
    """Return a share as a whole percent; what rounds to 0 or 100 without being it says so."""
    if _TINY < p < 0.01:
        return "under 1 %"
    if 0.99 < p < 1 - _TINY:
        return "over 99 %"
    return f"{_whole(p)} %"


def _whole(share: float) -> int:
    return math.floor(100 * share + 0.5)


def percents(low: float, high: float) -> str:
    """Return a range of shares: ``61 to 74 %``."""
    first, last = percent(low), percent(high)
    return first if first == last else f"{first.removesuffix(' %')} to {last}"


def points(share: float) -> str:
    """Return a difference of shares in percentage points, to a tenth: ``+4.2``, ``0``."""
    value = round(100 * share, 1)
    text = f"{abs(value):.1f}".removesuffix(".0")
    return ("+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "") + text


def in_twenty(p: float, what: str) -> str:
    """Return a natural frequency: ``in 7 of 20 simulated futures, what``."""
    return f"in {math.floor(20 * p + 0.5)} of 20 simulated futures {what}"


# Dates.

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | str | None) -> str:
    """Return a date as people write it: ``12 Oct 2018``; nothing for None."""
    if value is None or value == "":
        return ""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def when(value: When | None) -> str:
    """Return a date with its precision: ``12 Oct 2018``, ``Sep 2018``, ``1 to 8 Sep 2018``, ``until 10 Sep 2018``."""
    if value is None:
        return ""
    about = "about " if value.approximate else ""
    start, end = value.start, value.end
    if start is None or end is None:
        return f"{about}until {day(end)}" if start is None else f"{about}from {day(start)}"
    if start == end:
        return about + day(start)
    if "/" not in value.text:
        whole_month = (start.year, start.month) == (end.year, end.month)
        return about + (f"{_MONTHS[start.month - 1]} {start.year}" if whole_month else str(start.year))
    if (start.year, start.month) == (end.year, end.month):
        return f"{about}{start.day} to {day(end)}"
    return f"{about}{day(start)} to {day(end)}"


def days_in_words(published: When | None, about: When | None) -> str:
    """Return both days of a report: ``said 12 Sep 2018 of 10 Sep 2018``; what is not known is left out or said so."""
    is_open = about is not None and (about.start is None or about.end is None)
    day_of = f"the time {when(about)}" if is_open else when(about)
    if published is None:
        return f"of {day_of}, day of saying not told" if about is not None else "no day told"
    first = f"said {when(published)}"
    if about is None:
        return first
    return f"{first} of the same day" if published.text == about.text else f"{first} of {day_of}"


def reported_in_words(about: When | None, published: When | date | None) -> str:
    """Return when something was, and when it was reported, if on another day: ``3 Feb 2020, reported 5 Feb 2020``.

    A row of a feed is known from its own day at the earliest: then only the last day says something.
    """
    if published is None:
        return when(about)
    on = published if isinstance(published, When) else When.parse(published)
    if about is None:
        return f"reported {when(on)}"
    if (on.start, on.end) == (about.start, about.end):
        return when(about)
    by = f"by {day(on.end)}" if on.end is not None and on.start == about.start != on.end else when(on)
    return f"{when(about)}, reported {by}"


# Lists and names.


def listing(items: Iterable[str], last: str = "and") -> str:
    """Join words as a person does: ``a, b and c``."""
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def quoted(items: Iterable[str]) -> str:
    """Join titles that stand inside a sentence: “a”, “b” and “c”."""
    return listing(f"\N{LEFT DOUBLE QUOTATION MARK}{item}\N{RIGHT DOUBLE QUOTATION MARK}" for item in items)


def shortlist(items: Iterable[str], most: int) -> str:
    """Join ids by commas; of more than ``most`` the first, and how many more there are."""
    names = list(items)
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def label(account: str, kind: str) -> str:
    """Return how an account is named beside a verdict: the record, a party by its id, a reading as one."""
    if kind == "record":
        return "the record"
    return account if kind == "statement" else f"{account} (reading)"


# Text: folded at blanks, never between a number and what it counts; nothing in it turns a line around.

WIDTH = 80
_BLANK = re.compile(r"(?<=\d) (?=%|of \d|days?\b|people\b|km\b)|(?<=\bn) (?==)|(?<=\bn =) (?=\d)")
_GLUE = "\ue000"  # a private letter: neither textwrap nor rich breaks at it
_PERCENT = re.compile(r"(?<=\d) (?=%)|(?<=\bunder) (?=1 %)|(?<=\bover) (?=99 %)")
# Characters that change the direction of what follows them: shown, never obeyed.
_BIDI = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xE000, 0xE001],
    "\N{REPLACEMENT CHARACTER}",
)


def glue(text: str) -> str:
    """Return text in which no blank is left between a number and what it counts, until ``unglue`` puts it back."""
    return _BLANK.sub(_GLUE, text)


def unglue(text: str) -> str:
    """Return text with the blanks that ``glue`` took."""
    return text.replace(_GLUE, " ")


def fold(text: str, width: int = WIDTH, *, indent: str = "", hang: str = "") -> list[str]:
    """Return the lines of a paragraph: ``indent`` before the first, ``hang`` before the others; [""] of no text."""
    rows = textwrap.wrap(glue(text), width, initial_indent=indent, subsequent_indent=hang, break_on_hyphens=False)
    return [unglue(row).replace("\N{NO-BREAK SPACE}", " ") for row in rows] or [""]


def refold(lines: Iterable[str], width: int = WIDTH) -> Iterable[str]:
    """Yield lines; what is wider than ``width`` goes on below, two columns further in."""
    for line in lines:
        inner = len(line) - len(line.lstrip())
        yield from fold(line.strip(), width, indent=" " * inner, hang=" " * (inner + 2))


def nonbreaking(text: str) -> str:
    """Return text in which a percent sign and the n of a figure stay on the line of their number, for a page."""
    return _PERCENT.sub("\N{NO-BREAK SPACE}", text).replace("n = ", "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")


def visible(text: str) -> str:
    """Return text in which direction-changing and control characters are shown as a mark, never obeyed."""
    marked = text.translate(_BIDI)
    if marked.isprintable():  # as nearly all text is, and several times faster
        return marked
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in marked
    )
