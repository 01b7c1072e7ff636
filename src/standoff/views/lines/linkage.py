"""Arenas linked to a standoff on a terminal: what the model takes of each, and what leaving it out changes."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.runs.linkage import LinkagePlay
from standoff.text.sentences import count, fold, listing, quoted
from standoff.views.whatif import whatif_lines

MOST = 5  # options named in a sentence


def linkage_lines(play: LinkagePlay, width: int) -> Iterator[str]:
    """Yield the page of arenas: what is supposed of them, then what leaving each out changes."""
    spec = play.run.meta["spec"]
    yield from fold(f"{play.case.about.title}: other disputes between the same actors, in this model", width, hang="  ")
    n = f"{spec['days']} days from {spec['start']}, n = {spec['trajectories']:,} for each account"
    yield from fold(
        f"{n}. How much actors care, and how far options move these, is assumed: read what follows as what the model "
        "makes of that.",
        width,
        hang="  ",
    )
    for arena in play.arenas:
        yield ""
        yield from fold(arena.title, width, hang="  ")
        for name, now in zip(arena.issues, arena.stands, strict=True):
            issue = play.case.issues[name]
            yield from fold(
                f"{issue.title}: from 0 ({issue.zero}) to 1 ({issue.one}) it stands at {now:.2f} on {spec['start']}",
                width,
                indent="  ",
                hang="    ",
            )
        if arena.shocks:
            yield from fold(f"moved before by {listing(arena.shocks)}", width, indent="    ", hang="      ")
        cares = [f"{a} {v:g} ({low:g} to {high:g})" for a, _, v, low, high in arena.saliences]
        yield from fold(
            f"who cares, with the range that runs draw from: {listing(cares)}", width, indent="    ", hang="      "
        )
        more = len(arena.options) - MOST
        acts = [quoted(arena.options[:MOST]), *([count(more, "other")] if more > 0 else [])]
        moved = f"moved by {listing(acts)}" if arena.options else "no option moves it"
        yield from fold(moved, width, indent="    ", hang="      ")
    yield ""
    for line in whatif_lines(play.case, play.run):
        lead = line[: len(line) - len(line.lstrip())]
        yield from fold(line.strip(), width, indent=lead, hang=lead + "  ")
