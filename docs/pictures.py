"""Take the pictures of the README and the docs again: a brief, a report of a run, and the workbench's map.

Run: python docs/pictures.py [RUN_FOLDER]; the report is taken where a run is given. Needs Chromium and playwright
(extra dev).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

INTO = Path(__file__).parent / "_static"


def main(run: Path | None, folder: Path) -> None:
    """Write brief.png and workbench.png, and report.png of a run."""
    brief = folder / "brief.html"
    words = [sys.executable, "-m", "standoff", "brief", "idlib", "--on", "2020-02-20", "--out", str(brief)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    command = [sys.executable, "-m", "standoff", "serve", "idlib", "--port", "0", "--no-browser"]
    with sync_playwright() as play, subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1040, "height": 1350})
        page.goto(brief.absolute().as_uri())
        page.screenshot(path=INTO / "brief.png")
        if run is not None:
            page.goto((run / "report.html").absolute().as_uri())
            page.screenshot(path=INTO / "report.png")
        address = next(line.strip() for line in server.stdout or () if re.match(r"http://", line))
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{address}?on=2020-02-28", timeout=120_000)
        page.wait_for_selector("#summary .counts", timeout=120_000)
        page.screenshot(path=INTO / "workbench.png")
        browser.close()
        server.terminate()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(sys.argv[1]) if sys.argv[1:] else None, Path(folder))
