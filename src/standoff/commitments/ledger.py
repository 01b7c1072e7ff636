"""The ledger: one row for each commitment, reading, key and account, with its state, its verdict and why."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.claims import RECORD, AccountKind
from standoff.case.model import Case, Event
from standoff.case.records import case_of_records
from standoff.case.restrictions import is_free, named
from standoff.case.terms import DONE_ONCE, Commitment, CommitmentKind
from standoff.commitments.engine.arrays import FOREVER, Schedule, Slot, State
from standoff.commitments.engine.run import Mark
from standoff.commitments.engine.states import (
    CODE,
    DETACHED,
    RESULT_BROKEN,
    STATES,
    SUPERSEDED,
    UNKNOWN,
    VIOLATED,
    degree_score,
    late_words,
    over_range,
    record_words,
    settle,
    words,
)
from standoff.commitments.instances import Instance, instances
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.own_words import WORD_TO_VERDICT, clock, own_word
from standoff.commitments.patterns.wording import text_and_readings
from standoff.commitments.reasons import is_unobservable, reason
from standoff.errors import CaseWarning, StandoffError, nearest
from standoff.evidence.accounts import holding
from standoff.evidence.statements import is_statement, statements
from standoff.intake.logs import open_log
from standoff.oneline import OneLine
from standoff.record_list import RecordList
from standoff.text.sentences import count


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row:
    """One line of the ledger.

    ``reading`` is empty for the text itself; ``own_reading`` says that the account holds this reading. ``state`` is the
    state in the completion best for the debtor, ``worst`` in the other. ``begun``, ``kept`` and ``broken`` count
    instances (trigger episodes, or periods) that are certain; ``disputed`` counts those that only one completion has.
    ``breaches`` counts certain breaches, ``breaches_possible`` all that are told. ``degree`` is the (low, high) share
    of an amount. ``watched`` is false when nobody is known to have watched for what would decide it. ``because`` are
    the ids of the events that decided the latest change.
    """

    commitment: str
    title: str
    kind: str
    adverse: bool
    debtor: tuple[str, ...]
    creditor: tuple[str, ...]
    agreement: str
    provision: str
    account: str
    reading: str
    reading_title: str
    own_reading: bool
    key: str
    state: str
    worst: str
    verdict: str
    since: date | None
    due: date | None
    begun: int
    kept: int
    broken: int
    disputed: int
    breaches: int
    breaches_possible: int
    first_breach: date | None
    remedied: date | None
    degree: tuple[float, float] | None
    score: tuple[int, int] | None
    watched: bool
    because: tuple[str, ...]
    rule: str
    claims: tuple[str, ...]
    exists: bool = True  # false where the account holds that it was never made
    account_kind: AccountKind = AccountKind.READING  # record, reading or statement
    party: str = ""  # of a statement account: whom it speaks for
    says: str = ""  # of a statement account: one of states.SAYS
    word_on: date | None = None  # the day of its latest word that decides it
    by: tuple[str, ...] = ()  # whom it names as the one who broke or kept it
    denied: tuple[str, ...] = ()  # events that bear on it and that the account denies
    denied_of: int = 0  # of how many
    late: bool = False  # done after its last day
    duty: str = "result"  # effort: broken only by a finding about the effort
    same_as: tuple[str, ...] = ()  # what this describes once more
    instances: tuple[Instance, ...] = ()  # each time it was called in (standoff.commitments.instances)
    justified_by: tuple[str, ...] = ()  # accounts that say that its breach was justified

    def __repr__(self) -> str:
        where = "".join(f", {part}" for part in (self.reading, self.key) if part)
        return f"<Row {self.commitment}{where} according to {self.account}: {self.words}>"

    @property
    def words(self) -> str:
        """The verdict in plain words."""
        if not self.exists:
            return "never made"
        if self.says == "denies":
            return f"denies {len(self.denied)} of {self.denied_of}" if self.denied_of > 1 else "denies it"
        if self.says == RESULT_BROKEN:
            return "result broken"
        word = words(self.says, self.adverse, self.kind) if self.says else ""
        word = word or record_words(self.verdict, self.adverse, self.kept, self.broken, self.kind)
        if self.verdict == "detached" and self.broken and not self.says:  # an old breach beside a live duty
            times = "once" if self.broken == 1 else f"{self.broken} times"
            word = f"{word}; {words('violated', self.adverse)} {times} before"
        if not self.late:
            return word
        return f"{words('satisfied', self.adverse)} late" if self.says else late_words(self.adverse)


FILE_KEYS = {"own_reading": "held", "exists": "made", "word_on": "said_on"}  # keys of --json that differ from the field


def row_record(row: Row) -> dict[str, Any]:
    """Return a row as it is written to JSON."""
    return {FILE_KEYS.get(key, key): value for key, value in asdict(row).items()}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Bar(OneLine):
    """A span of days, ends included, over which a row stood in one state and verdict; ``to`` is None while it lasts."""

    commitment: str
    key: str
    account: str
    reading: str
    from_: date
    to: date | None
    state: str
    verdict: str
    breaches: int


class Ledger(RecordList[Row]):
    """The rows of a ledger, in the order of the case, then of accounts: a tuple, with the run they were read from.

    Parameters
    ----------
    table : iterable of Row
        As `standoff.ledger` makes them.
    evaluation : Evaluation
        The run of the engine that they were read from.

    Examples
    --------
    >>> import standoff as so
    >>> table = so.ledger(so.load("idlib"), "record", on="2018-12-01")
    >>> table["sochi-6"]
    <Ledger on 2018-12-01: 1 row>
    >>> table["sochi-6"][0].words
    'contested'
    """

    def __new__(cls, table: Iterable[Row], evaluation: Evaluation) -> Ledger:
        """Hold the rows beside the run."""
        self = super().__new__(cls, table)
        self.evaluation = evaluation
        return self

    evaluation: Evaluation

    def __repr__(self) -> str:
        return f"<Ledger on {self.evaluation.on}: {count(len(self), 'row')}>"

    def __getitem__(self, at: Any) -> Any:
        """Return a row by its number, some by a slice, or by the id of a commitment those of it.

        Raises StandoffError for a commitment that the case does not have, with the nearest.
        """
        if not isinstance(at, str):
            some = super().__getitem__(at)
            return self._of(some) if isinstance(at, slice) else some
        names = self.evaluation.case.commitments
        if at not in names:
            raise StandoffError.of(f"there is no commitment {at!r}", expected="an id", hint=nearest(at, names))
        return self._of(row for row in self if row.commitment == at)

    def _of(self, records: Iterable[Row]) -> Ledger:
        return Ledger(records, self.evaluation)

    def __reduce__(self) -> tuple[Any, ...]:
        return Ledger, (tuple(self), self.evaluation)

    def why(self, commitment: str = "") -> dict[str, Any]:
        """Explain a commitment: its terms, verdicts, events and claims.

        Parameters
        ----------
        commitment : str
            Its id. Without one the rows must be of one.

        Returns
        -------
        dict
            As of `standoff.why`.

        Raises
        ------
        StandoffError
            For an unknown commitment, or where the rows are of several and none is named.

        Examples
        --------
        >>> import standoff as so
        >>> sorted(so.ledger(so.load("idlib"), "record", on="2018-12-01")["sochi-6"].why())[:3]
        ['as_of', 'claims', 'commitment']
        """
        ids = dict.fromkeys(row.commitment for row in self)
        if not commitment and len(ids) != 1:
            expected = "one commitment, such as table['sochi-6'].why()"
            raise StandoffError.of(f"the rows are of {len(ids)} commitments", expected=expected)
        explain = importlib.import_module("standoff.commitments.why").explain  # it is written over this module
        told: dict[str, Any] = explain(self.evaluation, commitment or next(iter(ids)))
        return told

    def history(self) -> RecordList[Bar]:
        """Return the spans of state over time of the commitments and accounts that have rows here.

        Returns
        -------
        RecordList of Bar

        Examples
        --------
        >>> import standoff as so
        >>> len(so.ledger(so.load("idlib"), "record", on="2018-12-01")["sochi-6"].history())
        2
        """
        ids = {(row.commitment, row.account) for row in self}
        return RecordList(bar for bar in bars(self.evaluation) if (bar.commitment, bar.account) in ids)

    @classmethod
    def from_records(
        cls,
        commitments: Any,
        events: Any = (),
        *,
        account: str | Sequence[str] | None = None,
        on: date | str | None = None,
        **more: Any,
    ) -> Ledger:
        """Return the ledger of records in memory: lists of mappings, or data frames; no folder is needed.

        Parameters
        ----------
        commitments, events, more
            As `standoff.case.records.case_of_records` takes them: the keys of commitments.yaml, the columns of
            events.csv, and if there are any those of actors, places, coverage, claims and the rest.
        account, on
            As `standoff.ledger` has them. Default: the record, on the last day of the records.

        Raises
        ------
        StandoffError
            With all that is wrong with the records, each with the number of its row.

        Warns
        -----
        CaseWarning
            Where an accusing row has no citable source or no answer of the accused.

        Examples
        --------
        >>> from standoff import Ledger
        >>> promise = {"id": "fire", "kind": "maintain", "debtor": "red", "creditor": "blue", "from": "2024-01-05",
        ...            "forbid": {"type": "shelling", "actor": "red"}}
        >>> event = {"id": "e1", "date": "2024-01-10", "type": "meeting", "actor": "red", "source": "our log, p. 3"}
        >>> [row.words for row in Ledger.from_records([promise], [event])]
        ['in force']
        """
        case = case_of_records(commitments, events, **more)
        if words := case.caution:
            warnings.warn(words, CaseWarning, stacklevel=2)
        return ledger(case, account, on=on)


def ledger(
    case: Case,
    account: str | Sequence[str] | None = None,
    *,
    on: date | str | None = None,
    as_of: date | str | None = None,
    events: Sequence[Event] | str | Path | None = None,
) -> Ledger:
    """Return the rows of one account, several, or all, at the end of day ``on``, with what was known on ``as_of``.

    Parameters
    ----------
    case
        A case without errors.
    account
        The id of an account, or several. Default: the record and whoever speaks.
    on, as_of
        Days, or text such as ``2018-12-01``. Default: the last day of the case, with all that is known today.
    events
        Events added to the record: a file of others or a log of the case by its name (`standoff.read_log`), or records.

    Returns
    -------
    Ledger
        A tuple of rows; ``table["sochi-6"]`` are those of a commitment, ``table.frame()`` is a data frame.

    Raises
    ------
    StandoffError
        For a case with errors, an unknown account, a day after ``as_of``, or a file that cannot be read.

    Examples
    --------
    >>> import standoff as so
    >>> so.ledger(so.load("idlib"), "turkey", on="2018-12-01")
    <Ledger on 2018-12-01: 66 rows>
    """
    accounts = [account] if isinstance(account, str) else account
    if isinstance(events, str | Path):
        events = open_log(case, events).events
    evaluation = evaluate(case, accounts, on=on, as_of=as_of, events=events)
    return Ledger(rows(evaluation), evaluation)


def rows(evaluation: Evaluation, commitment: str | None = None, *, every_reading: bool = False) -> tuple[Row, ...]:
    """Return the rows of a finished run, or those of one commitment, in the order of the case, then of accounts.

    An account has rows for the commitments it holds (`standoff.evidence.accounts`), and for a reading of one only where
    it holds that reading by a claim. What only describes another promise that it holds has none. With
    ``every_reading`` the record has all readings, ``held`` or not.
    """
    order = {name: i for i, name in enumerate(evaluation.case.commitments)}
    slots = [
        (order[s.commitment], i)
        for i, s in enumerate(evaluation.schedule.slots)
        if not s.span and commitment in (None, s.commitment)
    ]
    homes = {
        name: holding(evaluation.case, evaluation.case.commitments[name])
        for name in {s.commitment for s in evaluation.schedule.slots}
    }
    doubles = {
        account: {n for n in telling.off if set(evaluation.case.commitments[n].same_as) - telling.off}
        for account, telling in zip(evaluation.accounts, evaluation.tellings, strict=True)
    }
    table = []
    for _, slot in sorted(slots):
        own = evaluation.schedule.slots[slot]
        for account in evaluation.row_accounts:
            record = evaluation.case.accounts.get(account)
            if record is not None and not homes[own.commitment].lives_in(account):
                continue
            if own.commitment in doubles[account if account in doubles else RECORD.id]:
                continue
            if account in evaluation.statements:
                if not own.reading or _speaks_of_reading(evaluation, slot, account):
                    table.append(_spoken_row(evaluation, slot, account))
            elif (
                not own.reading
                or evaluation.state.own_reading[evaluation.columns(account)[0], slot]
                or (every_reading and record is RECORD)
            ):
                table.append(_row_of(evaluation, slot, account))
    return tuple(table)


def _speaks_of_reading(evaluation: Evaluation, slot: int, account: str) -> bool:
    own = evaluation.schedule.slots[slot]
    case, record = evaluation.case, evaluation.case.accounts[account]
    claims = next((r.claims for r in case.commitments[own.commitment].readings if r.id == own.reading), ())
    said = evaluation.statements[account].commitments.get(own.commitment, ())
    if any(one.reading == own.reading for one in said):
        return True
    return any(is_statement(case, record, case.claims[c]) for c in claims if c in case.claims)


def _spoken_row(evaluation: Evaluation, slot: int, account: str) -> Row:
    """Return the row of a statement account: what it says, beside the clock of the record."""
    record = _row_of(evaluation, slot, RECORD.id)
    word = own_word(evaluation, slot, account)
    return replace(
        record,
        account=account,
        account_kind=AccountKind.STATEMENT,
        party=evaluation.case.accounts[account].party,
        own_reading=True,
        exists=True,
        state=clock(record.state),
        worst=clock(record.worst),
        verdict="not-yet" if record.verdict == "not-yet" else WORD_TO_VERDICT.get(word.says, word.says),
        since=word.on,
        begun=0,
        kept=0,
        broken=0,
        disputed=0,
        breaches=len(word.asserted) if word.says == "broken" else 0,
        breaches_possible=len(word.asserted) if word.says == "broken" else 0,
        first_breach=None,
        remedied=None,
        degree=None,
        score=None,
        watched=True,
        because=_named(evaluation, word.asserted or word.both or word.denied or word.after),
        rule=word.rule,
        claims=word.claims,
        says="" if record.verdict == "not-yet" else word.says,
        word_on=word.on,
        by=word.by,
        denied=_named(evaluation, word.denied),
        denied_of=word.of,
        late=word.late,
        instances=(),
    )


def _row_of(evaluation: Evaluation, slot: int, account: str) -> Row:
    """Return a row of a run; the record's stands behind that of every statement account and is worked out once."""
    key = "row", slot, account
    if key not in evaluation.worked_out:
        evaluation.worked_out[key] = _row(evaluation, slot, account)
    row: Row = evaluation.worked_out[key]
    return row


