"""A made-up case: places A and B, actors red, blue and green, outlets that do not exist. Nothing in it is real."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from standoff.case.model import Case
from standoff.case.read import read_records

FILES = {
    "case.yaml": """
id: invented
format: 2
title: An invented standoff between red and blue
edition: "1"
period: 2001-01-01/2001-12-31
start: 2001-03-01
days: 30
region: [0, 0, 10, 10]
""",
    "sources.yaml": """
- {id: outlet-one, name: Outlet One, kind: outlet}
- {id: outlet-two, name: Outlet Two, kind: outlet}
- {id: wire, name: The Invented Wire, kind: agency}
- {id: ann, name: Writer One, kind: person, of: outlet-one}
- {id: bob, name: Writer Two, kind: person, of: outlet-two}
- {id: a-red-officer, name: an unnamed red officer, kind: anonymous, of: red-command, party: red}
- {id: red-command, name: Red Command, kind: office, party: red}
- {id: counters, name: The Counters, kind: monitor}
- {id: copier, name: The Copier, kind: republisher}
""",
    "documents.yaml": """
- {id: one-1, title: One on A, author: [ann], outlet: outlet-one, published: 2001-03-01, voice: one, paragraphs: 5}
- {id: one-2, title: One again, author: [ann], outlet: outlet-one, published: 2001-03-05, voice: one, paragraphs: 5}
- {id: two-1, title: Two on A, author: [bob], outlet: outlet-two, published: 2001-03-02, voice: two, paragraphs: 5,
   republished: [copier]}
""",
    "claims.yaml": """
- id: c-one-killed
  document: one-1
  at: {paragraph: 1, anchor: "seven soldiers died"}
  text: Seven soldiers died at A.
  chain: [ann, wire]
  says: {quantity: killed-at-a, measure: deaths-military, value: 7, of: a, as_of: 2001-02-28}
  row: [QTY-1]
- id: c-two-killed
  document: two-1
  at: {paragraph: 2, anchor: "at least twenty died"}
  text: At least twenty soldiers died at A.
  chain: [bob, counters]
  says: {quantity: killed-at-a, measure: deaths-military, value: 20, bound: at-least, of: a, as_of: 2001-02-28}
  row: [QTY-2]
- id: c-one-red-did
  document: one-1
  at: {paragraph: 2, anchor: "red shelled A"}
  text: Red shelled A.
  chain: [ann, a-red-officer]
  says: {event: shelling, actor: red, target: blue, at: a, date: 2001-02-28, recorded: e2-red}
- id: c-two-blue-did
  document: two-1
  at: {paragraph: 3, anchor: "blue shelled A"}
  text: Blue shelled A itself.
  chain: [bob]
  says: {event: shelling, actor: blue, target: blue, at: a, date: 2001-02-28, recorded: e2-blue}
- id: c-one-again
  document: one-2
  at: {paragraph: 1, anchor: "again red"}
  text: Red shelled A, the same writer says again.
  chain: [ann]
  says: {event: shelling, actor: red, target: blue, at: a, date: 2001-02-28, recorded: e2-red}
- id: c-two-open
  document: two-1
  at: {paragraph: 4, anchor: "the gate stays open"}
  text: Green promised to keep the gate open.
  chain: [bob]
  realis: promised
  says: {commitment: gate, reading: open}
- id: c-one-open
  document: one-1
  at: {paragraph: 4, anchor: "the gate may shut"}
  text: Green promised to keep the gate open only in peace.
  chain: [ann]
  realis: promised
  says: {commitment: gate, reading: peace}
""",
    "disputes.yaml": """
- id: dis-01
  question: Who shelled A?
  kind: perpetrator
  answers:
    - {id: red, text: Red did., claims: [c-one-red-did, c-one-again], sets: {asserts: e2-red}}
    - {id: blue, text: Blue did., claims: [c-two-blue-did], sets: {asserts: e2-blue}}
