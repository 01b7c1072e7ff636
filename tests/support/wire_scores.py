"""Scores of whole claims: on the sentences marked in tests/reading/wire, and against the five articles' own coding.

A proposal is right when no part of it is wrong: source, realis, what it says (type; or measure and value), place, day.
A place or day that it leaves open is not wrong, but it is not complete; one that it gives where the text gives none
is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

import standoff as so
from standoff.case.claims import Claim, CommitmentSaid, EventSaid, QuantitySaid
from standoff.case.vocabulary import is_a
from standoff.evidence.anchors import Match, find_anchor, normal, view
from standoff.evidence.quantities import CONVENTIONS, read_vague, word_of
from standoff.reading.propose import Proposal, propose

WIRE = Path(__file__).parents[1] / "reading" / "wire"
FRESH = Path(__file__).parents[1] / "reading" / "fresh"
ARTICLES = Path(__file__).parents[3] / "shared" / "articles"
PARTS = ("work", "locked")
# One measure of wounded and of deaths may stand for another where the text does not tell who they were.
_NEAR_TYPES = ("assault",)


def wire(part: str | None = None) -> list[dict[str, Any]]:
    """The marked sentences of a part (or all), each with the record of its page under ``page``."""
    pages = yaml.safe_load((WIRE / "documents.yaml").read_text(encoding="utf-8"))
    rows = yaml.safe_load((WIRE / "wire.yaml").read_text(encoding="utf-8"))
    return [row | {"page": pages[row["doc"]]} for row in rows if part in (None, pages[row["doc"]]["part"])]


def fresh(name: str = "wire") -> list[dict[str, Any]]:
    """Forty sentences of this project's own on conflicts no rule was written on, marked as those of ``wire``.

    The set ``second`` was written when the rules had been changed for the first.
    """
    rows = yaml.safe_load((FRESH / f"{name}.yaml").read_text(encoding="utf-8"))
    rows = rows["sentences"] if isinstance(rows, dict) else rows
    return [row | {"page": {"published": row["day"]}} for row in rows]


def parties_case() -> Any:
    """The parties of ``fresh/parties.yaml`` as a case that knows nothing else."""
    data = yaml.safe_load((FRESH / "parties.yaml").read_text(encoding="utf-8"))
    parties, armed = data["parties"], data["armed"]
    actors = {
        key: SimpleNamespace(
            id=key, kind="armed-group" if key in armed else "state", name=names[0], aliases=tuple(names[1:]), party=""
        )
        for key, names in parties.items()
    }
    return SimpleNamespace(actors=actors, sources={}, places={})


@dataclass
class Bound:
    """Commitments on the sentences of ``fresh/commitments.yaml``: how many there are, are proposed, and wrongly so."""

    n: int = 0
    proposed: int = 0
    right: int = 0  # and the words of the act, the condition and the day are those marked
    free: int = 0  # sentences that bind nobody
    wrong: int = 0  # of them, those of which a commitment is proposed
    misses: list[str] = field(default_factory=list)


def commitment_scores() -> Bound:
    """Score what is proposed as a commitment on marked sentences, each read as a text of its own."""
    total = Bound()
    for row in yaml.safe_load((FRESH / "commitments.yaml").read_text(encoding="utf-8")):
        found = [p for p in propose(row["text"], None, date(1950, 1, 1)).proposals if "commitment" in p.says]
        if row["c"] is None:
            total.free += 1
            total.wrong += bool(found)
            if found:
                total.misses.append(f"WRONGLY {row['text']}\n    {found[0].says}")
            continue
        right = any(_same_terms(p, row["c"]) for p in found)
        total.n, total.proposed, total.right = total.n + 1, total.proposed + bool(found), total.right + right
        if not right:
            total.misses.append(f"{row['text']}\n    {[p.says for p in found] or 'NOT PROPOSED'}")
    return total


@dataclass
class Whole:
    """Proposals on marked sentences: how many, how many are right in each part, and in all."""

    proposals: int = 0
    payload: int = 0  # type, or measure and value, of some marked claim
    source: int = 0
    realis: int = 0
    core: int = 0  # source, realis and payload
    whole: int = 0  # and neither place nor day is wrong
    complete: int = 0  # and both are given where the text gives them
    asked: int = 0  # claims that should be proposed
    found: int = 0  # of them, those that a right proposal makes
    charged: int = 0  # proposals that charge a party with an act, or bind one
    wrongly: list[str] = field(default_factory=list)  # those of them that the sentence does not bear out
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.whole / max(1, self.proposals)


def _same_payload(p: Proposal, claim: dict[str, Any]) -> bool:
    says = p.says
    if "quantity" in says:
        if "q" not in claim or says["measure"] not in claim["q"]:
            return False
        ends = [says["value"]] * 2 if "value" in says else [says["low"], says["high"]]
        low, high = claim["v"]
        exact = low != high and len(claim["v"]) == 2 and claim.get("b") is None
        same = (low <= ends[0] and ends[1] <= high) if exact else ends == [low, high]
        bound = says.get("bound", "exact")
        return same and (exact or claim.get("b") is None or bound == claim["b"])
    if "event" in says:
        return any(says["event"] == kind for kind in claim.get("e", ()))
    if "commitment" in says:
        return "c" in claim and _same_terms(p, claim["c"])
    return bool(claim.get("st"))


def _same_terms(p: Proposal, marked: dict[str, Any]) -> bool:
    said = p.says["commitment"]
    text = {key: " ".join(str(said.get(key, "")).split()) for key in ("debtor", "if", "then", "by")}
    if marked.get("then", "") not in text["then"] or ("if" in marked) != bool(text["if"]):
        return False
    return marked.get("if", "") in text["if"] and ("by" not in marked or marked["by"] in ("", text["by"]))


def _names(p: Proposal, claim: dict[str, Any]) -> bool:
    printed = view(f"{p.source_words} {p.named}").strip()
    wanted = claim["s"] or [""]
    return any((name in printed) if name else not printed for name in wanted)


def _place(p: Proposal, claim: dict[str, Any]) -> str:
    """right, open or wrong."""
    if not p.place:
        return "open" if claim.get("p") else "right"
    return "right" if any(view(name) in view(p.place) for name in claim.get("p", ())) else "wrong"


def _day(p: Proposal, claim: dict[str, Any]) -> str:
    when = str(p.when)
    if not when:
        return "open" if claim.get("d") else "right"
    return "right" if when in claim.get("d", ()) else "wrong"


def _is_wrong_charge(p: Proposal, row: dict[str, Any]) -> bool | None:
    """Whether a proposal charges a party with what the sentence does not charge it with; None: it charges nobody."""
    claims = row["claims"]
    if "commitment" in p.says:
        if not (bound := p.says["commitment"].get("debtor")):
            return None
        allowed = [who for claim in claims for who in claim.get("c", {}).get("who", ())]
        return not all(any(view(who).lower() in view(one).lower() for who in allowed) for one in bound)
    actors = set(p.says.get("actor", ()))
    if "event" not in p.says or not actors:
        return None
    same = [claim for claim in claims if p.says["event"] in claim.get("e", ())]
    hardened = same and p.realis == "asserted" and not any("asserted" in claim["r"] for claim in same)
    allowed = {who for claim in same or claims for who in claim.get("a", ())}
    if p.realis != "asserted":  # what somebody is bound to do is theirs, as an event too
        allowed |= {who for claim in claims for who in claim.get("c", {}).get("who", ())}
    return bool(hardened) or not actors <= allowed


def whole_scores(part: str | None = None, rows: list[dict[str, Any]] | None = None, case: Any = None) -> Whole:
    """Score every proposal on the marked sentences (or on ``rows``), each read as a text of its own."""
    total = Whole()
    for row in wire(part) if rows is None else rows:
        found = propose(row["text"], case, date.fromisoformat(str(row["page"]["published"]))).proposals
        used: set[int] = set()
        for p in found:
            total.proposals += 1
            best = (False,) * 6
            at = None
            for k, claim in enumerate(row["claims"]):
                payload, source, realis = _same_payload(p, claim), _names(p, claim), p.realis in claim["r"]
                place, day = _place(p, claim), _day(p, claim)
                core = payload and source and realis
                whole = core and "wrong" not in (place, day)
                complete = whole and place == day == "right"
                if (complete, whole, core, payload, source, realis) > best:
                    best, at = (complete, whole, core, payload, source, realis), k
            complete, whole, core, payload, source, realis = best
            total.complete, total.whole, total.core = total.complete + complete, total.whole + whole, total.core + core
            total.payload, total.source, total.realis = (
                total.payload + payload,
                total.source + source,
                total.realis + realis,
            )
            if (wrong := _is_wrong_charge(p, row)) is not None:
                total.charged += 1
                if wrong:
                    total.wrongly.append(f"{row['text']}\n    {p.source_words or '-'} | {p.realis} | {p.says}")
            if whole and at is not None:
                used.add(at)
            if not whole:
                what = f"{p.source_words or '-'} | {p.realis} | {p.says} | {p.place} | {p.when}"
                total.misses.append(f"{row['text']}\n    {what}")
        asked = [k for k, claim in enumerate(row["claims"]) if not claim.get("also")]
        total.asked += len(asked)
        total.found += len(set(asked) & used)
        for k in asked:
            if k not in used:
                total.misses.append(f"{row['text']}\n    NOT FOUND {row['claims'][k]}")
    return total


# The five articles, against the claims of the Idlib case. The texts are not in the repository.


@dataclass
class Touched:
    """Accepted claims of one kind: how many, touched by a proposal, right in content, realis and last source."""

    n: int = 0
    touched: int = 0
    content: int = 0
    realis: int = 0
    source: int = 0
    lenient: int = 0  # right in content, or a vague word that another convention reads as the claim does

    def plus(self, other: Touched) -> Touched:
        return Touched(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Touched)))


def _kind(claim: Claim) -> str:
    says = claim.says
    if isinstance(says, QuantitySaid):
        return "quantity"
    if isinstance(says, EventSaid):
        return "event"
    return "commitment" if isinstance(says, CommitmentSaid) else "other"


def _proposed_kind(p: Proposal) -> str:
    return next((kind for kind in ("quantity", "event", "commitment") if kind in p.says), "other")


def _ends(says: Any) -> tuple[float | None, float | None]:
    low = says.low if says.low is not None else says.value
    high = says.high if says.high is not None else says.value
    return low, high


def _close(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and abs(a - b) <= 0.01 * max(abs(a), abs(b))


def _value_right(p: Proposal, claim: Claim) -> bool:
    """Whether a proposal has the very numbers of a claim, to within a hundredth."""
    said = p.says
    ends = [said["value"]] * 2 if "value" in said else [said["low"], said["high"]]
    return all(_close(a, b) or a == b for a, b in zip(ends, _ends(claim.says), strict=True))


def _word_right(p: Proposal, claim: Claim) -> bool:
    """Whether it is the claim's number, or a vague word (dozens) that another convention reads as that number."""
    said = p.says
    if _value_right(p, claim):
        return True
    if said.get("convention") not in CONVENTIONS or not (word := word_of(said["value"], said["convention"])):
        return False
    low, high = _ends(claim.says)
    value = read_vague(word).value
    return _close(value, low) and _close(value, high)


