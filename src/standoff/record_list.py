"""Records in an order: a tuple that shows itself in a notebook, is chosen from by value, and becomes a data frame."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

from standoff.errors import StandoffError, nearest
from standoff.values import When

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")
_DAY = re.compile(r"\b(?:date|When)\b")
_RANGE = re.compile(r"tuple\[(float|int), \1\]")
MOST_SHOWN = 20  # rows that a notebook shows
_WIDE = 60  # letters of a cell that it shows


class RecordList(tuple[T, ...]):
    """Records of one kind, in order. It is a tuple: it has a length, is iterated over and compared as one.

    Examples
    --------
    >>> import standoff as so
    >>> talks = so.talks(so.load("idlib"))
    >>> talks
    <43 of Talk>
    >>> len(talks.where(state="refused")) < len(talks)
    True
    """

    __slots__ = ()

    def __repr__(self) -> str:
        kinds = dict.fromkeys(type(record).__name__ for record in self)
        return f"<{len(self)} of {' and '.join(kinds)}>" if self else "<none>"

    def where(self, **values: Any) -> RecordList[T]:
        """Return the records whose fields have these values; a value may be a list of those that are meant.

        A field that holds several values has a value where it is one of them, and a day may be given as text.

        Raises
        ------
        StandoffError
            For a name that is no field, with the nearest.
        """
        names = _fields(self)
        unknown = [name for name in values if self and name not in names]
        if unknown:
            raise StandoffError.of(
                f"there is no field {unknown[0]!r}",
                expected=f"one of {', '.join(names)}",
                hint=nearest(unknown[0], names),
            )
        wanted = {name: _texts(value) for name, value in values.items()}
        kept = (r for r in self if all(_texts(getattr(r, n)) & some for n, some in wanted.items()))
        return self._of(kept)

    def frame(self) -> DataFrame:
        """Return the records as a data frame of pandas (the extra ``tables``): one row a record.

        Days are ``datetime64``. A field that holds several names is one text, parted by semicolons; a low and a high
        number are two columns, ``..._low`` and ``..._high``; a day of which only the month is known, or an interval, is
        its first day and, in ``..._end``, its last. A record inside a record gives a column for each of its fields; a
        list of records is left out.

        Raises
        ------
        StandoffError
            Where pandas is not installed.

        Examples
        --------
        >>> import standoff as so
        >>> so.ledger(so.load("idlib"), "record").frame()["since"].dtype
        dtype('<M8[s]')
        """
        try:
            import pandas as pd
        except ImportError:
            expected = "pip install 'standoff[tables]'"
            raise StandoffError.of("a data frame needs pandas, which is not installed", expected=expected) from None
        columns: dict[str, Any] = {}
        types = {f.name: str(f.type) for f in fields(self[0])} if self and is_dataclass(self[0]) else {}
        for name in _fields(self):
            for key, values, sort in _columns(name, [getattr(record, name) for record in self], types[name]):
                columns[key] = pd.Series(values, dtype=sort) if sort else values
        return pd.DataFrame(columns)

    def _of(self, records: Iterable[T]) -> RecordList[T]:
        return RecordList(records)

    def _repr_html_(self) -> str:
        """Return the first records as a table, for a notebook."""
        names = [n for n in _fields(self) if any(_cell(getattr(r, n)) for r in self[:MOST_SHOWN])]
        head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in names)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(getattr(r, n)))}</td>" for n in names) + "</tr>"
            for r in self[:MOST_SHOWN]
        )
        more = f"<p>and {len(self) - MOST_SHOWN:,} more</p>" if len(self) > MOST_SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}" if self else "<p>none</p>"


def _fields(records: Iterable[Any]) -> list[str]:
    first = next(iter(records), None)
    return [f.name for f in fields(first)] if first is not None and is_dataclass(first) else []


def _texts(value: Any) -> set[str]:
    """Return what a value is compared by: several where it holds several."""
    if isinstance(value, list | tuple | set | frozenset):
        return {text for one in value for text in _texts(one)}
    return {_text(value)}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value.text) if isinstance(value, When) else str(value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | Enum | date)


def _cell(value: Any) -> str:
    """Return a value as a notebook shows it; nothing for what holds records of its own."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple) and all(map(_is_plain, value)):
        text = ", ".join(map(_text, value))
    else:
        text = _text(value) if _is_plain(value) or isinstance(value, When) else ""
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 3]}..."


def _is_range(values: list[Any]) -> bool:
    pairs = [v for v in values if v is not None]
    return bool(pairs) and all(
        isinstance(v, tuple) and len(v) == 2 and all(isinstance(n, int | float) for n in v) for v in pairs
    )


_DAYS, _NUMBERS = "datetime64[s]", "float64"


def _columns(name: str, values: list[Any], kind: str) -> Iterable[tuple[str, list[Any], str]]:
    """Yield the columns of a field of a type: name, values, and their type in a frame where it has to be named."""
    there = [v for v in values if v is not None]
    if any(isinstance(v, When) for v in there):
        yield name, [v.start if v is not None else None for v in values], _DAYS
        if any(v.start != v.end for v in there):
            yield f"{name}_end", [v.end if v is not None else None for v in values], _DAYS
    elif _DAY.search(kind) and all(isinstance(v, date) for v in there):
        yield name, values, _DAYS
    elif _RANGE.search(kind) or _is_range(values):
        yield f"{name}_low", [None if v is None else v[0] for v in values], _NUMBERS
        yield f"{name}_high", [None if v is None else v[1] for v in values], _NUMBERS
    elif all(map(_is_plain, there)):
        yield name, [v.value if isinstance(v, Enum) else v for v in values], ""
    elif all(isinstance(v, list | tuple) and all(map(_is_plain, v)) for v in there):
        yield name, [None if v is None else "; ".join(map(_text, v)) for v in values], ""
    elif len({type(v) for v in there}) == 1 and is_dataclass(there[0]):
        for inner in fields(there[0]):
            own = [None if v is None else getattr(v, inner.name) for v in values]
            if not any(is_dataclass(v) and not isinstance(v, When) for v in own):
                yield from _columns(f"{name}_{inner.name}", own, str(inner.type))
