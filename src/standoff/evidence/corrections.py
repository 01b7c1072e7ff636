"""Corrections: a claim that ``supersedes`` another strikes it, for as long as it stands in the case.

Nothing of it is written down elsewhere. A correction that is taken out, or undone, leaves the earlier claim as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from standoff.case.claims import Claim
from standoff.case.model import Case

_last: tuple[Mapping[str, Claim], Mapping[str, tuple[str, ...]]] | None = None


def corrections(case: Case) -> Mapping[str, tuple[str, ...]]:
    """Return each claim that another one corrects -> the claims that correct it, in file order."""
    global _last
    if _last is None or _last[0] is not case.claims:
        later: dict[str, list[str]] = {}
        for claim in case.claims.values():
            for name in claim.supersedes:
                if name != claim.id and name in case.claims:
                    later.setdefault(name, []).append(claim.id)
        _last = case.claims, MappingProxyType({name: tuple(by) for name, by in later.items()})
    return _last[1]


def in_place_of(case: Case, name: str) -> tuple[str, ...]:
    """Return the claims that hold in the place of one: those that correct it, or what corrects these; else itself."""
    later = corrections(case)
    seen: set[str] = set()
    ahead, last = [name], dict[str, None]()
    while ahead:
        step = ahead.pop(0)
        if step in seen:
            continue
        seen.add(step)
        if step in later:
            ahead += later[step]
        else:
            last[step] = None
    return tuple(last)


def uncorrected(case: Case, names: Iterable[str]) -> tuple[str, ...]:
    """Return the claims among ``names`` that no other claim corrects, in order: those that count."""
    later = corrections(case)
    return tuple(name for name in names if name not in later)
