"""How long it takes to open, map and preview a large export: rows like ACLED's, made up, CPU seconds and memory.

    python benchmarks/intake.py [ROWS]

The file is written to a temporary folder and read in a process of its own, as `standoff import` reads it before it
writes anything: opened, recognised, its columns settled, every row read, names and rows outside counted, and the first
hundred records made. Bars for 10^6 rows on 2 cores: 60 s, 1 GB.
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
from standoff.intake.batch import read_file

case = load("idlib")
begin, cpu = time.perf_counter(), time.process_time()
batch = read_file(sys.argv[1], case)
first = list(islice(batch.records, 100))
print(json.dumps({
    "rows": batch.rows, "records": len(batch.records), "names": len(batch.undecided), "first": len(first),
    "cpu": time.process_time() - cpu, "wall": time.perf_counter() - begin,
    "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
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
        done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
    print(
        f"{found['rows']:,} rows read, {found['records']:,} in the case, {found['names']:,} names not decided: "
        f"{found['cpu']:.1f} s of CPU ({found['wall']:.1f} s by the clock), {found['mb']:.0f} MB at most"
    )


if __name__ == "__main__":
    main()
