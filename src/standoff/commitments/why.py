"""Why: the whole account of one commitment as plain data, from the verdict down to the place in the document.

With it goes how likely it was broken (or done): a range from declared reliabilities, with its factors, never a point. A
source's Admiralty letter, set by a person, stands for a range of the chance that it is right about such a report; F,
"cannot be judged", is not information. Independent chains multiply their odds; chains that share an author, an outlet
or an origin are one source. An event counts with the product of four factors: it happened, it was the party that
counts, in the place that counts, and no exception covers it. Each factor is a range; products of lows and of highs
bound the event, and events are taken to be independent of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from math import prod
from typing import Any

from standoff.case.as_dict import as_dict, grade_mark, pick, places_of_claim
from standoff.case.claims import RECORD, Claim
from standoff.case.model import Case, Event, refuse_errors
from standoff.case.restrictions import is_free
from standoff.case.terms import Commitment, CommitmentKind, Pattern
from standoff.commitments.engine.run import Mark
from standoff.commitments.engine.states import STATES, words
from standoff.commitments.ledger import Row, duty_of, rows
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.observance import observance_data, observances
from standoff.commitments.own_words import bearing
from standoff.commitments.patterns.pattern import Log, log_of
from standoff.commitments.patterns.wording import says_actor, text_and_readings
from standoff.commitments.reasons import IN_TIME, UNCALLED, EventMatch, doubt, events_counting, timing
from standoff.errors import StandoffError, nearest
from standoff.evidence.accounts import EventTelling, Holding, holding
from standoff.evidence.independence import corroboration
from standoff.oneline import OneLine

Range = tuple[float, float]

# Admiralty letter of a source -> chance that it is right. The letters are NATO's; the numbers are assumed, and wide.
RIGHT: dict[str, Range] = {
    "A": (0.95, 0.99),
    "B": (0.80, 0.95),
    "C": (0.60, 0.85),
    "D": (0.35, 0.65),
    "E": (0.10, 0.40),
}
UNJUDGED: Range = (0.0, 1.0)
BEFORE: Range = (0.2, 0.8)  # chance of a reported event before any source is weighed; assumed


@dataclass(frozen=True, slots=True, repr=False)
class Factors(OneLine):
    """The factors of one event, each (low, high), and how many independent sources assert and deny it."""

    event: str
    happened: Range
    attributed: Range
    located: Range
    not_excepted: Range
    asserting: int
    denying: int
    graded: bool

    @property
    def counts(self) -> Range:
        """The chance that the event counts for the commitment."""
        parts = (self.happened, self.attributed, self.located, self.not_excepted)
        return prod(p[0] for p in parts), prod(p[1] for p in parts)


@dataclass(frozen=True, slots=True, repr=False)
class Chance(OneLine):
    """The chance that something that breaks (``of="broken"``) or does (``of="done"``) a commitment happened."""

    of: str
    low: float
    high: float
    factors: tuple[Factors, ...]
    words: str


def event_chance(evaluation: Evaluation, slot: int) -> Chance | None:
    """Return the range for one slot over the events that count for it, or None where no event does.

    A range that graded sources do not narrow is said to be none: ``low`` 0 and ``high`` 1.
    """
    own = evaluation.schedule.slots[slot]
    role = "bad" if own.kind == CommitmentKind.MAINTAIN else "then"
    opens, closes = int(evaluation.schedule.opens[slot]), min(int(evaluation.schedule.closes[slot]), evaluation.today)
    reports = [
        c for account in evaluation.accounts for c in events_counting(evaluation, slot, account) if c.role == role
    ]
    names = [c.event for c in reports if c.last >= opens and c.first <= closes]
    if not names:
        return None
    term = text_and_readings(evaluation.case.commitments[own.commitment])[own.reading]
    pattern = term.forbid if role == "bad" else term.then
    by_event = {r.event.id: r for r in evaluation.reports[evaluation.accounts[0]]}
    if pattern is not None and role == "bad" and not says_actor(pattern):
        pattern = replace(pattern, actor=term.debtor)
    factors = tuple(
        _factors(evaluation, pattern or Pattern(), term.except_, by_event[n], term.answers_for)
        for n in dict.fromkeys(names)
    )
    low = 1 - prod(1 - f.counts[0] for f in factors)
    high = 1 - prod(1 - f.counts[1] for f in factors)
    of = "broken" if role == "bad" else "done"
    judged = sum(f.graded for f in factors)
    if (low, high) == (0.0, 1.0) or not judged:
        words = f"no chance can be given: no source of what is reported ({len(factors)}) has been graded"
        return Chance(of, 0.0, 1.0, factors, words)
    words = (
        f"{of} with a chance of {low:.2f} to {high:.2f}, from {judged} of {len(factors)} reports with graded sources"
    )
    return Chance(of, low, high, factors, words)


def _factors(
    evaluation: Evaluation,
    pattern: Pattern,
    except_: Pattern | None,
    report: EventTelling,
    answers: Mapping[str, tuple[str, ...]],
) -> Factors:
    log = log_of([report.event])

    def part(**keys: Any) -> Range:
        return _match_range(evaluation, replace(Pattern(), **keys), log, answers)

    asserting, denying, happened, graded = _happened(evaluation.case, report)
    excepted = (0.0, 0.0) if except_ is None else _match_range(evaluation, except_, log, answers)
    return Factors(
        event=report.event.id,
        happened=happened,
        attributed=part(actor=pattern.actor),
        located=part(at=pattern.at, within=pattern.within, beyond=pattern.beyond, above=pattern.above),
        not_excepted=(1 - excepted[1], 1 - excepted[0]),
        asserting=asserting,
        denying=denying,
        graded=graded,
    )


def _match_range(evaluation: Evaluation, pattern: Pattern, log: Log, answers: Mapping[str, tuple[str, ...]]) -> Range:
    certain, possible = evaluation.matcher.match(pattern, log, answers)
    return float(certain[0]), float(possible[0])


def _happened(case: Case, report: EventTelling) -> tuple[int, int, Range, bool]:
    tells = [c for c in report.event.claims if c in case.claims]
    against = [c.id for c in case.claims.values() if set(c.denies) & set(tells)]
    pro = _witnesses(case, [c for c in tells if case.claims[c].realis != "denied"])
    con = _witnesses(case, [*against, *(c for c in tells if case.claims[c].realis == "denied")])
    graded = [g for g in (*pro, *con) if g != UNJUDGED]
    if not graded:
        return len(pro), len(con), UNJUDGED, False
    low = _odds(BEFORE[0], (g[0] for g in pro if g != UNJUDGED), (g[1] for g in con if g != UNJUDGED))
    high = _odds(BEFORE[1], (g[1] for g in pro if g != UNJUDGED), (g[0] for g in con if g != UNJUDGED))
    return len(pro), len(con), (low, high), True


def _odds(before: float, right: Iterable[float], wrong: Iterable[float]) -> float:
    """Chance that it happened, given the chance before and how likely asserting and denying witnesses are right."""
    odds = before / (1 - before) * prod(p / (1 - p) for p in right) / prod(p / (1 - p) for p in wrong)
    return float(odds / (1 + odds))


def _witnesses(case: Case, claims: Sequence[str]) -> list[Range]:
    """The range of each independent witness: of its claims, the best graded one."""
    witnesses = []
    for witness in corroboration(case, claims).sources if claims else ():
        each = [_right(case, name) for name in (witness.claim, *(also for also, _ in witness.also))]
        judged = [g for g in each if g != UNJUDGED]
        witnesses.append(max(judged, default=UNJUDGED))
    return witnesses


def _right(case: Case, claim: str) -> Range:
    record = case.claims[claim]
    letters = [record.grade.reliability] if record.grade.reliability != "F" else []
    letters += [case.sources[s].reliability for s in record.chain if s in case.sources]
    ranges = [RIGHT[letter] for letter in letters if letter in RIGHT]
    # a chain is not better than its weakest graded link
    return min(ranges) if ranges else UNJUDGED


_ROLES = {
    "when": "meets the condition",
    "then": "does what was owed",
    "bad": "breaks it",
    "while": "bears on what it rests on",
    "suspend": "suspends it",
    "resume": "resumes it",
    "release": "releases it",
    "cancel": "cancels it",
    "permit": "calls in what permits it",
    "early": "is such an act, before it was in force",
}


def _role(role: str, when: str, adverse: bool) -> str:
    if role != "then" or when == IN_TIME:
        return "does what was threatened" if role == "then" and adverse else _ROLES[role]
    if when == UNCALLED:
        return "is such an act, while nothing was called in"
    return "is such an act, after the last day" if adverse else f"{_ROLES[role]}, late"


def find_commitment(case: Case, commitment: str) -> Commitment:
    """Return a commitment of the case. Raises StandoffError with the nearest name when there is none."""
    if commitment not in case.commitments:
        what, hint = f"there is no commitment {commitment!r}", nearest(commitment, case.commitments)
        raise StandoffError.of(what, file="--why", expected="the id of a commitment", hint=hint)
    return case.commitments[commitment]


def why(
    case: Case,
    account: str | Sequence[str] | None,
    commitment: str,
    *,
    on: date | str | None = None,
    as_of: date | str | None = None,
    events: Sequence[Event] | None = None,
) -> dict[str, Any]:
    """Explain one commitment for an account, several, or all.

    Parameters
    ----------
    case : Case
        A case without errors.
    account : str or sequence of str, optional
        Default: the record and whoever speaks.
    commitment : str
        Its id.
    on, as_of : date or str, optional
        The day, and what was known by then.
    events : sequence of Event, optional
        Those of a log, added to the record.

    Returns
    -------
    dict
        Its text and readings, the verdicts, and the events, claims and places behind them.

    Raises
    ------
    StandoffError
        For an unknown commitment or account, or a day after ``as_of``.

    Examples
    --------
    >>> import standoff as so
    >>> story = so.why(so.load("idlib"), "record", "sochi-6", on="2018-12-01")
    >>> story["commitment"]["id"]
    'sochi-6'
    """
    refuse_errors(case)
    find_commitment(case, commitment)
    accounts = [account] if isinstance(account, str) else account
    return explain(evaluate(case, accounts, on=on, as_of=as_of, events=events), commitment)


def explain(evaluation: Evaluation, commitment: str) -> dict[str, Any]:
    """Explain one commitment from a finished run, as JSON-able data."""
    record = find_commitment(evaluation.case, commitment)
    table = rows(evaluation, commitment, every_reading=True)
    claims = dict.fromkeys(c for row in table for c in row.claims)
    home = holding(evaluation.case, record)
    return {
        "commitment": {**_terms(evaluation.case, record), "held": _where_it_stands(evaluation.case, home)},
        "on": evaluation.on.isoformat(),
        "as_of": evaluation.as_of.isoformat() if evaluation.as_of else None,
        "known": bool(table),
        "rows": [_row(evaluation, row) for row in table],
        "claims": [
            claim_in_place(evaluation.case, evaluation.case.claims[c]) for c in claims if c in evaluation.case.claims
        ],
        "first_breach": first_breaches(evaluation, record),
        "observance": observance_data(observances(evaluation, only=commitment).get(commitment)),
    }


def _where_it_stands(case: Case, home: Holding) -> str:
    """Say where a commitment stands, and why: in the record, or in one voice's account alone."""
    if home.record:
        return f"in the record: {home.why}"
    names = ", ".join(case.accounts[name].title for name in case.accounts if name in home.accounts)
    return f"not in the record: {home.why}, so it stands in the account of that voice alone ({names})"


