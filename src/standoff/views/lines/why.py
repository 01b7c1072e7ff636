"""Why one commitment stands as it does, on a terminal: in short, account by account, then claims and first breaches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from standoff.case.claims import AccountKind
from standoff.case.restrictions import passed_on, restricted_in, restricted_words
from standoff.text.sentences import fold, label, listing
from standoff.views.lines.observance import observance_lines


def explanation_lines(explanation: Mapping[str, Any], width: int = 80) -> list[str]:
    """Return the lines of an explanation, ``width`` columns wide; accounts that tell the same share a part."""
    left_out = len(restricted_in(explanation))
    explanation, _ = passed_on(explanation)
    c = explanation["commitment"]
    out: list[str] = []

    def line(sentence: str, indent: int = 0) -> None:
        pad = " " * indent
        out.extend(fold(sentence, width, indent=pad, hang=pad + "  "))

    line(f"{c['id']}: {c['title']}")
    line(_in_short(explanation["rows"]))
    line(f"{', '.join(c['debtor'])} to {', '.join(c['creditor']) or 'nobody named'}; {c['kind']}, from {c['from']}")
    if c["agreement"]:
        reference = f"; {c['reference']}" if c["reference"] else ""
        line(f"{c['agreement_title']}, {c['provision'] or 'no provision named'}{reference}")
    line(f"{c['held']}")
    if c["duty"] == "effort":
        line("an effort is owed: only a finding about the effort breaks it; the result stands beside")
    if c["same_as"]:
        line(f"the same promise as {', '.join(c['same_as'])}: counted once, there")
    for name in ("note", "assumed", "observable"):
        if c[name]:
            line(f"{name}: {c[name]}")
    if explanation.get("observance"):
        for sentence in observance_lines(explanation["observance"]):
            line(sentence)
    groups: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for row in explanation["rows"]:
        fields = {k: v for k, v in row.items() if k not in ("account", "account_title", "held")}
        name = label(row["account"], row["account_kind"])
        groups.setdefault(json.dumps(fields, sort_keys=True, default=str), (row, []))[1].append(name)
    for row, accounts in groups.values():
        out.append("")
        if row["says"] == "silent" and not row["because"]:
            line(f"Nothing said of it by {listing(list(dict.fromkeys(accounts)))}")
            continue
        key = f" at {row['key']}" if row["key"] else ""
        reading = "as written" if row["reading"] == "text" else row["reading"]
        who = f"{'In' if row['account_kind'] == 'record' else 'According to'} {listing(list(dict.fromkeys(accounts)))}"
        line(f"{who}; {'the text' if row['reading'] == 'text' else f'reading {reading}'}{key}")
        said_on = f", {row['said_on']}" if row["said_on"] else ""
        by = f" by {', '.join(row['by'])}" if row["by"] else ""
        line(f"{row['words'].upper()}{by}{said_on}: {row['rule']}", 2)
        if row["chance"] is not None:
            line(row["chance"]["said"], 2)
        if not row["watched"]:
            line("nobody is known to have watched on every day", 2)
        for step in row["timeline"]:
            line(f"{step['date']}  {step['what']}{'' if step['certain'] else ' (only if doubtful reports hold)'}", 2)
        for event in row["events"]:
            mark = " (contested)" if event["denied"] else f" (possibly: {event['doubt']})"
            mark = "" if event["certain"] else mark
            if row["account_kind"] == AccountKind.STATEMENT:
                mark = f"; {event['why']}"
            since, _, until = (event.get("reported") or "").partition("/")
            by = f"by {until}" if until and since == event["date"] else event.get("reported")
            late = f", reported {by}" if by not in (None, event["date"]) else ""
            line(f"{event['date']}{late}  {event['title']} [{event['id']}]: {event['role']}{mark}", 4)
            if event["denied"] and row["account_kind"] != AccountKind.STATEMENT:
                line(event["why"], 6)
            if event["source"]:
                line(event["source"], 6)
    if explanation["claims"]:
        out.extend(["", "Claims"])
    for claim in explanation["claims"]:
        at = "; ".join(f'paragraph {a["paragraph"]}, "{a["anchor"]}"' for a in claim["at"])
        line(f"{claim['id']}: {claim['text']}", 2)
        line(f"{claim['document'] or claim['citation']} {at}; chain {' > '.join(claim['chain'])}", 6)
    broke = {a: b for a, b in explanation["first_breach"].items() if b}
    if broke:
        out.extend(["", "Which provision of it was broken first"])
        for account, first in broke.items():
            kind = next((r["account_kind"] for r in explanation["rows"] if r["account"] == account), "reading")
            who = f"by {', '.join(first['by'])}" if first["by"] else f"owed by {', '.join(first['debtor'])}"
            line(f"{label(account, kind)}: {first['commitment']}, {first['on']}, {who}", 2)
            if first["in_doubt"]:
                names = listing(f"{name} ({on})" for name, on in reversed(first["in_doubt"].items()))
                line(f"before it, contested or not certain: {names}", 4)
    if left_out:
        out.append("")
        line(f"{restricted_words(left_out)}.")
    return out


def _in_short(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how a commitment stands as it is written, and who tells it so."""
    by_line: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["reading"] == "text":
            by_line.setdefault(row["words"], []).append(row)
    everyone = {row["account"] for some in by_line.values() for row in some}
    parts: list[str] = []
    silent: list[str] = []
    for words_, some in by_line.items():
        accounts = list(dict.fromkeys(row["account"] for row in some))
        places = len({row["key"] for row in some if row["key"]})
        at = f" at {places} places" if places > 1 else ""
        names = listing([label(row["account"], row["account_kind"]) for row in _first_of(some)])
        by = "everybody" if len(everyone) > 1 and len(accounts) == len(everyone) else names
        kinds = {row["account_kind"] for row in some}
        if words_ == "says nothing":
            quiet = names if len(accounts) < 4 else f"{len(accounts)} others"
            silent.append(f"{quiet} {'says' if len(accounts) == 1 else 'say'} nothing")
        else:
            parts.append(f"{words_}{at} {'in' if kinds == {'record'} else 'according to'} {by}")
    parts += silent
    return "; ".join(parts) or "no verdict as it is written"


def _first_of(some: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the first row of each account, in order."""
    first: dict[str, Mapping[str, Any]] = {}
    for row in some:
        first.setdefault(row["account"], row)
    return list(first.values())
