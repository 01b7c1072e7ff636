"""A tiny made-up run, complete in every table: what views and tools are tested with."""

from __future__ import annotations

from datetime import date, timedelta

from standoff.runs.results import Arrivals, Break, Fan, LedgerSpan, Matters, Outlook, Run

START = date(2024, 3, 1)
DAYS = 5


def small_run(
    accounts: tuple[str, ...] = ("blue-tells", "red-tells", "pooled"), scenarios: tuple[str, ...] = ("baseline",)
) -> Run:
    """Make a run of 4 trajectories over 5 days under each account and scenario; every number is invented."""
    n = 4
    end = (START + timedelta(days=DAYS)).isoformat()
    meta = {
        "standoff": "0.1.0",
        "case": {"id": "example", "title": "An invented standoff", "digest": "0" * 64, "edition": "0"},
        "spec": {
            "start": START.isoformat(),
            "days": DAYS,
            "trajectories": n,
            "seed": 1,
            "batch": 4,
            "accounts": list(accounts),
            "scenarios": list(scenarios),
            "as_of": START.isoformat(),
        },
        "outcomes": [
            {"id": "attack", "title": "The town is attacked", "kind": "event", "question": "Is the town attacked?"},
            {
                "id": "displaced-1000",
                "title": "At least 1,000 people newly displaced",
                "kind": "people",
                "question": "Are 1,000 people newly displaced?",
            },
        ],
        "parameters": [
            {
                "id": "discount",
                "title": "Weight of the next step",
                "value": 0.9,
                "range": [0.5, 1.0],
                "unit": "share",
                "claims": [],
                "citation": "",
                "assumed": "invented",
                "set_by": {},
            }
        ],
        "unmodelled": [],
        "files": {},
    }
    outlook, fans, arrivals, breaks, ledger = [], [], [], [], []
    outcomes: dict[str, list] = {
        k: []
        for k in ("account", "scenario", "trajectory", "attack", "displaced-1000", "newly-displaced", "first-break")
    }
    for i, account in enumerate(accounts):
        for j, scenario in enumerate(scenarios):
            for outcome in meta["outcomes"]:
                p = 0.25 + 0.25 * ((i + j) % 3)
                outlook.append(
                    Outlook(
                        account,
                        scenario,
                        outcome["id"],
                        outcome["title"],
                        n,
                        p,
                        round(max(0.0, p - 0.2), 4),
                        round(min(1.0, p + 0.2), 4),
                        end,
                    )
                )
            for series, top in (("displaced-people", 2000.0), ("in-sites", 800.0), ("intensity", 1.0)):
                for day in range(DAYS):
                    mid = top * (day + 1) / DAYS
                    spread = [round(mid * f, 3) for f in (0.5, 0.6, 0.8, 1.0, 1.2, 1.5, 1.8)]
                    on = (START + timedelta(days=day + 1)).isoformat()
                    fans.append(Fan(account, scenario, series, "", on, mid, *spread))
            arrivals.append(Arrivals(account, scenario, "camp", end, 700.0, 300.0, 650.0, 1200.0))
            arrivals.append(Arrivals(account, scenario, "market", end, 400.0, 0.0, 380.0, 900.0))
            breaks.append(
                Break(
                    account, scenario, "red-holds-fire", "Red does not fire", "red", False, n, 1.0, 0.75, 0.5, 2.0, 1.0
                )
            )
            breaks.append(
                Break(account, scenario, "blue-answers", "Blue answers", "blue", True, n, 0.75, 0.25, 0.0, None, 1.0)
            )
            for k in range(n):
                row = (
                    account,
                    scenario,
                    k,
                    2 if k <= i else None,
                    4 if k == 0 else None,
                    1500 + 100 * k,
                    "red-holds-fire",
                )
                for name, value in zip(outcomes, row, strict=True):
                    outcomes[name].append(value if value != "red-holds-fire" or k < 2 else "")
        ledger.append(
            LedgerSpan("red-holds-fire", "", account, "", "2024-02-20", "2024-02-25", "detached", "in force", 0)
        )
        ledger.append(
            LedgerSpan("red-holds-fire", "", account, "", "2024-02-25", "2024-03-01", "violated", "broken", 1)
        )
    matters = [
        Matters(
            "attack", "who-shelled", "Did Red shell the town?", 100, 0.8, 0.2, 0.15, 0.05, 0.25, 0.9, 0.03, 0.2, 0.2
        ),
    ]
    return Run(
        meta=meta,
        outlook=tuple(outlook),
        quantiles=tuple(fans),
        arrivals=tuple(arrivals),
        breaks=tuple(breaks),
        ledger=tuple(ledger),
        matters=tuple(matters),
        outcomes=outcomes,
    )
