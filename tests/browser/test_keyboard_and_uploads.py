from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VIEWS = ("/", "/evidence", "/ledger", "/import", "/futures", "/network", "/problems", "/about")
LOG = "id,date,type,actor,place,title\nx1,2001-02-12,border-closed,sylvania,gatehouse,Shut <b>again</b> \u202eon\n"


def focused(page: Any, what: str) -> Any:
    return page.evaluate(f"document.activeElement.{what}")


def tab_to(page: Any, holds: str, most: int = 80) -> None:
    """Press Tab until the focused element holds to an expression of ``e``; nothing is focused by script."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {holds})(document.activeElement)"):
            return
    raise AssertionError(f"Tab never reached: {holds}")


@pytest.mark.parametrize("path", VIEWS)
def test_a_keyboard_skips_to_the_page_and_sees_where_it_is(page: Any, madeup: str, path: str) -> None:
    page.goto(madeup + path)
    page.keyboard.press("Tab")
    assert focused(page, "textContent") == "Skip to the page"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert focused(page, "id") == "main"
    page.keyboard.press("Tab")
    style = page.evaluate(
        "(e => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth)])"
        "(document.activeElement.matches('.place') ? document.querySelector('.skip') : document.activeElement)"
    )
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)") or path == "/problems"
    assert style[0] != "none"
    assert style[1] >= 2


def test_arrow_keys_pass_over_accounts_and_switch_acts(page: Any, madeup: str) -> None:
    page.goto(madeup + "/about?account=one")
    tab_to(page, "e.id === 'account'")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    assert "account=one" in page.url
    tab_to(page, "e.textContent === 'Switch'", 1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("account=two"))
    assert page.locator("h1").inner_text() == "About this model"


def test_about_by_keyboard_alone(page: Any, madeup: str) -> None:
    page.goto(madeup + "/about?account=one")
    tab_to(page, "e.tagName === 'SUMMARY' && e.textContent.startsWith('Everything that is assumed')")
    page.keyboard.press("Enter")
    assert page.locator("dl.assumed dt").first.is_visible()
    tab_to(page, "e.tagName === 'SUMMARY' && e.textContent.includes('sources')")
    page.keyboard.press("Enter")
    tab_to(page, "e.tagName === 'A' && e.textContent === '1 claim'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence?*source=*")
    assert "of 3 claims" in page.locator("main [role=status]").first.inner_text()


def test_problems_by_keyboard_while_a_file_is_broken(page: Any, madeup: str, madeup_folder: Path) -> None:
    page.goto(madeup + "/evidence?account=one")
    count = page.locator("#problem-count").inner_text()
    file = madeup_folder / "case" / "claims.yaml"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before + "- {id: c-four, text: [broken\n", encoding="utf-8")
        page.wait_for_selector(f"#problem-count:not(:text-is('{count}'))", timeout=15000)
        assert page.locator("#stale").is_visible()
        tab_to(page, "e.textContent.startsWith('Problems')")
        page.keyboard.press("Enter")
        page.wait_for_selector("#problems code:has-text('claims.yaml')")
        assert re.search(r"claims\.yaml:\d+", page.locator("#problems").inner_text())
        assert "the last reading that had none" in page.locator("#stale").inner_text()
        assert page.locator("#status").get_attribute("role") == "status"
    finally:
        file.write_text(before, encoding="utf-8")
    page.wait_for_selector("#problems code:has-text('claims.yaml:')", state="detached", timeout=15000)
    page.wait_for_selector("#stale", state="hidden", timeout=15000)
    tab_to(page, "e.textContent === 'JSON'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/problems.json*")


def test_a_text_is_put_in_by_keyboard_and_its_claims_are_found(
    page: Any, madeup: str, madeup_folder: Path, tmp_path: Path, axe: Callable[[Any], list[str]]
) -> None:
    kept = madeup_folder / "case" / "library" / "herald-1.txt"
    sent = tmp_path / "mine <script>.txt"
    sent.write_text("One\nTwo\nAll say that nobody promised <script>alert(9)</script> \u202eit.\n", encoding="utf-8")
    page.goto(madeup + "/evidence?document=herald-1&account=one")
    assert axe(page) == []
    page.locator("#text-file").set_input_files(sent)
    page.locator("#text-file").focus()
    tab_to(page, "e.textContent === 'Add my copy'", 3)
    try:
        page.keyboard.press("Enter")
        page.wait_for_selector("mark[data-claims=c-two]")
        assert page.locator("mark").inner_text() == "nobody promised"
        assert "<script>alert(9)</script>" in page.locator(".text").inner_text()
        assert "\u202e" not in page.locator(".text").inner_text()
        assert kept.read_bytes() == sent.read_bytes()
    finally:
        kept.unlink(missing_ok=True)


def test_a_log_is_seen_beside_the_record(
    page: Any, madeup: str, madeup_folder: Path, tmp_path: Path, axe: Callable[[Any], list[str]]
) -> None:
    (tmp_path / "monitor.csv").write_text(LOG, encoding="utf-8")
    folder = madeup_folder / "case" / "library" / "logs"
    page.goto(madeup + "/ledger?account=one")
    page.locator("#log-file").set_input_files(tmp_path / "monitor.csv")
    try:
        page.locator("#add-log button").press("Enter")
        page.wait_for_selector("#log")
        assert "1 event of the log monitor.csv" in page.locator("#log").inner_text()
        page.wait_for_selector("#bars-chart svg:visible")
        assert axe(page) == []
        page.locator("#bars-chart a:visible", has_text="Sylvania keeps the gate open").first.press("Enter")
        page.wait_for_selector("#why")
        assert "log=monitor.csv" in page.url
        assert "Shut <b>again</b>" in page.locator("#why").inner_text()
        assert "From the log." in page.locator("#why").inner_text()
    finally:
        page.wait_for_load_state("networkidle")  # what the page still asks for reads the log
        page.goto("about:blank")
        for file in folder.glob("*"):
            file.unlink()


def test_a_bad_log_is_told_by_line_in_the_browser(browser: Any, madeup: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id,date,type\na,2001-02-30,shelling\n", encoding="utf-8")
    page = browser.new_page()  # a refusal is an answer of its own, which the console of the page names
    page.goto(madeup + "/ledger?account=one")
    page.locator("#log-file").set_input_files(tmp_path / "bad.csv")
    page.locator("#add-log button").click()
    page.wait_for_selector("h1:has-text('This cannot be shown')")
    assert "bad.csv:2" in page.locator("main").inner_text()
    page.close()
