"""Signals: what was moved, shown or said for others to see, and which promises and threats it stands around.

A signal is no act against anybody and decides no verdict. What it costs, who can see it and what it is said to mean are
told by somebody, or are unknown. It stands around a promise or threat that names it, and around those between the same
parties that begin or fall due within `AROUND` days of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from standoff.case.checks import at, register
from standoff.case.model import Case, Kind, refuse_errors
from standoff.case.talks import Signal, SignalCost, last_day
from standoff.case.terms import Commitment
from standoff.errors import Problem, nearest
from standoff.evidence.independence import origin
from standoff.evidence.standing import carrier_names
from standoff.evidence.statements import said_on
from standoff.oneline import OneLine
from standoff.record_list import RecordList
from standoff.values import When, as_day

AROUND = 14  # days before or after which a signal is shown beside a promise or threat
PUBLIC = "public"


@dataclass(frozen=True, slots=True, repr=False)
class SeenSignal(OneLine):
    """A signal with its days and who tells it: ``published`` when it first was, ``tellers`` innermost sources.

    ``meanings`` are pairs of a claim and its innermost source.
    """

    signal: Signal
    on: When | None
    published: date | None
    tellers: tuple[str, ...]
    meanings: tuple[tuple[str, str], ...]

    @property
    def first(self) -> date:
        """Its first day, or the day on which it was published."""
        return (self.on.start if self.on else None) or self.published or date.max

    @property
    def last(self) -> date:
        """Its last day, or the day on which it was published."""
        return (self.on.end if self.on else None) or self.published or date.max


def signals(case: Case, *, on: date | str | None = None, as_of: date | str | None = None) -> RecordList[SeenSignal]:
    """Return the signals of a case in the order of their days.

    Parameters
    ----------
    case : Case
        A case without errors.
    on : date or str, optional
        Those that began by this day.
    as_of : date or str, optional
        Those that were published by this day.

    Returns
    -------
    RecordList of SeenSignal

    Raises
    ------
    StandoffError
        For a case with errors, or a day that is none.

    Examples
    --------
    >>> import standoff as so
    >>> so.signals(so.load("idlib"), on="2018-09-15")
    <14 of SeenSignal>
    """
    refuse_errors(case)
    on, as_of = as_day(on, "on"), as_day(as_of, "as_of")
    rows = []
    for signal in case.signals.values():
        claims = [case.claims[name] for name in signal.claims]
        events = [case.events[name] for name in signal.events if not case.events[name].restricted]
        days = [event.date for event in events]
        days += [
            day for claim in claims if (day := getattr(claim.says, "date", None) or getattr(claim.says, "as_of", None))
        ]
        dates = [day for claim in claims if (day := said_on(case, claim))]
        dates += [day for e in events if (day := (e.known or e.date).end or (e.known or e.date).start)]
        tellers = [origin(case, claim) for claim in claims]
        tellers += [n for e in events if not set(e.claims) & set(signal.claims) for n in carrier_names(case, e)]
        means = [(name, origin(case, case.claims[name])) for name in signal.means]
        one = SeenSignal(
            signal,
            signal.date or (days[0] if days else None),
            min(dates, default=None),
            tuple(dict.fromkeys(tellers)),
            tuple(m for m in means if as_of is None or (said_on(case, case.claims[m[0]]) or as_of) <= as_of),
        )
        began = on is None or one.first <= on
        if (claims or events) and began and (as_of is None or one.published is None or one.published <= as_of):
            rows.append(one)
    return RecordList(sorted(rows, key=lambda s: (s.first, s.signal.id)))


def around(commitment: Commitment, every: tuple[SeenSignal, ...]) -> tuple[SeenSignal, ...]:
    """Return the signals around a promise or threat: those that name it, or near it and between its parties."""
    ends = [day for day in (commitment.from_.start, _end(commitment)) if day is not None]
    parties = {*commitment.debtor, *commitment.creditor}
    return tuple(
        one
        for one in every
        if commitment.id in one.signal.commitments
        or (parties & set(one.signal.by) and parties & set(one.signal.towards) and any(_near(one, day) for day in ends))
    )


def _end(commitment: Commitment) -> date | None:
    day = last_day(commitment) or commitment.until
    return (day.end or day.start) if day else None


def _near(one: SeenSignal, day: date) -> bool:
    margin = timedelta(days=AROUND)
    return one.first - margin <= day <= one.last + margin


@register("commitments")
def check_signals(case: Case) -> Iterator[Problem]:
    """A signal is sent by somebody and told by somebody; who sees it exists; a cost that is judged says by what."""
    for key, signal in case.signals.items():
        if not signal.by:
            yield at(case, Kind.SIGNALS, key, "nobody sends it", "by", expected="an actor, or several")
        if not signal.claims and not signal.events:
            yield at(case, Kind.SIGNALS, key, "nothing tells it", expected="claims or events of the case")
        for number, name in enumerate(signal.seen_by):
            if name != PUBLIC and name not in case.actors:
                hint = nearest(name, [PUBLIC, *case.actors])
                expected = f"{PUBLIC}, or an actor of the case"
                yield at(
                    case,
                    Kind.SIGNALS,
                    key,
                    f"there is no actor {name!r}",
                    "seen_by",
                    number,
                    expected=expected,
                    hint=hint,
                )
        if signal.cost != SignalCost.UNKNOWN and not signal.cost_why:
            what = f"its cost is {signal.cost.value!r}, and nothing says by what that is judged"
            yield at(case, Kind.SIGNALS, key, what, "cost", expected="the key cost_why, or the cost unknown")
