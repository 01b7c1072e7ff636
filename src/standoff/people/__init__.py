"""WHERE PEOPLE ARE: where they stay and where they go, as whole counts over many trajectories at once; knows no case.

How the world uses it (n trajectories, P places, L directed links)::

    network = Network.from_tables(places, routes, home="SY")          # rows as dicts: id, kind, country; a, b, km
    people = people_at(network, residents, displaced, trajectories=n)
    shut = network.open_links([("border", "SY", "TR"), ("route", "saraqib", "idlib")])   # [L]
    for today in ...:
        moves = move_day(rng, people, network, intensity, fear=fear, open_links=shut)    # changes people

- `Network`: frozen arrays; links in CSR form, ``nights`` on the road, ``weight`` of a link, ``draw`` and chances by
  place, ``capacity`` (0 = none), ``abroad`` (so that IDP and refugee stocks are apart).
- `Presence`: ``residents``, ``displaced``, ``moving``, ``away``; ``Presence.total()`` never changes.
- `move_day`: arrive, depart, move, return. ``intensity`` and ``fear`` are [n, P], or by sector; ``open_links`` is [L],
  [n, L] or `Ways`, so that actors' choices open and shut crossings trajectory by trajectory. `Moves` has the day's
  departures, arrivals, returns and link flows.
- Each step is a function too: `departures`, `move`, `returns`, `arrive`, `crowding`.
- ``rng=None`` with ``people_at(..., mean=True)`` propagates expectations: exact where no place has a capacity.

Only open neighbours are drawn from, so cost depends on places in use, never on the number of people.
`people.flee` reads, runs, scores and forecasts the folders of Flee.
"""

from standoff.people.kernel import (
    arrive,
    crowding,
    departures,
    departures_over,
    leave_chance,
    move,
    move_day,
    onward,
    returns,
)
from standoff.people.network import Network, Settings, Ways, compile_network, journeys
from standoff.people.presence import Moves, Presence, by_class, people_at

__all__ = [
    "Moves",
    "Network",
    "Presence",
    "Settings",
    "Ways",
    "arrive",
    "by_class",
    "compile_network",
    "crowding",
    "departures",
    "departures_over",
    "journeys",
    "leave_chance",
    "move",
    "move_day",
    "onward",
    "people_at",
    "returns",
]