def verdict_at(
    evaluation: Evaluation, slot: int, account: str, day: int, marks: tuple[Mark, Mark] | None = None
) -> str:
    """Return the verdict of a slot at the end of a day, over the range of an assumed deadline if it has one."""
    if evaluation.schedule.opens[slot] > day:
        return "not-yet"
    verdicts = []
    for index in evaluation.schedule.ends_of(slot):
        worst, best = marks if marks and index == slot else _marks(evaluation, index, account, day)
        same = (worst.begun, worst.kept, worst.broken) == (best.begun, best.kept, best.broken)
        same |= min(worst.broken, best.broken) > 0  # broken at least once, and open once more, whatever else
        # how often it was used decides nothing
        same |= evaluation.schedule.slots[index].kind == CommitmentKind.PERMISSION
        disputed = bool(evaluation.disputed_from[evaluation.accounts.index(account), index] <= day)
        verdicts.append(settle(*_codes(worst, best), disputed, same))
    verdict = over_range(verdicts)
    if verdict == "violated" and duty_of(evaluation, slot) == "effort":
        return verdict if _effort_missing(evaluation, slot, day) else RESULT_BROKEN
    return verdict


def duty_of(evaluation: Evaluation, slot: int) -> str:
    """Return whether a slot, in its reading, asks for a result or for an effort."""
    if slot not in evaluation.duties:
        own = evaluation.schedule.slots[slot]
        evaluation.duties[slot] = text_and_readings(evaluation.case.commitments[own.commitment])[own.reading].duty
    return evaluation.duties[slot]


