"""What persons decide on proposals: one line each in ``decisions.jsonl``, which is only ever added to.

A line is on the disk before the next key is asked for. A decision that writes records is a line first, and stands only
once the case's journal has the change that names it: a program that is killed in between has lost that one key.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from standoff.case.history import JournalEntry, entries, undone_ids
from standoff.errors import Problem, StandoffError
from standoff.evidence.anchors import Lost, Match, Selector, refind
from standoff.files.opener import is_there, read_bytes
from standoff.oneline import OneLine

DECISIONS = "decisions.jsonl"
MARK = "review"  # how the journal names a decision: "review d-0123abcd"
_MOST = 512 * 2**20
SEPARATE = 0.5  # share of the shorter of two places that must lie in both for them to be one


class Act(StrEnum):
    """What a person does with a proposal."""

    ACCEPT = "accept"
    EDIT = "edit"
    REJECT = "reject"
    SPLIT = "split"
    MERGE = "merge"
    PLACE = "place"  # widened or narrowed
    UNDO = "undo"


CLOSING = (Act.ACCEPT, Act.REJECT, Act.MERGE)
WRITING = (Act.ACCEPT,)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Decision(OneLine):
    """One line: who did what with which proposal, where that stands in its document, and what it says.

    ``item`` names the proposal; ``signature`` is what it says, in short, by which a new reading knows it again.
    ``values`` are fields of the form that were changed, or those of the claim that was accepted.
    """

    id: str
    at: str
    by: str
    act: Act
    item: str
    document: str
    selector: Selector
    signature: str
    values: Mapping[str, str] = field(default_factory=dict)
    claim: str = ""  # the claim that was written
    reason: str = ""
    undoes: str = ""
    other: str = ""  # the item merged into this one
    reader: str = ""


def new_decision(
    by: str, act: Act, item: str, document: str, selector: Selector, signature: str, **more: Any
) -> Decision:
    """Return a decision of now. Raises StandoffError where nobody is named."""
    if not by.strip():
        raise StandoffError.of("nobody is named who decides", file="--by", expected="the name of a person")
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Decision(
        id=f"d-{secrets.token_hex(5)}", at=at, by=by.strip(), act=act, item=item, document=document,
        selector=selector, signature=signature, **more,
    )  # fmt: skip


def record_decision(folder: Path, decision: Decision) -> None:
    """Add a decision to the file and wait until it is on the disk.

    Whatever a killed program left without an end of line stays a line of its own. Raises StandoffError where the file
    cannot be written.
    """
    values = {k: v for k, v in asdict(decision).items() if v not in ("", {})}
    line = json.dumps(values, ensure_ascii=False, default=str).encode() + b"\n"
    path = folder / DECISIONS
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
        if not size:
            _sync(folder)
    except OSError as error:
        what = f"the decision cannot be written: {error.strerror or error}"
        raise StandoffError.of(what, file=DECISIONS, expected="a folder you may write in") from None


def _sync(folder: Path) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_decisions(folder: Path) -> tuple[tuple[Decision, ...], tuple[Problem, ...]]:
    """Return all lines in their order, and a warning for each that cannot be read, which is passed over."""
    path = folder / DECISIONS
    if not is_there(path):
        return (), ()
    lines: list[Decision] = []
    problems: list[Problem] = []
    for number, text in enumerate(read_bytes(path, DECISIONS, _MOST, within=folder).split(b"\n"), 1):
        if not text.strip():
            continue
        try:
            lines.append(_decision(json.loads(text.decode("utf-8"))))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            what = "this line is cut off or is not a decision, and is passed over"
            problems.append(Problem(DECISIONS, number, what, "one decision a line, as JSON", severity="warning"))
    return tuple(lines), tuple(problems)


def _decision(data: dict[str, Any]) -> Decision:
    place = data["selector"]
    exact, prefix, suffix = (str(place[k]) for k in ("exact", "prefix", "suffix"))
    selector = Selector(exact, prefix, suffix, int(place["start"]), int(place["end"]))
    words = {k: str(data.get(k, "")) for k in ("claim", "reason", "undoes", "other", "reader")}
    needed = {k: str(data[k]) for k in ("id", "at", "by", "item", "document", "signature")}
    values = {str(k): str(v) for k, v in dict(data.get("values") or {}).items()}
    return Decision(**needed, **words, act=Act(data["act"]), selector=selector, values=values)


@dataclass(frozen=True, slots=True, repr=False)
class DecisionLog(OneLine):
    """All decisions of a case: those that stand, with those that were not finished left out and named."""

    every: tuple[Decision, ...]
    standing: tuple[Decision, ...]
    unfinished: tuple[Decision, ...]  # accepted, but the record was never written
    problems: tuple[Problem, ...]
    entries: Mapping[str, str] = field(default_factory=dict)  # decision: entry of the journal

    def of_item(self, item: str) -> tuple[Decision, ...]:
        """Return what stands of one proposal, in its order."""
        return tuple(d for d in self.standing if d.item == item)


def decisions(folder: Path) -> DecisionLog:
    """Return the decisions of a case and which of them stand.

    One that was undone does not, and neither does one whose record was never written or was taken back. Raises
    StandoffError where the journal of the case cannot be read.
    """
    every, problems = read_decisions(folder)
    written = _written(entries(folder)) if any(d.act in WRITING for d in every) else {}
    gone: set[str] = set()
    for decision in reversed(every):
        if decision.act is Act.UNDO and decision.id not in gone:
            gone.add(decision.undoes)
    unfinished = tuple(d for d in every if d.act in WRITING and d.claim and d.id not in written and d.id not in gone)
    lost = {d.id for d in unfinished} | gone
    standing = tuple(d for d in every if d.act is not Act.UNDO and d.id not in lost)
    live = {name: entry for name, (entry, stands) in written.items() if stands}
    standing = tuple(d for d in standing if d.id not in written or d.id in live)
    return DecisionLog(every, standing, unfinished, problems, live)


def _written(table: Sequence[JournalEntry]) -> dict[str, tuple[str, bool]]:
    """Return the entry of the journal that wrote each decision, and whether it stands."""
    gone = undone_ids(table)
    marks: dict[str, tuple[str, bool]] = {}
    for entry in table:
        mark, _, rest = entry.why.partition(" ")
        if mark == MARK and rest:
            marks[rest.partition(" ")[0].rstrip(":")] = entry.id, entry.id not in gone
    return marks


def place_now(text: str, selector: Selector) -> Match | Lost:
    """Return where a decision's place is in a text that may have been edited since."""
    if text[selector.start : selector.end] == selector.exact:
        before = text[max(0, selector.start - len(selector.prefix)) : selector.start]
        if before == selector.prefix:
            return Match(selector.start, selector.end, "exact")
    return refind(text, selector)


