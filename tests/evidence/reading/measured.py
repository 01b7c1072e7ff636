"""Scores of the reader on what others marked, development parts only: PolNeAR, re3d and PLOVER."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from standoff.case.vocabulary import EVENT_TYPES
from standoff.evidence.anchors import normal
from standoff.evidence.reading.acts import act_word
from standoff.evidence.reading.attribution import attributions
from standoff.evidence.reading.numbers import numbers

FETCHED = Path(__file__).parents[4] / "shared" / "data" / "fetched" / "reading"


def fetched(name: str) -> Path:
    path = FETCHED / name
    if not path.is_dir():
        pytest.skip(f"{name} is not at ../shared/data/fetched/reading")
    return path


@dataclass(frozen=True)
class Score:
    precision: float
    recall: float
    n: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def _brat(path: Path) -> list[tuple[set[int], set[int]]]:
    """Content and source of each attribution of a brat file, as sets of offsets."""
    spans: dict[str, set[int]] = {}
    events = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("T"):
            name, place = line.split("\t")[:2]
            pieces = [tuple(map(int, piece.split())) for piece in place.split(" ", 1)[1].split(";")]
            spans[name] = {k for start, end in pieces for k in range(start, end)}
        elif line.startswith("E"):
            parts = [part.split(":") for part in line.split("\t")[1].split()]
            events.append([(re.sub(r"\d+$", "", role), name) for role, name in parts])
    found = []
    for event in events:
        content, source = (
            {k for role, name in event if role == wanted for k in spans.get(name, ())}
            for wanted in ("Content", "Source")
        )
        if content:
            found.append((content, source))
    return found


def attribution_scores() -> tuple[Score, Score, float]:
    """Score attributions with the right content (Dice of letters at least 0.5, one to one), those whose source overlaps
    too, and the share of contents in or around quotation marks that are found."""
    root = fetched("polnear_dev")
    right = sourced = proposed = gold = 0
    quoted = [0, 0]
    for path in sorted((root / "text").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert normal(text) == text, "offsets are those of the file"
        expected = _brat(next((root / "attributions").glob(f"{path.stem}_*")))
        found = attributions(text)
        pairs = []
        for i, one in enumerate(found):
            mine = set(range(one.content.start, one.content.end))
            for j, (content, _) in enumerate(expected):
                dice = 2 * len(mine & content) / (len(mine) + len(content))
                if dice >= 0.5:
                    pairs.append((dice, i, j))
        used: tuple[set[int], set[int]] = (set(), set())
        for _, i, j in sorted(pairs, reverse=True):
            if i in used[0] or j in used[1]:
                continue
            used[0].add(i)
            used[1].add(j)
            source = found[i].source
            sourced += bool(source and set(range(source.start, source.end)) & expected[j][1])
        right += len(used[1])
        proposed += len(found)
        gold += len(expected)
        for j, (content, _) in enumerate(expected):
            if any(mark in text[max(0, min(content) - 1) : max(content) + 2] for mark in '"“”'):
                quoted[0] += j in used[1]
                quoted[1] += 1
    content = Score(right / proposed, right / gold, gold)
    return content, Score(sourced / proposed, sourced / gold, gold), quoted[0] / quoted[1]


def quantity_scores() -> Score:
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
            found = [(n.span.start, n.span.end) for n in numbers(text)]
            expected = marked.get(name, [])
            gold += len(expected)
            proposed += len(found)
            hit += sum(any(a < d and c < b for c, d in found) for a, b in expected)
            right += sum(any(a < d and c < b for c, d in expected) for a, b in found)
    return Score(right / proposed, hit / gold, gold)


# The codes of the file are those of 2016; PLOVER has since renamed or joined some.
_RENAMED = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "FIGHT": "ASSAULT"}


def act_scores() -> Score:
    """Score the PLOVER code of the first word for an act in a sentence; precision is over sentences that have one."""
    path = fetched("plover") / "PLOVER_GSR_CAMEO_odd.json"
    rows = [r for r in json.loads(path.read_text(encoding="utf-8")) if r.get("text") and r["event"] != "DOCUMENT"]
    found = [(act_word(r["text"]), _RENAMED.get(r["event"], r["event"])) for r in rows]
    right = sum(act is not None and EVENT_TYPES[act[0]].plover == code for act, code in found)
    return Score(right / sum(act is not None for act, _ in found), right / len(rows), len(rows))


if __name__ == "__main__":
    content, sourced, quoted = attribution_scores()
    print(f"PolNeAR dev, n = {content.n}: P {content.precision:.2f} R {content.recall:.2f} F1 {content.f1:.2f}")
    print(f"  with the source: F1 {sourced.f1:.2f}; contents with a quotation mark found: {quoted:.2f}")
    counted = quantity_scores()
    print(f"re3d quantities, n = {counted.n}: P {counted.precision:.2f} R {counted.recall:.2f} F1 {counted.f1:.2f}")
    acts = act_scores()
    print(f"PLOVER odd ids, n = {acts.n}: right {acts.recall:.2f} of all, {acts.precision:.2f} of those with a word")
