"""The queue of proposals that wait for a person, and what a person does with each: nothing is accepted by a machine.

Proposals are made anew from the texts whenever they are asked for; decisions are found again by place and by what was
said, also in a text that was edited since. What two readers read otherwise comes first, then what contradicts the
record, then what would change a verdict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.case.as_dict import as_dict, payload_kind
from standoff.case.claims import Anchor, Claim, Document
from standoff.case.journal import apply
from standoff.case.journal import undo as undo_entry
from standoff.case.model import Case, Event, Kind
from standoff.case.parsing import record
from standoff.case.read import load, read
from standoff.case.restrictions import SWITCH, is_free
from standoff.errors import Problem, StandoffError, nearest
from standoff.evidence.anchors import Lost, Match, Selector, bounds, find_anchor, paragraph_of, select
from standoff.evidence.decisions import (
    CLOSING,
    MARK,
    Act,
    Decision,
    DecisionLog,
    decisions,
    new_decision,
    overlaps,
    place_now,
    record_decision,
)
from standoff.evidence.library import Text, document_text, place
from standoff.evidence.reconcile import Meeting, MeetingKind, meet
from standoff.files.yaml import Lines
from standoff.oneline import OneLine
from standoff.reading.proposal_form import (
    COMMON,
    FIELDS,
    WRITES,
    Acceptance,
    form_of,
    near_events,
    plan_claim,
    signature_of,
)
from standoff.reading.propose import Proposal, Reading, propose, saying_day

if TYPE_CHECKING:
    from standoff.reading.language_model import Endpoint

MOST_WORDS = 8  # of an anchor
MOST_TRIED = 40  # events whose verdicts are tried, of a queue
REASONS = ("misread", "not about this case", "said already", "nothing to keep")
ESSENTIALS = {
    "event": ("actor", "target", "at", "date"),
    "quantity": ("counted", "of"),
    "commitment": ("who", "whom", "if", "then", "deadline"),
}
Reader = Callable[[str, Case, Document], Reading]
Moves = Callable[[Case, Event], Sequence[str]]


@dataclass(frozen=True, slots=True, repr=False)
class Item(OneLine):
    """One proposal, or part of one that was split: where it stands, the form as it is now, and why it is asked here.

    ``start`` and ``end`` are those of the words that are lit; ``sentence`` those of the sentence around them.
    """

    key: str
    document: str
    proposal: Proposal
    signature: str
    start: int
    end: int
    sentence: tuple[int, int]
    fields: Mapping[str, str]
    anchors: tuple[Anchor, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    moves: tuple[str, ...] = ()  # verdicts that would change
    rank: int = 9
    why: str = ""  # why it is asked at this place of the queue
    log: tuple[Decision, ...] = ()

    @property
    def closing(self) -> tuple[Decision, ...]:
        """The decisions that closed it."""
        return tuple(d for d in self.log if d.act in CLOSING)


@dataclass(frozen=True, slots=True, repr=False)
class Tally(OneLine):
    """How many proposals there are, by what became of them."""

    open: int
    accepted: int
    rejected: int
    merged: int
    coded: int  # a claim of the case says so at this place already
    lost: int  # decisions whose place is not in the text any more
    unfinished: int  # accepted, and never written: the program was stopped


def _in_fields(problem: Problem) -> Problem:
    """A problem of the record in the words of the form that was accepted."""
    if problem.check != "accusation-source":
        return problem
    expected = "standing=wire or standing=monitor, if the outlet is one; or row empty: then the claim stands alone"
    return replace(problem, expected=expected, hint="")


class Review:
    """A review of a case by one person. Every method that decides writes one line, and nothing else until accepted.

    Parameters
    ----------
    name
        The case.
    by
        Who reviews; needed to decide, not to look.
    document
        Only proposals of this document; empty: of all.
    second
        Look at what others have decided, without their changes: accepting then writes an opinion and no record.
    moves
        What says which verdicts an event would change; rooms above know.
    reader
        What reads a text; by default the rules.
    """

    def __init__(
        self,
        name: str | Path,
        by: str = "",
        *,
        document: str = "",
        second: bool = False,
        moves: Moves | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.name, self.by, self.document, self.second = name, by.strip(), document, second
        self._moves, self._reader = moves, reader or _by_rules
        self._readings: dict[tuple[str, ...], Reading] = {}
        self._ranks: dict[tuple[object, ...], Item] = {}
        self.case = load(self.name)
        self.refresh(records=False)

    def _read_case(self) -> None:
        case, problems = read(self.name)  # its warnings were told when it was loaded
        if case is None or case.errors:
            raise StandoffError([p for p in problems if p.severity == "error"])
        self.case = case

    def refresh(self, *, records: bool = True) -> None:
        """Read the case (unless only decisions changed), the decisions and the texts again.

        Raises StandoffError where the case has errors.
        """
        if records:
            self._read_case()
        if self.document and self.document not in self.case.documents:
            hint = nearest(self.document, self.case.documents)
            expected = "a document of the case"
            raise StandoffError.of(f"there is no document {self.document!r}", file="--document", expected=expected,
                                   hint=hint)  # fmt: skip
        self.log: DecisionLog = decisions(self.case.root)
        self.texts: dict[str, Text] = {}
        self.notes: list[str] = [str(problem) for problem in self.log.problems]
        self._coded = self._lost = 0
        items: list[Item] = []
        for document in self.case.documents.values():
            if self.document in ("", document.id):
                items += self._of_document(document)
        self.items: dict[str, Item] = {item.key: item for item in items}
        tried = 0
        for item in list(self.items.values()):
            if self._is_open(item):
                may = item.fields.get("says") == "event" and tried < MOST_TRIED
                tried += may
                self.items[item.key] = self._ranked(item, may)
        if self.log.unfinished:
            number = len(self.log.unfinished)
            self.notes.append(
                f"{number} accepted when the program was stopped, and never written: "
                f"{'it is' if number == 1 else 'they are'} asked again"
            )

    def _of_document(self, document: Document) -> list[Item]:
        text = document_text(self.case, document)
        if isinstance(text, Problem):
            self.notes.append(str(text))
            return []
        if text is None:
            return []
        if not is_free(document):
            self.notes.append(f"{document.id} may not be passed on: {SWITCH}=show shows it on your own screen")
            return []
        self.texts[document.id] = text
        if saying_day(document) is None:
            self.notes.append(
                f"{document.id}: its day of publication is not known, so days such as 'on Friday' are left open; "
                "write it as 'published' of the document, on page Edit"
            )
        reading = self._reading(document, text.text)
        if (number := len(reading.foreign)) and not any(p.reader != "rules" for p in reading.proposals):
            self.notes.append(
                f"{document.id}: {number} {'sentence is' if number == 1 else 'sentences are'} not English and not read "
                "by the rules; a model reads them with --llm"
            )
        items: dict[str, Item] = {}
        for proposal in reading.proposals:
            match = find_anchor(text.text, proposal.anchor)
            if isinstance(match, Lost):
                continue
            signature = signature_of(proposal.says)
            words = text.text[match.start : match.end]
            base, number = _key(document.id, signature, words, 0), 0
            while base in items:
                base, number = _key(document.id, signature, words, number + 1), number + 1
            fields = form_of(self.case, document, proposal)
            whole = proposal.sentence_span
            around = (whole.start, whole.end)
            if whole.start >= whole.end:
                around = _around(text.text, proposal.span.start, proposal.span.end)
            items[base] = Item(base, document.id, proposal, signature, match.start, match.end, around, fields)
        return self._with_decisions(document, text, items)

    def _reading(self, document: Document, text: str) -> Reading:
        names = repr([sorted((r.name, *r.aliases) for r in records.values()) for records in (
            self.case.sources, self.case.actors, self.case.places)])  # fmt: skip
        key = (document.id, hashlib.sha256(text.encode()).hexdigest(), str(document.published), names)
        if key not in self._readings:
            self._readings[key] = self._reader(text, self.case, document)
        return self._readings[key]

    def _with_decisions(self, document: Document, text: Text, items: dict[str, Item]) -> list[Item]:
        """Lay decisions on their proposals: by key, or where the text or the reading is another, by place and words."""
        own = [d for d in self.log.every if d.document == document.id]
        names = {d.item.partition("/")[0]: d for d in own}
        renamed: dict[str, str] = {}
        for base, decision in names.items():
            if base in items:
                continue
            where = place_now(text.text, decision.selector)
            said = {d.signature for d in own if d.item.partition("/")[0] == base}
            said |= {_signature_of_form(d.values) for d in own if d.item.partition("/")[0] == base and d.values}
            match = next(
                (
                    key
                    for key, item in items.items()
                    if isinstance(where, Match)
                    and key not in names
                    and key not in renamed
                    and item.signature in said
                    and overlaps((where.start, where.end), (item.start, item.end))
                ),
                "",
            )
            if match:
                renamed[match] = base
            elif isinstance(where, Lost):
                self._lost += 1
        claims = [c for c in self.case.claims.values() if c.document == document.id]
        written = {d.claim for d in self.log.standing}
        table: list[Item] = []
        for key, item in items.items():
            item = replace(item, key=renamed.get(key, key))
            parts = 1 + sum(d.act is Act.SPLIT for d in self.log.of_item(item.key))
            for number in range(1, parts + 1):
                name = item.key if number == 1 else f"{item.key}/{number}"
                one = self._decided(replace(item, key=name), text)
                if not one.closing and any(self._is_of(text, c, one) for c in claims if c.id not in written):
                    self._coded += 1
                    continue
                table.append(one)
        return table

    def _is_of(self, text: Text, claim: Claim, item: Item) -> bool:
        """Whether a claim of the case says at this place what is proposed."""
        says = {payload_kind(claim): "", **{k: v for k, v in as_dict(claim.says).items() if v is not None}}
        if signature_of(says) != item.signature:
            return False
        places = [place(text, anchor) for anchor in claim.at]
        return any(isinstance(p, Match) and overlaps((p.start, p.end), (item.start, item.end)) for p in places)

    def _decided(self, item: Item, text: Text) -> Item:
        """Return an item with what was decided on it: fields, place, merged places."""
        log = self.log.of_item(item.key)
        fields = dict(item.fields)
        start, end = item.start, item.end
        for decision in log:
            if self.second and decision.by != self.by:
                continue
            if decision.act is Act.EDIT or (decision.act is Act.ACCEPT and not self.second):
                fields |= decision.values
            elif decision.act is Act.PLACE:
                where = place_now(text.text, decision.selector)
                if isinstance(where, Match):
                    start, end = where.start, where.end
        spans = [(start, end)]
        for other in self.log.standing:
            if other.act is Act.MERGE and other.other == item.key:
                where = place_now(text.text, other.selector)
                if isinstance(where, Match) and (where.start, where.end) not in spans:
                    spans.append((where.start, where.end))
        fields = {key: value for key, value in fields.items() if value}
        anchors = tuple(anchor for first, last in spans if (anchor := anchor_at(text.text, first, last)))
        return replace(item, fields=fields, start=start, end=end, anchors=anchors, log=log)

    def _is_open(self, item: Item) -> bool:
        if self.second:
            others = any(d.by != self.by for d in item.closing)
            return others and not any(d.by == self.by for d in item.closing)
        return not item.closing

    def _ranked(self, item: Item, may_move: bool) -> Item:
        key = (self.case.digest, item.key, tuple(sorted(item.fields.items())), item.anchors, may_move)
        if key not in self._ranks:
            self._ranks[key] = self._rank(item, may_move)
        known = self._ranks[key]
        return replace(item, meetings=known.meetings, moves=known.moves, rank=known.rank, why=known.why)

    def _rank(self, item: Item, may_move: bool) -> Item:
        try:
            plan = self.plan(item, text="proposed")
        except StandoffError:
            plan = None
        meetings: tuple[Meeting, ...] = ()
        moves: tuple[str, ...] = ()
        if plan is not None:
            sources = {**self.case.sources, **{s.id: s for s in plan.sources}}
            meetings = meet(replace(self.case, sources=sources), plan.claim)
            if may_move and self._moves is not None and item.fields.get("realis") in ("asserted", "alleged"):
                moves = self._moved(item)
        first = meetings[0] if meetings else None
        kind = first.kind if first else None
        differs = item.proposal.disagrees
        says = item.fields.get("says", "")
        ways: tuple[tuple[bool, str], ...] = (
            (bool(differs), f"two readers read it otherwise: {differs}"),
            (kind is MeetingKind.CONTRADICTS, f"it contradicts {first.claim if first else ''}"),
            (bool(moves), f"it would change a verdict: {'; '.join(moves[:2])}"),
            (kind is MeetingKind.TENSION, f"it stands in tension with {first.claim if first else ''}"),
            (kind is MeetingKind.SUPERSEDES, f"it may correct {first.claim if first else ''}"),
            (says == "commitment", "somebody binds himself, or asks somebody to"),
            (kind is MeetingKind.CORROBORATES, f"another voice says the same as {first.claim if first else ''}"),
            (says == "event", "something happened"),
            (says == "quantity" and kind is not MeetingKind.SAME, "a number"),
            (True, f"the same as {first.claim}" if first and first.kind is MeetingKind.SAME else "a statement"),
        )
        rank = next(number for number, (holds, _) in enumerate(ways) if holds)
        return replace(item, meetings=meetings, moves=moves, rank=rank, why=ways[rank][1])

    def _moved(self, item: Item) -> tuple[str, ...]:
        """Return the verdicts that an event would change, were it recorded."""
        try:
            plan = self.plan(item, text="proposed", row="yes")
        except StandoffError:
            return ()
        row = next((c.values for c in plan.changes if c.kind is Kind.EVENTS), None)
        if row is None or self._moves is None:
            return ()
        values = {k: [str(v) for v in value] if isinstance(value, list) else str(value) for k, value in row.items()}
        event, problems = record(Event, values, "event", Lines(0))
        actors = {*self.case.actors}
        if problems or not {*event.actor, *event.target} <= actors or not set(event.place) <= {*self.case.places}:
            return ()
        try:
            return tuple(self._moves(self.case, replace(event, claims=())))
        except StandoffError:
            return ()

    # What waits.

    @property
    def queue(self) -> list[Item]:
        """The items that wait, what matters most first, then in the order of the texts."""
        order = {name: k for k, name in enumerate(self.case.documents)}
        waiting = [item for item in self.items.values() if self._is_open(item)]
        return sorted(waiting, key=lambda i: (i.rank, order[i.document], i.start, i.key))

    @property
    def tally(self) -> Tally:
        """How many proposals wait, and what became of the others."""
        acts = [{d.act for d in item.closing} for item in self.items.values()]
        return Tally(
            open=len(self.queue),
            accepted=sum(Act.ACCEPT in a for a in acts),
            rejected=sum(Act.REJECT in a and Act.ACCEPT not in a for a in acts),
            merged=sum(Act.MERGE in a for a in acts),
            coded=self._coded,
            lost=self._lost,
            unfinished=len(self.log.unfinished),
        )

    def item(self, key: str) -> Item:
        """Return an item by its key. Raises StandoffError where no proposal has it."""
        if key not in self.items:
            what = f"there is no proposal {key[:40]!r}: the text or its reading changed"
            raise StandoffError.of(what, file="item", expected="a proposal of the queue")
        return self.items[key]

    def others_of(self, item: Item) -> list[Item]:
        """Return the other items of its sentence that wait."""
        same = (i for i in self.queue if i.document == item.document and i.key != item.key)
        return [i for i in same if i.sentence[0] < item.sentence[1] and item.sentence[0] < i.sentence[1]]

    def lit(self, item: Item) -> tuple[str, str, str]:
        """Return the sentence of an item in three: before the words that are lit, these, and after them."""
        text = self.texts[item.document].text
        first, last = min(item.sentence[0], item.start), max(item.sentence[1], item.end)
        return text[first : item.start], text[item.start : item.end], text[item.end : last]

    def plan(self, item: Item, **more: str) -> Acceptance:
        """Return what accepting an item would write. Raises StandoffError with all that is wrong in its form."""
        fields = {**item.fields, **{k: v for k, v in more.items() if not item.fields.get(k)}}
        fields |= {"row": more["row"]} if "row" in more else {}
        document = self.case.documents[item.document]
        return plan_claim(self.case, document, fields, item.anchors, claim_id=self._free_id(document), by=self.by)

    def _free_id(self, document: Document) -> str:
        numbers = range(1, len(self.case.claims) + 2)
        return next(name for k in numbers if (name := f"{document.id}-{k}") not in self.case.claims)

    def essentials(self, item: Item) -> tuple[str, ...]:
        """Return the fields of an item's form that a person should know: who, to whom, where, when."""
        return ESSENTIALS.get(item.fields.get("says", ""), ())

    def near_events(self, item: Item) -> tuple[str, ...]:
        """Return the rows of events.csv that an item may tell."""
        return near_events(self.case, item.fields) if item.fields.get("says") == "event" else ()

    # What a person does.

    def _decision(self, item: Item, act: Act, **more: object) -> Decision:
        text = self.texts[item.document].text
        selector = more.pop("selector", None) or select(text, item.start, item.end)
        assert isinstance(selector, Selector)  # noqa: S101
        reader = item.proposal.reader
        return new_decision(self.by, act, item.key, item.document, selector, item.signature, reader=reader, **more)

    def _put(self, decision: Decision, *, records: bool = False) -> Decision:
        record_decision(self.case.root, decision)
        self.refresh(records=records)
        return decision

    def edit(self, item: Item, values: Mapping[str, str]) -> Decision:
        """Set fields of the form; an empty value empties one.

        Raises StandoffError for a field that is none, with the nearest.
        """
        kind = values.get("says", item.fields.get("says", ""))
        allowed = (*COMMON, *WRITES, *FIELDS.get(kind, ()))
        wrong = [
            Problem(name[:40], 0, "there is no such field", ", ".join(allowed), nearest(name, allowed))
            for name in values
            if name not in allowed
        ]
        if kind not in FIELDS:
            wrong.append(Problem("says", 0, f"says is {kind!r}", ", ".join(FIELDS), nearest(kind, FIELDS)))
        if wrong:
            raise StandoffError(wrong)
        fields = {k: v.strip() for k, v in values.items()}
        for one, other in (
            ("as_of", "window"),
            ("window", "as_of"),
            ("value", "low"),
            ("value", "high"),
            ("low", "value"),
        ):
            if fields.get(one) and not fields.get(other):
                fields |= {other: ""} if item.fields.get(other) else {}  # a number has one time, and one value or ends
        return self._put(self._decision(item, Act.EDIT, values=fields))

    def accept(self, item: Item, values: Mapping[str, str] | None = None) -> Decision:
        """Write the claim of an item and whatever is missing with it, in one step of the journal.

        Raises StandoffError where the form is wrong, or the case would not pass `check` with it; nothing is written.
        """
        if values:
            self.edit(item, values)
            item = self.item(item.key)
        if not self._is_open(item):
            raise StandoffError.of("this is decided already", file=item.key, expected="undo it first")
        plan = self.plan(item)
        fields = {**item.fields, "text": plan.claim.text}
        if self.second:
            return self._put(self._decision(item, Act.ACCEPT, values=fields))
        decision = self._decision(item, Act.ACCEPT, values=fields, claim=plan.claim.id)
        record_decision(self.case.root, decision)
        try:
            apply(
                self.case.root,
                plan.changes,
                by=self.by,
                why=f"{MARK} {decision.id}",
                what=f"accept {plan.claim.id}",
            )
        except StandoffError as error:
            self._put(self._decision(item, Act.UNDO, undoes=decision.id, reason="the record refused it"))
            told = [_in_fields(problem) for problem in error.problems]
            if told != list(error.problems):
                raise StandoffError(told) from None
            raise
        self.refresh()
        return decision

    def reject(self, item: Item, reason: str) -> Decision:
        """Drop an item, with the reason. Raises StandoffError without one."""
        if not reason.strip():
            raise StandoffError.of("no reason is given", file="reject", expected=f"one, such as: {', '.join(REASONS)}")
        return self._put(self._decision(item, Act.REJECT, reason=reason.strip()))

    def split(self, item: Item) -> Decision:
        """Make two of an item: a second form of the same place."""
        base = self.item(item.key.partition("/")[0])
        return self._put(self._decision(base, Act.SPLIT))

    def merge(self, item: Item, into: Item | None = None) -> Decision:
        """Merge an item into another of its sentence (the first that waits), which is then anchored at both places."""
        others = self.others_of(item)
        target = into or (others[0] if others else None)
        if target is None or target.key == item.key or target.document != item.document:
            raise StandoffError.of("no other proposal of this sentence waits", file="merge", expected="another one")
        return self._put(self._decision(item, Act.MERGE, other=target.key))

    def move(self, item: Item, words: int, *, left: bool = False) -> Decision:
        """Widen the words that are lit by so many, or narrow them; ``left``: at their beginning.

        Raises StandoffError beyond eight words, below one, and at the ends of the line.
        """
        text = self.texts[item.document].text
        first, last = bounds(text, paragraph_of(text, item.start))
        tokens = _tokens(text, first, last)
        inside = [k for k, (start, end) in enumerate(tokens) if end > item.start and start < item.end]
        low, high = inside[0], inside[-1]
        low, high = (low - words, high) if left else (low, high + words)
        if not (0 <= low <= high < len(tokens)) or high - low + 1 > MOST_WORDS:
            what = f"{high - low + 1} words, or beyond the line"
            raise StandoffError.of(what, file="place", expected=f"one to {MOST_WORDS} words of one line")
        selector = select(text, tokens[low][0], tokens[high][1])
        return self._put(self._decision(item, Act.PLACE, selector=selector))

    def undo(self, decision: str = "") -> Decision:
        """Take back the last decision of this reviewer that stands, or the one that is named, with what it wrote.

        Raises StandoffError where there is none, or where something in the case rests on it by now.
        """
        mine = [d for d in self.log.standing if d.by == self.by and (d.id == decision or not decision)]
        if not mine:
            expected = "the id of a decision of yours that stands" if decision else "a decision of yours that stands"
            raise StandoffError.of("there is nothing to undo", file="undo", expected=expected)
        last = mine[-1]
        entry = self.log.entries.get(last.id)
        if entry:
            undo_entry(self.case.root, entry, by=self.by, why=f"{MARK} undo {last.id}")
        back = new_decision(self.by, Act.UNDO, last.item, last.document, last.selector, last.signature, undoes=last.id)
        return self._put(back, records=bool(entry))