def _effort_missing(evaluation: Evaluation, slot: int, day: int) -> bool:
    """Whether a body with a standard of proof has said by a day that the effort owed was not made."""
    if evaluation.findings is None:
        evaluation.findings = {}
        for account in evaluation.case.accounts.values():
            if account.is_statement and account.standard:
                for name, some in statements(evaluation.case, account.id, as_of=evaluation.as_of).commitments.items():
                    days = tuple(one.on for one in some if one.says == "broken" and not one.reading)
                    evaluation.findings[name] = (*evaluation.findings.get(name, ()), *days)
    days = evaluation.findings.get(evaluation.schedule.slots[slot].commitment, ())
    return any(one <= evaluation.schedule.date(day) for one in days)


def _codes(worst: Mark, best: Mark) -> tuple[int, int]:
    """Return what two completions say: broken where it once was, unless a duty is open again in both.

    So an old breach hides no live duty, and what one completion alone has open takes no certain breach away.
    """
    if worst.state == best.state == DETACHED:
        return worst.state, best.state
    return tuple(VIOLATED if mark.broken > 0 else mark.state for mark in (worst, best))  # type: ignore[return-value]


def _marks(evaluation: Evaluation, slot: int, account: str, day: int) -> tuple[Mark, Mark]:
    latest = []
    for column in evaluation.columns(account):
        last = Mark(0, 0, 0, 0, 0, 0)
        for mark in evaluation.marks.get((column, slot), ()):
            if mark.day > day:
                break
            last = mark
        latest.append(last)
    return latest[0], latest[1]


