"""Make ``src/standoff/levels/truces.csv``: deaths in the months after peace agreements, beside what was to be expected.

Run ``python docs/experiments/truce_classes.py FOLDER``, the folder holding UCDP's peace agreements and deaths by
country and month as ``ucdp_peace_agreements_to_2014.csv`` and ``world_country_months_to_2014.csv``.

What is expected: a log-linear autoregression of ``log(deaths + 1)`` on the month before, the means of 3 and 12 months
before and of all months before, fitted by least squares for each number of months ahead on all months of countries
with at least 25 deaths in the twelve months before, but those within six months after any agreement there. The
months before are those before the month of signing. Rules written down before the table was made.
"""

from __future__ import annotations

import csv
import sys
from datetime import date
from pathlib import Path

import numpy as np

MONTHS = 6
ACTIVE = 25


def main(folder: Path) -> None:
    """Fit what is to be expected, and write the table."""
    with (folder / "world_country_months_to_2014.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    months = [date.fromisoformat(row["month"]) for row in rows]
    number = {(m.year, m.month): i for i, m in enumerate(months)}
    countries = [name for name in rows[0] if name != "month"]
    deaths = {c: np.array([float(row[c] or 0) for row in rows]) for c in countries}
    with (folder / "ucdp_peace_agreements_to_2014.csv").open(encoding="utf-8-sig", newline="") as file:
        agreements = list(csv.DictReader(file))
    signed: dict[str, list[int]] = {}
    found = []
    for row in agreements:
        country = row["conflict_name"].split(":")[0].strip()
        day = date.fromisoformat(row["pa_date"][:10])
        month = number.get((day.year, day.month))
        if country in deaths and month is not None:
            signed.setdefault(country, []).append(month)
            found.append((row, country, day, month))
    x: list[list[float]] = []
    y: list[list[float]] = []
    for country, series in deaths.items():
        for month in range(12, len(months) - MONTHS):
            near = any(0 <= month - s <= MONTHS or 0 <= s - month <= MONTHS for s in signed.get(country, ()))
            if series[month - 12 : month].sum() >= ACTIVE and not near:
                x.append(looks(series, month))
                y.append([float(np.log1p(series[month + k])) for k in range(MONTHS + 1)])
    slope, *_ = np.linalg.lstsq(np.array(x), np.array(y), rcond=None)
    out = []
    for row, country, day, month in found:
        series = deaths[country]
        if month < 12 or month + MONTHS >= len(months) or series[month - 12 : month].sum() < ACTIVE:
            continue
        expected = np.array(looks(series, month)) @ slope
        record = {
            "id": row["paid"],
            "country": country,
            "signed": day.isoformat(),
            "ceasefire": row["cease"],
            "third_party": int(bool(row["pa_3rd"].strip())),
            "all_parties": int(row["inclusive"] == "1"),
            "year_before": int(series[month - 12 : month].sum()),
            "earlier": sum(1 for other in signed[country] if 0 < month - other <= 24),
        }
        for k in range(1, MONTHS + 1):
            record[f"deaths_{k}"] = int(series[month + k])
            record[f"expected_{k}"] = round(float(np.expm1(expected[k])), 2)
        out.append(record)
    target = Path(__file__).parents[2] / "src" / "standoff" / "levels" / "truces.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(out[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(out, key=lambda r: (r["signed"], int(r["id"]))))
    print(f"{len(out)} agreements of {len(agreements)}; fitted on {len(x)} months of countries")


def looks(series: np.ndarray, month: int) -> list[float]:
    """Return the terms of the autoregression: of the month before, 3 and 12 months, and all months before."""
    before = [series[month - 1], series[month - 3 : month].mean(), series[month - 12 : month].mean()]
    return [1.0, *(float(np.log1p(v)) for v in (*before, series[:month].mean()))]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
