"""The ledger as bars of state over time: one lane per commitment and version, accounts that agree share a lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from standoff.case.claims import AccountKind
from standoff.case.model import Case
from standoff.case.terms import CommitmentKind
from standoff.commitments.ledger import Bar, Row
from standoff.evidence.accounts import kind_of
from standoff.runs.results import LedgerSpan
from standoff.text.sentences import count, day, listing, quoted
from standoff.views.accounts import speaker
from standoff.views.charts import CONTESTED, DUE, IN_FORCE, SATISFIED, UNKNOWN, VIOLATED, Figure, account_title, figure

# what is drawn -> (colour, texture that repeats it, words of the key)
LOOKS: Mapping[str, tuple[str, str, str]] = {
    "conditional": ("#F4E3C1", "plain", "waiting for its condition: nothing is owed yet"),
    "detached": (DUE, "plain", "owed now; of a threat: called, due"),
    "in-force": (IN_FORCE, "plain", "in force, kept so far"),
    "satisfied": (SATISFIED, "lines", "kept; of a threat: carried out"),
    "violated": (VIOLATED, "ticks", "broken; of a threat: not carried out"),
    "late": ("#8CC7B5", "lines", "done after its last day"),
    "result-broken": ("#D8CFBB", "cross", "result broken; the effort that is owed is not judged"),
    "contested": (CONTESTED, "dots", "contested: reported and denied"),
    "unknown": ("#C9C9C9", "plain", "unknown: nobody reports"),
    "ended": (UNKNOWN, "outline", "over: lapsed, suspended, cancelled, released or replaced"),
}
_ENDED = ("expired", "suspended", "cancelled", "released", "superseded")


Stretch = LedgerSpan | Bar  # a stretch of days in one state: of a run folder, or of the ledger itself


def appearance(state: str, verdict: str, kind: str = "") -> str:
    """Return the look of a verdict, which settles what both completions of the evidence say; else of the state."""
    state = verdict or state
    if state in _ENDED:
        return "ended"
    if state == "detached" and kind in (CommitmentKind.MAINTAIN, CommitmentKind.RECURRENT, CommitmentKind.QUANTITY):
        return "in-force"
    return state if state in LOOKS else "unknown"


def appearance_of(row: Row) -> str:
    """Return the look of a row of the ledger; what a party says has one of its own, since it is not a verdict."""
    if row.account_kind == AccountKind.STATEMENT:
        return "silent" if row.says in ("", "silent") else "said"
    return "late" if row.late else appearance(row.state, row.verdict, row.kind)


def late_days(rows: Iterable[Row]) -> dict[tuple[str, str, str, str], date]:
    """Return from which day on a row was done, late: account, commitment, key and reading -> the day."""
    return {(r.account, r.commitment, r.key, r.reading): r.remedied for r in rows if r.late and r.remedied}


def state_words(appearance: str, words: str) -> str:
    """Return the words of a state: what is to be kept is *in force*, what is to be done is *owed now*."""
    return "owed now" if appearance == "detached" and words == "in force" else words


Late = Mapping[tuple[str, str, str, str], date]  # as ``late_days`` gives it


def stretch_bars(span: Stretch, until: date | None, kind: str, late: Late) -> list[tuple[str, str, str]]:
    """Return a stretch as bars (first, last, look); what was done late is late from the day on which it was done."""
    first, last, name = str(span.from_), str(span.to or until or ""), appearance(span.state, span.verdict, kind)
    done = late.get((span.account, span.commitment, span.key, span.reading))
    if name != "violated" or done is None or (last and done.isoformat() > last):
        return [(first, last, name)]
    before = [(first, str(done - timedelta(days=1)), name)] if first < done.isoformat() else []
    return [*before, (max(first, done.isoformat()), last, "late")]


def lanes(case: Case, spans: Iterable[Stretch], until: date, late: Late | None = None) -> list[dict[str, Any]]:
    """Group stretches of state into rows of the chart: instances, readings and accounts that agree share a lane.

    A stretch without an end lasts until ``until``; days before a commitment is in force are not drawn.
    """
    groups: dict[str, dict[tuple[str, str, str], list[Stretch]]] = {}
    for span in spans:
        if span.verdict != "not-yet":
            groups.setdefault(span.commitment, {}).setdefault((span.account, span.key, span.reading), []).append(span)
    rows = []
    for commitment, histories in groups.items():
        record = case.commitments.get(commitment)
        kind = record.kind if record else ""
        versions: dict[tuple[tuple[str, str, str], ...], list[tuple[str, str, str]]] = {}
        for who, some in histories.items():
            stretches = [bar for s in some for bar in stretch_bars(s, until, kind, late or {})]
            versions.setdefault(tuple(_joined(stretches)), []).append(who)
        everyone = {account for account, _, _ in histories}
        every = {(key, reading) for _, key, reading in histories}
        for bars, whos in versions.items():
            accounts = list(dict.fromkeys(a for a, _, _ in whos))
            instances = {(key, reading) for _, key, reading in whos}
            rows.append(
                {
                    "commitment": commitment,
                    "title": record.title if record else commitment,
                    "instances": "" if instances == every else _instances(case, commitment, instances),
                    "accounts": accounts,
                    "told": "all accounts"
                    if set(accounts) == everyone
                    else listing([account_title(case, a) for a in accounts]),
                    "adverse": bool(record and record.adverse),
                    "bars": [{"from": first, "to": last, "look": name} for first, last, name in bars],
                }
            )
    return rows


def _instances(case: Case, commitment: str, instances: set[tuple[str, str]]) -> str:
    keys = sorted({key for key, _ in instances if key})
    named = [case.places[k].name if k in case.places else k for k in keys]
    if len(named) > 4:
        named = [*named[:3], f"{len(named) - 3} more"]
    readings = sorted({reading for _, reading in instances})
    record = case.commitments.get(commitment)
    titles = {r.id: quoted([r.title or r.id]) for r in record.readings} if record else {}
    worded = [titles.get(r, r) or "as written" for r in readings] if any(readings) else []
    return "; ".join([*([listing(named)] if named else []), *([f"read: {listing(worded)}"] if worded else [])])


def _joined(bars: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    joined: list[tuple[str, str, str]] = []
    for first, last, name in sorted(bars):
        if joined and joined[-1][2] == name and joined[-1][1] >= first:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]), name)
        else:
            joined.append((first, last, name))
    return joined


def is_telling(lane: Mapping[str, Any]) -> bool:
    """Whether a lane shows more than a condition nobody has met or a silence."""
    return any(bar["look"] not in ("conditional", "unknown", "ended") for bar in lane["bars"])


def ledger_bars(
    case: Case,
    spans: Iterable[Stretch],
    *,
    until: date,
    as_of: date | None,
    whole: bool = False,
    late: Late | None = None,
    beside: str = "",
) -> Figure | None:
    """Return the recorded ledger as bars; unless ``whole``, only commitments that fell due, were kept or broken.

    ``beside`` is the statement account beside which the record's bars stand: it gave no verdicts by day itself.
    """
    every = lanes(case, spans, until, late)
    chosen = every if whole else [lane for lane in every if is_telling(lane)]
    if not chosen:
        return None
    first_from: dict[str, str] = {}
    for lane in chosen:
        start = min(bar["from"] for bar in lane["bars"])
        first_from[lane["commitment"]] = min(start, first_from.get(lane["commitment"], start))
    chosen.sort(key=lambda x: (x["adverse"], first_from[x["commitment"]], x["commitment"], x["instances"], x["told"]))
    ids = {lane["commitment"] for lane in chosen}
    broken = {lane["commitment"] for lane in chosen if any(b["look"] == "violated" for b in lane["bars"])}
    accounts = {account: kind_of(case, account) for lane in every for account in lane["accounts"]}
    several = len(accounts) > 1
    record = "record" in accounts.values()
    where = (
        ("in the record or in a reading of it" if record else "in at least one reading of the record")
        if several
        else "in the record"
        if record
        else "in this reading of the record"
    )
    disputed = {lane["commitment"] for lane in chosen if lane["told"] != "all accounts"}
    split = f"; on {len(disputed)} they differ" if disputed else ""
    efforts = {lane["commitment"] for lane in chosen if any(b["look"] == "result-broken" for b in lane["bars"])}
    efforts -= broken
    apart = f"; of {len(efforts)} only the result, where an effort is owed" if efforts else ""
    alone = (
        f"{speaker(case, beside)} gave no verdicts day by day; these are the record's, in grey. What it said is in the "
        "table. "
        if beside
        else ""
    )
    hidden = len({lane["commitment"] for lane in every}) - len(ids)
    used = {bar["look"] for lane in chosen for bar in lane["bars"]}
    return figure(
        "ledger",
        "ledger",
        title=f"{'The record, for comparison: ' if beside else ''}{len(broken)} of {len(ids)} commitments that fell "
        f"due were broken by {day(until)} {where}{apart}{split}",
        definition=f"{alone}State of each commitment by day, by the recorded events. Accounts that agree share a lane, "
        "and so do places and readings of a clause. Threats stand last. "
        "What a party said is not a verdict and has no bar."
        + (
            f" {count(hidden, 'commitment')} whose condition was never met are in the table of commitments."
            if hidden
            else ""
        ),
        source=f"{case.about.title}, edition {case.about.edition}: recorded events only",
        as_of=day(as_of or until),
        n=f"n = {count(len(ids), 'commitment')}",
        columns=("commitment", "instances", "account", "from", "to", "state"),
        rows=[
            [lane["title"], lane["instances"], lane["told"], b["from"], b["to"], LOOKS[b["look"]][2]]
            for lane in chosen
            for b in lane["bars"]
        ],
        data={
            "lanes": chosen,
            "looks": [{"id": k, "colour": c, "texture": t, "label": w} for k, (c, t, w) in LOOKS.items() if k in used],
            "until": until.isoformat(),
            "faded": bool(beside),
        },
        rests=[("the commitments and their claims", "commitments")],
    )
