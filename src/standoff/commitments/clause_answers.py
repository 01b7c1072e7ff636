"""Questions of clauses, and what their answers may be: days, spans, parties, places, types of event."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from standoff.case.model import Case
from standoff.case.vocabulary import EVENT_TYPES
from standoff.errors import StandoffError, nearest
from standoff.oneline import OneLine
from standoff.values import Duration, When

YES, NO = ("yes", "true", "y"), ("no", "false", "n")
OPEN_ENDED = "none"  # a deadline that the text does not have, and that nobody assumes
APART, TOGETHER, ONE = "each", "together", "one"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Blank(OneLine):
    """One question: its key, its words, what answers it takes (a kind of ``READERS``), and what stands without one.

    ``default`` is None where an answer is needed, and empty where the question may be passed over.
    """

    key: str
    text: str
    kind: str = "text"
    default: str | None = None
    choices: tuple[str, ...] = ()
    only_if: str = ""  # key of a question that must have been answered, and not with no


def parse_answer(case: Case, question: Blank, answer: Any) -> Any:
    """Return an answer in the form in which templates use it. Raises StandoffError that says what was expected."""
    text = ", ".join(map(str, answer)) if isinstance(answer, list | tuple) else str(answer).strip()
    if not text:
        if question.default is None:
            raise StandoffError.of("this has no answer", file=question.key, expected=question.text)
        text = question.default
        if not text:
            return [] if question.kind in ("parties", "types") else {} if question.kind == "where" else ""
    return _READERS[question.kind](case, question, text)


def _wrong(question: Blank, text: str, expected: str, names: Iterable[str] = ()) -> StandoffError:
    return StandoffError.of(
        f"{text!r} does not fit", file=question.key, expected=expected, hint=nearest(text, list(names))
    )


def _yes(case: Case, question: Blank, text: str) -> bool:
    if text.lower() not in (*YES, *NO):
        raise _wrong(question, text, "yes or no")
    return text.lower() in YES


def _names(case: Case, question: Blank, text: str) -> list[str]:
    names = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    for name in names:
        if name not in case.actors:
            expected = (
                f"actors of the case: {', '.join(case.actors)}" if len(case.actors) < 20 else "actors of the case"
            )
            raise _wrong(question, name, expected, case.actors)
    return names


def _party(case: Case, question: Blank, text: str) -> str:
    names = _names(case, question, text)
    if len(names) != 1:
        raise _wrong(question, text, "one actor of the case")
    return names[0]


def _day(case: Case, question: Blank, text: str) -> date:
    try:
        when = When.parse(text)
    except ValueError as error:
        raise _wrong(question, text, str(error).removeprefix("expected ")) from None
    if not when.is_day or when.start is None:
        raise _wrong(question, text, "one day, such as 2020-02-14")
    return when.start


def _span(case: Case, question: Blank, text: str) -> str:
    try:
        Duration.parse(text)
    except ValueError as error:
        raise _wrong(question, text, str(error).removeprefix("expected ")) from None
    return text


def _deadline(case: Case, question: Blank, text: str) -> date | str:
    if text.lower() == OPEN_ENDED:
        return OPEN_ENDED
    try:
        Duration.parse(text)
    except ValueError:
        try:
            return _day(case, question, text)
        except StandoffError:
            raise _wrong(question, text, "a day such as 2020-02-14, a span such as 30d or 6m, or none") from None
    return text


def _whole(case: Case, question: Blank, text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 10_000_000:
        raise _wrong(question, text, "a whole number above 0")
    return int(text)


def _where(case: Case, question: Blank, text: str) -> dict[str, Any]:
    names = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    areas = {zone.id for zone in case.zones} | {p.sector for p in case.places.values() if p.sector}
    if len(names) == 1 and names[0] in areas:
        return {"within": names[0]}
    for name in names:
        if name not in case.places:
            raise _wrong(question, name, "places of the case, or one zone or sector", [*case.places, *areas])
    return {"at": names}


def _types(case: Case, question: Blank, text: str) -> list[str]:
    known = [*EVENT_TYPES, *case.types]
    names = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    for name in names:
        if name not in known:
            raise _wrong(question, name, "types of the word list, or of types.yaml", known)
    return names


def _choice(case: Case, question: Blank, text: str) -> str:
    if text not in question.choices:
        raise _wrong(question, text, " or ".join(question.choices), question.choices)
    return text


def _hour(case: Case, question: Blank, text: str) -> str:
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", text):
        raise _wrong(question, text, "an hour such as 06:00")
    return text.zfill(5)


def _joint(case: Case, question: Blank, text: str) -> str:
    word = text.lower()
    return _choice(case, question, APART if word in YES else ONE if word in NO else word)


_READERS: dict[str, Callable[[Case, Blank, str], Any]] = {
    "text": lambda case, question, text: " ".join(text.split()),
    "yes": _yes,
    "parties": _names,
    "party": _party,
    "date": _day,
    "span": _span,
    "deadline": _deadline,
    "number": _whole,
    "where": _where,
    "types": _types,
    "choice": _choice,
    "joint": _joint,
    "hour": _hour,
}
