"""A ledger, whole agreements, track records and the names of a log, on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from standoff.commitments.agreements import AgreementRow
from standoff.commitments.engine.states import RESULT_BROKEN
from standoff.text.sentences import count, fold, label
from standoff.text.table_printer import Column, Number, Row, table
from standoff.views.lines.observance import observance_sentence

if TYPE_CHECKING:
    from standoff.commitments.ledger import Row as LedgerRow
    from standoff.commitments.monitor import Evaluation
    from standoff.commitments.tables import ProvisionTable
    from standoff.commitments.track import Track

BY = ("broken", RESULT_BROKEN)  # words beside which it stands who did it
HEADS: tuple[Column, ...] = ("which", "verdict", Number("since"), Number("k/b"), Number("B"), "according to")
TRACK_HEADS = ("debtor", "of", "record", Number("mean, 90 %"), "according to")
AGREEMENT_HEADS: tuple[Column, ...] = (
    "agreement",
    "state",
    *map(Number, ("held", "kept", "brok", "cont", "unkn")),
    "account",
)


def ledger_lines(
    ledger: Evaluation, rows: Sequence[LedgerRow], width: int, observed: Mapping[str, Mapping[str, Any]] | None = None
) -> Iterator[str]:
    """Yield the promises, then the threats: a table each, with what is still to come in one line, and a key.

    ``observed`` holds how prohibitions are observed (`standoff.commitments.observance`), to stand below their verdicts.
    """
    if not ledger.case.commitments:
        yield from fold("The case holds no promise and no threat: nothing is known of what was agreed.", width)
        return
    on_record = [row for row in rows if row.exists]
    begun = {row.commitment for row in on_record if row.verdict != "not-yet"}
    for adverse, title in ((False, "Promises"), (True, "Threats, demands and red lines")):
        if part := [row for row in on_record if row.adverse == adverse and row.commitment in begun]:
            yield from fold(f"{title} on {ledger.on}{_as_known(ledger)}", width, hang="  ")
            yield from verdict_lines(part, width, observed)
            yield ""
    if later := dict.fromkeys(row.commitment for row in on_record if row.commitment not in begun):
        yield from fold(f"not yet in force: {', '.join(later)}", width, hang="  ")
    tellers = count(len(ledger.row_accounts), "account")
    yield from fold(f"n = {count(len(rows), 'row')}, {tellers}.", width)
    yield from fold("k/b instances kept and broken, of those called in; B breaches, certain and all.", width)
    kinds = {row.account_kind for row in rows}
    if "statement" in kinds:
        text = "A party's line holds only what it said itself, with the day of its latest word; others say nothing."
        yield from fold(text, width)
    if "reading" in kinds:
        yield from fold("A reading is the record read with one voice's answers where it is disputed.", width)


def verdict_lines(
    rows: Sequence[LedgerRow], width: int, observed: Mapping[str, Mapping[str, Any]] | None = None
) -> Iterator[str]:
    """Yield a line with the id and title of each commitment, and below it a row for each way in which it stands.

    The record comes first, then each party with its own words; who says nothing shares the last line.
    """
    groups: dict[str, dict[tuple[str, str, str, str, str], list[LedgerRow]]] = {}
    for row in rows:
        counts = f"{row.kept}/{row.broken}" if row.kept or row.broken else ""
        since = row.since.isoformat() if row.since else ""
        doers = f" by {', '.join(row.by)}" if row.by and row.says in BY else ""
        stand = (row.reading, row.words + doers, since, counts, _share(row))
        groups.setdefault(row.commitment, {}).setdefault(stand, []).append(row)
    cells: list[Row] = []
    titles = {}
    for name, stands in groups.items():
        title = next(iter(stands.values()))[0].title
        titles[head := f"{name}  {_cut(title, width - len(name) - 2)}"] = name
        cells.append(head)
        for (reading, words, since, counts, share), by in stands.items():
            if by[0].says != "silent":
                which = ", ".join(part for part in (f"reading {reading}" if reading else "", share) if part)
                cells.append((f"{which}{_where(by)}".strip(), words, since, counts, _breaches(by), _accounts(by)))
        if observed and name in observed:
            cells.append(f"       {observance_sentence(observed[name])}")
        silent = [row for by in stands.values() for row in by if row.says == "silent"]
        if mute := _mute(stands.values(), silent):
            cells.append(f"       {mute}")
    for line in table(HEADS, cells, width):
        name = titles.get(line, "")
        yield click.style(name, bold=True) + line.removeprefix(name) if name else line


def grouped_lines(
    ledger: Evaluation,
    groups: Mapping[str, Sequence[LedgerRow]],
    width: int,
    observed: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[str]:
    """Yield the ledger group by group, each below the name of an agreement, a party or a verdict."""
    for name, rows in groups.items():
        begun = [row for row in rows if row.exists and row.verdict != "not-yet"]
        yield from fold(f"{name}: {count(len({row.commitment for row in rows}), 'commitment')}", width, hang="  ")
        if begun:
            yield from verdict_lines(begun, width, observed)
        if later := dict.fromkeys(row.commitment for row in rows if row.exists and row not in begun):
            yield from fold(f"not yet in force: {', '.join(later)}", width, hang="  ")
        yield ""
    yield from fold(f"On {ledger.on}{_as_known(ledger)}. n = {count(len(groups), 'group')}.", width)


def provision_lines(ledger: Evaluation, matrix: ProvisionTable, title: str, width: int) -> Iterator[str]:
    """Yield provisions against versions: a row each, or a block each where the columns do not fit."""
    kinds = {name: account.kind for name, account in ledger.case.accounts.items()}
    yield from fold(f"{title}, on {ledger.on}{_as_known(ledger)}", width, hang="  ")
    names = [label(a, kinds.get(a, "reading")) for a in matrix.accounts]
    heads: tuple[Column, ...] = ("provision", Number("score"), *names)
    cells: list[Row] = []
    for p in matrix.provisions:
        where = f" at {p.key}" if p.key else ""
        number = f" ({p.provision})" if p.provision else ""
        cells.append((f"{p.commitment}{where}{number}: {p.title}", p.score, *(p.words[a] for a in matrix.accounts)))
    yield from table(heads, cells, width, least=24)
    yield from fold(f"n = {count(len(cells), 'provision')}. Empty: says nothing of it.", width)
    if matrix.silent:
        yield from fold(f"Nothing said of any: {', '.join(matrix.silent)}.", width, hang="  ")
    yield from fold("Score of the record: 0 not started, 1 minimal, 2 intermediate, 3 full.", width)


def _where(by: Sequence[LedgerRow]) -> str:
    keys = list(dict.fromkeys(row.key for row in by if row.key))
    if not keys:
        return ""
    return f" at {', '.join(keys)}" if len(keys) < 4 else f" at {len(keys)} places"


def _breaches(by: Sequence[LedgerRow]) -> str:
    low, high = min(row.breaches for row in by), max(row.breaches_possible for row in by)
    return "" if not high else str(high) if low == high else f"{low}-{high}"


def _mute(stands: Iterable[Sequence[LedgerRow]], silent: Sequence[LedgerRow]) -> str:
    """Say who says nothing: by name those whom the commitment obliges or benefits, the others by number."""
    spoke = {row.account for by in stands for row in by if row.says not in ("", "silent")}
    names = [name for name in dict.fromkeys(row.account for row in silent) if name not in spoke]
    if not names:
        return ""
    concerned = {row.account for row in silent if row.party in (*row.debtor, *row.creditor)}
    first = [name for name in names if name in concerned]
    rest = len(names) - len(first)
    if first:
        others = f" and {count(rest, 'other')}" if rest else ""
        return f"nothing said: {', '.join(first)}{others}"
    if spoke:
        return ""
    return f"nothing said by any of the {rest} who speak here" if rest > 1 else "nothing said"


def _accounts(by: Sequence[LedgerRow]) -> str:
    """Name the accounts of some rows: the record, parties, readings."""
    names = (label(row.account, row.account_kind) if row.own_reading else "if it is read so" for row in by)
    return ", ".join(dict.fromkeys(names))


def _share(row: LedgerRow) -> str:
    """Say how much of an amount is reported; nothing for other kinds."""
    if row.degree is None:
        return ""
    low, high = (f"{int(1000 * part + 1e-6) / 10:g}" for part in row.degree)  # cut: 99.96 is not all
    return f"reported {low} %" if low == high else f"reported {low} to {high} %"


def _cut(text: str, width: int) -> str:
    """Shorten a text to a width, at a space, with an ellipsis."""
    return text if len(text) <= width else textwrap.shorten(text, width, placeholder=" ...")


def name_lines(names: Sequence[Mapping[str, Any]], width: int) -> Iterator[str]:
    """Yield the names of a log that the case does not know, each with how many events it stands in."""
    rows = [(str(name["rows"]), name["name"]) for name in names]
    yield from table((Number("events"), "name, as the log writes it"), rows, width)
    yield from fold(
        f"n = {len(names)} names that no actor of the case has; an alias in actors.yaml makes one known.",
        width,
    )


def track_lines(ledger: Evaluation, tracks: Sequence[Track], warning: str, width: int) -> Iterator[str]:
    """Yield a row for each record of a debtor, with mean, interval and the accounts that have it so."""
    yield f"Track records on {ledger.on}"
    groups: dict[tuple[str, ...], list[str]] = {}
    for t in tracks:
        kind = f"{'threats' if t.adverse else 'promises'}, {t.kind}"
        mean = "" if t.mean is None else f"{t.mean:.2f} {t.low:.2f}-{t.high:.2f}"
        groups.setdefault((t.debtor, kind, t.words, mean), []).append(t.account)
    kinds = {name: account.kind for name, account in ledger.case.accounts.items()}
    rows = [(*line, ", ".join(label(name, kinds[name]) for name in by)) for line, by in groups.items()]
    yield from table(TRACK_HEADS, rows, width)
    yield ""
    yield from fold(warning, width)
    text = "Mean and 90 % interval: Beta-binomial, uniform prior; disputed instances widen the interval."
    yield from fold(text, width)


def agreement_lines(ledger: Evaluation, rows: Sequence[AgreementRow], width: int) -> Iterator[str]:
    """Yield the state of each agreement, accounts that agree on one row."""
    yield from fold(f"Agreements on {ledger.on}{_as_known(ledger)}", width, hang="  ")
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        groups.setdefault(_cells(row), []).append(row.account)
    yield from table(AGREEMENT_HEADS, [(*cells, ", ".join(by)) for cells, by in groups.items()], width)
    covered = len({row.agreement for row in rows})
    without = len(ledger.case.agreements) - covered
    yield from fold(f"n = {covered} agreements with provisions; {without} more have none here.", width)
    yield from fold("held: provisions still owed or held, of all; a broken one may be among them.", width)
    yield from fold("kept, broken, contested, unknown: provisions by verdict.", width)


def _cells(row: AgreementRow) -> tuple[str, ...]:
    state = row.state
    if row.state in ("contested", "unknown"):
        state += f": {' or '.join(row.possible)}"
    elif row.successors and row.state == "superseded":
        state += f" by {', '.join(row.successors)}"
    counts = (row.kept, row.broken, row.contested, row.unknown)
    return (row.agreement, state, f"{row.in_force}/{row.provisions}", *(str(n or "") for n in counts))


def _as_known(ledger: Evaluation) -> str:
    return f", as known on {ledger.as_of}" if ledger.as_of else ""
