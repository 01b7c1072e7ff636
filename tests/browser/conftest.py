"""A browser, a workbench on a free port, and axe: skipped with a message where there is no browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import review_case
from page_case import make_run, read_case

from standoff.runs.folder import write_run
from standoff.views.report import report

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js"
ALWAYS = {"test_report_opened.py", "test_daily_opened.py"}  # also in make test, and every fourth page of the workbench
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if Path(item.path).is_relative_to(Path(__file__).parent)]
    pages = [item for item in here if item.name.startswith("test_a_page_for_everybody[")]
    for item in here:
        item.add_marker(pytest.mark.browser)
        if Path(item.path).name not in ALWAYS and item not in pages[::4]:
            item.add_marker(pytest.mark.thorough)


def executable() -> str | None:
    """The browser named by STANDOFF_BROWSER, or the first one on the path."""
    found = os.environ.get("STANDOFF_BROWSER") or next((p for n in NAMES if (p := shutil.which(n))), None)
    return found if found and Path(found).exists() else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.skip("the browser tests need playwright (extra dev)")
    path = executable()
    if path is None:
        pytest.skip("no browser found: install Chromium or set STANDOFF_BROWSER")
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page that fails its test when the console told an error, a script broke or text of a case ran as one."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    told: list[str] = []
    opened.on("console", lambda m: told.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda e: told.append(str(e)))
    opened.on("dialog", lambda d: (told.append(d.message), d.dismiss()))
    opened.told = told
    yield opened
    context.close()
    assert told == []


def _serve(case: str, folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "standoff", "serve", case, "--port", "0", "--no-browser", "--runs", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = next((line.strip() for line in process.stdout if re.match(r"http://", line)), "")
        yield address.rstrip("/")
        process.terminate()
        process.wait(15)


@pytest.fixture(scope="session")
def madeup_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up case with a kept run, and the user's own copy of one document."""
    root = tmp_path_factory.mktemp("bench")
    case = read_case(root / "case")
    run = make_run(case)
    write_run(run, root / "runs" / "first", extra={"report.html": report(case, run)})
    (root / "case" / "library").mkdir()
    text = "Title\nIt was said that the gate <b>stays</b> open.\nNothing more.\n"
    (root / "case" / "library" / "gazette-1.txt").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def madeup(browser: Any, madeup_folder: Path) -> Iterator[str]:
    yield from _serve(str(madeup_folder / "case"), madeup_folder / "runs")


@pytest.fixture(scope="session")
def idlib(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from _serve("idlib", tmp_path_factory.mktemp("idlib") / "runs")


@pytest.fixture(scope="session")
def review_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with one document whose proposals wait."""
    return review_case.write_case(tmp_path_factory.mktemp("review") / "case")


@pytest.fixture(scope="session")
def review_bench(browser: Any, review_folder: Path) -> Iterator[str]:
    yield from _serve(str(review_folder), review_folder.parent / "runs")


@pytest.fixture
def axe() -> Callable[[Any], list[str]]:
    """Return what axe finds on a page: rule and the elements it names."""

    def check(page: Any) -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
        return [f"{v['id']}: {[n['target'] for n in v['nodes'][:4]]}" for v in found]

    return check