def _row(evaluation: Evaluation, slot: int, account: str) -> Row:
    own, day = evaluation.schedule.slots[slot], evaluation.today
    record = evaluation.case.commitments[own.commitment]
    term = text_and_readings(record)[own.reading]
    worst, best = _marks(evaluation, slot, account, day)
    harsh, lenient = evaluation.columns(account)
    state = evaluation.state
    verdict = verdict_at(evaluation, slot, account, day)
    why = reason(evaluation, slot, account, verdict)
    degree = _degree(term, state, harsh, lenient, slot, best)
    ends = evaluation.schedule.ends_of(slot)  # what one end of a range alone has is not certain
    marks = [mark for end in ends for mark in _marks(evaluation, end, account, day)]
    counts = {n: [getattr(mark, n) for mark in marks] for n in ("begun", "kept", "broken", "breaches")}
    permits = own.kind == CommitmentKind.PERMISSION
    # an end of a range has other periods, so that what is in doubt is counted of the deadline taken as the best
    apart = 0 if permits else sum(max(counts[n][:2]) - min(counts[n]) for n in ("kept", "broken"))
    first, late = (
        int(array[lenient, slot]) if min(int(array[lenient, end]) for end in ends) >= 0 else -1
        for array in (state.first_broken, state.remedied)
    )
    account_of = evaluation.case.accounts.get(account)
    once = own.kind in DONE_ONCE and min(counts["broken"]) == max(counts["begun"]) == 1
    return Row(
        commitment=own.commitment,
        title=record.title,
        kind=own.kind,
        adverse=own.adverse,
        debtor=term.debtor,
        creditor=term.creditor,
        agreement=record.agreement,
        provision=record.provision,
        account=account,
        reading=own.reading,
        reading_title=next((r.title for r in record.readings if r.id == own.reading), ""),
        own_reading=bool(state.own_reading[harsh, slot]),
        exists=bool(state.active[harsh, slot]),
        key=own.key,
        state=STATES[best.state],
        worst=STATES[worst.state],
        verdict=UNKNOWN if why.unobservable and verdict != "not-yet" else verdict,
        since=_since(evaluation, slot, account, verdict, best),
        due=due(evaluation.schedule, state, lenient, slot, day),
        begun=min(counts["begun"]),
        kept=min(counts["kept"]),
        broken=min(counts["broken"]),
        disputed=apart,
        breaches=min(counts["breaches"]),
        breaches_possible=max(counts["breaches"]),
        first_breach=evaluation.schedule.date(first) if first >= 0 else None,
        remedied=evaluation.schedule.date(late) if late >= 0 else None,
        degree=degree,
        score=None if degree is None else (degree_score(degree[0]), degree_score(degree[1])),
        watched=why.watched,
        because=_named(evaluation, why.because),
        rule=why.rule if state.active[harsh, slot] else "this account holds that it was never made",
        claims=tuple(dict.fromkeys((*record.claims, *why.claims))),
        account_kind=AccountKind.RECORD if account_of is not None and account_of.is_record else AccountKind.READING,
        late=verdict == "violated" and late >= 0 and once,
        duty=term.duty,
        same_as=record.same_as,
        instances=instances(evaluation, slot, account),
        justified_by=_justified(evaluation, slot),
    )


