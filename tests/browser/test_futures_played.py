from __future__ import annotations

from typing import Any


def test_a_scenario_from_start_to_comparison(page: Any, idlib: str) -> None:
    page.goto(idlib + "/futures")
    page.locator("#trajectories").fill("10")
    page.locator("#days").fill("10")
    checked = page.eval_on_selector_all("input[name=accounts]:checked", "boxes => boxes.map(b => b.value)")
    for account in checked[1:]:
        page.locator(f"input[name=accounts][value={account}]").uncheck()
    page.locator("input[name=scenarios]").first.focus()
    page.keyboard.press("Space")
    page.locator("#start button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/futures?job=*")
    page.wait_for_selector("#result", timeout=240_000)
    comparison = page.locator("#comparison .chart")
    assert comparison.locator("svg:visible").count() == 1
    every = page.locator("figure[data-kind=differences] .chart")
    assert every.count() == 1
    assert every.locator("svg:visible").count() == 1
    assert page.locator("#displacement svg:visible").count() == 1
    assert "run=idlib-" in page.url
    page.goto(idlib + "/futures")
    assert page.locator("[aria-label=Scenario] a").count() == 2


def test_a_run_can_be_cancelled(page: Any, idlib: str) -> None:
    page.goto(idlib + "/futures")
    page.locator("#trajectories").fill("5000")
    page.locator("#start button").click()
    page.wait_for_selector('.job[data-state="running"] progress')
    page.locator(".job button", has_text="Cancel").first.click()
    page.wait_for_selector(".job >> text=cancelled")
    page.goto(idlib + "/futures")
    assert page.locator("#start button").is_enabled()
