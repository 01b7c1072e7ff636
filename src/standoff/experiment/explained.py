"""How much of an outcome's variance several disputes explain together, with the noise of fitting taken out.

With many disputes almost every trajectory has a combination of answers of its own, and the groups of a one-way analysis
of variance hold nothing to average. The answers are then fitted with fewer terms: each answer's own effect and those
of pairs, or each answer's own effect alone. The richest fit with at least ``ROOM`` trajectories a term is taken, and
the same for every set of disputes, so that sets can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROOM = 8  # trajectories for each term that is fitted
MOST = 400  # terms of a fit with pairs


def between(y: Floats, group: Ints) -> float:
    """Return the variance of the group means of ``y`` [n], weighted by group size, less the share that is noise.

    With G groups and within-group mean square M it is ``(SS_between - (G - 1) M) / n``; 0 for a single group.
    """
    return _between(y, group)[0]


def _between(y: Floats, group: Ints) -> tuple[float, float]:
    n = y.size
    size = np.bincount(group)
    total = np.bincount(group, weights=y)[size > 0]
    size = size[size > 0]
    if size.size < 2 or n <= size.size:
        return 0.0, 0.0
    mean = total / size
    within = float((y * y).sum() - (size * mean * mean).sum()) / (n - size.size)
    among = float((size * (mean - y.mean()) ** 2).sum())
    noise = (size.size - 1) * within / n
    return among / n - noise, noise


def code(answers: Ints, columns: Sequence[int]) -> Ints:
    """Return one group number for each distinct combination of the given columns of ``answers`` [n, D]."""
    key = np.zeros(answers.shape[0], dtype=np.int64)
    for column in columns:
        _, value = np.unique(answers[:, column], return_inverse=True)
        _, key = np.unique(key * (int(value.max(initial=0)) + 1) + value, return_inverse=True)
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Terms of a fit: ``terms`` [n, K] of numbers, ``owners`` the disputes (positions in ``varied``) of each term.

    ``kind`` is ``combinations`` (no terms: every combination of answers is a group of its own), ``pairs`` or
    ``one by one``. ``answers`` [n, D] holds the columns of the disputes that vary.
    """

    kind: str
    answers: Ints
    terms: Floats
    owners: tuple[frozenset[int], ...]

    @property
    def disputes(self) -> int:
        """How many disputes vary."""
        return int(self.answers.shape[1])

    @classmethod
    def of(cls, answers: Ints, varied: Sequence[int]) -> Fit:
        """Return the richest fit that the trajectories of ``answers`` [n, D] bear for the columns ``varied``."""
        mine = np.ascontiguousarray(answers[:, list(varied)])
        n, none = mine.shape[0], np.zeros((mine.shape[0], 0))
        if not len(varied) or (int(code(mine, range(mine.shape[1])).max(initial=0)) + 1) * ROOM <= n:
            return cls(kind="combinations", answers=mine, terms=none, owners=())
        blocks = [_dummies(mine[:, k]) for k in range(mine.shape[1])]
        columns = [b[:, j] for b in blocks for j in range(b.shape[1])]
        owners = [frozenset({k}) for k, b in enumerate(blocks) for _ in range(b.shape[1])]
        more = sum(blocks[a].shape[1] * blocks[b].shape[1] for a, b in combinations(range(len(blocks)), 2))
        kind = "one by one"
        if len(columns) + more <= min(n / ROOM, MOST):
            kind = "pairs"
            for a, b in combinations(range(len(blocks)), 2):
                for i in range(blocks[a].shape[1]):
                    for j in range(blocks[b].shape[1]):
                        columns.append(blocks[a][:, i] * blocks[b][:, j])
                        owners.append(frozenset({a, b}))
        return cls(kind=kind, answers=mine, terms=np.stack(columns, axis=1), owners=tuple(owners))

    def take(self, pick: Ints) -> Fit:
        """Return the same fit for the trajectories ``pick``."""
        return Fit(kind=self.kind, answers=self.answers[pick], terms=self.terms[pick], owners=self.owners)

    def explained(self, y: Floats, players: frozenset[int]) -> tuple[float, float]:
        """Return the variance of ``y`` [n] that the disputes ``players`` explain, and the noise taken out of it.

        With R terms of full rank and the residual mean square M the noise is ``R M / n``, as in ``between``.
        """
        if self.kind == "combinations":
            group = code(self.answers, sorted(players))
            return _between(y, group)
        mine = [j for j, owner in enumerate(self.owners) if owner <= players]
        if not mine:
            return 0.0, 0.0
        n = y.size
        terms = self.terms[:, mine] - self.terms[:, mine].mean(axis=0)
        gram, cross = terms.T @ terms / n, terms.T @ (y - y.mean()) / n
        values, vectors = np.linalg.eigh(gram)
        sound = values > 1e-9 * max(float(values[-1]), 1e-300)  # answers that go together give no term of their own
        rank = int(sound.sum())
        if n <= rank + 1:
            return 0.0, 0.0
        along = vectors[:, sound].T @ cross
        raw = float((along * along / values[sound]).sum())
        noise = rank * (float(y.var()) - raw) / (n - 1 - rank)
        return raw - noise, noise


def _dummies(answer: Ints) -> Floats:
    """Return an indicator of each answer but the first [n, answers - 1], less its mean."""
    values = np.unique(answer)[1:]
    found = (answer[:, None] == values[None, :]).astype(np.float64)
    centred: Floats = found - found.mean(axis=0)
    return centred
