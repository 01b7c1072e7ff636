"""The templates: everything from a case is escaped, and characters that turn text around are shown, never obeyed."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from standoff.text import sentences as words
from standoff.views import records
from standoff.views.charts import Figure, csv_link
from standoff.views.figures import both, in_page, svg_file

if TYPE_CHECKING:
    from jinja2 import Environment


STATIC = Path(__file__).parent / "static"


def _visible(value: Any) -> Any:
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return words.nonbreaking(words.visible(value))


def exact(value: Any) -> Markup:
    """Return a text letter for letter, for a field of a form: what comes back must be what stood in the file."""
    return escape(value)


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


def pictures(figure: Figure, account: str = "") -> Markup:
    """Return the picture of a figure as markup, for wide and for narrow screens.

    With an account its links lead to pages of the workbench, else to places further down.
    """

    def page(kind: str, name: str) -> str:
        query = urlencode({"account": account, kind: name})
        if kind == "actor":
            return f"/network?{query}"
        return f"/ledger?{query}#why" if kind == "commitment" else f"/evidence?{query}#dispute-{name}"

    wide, narrow = both(figure, page if account else in_page)
    text = f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
    return Markup(words.nonbreaking(words.visible(text)))  # noqa: S704 - the drawing escapes every text in it


def svg_link(figure: Figure) -> str:
    """Return the picture of a figure as a ``data:`` address, for a page that must do without a server."""
    return "data:image/svg+xml;base64," + base64.b64encode(words.visible(svg_file(figure)).encode()).decode()


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
    env.filters |= {"embedded": embedded, "csv_link": csv_link, "svg_link": svg_link, "pictures": pictures}
    env.filters |= {"exact": exact, "linked": with_links, "through": records.through}
    env.filters |= {"number": words.number, "listing": words.listing, "quoted": words.quoted}
    env.filters |= {"day": words.day, "percent": words.percent, "counted": words.count}
    return env


def render(template: str, **values: Any) -> str:
    """Render a template of the package."""
    return environment().get_template(template).render(**values)
