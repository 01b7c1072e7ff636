"""What the cells of a column mean: days and numbers, read by the evidence of the whole column and never by guess.

05/03/2020 is 5 March or May 3; 1.200 is twelve hundred or one and a fifth. One cell that can only be read one way
decides for its column, provided that none contradicts it; where no cell decides, the error asks.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from standoff.errors import Problem, StandoffError
from standoff.files.sheet_layout import TypedNumber
from standoff.files.table_reader import Table
from standoff.oneline import OneLine
from standoff.values import YEARS, When, is_year

FORMULA_ERRORS = frozenset(  # as spreadsheets write them, in the languages of their users
    {"#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!", "#n/a", "#spill!", "#calc!", "#getting_data",
     "#error!", "#valeur!", "#nom?", "#nombre!", "#nul!", "#n/d", "#¡valor!", "#¡ref!", "#¡div/0!", "#¿nombre?",
     "#¡num!", "#¡nulo!", "#wert!", "#bezug!", "#zahl!", "#nv", "#valor!", "#nome?", "#núm!", "#знач!", "#ссылка!",
     "#дел/0!", "#имя?", "#число!", "#пусто!", "#н/д", "#değer!", "#başv!", "#sayı/0!", "#ad?", "#sayı!", "#yok"}
    | {f"err:{number}" for number in range(501, 540)}
)  # fmt: skip
BLANKS = FORMULA_ERRORS | frozenset(
    {"", "-", "--", "–", "—", ".", "..", "...", "?", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "nd", "n.a.",
     "not available", "not applicable", "unkn", "unknown", "missing", "<na>", "…",
     "n/d", "n.d.", "s/d", "s.d.", "no data", "no info", "no information", "not assessed", "not reported",
     "not recorded", "not covered", "pas de données", "non disponible", "non évalué", "non renseigné", "sin datos",
     "sin dato", "no disponible", "sem dados", "keine angabe", "k.a.", "нет данных", "н/д", "немає даних",
     "لا توجد بيانات", "غير متوفر", "غير معروف", "veri yok"}
)  # fmt: skip
_BLANKS = frozenset(form(word) for word in BLANKS for form in (str, str.upper, str.title, str.capitalize)) | {
    "NaN",
    "NaT",
    "<NaN>",
}
ORDERS = ("dmy", "mdy")
MARKS = ("point", "comma")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯", "0123456789" * 4)
_MONTHS = """
january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct
november nov|december dec
janvier janv|février fevrier févr fevr fév fev|mars|avril avr|mai|juin|juillet juil|août aout|septembre|octobre|novembre
décembre decembre déc
enero ene|febrero|marzo|abril abr|mayo|junio|julio|agosto ago|septiembre setiembre set|octubre|noviembre|diciembre dic
janeiro|fevereiro|março marco|abril|maio|junho|julho|agosto|setembro|outubro out|novembro|dezembro dez
января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря
січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня
يناير كانون.الثاني|فبراير شباط|مارس آذار اذار|أبريل ابريل إبريل نيسان|مايو أيار ايار|يونيو حزيران|يوليو تموز
أغسطس اغسطس آب اب|سبتمبر أيلول ايلول|أكتوبر اكتوبر تشرين.الأول تشرين.الاول|نوفمبر تشرين.الثاني
ديسمبر كانون.الأول كانون.الاول
januar|februar feber|märz maerz mär|april|mai|juni|juli|august|september|oktober okt|november|dezember dez
gennaio gen|febbraio|marzo|aprile|maggio mag|giugno giu|luglio lug|agosto|settembre|ottobre ott|novembre|dicembre
januari|februari|maart maret mrt|april|mei|juni|juli|augustus agustus|september|oktober|november|december desember des
ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık
"""
MONTHS = {
    name.replace(".", " "): number % 12 + 1
    for number, names in enumerate("|".join(_MONTHS.split("\n")).strip("|").split("|"))
    for name in names.split()
}
_TIME = (
    r"(?:[T\s,]+(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*(?:([AaPp])\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_NUMERIC = re.compile(rf"(\d{{1,2}})(\s?[-/.]\s?| )(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}")
_NAMED = re.compile(
    rf"(?:\w+,\s*)?(\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[\s/-]*(?:de\s+|of\s+)?([^\W\d_][^\d,/-]*?)\.?[\s,/-]*(?:de\s+)?(\d{{4}}|\d{{2}}){_TIME}"
)
_MONTH_FIRST = re.compile(rf"(?:[^\W\d_]+,\s*)?([^\W\d_]+)\.?[\s-]+(\d{{1,2}})(?:st|nd|rd|th)?,?[\s-]+(\d{{4}}){_TIME}")
_MONTH_ONLY = re.compile(r"([^\W\d_][^\d,/-]*?)\.?[\s,/-]*(\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_ARTICLE = re.compile(r"(?i:le|el)\s+(?=\d)")  # le 5 mars 2020
_WEEKDAY = re.compile(  # lundi 26 février 2024
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|"
    r"mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|(?:segunda|ter[çc]a|quarta|quinta|sexta)-feira|montag|dienstag|"
    r"mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|(?:lune|marte|mercole|giove|vener)d[ìi]|sabato|domenica|"
    r"maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|понедельник|вторник|среда|четверг|пятница|суббота|"
    r"воскресенье|понеділок|вівторок|середа|четвер|п[’'ʼ]ятниця|субота|неділя|(?:ال|يوم ال)(?:[اإ]ثنين|ثلاثاء|"
    r"[أا]ربعاء|خميس|جمعة|سبت|[أا]حد)|pazartesi|salı|çarşamba|perşembe|cuma|cumartesi|pazar)[,،]?\s+(?=\D*\d)",
    re.IGNORECASE,
)
_YEAR_WORD = re.compile(r"(?<=\d)\s*(?:года?|г\.?|року|р\.?)$")  # 5 марта 2020 г.
_WEEK_WORD = (
    r"(?:w|wk|weeks?|semaine|semana|settimana|kw|kalenderwoche|woche|hafta|неделя|тиждень|الأسبوع|أسبوع|اسبوع|s)"
)
_WEEKS = (
    re.compile(
        rf"({_WEEK_WORD})[\s.:/_-]*(?:n[o°º]\.?\s*)?(\d{{1,2}})(?:[\s,/_-]+(?:of\s+)?|,)(\d{{4}})", re.IGNORECASE
    ),
    re.compile(rf"(\d{{4}})[\s,/_-]*({_WEEK_WORD})[\s.:_-]*(\d{{1,2}})", re.IGNORECASE),
)
_QUARTERS = (
    re.compile(r"(?:q|quarter|trimestre|квартал)\s*([1-4])[\s,/_'’-]*(\d{4})", re.IGNORECASE),
    re.compile(r"(\d{4})[\s,/_-]*(?:q|quarter|trimestre|квартал)\s*([1-4])", re.IGNORECASE),
)
_SHORT_MONTH = re.compile(r"([^\W\d_]{3,})\.?[\s'’/-]+(\d{2})")  # Jan-23: of a year, or the 23rd
_SPAN = re.compile(
    r"(\S.{3,28}\S)(?:\s+[-\u2010-\u2015]\s+|\s*[\u2013\u2014]\s*|\s+(?:to|until|au|bis|al|до|по)\s+)(\S.{3,28}\S)"
)
_DAYS_OF_MONTH = re.compile(r"(\d{1,2})\s*(?:[-\u2010-\u2015]|to|au|bis|al)\s*(\d{1,2}[\s./-]*[^\W\d_].*)")
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet
EXPECTED_DAY = "a day such as 2020-03-05 or 05 March 2020"


class Moment(NamedTuple):
    """A cell of dates: the days it means, and the hour where it gives one."""

    when: When
    hour: str = ""

    @property
    def day(self) -> date:
        """The first day it may mean."""
        assert self.when.start is not None  # noqa: S101 - no cell is open
        return self.when.start


def is_blank(cell: str) -> bool:
    """Whether a cell says that there is nothing in it."""
    return cell in _BLANKS


def is_formula_error(cell: str) -> bool:
    """Whether a cell holds what a program for sheets writes where a formula went wrong, such as #REF!."""
    return cell[:1] in ("#", "E", "e") and cell.casefold() in FORMULA_ERRORS


