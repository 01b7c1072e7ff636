"""Track records: how often a debtor kept its word when it was called in, with an interval and n.

One promise counts once: what only describes another (``same_as``) is left out, and so is an effort of which only the
result is known. Only detached instances count: a threat that was never tested says nothing about whether it would have
been carried out, and the strongest threats are tested least. Promises and threats are kept apart. With a uniform prior
the chance of keeping the next one has the posterior Beta(1 + kept, 1 + broken); the interval is its central 90 %,
widened over every way in which disputed instances could be settled. Under three instances the record is too few to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from standoff.case.model import Case
from standoff.case.terms import CommitmentKind
from standoff.commitments.engine.states import RESULT_BROKEN
from standoff.commitments.ledger import verdict_at
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.patterns.wording import text_and_readings
from standoff.commitments.reasons import events_counting
from standoff.errors import StandoffError
from standoff.evidence.accounts import find_account, holding
from standoff.oneline import OneLine

TOO_FEW = 3
WARNING = (
    "Only what was called in counts. Strong threats are tested less, so records of threats lean towards weak ones."
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Track(OneLine):
    """The record of one debtor with one kind of commitment, as one account tells it.

    ``n`` counts detached instances that are decided beyond dispute, ``disputed`` those that are not. ``mean``, ``low``
    and ``high`` are None when ``n`` is under three.
    """

    account: str
    debtor: str
    adverse: bool
    kind: str
    n: int
    kept: int
    broken: int
    disputed: int
    mean: float | None
    low: float | None
    high: float | None
    words: str
    commitments: tuple[str, ...]


def track(
    case: Case, account: str, as_of: date | str | None = None, *, on: date | str | None = None
) -> tuple[Track, ...]:
    """Return how often each debtor kept what it owed, as one account tells it, by kind of commitment.

    Parameters
    ----------
    case : Case
        A case without errors.
    account : str
        Its id.
    as_of, on : date or str, optional
        What was known by a day, and the day that it stands at.

    Returns
    -------
    tuple of Track
        With n, kept and broken, and a rate with its range.

    Raises
    ------
    StandoffError
        As `standoff.ledger` does.

    Examples
    --------
    >>> import standoff as so
    >>> rows = so.track(so.load("idlib"), "record", on="2020-02-20")
    >>> rows[0].debtor, rows[0].kind, rows[0].n
    ('syria', 'maintain', 3)
    """
    if find_account(case, account).is_statement:
        what = f"{account!r} is a statement account ({case.accounts[account].title}): it decides no track record"
        raise StandoffError.of(what, file="--account", expected="the record or a reading")
    return tracks(evaluate(case, [account], on=on, as_of=as_of), account)


def tracks(evaluation: Evaluation, account: str) -> tuple[Track, ...]:
    """Return the track records of a finished run, by debtor, promises before threats."""
    groups: dict[tuple[str, bool, str], list[tuple[str, int, int, int]]] = {}
    harsh, _ = evaluation.columns(account)
    homes: dict[str, bool] = {}
    for slot, own in enumerate(evaluation.schedule.slots):
        if own.span or own.kind == CommitmentKind.PERMISSION or not evaluation.state.own_reading[harsh, slot]:
            continue
        if own.commitment not in homes:
            home = holding(evaluation.case, evaluation.case.commitments[own.commitment])
            homes[own.commitment] = account not in evaluation.case.accounts or home.lives_in(account)
        # of an effort only a finding says that it was not made: its result is no broken word
        if not homes[own.commitment] or verdict_at(evaluation, slot, account, evaluation.today) == RESULT_BROKEN:
            continue
        term = text_and_readings(evaluation.case.commitments[own.commitment])[own.reading]
        if term.then is None and term.forbid is None:
            continue
        for debtor in own.debtor:
            counts = _instances(evaluation, slot, account, debtor)
            groups.setdefault((debtor, own.adverse, own.kind), []).append((own.commitment, *counts))
    table = [_track(account, key, items) for key, items in groups.items()]
    order = {name: i for i, name in enumerate(evaluation.case.actors)}
    table = [t for t in table if t.n or t.disputed]
    return tuple(sorted(table, key=lambda t: (order.get(t.debtor, len(order)), t.debtor, t.adverse, t.kind)))


def _instances(evaluation: Evaluation, slot: int, account: str, debtor: str) -> tuple[int, int, int]:
    """Return (kept, broken, disputed) instances of a slot; a breach counts against the debtor whose side did it."""
    harsh, lenient = evaluation.columns(account)
    state = evaluation.state
    ends = evaluation.schedule.ends_of(slot)  # of a deadline that is not exact: what one end alone has is disputed
    kept = [int(state.kept[c, end]) for end in ends for c in (harsh, lenient)]
    broken = [int(state.broken[c, end]) for end in ends for c in (harsh, lenient)]
    if (
        evaluation.schedule.slots[slot].kind == CommitmentKind.MAINTAIN
        and len(evaluation.schedule.slots[slot].debtor) > 1
        and max(broken)
    ):
        mine = [_by(evaluation, slot, account, debtor, certain) for certain in (True, False)]
        broken = [many if mine[1 - n % 2] else 0 for n, many in enumerate(broken)]
    sure_kept, sure_broken = min(kept), min(broken)
    most = max(
        kept[0] + broken[0], kept[1] + broken[1]
    )  # of the deadline taken as the best; periods of others are others
    return sure_kept, sure_broken, max(most - sure_kept - sure_broken, 0)


def _by(evaluation: Evaluation, slot: int, account: str, debtor: str, certain: bool) -> bool:
    own = evaluation.schedule.slots[slot]
    answers = text_and_readings(evaluation.case.commitments[own.commitment])[own.reading].answers_for
    events = {r.event.id: r.event for r in evaluation.reports[account]}
    return any(
        evaluation.matcher.counts_as(actor, debtor, answers)
        for c in events_counting(evaluation, slot, account)
        if c.role == "bad" and (not certain or (c.certain and not c.denied))
        for actor in events[c.event].actor
    )


def _track(account: str, key: tuple[str, bool, str], items: list[tuple[str, int, int, int]]) -> Track:
    debtor, adverse, kind = key
    kept, broken, disputed = (sum(column) for column in zip(*(item[1:] for item in items), strict=True))
    n = kept + broken
    done = "carried out" if adverse else "kept"
    words = f"{done} {kept} of {n}" if n >= TOO_FEW else f"too few ({done} {kept} of {n})"
    mean = low = high = None
    if n >= TOO_FEW:
        from scipy.special import betaincinv  # when first needed: a ledger without track records is read without it

        mean = (1 + kept) / (2 + n)
        low = float(betaincinv(1 + kept, 1 + broken + disputed, 0.05))
        high = float(betaincinv(1 + kept + disputed, 1 + broken, 0.95))
    return Track(
        account=account,
        debtor=debtor,
        adverse=adverse,
        kind=kind,
        n=n,
        kept=kept,
        broken=broken,
        disputed=disputed,
        mean=mean,
        low=low,
        high=high,
        words=words + (f", {disputed} disputed" if disputed else ""),
        commitments=tuple(dict.fromkeys(item[0] for item in items if any(item[1:]))),
    )
