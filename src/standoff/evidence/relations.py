"""Relations: who backs, fights, belongs to or relays whom, each line with the claims and records behind it.

A line is what somebody says. Lines of one kind between the same two parties are one line with several tellers; where
tellers call two parties allies and rivals both lines stand. What a case itself holds (who sponsors whom, who belongs to
what, with days) is a line whose teller is the case, resting on the claims that its record names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from standoff.case.claims import RECORD, RelationSaid
from standoff.case.model import Case, refuse_errors
from standoff.errors import StandoffError, nearest
from standoff.evidence.accounts import find_account
from standoff.evidence.independence import origin
from standoff.evidence.statements import is_statement
from standoff.oneline import OneLine
from standoff.record_list import RecordList
from standoff.values import When, as_day


class LineKind(StrEnum):
    """What a line of the network is about."""

    BACKS = "backs"
    OPPOSES = "opposes"
    BELONGS = "belongs"
    HOLDS = "holds"
    OTHER = "other"
    OWES = "owes"
    RELAYS = "relays"


KINDS: dict[str, LineKind] = {
    "sponsor": LineKind.BACKS,
    "ally": LineKind.BACKS,
    "partner": LineKind.BACKS,
    "rival": LineKind.OPPOSES,
    "clashes-with": LineKind.OPPOSES,
    "abandons": LineKind.OTHER,
    "failed-to-control": LineKind.OTHER,
    "member": LineKind.BELONGS,
    "occupies": LineKind.HOLDS,
    "controls": LineKind.HOLDS,
    "closes": LineKind.HOLDS,
}


@dataclass(frozen=True, slots=True, repr=False)
class RelationLine(OneLine):
    """One line of the network: ``source`` stands in ``relation`` to ``target`` (empty: to no actor, see ``of``).

    ``claims`` tell it and ``tellers`` are their innermost sources; ``in_case`` says that the case itself holds it.
    ``when`` is the window it is told of, where one is. For ``owes`` the relation is a commitment, for ``relays`` source
    and target are sources and ``weight`` counts claims.
    """

    kind: LineKind
    relation: str
    source: str
    target: str
    of: str
    when: When | None
    claims: tuple[str, ...]
    tellers: tuple[str, ...]
    in_case: bool = False
    weight: int = 1


def relations(
    case: Case, *, account: str = RECORD.id, on: date | str | None = None, kinds: str | Sequence[str] = ()
) -> RecordList[RelationLine]:
    """Return the lines of the network as an account tells them on a day, the most often told first.

    Parameters
    ----------
    case
        A case without errors.
    account
        ``record`` for all tellers, or an account: its voice's or party's own claims.
    on
        A day: lines told of another window are left out. Default: all.
    kinds
        A kind of lines, or several (see `LineKind`); empty: all but ``owes`` and ``relays``, which are asked for by
        name.

    Raises
    ------
    StandoffError
        The case has no such account or there is no such kind, with the nearest; or the case has errors.

    Returns
    -------
    RecordList of RelationLine

    Examples
    --------
    >>> import standoff as so
    >>> so.relations(so.load("idlib"), account="daher")
    <12 of RelationLine>
    """
    refuse_errors(case)
    on, kinds = as_day(on, "on"), [kinds] if isinstance(kinds, str) else kinds
    if unknown := [kind for kind in kinds if kind not in list(LineKind)]:
        what, names = f"there is no kind of relation {str(unknown[0])!r}", [str(kind) for kind in LineKind]
        raise StandoffError.of(what, file="kinds", expected=", ".join(names), hint=nearest(unknown[0], names))
    chosen = find_account(case, account)
    wanted = [LineKind(kind) for kind in kinds] or [k for k in LineKind if k not in (LineKind.OWES, LineKind.RELAYS)]
    lines: list[RelationLine] = list(_by_claims(case, account))
    if chosen.is_record:
        lines = _with_case(case, lines)
    if LineKind.OWES in wanted:
        lines += _owed(case)
    if LineKind.RELAYS in wanted:
        lines += _relayed(case, account)
    kept = [
        one
        for one in lines
        if one.kind in wanted and (on is None or one.when is None or one.when.possibly_within(on, on))
    ]
    return RecordList(
        sorted(kept, key=lambda line: (list(LineKind).index(line.kind), -len(line.claims), line.source, line.target))
    )


def _tells(case: Case, account: str, claim: str) -> bool:
    record, one = case.accounts[account], case.claims[claim]
    if record.is_record:
        return True
    if record.is_statement:
        return is_statement(case, record, one)
    document = case.documents.get(one.document)
    return bool(document and document.voice == account) or bool(one.chain and one.chain[0] in record.voices)


def _by_claims(case: Case, account: str) -> Iterator[RelationLine]:
    """Yield the relations that claims tell, claims of one relation between the same two together."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for claim in case.claims.values():
        says = claim.says
        if not isinstance(says, RelationSaid) or claim.realis == "denied" or not _tells(case, account, claim.id):
            continue
        for source in says.from_:
            for target in says.to or ("",):
                groups.setdefault((says.relation, source, target, says.of), []).append(claim.id)
    for (relation, source, target, of), claims in groups.items():
        tellers = tuple(dict.fromkeys(origin(case, case.claims[name]) for name in claims))
        days = [says.date for name in claims if isinstance(says := case.claims[name].says, RelationSaid) and says.date]
        kind = KINDS.get(relation, LineKind.OTHER)
        when = days[0] if len(days) == len(claims) else None
        yield RelationLine(kind, relation, source, target, of, when, tuple(claims), tellers)


def _with_case(case: Case, lines: list[RelationLine]) -> list[RelationLine]:
    """Add what the case itself holds: sponsors, and memberships with their days."""
    from dataclasses import replace

    by_pair = {(line.relation, line.source, line.target): number for number, line in enumerate(lines) if not line.of}
    for actor in case.actors.values():
        for sponsored in actor.sponsors:
            key = ("sponsor", actor.id, sponsored)
            if key in by_pair:
                lines[by_pair[key]] = replace(lines[by_pair[key]], in_case=True)
            else:
                lines.append(
                    RelationLine(LineKind.BACKS, "sponsor", actor.id, sponsored, "", None, (), (), in_case=True)
                )
        for tie in actor.member_of:
            window = f"{tie.from_ or '..'}/{tie.until or '..'}" if tie.is_dated else ""
            when = When.parse(window) if window else None
            lines.append(RelationLine(LineKind.BELONGS, "member", actor.id, str(tie), "", when, (), (), in_case=True))
    return lines


def _owed(case: Case) -> Iterator[RelationLine]:
    for commitment in case.commitments.values():
        for debtor in commitment.debtor:
            for creditor in commitment.creditor or ("",):
                if debtor != creditor:
                    tellers = tuple(dict.fromkeys(origin(case, case.claims[name]) for name in commitment.claims))
                    yield RelationLine(
                        LineKind.OWES,
                        commitment.id,
                        debtor,
                        creditor,
                        commitment.title,
                        None,
                        commitment.claims,
                        tellers,
                    )


def _relayed(case: Case, account: str) -> Iterator[RelationLine]:
    """Yield who passes on whose words: each step of a chain, with how many claims go through it."""
    steps: dict[tuple[str, str], list[str]] = {}
    for claim in case.claims.values():
        if _tells(case, account, claim.id):
            for outer, inner in zip(claim.chain, claim.chain[1:], strict=False):
                steps.setdefault((outer, inner), []).append(claim.id)
    for (outer, inner), claims in steps.items():
        yield RelationLine(
            LineKind.RELAYS, "relays", outer, inner, "", None, tuple(claims), (outer,), weight=len(claims)
        )
