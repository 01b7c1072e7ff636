"""Names of areas and of their totals, in tables of people."""

from __future__ import annotations

import re
import unicodedata

from standoff.files.table_reader import is_total

_TOTAL_OF = re.compile(
    r"(?:sub-?)?totals? [^\W\d_].*|.*\s(?:sub-?)?total|(?:sous-total|итого|всего|всього|разом|"
    r"إجمالي|مجموع|المجموع|الإجمالي)[\s:-].*|.*\s(?:toplam|toplamı)",
    re.IGNORECASE,
)


def named_total(name: str) -> str:
    """Return the area that a name says it is the total of, or nothing: North of North total."""
    words = [word for word in re.split(r"[\s:-]+", name) if not is_total(word) and folded(word) not in _OF]
    return " ".join(words) if is_total_name(name) else ""


_OF = frozenset(("of", "for", "de", "du", "des", "in", "la", "le", "the", "sub", "grand", "sous", "toplamı"))


def is_total_name(name: str) -> bool:
    """Whether a name says that it is a total, alone or of an area: North total, sous-total Nord."""
    return is_total(name) or bool(_TOTAL_OF.fullmatch(name.strip(" .:")))


def folded(name: str) -> str:
    """Return a name without case, marks and spaces, so that writings of one name are equal."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.sub(r"[^\w]+|_", " ", text).split())
