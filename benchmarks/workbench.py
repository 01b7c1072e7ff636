"""How fast the workbench answers: the Idlib case, and a made-up case of 5,000 events and 2,000 claims.

Run: python benchmarks/workbench.py. Prints CPU time per page, and what a step of the day costs a page in Chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from standoff.case.read import locate
from standoff.workbench import api
from standoff.workbench.app import PAGES, Bench, page_html
from standoff.workbench.jobs import Jobs
from standoff.workbench.page import Page
from standoff.workbench.workspace import Watcher, Workspace

EVENTS, CLAIMS = 5_000, 2_000
N, DAYS = 9, 60  # measurements of each thing; days in one walk of the stepper
# One step a frame, as fast as frames come.
STEPS = """(days) => new Promise((done) => {
  const step = () => {
    document.getElementById("forward").click();
    days -= 1;
    requestAnimationFrame(days ? step : () => done());
  };
  requestAnimationFrame(step);
})"""
KINDS = ("shelling", "airstrike", "clash", "statement", "deployment")


def large(folder: Path) -> Path:
    """Copy the Idlib case and fill it up with made-up events and claims, marked as such."""
    case = folder / "large"
    shutil.copytree(locate("idlib"), case, ignore=shutil.ignore_patterns("library"))
    table = (case / "events.csv").read_text(encoding="utf-8").splitlines()
    columns = table[0].split(",")
    places = [line.split(",")[0] for line in (case / "places.csv").read_text(encoding="utf-8").splitlines()[1:150]]
    rows = []
    for i in range(EVENTS - len(table) + 1):
        day = date(2018, 1, 1) + timedelta(days=i % 1000)
        made = {"id": f"x{i}", "date": day.isoformat(), "type": KINDS[i % len(KINDS)], "actor": "syria"}
        made |= {"place": places[i % len(places)], "title": f"made up {i}"}
        made |= {"source": f"https://observer.example/{i}", "answer": "none found", "sourcing": "unsourced"}
        rows.append(",".join(made.get(name, "") for name in columns))
    (case / "events.csv").write_text("\n".join([*table, *rows]) + "\n", encoding="utf-8")
    claims = [
        f"- {{id: c-x{i}, citation: made up, published: 2019-01-01, text: made up {i}, chain: [wsws], "
        f"says: {{event: shelling, actor: syria, at: {places[i % len(places)]}, date: 2018-06-01}}}}"
        for i in range(CLAIMS)
    ]
    (case / "claims" / "madeup.yaml").write_text("\n".join(claims) + "\n", encoding="utf-8")
    return case


def measure(name: str, runs: Path) -> None:
    """Print the time of each page of a case."""
    started = time.process_time()
    workspace = Workspace(name, runs)
    print(f"{workspace.case.about.title}: {len(workspace.case.events)} events, {len(workspace.case.claims)} claims")
    print(f"  read and checked in {time.process_time() - started:.2f} s")
    bench = Bench(workspace, Jobs(), Watcher(workspace))
    firsts = []
    for _ in range(N):
        workspace._kept.clear()  # as after a start: nothing computed before
        firsts.append(_once(bench, "now", api.now_page))
    print(f"  first page, nothing computed before: {_told(firsts)}")
    started = time.process_time()
    api.warm(workspace)
    print(f"  warmed in {time.process_time() - started:.2f} s")
    for page, (_, _, endpoint) in PAGES.items():
        print(f"  {page:<10} {_told([_once(bench, page, endpoint) for _ in range(N)])}")


def _once(bench: Bench, page: str, endpoint: Callable[..., Page]) -> float:
    started = time.process_time()
    page_html(bench, page, endpoint(bench.workspace))
    return time.process_time() - started


def _told(seconds: Sequence[float]) -> str:
    return f"{1000 * median(seconds):.0f} ms (most: {1000 * max(seconds):.0f})"


def step_days(case: str, runs: Path) -> None:
    """Print what one step of the day costs the page in Chromium: all its tasks, layout and painting included."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "standoff", "serve", case, "--port", "0", "--no-browser", "--runs", str(runs)]
    with sync_playwright() as play, subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        address = next(line.strip() for line in server.stdout or () if line.startswith("http://"))
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}?on=2019-06-01")
        page.wait_for_selector("#summary .counts")
        metrics = page.context.new_cdp_session(page)
        metrics.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent() -> float:
            return next(
                m["value"] for m in metrics.send("Performance.getMetrics")["metrics"] if m["name"] == "TaskDuration"
            )

        costs = []
        for _ in range(N):
            before = spent()
            page.evaluate(STEPS, DAYS)
            costs.append((spent() - before) / DAYS)
        most = f"most: {1000 * max(costs):.1f}; n = {N} walks of {DAYS} days"
        print(f"  a step of the day, CPU of the page: {1000 * median(costs):.1f} ms ({most})")
        browser.close()
        server.terminate()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(f"CPU time; medians of {N}")
        measure("idlib", Path(scratch) / "runs")
        step_days("idlib", Path(scratch) / "runs")
        if "--small" not in sys.argv:
            filled = str(large(Path(scratch)))
            measure(filled, Path(scratch) / "runs")
            step_days(filled, Path(scratch) / "runs")
