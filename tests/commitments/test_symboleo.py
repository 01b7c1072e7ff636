"""The eight published sales-of-goods traces of SymboleoCC, after the mapping of docs/explanation/symboleo.md."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from ledger_case import Tells, case
from record_state import daily_counts

from standoff.commitments.agreements import agreements
from standoff.commitments.engine.arrays import initial
from standoff.commitments.engine.automaton import step
from standoff.commitments.engine.states import STATES
from standoff.commitments.patterns.compiler import compile_schedule, follow
from standoff.commitments.patterns.pattern import Matcher

TRACES = Path(__file__).parents[3] / "shared/data/fetched/ledger/symboleo_sales_of_goods/traces.json"
ZERO = date(2001, 1, 1)  # time point 0; a time point is a day
LAST = 200

# Obligations and powers of the contract. "T < due" makes the day before the due point the last one in time.
TERMS = """
- {id: oDel, title: deliver, kind: achieve, debtor: red, creditor: blue, from: 2001-01-01, by: 2001-01-10,
   then: {type: aid, actor: red}, suspend: {type: suspension}, resume: {type: agreement},
   release: {commitment: contract-ended, state: satisfied}}
- {id: oPay, title: pay, kind: achieve, debtor: blue, creditor: red, from: 2001-01-01, by: 2001-01-07,
   then: {type: arms-transfer, actor: blue}}
- {id: oLpay, title: pay late, kind: achieve, debtor: blue, creditor: red, from: 2001-01-01,
   when: {commitment: oPay, state: violated}, then: {type: compliance, actor: blue}}
- {id: pSusDelivery, title: may suspend delivery, kind: permission, debtor: red, from: 2001-01-01,
   when: {commitment: oPay, state: violated}, then: {type: suspension}}
- {id: pTermContract, title: may end the contract, kind: permission, debtor: blue, from: 2001-01-01,
   when: {not: {type: aid, actor: red}, by: 2001-01-20}, then: {type: ceasefire-end}}
- {id: contract-ended, title: the contract is ended, kind: achieve, debtor: blue, from: 2001-01-01,
   when: {commitment: pTermContract, state: detached}, then: {type: ceasefire-end}}
- {id: soSellerDisclosure, title: keep it secret, kind: maintain, debtor: red, creditor: blue, from: 2001-01-01,
   until: 2001-06-30, forbid: {type: statement, actor: red}}