def with_model(endpoint: Endpoint) -> Reader:
    """Return a reader that asks a model beside the rules: what both read alike stands once, what not is marked."""
    from standoff.reading.language_model import merged, read_with

    def read_twice(text: str, case: Case, document: Document) -> Reading:
        day = saying_day(document)
        return merged(propose(text, case, day), read_with(text, endpoint, case, day))

    return read_twice


def _by_rules(text: str, case: Case, document: Document) -> Reading:
    return propose(text, case, saying_day(document))


def _key(document: str, signature: str, words: str, number: int) -> str:
    return hashlib.sha256("\0".join((document, signature, words, str(number))).encode()).hexdigest()[:10]


def _signature_of_form(fields: Mapping[str, str]) -> str:
    kind = fields.get("says", "")
    try:
        return signature_of({kind: fields.get(kind, ""), **{k: v for k, v in fields.items() if v}}) if kind else ""
    except (ValueError, KeyError):
        return ""


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = bounds(text, paragraph_of(text, start))
    return min(first, start), max(last, end)


def _tokens(text: str, first: int, last: int) -> list[tuple[int, int]]:
    tokens: list[tuple[int, int]] = []
    at = first
    for word in text[first:last].split():
        start = text.index(word, at)
        tokens.append((start, start + len(word)))
        at = start + len(word)
    return tokens


def anchor_at(text: str, start: int, end: int) -> Anchor | None:
    """Return an anchor of at most eight words at a place, with so much before it as makes it the only one there."""
    paragraph = paragraph_of(text, start)
    first, last = bounds(text, paragraph)
    end = min(end, last)
    words = _tokens(text, start, end)[:MOST_WORDS]
    if not words:
        return None
    start, end = words[0][0], words[-1][1]
    for back in (0, 16, 48, start - first):
        anchor = Anchor(paragraph=paragraph, anchor=text[start:end], prefix=text[max(first, start - back) : start])
        match = find_anchor(text, anchor)
        if isinstance(match, Match) and match.start == start:
            return anchor
    return None
