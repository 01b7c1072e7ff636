"""The ledger and the network as end-points: states of commitments on a day, over time, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from standoff.case.claims import RECORD, AccountKind
from standoff.case.model import Case
from standoff.case.restrictions import free, is_free, passed_on, restricted_in, restricted_words
from standoff.commitments import tables
from standoff.commitments.engine.states import VERDICTS, late_words
from standoff.commitments.engine.states import words as state_words
from standoff.commitments.ledger import Bar, Row, rows
from standoff.commitments.ledger import bars as spans
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.commitments.observance import observance_data, observances
from standoff.commitments.own_words import own_word
from standoff.commitments.revision import report_of, withdraw
from standoff.commitments.scores import score_of, score_words
from standoff.commitments.why import explain
from standoff.evidence.accounts import kind_of, tell
from standoff.evidence.statements import Statements
from standoff.exports.xlsx import write_ledger
from standoff.text import sentences
from standoff.text.sentences import count, day, reported_in_words, when
from standoff.views import accounts, bars, network, records, withdrawal
from standoff.views.figures import both
from standoff.views.lines.observance import observance_lines, observance_sentence
from standoff.views.withdrawal import report_words
from standoff.workbench import uploads as logs
from standoff.workbench.page import Page, account_events, check_name, opening_day
from standoff.workbench.uploads import LedgerSource
from standoff.workbench.workspace import Workspace


def histories(ws: Workspace, source: LedgerSource | None = None) -> tuple[Bar, ...]:
    """Return the whole history of the record and every reading, computed once (with a log beside it, or without)."""
    source = source or logs.ledger_source(ws, "", False)
    return ws.kept(("history", *source.key), lambda: spans(evaluation(ws, source, source.last, None)))


def evaluation(ws: Workspace, source: LedgerSource, on: date, as_of: date | None) -> Evaluation:
    """Return the ledger of every account run up to a day with what was known on another, computed once for each.

    Accounts are columns of one array: all of them cost about as much as one. What parties and bodies said is read off
    the record's columns.
    """
    key = ("evaluation", on, as_of, *source.key)
    every = tuple(source.case.accounts)
    return ws.kept(key, lambda: evaluate(source.case, every, on=on, as_of=as_of, events=source.events))


def every_row(ws: Workspace, source: LedgerSource, on: date, as_of: date | None) -> tuple[Row, ...]:
    """Return the ledger of every account on a day as known on another."""
    return ws.kept(("rows", on, as_of, *source.key), lambda: rows(evaluation(ws, source, on, as_of)))


def ledger_rows(ws: Workspace, source: LedgerSource, account: str, on: date, as_of: date | None) -> tuple[Row, ...]:
    """Return the ledger of an account on a day as known on another."""
    return tuple(row for row in every_row(ws, source, on, as_of) if row.account == account)


def late(ws: Workspace, source: LedgerSource) -> bars.Late:
    """Return from which day on what was owed was done late, of the record and every reading."""
    return bars.late_days(every_row(ws, source, source.last, None))


def reasons(
    ws: Workspace, source: LedgerSource, account: str, on: date, as_of: date | None, commitment: str
) -> dict[str, Any]:
    """Return why a commitment stands where it stands, with each event as the account has it.

    Below the rows of the record or a reading stand ``parties``: what each party and body says that says anything.
    """
    case = source.case
    key = ("why", on, as_of, commitment, *source.key)
    explanation: dict[str, Any] = dict(ws.kept(key, lambda: explain(evaluation(ws, source, on, as_of), commitment)))
    left_out = restricted_words(len(restricted_in(explanation)))
    explanation, _ = passed_on(explanation)
    explanation["restricted"] = left_out
    every = explanation["rows"]
    speaks = kind_of(case, account) == AccountKind.STATEMENT
    every = [{**row, "commitment": commitment} for row in every]
    explanation["rows"] = [_reason(ws, source, row, on, as_of) for row in every if row["account"] == account]
    parties = [row for row in every if row["account_kind"] == AccountKind.STATEMENT]
    party_rows = [row for row in parties if row["says"] not in ("", "silent")]
    explanation["parties"] = [] if speaks else [_reason(ws, source, row, on, as_of) for row in party_rows]
    mine = [r for r in every_row(ws, source, on, as_of) if r.commitment == commitment]
    explanation["silent"] = "" if speaks else accounts.silence(case, mine)
    observed = explanation["observance"]
    explanation["observed"] = list(observance_lines(observed)) if observed else []
    explanation["commitment"] = {**explanation["commitment"], "terms": records.term_words(case.commitments[commitment])}
    used = {c for r in mine if r.account == account or not speaks for c in r.claims}
    used |= {c for row in (*explanation["rows"], *explanation["parties"]) for e in row["events"] for c in e["claims"]}
    explanation["claims"] = [c for c in explanation["claims"] if c["id"] in used or not speaks]
    explanation["claims"] = [
        {**c, "told_by": [records.source_name(ws.case, s) for s in c["chain"]]} for c in explanation["claims"]
    ]
    explanation["debtor"] = records.actor_names(ws.case, explanation["commitment"]["debtor"])
    explanation["creditor"] = records.actor_names(ws.case, explanation["commitment"]["creditor"])
    return explanation


def _reason(ws: Workspace, source: LedgerSource, row: dict[str, Any], on: date, as_of: date | None) -> dict[str, Any]:
    """Return a row of an explanation with its look, its words, and its events as its own account has them."""
    case, account = source.case, row["account"]
    kind = case.commitments[row["commitment"]].kind
    done = bars.late_days(every_row(ws, source, on, as_of))
    reading = "" if row["reading"] == "text" else row["reading"]
    appearance = "late" if (account, row["commitment"], row["key"], reading) in done else ""
    appearance = appearance or bars.appearance(row["state"], row["verdict"], kind)
    speaks = row["account_kind"] == AccountKind.STATEMENT
    events = {h["id"]: h for h in account_events(ws, account)}
    duty = next(
        (
            r.duty
            for r in every_row(ws, source, on, as_of)
            if (r.commitment, r.reading, r.key) == (row["commitment"], reading, row["key"])
        ),
        case.commitments[row["commitment"]].duty,
    )
    # What happened after the day the ledger stands at does not speak of it.
    before = [e for e in row["events"] if not e["date"][:1].isdigit() or e["date"][:10] <= on.isoformat()]
    voices = voices_by_event(ws, source, on, as_of)
    return {
        **row,
        "party": accounts.speaker(case, account),
        "key_title": case.places[row["key"]].name if row["key"] in case.places else row["key"],
        "look": "said" if speaks else appearance,
        "words": accounts.wording(case, bars.state_words(appearance, row["words"]), row["says"], row["by"]),
        "duty": duty,
        "timeline": [
            {**t, "what": _effort(t["what"]) if duty == "effort" and not speaks else t["what"]} for t in row["timeline"]
        ],
        "events": [
            {**e, **events.get(e["id"], {}), "role": _role(e["role"], duty, speaks), "voices": voices.get(e["id"], [])}
            for e in before
        ],
    }


def _effort(what: str) -> str:
    """Say a change where an effort is owed: what came about speaks of the result alone."""
    return (
        what.replace("breaches to", "acts against the result:")
        .replace("breach", "act against the result:")
        .replace("broken", "result broken")
    )


def _role(role: str, duty: str, speaks: bool) -> str:
    """Say how an event bears on a commitment: an act breaks no effort, and a party's report of acts is no charge."""
    if not role.startswith("breaks it"):
        return role
    if duty == "effort":
        return role.replace("breaks it", "is against the result")
    return role.replace("breaks it", "is what the text forbids") if speaks else role