def formula_errors(table: Table, columns: Iterable[int]) -> list[str]:
    """Say how many cells of each column of a table hold the error of a formula, and where the first of them stand."""
    at, found = list(columns), dict[int, list[str]]()
    for line, cells in table:
        for k in at:
            if k < len(cells) and is_formula_error(cells[k]):
                where = f"on line {line}" if table.delimiter else f"in {_letters(k)}{line}"
                found.setdefault(k, []).append(f"{cells[k]} {where}")
    notes = []
    for k, some in found.items():
        what = "1 cell of {} is the error" if len(some) == 1 else f"{len(some):,} cells of {{}} are errors"
        more = ", ..." if len(some) > _MOST_ERRORS else ""
        listed = ", ".join(some[:_MOST_ERRORS])
        notes.append(
            f"{what.format(table.header[k] or 'a column')} of a formula in the sheet and read as empty: {listed}{more}"
        )
    return notes


_MOST_ERRORS = 5


def _letters(column: int) -> str:
    """Return the letters that a sheet has for a column: A for 0, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def plain_digits(cell: str) -> str:
    """Return a text with European digits in the place of Arabic, Persian, Hindi or Bengali ones."""
    return cell if cell.isascii() else cell.translate(_DIGITS)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 69 else 1900)


def _moment(year: int, month: int, day: int, clock: tuple[str | None, ...]) -> Moment:
    if not is_year(year):
        raise ValueError(f"expected {YEARS}")
    try:
        when = date(year, month, day)
    except ValueError:
        raise ValueError("expected a day that exists in the calendar") from None
    hour, minute, half = clock[0], clock[1], clock[2]
    if hour is None:
        return Moment(When.parse(when))
    hours = int(hour) % 12 + (12 if half in "Pp" else 0) if half else int(hour)
    if hours > 24 or int(minute or 0) > 59:
        raise ValueError("expected a time of day")
    told = "" if hours in (0, 24) and minute == "00" else f"{hours:02d}:{minute}{_zone(clock[3])}"
    return Moment(When.parse(when), told)


def _zone(text: str | None) -> str:
    """Return the zone of an hour as a case writes it: Z, or hours and minutes from it."""
    if not text:
        return ""
    return "Z" if text in ("Z", "UTC", "GMT") else f"{text[:3]}:{text[-2:]}"


def month_number(name: str) -> int | None:
    """Return the number of a month by its name in one of the languages that are known, or None."""
    return MONTHS.get(" ".join(name.casefold().replace(".", " ").split()))


@dataclass(repr=False)
class Days(OneLine):
    """The cells of a column of dates, once it is settled in which order day and month stand.

    ``notes`` are what had to be supposed, in sentences.
    """

    column: str
    order: str = ""
    notes: list[str] = field(default_factory=list)
    weeks: bool = False  # whether S1 is the first week, and not half a year
    short_years: bool = False  # whether Jan-23 is a month of 2023
    numbered: bool = False  # whether 45044 is a day number of a spreadsheet
    _cache: dict[str, Moment | ValueError] = field(default_factory=dict, repr=False)

    def moment(self, cell: str) -> Moment:
        """Return what a cell means. Raises ValueError that says what was expected."""
        found = None if type(cell) is TypedNumber else self._cache.get(cell)
        if found is None:
            try:
                found = self._read(cell)
            except ValueError as error:
                why = str(error) if str(error).startswith("expected") else f"expected {EXPECTED_DAY}"
                shown = cell if len(cell) <= 60 else f"{cell[:60]}..."
                found = ValueError(f"the date in {self.column} is {shown!r}; {why}")
            if len(self._cache) < 100_000 and type(cell) is str:
                self._cache[cell] = found
        if isinstance(found, ValueError):
            raise found
        return found

    def day(self, cell: str) -> date:
        """Return the one day that a cell means. Raises ValueError where it is none."""
        moment = self.moment(cell)
        if not moment.when.is_day:
            raise ValueError(f"the date in {self.column} is {cell!r}; expected {EXPECTED_DAY}")
        return moment.day

    def _read(self, cell: str) -> Moment:
        if isinstance(cell, TypedNumber):
            return _serial(cell)
        text = plain_digits(cell.strip())
        text = _YEAR_WORD.sub("", _ARTICLE.sub("", _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text))
        if match := _EAST_ASIAN.fullmatch(text):
            return _moment(int(match[1]), int(match[2]), int(match[3]), (None, None, None))
        if len(text) > 60:
            raise ValueError("")
        if match := _ISO.fullmatch(text):
            return _moment(int(match[1]), int(match[3]), int(match[4]), match.groups()[4:])
        if match := _NUMERIC.fullmatch(text):
            first, second = int(match[1]), int(match[3])
            day, month = (first, second) if (self.order or "dmy") == "dmy" else (second, first)
            if not self.order and first != second:
                raise ValueError("expected day and month in an order that is known: say --dates dmy or mdy")
            if month > 12 and self.order:
                raise ValueError(f"expected {'day, month' if self.order == 'dmy' else 'month, day'} and year")
            return _moment(_year(match[4]), month, day, match.groups()[4:])
        for pattern, day_at, month_at in ((_NAMED, 1, 2), (_MONTH_FIRST, 2, 1)):
            if (match := pattern.fullmatch(text)) and (named := month_number(match[month_at])):
                return _moment(_year(match[3]), named, int(match[day_at]), match.groups()[3:])
        if match := _COMPACT.fullmatch(text):
            return _moment(int(match[1]), int(match[2]), int(match[3]), (None, None, None))
        if (match := _MONTH_ONLY.fullmatch(text)) and (named := month_number(match[1])):
            return _months(int(match[2]), named)
        if match := re.fullmatch(r"(\d{4})[-/](\d{1,2})", text):
            return _months(int(match[1]), int(match[2]))
        if (
            moment := self._week(text) or self._quarter(text) or self._short_month(text) or self._span(text)
        ) is not None:
            return moment
        if re.fullmatch(r"\d{5}(\.\d+)?", text):
            if self.numbered:
                return _serial(text)
            day_ = _EPOCH + timedelta(days=int(text[:5]))
            raise ValueError(f"expected {EXPECTED_DAY}; a spreadsheet's day number would be {day_}: save it as a date")
        if re.fullmatch(r"\d{1,2}", text) or month_number(text):
            raise ValueError("expected a day, or a month with its year such as 2020-03")
        if re.match(r"\d{4}-\d{2}-\d{2}[T\s].*\S", text):
            raise ValueError("expected a date without a time or a time zone, such as 2020-03-06: the ledger is by day")
        raise ValueError("")

    def _week(self, text: str) -> Moment | None:
        read = _week_of(text)
        if read is None:
            return None
        word, year, week = read
        if word == "s" and week < 3 and not self.weeks:
            raise ValueError(f"expected a week such as {year}-W{week:02d}: S{week} may be half a year")
        if not is_year(year):
            raise ValueError(f"expected {YEARS}")
        try:
            first = date.fromisocalendar(year, week, 1)
        except ValueError:
            raise ValueError("expected a week that the year has") from None
        return _span_of(first, first + timedelta(days=6))

    def _quarter(self, text: str) -> Moment | None:
        for pattern, quarter_at, year_at in ((_QUARTERS[0], 1, 2), (_QUARTERS[1], 2, 1)):
            if match := pattern.fullmatch(text):
                last = 3 * int(match[quarter_at])
                first, end = _months(int(match[year_at]), last - 2), _months(int(match[year_at]), last)
                return _span_of(first.when.start, end.when.end)
        return None

    def _short_month(self, text: str) -> Moment | None:
        match = _SHORT_MONTH.fullmatch(text)
        if match is None or not (named := month_number(match[1])):
            return None
        if not self.short_years:
            raise ValueError(f"expected a year of four digits: {text} may be a month of a year, or a day of a month")
        return _months(_year(match[2]), named)

    def _span(self, text: str) -> Moment | None:
        """Return the days of a text such as 1 - 7 March 2023, or None where it has no two ends."""
        if match := _DAYS_OF_MONTH.fullmatch(text):
            last = self._read(match[2])
            if last.when.is_day and 1 <= int(match[1]) <= last.day.day:
                return _span_of(last.day.replace(day=int(match[1])), last.day)
        if (match := _SPAN.fullmatch(text)) is None:
            return None
        first, last = (self._read(part) for part in match.groups())
        if first.when.start is None or last.when.end is None or last.when.end < first.when.start:
            raise ValueError("expected a span of days that ends on or after its start")
        return _span_of(first.when.start, last.when.end)


def _week_of(text: str) -> tuple[str, int, int] | None:
    """Return the word, the year and the number of a week, or None."""
    if match := _WEEKS[0].fullmatch(text):
        return match[1].casefold(), int(match[3]), int(match[2])
    if match := _WEEKS[1].fullmatch(text):
        return match[2].casefold(), int(match[1]), int(match[3])
    return None


def _span_of(first: date | None, last: date | None) -> Moment:
    assert first is not None and last is not None  # noqa: S101 - both ends are known days
    return Moment(When(first, last, False, f"{first}/{last}"))


def _months(year: int, month: int) -> Moment:
    if not is_year(year):
        raise ValueError(f"expected {YEARS}")
    if not 1 <= month <= 12:
        raise ValueError("expected a month that exists in the calendar")
    return Moment(When.parse(f"{year:04d}-{month:02d}"))


def _serial(cell: str) -> Moment:
    number = float(cell)
    if re.fullmatch(r"(19|20)\d{6}", cell):
        return _moment(int(cell[:4]), int(cell[4:6]), int(cell[6:]), (None, None, None))
    if not 20_000 <= number < 80_000:  # 1954 to 2119
        raise ValueError("")
    day = _EPOCH + timedelta(days=int(number))
    minutes = round((number - int(number)) * 1440)
    return Moment(When.parse(day), f"{minutes // 60:02d}:{minutes % 60:02d}" if 0 < minutes < 1440 else "")


def days_of(
    cells: Mapping[str, int], column: str, file: str, order: str | None = None, *, numbered: bool = False
) -> Days:
    """Settle in which order day and month stand in a column, from all its cells with the line of each.

    ``numbered`` allows day numbers of a spreadsheet in a text, where every cell is one.

    Raises StandoffError, with example lines, where no cell decides and it matters, or where two cells contradict.
    """
    days = Days(column)
    dmy = mdy = open_ = None  # the first cell that can only be the one, only the other, or both
    serials = short = False
    months: dict[tuple[int, int], tuple[str, int]] = {}  # Jan-23, with the first cell and its line
    for cell, line in _ends(cells):
        if isinstance(cell, TypedNumber):
            serials = serials or not re.fullmatch(r"(19|20)\d{6}", cell)
            continue
        if not cell[:1].isdigit():
            if (match := _SHORT_MONTH.fullmatch(cell)) and (named := month_number(match[1])):
                months.setdefault((int(match[2]), named), (cell, line))
            continue
        if not (match := _NUMERIC.fullmatch(plain_digits(cell))):
            continue
        first, second = int(match[1]), int(match[3])
        short = short or len(match[4]) == 2
        if first > 12 >= second and dmy is None:
            dmy = cell, line
        elif second > 12 >= first and mdy is None:
            mdy = cell, line
        elif first != second and max(first, second) <= 12 and open_ is None:
            open_ = cell, line
    if order:
        if order not in ORDERS:
            raise StandoffError.of(f"the order {order!r} is unknown", file="--dates", expected="dmy or mdy")
        days.order = order
        days.notes = [f"{column} is read as {_in_words(order)}, as you say"] if dmy or mdy or open_ else []
    elif dmy and mdy:
        what = f"{column} is {mdy[0]!r} here and {dmy[0]!r} on line {dmy[1]}: month first and day first in one column"
        hint = "mend the column, or say --dates dmy or --dates mdy and leave the other rows out"
        raise StandoffError([Problem(file, mdy[1], what, "one order of day and month", hint)])
    elif dmy or mdy:
        days.order = "dmy" if dmy else "mdy"
        cell, line = dmy or mdy or ("", 0)
        days.notes = [f"{column} is read as {_in_words(days.order)}: line {line} has {cell}"]
    elif open_:
        cell, line = open_
        match = _NUMERIC.fullmatch(plain_digits(cell))
        assert match is not None  # noqa: S101 - it was matched above
        one, two = int(match[1]), int(match[3])
        what = (
            f"{column} is {cell!r}, which is {one} {calendar.month_name[two]} or {two} {calendar.month_name[one]}, and "
            "no row of the column decides"
        )
        hint = f"say --dates dmy for {one} {calendar.month_name[two]}, or --dates mdy"
        raise StandoffError([Problem(file, line, what, "days that can be read in one way", hint)])
    if months:
        days.short_years = _of_years(set(months))
        cell, line = next(iter(months.values()))
        if not days.short_years:
            what = f"{column} is {cell!r}, which may be a month of a year or a day of a month, and no row decides"
            raise StandoffError([Problem(file, line, what, "months with a year of four digits, such as 2023-01")])
        days.notes.append(f"{cell} in {column} is read as a month, {days.moment(cell).when.text}")
    read = [week for cell in cells if (week := _week_of(plain_digits(cell)))]
    if read:
        days.weeks = any(week > 2 for _, _, week in read)
        days.notes.append(f"weeks in {column} are those of ISO 8601, Monday to Sunday")
    filled = [cell for cell in cells if not is_blank(cell)]
    if numbered and filled and all(re.fullmatch(r"[345]\d{4}", cell) for cell in filled):
        days.numbered = serials = True
    if serials:
        days.notes.append(f"{column} holds day numbers of a spreadsheet, counted from 1900")
    if short:
        days.notes.append(f"years of two digits in {column} are from 1969 to 2068")
    return days


def _ends(cells: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the cells with their lines; of a span of days both ends."""
    for cell, line in cells.items():
        match = _SPAN.fullmatch(cell) if type(cell) is str and len(cell) > 11 else None
        for part in match.groups() if match else (cell,):
            yield part, line


