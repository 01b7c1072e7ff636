"""How fast the workbench answers: the Idlib case, and a made-up case of 5,000 events and 2,000 claims.

Run: python benchmarks/workbench.py. Prints seconds per page, best of five, once what is slow has been computed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from standoff.case.read import locate
from standoff.workbench import api, futures
from standoff.workbench.app import PAGES, Bench, page_html
from standoff.workbench.jobs import Jobs
from standoff.workbench.watch import Watcher
from standoff.workbench.workspace import Workspace

EVENTS, CLAIMS = 5_000, 2_000
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
        made |= {"place": places[i % len(places)], "title": f"made up {i}", "source": "made up"}
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
    started = time.perf_counter()
    workspace = Workspace(name, runs)
    print(f"{workspace.case.about.title}: {len(workspace.case.events)} events, {len(workspace.case.claims)} claims")
    print(f"  read and checked in {time.perf_counter() - started:.2f} s")
    bench = Bench(workspace, Jobs(), Watcher(workspace))
    started = time.perf_counter()
    page_html(bench, "now", api.now(workspace))
    print(f"  first page, nothing computed before: {time.perf_counter() - started:.3f} s")
    started = time.perf_counter()
    api.warm(workspace)
    print(f"  warmed in {time.perf_counter() - started:.2f} s")
    for page, (_, _, endpoint) in PAGES.items():
        best = min(_once(bench, page, endpoint) for _ in range(5))
        print(f"  {page:<10} {best:.3f} s")


def _once(bench: Bench, page: str, endpoint: object) -> float:
    started = time.perf_counter()
    found = futures.futures_page(bench.workspace) if page == "futures" else endpoint(bench.workspace)  # type: ignore[operator]
    page_html(bench, page, found)
    return time.perf_counter() - started


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        measure("idlib", Path(scratch) / "runs")
        if "--small" not in sys.argv:
            measure(str(large(Path(scratch))), Path(scratch) / "runs")
