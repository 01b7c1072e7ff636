"""A record edited by keyboard in a browser without scripts; two browsers at one record; axe on what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_a_record_is_edited_by_keyboard_without_scripts(
    browser: Any, madeup: str, axe: Callable[[Any], list[str]]
) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800}).new_page()
    plain.goto(madeup + "/edit?kind=actors&record=elbonia")
    other = browser.new_context().new_page()
    other.goto(madeup + "/edit?kind=actors&record=elbonia")
    field = plain.get_by_label("Role")
    field.focus()
    plain.keyboard.press("Control+A")
    plain.keyboard.type("host")
    plain.keyboard.press("Enter")  # shows what changes, and saves nothing
    assert "What would change" in plain.locator("#preview").inner_text()
    assert "role: host" in plain.locator("#preview").inner_text()
    plain.get_by_label("Your name").fill("A. Clerk")
    plain.get_by_role("button", name="Save").focus()
    plain.keyboard.press("Enter")
    assert "Saved" in plain.locator("#written").inner_text()
    other.get_by_label("Role").fill("guarantor")
    other.get_by_label("Your name").fill("B. Clerk")
    other.get_by_role("button", name="Save").click()
    assert "Somebody changed this record" in other.locator("#conflict").inner_text()
    assert "host" in other.locator("#conflict").inner_text()
    assert axe(other) == []
    plain.locator("#written").get_by_role("button", name="Undo").click()
    assert "Undone" in plain.locator("#main [role=status]").first.inner_text()
    other.goto(madeup + "/edit?kind=actors&record=elbonia")
    assert other.get_by_label("Role").input_value() != "host"
    other.goto(madeup + "/journal")
    assert axe(other) == []
    plain.context.close()
    other.context.close()
