"""Provisions against versions on paper: an agreement as each side tells it, for a room."""

from __future__ import annotations

from standoff.commitments.monitor import Evaluation
from standoff.commitments.tables import ProvisionTable
from standoff.text.sentences import label
from standoff.version import VERSION
from standoff.views.paper import Block, Grid, Paper, Paragraph
from standoff.views.words import Words


def provision_paper(ledger: Evaluation, matrix: ProvisionTable, title: str) -> Paper:
    """Return provisions against versions as a report for paper."""
    say = Words()
    case = ledger.case
    names = []
    for name in matrix.accounts:
        account = case.accounts[name]
        party = case.actors[account.party].name if account.is_statement and account.party in case.actors else ""
        names.append(party or label(name, account.kind))
    heads = (say.say("provision"), say.say("obliged"), say.say("score"), *names)
    rows = []
    for p in matrix.provisions:
        where = case.places[p.key].name if p.key in case.places else p.key
        text = f"{f'{p.provision}: ' if p.provision else ''}{p.title}{f' ({where})' if where else ''}"
        owed = ", ".join(case.actors[d].name if d in case.actors else d for d in p.debtor)
        rows.append((text, owed, p.score, *(p.words[a] for a in matrix.accounts)))
    silent = ", ".join(case.accounts[a].title if a in case.accounts else a for a in matrix.silent)
    notes = [say.say("provisions-note")]
    if silent:
        notes.append(say.say("say-nothing", names=silent))
    about = case.about
    foot = (
        *((say.say("credit", text=about.licence),) if about.licence else ()),
        *((about.disclaimer,) if about.disclaimer else ()),
        say.say("made-by", version=VERSION),
    )
    blocks: tuple[Block, ...] = (
        Grid("provisions", say.say("provisions"), heads, tuple(rows)),
        *(Paragraph(note, "small") for note in notes),
    )
    return Paper(say.say("ledger", day=ledger.on), title, blocks, foot, say)
