"""The daily report as one self-contained page that can be printed: no network, no script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"


def page(report: dict[str, Any]) -> str:
    """Return the page of a report made by ``commitments.daily.daily``; every text in it is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("daily.html").render(r=report)
