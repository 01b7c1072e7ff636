"""How long it takes to open, map and preview a large export: rows like ACLED's, made up, CPU seconds and memory.

    python benchmarks/intake.py [ROWS [WORKERS]]

The file is written to a temporary folder and read in a process of its own, as `standoff import --dry-run` reads it:
opened, recognised, its columns settled, every row read, names and rows outside counted, names proposed, and the lines
of the preview made. Bars for 10^6 rows on 2 cores: 60 s by the clock, 1 GB. Of several processes the memory is that of
the first and, for each other, the most that any of them had. On a machine that does other work the clock says little:
the time of the processors, parted by the processes, is what a free machine needs at most.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
READ = """
import json, resource, sys, time
from itertools import islice
from standoff.case.read import load
from standoff.case.write import Amendment
from standoff.cores import usable_cores
from standoff.intake.batch import COUNTED, read_file
from standoff.intake.preview import Import
from standoff.views.lines.intake import draft_lines

begin = time.perf_counter()
case, workers = load("idlib"), int(sys.argv[2]) or usable_cores()
batch = read_file(sys.argv[1], case, log_rows=COUNTED, workers=workers)
opened = time.perf_counter() - begin
draft = Import(case, Amendment(case.root)).add(batch)
lines = list(draft_lines(draft, 100))
own, theirs = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({
    "rows": batch.rows, "records": len(batch.records), "names": len(draft.names), "lines": len(lines),
    "opened": opened, "wall": time.perf_counter() - begin, "workers": workers,
    "cpu": own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime,
    "mb": (own.ru_maxrss + (workers * theirs.ru_maxrss if workers > 1 else 0)) / 1024,
}))
"""


def write(path: Path, rows: int) -> None:
    """Write so many made-up rows, most of them in the period and the region of Idlib."""
    draw = random.Random(14)
    groups = [f"Militia {k} (Syria)" for k in range(800)] + ["Military Forces of Syria (2000-)"] * 200
    types = ("Armed clash", "Shelling/artillery/missile attack", "Air/drone strike", "Attack", "Peaceful protest")
    towns = [f"Town {k},{35 + draw.random():.4f},{36 + draw.random():.4f},{draw.choice('1123')}" for k in range(20_000)]
    notes = (
        "On that day, as a local monitor reported, forces of one side shelled the outskirts; nobody knows who began."
    )
    first = date(2017, 6, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        for k in range(rows):
            day = first + timedelta(days=draw.randrange(1200))
            one, other = draw.choice(groups), draw.choice(groups)
            town = draw.choice(towns)
            kind = draw.choice(types)
            file.write(
                f"SYR{k},{day:%d %B %Y},{day.year},1,Political violence,Battles,{kind},{one},,2,{other},,3,"
                f"23,,760,Middle East,Syria,Idleb,Idleb,District {k % 300},{town},Local monitor,Other,"
                f'"{notes}",{draw.randrange(5)},,{1_600_000_000 + k}\n'
            )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.csv"
        begin = time.perf_counter()
        write(path, rows)
        print(f"{rows:,} rows, {path.stat().st_size / 2**20:.0f} MB, written in {time.perf_counter() - begin:.0f} s")
        workers = sys.argv[2] if len(sys.argv) > 2 else "0"
        done = subprocess.run(
            [sys.executable, "-c", READ, str(path), workers], capture_output=True, text=True, check=True
        )
        found = json.loads(done.stdout)
    print(
        f"{found['rows']:,} rows read, {found['records']:,} in the case, {found['names']:,} names, by "
        f"{found['workers']} processes: {found['wall']:.1f} s by the clock ({found['opened']:.1f} s to open and map), "
        f"{found['cpu']:.1f} s of the processors, {found['mb']:.0f} MB at most"
    )


if __name__ == "__main__":
    main()