def article_scores(why: list[str] | None = None) -> dict[str, Touched]:
    """Score the proposals on the five articles against the accepted claims of the Idlib case, by kind and over all.

    Of the proposals over a claim's words those of its kind go first, then those with its content, then the nearest; the
    realis and the source of that one are judged.
    """
    if not ARTICLES.is_dir():
        pytest.skip("the five articles are not at ../shared/articles")
    case = so.load("idlib")
    total = {kind: Touched() for kind in ("quantity", "event", "commitment", "other")}
    for path in sorted(ARTICLES.glob("*.txt")):
        record = case.documents[path.stem]
        text = normal(path.read_text(encoding="utf-8"))
        proposals = propose(text, case, record.published.end).proposals
        outer = {record.outlet, *record.author}
        for claim in case.claims.values():
            if claim.document != path.stem or not claim.at:
                continue
            places = [m for anchor in claim.at if isinstance(m := find_anchor(text, anchor), Match)]
            kind = _kind(claim)
            row = total[kind]
            row.n += 1
            over = [p for p in proposals if any(p.span.start < m.end and m.start < p.span.end for m in places)]
            if not over:
                if why is not None:
                    why.append(f"{path.stem} {claim.id} [{kind}] UNTOUCHED {claim.at[0].anchor}")
                continue
            row.touched += 1

            def content(p: Proposal, claim: Claim = claim, kind: str = kind) -> bool:
                if _proposed_kind(p) != kind:
                    return False
                if kind == "quantity":
                    return _value_right(p, claim)
                if kind == "event":
                    mine, theirs = p.says["event"], claim.says.event
                    return mine == theirs or is_a(mine, theirs) or is_a(theirs, mine)
                return True

            def is_same_word(p: Proposal, claim: Claim = claim) -> bool:
                return _proposed_kind(p) == "quantity" and _word_right(p, claim)

            def rank(
                p: Proposal, claim: Claim = claim, kind: str = kind, places: list[Match] = places, text: str = text
            ) -> tuple[bool, bool, int]:
                centre = (p.span.start + p.span.end) // 2
                at = find_anchor(text, p.anchor)
                centre = at.start if isinstance(at, Match) else centre
                return _proposed_kind(p) != kind, not content(p), min(abs(centre - m.start) for m in places)

            best = min(over, key=rank)
            right = content(best)
            row.content += right
            row.lenient += right or (kind == "quantity" and any(map(is_same_word, over)))
            row.realis += best.realis == claim.realis
            innermost = claim.chain[-1]
            wanted = "" if innermost in outer else innermost
            sourced = (best.source or "") == wanted and (
                bool(wanted) or best.voice == "narrator" or best.source in outer
            )
            row.source += sourced
            if why is not None and not (right and best.realis == claim.realis and sourced):
                why.append(
                    f"{path.stem} {claim.id} [{kind}] {claim.realis} {innermost if wanted else '-'} {claim.says}\n"
                    f"   <- {best.realis} {best.source or best.source_words or '-'} {best.says} | {best.words[:200]}"
                )
    total["all"] = Touched()
    for kind in ("quantity", "event", "commitment", "other"):
        total["all"] = total["all"].plus(total[kind])
    return total
