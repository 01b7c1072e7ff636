"""WORDS OF WHAT IS PRINTED, one file a language: English is whole, of others what is not translated stays English.

A phrase knows its language, so that a page, a PDF and a docx can mark English in the middle of Arabic. A text that is
no phrase is the record's own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from standoff.errors import StandoffError, nearest
from standoff.values import When

RIGHT_TO_LEFT = frozenset(("ar", "dv", "fa", "he", "ku", "ps", "ur", "yi"))


class Phrase(str):
    """A text of ours, and its language."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Phrase:
        """Make a phrase of a text."""
        phrase = super().__new__(cls, text)
        phrase.language = language
        return phrase


def language_of(text: str) -> str:
    """Return the language of a phrase; empty for the record's own words."""
    return text.language if isinstance(text, Phrase) else ""


def is_turned(text: str, own: str) -> bool:
    """Whether a text is written from the right: by its language, else by its first letter, else as those around it."""
    if language := language_of(text):
        return language in RIGHT_TO_LEFT
    strong = (unicodedata.bidirectional(c) for c in text)
    first = next((kind for kind in strong if kind in ("L", "R", "AL")), "")
    return first in ("R", "AL") if first else own in RIGHT_TO_LEFT


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there is a file of, English first."""
    files = (f.name for f in resources.files("standoff.views.words").iterdir())
    names = sorted(f.removesuffix(".yaml") for f in files if f.endswith(".yaml"))
    return ("en", *(n for n in names if n != "en"))


@cache
def _file(language: str) -> Mapping[str, Any]:
    text = resources.files("standoff.views.words").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]


def category(language: str, n: int) -> str:
    """Return the plural form that a number asks for, by the rules of Unicode's CLDR."""
    n = abs(n)
    if language == "ar":
        if n < 3:
            return ("zero", "one", "two")[n]
        return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"
    if language == "fr":
        return "one" if n < 2 else "other"
    return "one" if n == 1 else "other"


class Words:
    """The words of one language. ``language`` is one of `languages`."""

    def __init__(self, language: str = "en") -> None:
        if language not in languages():
            what = f"there are no words in {language!r}"
            expected = ", ".join(languages())
            raise StandoffError.of(what, file="--language", expected=expected, hint=nearest(language, languages()))
        self.language = language

    def __repr__(self) -> str:
        return f"<Words {self.language}: {len(_file(self.language)['phrases'])} phrases>"

    @property
    def right_to_left(self) -> bool:
        """Whether lines begin on the right."""
        return self.language in RIGHT_TO_LEFT

    def has(self, key: str) -> bool:
        """Whether this language has a phrase of its own for a key."""
        return key in _file(self.language)["phrases"]

    def say(self, key: str, n: int | None = None, **values: object) -> Phrase:
        """Return the phrase of a key with its values in it; in English where this language has none.

        Parameters
        ----------
        key
            A key of ``en.yaml``.
        n
            The number that decides between one and many; ``{n}`` in the pattern.
        values
            What else stands in braces in the pattern. Numbers get their thousands separated; a day, and a pair of
            days, are written in the language of the pattern.
        """
        language = self.language if self.has(key) else "en"
        pattern = _file(language)["phrases"][key]
        if isinstance(pattern, Mapping):
            form = category(language, n or 0)
            pattern = pattern["zero"] if n == 0 and "zero" in pattern else pattern.get(form, pattern["other"])
        if n is not None:
            values["n"] = n
        shown = {name: Words(language)._in_words(value) for name, value in values.items()}
        return Phrase(pattern.format(**shown), language)

    def _in_words(self, value: object) -> object:
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, tuple):
            return self.span(*value)
        return value

    def number(self, value: float) -> str:
        """Return a whole number with its thousands parted as the language does."""
        return f"{value:,.0f}".replace(",", str(_file(self.language).get("thousands", ",")))

    @property
    def comma(self) -> str:
        """What stands between the words of a list."""
        return str(_file(self.language)["comma"])

    @property
    def months(self) -> tuple[str, ...]:
        """The names of the months, short."""
        return tuple(_file(self.language)["months"])

    def word(self, group: str, name: str) -> Phrase:
        """Return a word of a list (``type``, ``measure``, ``status``); in English, without hyphens, where none is."""
        key = f"{group}.{name}"
        if self.has(key):
            return self.say(key)
        if key in _file("en")["phrases"]:
            return Phrase(_file("en")["phrases"][key], "en")
        return Phrase(name.partition("/")[0].replace("-", " "), "en")

    def local(self, name: str, written: str) -> str:
        """Return a name of the record: as it is written on the spot, where that is the script of this language."""
        return written if written and self.right_to_left and is_turned(written, "") else name

    def day(self, on: date | str) -> Phrase:
        """Return a day with the name of its month."""
        value = _date(on)
        return Phrase(f"{value.day} {_file(self.language)['months'][value.month - 1]} {value.year}", self.language)

    def span(self, first: date | str, last: date | str) -> Phrase:
        """Return a day, or the days from one to another."""
        if str(first) == str(last):
            return self.day(last)
        return self.say("span", first=_date(first), last=_date(last))

    def when(self, written: str) -> Phrase:
        """Return a date of the record with its precision."""
        value = When.parse(written)
        if value.start is None or value.end is None:
            known = value.end or value.start
            key = "until-day" if value.start is None else "from-day"
            return self.say(key, day=known) if known else Phrase(written, self.language)
        span = self.span(value.start, value.end)
        return self.say("about", day=span) if value.approximate else span

    def listing(self, items: list[str]) -> str:
        """Join words as a person does."""
        if len(items) < 2:
            return items[0] if items else ""
        return f"{self.comma.join(items[:-1])}{_file(self.language)['and']}{items[-1]}"


def _date(on: date | str) -> date:
    return date.fromisoformat(on) if isinstance(on, str) else on