def overlaps(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two places of a text are one: at least half of the shorter lies in both."""
    common = min(first[1], second[1]) - max(first[0], second[0])
    return common > 0 and common >= SEPARATE * min(first[1] - first[0], second[1] - second[0])


# Two reviewers.


@dataclass(frozen=True, slots=True, repr=False)
class Disagreement(OneLine):
    """One proposal on which two reviewers closed otherwise, or accepted different claims; each reviewer's last word."""

    item: str
    document: str
    words: str
    kind: str  # "accepted and rejected", or the fields in which two accepted claims differ
    says: tuple[Decision, ...]


_APART = ("id", "note", "text", "entry")  # fields in which two claims may differ and say the same


def disagreements(standing: Iterable[Decision]) -> tuple[Disagreement, ...]:
    """Return where the last words of two reviewers differ, in the order of the file."""
    last: dict[str, dict[str, Decision]] = {}
    for decision in standing:
        if decision.act in (Act.ACCEPT, Act.REJECT):
            last.setdefault(decision.item, {})[decision.by] = decision
    return tuple(_disagreements(last))


def _disagreements(last: Mapping[str, Mapping[str, Decision]]) -> Iterator[Disagreement]:
    for item, by in last.items():
        several = tuple(by.values())
        if len(several) < 2:
            continue
        acts = {d.act for d in several}
        accepted = [d.values for d in several if d.act is Act.ACCEPT]
        keys = sorted({k for v in accepted for k in v} - set(_APART))
        differ = [k for k in keys if len({v.get(k, "") for v in accepted}) > 1]
        if len(acts) > 1 or differ:
            kind = "accepted and rejected" if len(acts) > 1 else f"accepted with another {', '.join(differ)}"
            yield Disagreement(item, several[0].document, several[0].selector.exact, kind, several)


def agreement(standing: Iterable[Decision]) -> tuple[int, int]:
    """Return how many proposals two or more reviewers closed, and on how many of them they agree."""
    standing = tuple(standing)
    by: dict[str, set[str]] = {}
    for decision in standing:
        if decision.act in (Act.ACCEPT, Act.REJECT):
            by.setdefault(decision.item, set()).add(decision.by)
    both = {item for item, names in by.items() if len(names) > 1}
    return len(both), len(both) - len({d.item for d in disagreements(standing)})
