"""When an act or a number is said to be: dates printed near it, and what they mean on the day of publication.

"3 February", "Monday" and "yesterday" need that day. A date counts for an act only where no other act, clause or
sentence stands between them; where that is not sure, none is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from standoff.oneline import OneLine
from standoff.reading.page import Passage
from standoff.values import is_year

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("January Jan", "February Feb", "March Mar", "April Apr", "May", "June Jun", "July Jul", "August Aug",
         "September Sept Sep", "October Oct", "November Nov", "December Dec"),
        1,
    )
    for name in names.split()
}  # fmt: skip
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_FIRST_MONTH = _MONTH.replace("<month>", "<earlier>")
_YEAR = r"(?:,?\s(?:of\s)?(?:(?P<year>(?:19|20)\d\d)(?![\d%]|[,.]\d)|(?P<shift>last|this|next)\syear\b))?"
_TH = r"(?:st|nd|rd|th)?"
_DAY = rf"(?P<day>[0-3]?\d){_TH}"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)(?![\d-])",
        rf"\b(?:[Ii]n|[Dd]uring|[Bb]etween|[Ff]rom)\s{_FIRST_MONTH}\s(?:and|to|-|–|through)\s{_MONTH}{_YEAR}(?!\s\d)",
        rf"(?<![\d.,]){_DAY}(?:\s?(?:to|and|-|–)\s?(?P<last>[0-3]?\d){_TH})?\s(?:of\s)?{_MONTH}{_YEAR}",
        rf"\b{_MONTH}\s{_DAY}(?:\s?(?:to|and|-|–)\s?(?P<last>[0-3]?\d){_TH})?(?!\d|[,.]\d|\s?%){_YEAR}",
        rf"\b(?P<part>(?:the\s)?(?:end|beginning|start|middle) of\s|(?:[Ee]arly|[Ll]ate|[Mm]id)[\s-]|"
        rf"(?:[Ii]n|[Ss]ince|[Dd]uring|[Bb]y|[Ll]ast|[Tt]his|[Nn]ext)\s){_MONTH}{_YEAR}(?!\s\d)",
        rf"(?<!day and )\b(?:(?P<which>[Ll]ast|[Nn]ext)\s)?(?P<weekday>{'|'.join(_WEEK)})\b"
        r"(?!\s(?:and|or|to)\s\w+day\b)",
        r"\b(?P<near>[Yy]esterday|[Tt]omorrow)\b",
        r"\b(?:[Ii]n|[Ss]ince|[Dd]uring)\s(?P<year>(?:19|20)\d\d)(?![\d%]|[,.]\d)",
    )
)
_SINCE, _BY = re.compile(r"\bsince\b", re.IGNORECASE), re.compile(r"\b(?:by|before|no later than)\b", re.IGNORECASE)
_AS_OF = re.compile(r"\bas of\b", re.IGNORECASE)
_ELSEWHEN = re.compile(r"\b(?:until|till|after|every|from)\s(?:the\s)?(?:\w+\s)?$", re.IGNORECASE)
_LEAD = 22  # code points before a date that say how it is meant
_BREAK = re.compile(
    r"[;:!?]|\.\s|\s[-–—]+\s|\b(?:after|before|while|when|as(?! of\b)|who|whom|whose|which|that|because|but|if|unless|"
    r"although|though|"
    r"following|despite|until|where|amid|in response to|including|reports?|reported|documented|recorded|found|said|"
    r"announced|agreed|signed|brokered|reached|declared|to (?:join|help|support|assist|discuss|mark|avoid|prevent))\b",
    re.IGNORECASE,
)
_SINCE_THEN = re.compile(r"\bsince\b[^,;.!?]*$", re.IGNORECASE)  # since the beginning of the offensive in December
_AFTER_THEN = re.compile(r"\b(?:after|following|before)\b[^,;.!?]*$", re.IGNORECASE)  # after the test in January, ...
_TO_DO = re.compile(r"\bto\s(?:[\w-]+\s){0,2}$", re.IGNORECASE)  # planned on Monday to shell
_LONGEST_VIEW = 183  # days; a day without a year lies ahead only if it comes sooner
_JOINED_TO = 40  # code points that an ``and`` between an act and a date counts for
_FAR = 90  # code points between a date and what it dates
_FLOWS = ("people-displaced", "displacement-movements", "movements-partial", "people-returned", "border-crossings",
          "deaths-civilian", "deaths-military", "deaths", "deaths-children", "wounded", "wounded-civilian",
          "wounded-military",          "wounded-children", "injuries", "violations", "attacks")  # fmt: skip
_UNDATED = ("duration", "distance")
_WORDS = ("offer", "accusation", "denial", "refusal", "demand", "request", "threat")  # a later date is of their matter
AHEAD = ("threatened", "promised", "demanded", "requested", "offered", "predicted", "conditional")


@dataclass(frozen=True, slots=True, repr=False)
class PrintedDate(OneLine):
    """A date as printed at ``span`` of some words; ``how`` is ``on``, ``since``, ``by`` or ``as of``."""

    span: Passage
    how: str
    parts: dict[str, str]

    def means(self, published: date | None, ahead: bool) -> tuple[date, date, str] | None:
        """Return its first and last day, and how EDTF writes it; None where that cannot be told.

        Without a year it is the last such day up to the publication, or the next one of what lies ``ahead``.
        """
        part = self.parts
        if "weekday" in part or "near" in part:
            if published is None:
                return None
            try:
                on = published + timedelta(days=_offset(part, published, ahead))
            except OverflowError:  # beyond the calendar
                return None
            return (on, on, on.isoformat()) if is_year(on.year) else None
        number = int(part["number"]) if "number" in part else _MONTHS.get(part.get("month", ""), 0)
        if not number:
            year = int(part["year"])
            if not is_year(year):
                return None
            return date(year, 1, 1), date(year, 12, 31), str(year)
        spans = [days for y in _years(part, published) if (days := _days(part, y, number)) is not None]
        if "year" not in part and "shift" not in part and published is not None:
            past = [days for days in spans if days[0] <= published][-1:]
            future = [d for d in spans if d[1] >= published and (d[0] - published).days <= _LONGEST_VIEW][:1]
            spans = future or past if ahead else past
        if not spans:
            return None
        first, last = spans[0]
        if "earlier" in part:
            opening = _days({}, first.year, _MONTHS[part["earlier"]])
            if opening is None or opening[0] > first:
                return None
            return opening[0], last, f"{opening[0].isoformat()[:7]}/{first.isoformat()[:7]}"
        if "day" in part:
            return first, last, first.isoformat() if first == last else f"{first}/{last}"
        vague = re.match(r"(?:the\s)?(?:end|beginning|start|middle|early|late|mid)\b", part["part"], re.IGNORECASE)
        return first, last, first.isoformat()[:7] + ("~" if vague else "")


def _offset(part: dict[str, str], published: date, ahead: bool) -> int:
    """Return the days from the publication to a weekday, to yesterday or to tomorrow."""
    if "near" in part:
        return 1 if part["near"].lower() == "tomorrow" else -1
    which = part.get("which", "").lower()
    ago = (published.weekday() - _WEEK.index(part["weekday"])) % 7
    if which == "next" or (ahead and which != "last"):
        return 0 if not ago and not which else 7 - ago  # the day's own name is that day, the next one is next Monday
    return -(ago or 7) if which == "last" else -ago


def _years(part: dict[str, str], published: date | None) -> list[int]:
    """Return the years that a date may be of."""
    if "year" in part:
        return [int(part["year"])]
    shifts = {"last": (-1,), "this": (0,), "next": (1,)}.get(part.get("shift", ""), (-1, 0, 1))
    return [published.year + n for n in shifts] if published else []


def _days(part: dict[str, str], year: int, month: int) -> tuple[date, date] | None:
    """Return the first and last day of a date in a year, or None if the calendar has no such day."""
    if not is_year(year):
        return None
    try:
        if "day" in part:
            first = date(year, month, int(part["day"]))
            last = date(year, month, int(part["last"])) if "last" in part else first
            return (first, last) if first <= last else None
        first = date(year, month, 1)
    except ValueError:
        return None
    return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def printed(words: str) -> list[PrintedDate]:
    """Return the dates that words print, in order; the fullest form is taken where two start at one place."""
    dates: list[PrintedDate] = []
    for form in _FORMS:
        for m in form.finditer(words):
            if any(m.start() < p.span.end and p.span.start < m.end() for p in dates):
                continue
            lead = words[max(0, m.start() - _LEAD) : m.start()].rpartition(",")[2]
            parts = {k: v for k, v in m.groupdict().items() if v}
            if _ELSEWHEN.search(lead) and not (lead.endswith("from ") and "last" in parts):
                continue
            lead = " ".join((*lead.split()[-3:], *parts.get("part", "").split()[:1]))
            since = _SINCE.search(lead) or m.group().lower().startswith("since")
            how = "since" if since else "by" if _BY.search(lead) else "as of" if _AS_OF.search(lead) else "on"
            dates.append(PrintedDate(Passage(*m.span()), how, parts))
    return sorted(dates, key=lambda p: p.span.start)


def _near(words: str, at: Passage, others: Iterable[Passage]) -> Iterator[tuple[int, PrintedDate]]:
    """Yield the dates that may be meant for what stands at ``at``, with the distance to each."""
    others = [o for o in others if o.end <= at.start or o.start >= at.end]
    for one in printed(words):
        gap = Passage(one.span.end, at.start) if one.span.end <= at.start else Passage(at.end, one.span.start)
        apart = any(gap.start <= o.start and o.end <= gap.end for o in others) or _outside(_AFTER_THEN, words, at, one)
        apart = apart or (one.span.end <= at.start and _TO_DO.search(gap.of(words)) is not None)
        if 0 <= gap.end - gap.start <= _FAR and not apart and not _BREAK.search(gap.of(words)):
            yield gap.end - gap.start + (_JOINED_TO if " and " in gap.of(words) else 0), one


def _outside(opening: re.Pattern[str], words: str, at: Passage, one: PrintedDate) -> bool:
    """Whether a date stands in a phrase that some words open, and what is at ``at`` does not."""
    match = opening.search(words[: one.span.start])
    return match is not None and not match.start() < at.start < one.span.start


def dating(
    says: dict[str, object],
    words: str,
    at: Passage,
    others: Iterable[Passage],
    published: date | None,
    realis: str,
    on_day: date | None = None,
) -> dict[str, str]:
    """Return the date of a payload as its key and EDTF text, or nothing.

    ``at`` is where its act or number stands in ``words``, and ``others`` are the other acts there. An event has a
    ``date``; people who moved or died are counted over a ``window``, and what is there ``as_of`` a day. A window
    that is open ends on the day it was ``on_day``, else when it was published.
    """
    measure = str(says.get("measure", ""))
    if not ("event" in says or "quantity" in says) or measure in _UNDATED:
        return {}
    for _, one in sorted(_near(words, at, others), key=lambda pair: pair[0]):
        if says.get("event") in _WORDS and one.span.start > at.start:
            continue
        days = one.means(published, realis in AHEAD or (one.how == "by" and realis != "asserted"))
        if days is None:
            continue
        first, last, text = days
        if realis in AHEAD and published is not None and last < published:
            continue  # what is yet to come has no day behind it
        flow = "event" in says or measure in _FLOWS
        since = one.how == "since" or _outside(_SINCE_THEN, words, at, one)
        if since:
            until = on_day or published
            end = until.isoformat() if until and until >= first and "quantity" in says else ".."
            text = f"{first}/{end}"
        elif one.how == "by" and flow:
            text = f"../{last}"
        elif one.how == "as of" and flow and "quantity" in says:
            text = f"../{text}"
        if since and not flow:
            return {}
        return {"date" if "event" in says else "window" if flow else "as_of": text}
    return {}
