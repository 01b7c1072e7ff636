"""A made-up case and a made-up run for tests of the views. Nothing in it is real: Elbonia, Freedonia, Sylvania.

Some records carry hostile text on purpose (markup, a script address, characters that turn text around).
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from standoff.case.model import Case
from standoff.case.read import read_records
from standoff.runs.results import Arrivals, Break, CameFrom, Fan, LedgerSpan, Matters, Outlook, Present, Run
from standoff.runs.spec import default_accounts

RLO = "\N{RIGHT-TO-LEFT OVERRIDE}"
HOSTILE = "<script>alert(1)</script>"

FILES = {
    "case.yaml": """
id: madeup
title: A made-up standoff in Elbonia
edition: "1"
period: 2001-01-01/2001-12-31
start: 2001-03-01
days: 30
region: [10, 10, 12, 11.6]
disclaimer: Nothing here is real.
""",
    "sources.yaml": """
- {id: gazette, name: The Elbonia Gazette, kind: outlet}
- {id: herald, name: The Freedonia Herald, kind: outlet}
- {id: ann, name: Writer One, kind: person, of: gazette}
- {id: bob, name: "<img src=x onerror=alert(2)>", kind: person, of: herald}
""",
    "documents.yaml": f"""
- {{id: gazette-1, title: "Mud in Elbonia {HOSTILE}", author: [ann], outlet: gazette, published: 2001-02-20,
   voice: one, paragraphs: 4, url: "javascript:alert(3)"}}
- {{id: herald-1, title: Who moved the mud, author: [bob], outlet: herald, published: 2001-02-21, voice: two,
   paragraphs: 4, url: "https://example.org/mud"}}
""",
    "claims.yaml": """
- id: c-one
  document: gazette-1
  at: {paragraph: 2, anchor: "the gate <b>stays</b> open"}
  text: Sylvania promised to keep the gate open.
  chain: [ann]
  realis: promised
  says: {commitment: gate}
- id: c-two
  document: herald-1
  at: {paragraph: 3, anchor: "nobody promised"}
  text: "Nobody promised anything, says \\u202Eeht dlareH."
  chain: [bob]
  realis: denied
  says: {commitment: gate}
- id: c-three
  citation: "Made-up bulletin 7, https://example.org/bulletin/7"
  published: 2001-02-22
  text: Freedonia shelled Mudville.
  chain: [herald]
  says: {event: shelling, actor: freedonia, at: mudville, date: 2001-02-10, recorded: e1}
""",
    "disputes.yaml": """
- id: dis-01
  question: Did Sylvania promise to keep the gate open?
  kind: polarity
  moves: whether the promise is in force
  answers:
    - {id: yes, text: It did., claims: [c-one]}
    - {id: no, text: It did not., claims: [c-two], sets: {commitments_off: gate}}
- id: dis-02
  question: How deep is the mud?
  kind: value
  unmodelled: depth of mud moves nothing
  answers:
    - {id: deep, text: Deep., assumed: made up}
    - {id: shallow, text: Shallow., claims: [c-two]}
""",
    "accounts.yaml": """
- {id: one, title: As the Gazette tells it, voices: [gazette], answers: {dis-01: "yes"}}
- {id: two, title: As the Herald tells it, voices: [herald], answers: {dis-01: "no"}}
- {id: pooled, title: Both voices pooled, kind: pooled, credence: {one: 0.5, two: 0.5}}
""",
    "actors.yaml": """
- {id: elbonia, name: Elbonia, kind: state}
- {id: freedonia, name: Freedonia, kind: state}
- {id: sylvania, name: Sylvania, kind: state, name_ar: سيلفانيا}
""",
    "commitments.yaml": """
- id: gate
  title: Sylvania keeps the gate open
  kind: maintain
  debtor: sylvania
  creditor: elbonia
  from: 2001-01-05
  forbid: {type: border-closed, actor: sylvania}
  claims: [c-one]
- id: mud-threat
  title: Freedonia threatens to throw mud
  kind: achieve
  adverse: true
  debtor: freedonia
  creditor: elbonia
  from: 2001-01-20
  by: 2001-02-15
  when: {type: shelling, actor: elbonia}
  then: {type: shelling, actor: freedonia}
  assumed: made up for a test
- id: withdraw
  title: Elbonia withdraws from Mudville
  kind: achieve
  debtor: elbonia
  creditor: freedonia
  from: 2001-01-10
  by: 2001-02-01
  then: {type: withdrawal, actor: elbonia, at: mudville}
  citation: "Made-up treaty, https://example.org/treaty"
