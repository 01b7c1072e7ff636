"""How well `standoff read` proposes, on what others marked, and how fast; each part is left out where data is absent.

Every set is split by a hash of its names: the rules were improved on the part ``looked``; ``held`` was only scored.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

import pytest
from reading_scores import (
    PARTS,
    act_scores,
    attribution_scores,
    polnear,
    quantity_scores,
    realis_scores,
)

from standoff.reading.page import paragraphs, sentences
from standoff.reading.propose import propose


def attribution(part: str | None) -> str:
    found = attribution_scores(part)
    content, sourced = found.score(), found.sourced_score()
    return (
        f"n = {content.n}: P {content.precision:.2f} R {content.recall:.2f} F1 {content.f1:.2f}; with source F1 "
        f"{sourced.f1:.2f}\n    quoted: found {found.quoted_right / found.quoted:.2f} of {found.quoted}; speaker of a "
        f"quotation that goes on right in {found.follow_sourced / found.follow:.2f} of {found.follow}"
    )


def realis(part: str | None) -> str:
    found = realis_scores(part)
    return (
        f"told as facts {found.told}, not done {found.wrong} ({found.wrong / found.told:.0%}), of {found.unreal} that "
        f"were not; of {found.actual} acts done {found.kept / found.actual:.2f} stay facts"
    )


def quantity(part: str | None) -> str:
    found = quantity_scores(part)
    return f"n = {found.n}: P {found.precision:.2f} R {found.recall:.2f} F1 {found.f1:.2f}"


def act(part: str | None) -> str:
    found = act_scores(part)
    return f"n = {found.n}: right {found.recall:.2f} of all, {found.precision:.2f} of those with a word"


def speed() -> str:
    texts = [text for _, text, _ in polnear()]
    count = sum(len(sentences(text, paragraph)) for text in texts for paragraph in paragraphs(text))
    start = time.process_time()
    first = [propose(text) for text in texts]
    used = time.process_time() - start
    same = first == [propose(text) for text in texts]
    return f"{count} sentences, {count / used:.0f} a second of processor; the same when read again: {same}"


def main() -> None:
    measures: list[tuple[str, Callable[[str | None], str]]] = [
        ("PolNeAR dev, attributions (Dice of letters >= 0.5, one to one)", attribution),
        ("acts labelled here, re3d and articles", realis),
        ("re3d, numbers that overlap a marked quantity or money", quantity),
        ("PLOVER odd ids, code of the act", act),
    ]
    for name, measure in measures:
        print(name)
        for part in (*PARTS, None):
            try:
                print(f"  {part or 'all':6} {measure(part)}")
            except pytest.skip.Exception as absent:
                print(f"  left out: {absent}")
                break
    try:
        print(f"speed\n  {speed()}")
    except pytest.skip.Exception as absent:
        print(f"speed\n  left out: {absent}")


if __name__ == "__main__":
    main()