- id: dis-02
  question: What did green promise?
  kind: definition
  answers:
    - {id: open, text: Always open., claims: [c-two-open], sets: {readings: {gate: open}, parameters: {response: 0.9}}}
    - {id: peace, text: In peace., claims: [c-one-open], sets: {readings: {gate: peace}, parameters: {response: 0.2}}}
    - {id: nothing, text: Nothing., claims: [c-one-open], sets: {commitments_off: gate}}
- id: dis-03
  question: Did red leave B?
  kind: denies
  answers:
    - {id: left, text: It left., claims: [c-one-open]}
    - {id: stayed, text: It stayed., claims: [c-two-open], sets: {denies: e3}}
- id: dis-04
  question: How many died at A?
  kind: value
  unmodelled: the dead of A move nothing
  answers:
    - {id: seven, text: Seven., claims: [c-one-killed]}
    - {id: twenty, text: Twenty or more., claims: [c-two-killed]}
""",
    "accounts.yaml": """
- {id: one, title: As outlet one tells it, kind: reading, voices: [outlet-one],
   answers: {dis-01: red, dis-02: peace, dis-03: left, dis-04: seven}}
- {id: two, title: As outlet two tells it, kind: reading, voices: [outlet-two],
   answers: {dis-01: blue, dis-02: open, dis-04: twenty}}
- {id: pooled, title: Both, kind: reading, credence: {one: 0.5, two: 0.5}}
""",
    "actors.yaml": """
- {id: red, name: Red, kind: state}
- {id: blue, name: Blue, kind: state}
- {id: green, name: Green, kind: state}
- {id: red-guard, name: Red Guard, kind: armed-group, member_of: red}
""",
    "commitments.yaml": """
- id: gate
  title: Green keeps the gate open
  kind: maintain
  debtor: green
  creditor: blue
  from: 2001-01-01
  forbid: {type: border-closed, actor: green}
  claims: [c-two-open]
  readings:
    - {id: open, title: Always}
    - {id: peace, title: In peace only}
""",
    "parameters.yaml": """
- {id: response, title: Share let through, value: 0.5, range: [0, 1], unit: share, assumed: made up for a test}
""",
    "places.csv": "id,name,kind,lat,lon,country\na,A,town,1,1,X\nb,B,town,2,2,X\n",
    "publishers.csv": "id,name,standing,party,note\nwire.example,The Invented Wire,wire,,made up\n",
    "events.csv": (
        "id,date,type,actor,target,place,title,known,claims,source,variant_of,answer\n"
        "e1,2001-01-10,agreement,red;blue,,,A deal,,,an invented gazette,,\n"
        "e2-red,2001-02-28,shelling,red,blue,a,Red shells A,2001-03-01,c-one-red-did,https://wire.example,e2,"
        "none found\n"
        "e2-blue,2001-02-28,shelling,blue,blue,a,Blue shells A,2001-03-02,c-two-blue-did,https://wire.example,e2,"
        "none found\n"
        "e3,2001-03-03,withdrawal,red,,b,Red leaves B,,,an invented gazette,,\n"
        "e4,2001-03,deployment,red,,b,Red returns some day in March,,,an invented gazette,,\n"
        "e5-x,2001-03-04,clash,red,blue,b,One version,,,https://wire.example,e5,none found\n"
        "e5-y,2001-03-04,clash,blue,red,b,Another version,,,https://wire.example,e5,none found\n"
    ),
}


def write_case(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write the invented case below ``root``; ``files`` replaces or adds files by name."""
    for name, text in (FILES | (files or {})).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return root


def read_case(root: Path, files: dict[str, str] | None = None) -> Case:
    """Write and read the invented case without its checks, so that tests can break it."""
    case, problems = read_records(write_case(root, files))
    assert case is not None, problems
    return case


@cache
def unchanged() -> Case:
    """The invented case as it stands, read once (a fixture would be read for every example)."""
    with tempfile.TemporaryDirectory() as folder:
        return read_case(Path(folder))