def _named(evaluation: Evaluation, ids: Sequence[str]) -> tuple[str, ...]:
    """Return ids of events; of those that may not be passed on only how many they are."""
    key = ("restricted",)
    if key not in evaluation.worked_out:
        reports = next(iter(evaluation.reports.values()), ())
        evaluation.worked_out[key] = {r.event.id: r.event for r in reports if not is_free(r.event)}
    return named(ids, evaluation.worked_out[key])


def _justified(evaluation: Evaluation, slot: int) -> tuple[str, ...]:
    """Return the statement accounts that say, up to the day, that a breach of a slot was justified."""
    if evaluation.justified is None:
        evaluation.justified = {}
        for account in evaluation.case.accounts.values():
            if account.is_statement:
                said = statements(evaluation.case, account.id, as_of=evaluation.as_of).commitments
                for name, some in said.items():
                    for one in some:
                        if one.says == "justified" and not one.reading:
                            evaluation.justified.setdefault(name, []).append((one.on, account.id))
    own = evaluation.schedule.slots[slot]
    words_on_it = [] if own.reading else evaluation.justified.get(own.commitment, [])
    return tuple(dict.fromkeys(account for on, account in words_on_it if on <= evaluation.on))


def _since(evaluation: Evaluation, slot: int, account: str, verdict: str, best: Mark) -> date | None:
    """Return the day from which a row stands as it does: of what is broken the first breach, never the replacement."""
    if best.state == CODE["not-yet"]:
        return None
    _, lenient = evaluation.columns(account)
    broken = int(evaluation.state.first_broken[lenient, slot])
    forbids = evaluation.schedule.slots[slot].kind == CommitmentKind.MAINTAIN
    if verdict in ("violated", RESULT_BROKEN) and forbids and broken >= 0:
        return evaluation.schedule.date(broken)
    if best.state != SUPERSEDED:
        return evaluation.schedule.date(int(evaluation.state.since[lenient, slot]))
    before = [
        m.day for m in evaluation.marks.get((lenient, slot), ()) if m.day <= evaluation.today and m.state != SUPERSEDED
    ]
    return evaluation.schedule.date(max(before, default=int(evaluation.schedule.opens[slot])))


