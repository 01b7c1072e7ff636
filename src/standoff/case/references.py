"""Which record names which other record: every reference of a case, and every pattern with its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    for key, record in case.records(kind).items():
        for name, target in _KEYS[kind].items():
            field = name.removesuffix("=")
            for path, value in _values(getattr(record, field), name.endswith("=")):
                yield kind, key, (field, *path), target, value


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


def references(case: Case) -> Iterator[Reference]:
    """Yield every reference from one record to another."""
    for kind in _KEYS:
        yield from _simple(case, kind)
    for key, claim in case.claims.items():
        for name, target in _SAYS.items():
            for path, value in _values(getattr(claim.says, name, "")):
                yield Kind.CLAIMS, key, ("says", name.removesuffix("_"), *path), target, value
    for key, dispute in case.disputes.items():
        for number, answer in enumerate(dispute.answers):
            here: Path = ("answers", number)
            yield from ((Kind.DISPUTES, key, (*here, "claims", n), "claims", c) for n, c in enumerate(answer.claims))
            for name, target in (
                ("parameters", "parameters"), ("asserts", "events"), ("denies", "events"), ("readings", "commitments"),
                ("commitments_on", "commitments"), ("commitments_off", "commitments"),
            ):  # fmt: skip
                for path, value in _values(getattr(answer.sets, name)):
                    yield Kind.DISPUTES, key, (*here, "sets", name, *path), target, value
    for kind, key, path, pattern in patterns(case):
        for name, target in (
            ("actor", "actors"), ("target", "actors"), ("at", "places"), ("within", "zones"), ("beyond", "zones"),
            ("event", "events"), ("commitment", "commitments"),
        ):  # fmt: skip
            for inner, value in _values(getattr(pattern, name)):
                yield kind, key, (*path, name, *inner), target, value
    for key, commitment in case.commitments.items():
        for number, reading in enumerate(commitment.readings):
            yield from (
                (Kind.COMMITMENTS, key, ("readings", number, "claims", n), "claims", c)
                for n, c in enumerate(reading.claims)
            )
    for key, thread in case.threads.items():
        for number, reply in enumerate(thread.replies):
            for name, target in (("by", "actors"), ("claims", "claims"), ("events", "events")):
                for path, value in _values(getattr(reply, name)):
                    yield Kind.THREADS, key, ("replies", number, name, *path), target, value
        for number, move in enumerate(thread.moves):
            yield Kind.THREADS, key, ("moves", number, "commitment"), "commitments", move.commitment
    for key, option in case.options.items():
        for number, emission in enumerate(option.emits):
            for name, target in (("actor", "actors"), ("target", "actors"), ("sector", "sectors")):
                for path, value in _values(getattr(emission, name)):
                    yield Kind.OPTIONS, key, ("emits", number, name, *path), target, value
    for key, scenario in case.scenarios.items():
        for number, change in enumerate(scenario.changes):
            for name, target in (
                ("parameter", "parameters"), ("withdraw", "commitments"), ("of", "commitments"), ("capacity", "places"),
            ):  # fmt: skip
                for path, value in _values(getattr(change, name)):
                    yield Kind.SCENARIOS, key, ("changes", number, name, *path), target, value
