"""Which record names which other record: every reference of a case, and every pattern with its path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from standoff.case.model import Case, Kind
from standoff.case.terms import Pattern

# Which key of which record names which other record: the one list behind the check of dangling ids.


Path = tuple[str | int, ...]
Reference = tuple[Kind, str, Path, str, str]  # kind, id, path of the key, kind(s) named, value

# kind -> key -> the kind(s) its values name; a dict is read by its keys unless the entry ends with "="
_KEYS: dict[Kind, dict[str, str]] = {
    Kind.SOURCES: {"of": "sources|actors", "party": "actors"},
    Kind.DOCUMENTS: {"author": "sources", "outlet": "sources", "republished": "sources", "voice": "accounts"},
    Kind.CLAIMS: {"document": "documents", "chain": "sources", "denies": "claims", "supersedes": "claims"},
    Kind.ACCOUNTS: {
        "party": "actors|sources", "voices": "sources", "answers": "disputes", "weights": "disputes",
        "credence": "accounts",
    },
    Kind.GROUPS: {"party": "actors"},
    Kind.ACTORS: {"member_of": "actors", "sponsors": "actors", "claims": "claims"},
    Kind.AGREEMENTS: {"parties": "actors", "supersedes": "agreements", "claims": "claims"},
    Kind.COMMITMENTS: {
        "debtor": "actors", "creditor": "actors", "agreement": "agreements", "supersedes": "commitments",
        "amends": "commitments", "same_as": "commitments", "claims": "claims", "answers_for": "actors",
        "answers_for=": "actors",
    },
    Kind.PARAMETERS: {"claims": "claims", "fitted": "observed"},
    Kind.ISSUES: {"claims": "claims"},
    Kind.STAKES: {"actor": "actors", "issue": "issues", "claims": "claims"},
    Kind.OPTIONS: {
        "actor": "actors", "moves": "issues", "harms": "actors", "needs": "options", "bars": "options",
        "claims": "claims",
    },
    Kind.EVENTS: {"actor": "actors", "target": "actors", "place": "places", "sector": "sectors", "claims": "claims"},
    Kind.INCIDENTS: {"found_by": "sources|actors|accounts", "attributed": "actors", "claims": "claims"},
    Kind.THREADS: {
        "by": "actors", "of": "actors", "via": "actors|sources", "claims": "claims", "events": "events",
        "overtaken_by": "events", "makes": "commitments", "ends": "commitments", "same_as": "threads",
        "follows": "threads",
    },
    Kind.SIGNALS: {
        "by": "actors", "towards": "actors", "claims": "claims", "events": "events", "means": "claims",
        "commitments": "commitments",
    },
    Kind.QUESTIONS: {"claims": "claims", "said": "accounts"},
    Kind.ROUTES: {"a": "places", "b": "places"},
    Kind.COVERAGE: {"source": "sources|accounts", "within": "zones"},
}  # fmt: skip
_SAYS = {
    "actor": "actors", "target": "actors", "from_": "actors", "to": "actors", "answered_by": "actors",
    "commitment": "commitments", "recorded": "events", "issue": "issues", "by": "actors",
}  # fmt: skip
# class of a record inside another -> key -> what it names
_INSIDE: dict[str, dict[str, str]] = {
    "Answer": {"claims": "claims"},
    "Sets": {
        "parameters": "parameters", "asserts": "events", "denies": "events", "readings": "commitments",
        "commitments_on": "commitments", "commitments_off": "commitments",
    },
    "Pattern": {
        "actor": "actors", "target": "actors", "at": "places", "within": "zones", "beyond": "zones",
        "event": "events", "commitment": "commitments",
    },
    "Interpretation": {"claims": "claims"},
    "Reply": {"by": "actors", "claims": "claims", "events": "events"},
    "Move": {"commitment": "commitments"},
    "Emission": {
        "actor": "actors", "target": "actors", "sector": "sectors", "makes": "commitments", "keeps": "commitments",
        "breaks": "commitments", "delays": "commitments",
    },
    "Shock": {"claims": "claims", "events": "events"},
    "Change": {
        "parameter": "parameters", "withdraw": "commitments", "unsend": "signals", "of": "commitments",
        "capacity": "places",
    },
}  # fmt: skip
_PATTERN_KEYS = (
    "when", "then", "forbid", "while_", "except_", "verify", "release", "reopen", "cancel", "suspend", "resume",
)  # fmt: skip


def _values(value: object, values: bool = False) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if value:
            yield (), value
    elif isinstance(value, dict):
        for key, items in value.items():
            if values:
                yield from (((key, *path), item) for path, item in _values(items))
            else:
                yield (key,), key
    elif isinstance(value, Iterable):
        for number, item in enumerate(value):
            yield (number,), item


def _simple(case: Case, kind: Kind) -> Iterator[Reference]:
    fields = [(name.removesuffix("="), target, name.endswith("=")) for name, target in _KEYS[kind].items()]
    for key, record in case.records(kind).items():
        for field, target, of_values in fields:
            value = getattr(record, field)
            if not value:  # as most cells of a table
                continue
            if type(value) is tuple:
                for number, name in enumerate(value):
                    yield kind, key, (field, number), target, name
            else:
                for path, name in _values(value, of_values):
                    yield kind, key, (field, *path), target, name


def _nested(pattern: Pattern, path: Path) -> Iterator[tuple[Path, Pattern]]:
    yield path, pattern
    if pattern.not_:
        yield from _nested(pattern.not_, (*path, "not"))
    for name in ("any", "all"):
        for number, inner in enumerate(getattr(pattern, name)):
            yield from _nested(inner, (*path, name, number))


def patterns(case: Case) -> Iterator[tuple[Kind, str, Path, Pattern]]:
    """Yield every pattern of every commitment, reading and outcome, with its path, nested ones included."""
    for key, outcome in case.outcomes.items():
        if outcome.event is not None:
            for inner, part in _nested(outcome.event, ("event",)):
                yield Kind.OUTCOMES, key, inner, part
    for key, commitment in case.commitments.items():
        holders: list[tuple[Path, object]] = [((), commitment)]
        holders += [(("readings", number), reading) for number, reading in enumerate(commitment.readings)]
        for path, holder in holders:
            for name in _PATTERN_KEYS:
                pattern = getattr(holder, name, None)
                if pattern is not None:
                    for inner, part in _nested(pattern, (*path, name.removesuffix("_"))):
                        yield Kind.COMMITMENTS, key, inner, part


def references(case: Case, kinds: Collection[Kind] = tuple(Kind)) -> Iterator[Reference]:
    """Yield every reference from one record to another, of the records of some kinds."""
    for kind in _KEYS:
        if kind in kinds:
            yield from _simple(case, kind)
    for key, claim in case.claims.items() if Kind.CLAIMS in kinds else ():
        for name, target in _SAYS.items():
            for path, value in _values(getattr(claim.says, name, "")):
                yield Kind.CLAIMS, key, ("says", name.removesuffix("_"), *path), target, value
    for kind, key, path, item in (one for one in _inner(case) if one[0] in kinds):
        for name, target in _INSIDE[type(item).__name__].items():
            for inner, value in _values(getattr(item, name)):
                yield kind, key, (*path, name, *inner), target, value


def _inner(case: Case) -> Iterator[tuple[Kind, str, Path, object]]:
    """Yield the records inside records that name others."""
    for key, dispute in case.disputes.items():
        for number, answer in enumerate(dispute.answers):
            yield Kind.DISPUTES, key, ("answers", number), answer
            yield Kind.DISPUTES, key, ("answers", number, "sets"), answer.sets
    yield from patterns(case)
    for key, commitment in case.commitments.items():
        yield from ((Kind.COMMITMENTS, key, ("readings", n), reading) for n, reading in enumerate(commitment.readings))
    for key, thread in case.threads.items():
        yield from ((Kind.THREADS, key, ("replies", number), reply) for number, reply in enumerate(thread.replies))
        yield from ((Kind.THREADS, key, ("moves", number), move) for number, move in enumerate(thread.moves))
    for key, issue in case.issues.items():
        yield from ((Kind.ISSUES, key, ("shocks", number), shock) for number, shock in enumerate(issue.shocks))
    for key, option in case.options.items():
        yield from ((Kind.OPTIONS, key, ("emits", number), emission) for number, emission in enumerate(option.emits))
    for key, scenario in case.scenarios.items():
        yield from (
            (Kind.SCENARIOS, key, ("changes", number), change) for number, change in enumerate(scenario.changes)
        )


def named_by(kind: Kind, holder: type, key: str) -> str:
    """Return which kinds of records a key may name, such as ``actors|sources``; nothing where it names none.

    ``holder`` is the class of the record of ``kind`` or of what stands inside it; the values of a table of keys are
    asked for with ``=`` behind the key.
    """
    name = holder.__name__
    if name in _INSIDE:
        return _INSIDE[name].get(key, "")
    if name.endswith("Said"):
        return _SAYS.get(key, _SAYS.get(f"{key}_", "")) if key != "by" or name == "CommitmentSaid" else ""
    return _KEYS.get(kind, {}).get(key, "")


def references_to(case: Case, kind: Kind, key: str) -> Iterator[Reference]:
    """Yield every reference to a record of a kind."""
    return (one for one in references(case) if one[4] == key and kind.value in one[3].split("|"))
