"""Small made-up standoffs, and minds made by hand, for the tests of the world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from standoff.case.model import Case
from standoff.case.read import SHIPPED, read_records
from standoff.values import Duration
from standoff.world import actors
from standoff.world.actors import Mind, Prospect, horizon_of

TEMPLATE = SHIPPED.parent / "case" / "template"
START = date(2024, 3, 1)


def template(root: Path = TEMPLATE) -> Case:
    """Read the invented case that every new case starts from."""
    case, problems = read_records(root)
    assert case is not None, problems
    return case


def operation(duration: str = "6d", **fields: Any) -> Case:
    """Return the invented case with Red's shelling as an operation: it needs Blue's hold to begin, and talks bar it.

    ``fields`` are fields of that option.
    """
    case = template()
    shell = case.options["red-shell"]
    emits = tuple(replace(e, first=k == 0) for k, e in enumerate((*shell.emits, *shell.emits)))
    usual = {"needs": ("blue-hold",), "bars": ("blue-talk",), "duration": Duration.parse(duration), "emits": emits}
    talk = replace(case.options["blue-shell"], id="blue-talk", title="Blue talks", emits=(), cost=0.0, harms={})
    options = {**case.options, "red-shell": replace(shell, **{"cost": 0.0, **usual, **fields}), "blue-talk": talk}
    return replace(case, options=options)


def mind(moves: Any, **fields: Any) -> Mind:
    """Make a mind over one issue (or the columns of ``moves``) that knows no commitments unless they are fields."""
    moves = np.asarray(moves, dtype=np.float64)
    moves = moves[:, None] if moves.ndim == 1 else moves
    q = moves.shape[0]
    own = np.arange(fields.pop("own", q))
    slots = fields.pop("slots", 1)
    usual: dict[str, Any] = {
        "own": own,
        "moves": moves,
        "position": np.ones(moves.shape[1]),
        "salience": np.ones(moves.shape[1]),
        "harm": np.zeros((1, q)),
        "triggers": np.zeros((1, own.size, slots)),
        "fulfils": np.zeros((1, own.size, slots)),
        "breaches": np.zeros((1, own.size, slots)),
        "answer": np.zeros((q, slots)),
        "owns": np.zeros(slots, dtype=np.bool_),
        "rationality": np.ones(1),
        "audience": np.zeros(1),
        "reputation": np.zeros(1),
        "spill": np.zeros(1),
    }
    return Mind(**{**usual, **{k: np.asarray(v) if k != "rho" else v for k, v in fields.items()}})


def outlook(rows: int = 1, slots: int = 1, **fields: Any) -> Prospect:
    """Make an outlook in which every commitment may still be met and none is due, unless told otherwise."""
    size = (rows, slots)
    usual = {
        "belief": np.full(size, 0.5),
        "open": np.ones(size),
        "due": np.zeros(size),
        "kept": np.zeros(size),
        "weight": np.full(size, 4.0),
    }
    return Prospect(
        **{**usual, **{k: np.broadcast_to(np.asarray(v, dtype=np.float64), size) for k, v in fields.items()}}
    )


def values(
    actor: Mind, view: Prospect, x: np.ndarray, pick: Any, *, chain: np.ndarray, lookahead: int, **fields: Any
) -> np.ndarray:
    """Return the worth of an actor's options, with its scope worked out from the chain and how far it looks ahead."""
    return actors.option_values(actor, view, x, pick, near=horizon_of(actor, chain, lookahead), **fields)
