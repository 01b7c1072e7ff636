"""The pages of talks with signals, of harm to civilians, and of the network."""

from __future__ import annotations

from datetime import date

from standoff.commitments.signals import signals
from standoff.commitments.threads import STATES, talks
from standoff.errors import StandoffError, nearest
from standoff.evidence.harm import harm, protests
from standoff.evidence.relations import LineKind, RelationLine, relations
from standoff.record_list import RecordList
from standoff.text.sentences import count, reported_in_words, when
from standoff.views.lines.harm import (
    HEADS,
    NEVER_ADDED,
    TITLES,
    figure_words,
    place_words,
    relation_words,
    teller_of,
)
from standoff.views.lines.talks import (
    asking_words,
    beside_words,
    outcome_words,
    signal_facts,
    signal_words,
    state_of,
    teller_words,
    turn_words,
    version_words,
)
from standoff.views.matrix import relation_matrix
from standoff.views.talks import talk_cells
from standoff.views.timeline import harm_timeline, signal_timeline, talk_timeline
from standoff.workbench.ledgers import owed_page
from standoff.workbench.page import Page, check_name
from standoff.workbench.workspace import Workspace

# what the network shows, by switch: first who owes whom
KIND_HEADS = {kind.value: HEADS[kind] for kind in (LineKind.OWES, *(k for k in LineKind if k is not LineKind.OWES))}


def talks_page(
    ws: Workspace,
    account: str = "",
    actor: str = "",
    waiting: bool = False,
    on: date | None = None,
) -> Page:
    """Threads as conversations: who asked whom, who answered how, who says so; and the signals around them."""
    account = ws.account(account)
    case = ws.case
    check_name("actor", actor, list(case.actors))
    rows = [
        talk
        for talk in talks(case, on=on, account=account)
        if (not waiting or talk.is_open) and (not actor or actor in (*talk.thread.by, *talk.thread.of))
    ]
    seen = [one for one in signals(case, on=on) if not actor or actor in (*one.signal.by, *one.signal.towards)]
    n_open = sum(talk.is_open for talk in rows)
    return Page(
        f"{count(len(rows), 'thread')} of {len(case.threads)}, {n_open} without an answer that is reported",
        ("thread", "kind", "by", "of", "what", "state", "since", "answers"),
        [talk_cells(case, talk) for talk in rows],
        {
            "account": account,
            "actor": actor,
            "waiting": waiting,
            "on": on.isoformat() if on else "",
            "actors": [{"id": key, "name": one.name} for key, one in case.actors.items()],
            "talks": [
                {
                    "id": talk.thread.id,
                    "kind": talk.thread.kind.value,
                    "asking": asking_words(case, talk),
                    "answer": outcome_words(case, talk),
                    "state": talk.state,
                    "words": state_of(talk),
                    "beside": beside_words(case, talk.beside),
                    "turns": [
                        {
                            "words": turn_words(case, talk, turn),
                            "reply": turn.is_reply,
                            "claim": turn.claim,
                            "event": turn.event,
                        }
                        for turn in talk.turns
                    ],
                    "versions": [version_words(case, v) for v in talk.versions] if talk.differs else [],
                    "told_as": [*talk.thread.same_as],
                    "follows": [*talk.thread.follows],
                    "makes": [*talk.thread.makes],
                    "ends": [*talk.thread.ends],
                    "moves": [f"{m.commitment} to {when(m.by)}" for m in talk.thread.moves],
                    "note": " ".join(talk.thread.note.split()),
                }
                for talk in rows
            ],
            "signals": [
                {
                    "id": one.signal.id,
                    "words": signal_words(case, one),
                    "facts": list(signal_facts(case, one)),
                    "commitments": list(one.signal.commitments),
                }
                for one in seen
            ],
            "states": STATES,
            "figure": signal_timeline(case, seen),
            "figures": [one for one in (talk_timeline(case, rows),) if one],
        },
    )


