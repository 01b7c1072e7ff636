"""Scores of the reader on what others marked, development parts only: PolNeAR, re3d and PLOVER.

Each set is split by a hash of its names into a part the rules were improved on (``looked``) and one that was only
scored (``held``). The acts of ``benchmarks/reading_acts.csv`` were labelled by hand for this project, by offset only.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from standoff.case.vocabulary import EVENT_TYPES
from standoff.evidence.anchors import normal, view
from standoff.reading.attribution import attributions
from standoff.reading.numbers import numbers
from standoff.reading.page import Attribution, paragraphs, sentences
from standoff.reading.payloads import act_words
from standoff.reading.realis import act_realis, realis_of

SHARED = Path(__file__).parents[3] / "shared"
FETCHED = SHARED / "data" / "fetched" / "reading"
ACTS = Path(__file__).parents[2] / "benchmarks" / "reading_acts.csv"
PARTS = ("looked", "held")


def fetched(name: str) -> Path:
    path = FETCHED / name
    if not path.is_dir():
        pytest.skip(f"{name} is not at ../shared/data/fetched/reading")
    return path


def part_of(name: str) -> str:
    """Which part a document or record belongs to: decided by its name alone."""
    return PARTS[hashlib.sha256(name.encode()).digest()[0] % 2]


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    n: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Counts:
    """Attributions marked, proposed, with the right content, with the right source too; the same by manner."""

    gold: int = 0
    proposed: int = 0
    right: int = 0
    sourced: int = 0
    quoted: int = 0
    quoted_right: int = 0
    quoted_sourced: int = 0
    follow: int = 0  # quoted contents in several pieces, the last of which no cue of its own introduces
    follow_sourced: int = 0

    def score(self) -> Score:
        return Score(self.right / self.proposed, self.right / self.gold, self.gold)

    def sourced_score(self) -> Score:
        return Score(self.sourced / self.proposed, self.sourced / self.gold, self.gold)


@dataclass(frozen=True)
class Marked:
    """An attribution as others marked it: offsets of content, source and cue."""

    content: frozenset[int]
    source: frozenset[int]
    cue: frozenset[int]
    last: frozenset[int]  # the last piece of a content in several pieces, or all of it


def marked(path: Path) -> list[Marked]:
    """Read the attributions of a brat file."""
    spans: dict[str, set[int]] = {}
    lasts: dict[str, set[int]] = {}
    events = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("T"):
            name, place = line.split("\t")[:2]
            pieces = [tuple(map(int, piece.split())) for piece in place.split(" ", 1)[1].split(";")]
            spans[name] = {k for start, end in pieces for k in range(start, end)}
            lasts[name] = set(range(*max(pieces)))
        elif line.startswith("E"):
            parts = [part.split(":") for part in line.split("\t")[1].split()]
            events.append([(re.sub(r"\d+$", "", role), name) for role, name in parts])
    found = []
    for event in events:
        content, source, cue = (
            frozenset(k for role, name in event if role == wanted for k in spans.get(name, ()))
            for wanted in ("Content", "Source", "Cue")
        )
        if content:
            names = [name for role, name in event if role == "Content" and spans.get(name)]
            last = lasts[max(names, key=lambda name: max(spans[name]))]
            found.append(Marked(content, source, cue, frozenset(last)))
    return found


def letters(one: Attribution) -> frozenset[int]:
    return frozenset(k for piece in one.pieces for k in range(piece.start, piece.end))


def matched(found: list[Attribution], expected: list[Marked]) -> dict[int, int]:
    """Pair what was found with what was marked, one to one, best first: Dice of letters at least 0.5."""
    sets = [letters(one) for one in found]
    pairs = []
    for i, mine in enumerate(sets):
        for j, one in enumerate(expected):
            if (dice := 2 * len(mine & one.content) / (len(mine) + len(one.content))) >= 0.5:
                pairs.append((dice, i, j))
    used: dict[int, int] = {}
    for _, i, j in sorted(pairs, reverse=True):
        if i not in used.values() and j not in used:
            used[j] = i
    return used


def polnear(part: str | None = None) -> Iterator[tuple[str, str, list[Marked]]]:
    """Name, text and marks of each article of the development set (of one part of it)."""
    root = fetched("polnear_dev")
    for path in sorted((root / "text").glob("*.txt")):
        if part is None or part_of(path.stem) == part:
            text = path.read_text(encoding="utf-8")
            assert normal(text) == text, "offsets are those of the file"
            yield path.stem, text, marked(next((root / "attributions").glob(f"{path.stem}_*")))


def attribution_scores(part: str | None = None) -> Counts:
    """Score attributions: the content right (half or more of the letters shared, one to one), and the source too.

    A content is quoted when a quotation mark stands in or beside it. A quotation follows when no cue was found for it.
    """
    total = Counts()
    for _, text, expected in polnear(part):
        found = attributions(text)
        used = matched(found, expected)
        total.gold += len(expected)
        total.proposed += len(found)
        total.right += len(used)
        for j, one in enumerate(expected):
            near = text[max(0, min(one.content) - 1) : max(one.content) + 2]
            quoted = any(mark in near for mark in '"“”') or "''" in near
            source = found[used[j]].source if j in used else None
            right = bool(source and set(range(source.start, source.end)) & one.source)
            total.sourced += right
            total.quoted += quoted
            total.quoted_right += quoted and j in used
            total.quoted_sourced += quoted and right
            if quoted and one.last != one.content and one.source and min(one.last) > max(one.cue, default=0):
                total.follow += 1
                by = [f.source for f in found if 2 * len(letters(f) & one.last) >= len(one.last)]
                total.follow_sourced += any(s and set(range(s.start, s.end)) & one.source for s in by)
    return total


@dataclass
class Acts:
    """Acts told as facts, how many of these were not done; acts that were done, and how many stayed facts."""

    told: int = 0
    wrong: int = 0
    actual: int = 0
    kept: int = 0
    unreal: int = 0


def own_texts() -> dict[str, str]:
    """Texts whose acts were labelled: re3d by id, and the articles of the Idlib case by document where they are."""
    found = {}
    for folder in sorted(path for path in fetched("re3d").iterdir() if path.is_dir()):
        for record in map(json.loads, (folder / "documents.json").open(encoding="utf-8")):
            found[record["_id"]] = normal(record["text"])
    for path in sorted((SHARED / "articles").glob("*.txt")):
        found[path.stem] = normal(path.read_text(encoding="utf-8"))
    return found


def realis_scores(part: str | None = None) -> Acts:
    """Score whether an act is told as a fact, sentence by sentence, on 260 acts labelled by hand for this project.

    The labels (``actual``, ``unreal``, ``none`` for no act) were set before the rules of ``realis`` were written, by
    the same hand: the part ``held`` was not looked at again, but is no independent sample.
    """
    texts, total = own_texts(), Acts()
    with ACTS.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["document"] in texts and r["label"] != "none"]
    for row in rows:
        if part is not None and part_of(row["document"]) != part:
            continue
        text, start, end = texts[row["document"]], int(row["start"]), int(row["end"])
        sentence = next(s for p in paragraphs(text) for s in sentences(text, p) if s.start <= start < s.end)
        words = view(sentence.of(text))
        told = act_realis(realis_of("", words), words, start - sentence.start, end - sentence.start)
        fact = told in ("asserted", "alleged")
        total.told += fact
        total.wrong += fact and row["label"] == "unreal"
        total.unreal += row["label"] == "unreal"
        total.actual += row["label"] == "actual"
        total.kept += fact and row["label"] == "actual"
    return total


def quantity_scores(part: str | None = None) -> Score:
    """Score number spans that overlap a Quantity or Money of re3d (its coders left many small numbers unmarked)."""
    root = fetched("re3d")
    hit = proposed = gold = right = 0
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        texts = {d["_id"]: d["text"] for d in map(json.loads, (folder / "documents.json").open(encoding="utf-8"))}
        marked: dict[str, list[tuple[int, int]]] = {}
        for entity in map(json.loads, (folder / "entities.json").open(encoding="utf-8")):
            if entity["type"] in ("Quantity", "Money"):
                marked.setdefault(entity["documentId"], []).append((entity["begin"], entity["end"]))
        for name, text in texts.items():
            if part is not None and part_of(name) != part:
                continue
            found = [(n.span.start, n.span.end) for n in numbers(text)]
            expected = marked.get(name, [])
            gold += len(expected)
            proposed += len(found)
            hit += sum(any(a < d and c < b for c, d in found) for a, b in expected)
            right += sum(any(a < d and c < b for c, d in expected) for a, b in found)
    return Score(right / proposed, hit / gold, gold)


# The codes of the file are those of 2016; PLOVER has since renamed or joined some.
_RENAMED = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "FIGHT": "ASSAULT"}


def act_scores(part: str | None = None) -> Score:
    """Score the PLOVER code of the first word for an act in a sentence; precision is over sentences that have one."""
    path = fetched("plover") / "PLOVER_GSR_CAMEO_odd.json"
    rows = [r for r in json.loads(path.read_text(encoding="utf-8")) if r.get("text") and r["event"] != "DOCUMENT"]
    rows = [r for r in rows if part is None or part_of(r["id"]) == part]
    found = [(next(iter(act_words(r["text"])), None), _RENAMED.get(r["event"], r["event"])) for r in rows]
    right = sum(act is not None and EVENT_TYPES[act[0]].plover == code for act, code in found)
    return Score(right / sum(act is not None for act, _ in found), right / len(rows), len(rows))