def _of_years(months: set[tuple[int, int]]) -> bool:
    """Whether numbers behind months, as in Jan-23, are years: few of them, and none of a year to come."""
    numbers = {number for number, _ in months}
    past = all(number <= date.today().year % 100 or number >= 69 for number in numbers)
    return past and len(numbers) * 2 <= len(months)


def _in_words(order: str) -> str:
    return "day, month, year" if order == "dmy" else "month, day, year"


_POINT = re.compile(r"[-+]?\d+(?:\.\d+)?")
_GROUP = re.compile(r"[-+]?\d{1,3}([.,])\d{3}")  # thousands, or three decimals
_SPACED = re.compile(r"[-+]?\d{1,3}(?:[\s'’\u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?")
_BY_COMMA = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BY_POINT = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMA = re.compile(r"[-+]?\d+,\d+")


@dataclass(repr=False)
class Numbers(OneLine):
    """The cells of a column of numbers, once it is settled which mark begins the decimals."""

    column: str
    mark: str = "point"
    low: float = 0.0
    high: float = 1e15
    whole: bool = False
    noun: str = "a number"
    notes: list[str] = field(default_factory=list)
    _cache: dict[str, float | ValueError | None] = field(default_factory=dict, repr=False)

    def number(self, cell: str) -> float | None:
        """Return what a cell means, None where it is blank. Raises ValueError that says what was expected."""
        found: float | ValueError | None
        if type(cell) is str and cell in self._cache:
            found = self._cache[cell]
        else:
            try:
                found = self._read(cell)
            except ValueError:
                shown = cell if len(cell) <= 40 else f"{cell[:40]}..."
                found = ValueError(f"the number in {self.column} is {shown!r}; expected {self.noun}")
            if len(self._cache) < 100_000 and type(cell) is str:
                self._cache[cell] = found
        if isinstance(found, ValueError):
            raise found
        return found

    def _read(self, cell: str) -> float | None:
        if is_blank(cell):
            return None
        text = _plain(cell)
        if isinstance(cell, TypedNumber):
            number = float(text)
        elif len(text) > 40:
            raise ValueError
        elif self.mark == "comma":
            if not (re.fullmatch(r"[-+]?\d+(?:,\d+)?", text) or _BY_POINT.fullmatch(text)):
                raise ValueError
            number = float(text.replace(".", "").replace(",", "."))
        else:
            if not (_POINT.fullmatch(text) or _BY_COMMA.fullmatch(text)):
                raise ValueError
            number = float(text.replace(",", ""))
        if not self.low <= number <= self.high or (self.whole and not number.is_integer()):
            raise ValueError
        return number


