"""The daily report in a browser: narrow and wide, from the right, on paper, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from standoff.case.read import TEMPLATE, load
from standoff.commitments.daily import daily
from standoff.views.daily import daily_document
from standoff.views.paper import paper_page

WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_fits_reads_and_prints(
    browser: Any, axe: Callable[[Any], list[str]], tmp_path: Path, language: str
) -> None:
    case = load(TEMPLATE)
    report = daily(case, on=date(2024, 2, 26), days=7)
    file = tmp_path / "day.html"
    file.write_text(paper_page(daily_document(case, report, language)), encoding="utf-8")
    context = browser.new_context(java_script_enabled=True, bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri(), wait_until="load")
    for width in (320, 390, 1200):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDE) <= 0
        inside = page.evaluate("[...document.querySelectorAll('main > *')].map(e => e.getBoundingClientRect().left)")
        assert min(inside) >= 0
        assert page.locator("figure svg:visible").count() == 2  # the map and the chart, each once
    assert axe(page) == []
    assert page.evaluate("getComputedStyle(document.body).direction") == ("rtl" if language == "ar" else "ltr")
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    page.emulate_media(media="print")  # a head that sticks to the top of a sheet lies over the rows
    heads = page.evaluate("[...document.querySelectorAll('th')].map(e => getComputedStyle(e).position)")
    assert set(heads) == {"static"}
    context.close()
