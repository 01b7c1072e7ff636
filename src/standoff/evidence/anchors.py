"""Anchors: the place of a claim in a text the reader owns, verified, shown in place, and found again after edits.

Selectors follow the W3C Web Annotation model: a TextQuoteSelector (exact, prefix, suffix) and a TextPositionSelector
(start, end), both in Unicode code points of the text with its line ends as ``\\n``. Matching happens in a view of the
same length in which typographic quotes, dashes and spaces are plain, so that offsets hold in the text itself.

A place found again after edits is the best alignment of prefix + exact + suffix with the text (Sellers 1980), taken
only if it is good, clearly better than the next, and the quoted words themselves are still there. Anything else is
reported as lost: never a guess.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import LCSseq, Levenshtein

from standoff.case.claims import Anchor
from standoff.oneline import OneLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONTEXT = 48  # code points of prefix and suffix; the model of the W3C sets no length
WORST = 0.4  # alignment errors allowed, as a share of prefix + exact + suffix
WORST_EXACT = 0.34  # errors allowed inside the quoted words
KEPT = 0.8  # letters of the quoted words that must be left, in order, where something was put between them
MARGIN = 0.08  # how much better the best place must be than the next, as a share of prefix + exact + suffix
_CHUNK = 100_000
_PLAIN = str.maketrans("‘’‚‛“”„‟«»′″‐‑‒–—―\u00a0\u2007\u2009\u202f\t", '\'\'\'\'""""""\'"------     ')


@dataclass(frozen=True, slots=True, repr=False)
class Selector(OneLine):
    """A W3C TextQuoteSelector and TextPositionSelector of one place, in code points; ``end`` is exclusive."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, repr=False)
class Match(OneLine):
    """Where a place is: code points ``start`` to ``end`` (exclusive), and how sure: exact, moved or changed."""

    start: int
    end: int
    how: str


@dataclass(frozen=True, slots=True, repr=False)
class Lost(OneLine):
    """Why a place was not found: ``missing``, ``ambiguous`` (several fit) or ``rewritten`` (its words changed)."""

    why: str


def normal(text: str) -> str:
    """Return a text with line ends as ``\\n`` and no byte-order mark; every offset counts in this text."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def view(text: str) -> str:
    """Return the same text, code point for code point, with typographic quotes, dashes and spaces made plain."""
    return text.translate(_PLAIN)


def select(text: str, start: int, end: int, context: int = CONTEXT) -> Selector:
    """Return the selector of one place of a text. Raises ValueError when the place lies outside it."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"expected 0 <= start < end <= {len(text)}, got {start} and {end}")
    return Selector(text[start:end], text[max(0, start - context) : start], text[end : end + context], start, end)


@lru_cache(maxsize=8)  # the texts at hand: a review asks thousands of times of one
def _ends(text: str) -> tuple[int, ...]:
    """Return the offset at which each line of a text ends."""
    return (*(match.start() for match in re.finditer("\n", text)), len(text))


def paragraph_of(text: str, offset: int) -> int:
    """Return the 1-based line an offset lies on; one line is one paragraph."""
    return bisect_left(_ends(text), min(offset, len(text))) + 1


def bounds(text: str, paragraph: int) -> tuple[int, int]:
    """Return start and end of a 1-based line. Raises IndexError when the text has no such line."""
    ends, line = _ends(text), max(paragraph, 1)
    if line > len(ends):
        raise IndexError(paragraph)
    return ends[line - 2] + 1 if line > 1 else 0, ends[line - 1]


def occurrences(text: str, words: str, start: int = 0, end: int | None = None) -> list[int]:
    """Return every offset at which some words stand, overlapping ones included."""
    places = []
    at = text.find(words, start, end)
    while at >= 0 and words:
        places.append(at)
        at = text.find(words, at + 1, end)
    return places


def find_anchor(text: str, anchor: Anchor) -> Match | Lost:
    """Find an anchor in its paragraph, word for word; prefix and suffix choose among several places.

    ``text`` must be ``normal``. Lost is ``missing`` when the words are not on that line, ``ambiguous`` when they stand
    there more than once and prefix and suffix do not tell which is meant.
    """
    words, before, after = view(anchor.anchor), view(anchor.prefix), view(anchor.suffix)
    try:
        first, last = bounds(text, anchor.paragraph)
    except IndexError:
        return Lost("missing")
    low = max(0, first - len(before))
    plain = view(text[low : last + len(after)])  # of a long text no more than can tell
    places = [
        place
        for place in occurrences(plain, words, first - low, last - low)
        if place >= len(before)
        and plain.startswith(before, place - len(before))
        and plain.startswith(after, place + len(words))
    ]
    if len(places) != 1:
        return Lost("ambiguous" if places else "missing")
    return Match(low + places[0], low + places[0] + len(words), "exact")