def _degree(
    term: Commitment, state: State, harsh: int, lenient: int, slot: int, best: Mark
) -> tuple[float, float] | None:
    if term.kind != CommitmentKind.QUANTITY or best.state == CODE["not-yet"]:
        return None
    owed = term.amount.value if term.amount else 1.0
    low, high = (min(float(state.achieved[c, slot]) / owed, 1.0) for c in (harsh, lenient))
    return min(low, high), max(low, high)


def due(schedule: Schedule, state: State, column: int, slot: int, day: int) -> date | None:
    """Return the last day on which the first open instance can still be kept, or None when nothing is due."""
    if state.waiting[column, slot] <= 0:
        return None
    paused = int(state.paused[column, slot])
    days = []
    if schedule.slots[slot].kind == CommitmentKind.ACHIEVE:
        if schedule.due[slot] < FOREVER:
            days.append(int(schedule.due[slot]) + paused)
        if schedule.within[slot] >= 0:
            words = [int(w) for w in state.pending[column, slot]]
            age = sum(w << (64 * i) for i, w in enumerate(words)).bit_length() - 1
            if age >= 0:
                days.append(day + int(schedule.within[slot]) - age)
    elif schedule.slots[slot].kind == CommitmentKind.RECURRENT:
        days.append(day + int(schedule.every[slot]) - int(state.clock[column, slot]))
    elif 0 <= state.ends[column, slot] < FOREVER:
        days.append(int(state.ends[column, slot]) + paused)
    return schedule.date(min(days)) if days else None


