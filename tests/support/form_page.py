"""The form of a page as a browser sends it: what stands in its fields, and the button that is pressed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class FormPage(HTMLParser):
    """Gathers the fields of the form with an id, in the order of the page; ``labels`` are the ids that have a label."""

    def __init__(self, text: str, form: str = "form") -> None:
        super().__init__()
        self.form, self.within = form, False
        self.sent: list[tuple[str, str]] = []
        self.labels: set[str] = set()
        self.ids: list[str] = []
        self.selects: dict[str, list[tuple[str, str]]] = {}
        self.buttons: list[str] = []
        self._select = self._text = ""
        self._first = True
        self._option: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self.within = a.get("id") == self.form
        elif tag == "label":
            self.labels.add(a.get("for") or "")
        if not self.within:
            return
        if tag in ("input", "select", "textarea") and a.get("type") != "hidden":
            self.ids.append(a.get("id") or f"{tag} {a.get('name')}")
        if tag == "input":
            self.sent.append((str(a["name"]), a.get("value") or ""))
        elif tag == "select":
            self._select, self._first = str(a["name"]), True
            self.selects[self._select] = []
            self.sent.append((self._select, ""))
        elif tag == "option" and self._select:
            self._option = a
            if "selected" in a:
                self.sent[-1] = (self._select, str(a.get("value", "")))
        elif tag == "textarea":
            self._text = str(a["name"])
            self.sent.append((self._text, ""))
        elif tag == "button":
            self.buttons.append(str(a.get("value")))

    def handle_data(self, data: str) -> None:
        if self._text:
            name, old = self.sent[-1]
            self.sent[-1] = (name, old + data)
        elif self._select and self._option:
            self.selects[self._select].append((str(self._option.get("value", data)), data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            name, text = self.sent[-1]
            self.sent[-1] = (name, text.removeprefix("\n").replace("\n", "\r\n"))
            self._text = ""
        elif tag == "select":
            self._select = ""
        elif tag == "option":
            self._option = {}
        elif tag == "form":
            self.within = False


def press(page: str, button: str, **fields: Any) -> dict[str, str]:
    """Return what a browser sends when fields are filled in (``who``: your name) and a button is pressed."""
    form = FormPage(page)
    sent = dict(form.sent)
    for name, value in fields.items():
        key = name.replace("__", ".")
        key = {"who": "by!", "why": "why!"}.get(key, key)
        assert key in sent, (key, sorted(sent))
        sent[key] = str(value)
    assert button in form.buttons, (button, form.buttons)
    return sent | {"do!": button}
