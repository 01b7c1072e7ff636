"""What the ledger and the record give to the brief of a day: what changed, falls due, is contested, and who is silent.

Every sentence says who reports what it rests on, and what the accused answer. Counts of the record are a selection by
whoever made the case, and say so, unless a log or a coverage record watched the whole period.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from standoff.case.brief_sections import BriefDay, BriefItem, BriefSection, brief_section
from standoff.case.claims import RECORD
from standoff.case.model import Case, Event, bare
from standoff.case.restrictions import FEW, RESTRICTED
from standoff.case.terms import CommitmentKind
from standoff.commitments.daily import as_read_now, daily, day_of_report, is_incident, rests_on
from standoff.commitments.engine.states import words
from standoff.commitments.ledger import Row, rows
from standoff.commitments.monitor import Evaluation, evaluate
from standoff.evidence.statements import speakers
from standoff.text.sentences import count, listing, quoted, when
from standoff.text.sentences import day as day_words


def _evaluation(day: BriefDay) -> Evaluation:
    events = as_read_now(day.events, None)
    return day.once("evaluation", lambda: evaluate(day.case, None, on=day.on, as_of=day.on, events=events))  # type: ignore[no-any-return]


def daily_figures(day: BriefDay) -> dict[str, Any]:
    """Return the daily report of the record for the day, made once, from the run that the other sections read."""

    def make() -> dict[str, Any]:
        return daily(
            day.case,
            [RECORD.id],
            on=day.on,
            days=day.days,
            ahead=day.days,
            events=day.events,
            areas=day.areas,
            evaluation=_evaluation(day),
        )

    return day.once("daily", make)  # type: ignore[no-any-return]


def _rows(day: BriefDay) -> tuple[Row, ...]:
    return day.once("rows", lambda: rows(_evaluation(day)))  # type: ignore[no-any-return]


def _record_row(day: BriefDay, commitment: str, key: str) -> Row | None:
    found = (
        r for r in _rows(day) if r.account == RECORD.id and not r.reading and (r.commitment, r.key) == (commitment, key)
    )
    return next(found, None)


def _rests(day: BriefDay, events: Iterable[str], on: date | None = None, *, until: date = date.max) -> str:
    """Return what a change ``on`` a day rests on: the last event ``until`` a day, who reports it, and the answer."""
    evaluation = _evaluation(day)
    reports = {r.event.id: r for r in evaluation.reports[RECORD.id]}
    events = list(events)
    reported = [reports[name] for name in events if name in reports]
    reported = [report for report in reported if (report.event.date.start or until) <= until]
    hidden = next((name for name in events if name.endswith(RESTRICTED)), "")
    if not reported:
        if not hidden:
            return ""
        number = count(int(hidden.removesuffix(RESTRICTED)), "report")
        return f"rests on {number} of the log that may not be passed on"
    return rests_on(day.case, [report.event for report in reported], denied=reported[-1].denied, day=on)


def _parties(case: Case, names: Iterable[str]) -> str:
    return listing([case.actors[n].name if n in case.actors else bare(n) for n in names])


_NAMED_FORMS = ("offer", "demand", "ultimatum", "warning", "red-line", "assurance", "permission")


def _whose(case: Case, commitment: str) -> str:
    record = case.commitments[commitment]
    kind = record.form.replace("-", " ") if record.form in _NAMED_FORMS else "threat" if record.adverse else "promise"
    return f"{kind} of {_parties(case, record.debtor)}" if record.debtor else kind


def _place(case: Case, key: str) -> str:
    if not key:
        return ""
    return f" ({case.places[key].name if key in case.places else key})"


def _without_promises(day: BriefDay, name: str, title: str) -> BriefSection:
    """Return a section of a case that holds no promise: nothing is known of it, which is not that nothing is due."""
    missing, way_on = "the case holds no promise and no threat", f"standoff clause {day.case.about.id}"
    return BriefSection(name, title, missing=missing, way_on=way_on)


@brief_section(10)
def promise_changes(day: BriefDay) -> BriefSection:
    """Promises and threats whose state changed in these days, each in its latest: what is broken first."""
    if not day.case.commitments:
        return _without_promises(day, "changed", "What changed")
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for change in daily_figures(day)["changed"]:
        latest[change["commitment"], change["key"]] = change
    changes = sorted(latest.values(), key=lambda c: (c["date"], c["commitment"]), reverse=True)
    changes.sort(key=lambda c: c["now"] != words("violated", False))  # what the headline counts is seen first
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        row = _record_row(day, change["commitment"], change["key"])
        events = row.because if row and row.because else (change["commitment"], change["key"])
        groups.setdefault((*events, change["now"]), []).append(change)
    items = []
    for events, some in list(groups.items())[: day.most]:
        day.shared.setdefault("shown", set()).update((change["commitment"], change["key"]) for change in some)
        first = some[0]
        what = f"{day_words(first['date'])}: {quoted([first['title']])}{_place(day.case, first['key'])}"
        others = f", and {count(len(some) - 1, 'other')}" if len(some) > 1 else ""
        text = f"{what} ({_whose(day.case, first['commitment'])}){others}: {first['was']}, now {first['now']}"
        on = date.fromisoformat(first["date"])
        why = _rests(day, events[:-1], on, until=on) or first["why"] or first["rule"]
        items.append(BriefItem(text, why, "commitment", first["commitment"]))
    since = f"in the {day.days} days to {day_words(day.on)}"
    broken = sum(change["now"] == words("violated", False) for change in changes)
    total = f"{count(len(changes), 'promise or threat', 'promises and threats')} changed {since}"
    headline = f"{total}: {broken} broken" if broken else f"{total}: none broken"
    return BriefSection(
        "changed",
        "What changed",
        headline if changes else f"No promise or threat changed {since}",
        tuple(items),
        sum(map(len, list(groups.values())[day.most :])),
        way_on=f"standoff daily {day.case.about.id} --on {day.on} --days {day.days}",
    )


@brief_section(20)
def promises_due(day: BriefDay) -> BriefSection:
    """What falls due in the days ahead."""
    if not day.case.commitments:
        return _without_promises(day, "due", "What falls due")
    rows_due = daily_figures(day)["due"]
    items = []
    for one in rows_due[: day.most]:
        text = f"{day_words(one['due'])}: {quoted([one['title']])} ({_whose(day.case, one['commitment'])})"
        text += ", its last day; that it is called in is not reported" if one["waiting"] else ""
        items.append(BriefItem(text, "", "commitment", one["commitment"]))
    until = day_words(day.on + timedelta(days=day.days))
    many = count(len(rows_due), "promise or threat falls due", "promises and threats fall due")
    headline = f"{many} by {until}" if rows_due else f"Nothing falls due by {until}"
    past = sum(
        1
        for r in _rows(day)
        if r.account == RECORD.id and not r.reading and r.verdict == "unknown"
        if r.kind == CommitmentKind.ACHIEVE and r.state in ("satisfied", "violated")  # its day has come, and gone
    )
    if past:
        headline += f"; {past:,} past due {'is' if past == 1 else 'are'} unknown"
    return BriefSection("due", "What falls due", headline, tuple(items), len(rows_due) - len(items))


def _contested_reports(day: BriefDay, elsewhere: set[str]) -> list[Event]:
    """Return reports of the record in these days that somebody denies and no contested verdict tells, latest first."""
    evaluation = _evaluation(day)
    found = [
        r.event
        for r in evaluation.reports[RECORD.id]
        if r.asserted and r.denied and not r.one_of and r.event.id not in elsewhere | evaluation.logged
        if day_of_report(day.case, r.event).possibly_within(day.first, day.on)
    ]
    return sorted(found, key=lambda e: (str(e.date.start), e.id), reverse=True)


@brief_section(30)
def promises_contested(day: BriefDay) -> BriefSection:
    """What is reported and denied, the latest first."""
    if not day.case.commitments:
        return _without_promises(day, "contested", "What is contested")
    rows_open = [r for r in _rows(day) if r.account == RECORD.id and not r.reading and r.verdict == "contested"]
    rows_open.sort(key=lambda r: (r.since or date.min, r.commitment), reverse=True)
    shown = day.shared.get("shown", set())
    above = [r for r in rows_open if (r.commitment, r.key) in shown]
    by_events: dict[tuple[str, ...], list[Row]] = {}
    for row in rows_open:
        if row not in above:
            by_events.setdefault(row.because or (row.commitment,), []).append(row)
    items = []
    for some in list(by_events.values())[: max(1, day.most - 2)]:
        first = some[0]
        others = f" and {count(len(some) - 1, 'other')}" if len(some) > 1 else ""
        known = {r.event.id: r.event.date.start for r in _evaluation(day).reports[RECORD.id]}
        days = [d for d in map(known.get, first.because) if d is not None]  # it is contested from what is reported on
        began = max(min(days), first.since or date.min) if days else first.since
        since = f" since {day_words(began)}" if began else ""
        whose = f" ({_whose(day.case, first.commitment)})"
        text = f"{quoted([first.title])}{_place(day.case, first.key)}{whose}{others}: contested{since}"
        items.append(BriefItem(text, _rests(day, first.because, began) or first.rule, "commitment", first.commitment))
    many = count(len(rows_open), "promise or threat is", "promises and threats are")
    beside = bool(_evaluation(day).logged) or not rows_open  # else the verdicts tell what is denied
    reports = _contested_reports(day, {name for row in rows_open for name in row.because}) if beside else []
    for event in reports[: max(1, day.most - len(items))]:
        items.append(BriefItem(f"{when(event.date)}: reported and denied", _rests(day, [event.id]), "event", event.id))
    also = count(len(reports), "report is", "reports are")
    headline = f"{many} contested: what decides it is reported and denied" if rows_open else ""
    if reports:
        headline = f"{headline}; {also} too" if headline else f"{also} contested: made, and denied"
    return BriefSection(
        "contested",
        "What is contested",
        headline or "Nothing is contested",
        tuple(items),
        sum(map(len, list(by_events.values())[max(1, day.most - 2) :]))
        + max(0, len(reports) - max(1, day.most - len(by_events))),
        f"{count(len(above), 'other stands', 'others stand')} under what changed." if above else "",
        way_on=f"standoff ledger {day.case.about.id} --on {day.on}",
    )


@brief_section(40)
def incident_counts(day: BriefDay) -> BriefSection:
    """Incidents by area in these days and in as many before."""
    report = daily_figures(day)
    told = [kind for kind in report["trend"] if is_incident(kind["type"])]
    now, before = (sum(kind[which] for kind in told) for which in ("now", "before"))
    period = f"in the {day.days} days to {day_words(day.on)}"
    note, is_compared = "", not report["counted"] or report["compared"]
    log = f" --events {day.log}" if day.log else ""
    if ends := report["log_ends"]:
        last = day_words(date.fromisoformat(ends))
        note = f"The log ends on {last}: later days are not known."
        if ends < report["from"]:
            missing = f"the log ends on {last}, before the {day.days} days to this one"
            way_on = "standoff import FILE --into CASE with a newer download"
            return BriefSection("incidents", "Incidents by area", missing=missing, way_on=way_on)
    if report["counted"]:
        sure, vague = report["incidents"]["now"], report["incidents"]["now_possible"]
        more = f" and {vague:,} more whose day is not exact" if vague else ""
        then = f", {report['incidents']['before']:,} in the {day.days} days before"
        headline = f"{count(sure, 'incident')} {period}{more}{then if is_compared else ''}"
        if not is_compared:
            note = f"{note} Nothing is compared: the days before are not covered.".lstrip()
    else:
        recorded = f"{count(now, 'incident')} recorded {period.replace('in the', 'in', 1)}"
        headline = f"{recorded}, {before} in those before: no count"
        note = "The record is a selection by whoever made the case: no count of what happened."
    others = report["incidents"]["other_reports"]
    if others and report["counted"]:
        are = "is" if others == 1 else "are"
        aside = f"{count(others, 'report')} of talks, protests and the like {are} not counted here."
        note = f"{note} {aside}".strip()
    areas = [
        {"name": a["area"], "now": a["now"] + a["now_possible"], "before": a["before"] + a["before_possible"]}
        for a in report["areas"]
    ]
    areas.sort(key=lambda a: (a["name"] == FEW, -a["now"], -a["before"]))
    shown = areas[: day.most + 2]
    heads = ("area", "now", "before") if is_compared else ("area", "now")
    table = (heads, *(tuple(str(a[key]) for key in ("name", *heads[1:])) for a in shown))
    return BriefSection(
        "incidents",
        "Incidents by area",
        headline,
        _acts(report, is_compared=is_compared),
        len(areas) - len(shown),
        note,
        way_on=f"standoff daily {day.case.about.id} --on {day.on} --days {day.days}{log}",
        rows=table if areas else (),
        counts=tuple({**a, "before": a["before"] if is_compared else None} for a in areas),
        total=now,
    )


MOST_PARTIES = 3  # in the sentence of who acted


def _acts(report: dict[str, Any], *, is_compared: bool) -> tuple[BriefItem, ...]:
    """Return who acted, as the sources name it, in a sentence; what is certain apart from what is possible."""
    acts = [one for one in report["acts"] if one["certain"] or one["possible"]]
    if not acts:
        return ()
    parts = []
    for one in acts[:MOST_PARTIES]:
        numbers = (one["certain"], one["possible"], one["certain_before"], one["possible_before"])
        now, before = (" + ".join(f"{n:,}" for n in pair) for pair in (numbers[:2], numbers[2:]))
        parts.append(f"{one['party']} {now}{f' ({before})' if is_compared else ''}")
    if len(acts) > MOST_PARTIES:
        parts.append(count(len(acts) - MOST_PARTIES, "other party", "other parties"))
    meaning = "certain + possible; before" if is_compared else "certain + possible"
    return (BriefItem(f"Who acted, as sources say ({meaning}): {'; '.join(parts)}"),)


@brief_section(70)
def silent_parties(day: BriefDay) -> BriefSection:
    """Which parties of what changed have said nothing of it in public, as far as the case holds their words."""
    commitments = {change["commitment"] for change in daily_figures(day)["changed"]}
    mute: dict[str, set[str]] = {}
    spoke = False
    for row in _rows(day):
        if row.account_kind != "statement" or row.commitment not in commitments or row.reading:
            continue
        parties = {*row.debtor, *row.creditor}
        if row.party in parties and row.says in ("", "silent"):
            mute.setdefault(row.party, set()).add(row.commitment)
        spoke |= row.party in parties and row.says not in ("", "silent")
    ordered = sorted(mute.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    parts = [f"{_parties(day.case, [party])} ({len(names)})" for party, names in ordered[: day.most]]
    parts += [count(len(mute) - len(parts), "other party", "other parties")] if len(mute) > len(parts) else []
    items: tuple[BriefItem, ...] = ()
    if mute:
        items = (BriefItem(f"No public word on how those that changed stand: {listing(parts)}"),)
    note = "As far as this case holds their words. Silence is not consent and not denial."
    missing = "" if commitments else "nothing changed"
    if commitments and not items and not spoke:
        missing = "the case holds no own words of the parties to what changed"
        if not speakers(day.case):
            missing = "the case has no account of what a party itself said "
            missing += f"(standoff serve {day.case.about.id}, page Edit, Accounts)"
    elif commitments and not items:
        items = (BriefItem("Every party whose words this case holds has spoken of what changed"),)
    return BriefSection("silent", "Who says nothing", "", items, note=note if items else "", missing=missing)


@brief_section(80)
def unwatched_kinds(day: BriefDay) -> BriefSection:
    """What the commitments ask about and nobody is known to have watched for."""
    kinds = [kind.replace("-", " ") for kind in daily_figures(day)["unwatched"]]
    if not kinds:
        title = "What nobody watched"
        if not day.case.commitments:
            return BriefSection("unwatched", title, missing="no commitment asks for anything")
        return BriefSection("unwatched", title, items=(BriefItem("All that the commitments ask about was watched"),))
    shown = kinds[:2]
    more = f" and {count(len(kinds) - len(shown), 'other kind')}" if len(kinds) > len(shown) else ""
    text = (
        f"Nobody is known to have watched for {', '.join(shown)}{more}. That none is reported does not mean that "
        "none was."
    )
    return BriefSection("unwatched", "What nobody watched", items=(BriefItem(text),))
