"""Whether a pattern fits one event, decided the slow way: the part of the interpreter that knows no days."""

from __future__ import annotations

from datetime import date

from standoff.case.model import Case, Event
from standoff.case.terms import Pattern
from standoff.case.vocabulary import EVENT_TYPES


def is_kind(kind: str, of: str) -> bool:
    while kind != of:
        parent = kind.rpartition("/")[0] or EVENT_TYPES[kind].parent
        if parent is None:
            return False
        kind = parent
    return True


def holds_on(tie: str, day: date | None) -> bool:
    """Whether a membership or an alliance holds on a day (R14)."""
    first, last = getattr(tie, "from_", None), getattr(tie, "until", None)
    return day is None or ((first is None or first <= day) and (last is None or day <= last))


def belongs(case: Case, actor: str, to: str, day: date | None = None) -> bool:
    groups = [group for group in case.actors[actor].member_of if holds_on(group, day)]
    return actor == to or any(belongs(case, group, to, day) for group in groups)


def about_event(p: Pattern) -> bool:
    if p.commitment or p.at_least > 1 or (p.not_ is not None and p.by is not None):
        return False
    return all(about_event(q) for q in (*p.any, *p.all, *([p.not_] if p.not_ else [])))


def names(p: Pattern) -> bool:
    return bool(p.type or p.actor or p.target or p.at or p.within or p.beyond or p.listed or p.event)


def fits(case: Case, p: Pattern, e: Event, answers: dict[str, tuple[str, ...]]) -> bool:
    if p.type and not any(is_kind(e.type, t) for t in p.type):
        return False
    if p.actor:
        sides = [s for a in p.actor for s in (a, *(x for x in answers.get(a, ()) if holds_on(x, e.date.start)))]
        if not any(belongs(case, a, s, e.date.start) for a in e.actor for s in sides):
            return False
    if p.target and not any(belongs(case, t, s, e.date.start) for t in e.target for s in p.target):
        return False
    if p.listed and not all(case.actors[t].listed.get(p.listed) == "yes" for t in e.target):
        return False
    if p.within and p.within not in e.sector:
        return False
    if p.beyond and p.beyond in e.sector:
        return False
    if p.event and e.id not in p.event:
        return False
    if not all(fits(case, q, e, answers) for q in p.all):
        return False
    if p.any and not any(fits(case, q, e, answers) for q in p.any):
        return False
    return p.not_ is None or not fits(case, p.not_, e, answers)


def says_who(p: Pattern) -> bool:
    return bool(p.actor) or any(says_who(q) for q in (*p.any, *p.all))