def _row_ends(pattern: NDArray[np.int32], text: NDArray[np.int32], *, whole: bool = False) -> NDArray[np.int32]:
    """Least number of edits that turn some substring ending at each offset into ``pattern``; ``[len(text) + 1]``.

    With ``whole`` it is all of the text up to each offset that is turned. rapidfuzz aligns a pattern with windows of
    one length and gives the best only; here the second best counts as much.
    """
    import numpy as np

    column = np.arange(len(text) + 1, dtype=np.int32)
    row = column if whole else np.zeros(len(text) + 1, dtype=np.int32)
    for number, letter in enumerate(pattern, 1):
        step = np.empty_like(row)
        step[0] = number
        step[1:] = np.minimum(row[1:] + 1, row[:-1] + (text != letter))
        row = np.minimum.accumulate(step - column) + column
    return row


def _codes(text: str) -> NDArray[np.int32]:
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le"), dtype=np.int32)


def _start(pattern: str, text: str) -> int:
    """Return where the substring ending at the end of a short text begins that fits a pattern best.

    Of several that fit alike it is the one whose length is nearest to the pattern's.
    """
    import numpy as np

    row = _row_ends(_codes(pattern)[::-1], _codes(text)[::-1], whole=True)
    lengths = np.flatnonzero(row == row.min())
    return len(text) - int(lengths[np.argmin(np.abs(lengths - len(pattern)))])


def _inner(pattern: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a text that corresponds to ``pattern[start:end]`` where all of both is aligned.

    Text inserted at an edge of the part belongs outside it: the latest start, the earliest end.
    """
    blocks = Levenshtein.opcodes(pattern, text)
    first = max(min(b.dest_start + max(start - b.src_start, 0), b.dest_end) for b in blocks if b.src_start <= start)
    last = min(max(b.dest_end - max(b.src_end - end, 0), b.dest_start) for b in blocks if b.src_end >= end)
    return first, last


def _best(pattern: str, text: str) -> list[tuple[int, int]]:
    """Return (errors, end) of the places that fit best, best first, none within half a pattern of a better one."""
    import numpy as np

    codes, words = _codes(text), _codes(pattern)
    limit = int(WORST * len(pattern)) + max(2, int(MARGIN * len(pattern)))
    fits: list[tuple[int, int]] = []
    overlap = 2 * len(pattern)
    for first in range(0, max(1, len(text)), _CHUNK):
        shift = max(0, first - overlap)
        row = _row_ends(words, codes[shift : first + _CHUNK])
        fits += [(int(row[k]), int(k) + shift) for k in np.flatnonzero(row <= limit)]
    kept: list[tuple[int, int]] = []
    for errors, end in sorted(fits):
        if len(kept) == 2:
            break
        if all(abs(end - other) > len(pattern) // 2 for _, other in kept):
            kept.append((errors, end))
    return kept


def _still_there(exact: str, words: str) -> bool:
    """Whether the quoted words are still there: few edits, or nearly all their letters with something put between."""
    if Levenshtein.distance(exact, words) <= WORST_EXACT * len(exact):
        return True
    return LCSseq.similarity(exact, words) >= KEPT * len(exact) and len(words) <= 2 * len(exact)


def refind(text: str, selector: Selector, *, unedited: bool = False) -> Match | Lost:
    """Find a place again in a text that may have been edited.

    ``text`` must be ``normal``. With ``unedited`` (the text's hash is that of the text the selector was made on) the
    position alone decides. Otherwise the quote with its prefix and suffix must fit one place clearly better than any
    other. Returns Match (``exact`` at the old offset, ``moved``, or ``changed`` when the words were edited) or Lost.
    """
    plain = view(text)
    exact, prefix, suffix = view(selector.exact), view(selector.prefix), view(selector.suffix)
    if not exact:
        return Lost("missing")
    if unedited and plain[selector.start : selector.end] == exact:
        return Match(selector.start, selector.end, "exact")
    pattern = prefix + exact + suffix
    whole = occurrences(plain, pattern)
    if len(whole) == 1:
        start = whole[0] + len(prefix)
        return Match(start, start + len(exact), "exact" if start == selector.start else "moved")
    if whole:
        return Lost("ambiguous")
    fits = _best(pattern, plain)
    if not fits or fits[0][0] > WORST * len(pattern):
        return Lost("missing")
    if len(fits) > 1 and fits[1][0] - fits[0][0] < max(2, MARGIN * len(pattern)):
        return Lost("ambiguous")
    end = fits[0][1]
    first = max(0, end - len(pattern) - fits[0][0])
    first += _start(pattern, plain[first:end])
    start, stop = (first + at for at in _inner(pattern, plain[first:end], len(prefix), len(prefix) + len(exact)))
    verbatim = occurrences(plain, exact, max(0, start - len(exact)), min(len(plain), stop + len(exact)))
    if len(verbatim) == 1:
        start, stop = verbatim[0], verbatim[0] + len(exact)
    if stop <= start or not _still_there(exact, plain[start:stop]):
        return Lost("rewritten")
    if plain[start:stop] != exact:
        return Match(start, stop, "changed")
    return Match(start, stop, "exact" if start == selector.start else "moved")
