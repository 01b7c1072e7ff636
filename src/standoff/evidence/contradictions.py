"""Two claims side by side: do they contradict, differ in what they are about, or agree, and for which reason.

A contradiction needs the same thing, place and time. A claim about another date, window, place or measure is a
*difference*: both can hold. Prose is never compared; only structured fields are.

To find the pairs of a case, claims are put in blocks by what they are about, so that only claims that could clash are
compared: a quantity by its thing, measure, place and time; an event by its type (and the types above it) and place, or
by the recorded happening.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise, product

from standoff.case.claims import (
    AssessmentSaid,
    Claim,
    CommitmentSaid,
    EventSaid,
    OfferSaid,
    PositionSaid,
    QuantitySaid,
    RelationSaid,
)
from standoff.case.model import Case, refuse_errors
from standoff.case.reports import incidents_of
from standoff.case.vocabulary import is_a, lineage
from standoff.evidence.claim_places import place_id
from standoff.evidence.corrections import corrections
from standoff.evidence.independence import linker
from standoff.evidence.quantities import comparable, exceeds, interval, worded
from standoff.evidence.what_is_counted import group_words, includes, subject_of
from standoff.oneline import OneLine
from standoff.values import When

CONTRADICTIONS = ("value", "polarity", "perpetrator", "definition", "denies")
DIFFERENCES = ("scope", "as-of", "window", "definition", "supersedes", "incomparable")
NEAREST = 5  # differences shown for each denial
UNDATED_DAYS = 31  # two claims that give no date are about one time when published within a month of each other
_FACTS = ("asserted", "alleged", "denied")
_COMMITTING = ("asserted", "alleged", "promised", "threatened", "offered", "denied", "refused")
_UNREAL = ("predicted", "conditional")
_VOWED = ("threatened", "promised", "offered", "demanded", "requested")  # acts to come that somebody may deny to plan
# Acts that have a perpetrator: two sides said to have done the same one cannot both be right.
_ACTS = ("assault", "encirclement", "breach", "border-incident", "arrest")


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(OneLine):
    """What two claims are to each other.

    ``relation`` is contradicts, differs, agrees or unrelated; ``reason`` a reason code (empty when they agree or are
    unrelated); ``certain`` is false when a missing or approximate date, or a missing target, leaves room for both.
    """

    relation: str
    reason: str = ""
    why: str = ""
    certain: bool = True


UNRELATED = Comparison("unrelated")
AGREES = Comparison("agrees")


def _days(when: When | None) -> tuple[date | None, date | None] | None:
    return None if when is None else (when.start, when.end)


def _rough(*dates: When | None) -> bool:
    return any(when is None or when.approximate for when in dates)


def _above(case: Case, actor: str) -> frozenset[str]:
    groups: set[str] = set()
    ahead = [actor]
    while ahead:
        step = ahead.pop()
        if step not in groups:
            groups.add(step)
            ahead += case.actors[step].member_of if step in case.actors else ()
    return frozenset(groups)


def overlap(case: Case, a: Iterable[str], b: Iterable[str]) -> bool:
    """Whether two lists of actors share one, or one names a member of a group that the other names."""
    first, second = set(a), set(b)
    if first & second:
        return True
    return any(_above(case, x) & second for x in first) or any(_above(case, y) & first for y in second)


def published(case: Case, claim: Claim) -> When | None:
    """Return when a claim was published: its own date for compiled reporting, else that of its document."""
    document = case.documents.get(claim.document)
    return claim.published or (document.published if document else None)


def realis_class(claim: Claim) -> str:
    """Return the class within which claims compare: reports of fact, commitments made, or one kind of speech act."""
    match claim.says:
        case CommitmentSaid():
            return "commitment" if claim.realis in _COMMITTING else claim.realis
        case OfferSaid() | PositionSaid():
            return claim.realis if claim.realis in _UNREAL else "stance"
    return "fact" if claim.realis in _FACTS else claim.realis


def negative(claim: Claim) -> bool:
    """Whether a claim denies what it names; to refuse a commitment is to deny it, to refuse an offer is not."""
    return claim.realis == "denied" or (claim.realis == "refused" and isinstance(claim.says, CommitmentSaid))


def compare_claims(case: Case, a: Claim, b: Claim) -> Comparison:
    """Compare two claims and say how they relate, with the reason. The order of the claims does not matter."""
    if a.id == b.id:
        return AGREES
    if b.id in a.denies or a.id in b.denies:
        one, other = (a, b) if b.id in a.denies else (b, a)
        return Comparison("contradicts", "denies", f"{one.id} denies {other.id}")
    if b.id in a.supersedes or a.id in b.supersedes:
        one, other = (a, b) if b.id in a.supersedes else (b, a)
        return Comparison("differs", "supersedes", f"{one.id} replaces {other.id}")
    if type(a.says) is not type(b.says):
        return UNRELATED
    match a.says, b.says:
        case QuantitySaid() as x, QuantitySaid() as y:
            return _quantities(case, a, x, b, y)
        case EventSaid() as x, EventSaid() as y:
            return _events(case, a, x, b, y)
    return _propositions(a, b)


def _classes(a: Claim, b: Claim) -> Comparison | None:
    if realis_class(a) == realis_class(b):
        return None
    return Comparison("differs", "incomparable", f"one is {a.realis}, the other {b.realis}")


def _quantities(case: Case, a: Claim, x: QuantitySaid, b: Claim, y: QuantitySaid) -> Comparison:
    one, other = subject_of(case, x), subject_of(case, y)
    alike = x.quantity == y.quantity
    if one.base != other.base and not alike:
        return UNRELATED
    if unlike := _classes(a, b):
        return unlike if alike else UNRELATED
    if one.base != other.base:
        return Comparison("differs", "incomparable", f"different measures: {x.measure} and {y.measure}")
    if not comparable(x, y):
        return Comparison("differs", "incomparable", f"different units: {x.unit or 'none'} and {y.unit or 'none'}")
    if apart := _another_time_or_place(case, a, x, b, y):
        return apart if alike else UNRELATED
    undated = x.as_of is None and x.window is None
    if not alike and (not x.of or (undated and not (published(case, a) and published(case, b)))):
        return UNRELATED  # nothing but the measure says that they are one thing
    when = f" as of {x.as_of}" if x.as_of else f" over {x.window}" if x.window else ", neither dated"
    measure = x.measure if x.measure == y.measure else one.base
    about = f"{measure}{f' at {x.of}' if x.of else ''}{when}"
    certain = not undated and not any(w and w.approximate for w in (x.as_of, y.as_of, x.window, y.window))
    if one.group != other.group:
        return _of_two_groups(case, (a, x), (b, y), about, certain)
    meets = interval(x).meets(interval(y))
    if negative(a) != negative(b):
        denial = x if negative(a) else y
        numbered = any(number is not None for number in (denial.value, denial.low, denial.high))
        if numbered and not meets:
            return Comparison("agrees", "", "another value is denied")
        claim = y if negative(a) else x
        return Comparison("contradicts", "polarity", f"{worded(claim)} said, {worded(denial)} denied: {about}", certain)
    if meets or negative(a):
        return AGREES
    return Comparison("contradicts", "value", f"{worded(x)} against {worded(y)}: {about}", certain)


def _another_time_or_place(case: Case, a: Claim, x: QuantitySaid, b: Claim, y: QuantitySaid) -> Comparison | None:
    if place_id(case, x.of) != place_id(case, y.of):
        return Comparison("differs", "scope", f"different places: {x.of or 'not told'} and {y.of or 'not told'}")
    if _days(x.window) != _days(y.window):
        why = f"different windows: {x.window or 'not told'} and {y.window or 'not told'}"
        return Comparison("differs", "window", why)
    if _days(x.as_of) != _days(y.as_of):
        return Comparison("differs", "as-of", f"different dates: {x.as_of or 'not told'} and {y.as_of or 'not told'}")
    undated = x.as_of is None and x.window is None
    if undated and (apart := _apart(case, a, b)) > UNDATED_DAYS:
        return Comparison("differs", "as-of", f"neither gives a date, and they were published {apart} days apart")
    return None


def _of_two_groups(
    case: Case, one: tuple[Claim, QuantitySaid], other: tuple[Claim, QuantitySaid], about: str, certain: bool
) -> Comparison:
    """Compare two numbers of which one may count a part of what the other counts.

    A part is never more than the whole. Where the two name the same kind of people and only one says whose they are,
    the wider words may mean just these: two numbers of one day and place then possibly clash, though both can hold.
    """
    (a, x), (b, y) = one, other
    first, second = subject_of(case, x).group, subject_of(case, y).group
    words = group_words(case, x), group_words(case, y)
    apart = Comparison("differs", "definition", f"different things counted: {words[0]} and {words[1]}")
    if includes(case, first, second):
        whole, part, names = x, y, words
    elif includes(case, second, first):
        whole, part, names = y, x, words[::-1]
    else:
        return apart if x.quantity == y.quantity else UNRELATED
    if negative(a) or negative(b):
        return apart
    values = f"{worded(x)} {words[0]} against {worded(y)} {words[1]}: {about}"
    if exceeds(interval(part), interval(whole)):
        why = f"{values}; {names[0]} include {names[1]}, and a part is not more than the whole"
        of_words = first.parties != second.parties or first.extra != second.extra
        return Comparison("contradicts", "value", why, certain and not of_words)
    same_kind = first.heads == second.heads and first.extra == second.extra
    if same_kind and _one_day_or_none(x) and not interval(x).meets(interval(y)):
        return Comparison("contradicts", "value", f"{values}; {names[0]} may mean {names[1]}, or include them", False)
    return Comparison("differs", "definition", f"{names[0]} include {names[1]}: both can hold")


def _one_day_or_none(quantity: QuantitySaid) -> bool:
    when = quantity.window or quantity.as_of
    return when is None or (when.start is not None and when.start == when.end)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())


def _apart(case: Case, a: Claim, b: Claim) -> int:
    one, other = published(case, a), published(case, b)
    if one is None or other is None or one.start is None or other.start is None:
        return 0
    return abs((one.start - other.start).days)


def happening_of(case: Case, event: EventSaid) -> str:
    """Return the recorded happening a claim is about (shared by its versions), or an empty string."""
    recorded = case.events.get(event.recorded)
    return incidents_of(case)[recorded.id] if recorded else event.recorded


def _events(case: Case, a: Claim, x: EventSaid, b: Claim, y: EventSaid) -> Comparison:
    names = (happening_of(case, x), happening_of(case, y))
    same = bool(names[0]) and names[0] == names[1]
    related = y.event in lineage(x.event) or x.event in lineage(y.event)
    if (all(names) and not same) or not (same or related):
        return UNRELATED
    if vow := _vow_and_denial(case, a, x, b, y):
        return vow
    if unlike := _classes(a, b):
        return unlike
    targets = not x.target or not y.target or overlap(case, x.target, y.target)
    if negative(a) != negative(b):
        denial, claimed = (x, y) if negative(a) else (y, x)
        if not same and denial.event not in lineage(claimed.event):
            return Comparison("differs", "scope", f"{denial.event} is denied, which is narrower than {claimed.event}")
        if denial.actor and claimed.actor and not overlap(case, denial.actor, claimed.actor):
            return Comparison("agrees", "", "it is denied of another actor")
        if not same and (unlike := _elsewhere(case, claimed, denial, targets)):
            return unlike
        why = f"{_event_words(claimed)} said and denied"
        return Comparison("contradicts", "polarity", why, same or not _rough(x.date, y.date))
    if negative(a):
        return AGREES
    different = bool(x.actor and y.actor) and not overlap(case, x.actor, y.actor)
    if same:
        if different:
            return Comparison("contradicts", "perpetrator", f"{_who(x)} or {_who(y)}: the same happening {names[0]}")
        if not related:
            return Comparison("contradicts", "definition", f"{x.event} or {y.event}: the same happening {names[0]}")
        if x.date and y.date and not x.date.possibly_within(y.date.start, y.date.end):
            return Comparison("differs", "as-of", f"different dates: {x.date} and {y.date}")
        return AGREES
    if not different:
        return UNRELATED if _elsewhere(case, x, y, targets, equal=True) else AGREES
    if not any(is_a(x.event, act) for act in _ACTS):
        return UNRELATED
    if unlike := _elsewhere(case, x, y, targets, equal=True):
        return unlike
    certain = bool(x.target and y.target) and not _rough(x.date, y.date)
    return Comparison("contradicts", "perpetrator", f"{_who(x)} or {_who(y)}: {x.event} at {x.at} on {x.date}", certain)


def _vow_and_denial(case: Case, a: Claim, x: EventSaid, b: Claim, y: EventSaid) -> Comparison | None:
    """Compare a threat or a promise to act with a denial of it: a denial before the day speaks of what is planned.

    Who denies afterwards that it happened does not deny that it was threatened.
    """
    if {a.realis in _VOWED, b.realis in _VOWED} != {True, False} or not (a.realis == "denied" or b.realis == "denied"):
        return None
    (vow, act), (denial, denied) = ((a, x), (b, y)) if a.realis in _VOWED else ((b, y), (a, x))
    unlike = Comparison("differs", "incomparable", f"one is {a.realis}, the other {b.realis}")
    if denied.event not in lineage(act.event):
        return unlike
    if denied.actor and act.actor and not overlap(case, denied.actor, act.actor):
        return unlike
    if act.target and denied.target and not overlap(case, act.target, denied.target):
        return unlike
    places = place_id(case, act.at), place_id(case, denied.at)
    if all(places) and places[0] != places[1]:
        return unlike
    when = denied.date
    if when is not None and act.date is not None and not act.date.possibly_within(when.start, when.end):
        return unlike
    out, day = published(case, denial), when or act.date
    if day is not None and out is not None and day.end is not None and out.start is not None and day.end < out.start:
        return unlike
    certain = all(places) and _days(when) == _days(act.date) and when is not None
    return Comparison("contradicts", "polarity", f"{_event_words(act)} {vow.realis} and denied", certain)


def _elsewhere(
    case: Case, event: EventSaid, denial: EventSaid, targets: bool, *, equal: bool = False
) -> Comparison | None:
    """Say how two events are elsewhere or at another time; a denial of a longer time covers the days in it."""
    if place_id(case, event.at) != place_id(case, denial.at):
        return Comparison("differs", "scope", f"different places: {event.at or 'not told'}, {denial.at or 'not told'}")
    if not targets:
        return Comparison(
            "differs", "scope", f"different targets: {', '.join(event.target)}; {', '.join(denial.target)}"
        )
    if equal and (not event.at or event.date is None or denial.date is None):
        return Comparison("differs", "scope", "the place or the date is not told, so these may be two events")
    covered = (
        event.date is not None
        and denial.date is not None
        and event.date.certainly_within(denial.date.start, denial.date.end)
    )
    if _days(event.date) == _days(denial.date) or (covered and not equal):
        return None
    return Comparison("differs", "as-of", f"different dates: {event.date or 'not told'}, {denial.date or 'not told'}")


def _who(event: EventSaid) -> str:
    return ", ".join(event.actor) or "nobody named"


def _event_words(event: EventSaid) -> str:
    where = f" at {event.at}" if event.at else ""
    return f"{event.event} by {_who(event)}{where}" + (f" on {event.date}" if event.date else "")


def thing(claim: Claim) -> tuple[object, ...]:
    """Return what a claim other than a quantity or event is about; claims about different things are unrelated."""
    match claim.says:
        case CommitmentSaid() as x:
            return ("commitment", x.commitment)
        case RelationSaid() as x:
            return ("relation", _plain(x.relation), frozenset(x.from_), frozenset(x.to), x.of)
        case PositionSaid() as x:
            return ("position", _plain(x.position), frozenset(x.actor), x.issue)
        case AssessmentSaid() as x:
            return ("assessment", _plain(x.assessment), x.of, frozenset(x.actor), _days(x.by))
        case OfferSaid() as x:
            return ("offer", _plain(x.offer), frozenset(x.from_), frozenset(x.to))
        case _:
            return ("other", claim.id)


def _propositions(a: Claim, b: Claim) -> Comparison:
    if thing(a) != thing(b):
        return UNRELATED
    if unlike := _classes(a, b):
        return unlike
    when = tuple(getattr(c.says, "date", None) for c in (a, b))
    if _days(when[0]) != _days(when[1]):
        return Comparison("differs", "as-of", f"different dates: {when[0] or 'not told'}, {when[1] or 'not told'}")
    key = next(k for k in ("commitment", "relation", "position", "assessment", "offer") if hasattr(a.says, k))
    about = f"{key} {getattr(a.says, key)}"
    if negative(a) != negative(b):
        return Comparison("contradicts", "polarity", f"{about}: said and denied")
    for name, reason in (("reading", "definition"), ("answer", "value"), ("value", "value")):
        one, other = getattr(a.says, name, ""), getattr(b.says, name, "")
        if one and other and one != other and " " not in one + other:
            return Comparison("contradicts", reason, f"{about}: {name} {one} against {other}")
    return AGREES


def confirms(case: Case, a: Claim, b: Claim) -> str:
    """Return in words what two claims both say, or an empty string: they say it of one thing, at one place and time.

    Agreement is asked for more strictly than a contradiction: where something is told by one of them only, such as a
    part of a number or the outcome of a promise, they do not confirm each other. The order makes no difference.
    """
    if a.id == b.id or compare_claims(case, a, b).relation != "agrees" or negative(a) != negative(b):
        return ""
    denied = "not so: " if negative(a) else ""
    match a.says, b.says:
        case QuantitySaid() as x, QuantitySaid() as y:
            if x.value is None and x.low is None and x.high is None:
                return ""
            if y.value is None and y.low is None and y.high is None:
                return ""
            when = x.as_of or x.window
            where = f" at {x.of}" if x.of else ""
            first, second = sorted((worded(x), worded(y)))
            numbers = first if first == second else f"{first} and {second}"
            return f"{denied}{numbers} {group_words(case, x)}, {x.measure}{where}{f', {when}' if when else ''}"
        case EventSaid() as x, EventSaid() as y:
            if negative(a) and not _one_denial(case, x, y):
                return ""
            narrow = min((x, y), key=lambda e: (-len(lineage(e.event)), not e.actor, _event_words(e)))
            who = "" if x.actor and y.actor else ", though not both say who did it"
            return f"{denied}{_event_words(narrow)}{who}"
    for name in ("reading", "answer", "value", "standing", "by"):
        if getattr(a.says, name, "") != getattr(b.says, name, ""):
            return ""
    key = next(k for k in ("commitment", "relation", "position", "assessment", "offer") if hasattr(a.says, k))
    return f"{denied}{key} {getattr(a.says, key)}"


def _one_denial(case: Case, x: EventSaid, y: EventSaid) -> bool:
    """Whether two denials deny the same: of one recorded happening, or of one type, place and time."""
    names = happening_of(case, x), happening_of(case, y)
    if all(names):
        return names[0] == names[1]
    targets = not x.target or not y.target or overlap(case, x.target, y.target)
    actors = not x.actor or not y.actor or overlap(case, x.actor, y.actor)
    return x.event == y.event and actors and _elsewhere(case, x, y, targets, equal=True) is None


@dataclass(frozen=True, slots=True, repr=False)
class Pair(OneLine):
    """Two claims that contradict or differ, the reason, and whether they are one source or already a dispute.

    ``same_witness`` says why the two are one source (against itself), or is empty. ``dispute`` names the
    first dispute in which they stand behind different answers, or is empty: nobody has made it a question yet.
    ``near`` are then the disputes that hold one of the two.
    """

    first: str
    second: str
    relation: str
    reason: str
    why: str
    certain: bool
    same_witness: str
    dispute: str
    near: tuple[str, ...] = ()


class PairMaker:
    """Makes pairs of claims of one case: who is one source with whom, and which disputes hold them."""

    def __init__(self, case: Case) -> None:
        self._linked = linker(case)
        self._disputed = disputed_pairs(case)
        self._holding: dict[str, dict[str, None]] = defaultdict(dict)
        for dispute in case.disputes.values():
            for answer in dispute.answers:
                for name in answer.claims:
                    self._holding[name][dispute.id] = None

    def pair(self, a: Claim, b: Claim, comparison: Comparison) -> Pair:
        """Return two claims, in this order, with what they are to each other."""
        link = self._linked(a.id, b.id)
        dispute = self._disputed.get(frozenset((a.id, b.id)), "")
        near = () if dispute else tuple({**self._holding.get(a.id, {}), **self._holding.get(b.id, {})})
        return Pair(
            first=a.id,
            second=b.id,
            relation=comparison.relation,
            reason=comparison.reason,
            why=comparison.why,
            certain=comparison.certain,
            same_witness=str(link) if link else "",
            dispute=dispute,
            near=near,
        )


def disputed_pairs(case: Case) -> dict[frozenset[str], str]:
    """Return the pairs of claims that stand behind different answers of a dispute -> the first such dispute."""
    pairs: dict[frozenset[str], str] = {}
    for dispute in case.disputes.values():
        for one, other in combinations(dispute.answers, 2):
            for a in one.claims:
                for b in other.claims:
                    if a != b:
                        pairs.setdefault(frozenset((a, b)), dispute.id)
    return pairs


def _quantity_frame(case: Case, claim: Claim, quantity: QuantitySaid) -> tuple[Hashable, ...]:
    return (
        quantity.quantity,
        quantity.measure,
        place_id(case, quantity.of),
        _days(quantity.window),
        _days(quantity.as_of),
        realis_class(claim),
    )


def _quantity_candidates(case: Case, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of one place and time whose values differ; claims that say the same number the same way are one group.

    Within it, what is called by words of its own ("strikes at noon") meets only its like and what has no such words.
    """
    frames: dict[Hashable, dict[str, dict[Hashable, list[Claim]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for claim in claims:
        if isinstance(claim.says, QuantitySaid):
            quantity = claim.says
            subject = subject_of(case, quantity)
            value = (interval(quantity), quantity.unit, subject.group, negative(claim), quantity.quantity)
            frame = (subject.base, *_quantity_frame(case, claim, quantity)[2:])
            frames[frame][subject.label][value].append(claim)
    for labels in frames.values():
        plain = labels.get("", {})
        for label, groups in labels.items():
            yield from _across(groups)
            if label:
                for one in plain.values():
                    for other in groups.values():
                        yield from product(one, other)


def _across(groups: Mapping[Hashable, list[Claim]]) -> Iterator[tuple[Claim, Claim]]:
    for one, other in combinations(groups.values(), 2):
        for a in one:
            for b in other:
                yield a, b


def _event_candidates(case: Case, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs about one recorded happening, or of related types at one place with one asserted or of equal dates."""
    events = [(c, c.says) for c in claims if isinstance(c.says, EventSaid)]
    recorded: dict[str, dict[Hashable, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    at: dict[tuple[str, str], list[tuple[Claim, EventSaid]]] = defaultdict(list)
    dated: dict[tuple[str, str, Hashable], list[tuple[Claim, EventSaid]]] = defaultdict(list)
    vows: dict[str, list[Claim]] = defaultdict(list)
    for claim, event in events:
        if name := happening_of(case, event):
            recorded[name][event.event, event.actor, negative(claim)].append(claim)
        for kind in lineage(event.event):
            if not negative(claim):
                at[kind, place_id(case, event.at)].append((claim, event))
        dated[event.event, place_id(case, event.at), _days(event.date)].append((claim, event))
        if claim.realis in _VOWED:
            for kind in lineage(event.event):
                vows[kind].append(claim)
    for groups in recorded.values():
        yield from _across(groups)
    for claim, event in events:
        if negative(claim):
            yield from ((claim, other) for other, _ in at[event.event, place_id(case, event.at)])
            yield from ((claim, other) for other in vows[event.event])
        elif event.at and event.date is not None:
            for kind in lineage(event.event):
                for other, theirs in dated[kind, place_id(case, event.at), _days(event.date)]:
                    if set(theirs.actor) != set(event.actor) and not negative(other):
                        yield claim, other


def _candidates(case: Case) -> Iterator[tuple[Claim, Claim]]:
    claims = list(case.claims.values())
    for claim in claims:
        for other in (*claim.denies, *claim.supersedes):
            if other in case.claims:
                yield claim, case.claims[other]
    yield from _quantity_candidates(case, claims)
    yield from _event_candidates(case, claims)
    things: dict[Hashable, dict[Hashable, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        if not isinstance(claim.says, QuantitySaid | EventSaid):
            details = tuple(getattr(claim.says, name, "") for name in ("reading", "answer", "value"))
            things[thing(claim)][realis_class(claim), negative(claim), details].append(claim)
    for groups in things.values():
        yield from _across(groups)


def _sorted(pairs: Iterable[Pair], order: Mapping[str, int]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda p: (order[p.first], order[p.second])))


def contradictions(case: Case) -> tuple[Pair, ...]:
    """Return every pair of claims that cannot both hold, each once, in the order of the case's files.

    A claim that another one corrects is left out: `differences` shows it beside its correction.

    Parameters
    ----------
    case : Case
        A case without errors.

    Returns
    -------
    tuple of Pair
        Of two claims, with the reason why they cannot both hold.

    Raises
    ------
    StandoffError
        For a case with errors.

    Examples
    --------
    >>> import standoff as so
    >>> so.contradictions(so.load("idlib"))[0].reason
    'polarity'
    """
    refuse_errors(case)
    order = {name: number for number, name in enumerate(case.claims)}
    maker, struck = PairMaker(case), corrections(case)
    done: set[tuple[str, str]] = set()
    pairs: list[Pair] = []
    for one, other in _candidates(case):
        a, b = (one, other) if order[one.id] < order[other.id] else (other, one)
        if a.id == b.id or (a.id, b.id) in done or a.id in struck or b.id in struck:
            continue
        done.add((a.id, b.id))
        compared = compare_claims(case, a, b)
        if compared.relation == "contradicts":
            pairs.append(maker.pair(a, b, compared))
    return _sorted(pairs, order)


def _near_quantities(case: Case, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of frames of one thing that differ in one respect only, next to each other in that respect."""
    frames: dict[tuple[Hashable, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim.says, QuantitySaid) and not negative(claim):
            frames[_quantity_frame(case, claim, claim.says)].append(claim)
    for respect in range(1, 6):
        alike: dict[Hashable, list[tuple[Hashable, ...]]] = defaultdict(list)
        for frame in frames:
            alike[frame[:respect] + frame[respect + 1 :]].append(frame)
        for group in alike.values():
            group.sort(key=lambda frame: _sortable(frame[respect]))
            for one, other in pairwise(group):
                if pair := _clashing(frames[one], frames[other]):
                    yield pair


def _sortable(respect: Hashable) -> tuple[str, ...]:
    if isinstance(respect, tuple):
        return tuple(end.isoformat() if end else "" for end in respect)
    return ("",) if respect is None else (str(respect),)


def _clashing(one: list[Claim], other: list[Claim]) -> tuple[Claim, Claim] | None:
    for a in one[:NEAREST]:
        for b in other[:NEAREST]:
            if isinstance(a.says, QuantitySaid) and isinstance(b.says, QuantitySaid):  # noqa: SIM102  (for the types)
                if not interval(a.says).meets(interval(b.says)):
                    return a, b
    return None


def _near_denials(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each denial of an event with the first few assertions of that type, of another place or time."""
    of_type: dict[str, list[Claim]] = defaultdict(list)
    denials = []
    for claim in claims:
        if isinstance(claim.says, EventSaid):
            if negative(claim):
                denials.append((claim, claim.says))
            else:
                for kind in lineage(claim.says.event):
                    of_type[kind].append(claim)
    for claim, event in denials:
        alike = [
            c for c in of_type[event.event] if isinstance(c.says, EventSaid) and set(c.says.actor) & set(event.actor)
        ]
        yield from ((claim, other) for other in alike[:NEAREST])


def differences(case: Case) -> tuple[Pair, ...]:
    """Return pairs that seem to clash and do not, with what sets them apart: another date, window, place or measure.

    Shown are claims that replace others, quantities of one thing whose values clash and which differ in one respect
    only (each with its neighbour in that respect), undated quantities published far apart, and denials beside the
    first assertions of such an event elsewhere or at another time.
    """
    order = {name: number for number, name in enumerate(case.claims)}
    maker, struck = PairMaker(case), corrections(case)
    every = case.claims
    replaced = ((c, every[o]) for c in every.values() for o in c.supersedes if o in every)
    claims = [c for c in every.values() if c.id not in struck]
    undated = (
        (a, b)
        for a, b in _quantity_candidates(case, claims)
        if isinstance(a.says, QuantitySaid) and a.says.as_of is None and a.says.window is None
    )
    pairs: dict[tuple[str, str], Pair] = {}
    for source in (replaced, _near_quantities(case, claims), undated, _near_denials(claims)):
        for one, other in source:
            a, b = (one, other) if order[one.id] < order[other.id] else (other, one)
            if (a.id, b.id) not in pairs:
                compared = compare_claims(case, a, b)
                if compared.relation == "differs":
                    pairs[a.id, b.id] = maker.pair(a, b, compared)
    return _sorted(pairs.values(), order)
