"""Run the ledger over a record: each account, both completions, every reading, up to a day, as known on a day.

Also where a simulation starts: the state of every slot after the recorded days, a column a telling.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff.case.claims import RECORD
from standoff.case.model import Case, Event, bare, refuse_errors, two_sided
from standoff.case.reports import incidents_of
from standoff.case.terms import Commitment, CommitmentKind, Pattern
from standoff.commitments.engine.arrays import Mask, Schedule, State, initial
from standoff.commitments.engine.run import Facts, Mark, run_facts
from standoff.commitments.patterns.compiler import AccountReadings, compile_schedule, follow
from standoff.commitments.patterns.coverage import unseen
from standoff.commitments.patterns.facts import Matches, Reports, gather
from standoff.commitments.patterns.pattern import Log, Matcher, log_of
from standoff.commitments.patterns.wording import announced, distinct_of, duties_of, everything, pattern_keys
from standoff.errors import StandoffError
from standoff.evidence.accounts import EventTelling, find_account, known_by, may_be_known_by, reports, tell
from standoff.evidence.standing import accuses, speaks_for
from standoff.evidence.statements import Statements, statements
from standoff.text.sentences import listing
from standoff.values import as_day


def first_day(case: Case) -> date:
    """Return the day a schedule should start on: that of the earliest commitment or event of the case."""
    days = [c.from_.start for c in case.commitments.values() if c.from_.start]
    days += [e.date.start for e in case.events.values() if e.date.start]
    return min(days, default=case.about.start.start or date.min)


MOST_ACCOUNTS = 60  # one bit each
NEVER = int(np.iinfo(np.int32).max)
MOST_YEARS = 40  # days are numbered in 16 bits, and FOREVER lies beyond every one of them


@dataclass(slots=True, repr=False)
class Evaluation:
    """A finished run of the ledger over the record. Columns are accounts: first pessimistic, then optimistic.

    ``accounts`` are those that were run: the record and readings. ``row_accounts`` are those that rows are about,
    statement accounts among them: what these say is read off the record's run (`standoff.commitments.own_words`).
    """

    case: Case
    accounts: tuple[str, ...]
    on: date
    as_of: date | None
    schedule: Schedule
    matcher: Matcher
    reports: dict[str, Sequence[EventTelling]]
    report_arrays: Reports  # the same reports as columns
    matches: Matches  # what they count for
    facts: Facts
    state: State
    tellings: tuple[AccountReadings, ...]
    disputed_from: NDArray[np.int32]  # [accounts, slots]: first day of a disputed report that bears on the slot
    marks: dict[tuple[int, int], list[Mark]] = field(default_factory=dict)
    unwatched: Mask | None = None  # [days, signals]
    row_accounts: tuple[str, ...] = ()
    statements: dict[str, Statements] = field(default_factory=dict)  # of the statement accounts asked for
    duties: dict[int, str] = field(default_factory=dict)  # slot -> result or effort, as asked for
    findings: dict[str, tuple[date, ...]] | None = None  # commitment -> days on which a finding says it was broken
    justified: dict[str, list[tuple[date, str]]] | None = None  # commitment -> who says so of its breach, since when
    logged: frozenset[str] = frozenset()  # ids of the events of a log beside the record
    ordered: dict[int, list[tuple[int, int, str, str, bool, int]]] = field(default_factory=dict)  # pairs, by day
    doubts: dict[tuple[int, str, str], set[str]] = field(default_factory=dict)  # of (slot, role, event), as asked for
    worked_out: dict[tuple[Any, ...], Any] = field(default_factory=dict)  # what rows share, by what it is of

    def __repr__(self) -> str:
        accounts = ", ".join(self.row_accounts[:3]) + (", ..." if len(self.row_accounts) > 3 else "")
        return f"<Evaluation on {self.on}: {len(self.schedule.slots)} slots; {accounts}>"

    @property
    def today(self) -> int:
        """The number of the day the ledger stands at."""
        return self.schedule.day(self.on)

    def columns(self, account: str) -> tuple[int, int]:
        """Return the (pessimistic, optimistic) column of an account."""
        index = self.accounts.index(account)
        return index, index + len(self.accounts)


def default_day(case: Case) -> date:
    """Return the day a ledger stands at when none is named: the last day of the case's period, or of its record."""
    last = [e.date.end for e in case.events.values() if e.date.end]
    return case.about.period.end or max(last, default=date.max)