_TERMS = (
    "id", "title", "kind", "threat", "form", "condition", "debtor", "creditor", "answers_for", "agreement",
    "agreement_title", "provision", "reference", "from", "until", "by", "within", "duty", "same_as", "replaces",
    "readings", "observable", "assumed", "citation", "note",
)  # fmt: skip


def _terms(case: Case, record: Commitment) -> dict[str, Any]:
    agreement = case.agreements.get(record.agreement)
    terms = as_dict(record) | {
        "threat": record.adverse,
        "agreement_title": agreement.title if agreement else "",
        "reference": record.reference or (agreement.reference if agreement else ""),
        "from": str(record.from_),
        "until": str(record.until) if record.until else None,
        "by": str(record.by) if record.by else None,
        "within": str(record.within) if record.within else None,
        "replaces": [*record.supersedes, *([record.amends] if record.amends else [])],
        "readings": [pick(as_dict(reading), ("id", "title", "held_by")) for reading in record.readings],
    }
    return pick(terms, _TERMS)


def _row(evaluation: Evaluation, row: Row) -> dict[str, Any]:
    slot = next(
        i
        for i, s in enumerate(evaluation.schedule.slots)
        if (s.commitment, s.reading, s.key, s.span) == (row.commitment, row.reading, row.key, "")
    )
    speaks = row.account in evaluation.statements
    of = RECORD.id if speaks else row.account
    reports = {r.event.id: r for r in evaluation.reports[of]}
    return {
        "account": row.account,
        "account_kind": row.account_kind,
        "account_title": evaluation.case.accounts[row.account].title
        if row.account in evaluation.case.accounts
        else row.account,
        "says": row.says,
        "said_on": row.word_on.isoformat() if row.word_on else None,
        "by": list(row.by),
        "reading": row.reading or "text",
        "reading_title": row.reading_title,
        "held": row.own_reading,
        "key": row.key,
        "state": row.state,
        "worst": row.worst,
        "verdict": row.verdict,
        "words": row.words,
        "rule": row.rule,
        "since": row.since.isoformat() if row.since else None,
        "due": row.due.isoformat() if row.due else None,
        "kept": row.kept,
        "broken": row.broken,
        "disputed": row.disputed,
        "breaches": [row.breaches, row.breaches_possible],
        "degree": list(row.degree) if row.degree else None,
        "remedied": row.remedied.isoformat() if row.remedied else None,
        "watched": row.watched,
        "because": list(row.because),
        "chance": None if speaks else _chance(evaluation, slot),
        "timeline": _words(evaluation, row) if speaks else timeline(evaluation, slot, row),
        "events": [
            _spoken_event(evaluation, slot, c, reports[c.event].event, row)
            for c in bearing(evaluation, slot, row.account)
        ]
        if speaks
        else [
            _event(
                c,
                reports[c.event].event,
                reports[c.event].why,
                timing(evaluation, slot, row.account, c),
                doubt(evaluation, slot, row.account, c),
                row.adverse,
            )
            for c in events_counting(evaluation, slot, row.account)
        ],
    }


