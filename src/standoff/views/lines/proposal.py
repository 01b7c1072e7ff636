"""A draft agreement in this model on a terminal: first what cannot be played, then what is played and what changes."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.runs.proposal import DraftPlay
from standoff.text.sentences import count, fold, listing, percent, quoted
from standoff.text.table_printer import Number, table
from standoff.views.whatif import whatif_lines

MOST = 4  # options named in a sentence


def draft_play_lines(proposal: DraftPlay, title: str, width: int) -> Iterator[str]:
    """Yield the page of a draft: clauses that the model cannot play come first."""
    spec = proposal.run.meta["spec"]
    yield from fold(f"{title}, in this model", width, hang="  ")
    yield from fold(
        f"{spec['days']} days from {spec['start']}, n = {spec['trajectories']:,} for each account; the draft is taken "
        "to be in force from the first day. Whether anybody would sign it is not in the model.",
        width,
        hang="  ",
    )
    silent = [c for c in proposal.clauses if not c.plays]
    playing = [c for c in proposal.clauses if c.plays]
    yield ""
    if silent:
        of = count(len(proposal.clauses), "clause")
        yield from fold(
            f"THE MODEL CANNOT PLAY {len(silent)} OF {of.upper()}: of these it says nothing", width, hang="  "
        )
        for clause in silent:
            yield from fold(f"{clause.title} ({clause.id}): {clause.why}", width, indent="  ", hang="    ")
    else:
        yield f"The model can play all {count(len(proposal.clauses), 'clause')}."
    if playing:
        yield ""
        yield "WHAT OPTIONS ARE TO THE OTHERS"
    for clause in playing:
        yield from fold(f"{clause.title} ({clause.id})", width, indent="  ", hang="    ")
        for word, options in (("met by", clause.meets), ("kept by", clause.keeps), ("broken by", clause.breaks)):
            if options:
                yield from fold(f"{word} {_named(options)}", width, indent="    ", hang="      ")
    if proposal.compliance:
        yield ""
        yield "IN RUNS WITH THE DRAFT: share in which it is in force or due, and broken"
        accounts = list(dict.fromkeys(c.account for c in proposal.compliance))
        cells = {(c.clause, c.account): f"{percent(c.tested)}, {percent(c.broken)}" for c in proposal.compliance}
        names = list(dict.fromkeys(c.clause for c in proposal.compliance))
        rows = [(name, *(cells.get((name, a), "") for a in accounts)) for name in names]
        yield from table(("clause", *map(Number, accounts)), rows, width, indent="  ")
    for run in filter(None, (proposal.run, proposal.without)):
        lines = whatif_lines(proposal.case, run)
        if lines:
            yield ""
        for line in lines:
            lead = line[: len(line) - len(line.lstrip())]
            yield from fold(line.strip(), width, indent=lead, hang=lead + "  ")


def _named(options: tuple[str, ...]) -> str:
    more = len(options) - MOST
    return quoted(options) if more <= 0 else listing([quoted(options[:MOST]), count(more, "other")])
