"""Take the pictures of the README and the docs again: a brief, levels, and the workbench's map.

Run: python docs/pictures.py. Needs Chromium and playwright (extra dev).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from standoff import incident_levels, load
from standoff.views.figures import svg_file
from standoff.views.levels import levels_figure

INTO = Path(__file__).parent / "_static"


def main(folder: Path) -> None:
    """Write brief.png, levels.svg and workbench.png."""
    levels = incident_levels(load("idlib"), by="admin1", on="2019-08-31", horizons=(28,))
    (INTO / "levels.svg").write_text(svg_file(levels_figure(levels, 28)), encoding="utf-8")
    brief = folder / "brief.html"
    words = [sys.executable, "-m", "standoff", "brief", "idlib", "--on", "2020-02-20", "--out", str(brief)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    command = [sys.executable, "-m", "standoff", "serve", "idlib", "--port", "0", "--no-browser"]
    with sync_playwright() as play, subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1040, "height": 1350})
        page.goto(brief.absolute().as_uri())
        page.screenshot(path=INTO / "brief.png")
        address = next(line.strip() for line in server.stdout or () if re.match(r"http://", line))
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{address}?on=2020-02-28", timeout=120_000)
        page.wait_for_selector("#summary .counts", timeout=120_000)
        page.screenshot(path=INTO / "workbench.png")
        browser.close()
        server.terminate()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