def harm_page(ws: Workspace, account: str = "", measure: str = "", on: date | None = None) -> Page:
    """Figures of harm to civilians by measure, each with its source, and protests with how they were met."""
    account = ws.account(account)
    case = ws.case
    if measure and measure not in TITLES:
        expected, hint = ", ".join(TITLES), nearest(measure, TITLES)
        raise StandoffError.of(f"there is no measure {measure!r}", file="?measure", expected=expected, hint=hint)
    every = list(harm(case, on=on))
    figures = [one for one in every if measure in ("", one.measure)]
    groups = [
        {
            "measure": key,
            "title": title,
            "figures": [
                {
                    "id": one.id,
                    "kind": one.kind,
                    "when": reported_in_words(one.when, one.published),
                    "number": figure_words(one),
                    "where": place_words(case, one.where),
                    "text": one.text,
                    "teller": teller_of(case, one),
                    "contested": one.contested,
                    "against": list(one.against),
                }
                for one in figures
                if one.measure == key
            ],
        }
        for key, title in TITLES.items()
    ]
    shown = measure or "deaths-civilian"
    return Page(
        f"{count(len(figures), 'figure')} of harm to civilians, {sum(bool(f.contested or f.against) for f in figures)} "
        "contested or told otherwise",
        ("figure", "measure", "from", "to", "low", "high", "bound", "where", "according to", "text", "contested"),
        [
            [
                one.id,
                one.measure,
                str(one.when.start or "") if one.when else "",
                str(one.when.end or "") if one.when else "",
                one.low,
                one.high,
                one.bound,
                one.where,
                teller_of(case, one),
                one.text,
                one.contested,
            ]
            for one in figures
        ],
        {
            "account": account,
            "measure": measure,
            "on": on.isoformat() if on else "",
            "measures": {key: title for key, title in TITLES.items() if any(f.measure == key for f in every)},
            "groups": [group for group in groups if group["figures"]],
            "protests": [
                {
                    "id": row.id,
                    "when": when(row.when),
                    "text": row.text,
                    "teller": row.teller,
                    "met": [
                        f"{text.rstrip('.')}; according to {teller_words(case, case.claims[name].chain[-1])}"
                        for name, text in row.met
                    ],
                }
                for row in (protests(case, on=on) if not measure else ())
            ],
            "note": NEVER_ADDED,
            "figure": harm_timeline(case, every, shown),
        },
    )


MATRIX = (LineKind.BACKS.value, LineKind.OPPOSES.value)  # kinds of lines that the picture shows


def _matrix_lines(ws: Workspace, account: str, on: date | None, actor: str) -> list[RelationLine]:
    lines = relations(ws.case, account=account, on=on, kinds=MATRIX)
    return [line for line in lines if not actor or actor in (line.source, line.target)]


def relations_page(ws: Workspace, account: str = "", show: str = "", actor: str = "", on: date | None = None) -> Page:
    """Who backs, opposes, belongs to, owes or relays whom, by switch, with the claims behind each line."""
    account = ws.account(account)
    case = ws.case
    kinds = [kind.value for kind in LineKind]
    check_name("show", show, kinds)
    check_name("actor", actor, [*case.actors, *case.sources])
    chosen = show or LineKind.BACKS.value
    lines = relations(case, account=account, on=on, kinds=(chosen,))
    lines = lines if not actor else RecordList(line for line in lines if actor in (line.source, line.target))
    return Page(
        f"{HEADS[LineKind(chosen)]}: {count(len(lines), 'line')}",
        ("from", "relation", "to", "of", "when", "claims", "according to", "in the case"),
        [
            [
                line.source,
                line.relation,
                line.target,
                line.of,
                line.when.text if line.when else "",
                "; ".join(line.claims),
                "; ".join(line.tellers),
                line.in_case,
            ]
            for line in lines
        ],
        {
            "account": account,
            "show": chosen,
            "actor": actor,
            "on": on.isoformat() if on else "",
            "figure": relation_matrix(case, _matrix_lines(ws, account, on, actor)) if chosen in MATRIX else None,
            "kinds": KIND_HEADS,
            "actors": [{"id": key, "name": one.name} for key, one in case.actors.items()],
            "lines": [
                {
                    "words": relation_words(case, line),
                    "tellers": [teller_words(case, name) for name in line.tellers] if chosen != "relays" else [],
                    "claims": list(line.claims[:12]),
                    "more": max(0, len(line.claims) - 12),
                    "in_case": line.in_case,
                    "commitment": line.relation if line.kind is LineKind.OWES else "",
                }
                for line in lines
            ],
        },
    )


def network_page(ws: Workspace, account: str = "", on: date | None = None, actor: str = "", show: str = "") -> Page:
    """The network of actors, by switch: who owes whom with the state of each promise, or who backs or relays whom."""
    check_name("show", show, [kind.value for kind in LineKind])
    chosen = show or LineKind.OWES.value
    if chosen != LineKind.OWES:
        return relations_page(ws, account, chosen, actor, on)
    page = owed_page(ws, account, on, actor)
    page.data.update(show=chosen, kinds=KIND_HEADS)
    return page