def _words(evaluation: Evaluation, row: Row) -> list[dict[str, Any]]:
    """Return, day by day, what a statement account said of the commitment itself."""
    standings = evaluation.statements[row.account].commitments.get(row.commitment, ())
    return [
        {
            "date": one.on.isoformat(),
            "what": f"says: {words(one.says, row.adverse)}" + (f", by {', '.join(one.by)}" if one.by else ""),
            "certain": True,
        }
        for one in standings
        if one.reading == row.reading
    ]


def _spoken_event(
    evaluation: Evaluation, slot: int, event_counted: EventMatch, event: Event, row: Row
) -> dict[str, Any]:
    sayings = evaluation.statements[row.account].events[event_counted.event]
    asserted, denied = (any(w.asserts == way for w in sayings) for way in (True, False))
    what = "asserts and denies it" if asserted and denied else "asserts it" if asserted else "denies it"
    why = f"{what}, {', '.join(dict.fromkeys(str(w.on) for w in sayings))}"
    return {
        **_event(event_counted, event, why, timing(evaluation, slot, RECORD.id, event_counted), "", row.adverse),
        "certain": event_counted.certain and asserted and not denied,
        "denied": denied,
        "claims": [w.claim for w in sayings],
        "source": "; ".join(
            evaluation.case.claims[w.claim].citation for w in sayings if evaluation.case.claims[w.claim].citation
        ),
        "contested": "",
    }


