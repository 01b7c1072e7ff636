"""A whole row of ACLED, UCDP GED and a plain table: what each cell becomes, and that a blank one takes its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from ledger_case import case

from standoff.errors import StandoffError
from standoff.intake.batch import read_file

TODAY = date(2026, 1, 1)
EMPTY = case()
ACLED = {
    "event_id_cnty": "XXX1", "event_date": "2020-01-15", "time_precision": "1", "event_type": "Battles",
    "sub_event_type": "Armed clash", "actor1": "Red", "assoc_actor_1": "Red militia", "inter1": "1", "actor2": "Blue",
    "assoc_actor_2": "Blue militia", "country": "Nowhere", "admin1": "North", "admin2": "Rivers", "admin3": "Lower",
    "location": "Middle", "latitude": "35.5", "longitude": "36.5", "geo_precision": "1", "source": "Wire; Paper",
    "source_scale": "National", "notes": "Their words.", "fatalities": "3", "tags": "a tag", "timestamp": "1579219200",
}  # fmt: skip
GED = {
    "id": "77", "relid": "X-1", "type_of_violence": "1", "conflict_name": "Nowhere: Government",
    "dyad_name": "Red - Blue", "side_a": "Red", "side_b": "Blue", "source_article": "Wire", "source_office": "Office",
    "source_date": "2020-01-06", "source_headline": "Their head", "where_prec": "2", "where_coordinates": "Northtown",
    "adm_1": "North", "adm_2": "Rivers", "latitude": "35.9", "longitude": "36.6", "country": "Nowhere",
    "event_clarity": "1", "date_start": "2020-01-03", "date_end": "2020-01-05", "deaths_a": "1", "deaths_b": "2",
    "deaths_civilians": "3", "deaths_unknown": "0", "best": "6", "low": "5", "high": "9", "code_status": "Clear",
}  # fmt: skip
PLAIN = {
    "date": "2020-03-05", "hour": "14:30", "place": "Saraqib", "province": "Idlib", "district": "East", "who": "Red",
    "target": "Blue", "what": "shelling", "latitude": "35.86", "longitude": "36.80", "killed": "2", "injured": "1",
    "source": "The mayor", "notes": "Their words.",
}  # fmt: skip
ROWS = {"acled": ACLED, "ged": GED, "plain": PLAIN}
NOBODY = ("unknown:not named",)


def report(row: dict[str, str]) -> dict[str, Any]:
    text = f"{','.join(row)}\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n"
    (one,) = read_file(text.encode(), EMPTY, today=TODAY, name="t.csv").records
    return asdict(one) | {"date": str(one.date), "tolls": [(t.measure, t.low, t.high) for t in one.tolls]}


WHOLE = {name: report(row) for name, row in ROWS.items()}
SAME = {
    "feed": "t.csv", "row": 2, "published": None, "actor": ("side:red",), "target": ("side:blue",),
    "actor_written": "Red", "target_written": "Blue",
}  # fmt: skip
FIELDS: dict[str, dict[str, Any]] = {
    "acled": {
        "id": "XXX1", "source": "ACLED", "licence": "ACLED, terms of use and attribution policy", "restricted": True,
        "known_from": date(2020, 1, 15), "known_by": date(2020, 1, 17), "date": "2020-01-15", "hour": "",
        "type": "clash", "subtype": "Armed clash", "place": "at:35.5000,36.5000,2km", "place_written": "Middle",
        "lat": 35.5, "lon": 36.5, "accuracy_km": 2.0, "areas": ("Nowhere", "North", "Rivers", "Lower"),
        "tolls": [("deaths", 3, 3)], "title": "Armed clash, Middle", "text": "Their words.",
        "others": {"told_by": "Wire; Paper", "actor_with": "Red militia", "target_with": "Blue militia",
                   "event_type": "Battles", "tags": "a tag", "told_by_scale": "National"},
    },
    "ged": {
        "id": "ged-77", "source": "UCDP GED", "licence": "CC BY 4.0", "restricted": False,
        "known_from": date(2020, 1, 3), "known_by": TODAY, "date": "2020-01-03/2020-01-05", "hour": "",
        "type": "assault", "subtype": "state-based", "place": "at:35.9000,36.6000,25km", "place_written": "Northtown",
        "lat": 35.9, "lon": 36.6, "accuracy_km": 25.0, "areas": ("Nowhere", "North", "Rivers"),
        "tolls": [("deaths", 5, 9), ("deaths-civilian", 3, None)], "title": "Red and Blue, fatal event", "text": "",
        "others": {"told_by": "Wire", "conflict": "Nowhere: Government", "dyad": "Red - Blue", "told_office": "Office",
                   "told_on": "2020-01-06", "headline": "Their head", "clarity": "1", "best": "6", "deaths_a": "1",
                   "deaths_b": "2", "deaths_unknown": "0", "code_status": "Clear"},
    },
    "plain": {
        "id": WHOLE["plain"]["id"], "source": "The mayor", "licence": "", "restricted": False,
        "known_from": date(2020, 3, 5), "known_by": TODAY, "date": "2020-03-05", "hour": "14:30",
        "type": "shelling", "subtype": "shelling", "place": "at:35.8600,36.8000,2km", "place_written": "Saraqib",
        "lat": 35.86, "lon": 36.8, "accuracy_km": 2.0, "areas": ("Idlib", "East"),
        "tolls": [("deaths", 2, 2), ("wounded", 1, 1)], "title": "shelling, Saraqib", "text": "Their words.",
        "target": ("blue",), "others": {},  # who was hit did not begin
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_every_field_of_a_report_is_what_its_cells_say(name: str) -> None:
    assert WHOLE[name] == SAME | FIELDS[name]


@pytest.mark.parametrize(("name", "first"), [(name, column) for name, row in ROWS.items() for column in row])
def test_a_report_is_the_same_whichever_column_stands_first(name: str, first: str) -> None:
    row = ROWS[name]
    found = report({first: row[first], **row})
    assert {**found, "id": ""} == {**WHOLE[name], "id": ""}


REFUSED = {
    "acled": ("event_id_cnty", "event_date", "sub_event_type"),
    "ged": ("id", "type_of_violence", "date_start", "date_end"),
    "plain": ("date",),
}
NOWHERE = {"place": "", "lat": None, "lon": None, "accuracy_km": None}
OTHERS = {  # a column that is blank, and what of the others goes with it
    "acled": {"event_type": "event_type", "assoc_actor_1": "actor_with", "assoc_actor_2": "target_with",
              "source": "told_by", "source_scale": "told_by_scale", "tags": "tags"},
    "ged": {"source_article": "told_by", "conflict_name": "conflict", "dyad_name": "dyad",
            "source_office": "told_office", "source_date": "told_on", "source_headline": "headline",
            "event_clarity": "clarity", "best": "best", "deaths_a": "deaths_a", "deaths_b": "deaths_b",
            "deaths_unknown": "deaths_unknown", "code_status": "code_status"},
    "plain": {},
}  # fmt: skip
BLANK: dict[str, dict[str, dict[str, Any]]] = {  # a column that is blank, and what the report says then
    "acled": {
        "actor1": {"actor": NOBODY, "actor_written": ""}, "actor2": {"target": NOBODY, "target_written": ""},
        "country": {"areas": ("North", "Rivers", "Lower")}, "admin1": {"areas": ("Nowhere", "Rivers", "Lower")},
        "admin2": {"areas": ("Nowhere", "North", "Lower")}, "admin3": {"areas": ("Nowhere", "North", "Rivers")},
        "location": {"place_written": "", "title": "Armed clash, no place given"},
        "latitude": NOWHERE, "longitude": NOWHERE,
        "geo_precision": {"place": "at:35.5000,36.5000,50km", "accuracy_km": 50.0},  # the coarsest
        "notes": {"text": ""}, "fatalities": {"tolls": []}, "timestamp": {"known_by": TODAY},
    },
    "ged": {
        "side_a": {"actor": NOBODY, "actor_written": "", "title": "a side that is not named and Blue, fatal event"},
        "side_b": {"target": NOBODY, "target_written": "", "title": "Red and a side that is not named, fatal event"},
        "where_prec": {"place": "at:35.9000,36.6000,300km", "accuracy_km": 300.0},
        "where_coordinates": {"place_written": ""}, "latitude": NOWHERE, "longitude": NOWHERE,
        "country": {"areas": ("North", "Rivers")}, "adm_1": {"areas": ("Nowhere", "Rivers")},
        "adm_2": {"areas": ("Nowhere", "North")}, "deaths_civilians": {"tolls": [("deaths", 5, 9)]},
        "low": {"tolls": [("deaths", None, 9), ("deaths-civilian", 3, None)]},
        "high": {"tolls": [("deaths", 5, None), ("deaths-civilian", 3, None)]},
    },
    "plain": {
        "hour": {"hour": ""}, "place": {"place_written": "", "title": "shelling, no place given"},
        "province": {"areas": ("East",)}, "district": {"areas": ("Idlib",)},
        "who": {"actor": NOBODY, "actor_written": ""}, "target": {"target": NOBODY, "target_written": ""},
        "what": {"type": "development", "subtype": "", "title": "an event, Saraqib"},
        "latitude": NOWHERE, "longitude": NOWHERE, "killed": {"tolls": [("wounded", 1, 1)]},
        "injured": {"tolls": [("deaths", 2, 2)]}, "source": {"source": "t.csv"}, "notes": {"text": ""},
    },
}  # fmt: skip


def blanks() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, row in ROWS.items():
        for column in row:
            others = {k: v for k, v in WHOLE[name]["others"].items() if k != OTHERS[name].get(column)}
            yield name, column, BLANK[name].get(column, {}) | {"others": others}


@pytest.mark.parametrize(("name", "column", "instead"), blanks())
def test_a_blank_cell_takes_what_it_says_and_nothing_else(name: str, column: str, instead: dict[str, Any]) -> None:
    row = {**ROWS[name], column: ""}
    if column in REFUSED[name]:
        with pytest.raises(StandoffError) as refused:
            report(row)
        assert [problem.line for problem in refused.value.problems] == [0, 2]
    else:
        assert report(row) | {"id": ""} == WHOLE[name] | {"id": ""} | instead
