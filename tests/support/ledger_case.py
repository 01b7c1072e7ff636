"""Small made-up cases: red, blue and green, a few towns, commitments and events written as a case writes them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from standoff.case import claims, geography, model
from standoff.case.parsing import record
from standoff.case.terms import Agreement, Commitment
from standoff.files.yaml import Lines
from standoff.values import When

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

ACTORS = """
- {id: red, name: Red, kind: state}
- {id: blue, name: Blue, kind: state}
- {id: green, name: Green, kind: state}
- {id: red-militia, name: Red militia, kind: armed-group, member_of: red}
- {id: blue-militia, name: Blue militia, kind: armed-group}
- {id: band, name: The band, kind: armed-group, listed: {the-list: "yes"}}
- {id: wing, name: The wing, kind: armed-group, listed: {the-list: disputed}}
"""
PLACES = """
- {id: northtown, name: Northtown, kind: town, lat: 35.9, lon: 36.6, country: XX, sector: north}
- {id: southtown, name: Southtown, kind: town, lat: 35.3, lon: 36.6, country: XX, sector: south}
- {id: post-1, name: Post 1, kind: observation_post, lat: 35.5, lon: 36.5, country: XX, sector: south, accuracy_km: 2}
- {id: post-2, name: Post 2, kind: observation_post, lat: 35.8, lon: 36.5, country: XX, sector: north, accuracy_km: 2}
"""


def records(kind: type, text: str | list[Any]) -> dict[str, Any]:
    given = yaml.load(text, Loader=_LOADER) if isinstance(text, str) else text  # noqa: S506 (plain strings)
    made = {}
    for item in given or []:
        one, problems = record(kind, item, "made-up.yaml", Lines(1))
        assert not problems, problems
        made[one.id] = one
    return made


def case(
    commitments: str | list[Any] = "",
    events: str | list[Any] = "",
    *,
    actors: str = ACTORS,
    places: str = PLACES,
    agreements: str = "",
    zones: Iterable[geography.Zone] = (),
    coverage: Iterable[model.Coverage] | None = None,
    disputes: str = "",
    accounts: str = "- {id: red-tells, title: As red tells it}\n- {id: blue-tells, title: As blue tells it}",
    sources: str = "- {id: monitor, name: A monitor, kind: monitor}",
) -> model.Case:
    """Return a case in memory. Unless told otherwise a monitor covers everything, so that silence means no."""
    everything = model.Coverage(source="monitor", types=(), from_=When.parse("2000-01-01"), to=When.parse("2100-01-01"))
    about = model.About(
        id="made-up",
        title="Made up",
        edition="1",
        period=When.parse("2020-01-01/2020-12-31"),
        start=When.parse("2020-01-01"),
        days=10,
        region=(36.0, 35.0, 37.0, 36.5),
    )
    return model.Case(
        root=Path(tempfile.gettempdir()),
        about=about,
        sources=records(claims.Source, sources),
        documents={},
        claims={},
        disputes=records(claims.Dispute, disputes),
        accounts=records(claims.Account, accounts),
        actors=records(model.Actor, actors),
        agreements=records(Agreement, agreements),
        commitments=records(Commitment, commitments),
        parameters={},
        issues={},
        stakes={},
        options={},
        places=records(geography.Place, places),
        routes=(),
        closures=(),
        events=records(model.Event, events),
        observed={},
        coverage=(everything,) if coverage is None else tuple(coverage),
        zones=tuple(zones),
        scenarios={},
        questions={},
    )


@dataclass(frozen=True)
class Tells:
    """A telling with nothing in it but readings and what is off."""

    readings: dict[str, str] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
