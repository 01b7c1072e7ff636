"""A form as a browser sends it back, made of its places instead of its page; and another text for a record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from standoff.case.record_form import FormSlot, Widget, form_marks


def as_sent(slots: Iterable[FormSlot], sent: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    """Return what the fields of a form hold, line ends as browsers send them."""
    sent = {} if sent is None else sent
    for one in slots:
        here, many = form_marks(one.path)
        if one.widget is Widget.RECORD:
            if one.is_there:
                sent[here] = ["1"]
                if one.key == "says":
                    sent[f"{one.path}.kind!"] = [one.value]
                as_sent(one.inside, sent)
        elif one.widget is Widget.RECORDS:
            sent[many] = [str(len(one.items))]
            for item in one.items:
                as_sent(item, sent)
        elif one.widget is Widget.CHOICES:
            sent |= {f"{one.path}.{n}": [v] for n, v in enumerate([*one.values, ""])}
        elif one.widget is Widget.PAIRS:
            for n, (key, value) in enumerate([*one.pairs, ("", "")]):
                sent |= {f"{one.path}.{n}.key": [key], f"{one.path}.{n}.value": [value]}
        else:
            sent[one.path] = [one.value.replace("\n", "\r\n")]
    return sent


def other_text(values: dict[str, Any]) -> dict[str, Any]:
    """Return one key of a record with another text that `check` has nothing against."""
    key = next((k for k in ("note", "title", "name", "question", "text", "indicator") if values.get(k)), "note")
    return {key: f"{values.get(key, '')}: 'it', \"they\" # and ë; {{x}}".strip(": ")}