def _plain(cell: str) -> str:
    """Return a number with a point or comma for decimals as it is written, and without spaces between thousands."""
    text = plain_digits(cell).replace("٫", ".").replace("٬", "").replace("\u2212", "-").strip()
    return re.sub(r"[\s'’\u00a0\u202f\u2009]", "", text) if _SPACED.fullmatch(text) else text


def numbers_of(
    cells: Mapping[str, int] | Iterable[tuple[str, int]],
    column: str,
    file: str,
    mark: str | None = None,
    *,
    low: float = 0.0,
    high: float = 1e15,
    whole: bool = False,
    noun: str = "a number",
    hint: bool = False,
) -> Numbers:
    """Settle which mark begins the decimals in a column, from all its cells with the line of each.

    ``low``, ``high`` and ``whole`` are what the column may hold, in words ``noun``; ``hint`` says that the file writes
    its numbers with a decimal comma elsewhere. Raises StandoffError where no cell decides and it matters.
    """
    numbers = Numbers(column, "point", low, high, whole, noun)
    if mark and mark not in MARKS:
        raise StandoffError.of(f"the decimal mark {mark!r} is unknown", file="--numbers", expected="point or comma")
    point = comma = open_ = None
    many_comma = False  # a group of three behind a comma: thousands where people are counted
    for cell, line in cells.items() if isinstance(cells, Mapping) else cells:
        if isinstance(cell, TypedNumber) or is_blank(cell):
            continue
        text = _plain(cell)
        if text.isdigit():
            continue
        comma_reading = _value(text, "comma", low, high, whole)
        point_reading = _value(text, "point", low, high, whole)
        if comma_reading == point_reading:
            continue
        if point_reading is None and comma_reading is not None:
            if whole and not hint and re.fullmatch(r"[-+]?\d+,0+", text):
                continue  # 1,00 people: a slip in 1,000, unless something says that this file has decimal commas
            if whole and "." in text and _GROUP.fullmatch(text):  # 1.200 people: thousands, or no people at all?
                open_ = open_ or (cell, line)
            else:
                comma = comma or (cell, line)
        elif comma_reading is None:
            point = point or (cell, line)
            many_comma = many_comma or "," in text
        elif whole and "," in text and not hint:
            many_comma = True
            point = point or (cell, line)
        else:
            open_ = open_ or (cell, line)
    if mark:
        numbers.mark = mark
        numbers.notes = [f"the decimal mark of {column} is a {mark}, as you say"] if point or comma or open_ else []
    elif comma and point:
        what = f"{column} is {comma[0]!r} here and {point[0]!r} on line {point[1]}: two decimal marks in one column"
        raise StandoffError([Problem(file, comma[1], what, "one way to write numbers", "mend the column")])
    elif comma:
        numbers.mark = "comma"
        numbers.notes = [f"{column} is read with a decimal comma: line {comma[1]} has {comma[0]}"]
    elif open_ and not point:
        cell, line = open_
        by_point = cell.replace(",", "") if "," in cell else cell
        by_comma = cell.replace(".", "") if "." in cell else cell.replace(",", ".")
        what = f"{column} is {cell!r}, which is {by_point} or {by_comma}, and no row of the column decides"
        way = f"say --numbers point for {by_point}, or --numbers comma for {by_comma}"
        raise StandoffError([Problem(file, line, what, "numbers that can be read in one way", way)])
    elif many_comma and point:
        numbers.notes = [f"commas in {column} part thousands: line {point[1]} has {point[0]}"]
    return numbers


