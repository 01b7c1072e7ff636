"""Claims proposed from a text, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff.text.sentences import count, fold
from standoff.text.table import Number, table

if TYPE_CHECKING:
    from standoff.reading.propose import Proposal, Reading

SHORT = 60  # letters of a condition or consequence
HEADS = (Number("line"), "realis", "who", "anchor; what it may say")


def proposal_lines(reading: Reading, text: str, width: int) -> Iterator[str]:
    """Yield the table of proposals, and how many there are; none is accepted."""
    rows = []
    for p in reading.proposals:
        printed = f"{p.source_words} ({p.named}?)" if p.named else p.source_words
        what = f"{p.anchor.anchor}\n[{_content(p)}]{_terms(p, text)}"
        rows.append((str(p.anchor.paragraph), p.realis, p.source or printed or "the author", what))
    if rows:
        yield from table(HEADS, rows, width)
        yield ""
    proposals = count(len(reading.proposals), "proposal")
    yield from fold(f"{proposals}, none accepted; {reading.dropped} dropped for want of an anchor.", width)
    if not rows:
        why = "Every place is there more than once" if reading.dropped else "No statement, number or act was found"
        yield from fold(f"{why}; write the claims by hand.", width)


def _content(p: Proposal) -> str:
    """What a proposal may say, on one line."""
    says = p.says
    if "event" in says:
        sides = " -> ".join(", ".join(says[side]) for side in ("actor", "target") if side in says)
        on = f" {says['date']}" if "date" in says else ""
        return f"{says['event']}?" + (f" {sides if 'actor' in says else '-> ' + sides}" if sides else "") + on
    if "quantity" not in says:
        return "statement"
    ends = [says["value"]] if "value" in says else [says["low"], says["high"]]
    value = " to ".join(f"{end:,.10g}" for end in ends)
    bound = "" if says.get("bound", "exact") in ("exact", "range") else f"{says['bound'].replace('-', ' ')} "
    words = " ".join(w for w in (says.get("unit", ""), says.get("counted", "")) if w)
    on = says.get("window", says.get("as_of", ""))
    return f"{bound}{value}{f' {words}' if words else ''}; {says['measure']}?{f' {on}' if on else ''}"


def _terms(p: Proposal, text: str) -> str:
    """Condition and consequence of a proposal, each shortened, or an empty string."""
    if p.terms is None or p.terms.condition is None:
        return ""

    def short(words: str) -> str:
        return words if len(words) <= SHORT else words[: SHORT - 1].rsplit(" ", 1)[0] + " …"

    return f"\nif: {short(p.terms.condition.of(text))}\nthen: {short(p.terms.consequence.of(text))}"