def bars(evaluation: Evaluation) -> tuple[Bar, ...]:
    """Return the spans of every row of a finished run, for drawing the ledger over time."""
    out = []
    for slot, own in enumerate(evaluation.schedule.slots):
        if not own.span:
            for account in evaluation.accounts:
                out += _bars(evaluation, slot, own, account)
    return tuple(out)


def _bars(evaluation: Evaluation, slot: int, own: Slot, account: str) -> list[Bar]:
    days = {m.day for c in evaluation.columns(account) for m in evaluation.marks.get((c, slot), ())}
    for sibling in evaluation.schedule.ends_of(slot):
        days |= {m.day for c in evaluation.columns(account) for m in evaluation.marks.get((c, sibling), ())}
    # on the day of the first denied report what is unknown becomes contested
    at = evaluation.accounts.index(account)
    denied = {int(evaluation.disputed_from[at, s]) for s in evaluation.schedule.ends_of(slot)}
    days |= {day for day in denied if days and min(days) < day <= evaluation.today}
    stretches: list[tuple[int, str, str, int]] = []
    unobservable = is_unobservable(text_and_readings(evaluation.case.commitments[own.commitment])[own.reading])
    for day in sorted(days):
        worst, best = _marks(evaluation, slot, account, day)
        verdict = verdict_at(evaluation, slot, account, day, (worst, best))
        now = (
            STATES[best.state],
            UNKNOWN if unobservable and verdict != "not-yet" else verdict,
            min(worst.breaches, best.breaches),
        )
        if stretches and stretches[-1][1:3] == now[:2]:
            stretches[-1] = (stretches[-1][0], *now)
        else:
            stretches.append((day, *now))
    made_bars = []
    for index, (day, state, verdict, breaches) in enumerate(stretches):
        last = stretches[index + 1][0] - 1 if index + 1 < len(stretches) else None
        made_bars.append(
            Bar(
                commitment=own.commitment,
                key=own.key,
                account=account,
                reading=own.reading,
                from_=evaluation.schedule.date(day),
                to=None if last is None else evaluation.schedule.date(last),
                state=state,
                verdict=verdict,
                breaches=breaches,
            )
        )
    return made_bars


def history(
    case: Case,
    account: str | Sequence[str] | None = None,
    *,
    on: date | str | None = None,
    as_of: date | str | None = None,
    events: Sequence[Event] | None = None,
) -> RecordList[Bar]:
    """Return the spans of state over time of one account, several, or all.

    Parameters
    ----------
    case : Case
        A case without errors.
    account : str or sequence of str, optional
        Default: the record and whoever speaks.
    on, as_of : date or str, optional
        The day that it ends on, and what was known by then.
    events : sequence of Event, optional
        Those of a log, added to the record.

    Returns
    -------
    RecordList of Bar
        Each a state of one commitment in one account, from a day to a day.

    Raises
    ------
    StandoffError
        As `ledger` does.

    Examples
    --------
    >>> import standoff as so
    >>> so.history(so.load("idlib"), "record", on="2018-12-01")
    <62 of Bar>
    """
    accounts = [account] if isinstance(account, str) else account
    return RecordList(bars(evaluate(case, accounts, on=on, as_of=as_of, events=events)))
