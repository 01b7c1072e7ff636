"""The page /review by keyboard alone, narrow and in axe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from review_case import DOCUMENT, LINES

from standoff.case.read import load


def press(page: Any, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_proposal_is_edited_accepted_and_undone_by_keys(
    page: Any, review_bench: str, review_folder: Path, axe: Callable[[Any], list[str]]
) -> None:
    page.goto(f"{review_bench}/review?by=Mary", wait_until="load")
    assert axe(page) == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    lit = page.locator("#sentence mark").inner_text()
    assert any(lit in line for line in LINES)
    page.keyboard.press("y")
    assert page.locator("#why").get_attribute("open") is not None
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.id") == "f-text"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("A spokesman says so: a, n, r and u are letters here.")
    page.keyboard.press("Escape")
    press(page, "-")
    assert len(page.locator("#sentence mark").inner_text().split()) == len(lit.split()) - 1
    press(page, "u")
    assert page.locator("#sentence mark").inner_text() == lit
    press(page, "a")
    assert f"Accepted: {DOCUMENT}-1." in page.locator("#messages").inner_text()
    assert load(review_folder).claims[f"{DOCUMENT}-1"].text.endswith("are letters here.")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "reason"
    page.keyboard.type("misread")
    press(page, "Enter")
    assert "Rejected." in page.locator("#messages").inner_text()
    assert "1 accepted, 1 rejected" in page.locator("#status").inner_text()
    press(page, "u")
    press(page, "u")
    assert "Undone: accept" in page.locator("#messages").inner_text()
    assert f"{DOCUMENT}-1" not in load(review_folder).claims
    assert axe(page) == []