def _chance(evaluation: Evaluation, slot: int) -> dict[str, Any] | None:
    estimate = event_chance(evaluation, slot)
    if estimate is None:
        return None
    record = {"said" if key == "words" else key: value for key, value in asdict(estimate).items()}
    reports = {r.event.id: r.event for r in evaluation.reports[evaluation.accounts[0]]}
    record["factors"] = [{**f, "restricted": not is_free(reports.get(f["event"]))} for f in record["factors"]]
    return record


def _event(
    event_counted: EventMatch, event: Event, account_word: str, when: str, why: str, adverse: bool
) -> dict[str, Any]:
    return {
        "id": event_counted.event,
        "date": str(event.date),
        "reported": str(event.known) if event.known is not None else None,
        "title": event.title,
        "role": _role(event_counted.role, when, adverse),
        "certain": not why and not event_counted.denied,
        "doubt": why,
        "denied": event_counted.denied,
        "why": account_word,
        "claims": list(event.claims),
        "source": event.source,
        "contested": event.contested,
        "restricted": not is_free(event),
    }


def timeline(evaluation: Evaluation, slot: int, row: Row) -> list[dict[str, Any]]:
    """Return what changed day by day; ``certain`` when both completions have the change on that day."""
    changes: dict[tuple[int, str], int] = {}
    for column in evaluation.columns(row.account):
        before = Mark(0, 0, 0, 0, 0, 0)
        for mark in evaluation.marks.get((column, slot), ()):
            for what in _differences(before, mark, row.adverse, row.kind):
                if row.duty == "effort" and what == words("violated", row.adverse):
                    what = "result broken"
                changes[mark.day, what] = changes.get((mark.day, what), 0) + 1
            before = mark
    return [
        {"date": evaluation.schedule.date(day).isoformat(), "what": what, "certain": count == 2}
        for (day, what), count in sorted(changes.items(), key=lambda item: item[0][0])
    ]


