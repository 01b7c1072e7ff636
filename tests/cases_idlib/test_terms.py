"""The terms, events and geography of the Idlib case: what must be there, and what must add up."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from shapely import union_all
from shapely.geometry import Point, shape

from standoff.evidence.accounts import reports, stances_of

ROOT = Path(__file__).parents[2]
CASE = ROOT / "src/standoff/cases/idlib"
COMPILED = ROOT.parent / "shared/data/compiled"


@pytest.fixture
def case(idlib):
    return idlib


def _base(event: str) -> str:
    return event.split("-")[0]


def test_enough_commitments_and_threats(case):
    threats = [c for c in case.commitments.values() if c.adverse]
    assert len(case.commitments) >= 100
    assert len(threats) >= 40
    assert {"threat", "red-line", "ultimatum"} <= {c.form for c in threats}


def test_every_clause_and_every_row_of_the_articles_is_there(case):
    clauses = [f"astana-{n}" for n in range(1, 6)] + [f"sochi-{n}" for n in range(1, 11)]
    clauses += [f"moscow-{n}" for n in range(1, 4)]
    assert not [c for c in clauses if c not in case.commitments]
    rows = {row for c in case.commitments.values() for row in c.row}
    numbers = [*range(1, 23), *range(30, 46), *range(50, 68)]
    wanted = {f"COM-{n:02d}" for n in numbers} | {"COM-03a", "COM-08c", "COM-10b"}
    assert wanted <= rows
    assert {f"S{n}" for n in range(1, 11)} | {"M1", "M2", "M3", "G1", "U1"} <= rows
    assert {f"A{n}" for n in range(1, 6)} | {f"T{n}" for n in range(1, 6)} <= rows
    agreements = {row for a in case.agreements.values() for row in a.row}
    assert {f"AGR-{n:02d}" for n in range(1, 12)} <= agreements


def test_a_term_that_nothing_can_show_says_so(case):
    for c in case.commitments.values():
        assert bool(c.observable) != bool(c.then or c.forbid), c.id


def test_an_unstated_span_is_an_assumption_with_a_range(case):
    for c in case.commitments.values():
        for span in (c.within, c.every):
            if span is not None and span.assumed:
                assert span.low < span.days < span.high, c.id


def test_articles_2_and_5_are_unconditional_and_the_linkage_is_a_reading(case):
    for name, reading in (("sochi-2", "russia-conditional"), ("sochi-5", "turkey-conditional")):
        text = case.commitments[name]
        assert text.while_ is None and text.when is None and text.condition == "unconditional"
        assert {r.id: r.while_ for r in text.readings}[reading] is not None


def test_the_second_ultimatum_replaces_the_first_and_only_that(case):
    assert case.commitments["ultimatum-2020-02-15"].supersedes == ("ultimatum-2020-02-05",)
    assert case.commitments["ultimatum-2020-02-15"].from_.start == date(2020, 2, 15)
    assert case.commitments["ultimatum-2020-02-05"].when.by.end == date(2020, 2, 29)


def test_all_rows_of_the_timeline_are_told(case):
    rows = {_base(e) for e in case.events if e[0] == "t" and e[1:4].isdigit()}
    assert len(rows) == 142
    for event in case.events.values():
        assert event.source or event.claims, event.id
        assert event.title.strip() and event.known is not None, event.id


def test_of_versions_of_a_happening_the_record_is_sure_of_none(case):
    by_dispute = {name for stances in stances_of(case).values() for stance in stances for name in stance.events}
    groups: dict[str, list[str]] = {}
    for event in case.events.values():
        if event.variant_of:
            groups.setdefault(event.variant_of, []).append(event.id)
    settled = {"t036", "t055", "t089", "t116", "t125"}  # a dispute asks which version holds
    left_open = {"t107", "m-2018-11-24-aleppo"}  # accounts choose none of them
    assert set(groups) == settled | left_open
    in_record = {report.event.id: (report.asserted, report.denied) for report in reports(case, "record")}
    for name, members in groups.items():
        assert len(members) >= 2
        assert (set(members) <= by_dispute) == (name in settled)
        assert all(case.events[one].contested for one in members if name in left_open)
        assert {in_record[one] for one in members} == {(True, True)}


def test_people_add_up_to_the_published_totals(case):
    held = [p for p in case.places.values() if p.side == "opposition"]
    assert sum(p.residents + p.displaced for p in held) == 2_987_916
    assert sum(p.displaced for p in held) == 1_400_000
    by_id = case.places
    dana = [by_id[n] for n in ("dana", "sarmada", "atma", "qah", "deir-hassan", "kafr-lusin")]
    assert sum(p.residents + p.displaced for p in dana) == 712_000
    assert by_id["maarat-al-numan"].residents + by_id["maarat-al-numan"].displaced == 163_800
    assert by_id["salqin"].displaced == 87_000
    assert sum(by_id[n].displaced for n in ("atarib", "batabo", "mezanaz")) == 133_000
    assert by_id["azaz"].displaced + by_id["azaz-camps"].displaced == 168_000
    assert by_id["al-bab"].displaced + by_id["al-bab-camps"].displaced == 96_000
    assert not any(p.residents + p.displaced for p in by_id.values() if p.side in ("government", "turkey", "europe"))


def _neighbours(case) -> dict[str, set[str]]:
    roads: dict[str, set[str]] = {}
    for r in case.routes:
        roads.setdefault(r.a, set()).add(r.b)
        roads.setdefault(r.b, set()).add(r.a)
    return roads


def test_everyone_is_on_one_connected_road_graph(case):
    roads = _neighbours(case)
    reached, border = set(), {next(iter(roads))}
    while border:
        reached |= border
        border = set().union(*(roads[place] for place in border)) - reached
    assert reached == set(roads)
    assert not [p.id for p in case.places.values() if p.residents + p.displaced and p.id not in roads]
    assert all(r.basis.startswith("assumed") for r in case.routes)


def test_turkey_is_reached_only_through_crossings_and_sides_only_through_named_links(case):
    for r in case.routes:
        a, b = case.places[r.a], case.places[r.b]
        if {a.country, b.country} == {"SY", "TR"}:
            assert "crossing" in (a.kind, b.kind), (r.a, r.b)
        elif {a.side, b.side} == {"opposition", "government"}:
            assert "internal_crossing" in (a.kind, b.kind), (r.a, r.b)
    shut = {(c.a, c.b) for c in case.closures if c.kind == "border" and c.until is None}
    assert ("SY", "TR") in shut


def test_a_road_is_a_third_longer_than_the_straight_line(case):
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    for r in case.routes:
        a, b = case.places[r.a], case.places[r.b]
        straight = geod.inv(a.lon, a.lat, b.lon, b.lat)[2] / 1000
        assert r.km == pytest.approx(max(straight * 1.3, 0.5), abs=0.06), (r.a, r.b)


def test_quality_shows_in_the_accuracy(case):
    assert sum(p.kind != "beyond" for p in case.places.values()) == 191
    for p in case.places.values():
        if p.kind == "beyond":
            assert p.source.startswith("assumed") and p.accuracy_km >= 5
            continue
        assert {"A": 1, "B": 2, "C": 1}[p.quality] <= p.accuracy_km <= 5, p.id
        assert "GeoNames" in p.source or "assumed" in p.source, p.id


def test_zones_are_valid_and_nested(case):
    parts = {(z.id, z.certainty): shape(z.geometry) for z in case.zones}
    assert all(s.is_valid and not s.is_empty for s in parts.values())
    assert {"idlib-deescalation-area", "sochi-dmz", "contact-line-2020", "m4-corridor", "m5"} <= {
        z.id for z in case.zones
    }
    area = parts["idlib-deescalation-area", "certain"].buffer(0.003)
    for name in ("sochi-dmz", "contact-line-2020"):
        assert parts[name, "possible"].buffer(0.003).covers(parts[name, "certain"])
    assert area.covers(parts["sochi-dmz", "possible"])
    assert all("approximate" in z.basis or "assumed" in z.basis or "map only" in z.basis for z in case.zones)


def test_zones_hold_the_places_they_are_about(case):
    at = {p.id: Point(p.lon, p.lat) for p in case.places.values()}
    whole = {
        name: union_all([shape(z.geometry) for z in case.zones if z.id == name]) for name in {z.id for z in case.zones}
    }
    area = whole["idlib-deescalation-area"]
    for name in ("idlib", "saraqib", "khan-shaykhun", "morek", "atarib", "haritan", "jisr-al-shughur", "atma"):
        assert area.contains(at[name]), name
    for name in ("hama", "aleppo", "nubl", "afrin", "azaz", "kinsabba", "abu-al-duhur", "reyhanli"):
        assert not area.contains(at[name]), name
    assert whole["m4-corridor"].contains(at["trumba"]) and whole["m4-corridor"].contains(at["ain-al-hawr"])
    assert not whole["m4-corridor"].contains(at["idlib"])
    assert not whole["sochi-dmz"].contains(at["idlib"])


def test_figures_keep_their_measure(case):
    assert len(case.observed) == 233
    wave = [
        o for o in case.observed.values()
        if o.measure == "people-displaced" and o.from_.start == date(2019, 12, 1) and o.source == "OCHA"
        and o.place == "NW Syria" and o.indicator == "people displaced"
    ]  # fmt: skip
    values = [o.value for o in sorted(wave, key=lambda o: o.to.end)]
    assert values == sorted(values) and values[0] == 284_000 and values[-1] == 948_000
    movements = [o for o in case.observed.values() if o.indicator.startswith("displacements (CCCM)")]
    assert {o.measure for o in movements} == {"displacement-movements"}
    assert {
        o.measure
        for o in case.observed.values()
        if "assessed communities" in o.indicator and "stock" not in o.indicator
    } == {"movements-partial"}


def test_the_zones_script_gives_the_shipped_file(tmp_path):
    (tmp_path / "places.csv").write_bytes((CASE / "places.csv").read_bytes())
    subprocess.run([sys.executable, ROOT / "examples/idlib_zones.py", tmp_path], check=True)
    made, shipped = (json.loads((p / "zones.geojson").read_text(encoding="utf-8")) for p in (tmp_path, CASE))
    assert [f["properties"] for f in made["features"]] == [f["properties"] for f in shipped["features"]]
    for a, b in zip(made["features"], shipped["features"], strict=True):
        assert shape(a["geometry"]).symmetric_difference(shape(b["geometry"])).area < 1e-4


@pytest.mark.skipif(not COMPILED.is_dir(), reason="the compiled table of places is not beside this project")
def test_the_places_script_gives_the_shipped_tables(tmp_path):
    (tmp_path / "places.csv").write_bytes((CASE / "places.csv").read_bytes())
    script = ROOT / "examples/idlib_places.py"
    subprocess.run([sys.executable, script, COMPILED / "places.csv", tmp_path], check=True)
    for name in ("places.csv", "routes.csv"):
        made, shipped = (list(csv.reader((p / name).open(encoding="utf-8"))) for p in (tmp_path, CASE))
        assert made == shipped