def check_days(on: date | str | None, as_of: date | str | None, case: Case) -> tuple[date, date | None]:
    """Return (on, as_of) with defaults filled in.

    Raises StandoffError for what is not a day, and when ``on`` lies after what can be known.
    """
    on, as_of = as_day(on, "on"), as_day(as_of, "as_of")
    if on is None:
        on = as_of or default_day(case)
    if as_of is not None and on > as_of:
        what = f"{on} lies after {as_of}, and nothing was known then of a day that had not come"
        raise StandoffError.of(what, file="--on", expected="a day on or before --as-of")
    return on, as_of


def keys_in_log(case: Case, matcher: Matcher, log: Log, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of keyed commitments: those the text names, else the places (or actors) of matching events.

    The name of a party that the case does not know, and a side that may not have acted, are no keys.
    """
    keys_by_name: dict[str, tuple[str, ...]] = {}
    for name in names:
        c = case.commitments[name]
        keys = pattern_keys(case, c)
        if c.key and keys == ("",):
            patterns = (c.when, c.forbid) if c.when or c.forbid else (c.then,)
            keys = _names_met(matcher, log, c, patterns, c.key) or ("",)
        elif not c.key and distinct_of(c) and len(duties_of(c)) == 1:
            keys = _names_met(matcher, log, c, (c.then,), c.distinct)
        keys_by_name[name] = keys
    return keys_by_name


def _names_met(
    matcher: Matcher, log: Log, term: Commitment, patterns: Sequence[Pattern | None], by: str
) -> tuple[str, ...]:
    """Return the places, actors or types of the events of a log that may match one of some patterns."""
    names: dict[str, None] = {}
    for pattern in patterns:
        for row in np.flatnonzero(matcher.match(pattern, log, term.answers_for)[1]) if pattern is not None else ():
            if by == "type":
                value: Sequence[str] = (log.types[log.type[row]],)
            else:
                value = log.wheres[log.where[row]][0] if by == "place" else log.actors[log.actor[row]]
            names |= dict.fromkeys(v for v in value if v == bare(v))
    return tuple(sorted(names))


_runs: deque[tuple[Case, tuple[Any, ...], Evaluation]] = deque(maxlen=4)  # a run is read, and changed by nobody


def evaluate(
    case: Case,
    accounts: Sequence[str] | None = None,
    *,
    on: date | str | None = None,
    as_of: date | str | None = None,
    events: Sequence[Event] | None = None,
    commitments: Sequence[str] | None = None,
) -> Evaluation:
    """Run the ledger of ``accounts`` (default: `desk`) to the end of day ``on``, with what was known on ``as_of``.

    ``events`` are added to the record of every account as common record. Raises StandoffError for an unknown account or
    a day after ``as_of``. The last runs of a case object without ``events`` are kept and returned again.
    """
    refuse_errors(case)
    on, as_of = check_days(on, as_of, case)
    row_accounts = tuple(dict.fromkeys(accounts or desk(case)))
    statement_accounts = [account for account in row_accounts if find_account(case, account).is_statement]
    run = tuple(account for account in row_accounts if account not in statement_accounts)
    chosen = run if not statement_accounts or RECORD.id in run else (RECORD.id, *run)
    _check_size(case, chosen, on)
    names = [
        name
        for name in (case.commitments if commitments is None else commitments)
        if as_of is None or announced(case, case.commitments[name]) <= as_of
    ]
    key = row_accounts, on, as_of, tuple(names)
    for owner, asked, evaluation in [] if events else list(_runs):
        if owner is case and asked == key:
            return evaluation
    reports_by_account = {account: _reports(case, account, as_of, events or ()) for account in chosen}
    logged = frozenset(e.id for e in events or () if e.id not in case.events)
    evaluation = judge(case, reports_by_account, on=on, as_of=as_of, names=names, logged=logged)
    evaluation.row_accounts = row_accounts
    evaluation.statements = {account: statements(case, account, by=on, as_of=as_of) for account in statement_accounts}
    if not events:
        _runs.append((case, key, evaluation))
    return evaluation


def desk(case: Case) -> tuple[str, ...]:
    """Return the accounts shown when none is named: the record and whoever speaks; readings where nobody does."""
    speakers = [a.id for a in case.accounts.values() if a.is_statement]
    readings = [a.id for a in case.accounts.values() if not a.is_statement and not a.is_record]
    record = (RECORD.id,) if RECORD.id in case.accounts else ()  # a case put together by hand may lack it
    return (*record, *(speakers or readings))


def judge(
    case: Case,
    reports_by_account: Mapping[str, Sequence[EventTelling]],
    *,
    on: date,
    as_of: date | None,
    names: Sequence[str],
    logged: frozenset[str] = frozenset(),
) -> Evaluation:
    """Run the ledger over what each account reports (the same events in the same order, asserted, denied or neither).

    ``names`` are the commitments to judge, ``logged`` the ids of events that come from a log and not from the record:
    these begin no record and give no commitment a key; the rest as for ``evaluate``.
    """
    report_arrays = as_arrays(reports_by_account, case.about.timezone)
    matcher = Matcher(case)
    record = log_of(r.event for r in next(iter(reports_by_account.values())) if r.event.id not in logged)
    keys = keys_in_log(case, matcher, record, names)
    first = first_day(case)
    if record.size:
        first = min(first, date.fromordinal(int(record.first.min())))
    schedule = compile_schedule(case, first=first, commitments=names, keys=keys, spans=True)
    matches = Matches(schedule, matcher, report_arrays.log)
    facts = gather(schedule, matcher, report_arrays, matches)
    days = max(schedule.day(on) + 1, 0)
    blind = unseen(schedule, case, matcher.geography, days)
    tellings = tuple(tell(case, account) for account in reports_by_account)
    state = opening_state(schedule, tellings)
    bears = disputed(matches, matcher, report_arrays)
    evaluation = Evaluation(
        case,
        tuple(reports_by_account),
        on,
        as_of,
        schedule,
        matcher,
        dict(reports_by_account),
        report_arrays,
        matches,
        facts,
        state,
        tellings,
        bears,
        {},
        blind,
        logged=logged,
    )
    evaluation.row_accounts = tuple(reports_by_account)
    run_facts(schedule, state, facts, days, unwatched=blind, marks=evaluation.marks)
    return evaluation


def _reports(case: Case, account: str, as_of: date | None, extra: Sequence[Event]) -> tuple[EventTelling, ...]:
    doubted = _OtherSide(case)
    more = [
        EventTelling(
            e, True, bool(e.contested), "given with --events", e.claims, sure=as_of is None or known_by(e, as_of)
        )
        for e in map(doubted, extra)
        if as_of is None or may_be_known_by(e, as_of)
    ]
    return _joined(case, (*reports(case, account, as_of=as_of), *more)) if more else reports(case, account, as_of=as_of)


class _OtherSide:
    """Marks what the row of a log lays to a party on the word of its opponent alone: an accusation, and no finding.

    The case says whom a source speaks for (``party`` in sources.yaml); a source that it does not know is left as it is.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.voices = {
            name.casefold(): key
            for key, source in case.sources.items()
            if source.party
            for name in (key, source.name, *source.aliases)
        }
        self._words_of: dict[tuple[str, tuple[str, ...], tuple[str, ...]], str] = {}

    def __call__(self, event: Event) -> Event:
        if not self.voices or event.contested or not event.target or not accuses(event):
            return event
        key = event.source, event.actor, event.target
        if key not in self._words_of:
            self._words_of[key] = self._words(event)
        return replace(event, contested=self._words_of[key]) if self._words_of[key] else event

    def _words(self, event: Event) -> str:
        if two_sided(event.actor, event.target):
            return ""
        names = [name.strip() for name in event.source.split(";") if name.strip()]
        for name in names:
            voice = self.voices.get(name.casefold(), "")
            own = any(speaks_for(self.case, voice, actor) for actor in event.actor) if voice else True
            if own or not any(speaks_for(self.case, voice, target) for target in event.target):
                return ""
        return f"told by {listing(names)} alone, which speaks for who was attacked" if names else ""


def _joined(case: Case, rows: tuple[EventTelling, ...]) -> tuple[EventTelling, ...]:
    """Return the rows; a row of a log that tells the happening of another row is a version of it, and counts with it.

    Where the account denies one of them, nothing is certain of them together.
    """
    names = incidents_of(case)
    groups: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row.event.id in names:
            groups.setdefault(names[row.event.id], []).append(number)
    out = list(rows)
    for name, numbers in groups.items():
        some = [rows[n] for n in numbers]
        if len(some) < 2 or all(row.event.id in case.events for row in some):
            continue
        settled = all(row.asserted and (not row.denied or row.one_of) for row in some)
        for n in numbers:
            out[n] = replace(rows[n], denied=True, one_of=name if settled else "")
    return tuple(out)


def _check_size(case: Case, accounts: Sequence[str], on: date) -> None:
    years = (on - first_day(case)).days / 365.25
    if years > MOST_YEARS:
        what = f"from {first_day(case)} to {on} the record covers {years:.0f} years"
        raise StandoffError.of(what, file="--on", expected=f"at most {MOST_YEARS} years in one ledger")
    if len(accounts) > MOST_ACCOUNTS:
        what = f"{len(accounts)} accounts are asked for at once"
        raise StandoffError.of(what, file="--account", expected=f"at most {MOST_ACCOUNTS}; name some of them")


def as_arrays(reports_by_account: Mapping[str, Sequence[EventTelling]], zone: str = "") -> Reports:
    """Return the reports of all accounts as columns; each account has the same events in the same order.

    ``zone`` is the time zone of the case.
    """
    first = next(iter(reports_by_account.values()))
    asserts, denies = np.zeros(len(first), np.uint64), np.zeros(len(first), np.uint64)
    one_of: list[tuple[int, tuple[int, ...]]] = []
    for bit, rows in enumerate(reports_by_account.values()):
        one = np.uint64(1 << bit)
        asserts |= np.where([r.asserted for r in rows], one, np.uint64(0)).astype(np.uint64)
        denies |= np.where([r.denied for r in rows], one, np.uint64(0)).astype(np.uint64)
        versions: dict[str, list[int]] = {}
        for number, row in enumerate(rows):
            if row.one_of:
                versions.setdefault(row.one_of, []).append(number)
        one_of += [(bit, tuple(numbers)) for numbers in versions.values()]
    sure = np.array([r.sure for r in first], np.bool_)
    log = log_of((r.event for r in first), zone=zone, sure=None if sure.all() else sure)
    return Reports(log, asserts, denies, len(reports_by_account), tuple(one_of))


def opening_state(schedule: Schedule, tellings: Sequence[AccountReadings]) -> State:
    """Return the state before the first day, two columns an account: pessimistic ones first, then optimistic."""
    active, own_reading = follow(schedule, [*tellings, *tellings], every_reading=True)
    count = len(tellings)
    partner = np.r_[np.arange(count, 2 * count), np.arange(count)].astype(np.intp)
    harsh = np.arange(2 * count) < count
    return initial(schedule, 2 * count, active=active, own_reading=own_reading, harsh=harsh, partner=partner)


def disputed(matches: Matches, matcher: Matcher, report_arrays: Reports) -> NDArray[np.int32]:
    """First day, [accounts, slots], of a report that bears on the slot and is denied, or whose target's listing is."""
    schedule, log = matches.schedule, report_arrays.log
    out = np.full((report_arrays.accounts, len(schedule.slots)), NEVER, np.int32)
    if not log.size or not schedule.matchers:
        return out
    lists_read = [{p.listed for q in s.patterns for p in everything(q) if p.listed} for s in schedule.matchers]
    marks = [disputed_lists(matcher, targets) for targets in log.targets]
    names = sorted(set().union(*lists_read))
    asks = np.array([[n in lists for n in names] for lists in lists_read], np.bool_).reshape(len(lists_read), -1)
    has = np.array([[n in lists for n in names] for lists in marks], np.bool_).reshape(len(marks), -1)
    on_a_list: NDArray[np.bool_] = np.asarray(has.any(1))
    some: NDArray[np.bool_] = ((report_arrays.asserts & report_arrays.denies) > 0) | on_a_list[log.target]
    event, signal = matches.of_events(some)
    if not len(event):
        return out
    listing = (asks[signal] & has[log.target[event]]).any(1)
    both = np.where(listing, report_arrays.asserts[event], report_arrays.asserts[event] & report_arrays.denies[event])
    slot = np.array([s for s, _ in schedule.signals], np.intp)[signal]
    opens = schedule.opens[slot].astype(np.int32)
    zero = np.int32(schedule.first.toordinal())
    # what happens after the last day of a prohibition neither keeps nor breaks it; a duty may still be done late
    ends = np.array([own.kind == CommitmentKind.MAINTAIN for own in schedule.slots], np.bool_)[slot]
    over = ends & (log.first[event] - zero > schedule.closes[slot].astype(np.int32))
    counts = (both > 0) & (log.last[event] - zero >= opens) & ~over
    day = np.maximum(log.first[event] - zero, opens)
    for account in range(report_arrays.accounts):
        open_ = counts & ((both >> np.uint64(account)) & np.uint64(1) > 0)
        np.minimum.at(out[account], slot[open_], day[open_])
    return out


def disputed_lists(matcher: Matcher, targets: Sequence[str]) -> set[str]:
    """Return the lists on which somebody disputes that one of the targets stands."""
    listings = [matcher.case.actors[t].listed for t in map(bare, targets) if t in matcher.case.actors]
    return {
        name
        for listed in listings
        for name, mark in listed.items()
        if "disputed" in (mark, *(one for one, _, _ in mark.spans))
    }
