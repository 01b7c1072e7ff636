"""Claims proposed from a text, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff.text.sentences import count, fold
from standoff.text.table_printer import Number, table

if TYPE_CHECKING:
    from standoff.reading.language_model import ModelReading
    from standoff.reading.propose import Proposal, Reading

SHORT = 60  # letters of a condition or consequence
HEADS = (Number("line"), "realis", "who", "anchor; what it may say")


def proposal_lines(reading: Reading, text: str, width: int) -> Iterator[str]:
    """Yield the table of proposals, and how many there are; none is accepted."""
    rows = []
    for p in reading.proposals:
        printed = f"{p.source_words} ({p.named}?)" if p.named else p.source_words
        what = f"{p.anchor.anchor}\n[{_content(p)}]{_terms(p, text)}{_readers(p)}"
        unnamed = "the author" if p.voice == "narrator" else "not told"
        rows.append((str(p.anchor.paragraph), p.realis, p.source or printed or unnamed, what))
    if rows:
        yield from table(HEADS, rows, width)
        yield ""
    proposals = count(len(reading.proposals), "proposal")
    yield from fold(f"{proposals}, none accepted; {reading.dropped} dropped for want of an anchor.", width)
    if reading.foreign:
        sentences = count(len(reading.foreign), "sentence")
        lines = sorted({text.count("\n", 0, span.start) + 1 for span in reading.foreign})
        where = ", ".join(map(str, lines[:8])) + (", ..." if len(lines) > 8 else "")
        yield from fold(f"{sentences} in another language, not read by rules (line {where}): --llm reads them.", width)
    if not rows:
        why = "Every place is there more than once" if reading.dropped else "No statement, number or act was found"
        yield from fold(f"{why}; write the claims by hand.", width)


def second_reader_lines(reading: ModelReading) -> list[str]:
    """What a model proposed and what of it was dropped, one line each."""
    cached = f", {reading.from_cache} from the cache" if reading.from_cache else ""
    lines = [
        f"second reader: {count(len(reading.proposals), 'proposal')} of {count(reading.asked_of, 'question')}{cached}."
    ]
    return lines + [f"dropped: {number} where {why}." for why, number in reading.dropped.items()]


def _readers(p: Proposal) -> str:
    """Who read a place, where it was not the rules alone, and in what the other differs."""
    who = "" if p.reader == "rules" else f"\nread by {p.reader}" + (f": {p.english}" if p.english else "")
    return who + (f"\nreaders differ; {p.disagrees}" if p.disagrees else "")


def _content(p: Proposal) -> str:
    """What a proposal may say, on one line."""
    says = p.says
    if "event" in says:
        sides = " -> ".join(", ".join(says[side]) for side in ("actor", "target") if side in says)
        on = f" {says['date']}" if "date" in says else ""
        on += f" at {p.place}" if p.place else ""
        return f"{says['event']}?" + (f" {sides if 'actor' in says else '-> ' + sides}" if sides else "") + on
    if "commitment" in says:
        terms = says["commitment"]
        to = f" -> {', '.join(terms['creditor'])}" if "creditor" in terms else ""
        by = f" by {terms['by']}" if "by" in terms else ""
        return f"{terms['form']}? {', '.join(terms.get('debtor', ['nobody named']))}{to}{by}"
    if "quantity" not in says:
        return "statement"
    ends = [says["value"]] if "value" in says else [says["low"], says["high"]]
    value = " to ".join(f"{end:,.10g}" for end in ends)
    bound = "" if says.get("bound", "exact") in ("exact", "range") else f"{says['bound'].replace('-', ' ')} "
    words = " ".join(w for w in (says.get("unit", ""), says.get("counted", "")) if w)
    on = " ".join(w for w in (says.get("window", says.get("as_of", "")), p.place and f"at {p.place}") if w)
    return f"{bound}{value}{f' {words}' if words else ''}; {says['measure']}?{f' {on}' if on else ''}"


def _terms(p: Proposal, text: str) -> str:
    """Condition and consequence of a proposal, each shortened, or an empty string."""
    if p.terms is None or p.terms.condition is None:
        return ""

    def short(words: str) -> str:
        return words if len(words) <= SHORT else words[: SHORT - 1].rsplit(" ", 1)[0] + " …"

    return f"\nif: {short(p.terms.condition.of(text))}\nthen: {short(p.terms.consequence.of(text))}"
