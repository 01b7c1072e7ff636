"""Conditional promises and threats: the condition and the consequence of a content, and who would be bound."""

from __future__ import annotations

import re
from dataclasses import dataclass

from standoff.evidence.reading.sentences import Span, trimmed

_IF = re.compile(
    r"\b(?:if|unless|in (?:the )?(?:case|event) (?:of|that)|should (?=the |they |he |it |any )|provided that|"
    r"(?:on|under) (?:the )?condition that|"
    r"as long as)\s*",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\s*\"?(?P<who>(?:\S+\s+){1,6}?)(?:would|will|shall|could|may|might|must|won't|cannot)\b", re.IGNORECASE
)
_SELF = re.compile(r"(?:we|i|he|she|they|it)\b", re.IGNORECASE)
_BOUND = re.compile(r"\b(?:would|will|shall|could|may|might|must|won't|'ll|going to|to)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Terms:
    """Spans of a text: the condition (None if there is none), the consequence, and who is bound (None: the speaker)."""

    condition: Span | None
    consequence: Span
    debtor: Span | None


def _debtor(plain: str, consequence: Span) -> Span | None:
    found = _SUBJECT.match(plain, consequence.start, consequence.end)
    if found is None:
        return None
    span = trimmed(plain, *found.span("who"), ' \t,;:"')
    words = plain[span.start : span.end]
    return None if not words or _SELF.match(words) else span


def terms(plain: str, content: Span, realis: str) -> Terms | None:
    """Find the terms of a content told as ``realis``, or None when it binds nobody.

    ``plain`` must be ``plain_view``. With a condition, the consequence is the clause before or after it that has a
    modal verb; without one, only what is threatened or promised has terms.
    """
    mark = _IF.search(plain, content.start, content.end)
    if mark is None:
        if realis not in ("threatened", "promised"):
            return None
        return Terms(None, content, _debtor(plain, content))
    comma = re.compile(r"[,;]\s|\bthen\b").search(plain, mark.end(), content.end)
    end = comma.start() if comma else content.end
    condition = trimmed(plain, mark.end(), end, ' \t,;:."')
    later = Span(comma.end(), content.end) if comma else Span(content.end, content.end)
    sooner = Span(content.start, mark.start())
    # Prefer the clause after the condition; the one before it where the condition closes the sentence.
    for clause in (later, sooner):
        if clause.start < clause.end and _BOUND.search(plain, clause.start, clause.end):
            consequence = trimmed(plain, clause.start, clause.end, ' \t,;:."')
            if consequence.start < consequence.end and condition.start < condition.end:
                return Terms(condition, consequence, _debtor(plain, consequence))
    return None