def voices_by_event(
    ws: Workspace, source: LedgerSource, on: date, as_of: date | None
) -> dict[str, list[dict[str, Any]]]:
    """Return, for each recorded event, which parties and bodies assert, find or deny it, when, and by which claims."""

    def make() -> dict[str, list[dict[str, Any]]]:
        voices: dict[str, list[dict[str, Any]]] = {}
        for account, statement in evaluation(ws, source, on, as_of).statements.items():
            for event, some in statement.events.items():
                ways = {one.asserts for one in some}
                finds = "finds" if source.case.accounts[account].standard else "asserts"
                voices.setdefault(event, []).append(
                    {
                        "account": account,
                        "party": accounts.speaker(source.case, account),
                        "how": "says both" if len(ways) > 1 else finds if ways == {True} else "denies",
                        "on": some[-1].on.isoformat(),
                        "claims": [one.claim for one in some],
                    }
                )
        return voices

    return ws.kept(("voices", on, as_of, *source.key), make)


def opening_ledger_day(source: LedgerSource) -> date:
    """Return the day on which the ledger opens: the last of the record and the log, and none in the future."""
    return min(source.last, max(date.today(), opening_day(source.case)))


def ledger_page(
    ws: Workspace,
    account: str = "",
    on: date | None = None,
    as_of: date | None = None,
    commitment: str = "",
    log: str = "",
    skip_bad: bool = False,
    agreement: str = "",
    party: str = "",
    state: str = "",
    by: str = "",
    page: int = 1,
) -> Page:
    """The state of every commitment on a day, as known on a day, and why; ``log`` adds the events of a kept log.

    ``agreement``, ``party`` and ``state`` choose rows, ``by`` groups them; the page shows them in parts.
    """
    case = ws.case
    account = ws.account(account)
    check_name("commitment", commitment, list(case.commitments))
    source = logs.ledger_source(ws, logs.chosen_log(ws, log), skip_bad)
    today = min(on or opening_ledger_day(source), as_of or source.last)
    check_name("agreement", agreement, [*case.agreements, tables.NO_AGREEMENT])
    check_name("party", party, list(case.actors))
    check_name("state", state, list(VERDICTS))
    check_name("by", by, list(tables.GROUPS))
    every = ledger_rows(ws, source, account, today, as_of)
    every = tables.chosen_rows(case, every, agreement=agreement, party=party, state=state)
    group_of = {id(r): "" for r in every}
    if by:
        groups = tables.grouped_rows(case, every, by)
        group_of = {id(r): name for name in reversed(list(groups)) for r in groups[name]}  # the first that names it
        order = list(groups)
        every = tuple(sorted(every, key=lambda r: order.index(group_of[id(r)])))
    observed = observed_prohibitions(ws, source, today, as_of)
    run = evaluation(ws, source, today, as_of)
    pages = max(-(-len(every) // ROWS_EACH), 1)
    at = min(max(page, 1), pages)
    chosen = [r for r in every if not commitment or r.commitment == commitment]
    kind = kind_of(case, account)
    beside = _beside(every_row(ws, source, today, as_of)) if kind != AccountKind.STATEMENT else {}
    title = f"{count(len({r.commitment for r in chosen}), 'commitment')} on {day(today)}"
    if kind == AccountKind.STATEMENT:
        spoke = len({r.commitment for r in chosen if r.says not in ("", "silent")})
        title = f"{accounts.speaker(case, account)} speaks of {spoke} of {title}"
    return Page(
        title,
        (
            "commitment",
            "title",
            "key",
            "reading",
            "held",
            "verdict",
            "in words",
            "since",
            "due",
            "breaches",
            "rule",
            "because",
            "claims",
            "account",
            "account_kind",
            "says",
            "said_on",
            "by",
            "denied",
            "denied_of",
            "late",
            "duty",
            "parties",
            "score",
            "observance",
        ),
        [
            [
                r.commitment,
                r.title,
                r.key,
                r.reading,
                r.own_reading,
                r.verdict,
                r.words,
                str(r.since or ""),
                str(r.due or ""),
                r.breaches,
                r.rule,
                "; ".join(r.because),
                "; ".join(r.claims),
                r.account,
                r.account_kind,
                r.says,
                str(r.word_on or ""),
                "; ".join(r.by),
                "; ".join(r.denied),
                r.denied_of,
                r.late,
                r.duty,
                "; ".join(accounts.party_text(accounts.party_line(case, p)) for p in _speaking(beside, r)),
                score_words(score_of(run, r)),
                observance_sentence(observed[r.commitment]) if r.commitment in observed and kind != "statement" else "",
            ]
            for r in chosen
        ],
        {
            "account": account,
            "account_kind": kind,
            "party": accounts.speaker(case, account) if kind == AccountKind.STATEMENT else "",
            "on": today.isoformat(),
            "as_of": as_of.isoformat() if as_of else "",
            "commitment": commitment,
            "ledger": [
                _row(case, r, beside)
                | {
                    "group": group_of[id(r)],
                    "score": score_words(score_of(run, r)),
                    "observance": observance_sentence(observed[r.commitment]) if r.commitment in observed else "",
                }
                for r in every
            ],
            "agreement": agreement,
            "party_chosen": party,
            "state": state,
            "by": by,
            "page": at,
            "pages": pages,
            "rows_each": ROWS_EACH,
            "agreements": {name: record.title for name, record in case.agreements.items()},
            "parties": {
                name: case.actors[name].name
                for name in sorted({n for c in case.commitments.values() for n in (*c.debtor, *c.creditor)})
                if name in case.actors
            },
            "states": {name: state_words(name, False) for name in VERDICTS},
            "why": reasons(ws, source, account, today, as_of, commitment) if commitment else None,
            "bars_to": source.last.isoformat(),
            "log": logs.log_summary(source, source.log),
            "logs": logs.kept_logs(ws),
            "skip_bad": skip_bad,
        },
    )


def ledger_workbook(ws: Workspace, page: Page, path: Path) -> None:
    """Write what a page of the ledger shows, in every account, as a workbook: provisions against versions, and rows."""
    data = page.data
    log = data["log"]["name"] if data["log"] else logs.ALONE
    source = logs.ledger_source(ws, log, data["skip_bad"])
    on, as_of = date.fromisoformat(data["on"]), date.fromisoformat(data["as_of"]) if data["as_of"] else None
    shown = {row["commitment"] for row in data["ledger"]}
    run = evaluation(ws, source, on, as_of)
    every = [row for row in every_row(ws, source, on, as_of) if row.commitment in shown]
    write_ledger(path, run, every, observances(run))


ROWS_EACH = 40  # rows of the ledger on a page


def observed_prohibitions(
    ws: Workspace, source: LedgerSource, on: date, as_of: date | None
) -> dict[str, dict[str, Any]]:
    """Return how each prohibition is observed in the record, computed once."""

    def make() -> dict[str, dict[str, Any]]:
        run = observances(evaluation(ws, source, on, as_of))
        return {name: data for name, one in run.items() if (data := observance_data(one))}

    return ws.kept(("observance", on, as_of, *source.key), make)


Beside = dict[tuple[str, str], list[Row]]


def _beside(every: Sequence[Row]) -> Beside:
    """Return what parties and bodies say, by commitment and key."""
    lines: Beside = {}
    for row in every:
        if row.account_kind == AccountKind.STATEMENT:
            lines.setdefault((row.commitment, row.key), []).append(row)
    return lines


def _speaking(beside: Beside, row: Row) -> list[Row]:
    """Return what parties say of a row: of the same reading; beside the text's row also what they say of any other."""
    some = [p for p in beside.get((row.commitment, row.key), ()) if p.says not in ("", "silent")]
    return [p for p in some if not row.reading or p.reading == row.reading]


def _row(case: Case, row: Row, beside: Beside) -> dict[str, Any]:
    appearance = bars.appearance_of(row)
    words = bars.state_words(appearance, row.words)
    clock = bars.appearance(row.state, row.state, row.kind)
    return {
        "commitment": row.commitment,
        "title": row.title,
        "key": row.key,
        "key_title": case.places[row.key].name if row.key in case.places else row.key,
        "reading": row.reading,
        "reading_title": row.reading_title,
        "held": row.own_reading,
        "adverse": row.adverse,
        "debtor": records.actor_names(case, row.debtor),
        "creditor": records.actor_names(case, row.creditor),
        "verdict": row.verdict,
        "words": accounts.wording(case, words, row.says, row.by),
        "look": appearance,
        "since": day(row.since),
        "due": day(row.due),
        "breaches": row.breaches,
        "breaches_possible": row.breaches_possible,
        "rule": row.rule,
        "because": list(row.because),
        "claims": [c for c in row.claims if c in case.claims],
        "account": row.account,
        "account_kind": row.account_kind,
        "clock": bars.state_words(clock, state_words(row.state, row.adverse)),
        "says": row.says,
        "said_on": row.word_on.isoformat() if row.word_on else None,
        "by": list(row.by),
        "denied": list(row.denied),
        "denied_of": row.denied_of,
        "late": row.late,
        "duty": row.duty,
        "parties": [accounts.party_line(case, p) for p in _speaking(beside, row)],
        "silent": "" if row.reading else accounts.silence(case, beside.get((row.commitment, row.key), [])),
    }


def without_page(
    ws: Workspace,
    event: str = "",
    account: str = "",
    on: date | None = None,
    as_of: date | None = None,
    commitment: str = "",
    log: str = "",
    skip_bad: bool = False,
) -> Page:
    """What would change in the ledger of every account if one report were withdrawn; nothing is stored.

    Without an ``event`` the page offers the reports to choose from. ``commitment`` is the one to go back to.
    """
    account = ws.account(account)
    check_name("commitment", commitment, list(ws.case.commitments))
    source = logs.ledger_source(ws, logs.chosen_log(ws, log), skip_bad)
    case = source.case
    today = min(on or opening_ledger_day(source), as_of or source.last)
    reports = {**case.events, **{one.id: one for one in source.events}}
    data: dict[str, Any] = {
        "account": account,
        "event": event if is_free(reports.get(event)) else "restricted",
        "on": today.isoformat(),
        "as_of": as_of.isoformat() if as_of else "",
        "commitment": commitment,
        "log": source.log,
        "skip_bad": skip_bad,
        "reports": [
            {"id": one.id, "label": f"{when(one.date)}: {one.title or one.type}"}
            for one in sorted(free(reports.values()), key=lambda one: one.date.start or one.date.end or date.min)
        ],
        "withdrawal": None,
    }
    columns = ("commitment", "title", "key", "reading", "account", "kind", "before", "after", "sentence")
    if not event:
        return Page("What if one report is withdrawn?", columns, [], data)
    chosen = report_of(case, event, source.events)
    key = ("without", event, today, as_of, *source.key)
    effect = ws.kept(key, lambda: withdraw(evaluation(ws, source, today, as_of), event, source.events))
    answer = withdrawal.withdrawal_record(case, effect)
    answer["report"] |= {
        "when": reported_in_words(chosen.date, chosen.known) if is_free(chosen) else "",
        "title": report_words(chosen)[1],
    }
    for change in answer["changes"]:
        change["key_title"] = case.places[change["key"]].name if change["key"] in case.places else change["key"]
        change["account_title"] = accounts.title(case, change["account"])
    data["withdrawal"] = answer
    rows = [
        [
            *(c[name] for name in columns[:6]),
            *((c[side] or {}).get("words", "") for side in ("before", "after")),
            c["sentence"],
        ]
        for c in answer["changes"]
    ]
    return Page(f"Without “{answer['report']['title']}”", columns, rows, data)


def bars_page(
    ws: Workspace, account: str = "", whole: bool = False, log: str = "", skip_bad: bool = False, on: date | None = None
) -> Page:
    """The recorded ledger as bars: one account, or the record and every reading where they differ.

    What parties and bodies said is not a verdict by day: beside a statement account stand the record's bars, in grey.
    """
    source = logs.ledger_source(ws, logs.chosen_log(ws, log), skip_bad)
    case = source.case
    check_name("account", account, list(case.accounts))
    beside = account if account and kind_of(case, account) == AccountKind.STATEMENT else ""
    of = RECORD.id if beside else account
    done = late(ws, source)
    standing = {(r.account, r.commitment, r.key, r.reading) for r in every_row(ws, source, source.last, None)}
    # A reading that an account does not hold breaks nothing there.
    chosen = [
        b
        for b in histories(ws, source)
        if of in ("", b.account) and (b.account, b.commitment, b.key, b.reading) in standing
    ]
    figure = bars.ledger_bars(case, chosen, until=source.last, as_of=None, whole=whole, late=done, beside=beside)
    if figure is None:
        return Page("No commitment has fallen due", ("commitment",), [], {"figure": None})
    if on is not None:
        figure["data"]["on"] = on.isoformat()
    wide, narrow = both(figure, lambda kind, name: f"/ledger?{urlencode({'account': account, kind: name})}#why")
    pictures = {"wide": sentences.visible(wide), "narrow": sentences.visible(narrow)}
    return Page(figure["title"], figure["columns"], figure["rows"], {"figure": figure, "pictures": pictures})


def changes_page(ws: Workspace, account: str = "") -> Page:
    """Every change of state of an account's ledger by day: what the date stepper counts and lists.

    Of a statement account: what it said of commitments, from the day of its word on.
    """
    case = ws.case
    account = ws.account(account)
    speaks = kind_of(case, account) == AccountKind.STATEMENT
    lines = changes_of(ws, account)
    looks = {k: {"colour": c, "texture": t, "label": w} for k, (c, t, w) in bars.LOOKS.items()}
    return Page(
        f"{len(lines)} {'statements on commitments' if speaks else 'changes of state'}",
        ("from", "commitment", "key", "title", "state", "look", "to", "threat"),
        lines,
        {"account": account, "account_kind": kind_of(case, account), "looks": looks},
    )


def changes_of(ws: Workspace, account: str) -> list[list[Any]]:
    """Return the changes of state of an account's ledger by day, computed once."""
    speaks = kind_of(ws.case, account) == AccountKind.STATEMENT
    make = _spoken_changes if speaks else _state_changes
    return ws.kept(("changes", account), lambda: sorted(make(ws, account)))


def _state_changes(ws: Workspace, account: str) -> list[list[Any]]:
    case, source = ws.case, logs.ledger_source(ws, "", False)
    readings = tell(case, account).readings
    done = late(ws, source)
    lines = []
    for bar in histories(ws):
        if bar.account != account or bar.verdict == "not-yet" or bar.reading != readings.get(bar.commitment, ""):
            continue
        c = case.commitments[bar.commitment]
        for first, last, look in bars.stretch_bars(bar, None, c.kind, done):
            words = bars.state_words(look, state_words(bar.verdict, c.adverse))
            words = late_words(c.adverse) if look == "late" else words
            lines.append([first, bar.commitment, bar.key, c.title, words, look, last, c.adverse])
    return lines


def _spoken_changes(ws: Workspace, account: str) -> list[list[Any]]:
    """Return what a party said of each commitment day by day, as its statements up to each day have it."""

    def make() -> list[list[Any]]:
        case, source = ws.case, logs.ledger_source(ws, "", False)
        result = evaluation(ws, source, source.last, None)
        mine = ledger_rows(ws, source, account, source.last, None)
        mine = tuple(r for r in mine if r.says not in ("", "silent") and not r.reading)
        slots = {(s.commitment, s.key): n for n, s in enumerate(result.schedule.slots) if not s.reading and not s.span}
        statement = result.statements[account]
        days = {one.on for some in statement.events.values() for one in some}
        days |= {one.on for some in statement.commitments.values() for one in some}
        spans: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for by in sorted(days):
            until = replace(result, statements={account: _until(statement, by)})
            for row in mine:
                word = own_word(until, slots[row.commitment, row.key], account)
                # How many acts of all are denied is known on the last day only.
                words = state_words("denies", row.adverse)
                if word.says != "denies":
                    words = replace(row, says=word.says, by=word.by, late=word.late).words
                words = "" if word.says == "silent" else accounts.wording(case, words, word.says, word.by)
                some = spans.setdefault((row.commitment, row.key), [])
                if (some[-1][1] if some else "") != words:
                    some.append((by.isoformat(), words))
        lines: list[list[Any]] = []
        for (name, key), some in spans.items():
            c = case.commitments[name]
            for number, (first, words) in enumerate(some):
                last = (
                    str(date.fromisoformat(some[number + 1][0]) - timedelta(days=1)) if number + 1 < len(some) else ""
                )
                if words:
                    lines.append([first, name, key, c.title, words, "said", last, c.adverse])
        return lines

    return ws.kept(("spoken", account), make)


def _until(word: Statements, by: date) -> Statements:
    """Return what an account had word by a day."""
    events = {name: tuple(w for w in some if w.on <= by) for name, some in word.events.items()}
    commitments = {name: tuple(w for w in some if w.on <= by) for name, some in word.commitments.items()}
    return Statements(
        word.account,
        {name: some for name, some in events.items() if some},
        {name: some for name, some in commitments.items() if some},
    )


_RESTS = {
    AccountKind.STATEMENT: "its own public words; commitments of which it says nothing are left out",
    AccountKind.RECORD: "recorded events",
    AccountKind.READING: "recorded events, in this reading",
}


def owed_page(ws: Workspace, account: str = "", on: date | None = None, actor: str = "") -> Page:
    """Debtors, commitments and creditors in columns, with the state of each commitment on a day."""
    case = ws.case
    account = ws.account(account)
    check_name("actor", actor, list(case.actors))
    today = on or opening_day(case)
    source = logs.ledger_source(ws, "", False)
    kind = kind_of(case, account)
    if kind == AccountKind.STATEMENT:
        mine = ledger_rows(ws, source, account, min(today, source.last), None)
        data = network.spoken_columns(case, mine)
    else:
        readings = tell(case, account).readings
        data = network.ledger_columns(case, histories(ws), account, today, readings, late(ws, source))
    if actor:
        data["commitments"] = [c for c in data["commitments"] if actor in (*c["debtor"], *c["creditor"])]
        linked = {a for c in data["commitments"] for a in (*c["debtor"], *c["creditor"])}
        for side in ("debtors", "creditors"):
            data[side] = [a for a in data[side] if a["id"] in linked]
    return Page(
        f"{count(len(data['commitments']), 'promise or threat', 'promises and threats')} of "
        f"{count(len(data['debtors']), 'party', 'parties')} to {count(len(data['creditors']), 'party', 'parties')}",
        ("debtor", "commitment", "title", "threat", "state", "since", "creditor"),
        [
            [
                "; ".join(c["debtor"]),
                c["id"],
                c["title"],
                c["adverse"],
                c["words"],
                c["since"],
                "; ".join(c["creditor"]),
            ]
            for c in data["commitments"]
        ],
        {
            "account": account,
            "account_kind": kind,
            "on": today.isoformat(),
            "actor": actor,
            "network": data,
            "figure": network.network_figure(case, data, today, _RESTS[kind]),
        },
    )
