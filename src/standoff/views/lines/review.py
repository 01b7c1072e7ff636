"""A proposal under review on a terminal: its sentence, the form, what it meets, what would be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from standoff.errors import StandoffError
from standoff.text.sentences import count, fold, visible
from standoff.text.table_printer import table

if TYPE_CHECKING:
    from standoff.evidence.decisions import Disagreement
    from standoff.reading.review import Item, Review, Tally

KEYS = "a accept  e edit  r reject  s split  m merge  + wider  - narrower  u undo  n next  y why  q quit"
FEW = 3
_INDENT = 12


def tally_line(tally: Tally) -> str:
    """Return what waits and what became of the others, on one line."""
    parts = [f"{tally.open} open", f"{tally.accepted} accepted", f"{tally.rejected} rejected"]
    parts += [f"{tally.merged} merged"] if tally.merged else []
    parts += [f"{tally.coded} in the case already"] if tally.coded else []
    parts += [f"{count(tally.lost, 'decision')} whose place is lost"] if tally.lost else []
    return ", ".join(parts)


def item_lines(review: Review, item: Item, width: int, lit: Callable[[str], str]) -> Iterator[str]:
    """Yield an item: why it is asked, its sentence with ``lit`` words, the form, what it meets and what it writes."""
    document = review.case.documents[item.document]
    yield ""
    yield from fold(f"[{item.key}] {item.document}, {document.published}: {item.why}", width)
    before, words, after = review.lit(item)
    mark = "\u2063"  # keeps the lit words together with their marks while lines are folded
    for line in fold(visible(f"{before}{mark}{words}{mark}{after}").replace("\n", " "), width, indent="  ", hang="  "):
        yield lit(line)
    for name, value in item.fields.items():
        if name != "text":
            yield from fold(f"  {name:9} {value}", width, hang=" " * _INDENT)
    if unknown := [name for name in review.essentials(item) if not item.fields.get(name)]:
        yield from fold(f"  not known {', '.join(unknown)}", width, hang=" " * _INDENT)
    yield from plan_lines(review, item, width)
    for meeting in item.meetings[:FEW]:
        what = f" {meeting.claim}" if meeting.claim else ""
        yield from fold(f"  {meeting.kind}{what}: {meeting.reason}", width, hang="    ")
    if len(item.meetings) > FEW:
        yield f"  and {len(item.meetings) - FEW} more"
    if (near := review.near_events(item)) and not item.fields.get("row"):
        yield from fold(f"  perhaps told already: {', '.join(near[:FEW])}; e row={near[0]}", width, hang="    ")


def plan_lines(review: Review, item: Item, width: int) -> Iterator[str]:
    """Yield what accepting would write, or what keeps it from being written."""
    try:
        plan = review.plan(item)
    except StandoffError as error:
        for problem in error.problems:
            yield from fold(f"  to do     {problem}", width, hang=" " * _INDENT)
        return
    for line in plan.writes:
        yield from fold(f"  writes    {line}", width, hang=" " * _INDENT)


def why_lines(review: Review, item: Item, width: int) -> Iterator[str]:
    """Yield how an item was made, all it meets, and what was decided on it so far."""
    proposal = item.proposal
    printed = proposal.source_words + (f" ({proposal.named}?)" if proposal.named else "")
    yield from fold(f"  made by   {proposal.why}; source as printed: {printed or 'none'}", width, hang=" " * _INDENT)
    for meeting in item.meetings:
        dispute = f" (dispute {meeting.dispute})" if meeting.dispute else ""
        what = f"{meeting.kind} {meeting.claim}{dispute}: {meeting.reason}"
        yield from fold(f"  meets     {what}", width, hang=" " * _INDENT)
    for move in item.moves:
        yield from fold(f"  verdict   {move}", width, hang=" " * _INDENT)
    for one in item.log:
        what = one.reason or ", ".join(f"{k}={v}" for k, v in one.values.items() if k != "text")
        yield from fold(f"  decided   {one.at} {one.by}: {one.act} {what}".rstrip(), width, hang=" " * _INDENT)


def item_record(review: Review, item: Item) -> dict[str, Any]:
    """Return an item as plain data."""
    before, words, after = review.lit(item)
    try:
        plan = review.plan(item)
        writes, problems = list(plan.writes), []
    except StandoffError as error:
        writes, problems = [], [str(problem) for problem in error.problems]
    return {
        "item": item.key,
        "document": item.document,
        "why": item.why,
        "sentence": f"{before}{words}{after}",
        "words": words,
        "fields": dict(item.fields),
        "meets": [{"kind": m.kind, "claim": m.claim, "reason": m.reason} for m in item.meetings],
        "verdicts": list(item.moves),
        "writes": writes,
        "to_do": problems,
    }


def disagreement_lines(several: tuple[Disagreement, ...], both: int, agree: int, width: int) -> Iterator[str]:
    """Yield on how many proposals reviewers agree, and each on which they do not."""
    yield f"{count(both, 'proposal')} closed by two or more reviewers; they agree on {agree}"
    rows = []
    for one in several:
        says = "\n".join(f"{d.by}: {d.act}" + (f", {d.reason}" if d.reason else "") for d in one.says)
        rows.append((one.document, visible(one.words), one.kind, says))
    if rows:
        yield from table(("document", "words", "they differ", "last words"), rows, width)
