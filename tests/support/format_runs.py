"""The shipped case and a made-up run of it: what exporters are tested with. Every number of the run is invented."""

from __future__ import annotations

from functools import cache

from standoff.case.model import Case
from standoff.case.read import load
from standoff.runs.results import Arrivals, Fan, LedgerSpan, Outlook, Run

END = "2020-05-29"


@cache
def idlib() -> Case:
    return load("idlib")


def invented_run(n: int = 40) -> Run:
    """Make a run of two accounts with arrivals at three places, one of which the case does not have."""
    about = idlib().about
    meta = {
        "standoff": "0.1.0",
        "case": {"id": about.id, "title": about.title, "digest": idlib().digest, "edition": about.edition},
        "spec": {
            "start": "2019-12-01",
            "days": 180,
            "trajectories": n,
            "seed": 1,
            "batch": 40,
            "accounts": ["daher", "pooled"],
            "scenarios": ["baseline"],
            "as_of": "2019-12-01",
        },
        "outcomes": [{"id": "many", "title": "Many are displaced", "kind": "people", "question": "Are they?"}],
        "parameters": [],
    }
    outlook, fans, arrivals, spans = [], [], [], []
    columns: dict[str, list[object]] = {k: [] for k in ("account", "scenario", "trajectory", "many", "first-break")}
    for number, account in enumerate(meta["spec"]["accounts"]):
        outlook.append(Outlook(account, "baseline", "many", "Many are displaced", n, 0.25, 0.15, 0.4, END))
        for day in ("2019-12-02", "2019-12-03"):
            for series, top in (("displaced-people", 1000.5), ("in-sites", 300.0), ("intensity", 0.5)):
                fans.append(Fan(account, "baseline", series, "", day, *(top * (k + number) for k in range(8))))
        for place, top in (("dana", 5000.25), ("atma", 0.0), ("nowhere-town", 7.0)):
            arrivals.append(Arrivals(account, "baseline", place, END, top, top / 2, top, 2 * top))
        spans.append(LedgerSpan("sochi-1", "", account, "", "2018-09-17", "2018-10-10", "detached", "in force", 0))
        spans.append(LedgerSpan("sochi-1", "", account, "", "2018-10-11", "", "violated", "broken", 3))
        for trajectory in range(n):
            row = (account, "baseline", trajectory, 12 if trajectory % 4 == 0 else None, "")
            for name, value in zip(columns, row, strict=True):
                columns[name].append(value)
    return Run(
        meta,
        outlook=tuple(outlook),
        quantiles=tuple(fans),
        arrivals=tuple(arrivals),
        ledger=tuple(spans),
        outcomes=columns,
    )
