"""Make ``logs/fatal-events.csv`` of the Idlib case: fatal events of the north-west, 2018 to November 2019.

Run ``python docs/experiments/idlib_fatal_events.py FILE``, UCDP GED Syria, release 652.1601.1911 (CC BY 4.0), as
``ged_syria_2018_2019.csv``. Rows of four governorates are kept, with the line they have in the file. No row says when
it was published: possible from the day of the event on, certain from the end of the month of the release.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import standoff as so
from standoff.intake.batch import read_file
from standoff.intake.logs import COLUMNS, DATE, ID, log_cells

NORTH_WEST = ("Idlib", "Hamah", "Aleppo", "Latakia")
RELEASED = date(2020, 1, 31)  # the release is of January 2020
FIRST, LAST = date(2018, 1, 1), date(2019, 11, 30)


def main(file: Path) -> None:
    """Write the log."""
    case = so.load("idlib")
    batch = read_file(file, case, name=file.name)
    rows = []
    for report in batch.records:
        day = report.date.start
        inside = any(area.startswith(name) for area in report.areas[1:2] for name in NORTH_WEST)
        if inside and day is not None and FIRST <= day <= LAST:
            kept = replace(report, known_by=RELEASED, others={})
            rows.append(log_cells(kept, batch.source))
    target = Path(__file__).parents[2] / "src/standoff/cases/idlib/logs/fatal-events.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows, key=lambda cells: (cells[DATE], cells[ID])))
    print(f"{len(rows)} of {batch.rows} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
