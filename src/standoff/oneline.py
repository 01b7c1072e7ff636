"""How a record prints: on one line, however much it holds, so that a list of records can be read in a notebook."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

MOST = 160  # letters of a record
EACH = 60  # letters of a value


class OneLine:
    """A record whose ``repr`` is one line: fields at their default are left out, long values are cut.

    A dataclass that has it as its base says ``repr=False``, so that it keeps this one.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        parts: list[str] = []
        room = MOST
        for field in fields(self):  # type: ignore[arg-type] # whoever has this base is a dataclass
            value = getattr(self, field.name)
            if not field.repr or _is_default(value, field):
                continue
            part = f"{field.name}={_in_brief(value)}"
            room -= len(part) + 2
            if room < 0:
                parts.append("...")
                break
            parts.append(part)
        return f"{type(self).__name__}({', '.join(parts)})"


def _is_default(value: Any, field: Any) -> bool:
    """Whether a field has its default; arrays, of which equality says nothing, never have."""
    if field.default is not MISSING:
        return value is field.default or (type(value) is type(field.default) and bool(value == field.default))
    return field.default_factory is not MISSING and isinstance(value, dict | list | tuple | set) and not value


def _in_brief(value: Any) -> str:
    several = isinstance(value, list | tuple | set | frozenset | dict) and len(value) > 1
    if several and (len(value) > EACH or len(repr(value)) > EACH):
        return f"<{len(value)}>"
    text = " ".join(f"{value:s}".split()) if isinstance(value, str) else " ".join(repr(value).split())
    text = text if len(text) <= EACH else f"{text[: EACH - 3]}..."
    return repr(text) if isinstance(value, str) else text
