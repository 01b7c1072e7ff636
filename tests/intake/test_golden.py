"""Real exports against a counter of their raw columns that knows nothing of ours; and names that charge nobody else."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from ledger_case import case

from standoff.case.model import NO_NAME, Case, bare
from standoff.intake.batch import Batch, read_file
from standoff.intake.party_names import PartyNames
from standoff.values import When

FETCHED = Path(__file__).parents[3] / "shared" / "data" / "fetched"
TODAY = date(2026, 1, 1)
EVENTS = [
    ("acled_2020_yemen_ukraine_syria.csv", "actor1", "actor2", "Yemen"),
    ("acled_2020_yemen_ukraine_syria.csv", "actor1", "actor2", "Ukraine"),
    ("acled_2020_yemen_ukraine_syria.csv", "actor1", "actor2", "Syria"),
    ("acled_benin_2022_2023.csv", "actor1", "actor2", "Benin"),
    ("ged_syria_2018_2019.csv", "side_a", "side_b", "Syria"),
    ("ucdp_hdx_bangladesh.csv", "side_a", "side_b", "Bangladesh"),
]
real = pytest.mark.fetched


def anywhere(actors: str = "") -> Case:
    made = case(actors=actors or "- {id: nobody-here, name: Nobody here, kind: armed-group}")
    region = (-180.0, -90.0, 180.0, 90.0)
    return replace(made, about=replace(made.about, period=When.parse("1945-01-01/2026-12-31"), region=region))


def raw(file: str) -> list[dict[str, str]]:
    path = FETCHED / file
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.DictReader(stream) if not any((c or "").startswith("#") for c in row.values())]


def undated(name: str) -> str:
    """A name without the years of a government, as ACLED writes them: one actor of a case stands for all of them."""
    return re.sub(r" \(\d{4}-(?:\d{4})?\)$", "", name)


def parties(batch: Batch) -> Iterator[tuple[str, set[str]]]:
    for report in batch.records:
        names = {bare(p) for p in (*report.actor, *report.target) if p != NO_NAME}
        yield report.areas[0], names


@real
@pytest.mark.parametrize(("file", "first", "second", "country"), EVENTS)
def test_counts_by_party_are_those_of_the_raw_columns(file: str, first: str, second: str, country: str) -> None:
    rows = [row for row in raw(f"events/{file}") if row["country"] == country]
    cells = [{row[c].strip() for c in (first, second) if row[c].strip() not in ("", "NA")} for row in rows]
    common = [name for name, _ in Counter(name for pair in cells for name in pair).most_common(12)]
    by_name = {undated(name): f"actor-{k}" for k, name in enumerate(common)}
    expected: Counter[str] = Counter(
        name for pair in cells for name in {by_name.get(undated(written), written) for written in pair}
    )
    actors = json.dumps([{"id": of, "name": name, "kind": "armed-group"} for name, of in by_name.items()])
    batch = read_file(FETCHED / "events" / file, anywhere(actors), today=TODAY)
    found = Counter(name for area, names in parties(batch) if area == country for name in names)
    lists = [name for name in expected if ", Government of" in name or ";" in name]  # several parties in one cell
    for name in lists:
        del expected[name]
    single = {name: n for name, n in found.items() if name in expected}
    assert single == dict(expected)
    assert sum(found.values()) >= sum(expected.values())
    assert sum(1 for area, _ in parties(batch) if area == country) == len(rows)


@real
@pytest.mark.parametrize("file", sorted({file for file, *_ in EVENTS}))
def test_deaths_days_and_places_add_up_as_in_the_raw_columns(file: str) -> None:
    rows = raw(f"events/{file}")
    batch = read_file(FETCHED / "events" / file, anywhere(), today=TODAY)
    low, high = ("fatalities", "fatalities") if "acled" in file else ("low", "high")
    tolls = [report.tolls[0] for report in batch.records if report.tolls]
    assert len(batch.records) == batch.rows == len(rows)
    assert sum(t.low for t in tolls) == sum(min(int(r[low]), int(r[high])) for r in rows)
    assert sum(t.high for t in tolls) == sum(max(int(r[low]), int(r[high])) for r in rows)
    assert sum(r.lat for r in batch.records) == pytest.approx(sum(float(r["latitude"]) for r in rows))
    assert sum(r.lon for r in batch.records) == pytest.approx(sum(float(r["longitude"]) for r in rows))
    word = {"1": "state-based", "2": "non-state", "3": "one-sided"}
    column = "sub_event_type" if "acled" in file else "type_of_violence"
    assert Counter(r.subtype for r in batch.records) == Counter(word.get(r[column], r[column]) for r in rows)
    assert [r.row for r in batch.records[:3]] == ([3, 4, 5] if "hdx" in file else [2, 3, 4])
    assert len({r.id for r in batch.records}) == len(rows)


def figures(file: str, kind: str | None = None) -> Batch:
    raw(f"displacement/{file}")
    return read_file(FETCHED / "displacement" / file, anywhere(), kind=kind, today=TODAY)


@real
def test_figures_of_dtm_are_those_of_the_raw_column() -> None:
    rows = raw("displacement/iom_dtm_afghanistan_hdx.csv")
    batch = figures("iom_dtm_afghanistan_hdx.csv")
    values = [float(r["numPresentIdpInd"]) for r in rows if r["numPresentIdpInd"]]
    assert (batch.source, batch.rows, len(batch.records)) == ("dtm", len(rows), len(values))
    assert sum(f.value for f in batch.records) == sum(values)
    assert {f.measure for f in batch.records} == {"idps-stock"}
    codes = [r["admin2Pcode"] or r["admin1Pcode"] or r["admin0Pcode"] for r in rows]
    assert [f.pcode for f in batch.records] == [c for c, r in zip(codes, rows, strict=True) if r["numPresentIdpInd"]]
    assert Counter(str(f.from_) for f in batch.records) == Counter(r["reportingDate"][:10] for r in rows)
    assert len({f.id for f in batch.records}) == len(batch.records)


@real
@pytest.mark.parametrize("file", ["unhcr_moldova.csv", "unhcr_poland.csv"])
def test_figures_of_unhcr_are_those_of_the_raw_columns_in_csv_and_in_json(file: str) -> None:
    rows = raw(f"displacement/{file}")
    batch = figures(file)
    by_name = {name: [f for f in batch.records if name in f.indicator] for name in rows[0] if name != "data_date"}
    for name, found in by_name.items():
        assert [f.value for f in found] == [float(r[name]) for r in rows]
    assert str(batch.records[0].from_) == "2022-02-24"
    last = by_name["cumulative_refugees"][-1]
    assert (str(last.from_), last.measure) == ("2022-02-24", "border-crossings")  # so far: from the first day on
    # the portal's own answer has this shape (data.timeseries); the numbers are those of the file
    answer = {"data": {"timeseries": [
        {"data_date": r["data_date"], "individuals": int(r["cumulative_refugees"])} for r in rows
    ]}}  # fmt: skip
    of_json = read_file(json.dumps(answer).encode(), anywhere(), today=TODAY)
    assert (of_json.source, of_json.format) == ("unhcr-portal", "json")
    assert [f.value for f in of_json.records] == [float(r["cumulative_refugees"]) for r in rows]


@real
def test_figures_of_idmc_are_those_of_the_raw_columns() -> None:
    rows = raw("displacement/idmc_monthly_128_countries.csv")
    cells = [(r["month"], c, float(v)) for r in rows for c, v in r.items() if c != "month" and v]
    batch = figures("idmc_monthly_128_countries.csv", "idmc-months")
    assert [(str(f.from_)[:7], f.pcode, f.value) for f in batch.records] == cells
    assert all(f.to.end.month == f.from_.start.month for f in batch.records)


@real
def test_agreements_of_ucdp_have_their_parties_days_and_clauses() -> None:
    rows = raw("events/ucdp_peace_agreements_to_2014.csv")
    batch = read_file(FETCHED / "events" / "ucdp_peace_agreements_to_2014.csv", anywhere(), today=TODAY)
    assert [d.id for d in batch.records] == [f"ucdp-{r['paid']}" for r in rows]
    assert [str(d.date) for d in batch.records] == [r["pa_date"] for r in rows]
    assert sum("ceasefire" in d.provisions for d in batch.records) == sum(r["cease"] == "1" for r in rows)
    for draft, row in zip(batch.records, rows, strict=True):
        names = [p.strip() for p in row["actor_name"].split(",") if p.strip()]
        if len(names) == len([n for n in row["actor_id"].split(",") if n.strip()]):
            assert [bare(p) for p in draft.agreement.parties] == list(dict.fromkeys(names))


# names as ACLED and UCDP form them, all made after their public patterns; whom each names is written beside it
PEOPLE = {
    "syria": ("Syria", "state"), "yemen": ("Yemen", "state"), "mali": ("Mali", "state"),
    "isil": ("Islamic State", "armed-group"), "aqap": ("AQAP", "armed-group"),
    "front": ("Sham Front", "armed-group"),
}  # fmt: skip
FORMS = [
    "{n} Communal Militia ({c})", "Mutiny of Military Forces of {c} (2012-2020)",
    "Former Government of {c} (1990-2000)", "Military Forces of {c} (2020-) Republican Guard",
    "Police Forces of {c} (2020-) Gendarmerie", "Unidentified Armed Group ({c})", "Rioters ({c})",
    "Protesters ({c})", "Civilians ({c})", "Refugees/IDPs ({c})", "Labor Group ({c})",
    "{n} and/or Islamist Militia", "Global Coalition Against {n}", "Militia (Pro-{n})",
    "Unidentified Military Forces ({c})", "Private Security Forces ({c})", "{n}-Backed Opposition",
    "{n} Liberation Army", "Splinter Group of {n} ({c})", "{c} insurgents", "Opposition of {c}",
    "Non-{n} Forces ({c})", "Government of {c} (2016-) Supreme Political Council", "Prison Guards ({c})",
    "Aid Workers ({c})", "Supporters of {n}", "{n} faction (forces of X)", "Forces of the Governor of {c} Province",
    "Operation: {n} Storm", "Tribal Militia of {c}", "{n} Youth Wing", "Anti-{n} Militia ({c})",
    "Journalists ({c})", "Students of {c}",
]  # fmt: skip
SAYS = [
    *((f"Government of {c} (2000-)", of) for c, of in (("Syria", "syria"), ("Yemen", "yemen"), ("Mali", "mali"))),
    *((f"Military Forces of {c} (2012-2020)", of) for c, of in (("Syria", "syria"), ("Yemen", "yemen"))),
    ("Islamic State (Syria)", "isil"), ("Islamic State (Yemen)", "isil"), ("IS: Islamic State", "isil"),
]  # fmt: skip
NONE = [
    form.format(n=PEOPLE[of][0], c=country)
    for form, (of, country) in product(
        FORMS,
        [
            ("isil", "Syria"),
            ("aqap", "Yemen"),
            ("front", "Syria"),
            ("isil", "Mali"),
            ("aqap", "Mali"),
            ("front", "Mali"),
        ],
    )
]


def test_of_200_names_none_is_charged_to_a_party_that_it_does_not_name() -> None:
    actors = json.dumps([{"id": of, "name": name, "kind": kind} for of, (name, kind) in PEOPLE.items()])
    names = PartyNames(anywhere(actors))
    assert len({*NONE, *(name for name, _ in SAYS)}) + len(OTHER_COUNTRY) >= 200
    assert {name: names.id_of(name) for name in NONE if names.id_of(name)} == {}
    assert {name: names.id_of(name) for name, _ in SAYS} == dict(SAYS)


OTHER_COUNTRY = [
    (own, f"{group} ({country})")
    for group in (
        "Protesters",
        "Rioters",
        "Civilians",
        "Police Guards",
        "Farmers",
        "Unidentified Armed Group",
        "Labor Group",
    )
    for own in (f"{group} (Yemen)",)
    for country in (
        "Ukraine",
        "Syria",
        "Benin",
        "Mali",
        "Bangladesh",
        "Niger",
        "Ivory Coast",
        "United States",
        "Chad",
        "Iraq",
        "Kenya",
        "Togo",
    )
]


@pytest.mark.parametrize(("own", "written"), OTHER_COUNTRY)
def test_a_group_of_one_country_is_none_of_another(own: str, written: str) -> None:
    names = PartyNames(anywhere(json.dumps([{"id": "ours", "name": own, "kind": "civilians"}])))
    assert names.id_of(own) == "ours"
    assert names.id_of(written) is None