""",
    "parameters.yaml": """
- {id: intensity.airstrike, title: Depth of mud, value: 0.5, range: [0.1, 0.9], unit: m, assumed: made up for a test}
- {id: intensity.shelling, title: Share let through, value: 0.3, range: [0, 1], unit: share, claims: [c-one]}
""",
    "outcomes.yaml": """
- {id: shut, title: Sylvania shuts the gate, border: shut}
- {id: many, title: More than 40 000 people are newly displaced, people: newly-displaced, threshold: 40000}
""",
    "scenarios.yaml": """
- {id: base, title: As things stand, lever: none}
- {id: stock, title: Tents stand at Mudcamp, lever: humanitarian}
""",
    "places.csv": (
        "id,name,name_ar,kind,lat,lon,country,sector,residents,displaced,accuracy_km,source\n"
        "mudville,Mudville,مدينة الطين,town,10.5,10.6,EL,west,60000,0,0,made up\n"
        "dryton,Dryton,,town,11.1,11.2,EL,west,25000,4000,0,made up\n"
        "mudcamp,Mudcamp,مخيم,camp_area,11.2,10.7,EL,border,0,30000,3,made up\n"
        f'gatehouse,"Gate <svg onload=alert(4)>{RLO}",,crossing,11.4,11.0,EL,border,0,0,2,made up\n'
        "lookout,Lookout Seven,,observation_post,10.8,11.5,EL,west,0,0,5,made up\n"
    ),
    "routes.csv": "a,b,km\nmudville,dryton,80\ndryton,mudcamp,40\nmudcamp,gatehouse,20\n",
    "events.csv": (
        "id,date,type,actor,target,place,title,known,claims,source,variant_of\n"
        "e1,2001-02-10,shelling,freedonia,elbonia,mudville,Freedonia shells Mudville,2001-02-22,c-three,,\n"
        "e2,2001-02-20,border-closed,sylvania,,gatehouse,Sylvania shuts the gate for a day,,,a made-up gazette,\n"
    ),
    "observed.csv": (
        "id,from,to,measure,indicator,value,title\n"
        "o1,2001-03-01,2001-03-10,people-displaced,displaced since 1 March,9000,Made-up count\n"
        "o2,2001-03-01,2001-03-20,displacement-movements,movements,90000,Movements must not be drawn\n"
    ),
    "zones.geojson": """
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"id": "strip", "title": "Dry strip", "certainty": "possible", "from": "2001-01-05"},
  "geometry": {"type": "Polygon", "coordinates": [
    [[10.4, 10.7], [11.6, 10.7], [11.6, 10.9], [10.4, 10.9], [10.4, 10.7]]]}},
 {"type": "Feature", "properties": {"id": "m1", "title": "M1 road"},
  "geometry": {"type": "LineString", "coordinates": [[10.2, 10.3], [10.9, 10.9], [11.8, 11.3]]}}]}
""",
}


def write_case(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write the made-up case below ``root``; ``files`` replaces or adds files by name."""
    for name, text in (FILES | (files or {})).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return root


def read_case(root: Path, files: dict[str, str] | None = None) -> Case:
    """Write and read the made-up case."""
    case, problems = read_records(write_case(root, files))
    assert case is not None, problems
    return case


def present_rows(account: str, scenario: str) -> list[Present]:
    """Return people by area on two days; the tents of a scenario draw people to the border."""
    rows = []
    more = 1.2 if scenario == "stock" else 1.0
    for on, share in (("2001-03-08", 0.4), ("2001-03-31", 1.0)):
        for area, start, stay in (("west", 4000.0, 9000.0), ("border", 30000.0, 21000.0 * more)):
            for measure, begun, mean in (
                ("present", start + 50000, start + 50000 + share * stay),
                ("displaced", start, start + share * stay),
                ("newcomers", 0.0, share * stay),
            ):
                ends = [round(mean * part) for part in (0.7, 0.75, 0.9, 1.0, 1.1, 1.3, 1.4)]
                stock = (28000.0, "2001-02-01") if measure == "displaced" and area == "border" else (None, "")
                rows.append(Present(account, scenario, "", area, on, measure, begun, mean, *ends, *stock))
    return rows


