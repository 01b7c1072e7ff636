"""The page of levels: how many incidents to expect by area, and first how such forecasts did before."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from standoff.errors import StandoffError, nearest
from standoff.intake.logs import log_names
from standoff.levels.counts import RECORD_WORD, counted_log
from standoff.levels.forecast import HORIZONS, Levels
from standoff.levels.truces import CREDIT, held_shares, held_words, observed_words, truces_of
from standoff.text.sentences import day
from standoff.views.levels import levels_figure
from standoff.views.lines.levels import (
    NOTE,
    counted_sentences,
    level_answer,
    score_sentences,
    surge_chance,
    truce_sentences,
)
from standoff.workbench.page import Page
from standoff.workbench.workspace import Workspace

PATH = "/levels"
COLUMNS = ("area", "horizon", "last", "usual", "expected", "low", "high", "times usual", "chance of a surge")


def levels_page(
    ws: Workspace,
    account: str = "",
    by: str = "",
    horizon: int = 28,
    party: str = "",
    kind: str = "",
    log: str = "",
    on: date | None = None,
) -> Page:
    """Incidents to expect by area, of the log that the case ships to be counted, of another log, or of its record."""
    account = ws.account(account)
    case = ws.case
    if horizon not in HORIZONS:
        expected = ", ".join(map(str, HORIZONS))
        raise StandoffError.of(f"the horizon is {horizon}", file="?horizon", expected=expected)
    if party and party not in case.actors:
        hint = nearest(party, case.actors)
        raise StandoffError.of(f"no actor of the case is {party!r}", file="?party", expected="an actor", hint=hint)
    shipped = counted_log(case)
    chosen = log or (shipped.id if shipped else RECORD_WORD)
    data = {
        "account": account,
        "by": by,
        "horizon": horizon,
        "horizons": HORIZONS,
        "party": party,
        "kind": kind,
        "log": chosen,
        "on": str(on or ""),
        "logs": [*log_names(case), RECORD_WORD],
        "areas": ("sector", "adm3", "country") if chosen == RECORD_WORD else ("admin2", "admin1", "admin3", "country"),
        "parties": [(key, actor.name) for key, actor in case.actors.items()],
        "note": NOTE,
        "truces": truce_sentences(),
        "credit": CREDIT,
        "own_truces": [],
        "held": "",
    }
    try:
        levels: Levels = ws.kept(
            ("levels", by, party, kind, chosen, on),
            lambda: case.levels(by=by, party=party, kind=kind, log=chosen, on=on),
        )
    except StandoffError as error:
        if by or party or kind or log or on:
            raise
        return Page("There is nothing to count", COLUMNS, [], {**data, "missing": str(error), "figures": []})
    truces = ws.kept(("truces",), lambda: truces_of(case, forecasts=True))
    names = {key: actor.name for key, actor in case.actors.items()}
    data["own_truces"] = [(one.title, day(one.start), observed_words(one, names)) for one in truces]
    data["held"] = held_words(held_shares(truces))
    every = [one for each in levels.scores for one in levels.of(each)]
    return Page(
        level_answer(levels, horizon),
        COLUMNS,
        [
            [
                one.area,
                one.horizon,
                one.last,
                round(one.usual, 1),
                one.median,
                one.low,
                one.high,
                None if one.ratio is None else round(one.ratio, 2),
                surge_chance(one, levels.scores[one.horizon]),
            ]
            for one in every
        ],
        {
            **data,
            "missing": "",
            "first": levels.counts.first.isoformat(),
            "last": levels.counts.last.isoformat(),
            "source": levels.counts.source,
            "counted": counted_sentences(levels),
            "scored": {each: score_sentences(each, score) for each, score in levels.scores.items()},
            "scores": {each: asdict(score) if score else None for each, score in levels.scores.items()},
            "figures": [levels_figure(levels, horizon)],
        },
    )
