from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def until(page: Any, expression: str) -> None:
    """Wait until an expression holds; polling inside the page would need eval, which its policy forbids."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


def unfold(page: Any, part: str) -> None:
    """Open what a part of the report folds, as a reader does."""
    page.locator(f"section#{part} > details.list > summary").click()


@pytest.fixture
def address(madeup_folder: Path) -> str:
    return (madeup_folder / "runs" / "first" / "report.html").as_uri()


def test_opens_from_a_file_and_asks_nobody_for_anything(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert len(asked) == 1
    assert page.locator("figure[data-kind] .chart svg").count() >= 10


def test_every_figure_is_drawn_with_its_frame(page: Any, address: str) -> None:
    page.goto(address)
    unfold(page, "outlook")
    for figure in page.locator("figure[data-kind]").all():
        assert figure.locator(".chart svg").count() >= 1
        assert figure.locator("h3").inner_text()
        assert "n\u00a0=\u00a0" in figure.locator(".source").inner_text()
        assert figure.locator('a[download$=".csv"]').count() == 1
        assert figure.locator("table").count() == 1


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_charts_follow_the_width(page: Any, address: str) -> None:
    page.goto(address)
    unfold(page, "outlook")
    wide, narrow = page.locator("#displacement .wide svg"), page.locator("#displacement .narrow svg")
    assert wide.is_visible() and not narrow.is_visible()
    page.set_viewport_size({"width": 400, "height": 800})
    assert narrow.is_visible() and not wide.is_visible()
    assert 300 < narrow.bounding_box()["width"] < 390


def test_axe_finds_nothing(page: Any, address: str, axe: Callable[[Any], list[str]]) -> None:
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert axe(page) == []


def test_a_number_leads_to_a_claim_and_its_document(page: Any, address: str) -> None:
    page.goto(address)
    unfold(page, "disputes")
    page.locator("#dispute-dis-01 a", has_text="c-one").click()
    claim = page.locator("#claim-c-one")
    assert claim.is_visible()
    claim.locator("a").first.click()
    assert page.evaluate("location.hash") == "#document-gazette-1"
    assert page.locator("#document-gazette-1").is_visible()


def test_the_csv_of_a_figure_can_be_saved(page: Any, address: str) -> None:
    page.goto(address)
    unfold(page, "outlook")
    with page.expect_download() as waiting:
        page.locator('#displacement a[download="displacement.csv"]').click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert text.startswith("account,date,5 %,25 %,median")


def test_prints_on_a4(page: Any, address: str, tmp_path: Path) -> None:
    page.goto(address)
    pdf = page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, format="A4")
    assert pdf.startswith(b"%PDF")
    assert b"/MediaBox [0 0 595" in pdf or b"/MediaBox [0 0 594" in pdf
    assert (
        len(re.findall(rb"/Type /Page\b", pdf)) <= 16
    )  # 13; it was 21 when grids of strips left blank pages at the end


def test_arabic_names_run_right_to_left(page: Any, address: str) -> None:
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    cell = page.locator("#map td", has_text="مدينة الطين").first
    assert cell.evaluate("e => getComputedStyle(e).direction") == "rtl"
    name = page.locator("#map td", has_text="Mudville").first
    assert name.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_without_scripts_figures_and_numbers_are_still_there(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert (
        page.locator("figure .chart svg:visible").count() == 3
    )  # of the parts that are read first; every other is folded
    unfold(page, "outlook")
    assert page.locator("figure .chart svg:visible").count() >= 10
    assert page.locator("#displacement table tbody tr").count() > 3
    context.close()
