"""Whom a record accuses, on what, with what answer, and what rests on one voice, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from standoff.case.restrictions import named
from standoff.text.sentences import count, fold, listing, shortlist
from standoff.text.table_printer import Column, Number, table

if TYPE_CHECKING:
    from standoff.commitments.audit import Accused, Audit, OneVoice, Truce

MOST = 20  # ids or hosts of one list; --json has them all
HEADS: tuple[Column, ...] = ("party", *map(Number, ("acts", "cont", "no ans", "not cit", "uns", "1 voice")))


def audit_lines(
    result: Audit, width: int, most: int = MOST, events: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[str]:
    """Yield the lines of an audit, none wider than ``width``; ``events`` tell which ids may not be passed on."""
    yield from fold(_answer(result), width)
    yield ""
    yield from table(HEADS, map(_counts, result.parties), width)
    notes = (
        "acts: rows that name the party as who did it; cont: contested; no ans: without its answer; "
        "not cit: carried by no wire and no monitor; uns: marked unsourced, read by no ledger; "
        "1 voice: verdicts on its promises and threats that rest on one voice."
    )
    yield from fold(notes, width)
    for party in result.parties:
        yield ""
        yield from _party(party, width, most, events)
    if result.one_voice:
        yield ""
        yield from fold("Verdicts of the record that rest on one voice", width, hang="  ")
        for one in result.one_voice:
            yield from _one_voice(one, width, most, events)
    if result.truces:
        yield ""
        yield from fold("Acts by each side of each truce, while it was in force", width, hang="  ")
        for truce in result.truces:
            yield from _truce(truce, width)
        yield from fold("These are rows of the record, which is a selection: no count of what happened.", width)
    for title, names in (("Hosts", result.hosts), ("Sources", result.sources)):
        if names:
            yield ""
            judged = [f"{name}\u00a0{n}" for name, n in names.items()]  # a name and its number stay on one line
            uses = f"{len(names)}, {count(sum(names.values()), 'use')}"
            line = f"{title} that nobody has judged, with their uses ({uses}): {shortlist(judged, most)}"
            yield from fold(line, width, hang="  ")
    if result.hosts:
        yield from fold("What is not judged is never citable: give it a row in publishers.csv.", width)


def _answer(result: Audit) -> str:
    rows = count(len(result.accusing), "row accuses", "rows accuse")
    parts = [
        f"{rows} somebody by name on {result.on}: {len(result.unanswered)} without the answer of everybody accused",
        f"{len(result.uncitable)} on sources that no newsroom could cite",
    ]
    text = " and ".join(parts) if result.accusing else f"No row accuses anybody by name on {result.on}"
    text += f". {count(len(result.unsourced), 'row is', 'rows are')} marked unsourced and read by no ledger."
    rest = count(len(result.one_voice), "verdict of the record rests", "verdicts of the record rest")
    text += f" {rest} on one voice."
    if result.unnamed:
        text += f" {count(len(result.unnamed), 'violent act names', 'violent acts name')} nobody."
    return text


def _counts(party: Accused) -> tuple[str, ...]:
    counts = (
        len(party.acts),
        len(party.contested),
        len(party.unanswered),
        sum(map(len, party.uncitable.values())),
        len(party.unsourced),
        len(party.one_voice),
    )
    return (party.actor, *(str(n or "") for n in counts))


def _party(party: Accused, width: int, most: int, events: Mapping[str, Any]) -> Iterator[str]:
    title = f"{party.actor}: {party.name}"
    if party.blocs:
        title += f", part of {', '.join(party.blocs)}"
    yield from fold(title, width, hang="  ")
    acts = count(len(party.acts), "violent act")
    if party.shared:
        acts += f", {len(party.shared)} of them named with others"
    if party.members:
        acts += f"; those of {', '.join(party.members)} stand under their own names"
    yield from fold(acts, width, indent="  ", hang="    ")
    lists = [("contested", party.contested), ("without its answer", party.unanswered)]
    lists += [(f"not citable, {_standing(standing)}", ids) for standing, ids in party.uncitable.items()]
    lists += [("unsourced", party.unsourced)]
    for name, ids in lists:
        if ids:
            yield from fold(
                f"{name} ({len(ids)}): {shortlist(named(ids, events), most)}", width, indent="  ", hang="    "
            )


def _one_voice(one: OneVoice, width: int, most: int, events: Mapping[str, Any]) -> Iterator[str]:
    at = f" at {one.key}" if one.key else ""
    owed = f"owed by {listing(one.debtor)}"
    which = shortlist(named(one.events, events), most)
    text = f"{one.commitment}{at}, {owed}: {one.verdict}, according to {one.voice} alone: {which}"
    yield from fold(text, width, indent="  ", hang="    ")


def _standing(name: str) -> str:
    return {"copy": "a copy", "statement": "a party's statement", "aggregator": "an aggregator"}.get(name, name)


def _truce(truce: Truce, width: int) -> Iterator[str]:
    sides = []
    for side in truce.sides:
        contested = f" ({len(side.contested)} contested)" if side.contested else ""
        others = f" and {len(side.answered)} by those it answers for" if side.answered else ""
        sides.append(f"{side.actor}\u00a0{len(side.acts)}{contested}{others}")
    text = f"{truce.id}: {'; '.join(sides)}"
    if truce.possible:
        text += f"; {len(truce.possible)} more possible"
    acting = [side for side in truce.sides if side.acts or side.answered]
    if len(truce.sides) > 1 and len(acting) == 1:
        text += f"; the record has acts of this side alone: {acting[0].actor}"
    yield from fold(text, width, indent="  ", hang="    ")