def _value(text: str, mark: str, low: float, high: float, whole: bool) -> float | None:
    try:
        return Numbers("", mark, low, high, whole)._read(text)
    except ValueError:
        return None


def code_of(cell: str) -> str:
    """Return a whole number that is used as a code, without decimals; empty where the cell is blank."""
    if cell.isascii() and cell.isdigit():
        return str(cell)
    if is_blank(cell):
        return ""
    text = plain_digits(cell)
    return re.sub(r"[.,]0+$", "", text)


def is_like_pcode(code: str) -> bool:
    """Whether a code looks as P-codes do: the letters of a country, then digits or more letters; GAUL's are numbers."""
    return bool(re.match(r"[A-Za-z]{2}", code))


# ------------------------------------------------------------------ columns that do not say enough

_OF_TIME = re.compile(
    r"week|semain|semana|woche|month|mois|\bmes\b|monat|quarter|trimest|period|p[ée]riod|date|fecha|datum|jour|\bday|time|"
    r"дата|месяц|период|тиждень|місяць|التاريخ|الشهر|الفترة|tarih|reported|as of",
    re.IGNORECASE,
)
OF_ROUNDS = re.compile(r"\b(?:rounds?|ronda|tour|vague|wave|cycle|раунд)\b|جولة", re.IGNORECASE)
HOUSEHOLDS = re.compile(
    r"house ?holds?|\bhhs?\b|famil|m[ée]nages?|hogar|foyers?|домохоз|семе|семь|сім|أسر|عائل", re.IGNORECASE
)
THOUSANDS = re.compile(
    r"thousands?\b|[('’]0{3}s?\b|\(k\)|[x×*] ?1[., ]?000\b|millions?\b|milliers|\bmiles\b|millares|тысяч|"
    r"\bтис\b|\bтыс\b|بالآلاف|بالملايين|\bbin\b",
    re.IGNORECASE,
)
_SEXES = re.compile(r"\b(?:fe)?males?\b|\b(?:wo)?men\b|\bboys\b|\bgirls\b|hommes|femmes|hombres|mujeres", re.IGNORECASE)


