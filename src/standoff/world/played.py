"""The commitments that runs play beyond those of the case: made anew by what options do, or seen in the model alone.

Three things that a record of options may say of what an option emits (`standoff.case.strategy.Emission`) become terms
of commitments here, so that the ledger of a run steps them like any others:

- ``makes``: a copy of a commitment that is in force from the day of the event on, and not before. So an agreement that
  is made in a run has clauses, which can be kept and broken.
- ``keeps`` and ``breaks``: many texts name nothing that a report could show. A run knows what its actors do, and need
  not wait for a report: there such a commitment is owed, or forbids, what the options are said to do about it. The
  ledger of the case never sees this; commitments whose text does name an event are left as they are.
- ``delays``: the clock of a commitment stands still from the event on, for ``delay``, so that its last day moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from standoff.case.model import Case, Parameter
from standoff.case.strategy import Emission, Option, Stake
from standoff.case.terms import Commitment, CommitmentKind, Pattern
from standoff.values import When

AGAIN = "-again-by-"  # between a commitment and the option that makes it anew
PLEDGES = (CommitmentKind.ACHIEVE, CommitmentKind.MAINTAIN)


def played_case(case: Case, start: date, extra: Iterable[Commitment] = ()) -> Case:
    """Return the case with the commitments that runs from ``start`` on play, and the ``extra`` ones of scenarios.

    ``case`` holds what was known; commitments that were not are not made anew, and nothing is said of them.
    """
    commitments = dict(case.commitments)
    for name, terms in _seen_in_model(case).items():
        commitments[name] = terms
    for option in case.options.values():
        for emission in option.emits:
            for name in emission.delays:
                if name in commitments:
                    commitments[name] = _delayed(commitments[name], _event(option, emission))
            for name in emission.makes:
                if name in case.commitments:
                    again = _again(case.commitments[name], option, emission, start)
                    commitments[again.id] = again
    for clause in extra:
        commitments[clause.id] = clause
    drawn = {
        name: _salience(name, stake)
        for stake in case.stakes.values()
        if stake.range is not None and (name := f"salience.{stake.actor}.{stake.issue}") not in case.parameters
    }
    return replace(case, commitments=commitments, parameters={**case.parameters, **drawn})


def _salience(name: str, stake: Stake) -> Parameter:
    """Return the salience of a stake as a parameter, which runs draw like any other."""
    return Parameter(
        id=name,
        title=f"How much {stake.actor} cares about {stake.issue}",
        value=stake.salience,
        range=stake.range or (stake.salience, stake.salience),
        unit="share",
        claims=stake.claims,
        assumed=stake.assumed,
    )


def made_in_runs(case: Case) -> dict[str, tuple[str, str]]:
    """Return id -> (option, commitment) of what options of a case make anew in runs."""
    return {
        again_id(name, option.id): (option.id, name)
        for option in case.options.values()
        for emission in option.emits
        for name in emission.makes
    }


def again_id(commitment: str, option: str) -> str:
    """Return the id of a commitment that an option makes anew."""
    return f"{commitment}{AGAIN}{option}"


def _event(option: Option, emission: Emission) -> Pattern:
    """Return the pattern of what is emitted, wherever it is."""
    return Pattern(type=(emission.type,), actor=emission.actor or (option.actor,), target=emission.target)


def _again(first: Commitment, option: Option, emission: Emission, start: date) -> Commitment:
    return replace(
        first,
        id=again_id(first.id, option.id),
        title=f"{first.title} (made anew in runs)",
        from_=When.parse(start),
        until=None,
        by=None,
        when=_event(option, emission),
        agreement="",
        supersedes=(),
        same_as=(),
        amends="",
        readings=(),
        claims=(),
        citation="",
        assumed=f"made when {option.id} is taken up, with the terms of {first.id}",
        row=(),
        note="",
    )


def _delayed(first: Commitment, event: Pattern) -> Commitment:
    both = event if first.suspend is None else Pattern(any=(first.suspend, event))
    return replace(first, suspend=both)


def _seen_in_model(case: Case) -> dict[str, Commitment]:
    """Return the commitments whose text names no event, with what options are said to do about them."""
    kept: dict[str, list[Pattern]] = {}
    broken: dict[str, list[Pattern]] = {}
    for option in case.options.values():
        for emission in option.emits:
            for name in emission.keeps:
                kept.setdefault(name, []).append(_event(option, emission))
            for name in emission.breaks:
                broken.setdefault(name, []).append(_event(option, emission))
    out = {}
    for name in {**kept, **broken}:
        first = case.commitments.get(name)
        if first is None or first.kind not in PLEDGES or names_an_event(first):
            continue
        if first.kind is CommitmentKind.ACHIEVE and name in kept:
            out[name] = replace(first, then=_any(kept[name]), observable="")
        elif first.kind is CommitmentKind.MAINTAIN and name in broken:
            out[name] = replace(first, forbid=_any(broken[name]), observable="")
    return out


def names_an_event(commitment: Commitment) -> bool:
    """Whether the text of a commitment, or a reading of it, names something that an event could show."""
    terms = [(one.when, one.then, one.forbid) for one in (commitment,)]
    terms += [(one.when, one.then, one.forbid) for one in commitment.readings]
    return any(any(patterns) for patterns in terms)


def _any(patterns: list[Pattern]) -> Pattern:
    return patterns[0] if len(patterns) == 1 else Pattern(any=tuple(patterns))
