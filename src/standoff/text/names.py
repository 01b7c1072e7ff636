"""Which of several things a written name means: by id or by what it is called; case and accents do not count."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from standoff.errors import StandoffError, closest, nearest
from standoff.text.sentences import listing

MOST_SHOWN = 6


def comparable_name(text: str) -> str:
    """Return a name for comparison: composed letters, small, hyphens and underlines as blanks, no marks above."""
    letters = unicodedata.normalize("NFD", text.replace("’", "'").replace("-", " ").replace("_", " "))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


def place_named(
    names: Mapping[str, Sequence[Sequence[str]]],
    text: str,
    option: str,
    kinds: Mapping[str, str] | None = None,
    *,
    what: str = "place",
) -> str:
    """Return the id that a name means.

    Parameters
    ----------
    names : what each id is called, in groups of falling precedence (its names, then its aliases)
    text : an id, or a name as somebody writes it; letter case, hyphens and accents do not count
    option : where it was written, for messages
    kinds : the kind of each id, for messages
    what : what is looked for

    Raises
    ------
    StandoffError
        Where none or several are called so.
    """
    if text in names:
        return text
    folded = comparable_name(text)
    kinds = kinds or {}
    levels = max((len(groups) for groups in names.values()), default=0)
    found = [key for key in names if comparable_name(key) == folded]
    for level in range(levels):
        if found:
            break
        found = [
            key
            for key, groups in names.items()
            if level < len(groups) and folded in {comparable_name(name) for name in groups[level]}
        ]
    if len(found) == 1:
        return found[0]
    if found:
        shown = listing(f"{key} ({kinds.get(key, what).replace('_', ' ')})" for key in found[:MOST_SHOWN])
        raise StandoffError.of(f"{text!r} is the name of {len(found)} {what}s", file=option, expected=f"one of {shown}")
    labels = {comparable_name(name): key for key, groups in names.items() for group in groups for name in group}
    near = nearest(text, names) or nearest(folded, labels)
    if near and not nearest(text, names):
        key = labels[closest(folded, labels) or folded]
        near = f"did you mean {key!r} ({listing(name for group in names[key][:1] for name in list(group)[:1])})?"
    raise StandoffError.of(f"there is no {what} {text!r}", file=option, expected=f"a {what} by id or name", hint=near)