def only_parts(table: Table, names: Sequence[str]) -> StandoffError:
    """Return the error of a table that counts households, or women and men apart, and not people."""
    households = [one for one in names if HOUSEHOLDS.search(one)]
    sexes = [one for one in names if _SEXES.search(one) and one not in households]
    if len(sexes) > 1:
        what, hint = "no column counts all people", f"if they are all, add them: --map people='{'+'.join(sexes)}'"
    elif households:
        what = "it counts households and not people"
        hint = f"to forecast households say --map people='{households[0]}', and read all numbers as households"
    else:
        what, hint = "no column says that it counts people", f"name it with --map people='{names[0]}'"
    what = f"{what}: {', '.join(names)[:200]}"
    return StandoffError.of(what, file=table.name, line=table.header_line, expected="a column of people", hint=hint)


def in_thousands(table: Table, column: str) -> StandoffError:
    """Return the error of a column that counts thousands or millions of people."""
    expected = "a column of people, one by one"
    hint = (
        f"write the figures out (34.2 thousand are 34200), or say --map people='{column}' and read all numbers as that"
    )
    what = f"{column!r} does not count single people"
    return StandoffError.of(what, file=table.name, line=table.header_line, expected=expected, hint=hint)


def no_days(table: Table, filled: Mapping[int, Sequence[str]]) -> StandoffError:
    """Return the error of a table without a column of days: which column was meant, and what stands in it."""
    header = table.header
    k = next((k for k, one in enumerate(header) if OF_ROUNDS.search(one) and filled[k]), -1)
    if k >= 0:
        example = filled[k][0]
        return StandoffError.of(
            f"the column {header[k]!r} holds rounds ({example[:20]}, ...), and no day is told of them",
            file=table.name,
            line=table.header_line,
            expected="the day of each round",
            hint="add a column date with the day of each row's round, such as 2023-01-31",
        )
    k = next((k for k, one in enumerate(header) if _OF_TIME.search(one) and filled[k]), -1)
    if k >= 0:
        return StandoffError.of(
            f"the column {header[k]!r} is not read as days: it holds {filled[k][0][:40]!r}",
            file=table.name,
            line=table.header_line,
            expected="days such as 2023-03-05, weeks such as 2023-W10 or months such as 2023-03",
        )
    return StandoffError.of(
        f"no column holds days; the columns are {', '.join(one for one in header if one)[:200]}",
        file=table.name,
        line=table.header_line,
        expected="a column of sites, one of days and one of people",
        hint="name the column of days with --map date='COLUMN'",
    )


def which_column(table: Table, what: str, ours: str, names: Sequence[str]) -> StandoffError:
    """Return the error of a table of which several columns, or none, may be what is asked."""
    example = f"name it with --map {ours}='{names[0]}'" if names else ""
    return StandoffError.of(
        what,
        file=table.name,
        line=table.header_line,
        expected="a column of sites, one of days and one of people",
        hint=example,
    )