def _differences(before: Mark, mark: Mark, adverse: bool, kind: str) -> list[str]:
    out = []
    if mark.begun > before.begun and mark.state != 2:
        out.append("called in")
    if mark.breaches > before.breaches:
        out.append(
            f"breach {mark.breaches}" if mark.breaches - before.breaches == 1 else f"breaches to {mark.breaches}"
        )
    if mark.state != before.state:
        out.append(words(STATES[mark.state], adverse, kind))
    elif mark.broken > before.broken:
        out.append(words("violated", adverse, kind))
    elif mark.kept > before.kept:
        out.append(words("satisfied", adverse, kind))
    return out


def claim_in_place(case: Case, claim: Claim) -> dict[str, Any]:
    """Return a claim with its place in the document and who relays whom, outermost first."""
    document = case.documents.get(claim.document)
    title = document.title if document else ""
    record = as_dict(claim) | {"title": title, "at": places_of_claim(claim), "grade": grade_mark(claim)}
    return pick(record, ("id", "text", "document", "title", "at", "chain", "realis", "grade", "citation"))


def first_breaches(evaluation: Evaluation, record: Commitment) -> dict[str, dict[str, Any] | None]:
    """Return, per account, which provision of the same agreement was broken first: commitment, day, by whom.

    Both sides of an agreement say that the other broke it first; each account gives its own answer. Only breaches that
    are certain in the account count, in the reading the account holds; what is owed as an effort is left out. ``by``
    are those who did what was forbidden; it is empty where something was not done, and then ``debtor`` are those who
    owed it, and nobody is named as the one who failed. ``in_doubt`` are provisions that may have been broken before it,
    with the day: a breach that is contested or not certain is not passed over.
    """
    out: dict[str, dict[str, Any] | None] = {}
    for account in evaluation.accounts:
        harsh, lenient = evaluation.columns(account)
        breaches, maybe = [], []
        for slot, own in enumerate(evaluation.schedule.slots):
            other = evaluation.case.commitments[own.commitment]
            same = other.id == record.id or (bool(record.agreement) and other.agreement == record.agreement)
            if (
                not same
                or other.adverse
                or not evaluation.state.own_reading[harsh, slot]
                or duty_of(evaluation, slot) == "effort"
            ):
                continue
            days = [int(evaluation.state.first_broken[column, slot]) for column in (harsh, lenient)]
            if min(days) >= 0:
                breaches.append((max(days), own.commitment, own.debtor, slot))
            if max(days) >= 0:
                maybe.append((min(day for day in days if day >= 0), own.commitment))
        out[account] = None
        if breaches:
            day, name, debtor, slot = min(breaches)
            by = _doers(evaluation, slot, account, day)
            out[account] = {
                "commitment": name, "on": evaluation.schedule.date(day).isoformat(), "debtor": list(debtor), "by": by,
                "in_doubt": {
                    other: evaluation.schedule.date(early).isoformat()
                    for early, other in sorted(maybe, reverse=True) if early < day and other != name
                },
            }  # fmt: skip
    return out


def _doers(evaluation: Evaluation, slot: int, account: str, day: int) -> list[str]:
    """Return who did what a slot forbids, beyond doubt, by a day; nobody where something was only not done."""
    events = {r.event.id: r.event for r in evaluation.reports[account]}
    acts = [
        c
        for c in events_counting(evaluation, slot, account)
        if c.role == "bad" and c.certain and not c.denied and c.last <= day
    ]
    return list(
        dict.fromkeys(actor for c in acts for actor in events[c.event].actor if actor in evaluation.case.actors)
    )
