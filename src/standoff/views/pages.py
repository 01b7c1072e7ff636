"""The templates: everything from a case is escaped, and characters that turn text around are shown, never obeyed."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from standoff.text import sentences as words
from standoff.views import records
from standoff.views.charts import csv_link

if TYPE_CHECKING:
    from jinja2 import Environment


# The ES modules of the charts as one plain script, for a file that must open without a server.


STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r"""^import\s+\{[^}]*\}\s+from\s+["']\./([\w.]+)["'];\n""", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) )", re.MULTILINE)


@cache
def script(name: str) -> str:
    """Return a module of ``static/js`` with all it imports, each once and before its users, as one script.

    The modules name their parts uniquely and import only each other by name, so joining them keeps their meaning;
    a private name that two modules share gets its own block.
    """
    order: list[str] = []
    _collect(name, order)
    parts = [_wrapped(part) for part in order]
    return "(() => {\n'use strict';\n" + "\n".join(parts) + "\n})();\n"


def _collect(name: str, order: list[str]) -> None:
    if name in order:
        return
    for needed in _IMPORT.findall(_source(name)):
        _collect(needed, order)
    order.append(name)


def _source(name: str) -> str:
    return (STATIC / "js" / name).read_text(encoding="utf-8")


def _wrapped(name: str) -> str:
    text = _source(name)
    exported = re.findall(r"^export (?:async )?(?:function|const|let|class) (\w+)", text, re.MULTILINE)
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    if not exported:
        return f"{{\n{body}}}"
    return f"const {{ {', '.join(exported)} }} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();"


@cache
def vendored(name: str) -> str:
    """Return a vendored library as it is."""
    return (STATIC / "vendor" / name).read_text(encoding="utf-8")


def _visible(value: Any) -> Any:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return words.nonbreaking(words.visible(value))


def embedded(value: Any) -> Markup:
    """Return JSON that may stand inside a script element: no ``<``, ``>`` or ``&`` is left in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = words.nonbreaking(text)
    text = words.visible(text) if any(ord(c) > 0x7F for c in text) else text
    for mark, code in (
        ("&", "\\u0026"),
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(mark, code)
    return Markup(text)  # noqa: S704 - every character that could end the element is written as an escape


def with_links(text: str) -> Markup:
    """Return a citation as markup in which web addresses are links."""
    parts = []
    for word in _visible(text).split(" "):
        address = records.web(word.rstrip(".,;)"))
        rest = word[len(address) :] if address else word
        link = Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(address) if address else Markup()
        parts.append(link + rest)
    return Markup(" ").join(parts)


@cache
def environment() -> Environment:
    """Return the template environment, with autoescape on."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("standoff.views", "templates"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"embedded": embedded, "csv_link": csv_link, "linked": with_links, "through": records.through}
    env.filters |= {"number": words.number, "listing": words.listing, "quoted": words.quoted}
    env.filters |= {"day": words.day, "percent": words.percent, "counted": words.count}
    return env


def render(template: str, **values: Any) -> str:
    """Render a template of the package."""
    return environment().get_template(template).render(**values)