"""
# what happens -> (type, actor); a delivery counts only with the quality the contract names
HAPPENS = {
    "paidToSeller": ("arms-transfer", "blue"),
    "paidLaToSeller": ("compliance", "blue"),
    "disclosedSeller": ("statement", "red"),
    "suspended(oDel)": ("suspension", "red"),
    "resumed(oDel)": ("agreement", "red"),
    "terminated(cArgToCan)": ("ceasefire-end", "blue"),
}
# a state of theirs -> the states of ours that stand for it
STANDS_FOR = {
    "fulfillment": ("satisfied",),
    "violation": ("violated",),
    "inEffect": ("detached", "satisfied"),  # a power that was used, or an obligation since performed, was in effect
    "suspension": ("suspended",),
}
# states of the contract as a whole are states of the agreement
CONTRACT = {"successfulTermination": "fulfilled", "unsuccessfulTermination": "ended"}
AGREEMENT = "{id: cArgToCan, title: the sale, parties: [red, blue], date: 2001-01-01}"
# what their rules associate with the contract; the surviving obligation is not among it
ASSOCIATED = ("oDel", "oPay", "oLpay", "pSusDelivery", "pTermContract")


def recorded(trace: dict[str, Any]) -> list[dict[str, str]]:
    """The events of one trace as a case writes them."""
    good = "quality(meatPacked, aaa)" in trace["attributes"]
    rows = []
    for n, said in enumerate(trace["events"]):
        what, _, when = said.rpartition(",")
        kind = ("aid", "red") if what == "delToBuyer" and good else HAPPENS.get(what)
        if kind is not None:
            day = (ZERO + timedelta(days=int(when))).isoformat()
            rows.append({"id": f"e{n}", "date": day, "type": kind[0], "actor": kind[1]})
    return rows


def whole(trace: dict[str, Any], *, ends: bool = True) -> str:
    """The state of the whole contract on the day their checker looks; ``ends``: the power releases what is owed."""
    terms = yaml.safe_load(TERMS)
    for term in terms:
        for key in ("from", "by", "until"):
            if key in term:
                term[key] = str(term[key])
        if "by" in term.get("when", {}):
            term["when"]["by"] = str(term["when"]["by"])
        if term["id"] in ASSOCIATED:
            term["agreement"] = "cArgToCan"
        if ends and term["id"] in ("oDel", "oPay", "oLpay"):
            using = {"commitment": "pTermContract", "state": "detached"}
            term["release"] = {"all": [using, {"type": "ceasefire-end", "actor": "blue"}]}
    made = case(terms, recorded(trace), agreements=f"[{AGREEMENT}]")
    (row,) = agreements(made, "red-tells", on=ZERO + timedelta(days=horizon(trace)))
    return row.state


def play(trace: dict[str, Any]) -> dict[str, list[str]]:
    """The states of each commitment, day by day, through one trace."""
    made = case(TERMS, recorded(trace))
    plan = compile_schedule(made, first=ZERO)
    counts = daily_counts(plan, Matcher(made), list(made.events.values()), LAST)
    active, told = follow(plan, [Tells()])
    state = initial(plan, 1, active=active, own_reading=told)
    days: dict[str, list[str]] = {slot.commitment: [] for slot in plan.slots}
    for n in range(LAST):
        step(plan, state, n, counts[n][None])
        for i, slot in enumerate(plan.slots):
            days[slot.commitment].append(STATES[int(np.asarray(state.state)[0, i])])
    return days


def horizon(trace: dict[str, Any]) -> int:
    """Their checker looks after the last event, and not before point 20, the last due point of these rules."""
    return max([21, *(int(said.rpartition(",")[2]) for said in trace["events"])])


def traces() -> list[dict[str, Any]]:
    return json.loads(TRACES.read_text(encoding="utf-8")) if TRACES.exists() else []


@pytest.mark.fetched
@pytest.mark.skipif(not TRACES.exists(), reason=f"{TRACES} is absent: it is not ours to ship")
def test_the_published_traces_end_in_the_published_states() -> None:
    checked = 0
    for trace in traces():
        days = play(trace)
        for expected in trace["expectedStates"]:
            name, thing = re.fullmatch(r"(\w+)\((\w+)\)", expected).groups()  # type: ignore[union-attr]
            checked += 1
            if name in CONTRACT:
                assert whole(trace) == CONTRACT[name], (trace["name"], expected, whole(trace))
                continue
            found = days[thing][horizon(trace)]
            if name == "suspension":  # no resumption in the trace: suspended from the day after it was asked for
                assert "suspended" in days[thing], (trace["name"], days[thing][:25])
            elif name == "inEffect" and thing == "oDel":  # resumed after suspension: in effect on the day it is resumed
                assert "detached" in days[thing][18:20], (trace["name"], days[thing][15:22])
            else:
                assert found in STANDS_FOR[name], (trace["name"], expected, found)
        terminated = [name for name in CONTRACT if f"{name}(cArgToCan)" in trace["expectedStates"]]
        if not terminated:  # no trace ends a contract that theirs leaves standing
            assert whole(trace) == "in force", (trace["name"], whole(trace))
    assert (len(traces()), checked) == (8, 19)


def test_the_contract_as_a_whole_hangs_on_what_is_owed_and_on_the_power_to_end_it() -> None:
    good = ["quality(meatPacked, aaa)"]
    kept = {"attributes": good, "events": ["paidToSeller,5", "delToBuyer,7"]}
    assert whole(kept) == "fulfilled"
    assert whole({**kept, "events": ["delToBuyer,7"]}) == "in force"  # late payment is owed
    ended: dict[str, Any] = {"attributes": [], "events": ["terminated(cArgToCan),21"]}
    assert whole(ended) == "ended"
    assert whole(ended, ends=False) == "in force"
    early = {"attributes": [], "events": ["terminated(cArgToCan),15"]}  # before the power is in effect
    assert whole(early) == "in force"


def test_a_wrong_delivery_is_not_a_delivery() -> None:
    trace = {"attributes": ["quality(meatPacked, a)"], "events": ["started(cArgToCan),0", "delToBuyer,5"]}
    assert play(trace)["oDel"][12] == "violated"
    right = {"attributes": ["quality(meatPacked, aaa)"], "events": ["started(cArgToCan),0", "delToBuyer,5"]}
    assert play(right)["oDel"][12] == "satisfied"
