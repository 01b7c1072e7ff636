"""What a party or body itself says of a commitment: kept, broken, denies it, or nothing. Only its statements decide.

The events that bear on a commitment are those of the record. A party's word on each of them counts, and its word on the
commitment itself. Deadlines that pass and who watched decide nothing here; the clock (in force, due) is the record's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from standoff.case.terms import Commitment
from standoff.commitments.monitor import Evaluation
from standoff.commitments.reasons import Counted, counted, is_late
from standoff.commitments.states import STATES
from standoff.evidence.statements import Saying, Statements

RECORD = "record"
SPOKEN_TO_VERDICT = {"broken": "violated", "kept": "satisfied", "in-force": "detached"}
_DECIDED = ("satisfied", "violated")  # what only a finding of the record decides, and no clock


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one account says of one slot, up to the day of the ledger.

    ``says`` is one of `states.SAYS`; ``on`` the day of its latest word that decides it; ``late`` that what it says was
    done was done after its day; ``asserted`` and ``denied`` are events that bear on the slot, of ``of`` in the record;
    ``by`` whom it names as the one who broke or kept it. ``own_act``: all that it asserts are acts of its own side, and
    it does not call them a breach.
    """

    says: str
    on: date | None
    late: bool
    asserted: tuple[str, ...]
    denied: tuple[str, ...]
    both: tuple[str, ...]
    of: int
    by: tuple[str, ...]
    claims: tuple[str, ...]
    own_act: bool = False

    @property
    def rule(self) -> str:
        """What decides it, in a sentence."""
        acts = _many(len(self.asserted), "act of its own" if self.own_act else "act")
        words = {
            "broken": "says so"
            if not self.asserted
            else f"asserts {acts} that it forbids" + (", and does not call that a breach" if self.own_act else ""),
            "partly": "says that it was done in part",
            "kept": "says so" if not self.asserted else f"asserts {_many(len(self.asserted), 'act')} that keep it",
            "in-force": "says that it is in force",
            "both": f"asserts and denies {_many(len(self.both), 'act')}",
            "denies": f"denies {len(self.denied)} of {_many(self.of, 'recorded act')}",
            "silent": "no statement of its own on the commitment or on what bears on it is in the record",
        }[self.says]
        if self.says in ("broken", "partly", "kept") and self.denied:
            words += f"; denies {len(self.denied)} of {self.of}"
        return words


def _many(n: int, noun: str) -> str:
    word, space, rest = noun.partition(" ") if noun.startswith("act") else (noun, "", "")
    return f"{n} {word}{'' if n == 1 else 's'}{space}{rest}"


def spoken(made: Evaluation, slot: int, account: str) -> Spoken:
    """Return what a statement account says of a slot, by its statements up to the day of the ledger.

    The first that applies: broken, kept in part, kept, in force, both (one act asserted and denied), denies, silent. Of
    words on the commitment itself the latest counts.
    """
    own = made.plan.slots[slot]
    said = made.statements[account]
    deciding = ("bad", "cancel") if own.kind == "maintain" else ("then", "cancel")
    events = {c.event: c for c in counted(made, slot, RECORD, asserted=False) if c.certain and c.role in deciding}
    asserted = tuple(e for e in events if said.asserted(e))
    denied = tuple(e for e in events if said.denied(e))
    both = tuple(e for e in events if e in said.events and e not in asserted and e not in denied)
    harm = tuple(e for e in asserted if events[e].role != "then")
    done = tuple(e for e in asserted if events[e].role == "then")
    words = [w for w in said.commitments.get(own.commitment, ()) if not own.reading]
    latest = words[-1] if words else None
    by = latest.by if latest else ()
    if harm or (latest and latest.says == "broken"):
        calls = latest is not None and latest.says == "broken"
        own_act = not calls and bool(harm) and all(_own(made, account, name) for name in _doers(made, harm))
        by = tuple(dict.fromkeys((*(by if calls else ()), *_doers(made, harm))))
        word = latest if calls else None
        claims = [word.claim] if word else []
        return _made(said, "broken", harm, denied, both, len(events), by, claims, word, own_act=own_act)
    if (latest and latest.says == "partly") or (done and not _enough(made, slot, done)):
        return _made(said, "partly", done, denied, both, len(events), by, [latest.claim] if latest else [], latest)
    if done or (latest and latest.says == "kept"):
        late = bool(done) and all(is_late(made, slot, RECORD, events[e]) for e in done)
        return _made(
            said, "kept", done, denied, both, len(events), by, [latest.claim] if latest else [], latest, late=late
        )
    if latest:
        return _made(said, "in-force", (), denied, both, len(events), by, [latest.claim], latest)
    word = "both" if both else "denies" if denied else "silent"
    return _made(said, word, (), denied, both, len(events), (), [], None)


def _made(
    said: Statements,
    says: str,
    asserted: tuple[str, ...],
    denied: tuple[str, ...],
    both: tuple[str, ...],
    of: int,
    by: tuple[str, ...],
    claims: Sequence[str],
    latest: object,
    *,
    late: bool = False,
    own_act: bool = False,
) -> Spoken:
    used: list[Saying] = []
    for event in asserted or (both if says == "both" else denied if says == "denies" else ()):
        used += said.events.get(event, ())
    days = [one.on for one in used]
    on = getattr(latest, "on", None)
    if on is not None:
        days.append(on)
    names = tuple(dict.fromkeys((*claims, *(one.claim for one in used))))
    return Spoken(says, max(days, default=None), late, asserted, denied, both, of, by, names, own_act)


def _doers(made: Evaluation, events: Sequence[str]) -> list[str]:
    known = {r.event.id: r.event for r in made.reports[RECORD]}
    return [name for event in events if event in known for name in known[event].actor]


def _own(made: Evaluation, account: str, actor: str) -> bool:
    """Whether an actor is the party that an account speaks for, or belongs to it."""
    return made.matcher.counts_as(actor, made.case.accounts[account].party, {})


def _enough(made: Evaluation, slot: int, done: Sequence[str]) -> bool:
    """Whether what an account says was done is all that was owed; only amounts can be done in part."""
    own = made.plan.slots[slot]
    if own.kind != "quantity":
        return True
    term: Commitment = made.case.commitments[own.commitment]
    known = {r.event.id: r.event for r in made.reports[RECORD]}
    amounts = [known[e].low or known[e].high or 1.0 for e in done if e in known]
    owed = term.amount.value if term.amount else 1.0
    return (max(amounts, default=0.0) if made.plan.peak[slot] else sum(amounts)) >= owed


def clock(state: str) -> str:
    """Return the state that a row of statements shows: the record's clock, without what only a finding decides."""
    return "detached" if state in _DECIDED else state if state in STATES else "detached"


def bearing(made: Evaluation, slot: int, account: str) -> tuple[Counted, ...]:
    """Return the record's events of a slot of which a statement account says anything, by day."""
    said = made.statements[account]
    return tuple(c for c in counted(made, slot, RECORD, asserted=False) if c.event in said.events)
