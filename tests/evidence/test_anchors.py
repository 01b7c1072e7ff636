"""Anchors are found word for word, and found again after edits, or reported lost: never silently somewhere else."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from thorough import examples

from standoff.case.claims import Anchor
from standoff.evidence.anchors import (
    Lost,
    Match,
    Selector,
    _codes,
    _inner,
    _row_ends,
    _start,
    bounds,
    find_anchor,
    normal,
    paragraph_of,
    refind,
    select,
    view,
)

SYLLABLES = ("ka", "to", "mi", "re", "su", "no", "la", "vi", "da", "pe", "shi", "ro", "gu", "len", "mar", "os")


def invented_text(rng: random.Random, words: int = 1200) -> str:
    """Text of invented words with the repetitions of news prose: a small vocabulary, names and phrases that recur."""
    vocabulary = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(300)]
    phrases = [" ".join(rng.choices(vocabulary, k=rng.randint(2, 6))) for _ in range(12)]
    out: list[str] = []
    while len(out) < words:
        out += rng.choice(phrases).split() if rng.random() < 0.12 else [rng.choice(vocabulary)]
    lines, at = [], 0
    while at < len(out):
        length = rng.randint(20, 80)
        line = " ".join(out[at : at + length]).capitalize() + "."
        lines.append(line.replace(" k", " “k", 1) + "”" if rng.random() < 0.3 else line)
        at += length
    return "\n\n".join(lines)


def edit(text: str, origin: list[int], rng: random.Random, by_word: bool) -> tuple[str, list[int], int, int]:
    """One random edit; ``origin`` keeps, for each letter, its offset in the first text, or -1 for a new one."""
    at = rng.randrange(len(text))
    size = rng.randint(3, 9) if by_word else 1
    new = "".join(rng.choices("abcdefghij lmnop", k=size))
    kind = rng.choice(("insert", "delete", "replace"))
    cut = 0 if kind == "insert" else size
    put = "" if kind == "delete" else new
    return text[:at] + put + text[at + cut :], origin[:at] + [-1] * len(put) + origin[at + cut :], at, cut


def refind_after_edits(
    seed: int, texts: int, edits: int = 200, *, by_word: bool = False, elsewhere: bool = False
) -> tuple[int, int, int, int, float]:
    """Return how many anchors are right, rough, wrong and reported lost, and the seconds refinding took.

    Right: the span found is the one from the first to the last letter left of the quote, give or take two letters or
    a third of the quote. Rough: it overlaps that span, and is reported as changed. ``elsewhere`` keeps the edits out
    of the quoted words.
    """
    right = rough = wrong = lost = 0
    seconds = 0.0
    for number in range(texts):
        rng = random.Random(seed * 1000 + number)
        text = invented_text(rng)
        anchors = []
        words = [k for k in range(len(text) - 80) if text[k] == " " and "\n" not in text[k : k + 70]]
        for _ in range(20 if elsewhere else 100):
            start = rng.choice(words) + 1
            end = start + len(" ".join(text[start : start + 70].split(" ")[: rng.randint(3, 8)]))
            anchors.append(select(text, start, end))
        quoted = {k for a in anchors for k in range(a.start, a.end)}
        edited, origin = text, list(range(len(text)))
        done = 0
        while done < edits:
            after, kept, at, cut = edit(edited, origin, rng, by_word)
            if elsewhere and quoted & set(origin[max(0, at - 1) : at + cut + 1]):
                continue
            edited, origin, done = after, kept, done + 1
        begun = time.perf_counter()
        places = [refind(edited, anchor) for anchor in anchors]
        seconds += time.perf_counter() - begun
        now = {o: k for k, o in enumerate(origin) if o >= 0}
        for anchor, place in zip(anchors, places, strict=True):
            if isinstance(place, Lost):
                lost += 1
                continue
            left = [now[o] for o in range(anchor.start, anchor.end) if o in now]
            slack = max(2, len(anchor.exact) // 3)
            off = abs(place.start - left[0]) + abs(place.end - left[-1] - 1) if left else slack + 1
            near = bool(left) and place.start <= left[-1] and left[0] < place.end and place.how == "changed"
            right += off <= slack
            rough += off > slack and near
            wrong += off > slack and not near
    return right, rough, wrong, lost, seconds


def test_anchors_are_found_again_after_200_random_edits_of_a_letter() -> None:
    right, rough, wrong, lost, _ = refind_after_edits(seed=11, texts=1)
    assert wrong == rough == 0
    assert right >= 0.99 * 100, f"{lost} of 100 reported lost"


def test_anchors_are_found_again_after_200_edits_of_words_elsewhere() -> None:
    right, rough, wrong, lost, _ = refind_after_edits(seed=12, texts=5, by_word=True, elsewhere=True)
    assert wrong == rough == 0
    assert right >= 0.99 * 100, f"{lost} of 100 reported lost"


def test_quotes_that_were_partly_overwritten_are_found_or_reported_lost() -> None:
    right, rough, wrong, lost, _ = refind_after_edits(seed=11, texts=1, by_word=True)
    assert wrong == 0
    assert right >= 0.85 * 100, f"{lost} of 100 reported lost"
    assert rough <= 0.02 * 100, "a letter in seven was overwritten: a quote may be half gone"


def test_an_unedited_text_needs_only_the_position() -> None:
    text = "again and again\n" * 20
    place = select(text, text.index("and", 120), text.index("and", 120) + 3)
    assert refind(text, place, unedited=True) == Match(place.start, place.end, "exact")
    assert refind(text, place) == Lost("ambiguous")


def test_moved_changed_and_lost() -> None:
    text = invented_text(random.Random(3), 200)
    start = text.index(" ", 400) + 1
    place = select(text, start, text.index(" ", start + 25))
    exact = place.exact
    assert refind(text, place) == Match(place.start, place.end, "exact")
    assert refind("zz " + text, place) == Match(place.start + 3, place.end + 3, "moved")
    assert refind(text.replace(exact, exact[:5] + "q" + exact[6:]), place) == Match(place.start, place.end, "changed")
    assert refind(text.replace(place.prefix + exact, place.prefix), place) == Lost("rewritten")
    assert refind(text[:300], place) == Lost("missing")
    assert refind("", place) == Lost("missing")
    assert refind(text, Selector("", "a", "b", 0, 0)) == Lost("missing")


def test_a_copy_elsewhere_is_not_taken_for_the_place() -> None:
    text = "one two three said the first, but nobody knew.\n" + "filler words stand here " * 9 + "\nthen one two three."
    place = select(text, 0, 13)
    without = text.replace("one two three said the first, but nobody knew.", "")
    assert isinstance(refind(without, place), Lost)


def test_two_places_that_fit_alike_are_ambiguous() -> None:
    line = "the column left the town at dawn and was seen on the road to the north by many people"
    text = f"{line}\nsomething else happened in between, as it does\n{line}"
    place = select(text, 10, 30)
    damaged = text.replace("dawn", "dusk")
    assert refind(damaged, place) == Lost("ambiguous")


def test_typographic_marks_do_not_matter_and_offsets_hold() -> None:
    text = "A “quoted”\u00a0word – here"
    found = find_anchor(text, Anchor(paragraph=1, anchor='"quoted" word - here'))
    assert found == Match(2, len(text), "exact")
    assert len(view(text)) == len(text)


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        (Anchor(paragraph=2, anchor="seven died"), Match(10, 20, "exact")),
        (Anchor(paragraph=1, anchor="seven died"), Lost("missing")),
        (Anchor(paragraph=9, anchor="seven died"), Lost("missing")),
        (Anchor(paragraph=3, anchor="more"), Lost("ambiguous")),
        (Anchor(paragraph=3, anchor="more", prefix="and "), Match(30, 34, "exact")),
        (Anchor(paragraph=3, anchor="more", suffix=" and"), Match(21, 25, "exact")),
    ],
)
def test_anchors_in_their_paragraph(anchor: Anchor, expected: Match | Lost) -> None:
    assert find_anchor("On Monday\nseven died\nmore and more", anchor) == expected


def test_lines_are_paragraphs() -> None:
    text = normal("\ufeffa\r\nbc\rd")
    assert text == "a\nbc\nd"
    assert [bounds(text, k) for k in (1, 2, 3)] == [(0, 1), (2, 4), (5, 6)]
    assert [paragraph_of(text, k) for k in (0, 2, 5)] == [1, 2, 3]
    with pytest.raises(IndexError):
        bounds(text, 4)


@given(st.text(alphabet="ab", max_size=6), st.text(alphabet="ab", max_size=10))
def test_alignment_equals_the_slow_one(pattern: str, text: str) -> None:
    fast = _row_ends(_codes(pattern), _codes(text))
    slow = [min(Levenshtein.distance(pattern, text[k:end]) for k in range(end + 1)) for end in range(len(text) + 1)]
    assert list(fast) == slow


@given(st.text(alphabet="abc", min_size=1, max_size=8), st.text(alphabet="abc", min_size=1, max_size=12))
def test_the_start_of_a_place_gives_its_least_edits(pattern: str, text: str) -> None:
    start = _start(pattern, text)
    least = min(Levenshtein.distance(pattern, text[k:]) for k in range(len(text) + 1))
    assert Levenshtein.distance(pattern, text[start:]) == least


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two three four", "two three"),
        ("one NEW two three NEW four", "two three"),  # what is put in at an edge lies outside
        ("one two NEW three four", "two NEW three"),
        ("one two thr four", "two thr"),
        ("one to three four", "to three"),
        ("two three four", "two three"),
        ("one two three", "two three"),
    ],
)
def test_the_part_that_is_meant_in_what_corresponds_to_a_whole(text: str, words: str) -> None:
    pattern = "one two three four"
    start, end = _inner(pattern, text, 4, 13)
    assert text[start:end].strip() == words


@settings(max_examples=examples(100))
@given(st.text(min_size=1, max_size=200), st.data())
def test_a_place_in_an_unedited_text_is_found_or_ambiguous(text: str, data: st.DataObject) -> None:
    text = normal(text) or "x"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    place = select(text, start, end)
    found = refind(text, place)
    assert found in (Match(start, end, "exact"), Lost("ambiguous"))
    assert refind(text, place, unedited=True) == Match(start, end, "exact")


def test_a_selector_outside_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 0 <= start"):
        select("abc", 2, 9)
