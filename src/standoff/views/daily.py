"""A monitor's daily report as one HTML page that opens without a server and prints on A4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from standoff.case.claims import AccountKind
from standoff.text.sentences import label, listing
from standoff.version import VERSION
from standoff.views.charts import BOUNDARIES
from standoff.views.lines.daily import bearing_lines
from standoff.views.lines.observance import observance_sentence
from standoff.views.pages import STATIC, render


def daily_page(report: Mapping[str, Any]) -> str:
    """Return the page of a report made by ``standoff.commitments.daily.daily``."""
    css = Markup((STATIC / "standoff.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    kinds = {a["id"]: a.get("kind", AccountKind.READING) for a in report["accounts"]}

    def whose(name: str) -> str:
        return label(name, kinds.get(name, "reading"))

    def names(accounts: Sequence[str]) -> str:
        return listing([whose(name) for name in accounts])

    report = {"restricted_left_out": 0, **report}
    values = {"kinds": kinds, "whose": whose, "names": names, "bearing_lines": bearing_lines}
    values["observance_sentence"] = observance_sentence
    return render(
        "daily.html.j2",
        r={"restricted_left_out": 0, **report},
        css=css,
        boundaries=BOUNDARIES,
        version=VERSION,
        **values,
    )
