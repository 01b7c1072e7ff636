"""Talks and signals on a terminal: who asked whom for what, who answered how, and what was shown around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from standoff.case.as_dict import plain
from standoff.case.model import Case, party_name
from standoff.case.talks import SignalCost, ThreadKind
from standoff.commitments.signals import PUBLIC, SeenSignal, around, signals
from standoff.commitments.threads import OUTCOMES, STATES, Talk, TalkVersion, Turn, talks, tellings_of
from standoff.text.sentences import count, day, fold, listing, shortlist, when

MOST_EVENT_SOURCES = 3
VERBS = {  # of one, of several
    ThreadKind.REQUEST: ("asks", "ask"),
    ThreadKind.OFFER: ("offers", "offer"),
    ThreadKind.DEMAND: ("demands of", "demand of"),
    ThreadKind.THREAT: ("warns", "warn"),
}
KIND_WORDS = {kind: kind.value for kind in ThreadKind}


def names_of(case: Case, parties: Iterable[str]) -> str:
    """Return parties by their names: ``Russia and Iran``."""
    return listing(party_name(party, case.actors) for party in parties)


def teller_words(case: Case, teller: str, through: Iterable[str] = ()) -> str:
    """Return who tells something and through whom: ``Reuters``, or ``a military source (unnamed), through Reuters``."""
    source = case.sources.get(teller)
    name = source.name if source else teller
    if source is not None and source.kind == "anonymous" and "unnamed" not in name.lower():
        name = f"{name} (unnamed)"
    relays = [case.sources[one].name if one in case.sources else one for one in through]
    steps = {one.split(" (")[0]: one for one in relays}  # a person and the person's own site are one step
    steps.pop(name.split(" (")[0], None)
    return f"{name}, through {listing(list(steps)[::-1])}" if steps else name


def state_of(talk: Talk) -> str:
    """Return the state of a thread in words; that of a summit as its outcome."""
    table = OUTCOMES if talk.thread.kind == ThreadKind.SUMMIT else STATES
    words = table[talk.state]
    return f"{words}, past the day it was asked for" if talk.late else words


def asking_words(case: Case, talk: Talk) -> str:
    """Return the asking in one sentence: who, of whom, for what."""
    thread = talk.thread
    by, of = names_of(case, thread.by), names_of(case, thread.of)
    if thread.kind == ThreadKind.SUMMIT:
        return f"{thread.title} ({by})"
    verb = VERBS[thread.kind][len(thread.by) > 1]
    title = thread.title if _proper(case, thread.title) else thread.title[:1].lower() + thread.title[1:]
    return f"{by} {verb} {of}: {title}"


def _proper(case: Case, title: str) -> bool:
    """Whether a title begins with a name, which keeps its capital."""
    first = title.split()[0].strip(",;:") if title else ""
    words = {w for a in case.actors.values() for w in (a.name, *a.aliases) for w in w.split()}
    words |= {w for p in case.places.values() for w in p.name.split()}
    return first in words or first.isupper()


def outcome_words(case: Case, talk: Talk) -> str:
    """Return the state with who answered: ``refused by Russia and Iran, 7 Sep 2018``."""
    exact = any(turn.is_reply and turn.on and talk.since in (turn.on.start, turn.on.end) for turn in talk.turns)
    told = "" if exact or talk.state == "overtaken" else "told "
    since = f", {told}{day(talk.since)}" if talk.since else ""
    if talk.state in ("granted", "granted-in-part", "refused") and talk.thread.kind != ThreadKind.SUMMIT:
        by = [party for party, state in talk.answers.items() if state == talk.state]
        return f"{state_of(talk)} by {names_of(case, by)}{since}"
    if talk.state in ("divided", "contested"):
        each = "; ".join(f"{names_of(case, [p])}: {STATES.get(s, s)}" for p, s in talk.answers.items())
        return f"{state_of(talk)} ({each}){since}"
    return f"{state_of(talk)}{since}"


def beside_words(case: Case, beside: Iterable[tuple[str, str]]) -> list[str]:
    """Return what parties say who were not asked."""
    return [f"{STATES[state]} by {names_of(case, [party])}, who was not asked" for party, state in beside]


def version_words(case: Case, version: TalkVersion) -> str:
    """Return how one teller has a thread stand."""
    who = teller_words(case, version.teller)
    if version.state:
        by = f" by {names_of(case, version.by)}" if version.by else ""
        state = f"{STATES[version.state]}{by}"
    else:
        state = "" if version.beside else "tells no answer"
    parts = [part for part in (state, *beside_words(case, version.beside)) if part]
    return f"according to {who}: {'; '.join(parts)}"


def turn_words(case: Case, talk: Talk, turn: Turn) -> str:
    """Return one step of a thread in a sentence, with its day, who tells it, and through whom."""
    on = when(turn.on) if turn.on else (f"published {day(turn.published)}" if turn.published else "no day told")
    who = f"{names_of(case, turn.by)}: " if turn.is_reply else ""
    if turn.claim:
        told = f"according to {teller_words(case, turn.teller, turn.through)}"
    else:
        told = (
            f"according to {shortlist(turn.teller.split('; '), MOST_EVENT_SOURCES)}"
            if turn.teller
            else "no source is named"
        )
    state = "" if not turn.is_reply else f"[{STATES[turn.state]}] "
    return f"{on}  {state}{who}{turn.text.rstrip('.')}; {told}"


def talk_lines(case: Case, rows: Sequence[Talk], total: int, width: int, *, turns: bool = True) -> Iterator[str]:
    """Yield each thread: who asks whom for what, its state, its steps with who tells them, and how tellers differ."""
    yield from fold(f"Talks of {case.about.title}", width, hang="  ")
    for talk in rows:
        thread = talk.thread
        yield ""
        yield from fold(asking_words(case, talk), width, hang="  ")
        due = f"; an answer was asked for by {when(thread.due)}" if thread.due else ""
        yield from fold(
            f"{thread.id}, {KIND_WORDS[thread.kind]}: {outcome_words(case, talk)}{due}", width, indent="  ", hang="    "
        )
        for words in beside_words(case, talk.beside):
            yield from fold(words, width, indent="  ", hang="    ")
        for turn in talk.turns if turns else ():
            yield from fold(turn_words(case, talk, turn), width, indent="    ", hang="      ")
        if talk.differs or len(tellings_of(case, thread.id)) > 1:
            for version in talk.versions:
                yield from fold(version_words(case, version), width, indent="    ", hang="      ")
        others = [name for name in tellings_of(case, thread.id) if name != thread.id]
        if others:
            yield from fold(f"also told as: {', '.join(others)}", width, indent="    ", hang="      ")
        if thread.follows:
            yield from fold(f"takes up: {', '.join(thread.follows)}", width, indent="    ", hang="      ")
        for verb, ids in (("comes of it", thread.makes), ("ended by it", thread.ends)):
            if ids:
                yield from fold(f"{verb}: {shortlist(ids, 6)}", width, indent="    ", hang="      ")
        for move in thread.moves:
            text = f"moves the last day of {move.commitment} to {when(move.by)} where it is granted"
            yield from fold(text, width, indent="    ", hang="      ")
        if thread.note:
            yield from fold(f"note: {' '.join(thread.note.split())}", width, indent="    ", hang="      ")
    yield ""
    open_ones = sum(talk.is_open for talk in rows)
    yield from fold(
        f"n = {count(len(rows), 'thread')} of {total}, {open_ones} open. A thread is decided by those who were asked. "
        "Open means that no source of this case tells an answer; there may have been one.",
        width,
    )


def talk_record(case: Case, talk: Talk) -> dict[str, Any]:
    """Return a thread as it is written to JSON: what is written down, its state, answers, steps and versions."""
    record: dict[str, Any] = plain(talk.thread)
    return {
        **record,
        "state": talk.state,
        "since": talk.since.isoformat() if talk.since else None,
        "late": talk.late,
        "differs": talk.differs,
        "answers": dict(talk.answers),
        "beside": [{"party": party, "state": state} for party, state in talk.beside],
        "told_as": [name for name in tellings_of(case, talk.thread.id) if name != talk.thread.id],
        "turns": [
            {
                "on": turn.on.text if turn.on else None,
                "published": turn.published.isoformat() if turn.published else None,
                "by": list(turn.by),
                "state": turn.state or None,
                "text": turn.text,
                "according_to": turn.teller,
                "through": list(turn.through),
                "claim": turn.claim or None,
                "event": turn.event or None,
            }
            for turn in talk.turns
        ],
        "versions": [
            {
                "according_to": v.teller,
                "accounts": list(v.accounts),
                "state": v.state or None,
                "by": list(v.by),
                "beside": [{"party": party, "state": state} for party, state in v.beside],
            }
            for v in talk.versions
        ],
    }


# Signals.

COST_WORDS = {
    SignalCost.UNKNOWN: "cost not told",
    SignalCost.LOW: "cheap",
    SignalCost.SOME: "costs something",
    SignalCost.HIGH: "costly",
}


def signal_words(case: Case, one: SeenSignal) -> str:
    """Return a signal in one sentence: day, what, towards whom."""
    towards = f", towards {names_of(case, one.signal.towards)}" if one.signal.towards else ""
    on = when(one.on) if one.on else (f"published {day(one.published)}" if one.published else "no day told")
    return f"{on}  {one.signal.title}{towards}"


def signal_facts(case: Case, one: SeenSignal) -> Iterator[str]:
    """Yield what is known of a signal: who tells it, what it costs, who sees it, and what it is said to mean."""
    signal = one.signal
    if one.tellers:
        names = [teller_words(case, name) for name in one.tellers]
        yield f"according to {shortlist(dict.fromkeys(names), 4)}"
    why = f": {signal.cost_why}" if signal.cost_why else ""
    seen = "the public" if PUBLIC in signal.seen_by else names_of(case, signal.seen_by)
    yield f"{COST_WORDS[signal.cost]}{why}; {f'visible to {seen}' if seen else 'who can see it is not told'}"
    for name, teller in one.meanings:
        claim = case.claims[name]
        through = [step for step in claim.chain if step != teller]
        yield f"said to mean, according to {teller_words(case, teller, through)}: {claim.text.rstrip('.')}"
    if signal.commitments:
        yield f"stands for: {shortlist(signal.commitments, 6)}"
    if signal.note:
        yield f"note: {' '.join(signal.note.split())}"


def signal_lines(case: Case, rows: Sequence[SeenSignal], width: int) -> Iterator[str]:
    """Yield each signal with what is known of it."""
    yield from fold(f"Signals of {case.about.title}", width, hang="  ")
    for one in rows:
        yield ""
        yield from fold(signal_words(case, one), width, hang="  ")
        head = f"{one.signal.id}, {one.signal.kind.value} by {names_of(case, one.signal.by)}"
        yield from fold(head, width, indent="  ", hang="    ")
        for fact in signal_facts(case, one):
            yield from fold(fact, width, indent="    ", hang="      ")
    yield ""
    meant = sum(bool(one.meanings) for one in rows)
    yield from fold(
        f"n = {count(len(rows), 'signal')}; of {meant} some source says what they mean. A signal decides no verdict.",
        width,
    )


def signal_record(one: SeenSignal) -> dict[str, Any]:
    """Return a signal as it is written to JSON."""
    record: dict[str, Any] = plain(one.signal)
    return {
        **record,
        "on": one.on.text if one.on else None,
        "published": one.published.isoformat() if one.published else None,
        "according_to": list(one.tellers),
        "said_to_mean": [{"claim": claim, "according_to": teller} for claim, teller in one.meanings],
    }


def around_lines(
    case: Case, commitment: str, width: int, *, on: date | None = None, as_of: date | None = None
) -> Iterator[str]:
    """Yield the talks that a promise or threat comes of, and the signals around it; nothing where there are none."""
    record = case.commitments[commitment]
    threads = [
        talk
        for talk in talks(case, on=on, as_of=as_of)
        if commitment in (*talk.thread.makes, *talk.thread.ends, *(move.commitment for move in talk.thread.moves))
    ]
    near = around(record, signals(case, on=on, as_of=as_of))
    if threads:
        yield "Talks it comes of:"
    for talk in threads:
        text = f"{asking_words(case, talk)}: {outcome_words(case, talk)} [{talk.thread.id}]"
        yield from fold(text, width, indent="  ", hang="    ")
    if near:
        yield "Signals around it, which decide nothing:"
    for one in near:
        yield from fold(f"{signal_words(case, one)} [{one.signal.id}]", width, indent="  ", hang="    ")
