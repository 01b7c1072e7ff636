"""The command ``audit``: whom a record accuses, on what, with what answer, and what rests on one voice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from standoff.cli.ledger import Day
from standoff.text.sentences import fold

if TYPE_CHECKING:
    from standoff.commitments.audit import Accused, Audit, OneVoice, Truce

NARROW, WIDE = 60, 120
SHOWN = 20  # ids or hosts of one list; --json has them all


@click.command()
@click.argument("case")
@click.option("--on", type=Day(), help="The day the verdicts stand at. Default: the last of the case.")
@click.option("--all", "every", is_flag=True, help="List every id and every host.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
def audit(case: str, on: date | None, every: bool, as_json: bool) -> None:
    """Whom CASE accuses, on what sources, with what answer, and which verdicts rest on one voice."""
    from dataclasses import asdict

    from standoff.case.read import load
    from standoff.cli.ledger import _within_record
    from standoff.commitments.audit import audit as run

    opened = load(case)
    _within_record(opened, on, None)
    result = run(opened, on=on)
    if as_json:
        click.echo(json.dumps(asdict(result), indent=1, ensure_ascii=False, default=str))
        return
    width = min(max(shutil.get_terminal_size((80, 24)).columns, NARROW), WIDE)
    for line in audit_lines(result, width, 10**6 if every else SHOWN):
        click.echo(line)
    click.echo(f"next: standoff audit {case} {'--json' if every else '--all'}")


def audit_lines(result: Audit, width: int, most: int = SHOWN) -> Iterator[str]:
    """Yield the lines of an audit; none is wider than ``width``, from 60 columns on."""
    yield from fold(_answer(result), width)
    yield ""
    yield from _table(result.parties)
    notes = (
        "acts: rows that name the party as who did it; cont: contested; no ans: without its answer; "
        "not cit: carried by no wire and no monitor; uns: marked unsourced, read by no ledger; "
        "1 voice: verdicts on its promises and threats that rest on one voice."
    )
    yield from fold(notes, width)
    for party in result.parties:
        yield ""
        yield from _party(party, width, most)
    if result.one_voice:
        yield ""
        yield "Verdicts of the record that rest on one voice"
        for one in result.one_voice:
            yield from _one_voice(one, width, most)
    if result.truces:
        yield ""
        yield "Acts by each side of each truce, while it was in force"
        for truce in result.truces:
            yield from _truce(truce, width)
        yield from fold("These are rows of the record, which is a selection: no count of what happened.", width)
    for title, names in (("Hosts", result.hosts), ("Sources", result.sources)):
        if names:
            yield ""
            shown = [f"{name}\u00a0{n}" for name, n in names.items()]  # a name and its number stay on one line
            uses = f"{len(names)}, {_many(sum(names.values()), 'use', 'uses')}"
            line = f"{title} that nobody has judged, with their uses ({uses}): {_list(shown, most)}"
            yield from fold(line, width, hang="  ")
    if result.hosts:
        yield from fold("What is not judged is never citable: give it a row in publishers.csv.", width)


def _answer(result: Audit) -> str:
    rows = _many(len(result.accusing), "row accuses", "rows accuse")
    parts = [
        f"{rows} somebody by name on {result.on}: {len(result.unanswered)} without the answer of everybody accused",
        f"{len(result.uncitable)} on sources that no newsroom could cite",
    ]
    text = " and ".join(parts) if result.accusing else f"No row accuses anybody by name on {result.on}"
    text += f". {_many(len(result.unsourced), 'row is', 'rows are')} marked unsourced and read by no ledger."
    rest = _many(len(result.one_voice), "verdict of the record rests", "verdicts of the record rest")
    text += f" {rest} on one voice."
    if result.unnamed:
        text += f" {_many(len(result.unnamed), 'violent act names', 'violent acts name')} nobody."
    return text


def _many(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def _table(parties: Sequence[Accused]) -> Iterator[str]:
    heads = ("acts", "cont", "no ans", "not cit", "uns", "1 voice")
    column = max([5, *(len(party.actor) for party in parties)])
    column = min(column, NARROW - sum(len(h) + 1 for h in heads))
    yield f"{'party':<{column}} " + " ".join(heads)
    for party in parties:
        counts = (
            len(party.acts),
            len(party.contested),
            len(party.unanswered),
            sum(map(len, party.uncitable.values())),
            len(party.unsourced),
            len(party.one_voice),
        )
        cells = " ".join(f"{n or '':>{len(head)}}" for n, head in zip(counts, heads, strict=True))
        yield f"{party.actor[:column]:<{column}} {cells}".rstrip()


def _party(party: Accused, width: int, most: int) -> Iterator[str]:
    title = f"{party.actor}: {party.name}"
    if party.blocs:
        title += f", part of {', '.join(party.blocs)}"
    yield from fold(title, width, hang="  ")
    acts = _many(len(party.acts), "violent act", "violent acts")
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
            yield from fold(f"{name} ({len(ids)}): {_list(ids, most)}", width, indent="  ", hang="    ")


def _one_voice(one: OneVoice, width: int, most: int) -> Iterator[str]:
    at = f" at {one.key}" if one.key else ""
    owed = f"owed by {' and '.join(one.debtor)}"
    text = f"{one.commitment}{at}, {owed}: {one.verdict}, according to {one.voice} alone: {_list(one.events, most)}"
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


def _list(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