def make_run(case: Case, n: int = 200, scenarios: tuple[str, ...] = ("base", "stock")) -> Run:
    """Make up a run of the case: numbers of a seeded generator, shaped like those of the world."""
    accounts = default_accounts(case)
    start = date(2001, 3, 1)
    rng = random.Random(7)
    columns: dict[str, list] = {k: [] for k in ("account", "scenario", "trajectory", "shut", "many", "newly-displaced")}
    outlook, quantiles, arrivals, breaks, ledger, matters = [], [], [], [], [], []
    present, origins = [], []
    for a, account in enumerate(accounts):
        finals = [int(rng.choice((20000, 55000)) * rng.uniform(0.8, 1.2)) + 3000 * a for _ in range(n)]
        for s, scenario in enumerate(scenarios):
            ends = [int(f * (1 - 0.1 * s * rng.random())) for f in finals]
            shut = [rng.randint(1, 30) if rng.random() < 0.3 + 0.2 * a else None for _ in range(n)]
            many = [30 if f > 40000 else None for f in ends]
            for i in range(n):
                for name, value in zip(columns, (account, scenario, i, shut[i], many[i], ends[i]), strict=True):
                    columns[name].append(value)
            for outcome, values in (("shut", shut), ("many", many)):
                p = sum(v is not None for v in values) / n
                low, high = max(0.0, p - 0.05), min(1.0, p + 0.05)
                title = case.outcomes[outcome].title
                outlook.append(Outlook(account, scenario, outcome, title, n, p, low, high, "2001-03-31"))
            ordered = sorted(ends)
            for d in range(31):
                q = [ordered[int(x * (n - 1))] * d / 30 for x in (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)]
                when = (start + timedelta(days=d)).isoformat()
                quantiles.append(Fan(account, scenario, "displaced-people", "", when, sum(q) / 7, *q))
            for place, share in (("mudcamp", 0.6), ("dryton", 0.3), ("gatehouse", 0.0)):
                low, mid, high = (ordered[int(x * (n - 1))] * share for x in (0.05, 0.5, 0.95))
                arrivals.append(Arrivals(account, scenario, place, "2001-03-31", mid, low, mid, high))
            present += present_rows(account, scenario)
            origins.append(CameFrom(account, scenario, "", "border", "2001-03-31", "", "west", 21000.0))
            for name, first in (("gate", 0.62 - 0.2 * a), ("withdraw", 0.2), ("mud-threat", 0.1)):
                c = case.commitments[name]
                debtor = ";".join(c.debtor)
                breaks.append(
                    Break(account, scenario, name, c.title, debtor, c.adverse, n, 0.9, first + 0.05, first, 12, 1.0)
                )
        broken = "satisfied" if account == "one" else "violated"
        ledger += [
            LedgerSpan("gate", "", account, "", "2001-01-05", "2001-02-19", "detached", "detached", 0),
            LedgerSpan("gate", "", account, "", "2001-02-20", "2001-03-01", "violated", "violated", 1),
            LedgerSpan("withdraw", "", account, "", "2001-01-10", "2001-01-31", "detached", "unknown", 0),
            LedgerSpan(
                "withdraw", "", account, "", "2001-02-01", "2001-03-01", broken, broken, int(broken == "violated")
            ),
            LedgerSpan("mud-threat", "", account, "", "2001-01-20", "2001-02-15", "conditional", "conditional", 0),
        ]
    for outcome in ("shut", "many"):
        matters.append(
            Matters(outcome, "dis-01", case.disputes["dis-01"].question, n, 0.7, 0.3, 0.25, 0.2, 0.31, 0.9, 0.05)
        )
        matters.append(
            Matters(outcome, "dis-02", case.disputes["dis-02"].question, n, 0.7, 0.3, 0.03, 0, 0.08, 0.1, 0.01)
        )
    meta = {
        "standoff": "0",
        "case": {"id": case.about.id, "title": case.about.title, "digest": case.digest, "edition": case.about.edition},
        "spec": {
            "start": "2001-03-01",
            "days": 30,
            "trajectories": n,
            "seed": 1,
            "batch": 100,
            "accounts": list(accounts),
            "scenarios": list(scenarios),
            "as_of": None,
        },
        "outcomes": [
            {"id": o.id, "title": o.title, "question": o.question, "kind": "people" if o.people else "border"}
            for o in case.outcomes.values()
        ],
    }
    return Run(
        meta=meta,
        outlook=tuple(outlook),
        quantiles=tuple(quantiles),
        arrivals=tuple(arrivals),
        present=tuple(present),
        origins=tuple(origins),
        breaks=tuple(breaks),
        ledger=tuple(ledger),
        matters=tuple(matters),
        outcomes=columns,
    )
