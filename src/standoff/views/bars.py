"""The ledger as bars of state over time: one lane per commitment and version, accounts that agree share a lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from standoff.case.model import Case
from standoff.commitments.ledger import Bar
from standoff.experiment.results import Span
from standoff.views.figures import CONTESTED, DUE, IN_FORCE, SATISFIED, UNKNOWN, VIOLATED, Figure, figure
from standoff.views.runs import account_title
from standoff.views.words import count, day, listing, quoted

# what is drawn -> (colour, texture that repeats it, words of the key)
LOOKS: Mapping[str, tuple[str, str, str]] = {
    "conditional": ("#F4E3C1", "plain", "waiting for its condition: nothing is owed yet"),
    "detached": (DUE, "plain", "owed now; of a threat: called, due"),
    "in-force": (IN_FORCE, "plain", "in force, kept so far"),
    "satisfied": (SATISFIED, "lines", "kept; of a threat: carried out"),
    "violated": (VIOLATED, "ticks", "broken; of a threat: not carried out"),
    "contested": (CONTESTED, "dots", "contested between accounts or within one"),
    "unknown": ("#C9C9C9", "plain", "unknown: nobody reports"),
    "ended": (UNKNOWN, "outline", "over: lapsed, suspended, cancelled, released or replaced"),
}
_ENDED = ("expired", "suspended", "cancelled", "released", "superseded")


Stretch = Span | Bar  # a stretch of days in one state: of a run folder, or of the ledger itself


def look(state: str, verdict: str, kind: str = "") -> str:
    """Return the look of a verdict, which settles what both completions of the evidence say; else of the state."""
    state = verdict or state
    if state in _ENDED:
        return "ended"
    if state == "detached" and kind in ("maintain", "recurrent", "quantity"):
        return "in-force"
    return state if state in LOOKS else "unknown"


def say(appearance: str, words: str) -> str:
    """Return the words of a state: what is to be kept is *in force*, what is to be done is *owed now*."""
    return "owed now" if appearance == "detached" and words == "in force" else words


def lanes(case: Case, spans: Iterable[Stretch], until: date) -> list[dict[str, Any]]:
    """Group stretches of state into rows of the chart: instances, readings and accounts that agree share a lane.

    A stretch without an end lasts until ``until``; days before a commitment is in force are not drawn.
    """
    told: dict[str, dict[tuple[str, str, str], list[Stretch]]] = {}
    for span in spans:
        if span.verdict != "not-yet":
            told.setdefault(span.commitment, {}).setdefault((span.account, span.key, span.reading), []).append(span)
    shown = []
    for commitment, found in told.items():
        record = case.commitments.get(commitment)
        kind = record.kind if record else ""
        versions: dict[tuple[tuple[str, str, str], ...], list[tuple[str, str, str]]] = {}
        for who, some in found.items():
            drawn = ((str(s.from_), str(s.to or until), look(s.state, s.verdict, kind)) for s in some)
            versions.setdefault(tuple(_joined(drawn)), []).append(who)
        everyone = {account for account, _, _ in found}
        every = {(key, reading) for _, key, reading in found}
        for drawn_bars, whos in versions.items():
            accounts = list(dict.fromkeys(a for a, _, _ in whos))
            instances = {(key, reading) for _, key, reading in whos}
            shown.append(
                {
                    "commitment": commitment,
                    "title": record.title if record else commitment,
                    "instances": "" if instances == every else _instances(case, commitment, instances),
                    "accounts": accounts,
                    "told": "all accounts"
                    if set(accounts) == everyone
                    else listing([account_title(case, a) for a in accounts]),
                    "adverse": bool(record and record.adverse),
                    "bars": [{"from": first, "to": last, "look": name} for first, last, name in drawn_bars],
                }
            )
    return shown


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


def telling(lane: Mapping[str, Any]) -> bool:
    """Whether a lane shows more than a condition nobody has met or a silence."""
    return any(bar["look"] not in ("conditional", "unknown", "ended") for bar in lane["bars"])


def ledger_bars(
    case: Case, spans: Iterable[Stretch], *, until: date, as_of: date | None, whole: bool = False
) -> Figure | None:
    """Return the recorded ledger as bars; unless ``whole``, only commitments that fell due, were kept or broken."""
    every = lanes(case, spans, until)
    chosen = every if whole else [lane for lane in every if telling(lane)]
    if not chosen:
        return None
    first_from: dict[str, str] = {}
    for lane in chosen:
        start = min(bar["from"] for bar in lane["bars"])
        first_from[lane["commitment"]] = min(start, first_from.get(lane["commitment"], start))
    chosen.sort(key=lambda x: (x["adverse"], first_from[x["commitment"]], x["commitment"], x["instances"], x["told"]))
    ids = {lane["commitment"] for lane in chosen}
    broken = {lane["commitment"] for lane in chosen if any(b["look"] == "violated" for b in lane["bars"])}
    several = len({account for lane in every for account in lane["accounts"]}) > 1
    where = "in at least one account" if several else "as this account tells it"
    disputed = {lane["commitment"] for lane in chosen if lane["told"] != "all accounts"}
    split = f"; on {len(disputed)} the accounts differ" if disputed else ""
    hidden = len({lane["commitment"] for lane in every}) - len(ids)
    used = {bar["look"] for lane in chosen for bar in lane["bars"]}
    return figure(
        "ledger",
        "ledger",
        title=f"{len(broken)} of {len(ids)} commitments that fell due were broken by {day(until)} {where}{split}",
        definition="State of each commitment by day, as the recorded events tell it in each account. Accounts that "
        "tell the same story share a lane, and so do places and readings that agree. Threats stand last."
        + (
            f" {count(hidden, 'commitment')} whose condition was never met are in the table of commitments."
            if hidden
            else ""
        ),
        source=f"{case.about.title}, edition {case.about.edition}: recorded events only",
        as_of=day(as_of or until),
        n=f"n = {count(len(ids), 'commitment')}",
        columns=("commitment", "instances", "told by", "from", "to", "state"),
        rows=[
            [lane["title"], lane["instances"], lane["told"], b["from"], b["to"], LOOKS[b["look"]][2]]
            for lane in chosen
            for b in lane["bars"]
        ],
        data={
            "lanes": chosen,
            "looks": [{"id": k, "colour": c, "texture": t, "label": w} for k, (c, t, w) in LOOKS.items() if k in used],
            "until": until.isoformat(),
        },
        rests=[("the commitments and their claims", "commitments")],
    )
