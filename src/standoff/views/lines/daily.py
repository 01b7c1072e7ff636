"""A monitor's daily report in sentences and tables, for every medium; how an event bears on what was promised.

Every number of a sentence is one that `standoff.commitments.daily.daily` counted; the patterns stand in views/words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from standoff.case.restrictions import FEW, NO_AREA, passed_on
from standoff.commitments.daily import ANSWER, NO_ANSWER
from standoff.text.sentences import label, quoted
from standoff.version import VERSION
from standoff.views.charts import BOUNDARIES, Figure
from standoff.views.lines.observance import observance_sentence
from standoff.views.paper import Block, Cell, Grid, Heading, Items, Paper, Paragraph, Picture, paper_lines
from standoff.views.words import Phrase, Words

MOST_NAMED = 3  # commitments named in a line of what is only possible; areas and publishers in a sentence
MOST_ROWS = 20  # of a table; a longer one is grouped, and whole in the annex
MOST_LISTED = 12  # entries that a section lists itself; the annex holds every one
FORBIDDEN = "possibly forbidden by"
Report = Mapping[str, Any]


def daily_lines(report: Report, width: int = 80, language: str = "en") -> list[str]:
    """Return the lines of a report made by ``standoff.commitments.daily.daily``, ``width`` columns wide."""
    return list(paper_lines(daily_paper(report, Words(language)), width))


def daily_paper(report: Report, words: Words | None = None, figures: Mapping[str, Figure] | None = None) -> Paper:
    """Return a report made by ``standoff.commitments.daily.daily``, without what may not be passed on.

    Parameters
    ----------
    report
        With ``restricted_left_out``, how many events it held that may not be passed on.
    words
        The language.
    figures
        ``chart`` and ``map``, where pictures are wanted.
    """
    free, left_out = passed_on(report)
    left_out += report.get("restricted_left_out", 0)
    say = words or Words()
    figures = figures or {}
    blocks = [
        *_head(free, say),
        Heading(say.say("in-short")),
        Items(tuple((sentence, ()) for sentence in headlines(free, say))),
        *([Picture(figures["map"], say.say("map"))] if "map" in figures else []),
        *_incidents(free, say, figures),
        *_parties(free, say),
        *_casualties(free, say),
        *_grouped(free, say, "weapons"),
        *_grouped(free, say, "access"),
        *_agreements(free, say),
        *_annex(free, say, left_out),
    ]
    kind = say.say("daily", day=date.fromisoformat(report["on"]))
    return Paper(kind, report["case"], tuple(blocks), _foot(free, say), say)


def _head(report: Report, say: Words) -> Iterable[Block]:
    before = (report["before"]["from"], report["before"]["to"])
    as_of = date.fromisoformat(report["as_of"])
    key = "period" if _compares(report) else "period-alone"
    yield Paragraph(say.say(key, span=(report["from"], report["on"]), before=before, as_of=as_of))
    if report["cutoff"]:
        zone = f" ({report['zone']})" if report["zone"] else ""
        yield Paragraph(say.say("cutoff", clock=report["cutoff"], zone=zone), "small")
        if hours := report["incidents"]["without_hour"]:
            yield Paragraph(say.say("no-hour", hours), "small")
    if log := report.get("log"):
        yield Paragraph(_log_words(log, say), "small")
    if own := report["incidents"]["of_the_case"]:
        yield Paragraph(say.say("own-rows", own), "small")
    if report.get("caution"):
        yield Paragraph(Phrase(report["caution"], "en"), "caution")


def _log_words(log: Mapping[str, Any], say: Words) -> Phrase:
    """Return what a log held: how many events, what was left out, and which names are not known."""
    named = "log-events-of" if log["title"] else "log-events"
    parts = [say.say(named, log["events"], source=log["title"])]
    counts = {
        "log-left-out": log["left_out"],
        "log-outside-period": log["outside_period"],
        "log-outside-region": log["outside_region"],
        "log-names": len(log["unknown_names"]),
        "log-nobody": log["nobody_known"],
    }
    parts += [say.say(key, n) for key, n in counts.items() if n]
    return Phrase(f"{say.comma.join(parts)}.", say.language)


# In short: sentences from counts.


def headlines(report: Report, say: Words) -> list[Phrase]:
    """Return the sentences that lead the report, each made from counts of it."""
    counts, span = report["incidents"], (report["from"], report["on"])
    compared = report["counted"] and report["compared"]
    key = "incidents" if compared else "incidents-alone" if report["counted"] else "incidents-recorded"
    if ends := report["log_ends"]:  # what came after is not known, and none is no number
        if ends < report["from"]:
            return [say.say("log-ended", span=span, day=ends), *_changes(report, say)]
        key = "incidents-until"
    sentences = [say.say(key, counts["now"], span=span, before=counts["before"], day=ends)]
    if counts["now_possible"]:
        sentences.append(say.say("possible", counts["now_possible"]))
    if counts["other_reports"]:
        sentences.append(say.say("other-reports", counts["other_reports"]))
    areas = [a for a in report["areas"] if a["now"]]
    if areas:
        named = [
            str(
                say.say(
                    "area-compared" if compared else "area-count",
                    a["now"],
                    area=_area(say, a["area"]),
                    before=a["before"],
                )
            )
            for a in areas[:MOST_NAMED]
        ]
        if rest := sum(a["now"] for a in areas[MOST_NAMED:]):
            named.append(str(say.say("areas-more", rest)))
        sentences.append(say.say("by-area", areas=say.listing(named)))
    explosive = [w for w in report["explosions"] if w["now"]]
    total, before = sum(w["now"] for w in explosive), sum(w["before"] for w in report["explosions"])
    if total or (compared and before):
        kinds = [f"{say.word('type', w['weapon'])} {say.number(w['now'])}" for w in explosive]
        key = "explosions" if compared else "explosions-alone"
        sentences.append(say.say(key, total, before=before, weapons=say.listing(kinds)))
    for line in report["casualties"]:
        if line["day"] == "certain":
            measure = say.word("measure", line["measure"])
            confirmed, reported = _range(say, line["confirmed"]), _range(say, line["reported"])
            sentences.append(say.say("casualty", measure=measure, confirmed=confirmed, reported=reported))
    for group, key in (("weapons", "weapons-short"), ("access", "access-short")):
        if many := report[group]["now"]:
            sentences.append(say.say(key, many))
    return [*sentences, *_changes(report, say)]


def _changes(report: Report, say: Words) -> Iterable[Phrase]:
    if not report["promises"]:
        return
    broken = len({(c["commitment"], c["key"]) for c in report["changed"] if c["now"] == "broken"})
    changed = len({(c["commitment"], c["key"]) for c in report["changed"]})
    yield say.say("changes-broken" if broken else "changes", changed, broken=broken)


def _area(say: Words, name: str) -> str:
    return say.say({NO_AREA: "no-area", FEW: "few-area"}[name]) if name in (NO_AREA, FEW) else name


def _range(say: Words, line: Sequence[Any]) -> str | int:
    """Return a number of people, with its range where it has one."""
    low, high, sources = line
    if not sources:
        return 0
    if high is None:
        return str(say.say("at-least", int(low)))
    return int(low) if low == high else f"{say.number(low)}–{say.number(high)}"


# Sections.


def _counted_heads(report: Report, say: Words, first: str) -> tuple[str, ...]:
    heads = (say.say(first), say.say("now"), say.say("now-possible"))
    return (*heads, say.say("before"), say.say("before-possible")) if _compares(report) else heads


def _compares(report: Report) -> bool:
    return bool(report["counted"] and report["compared"])


def _counted_cells(report: Report, line: Mapping[str, Any]) -> tuple[int, ...]:
    cells = (line["now"], line["now_possible"])
    return (*cells, line["before"], line["before_possible"]) if _compares(report) else cells


def _incidents(report: Report, say: Words, figures: Mapping[str, Figure]) -> Iterable[Block]:
    yield Heading(say.say("incidents-head"))
    if not report["counted"]:
        yield Paragraph(say.say("incidents-recorded", report["incidents"]["now"], span=(
            report["from"], report["on"])), "small")  # fmt: skip
    elif ends := report["log_ends"]:
        yield Paragraph(say.say("log-ended", span=(report["from"], report["on"]), day=ends), "small")
    elif not report["compared"]:
        yield Paragraph(say.say("not-compared"), "small")
    if rows := _area_rows(report, say):
        yield Grid("areas", say.say("area-table"), _counted_heads(report, say, "area"), _grouped_areas(report, say))
        more = f" {say.say('whole-table', len(rows))}" if len(rows) > MOST_ROWS else ""
        yield Paragraph(Phrase(f"{say.say('two-areas')}{more}", say.language), "small")
    if explosions := _with_counts(report, report["explosions"]):
        numbered = any(w["counted"] for w in explosions)
        heads = _counted_heads(report, say, "weapon")
        weapon_rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                say.word("type", w["weapon"]),
                *_counted_cells(report, w),
                *((_range(say, w["counted"]) if w["counted"] else "",) if numbered else ()),
            )
            for w in explosions
        )
        yield Grid(
            "explosions",
            say.say("weapon-table"),
            (*heads, say.say("explosions-counted")) if numbered else heads,
            weapon_rows,
        )
    kinds: tuple[tuple[Cell, ...], ...] = tuple(
        (say.word("type", t["type"]), t["now"], *((t["before"],) if _compares(report) else ()))
        for t in report["trend"]
        if t["now"] or (t["before"] and _compares(report))
    )
    if kinds:
        heads = (say.say("kind"), say.say("now"), *((say.say("before"),) if _compares(report) else ()))
        yield Grid("kinds", say.say("kind-table"), heads, kinds)
    if "chart" in figures:
        yield Picture(figures["chart"], say.say("chart"))
        yield Paragraph(say.say("chart-note", report["chart"]["inexact"]), "small")


def _area_rows(report: Report, say: Words) -> tuple[tuple[Cell, ...], ...]:
    return tuple((_area(say, a["area"]), *_counted_cells(report, a)) for a in _with_counts(report, report["areas"]))


def _with_counts(report: Report, entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of a table of counts without those in which every column that is shown has nothing."""
    return [entry for entry in entries if any(_counted_cells(report, entry))]


def _grouped_areas(report: Report, say: Words) -> tuple[tuple[Cell, ...], ...]:
    """Return the areas with the most, and the others in one row; what names no area stands apart."""
    rows = _area_rows(report, say)
    if len(rows) <= MOST_ROWS:
        return rows
    nowhere = sum(a["area"] in (NO_AREA, FEW) for a in _with_counts(report, report["areas"]))  # they are the last
    named, apart = rows[: len(rows) - nowhere], rows[len(rows) - nowhere :]
    rest = named[MOST_ROWS - 1 :]
    sums = (sum(int(row[at] or 0) for row in rest) for at in range(1, len(rows[0])))
    return (*named[: MOST_ROWS - 1], (say.say("other-areas", len(rest)), *sums), *apart)


TELLERS = 12  # sources that the table names


def _parties(report: Report, say: Words) -> Iterable[Block]:
    yield Heading(say.say("parties-head"))
    if not report["parties"]:
        yield Paragraph(say.say("parties-none"))
        return
    if len(report["parties"]) <= MOST_ROWS:
        yield _party_grid(report, say, "parties")
        yield Paragraph(say.say("parties-note"), "small")
    else:
        acts = [one for one in report["acts"] if one["certain"] or one["possible"]]
        lines = tuple((_party(say, one), one["certain"], one["possible"]) for one in acts)
        heads = tuple(say.say(k) for k in ("party", "certain", "possibly"))
        yield Grid("parties", say.say("acts-table"), heads, lines)
        whole = say.say("whole-table", len(report["parties"]))
        yield Paragraph(Phrase(f"{say.say('parties-note')} {whole}", say.language), "small")
    if report["tellers"]:
        told = report["tellers"][:TELLERS]
        tellers = tuple(
            (
                t["source"],
                t["party"] or say.say("nobody-of-case" if t["known"] else "not-judged"),
                t["acts"],
                t["alone"],
            )
            for t in told
        )
        yield Grid(
            "tellers",
            say.say("tellers-table"),
            tuple(map(say.say, ("told-by", "speaks-for", "acts", "alone"))),
            tellers,
        )
        left = len(report["tellers"]) - len(told)
        yield Paragraph(
            " ".join(filter(None, (say.say("tellers-note"), say.say("tellers-more", left) if left else ""))), "small"
        )


def _party(say: Words, line: Mapping[str, Any]) -> str:
    return say.say("nobody") if line["party"] == "nobody is named" else str(line["party"])


def _party_grid(report: Report, say: Words, name: str) -> Grid:
    """Return who acted in each area, as the sources name it."""
    rows = tuple((_area(say, p["area"]), _party(say, p), p["certain"], p["possible"]) for p in report["parties"])
    heads = tuple(say.say(k) for k in ("area", "party", "certain", "possibly"))
    return Grid(name, say.say("parties-table"), heads, rows)


def _casualties(report: Report, say: Words) -> Iterable[Block]:
    yield Heading(say.say("casualties-head"))
    if not report["casualties"]:
        yield Paragraph(say.say("casualties-none"))
        return
    rows = []
    for line in report["casualties"]:
        name = say.word("measure", line["measure"])
        if line["day"] == "possible":
            name = say.say("in-possible", measure=name)
        cells: tuple[Cell, ...] = (name, _range(say, line["confirmed"]), _range(say, line["reported"]))
        rows.append(cells)
    heads = tuple(say.say(k) for k in ("measure", "confirmed", "reported"))
    yield Grid("casualties", say.say("casualties-table"), heads, tuple(rows))
    yield Paragraph(say.say("casualties-note"), "small")


def _grouped(report: Report, say: Words, group: str) -> Iterable[Block]:
    """List what a section is about while that is short; else count it by area, and leave the list to the annex."""
    yield Heading(say.say(f"{group}-head"))
    events = [e for e in report["events"] if e["group"] == group]
    total = report[group]["now"] + report[group]["now_possible"]
    if not total and not events:
        yield Paragraph(say.say(f"{group}-none"))
        return
    if len(events) > MOST_LISTED:
        by = Counter(area for e in events for area in e["areas"])
        rows = tuple((_area(say, name), many) for name, many in by.most_common())
        yield Grid(group, say.say("area-table"), (say.say("area"), say.say("now")), rows)
        yield Paragraph(say.say("grouped", len(events)), "small")
    elif events:
        yield Items(tuple((_entry(say, e), tuple(_life(say, e))) for e in events))
    counted = sum(e["in_counts"] for e in events)
    if total > counted:
        yield Paragraph(say.say("withheld", total - counted), "small")


def _entry(say: Words, event: Mapping[str, Any]) -> str:
    number = f" ({_number(say, event)})" if event["low"] is not None or event["high"] is not None else ""
    who = f", {'; '.join(event['actor'])}" if event["actor"] else ""
    return f"{_time(say, event)}, {_where(say, event)}: {event['title']}{who}{number}"


def _life(say: Words, event: Mapping[str, Any]) -> Iterable[str]:
    told = f"{say.word('status', event['status'])}; {_source(say, event)}"
    yield f"{told}; {_answer(say, event)}" if event["answer"] else told
    if event["withdrawn"]:
        yield say.say("withdrawn", day=say.when(event["withdrawn"]))


def _agreements(report: Report, say: Words) -> Iterable[Block]:
    yield Heading(say.say("agreements-head"))
    if not report["promises"]:
        yield Paragraph(say.say("no-promises"))
        return
    yield Heading(say.say("changed-head"), 3)
    kinds = {a["id"]: a["kind"] for a in report["accounts"]}
    entries, above = [], set()
    for c in report["changed"]:
        place = f" ({c['place']})" if c["place"] else ""
        parties = say.listing(list(c["debtor"]))
        on = date.fromisoformat(c["date"])
        key = "change-by" if parties else "change"
        was, now = (say.word("state", c[name]) for name in ("was", "now"))
        text = say.say(key, day=on, title=c["title"], place=place, parties=parties, was=was, now=now)
        why = Phrase(c["rule"], "en") if c["rule"] else c["why"]
        small = [say.say("as-above") if why in above else why] if why else []
        above.add(why)
        if len(c["accounts"]) < sum(kind != "statement" for kind in kinds.values()):
            named = [label(name, kinds.get(name, "reading")) for name in c["accounts"]]
            small.append(say.say("in-accounts", names=say.listing(named)))
        entries.append((text, tuple(small)))
    yield Items(tuple(entries)) if entries else Paragraph(say.say("changed-none"))
    if report["bearing"]:
        yield Heading(say.say("bears-head"), 3)
        heads = tuple(say.say(k) for k in ("commitment", "relation", "certain", "possibly"))
        bearing_rows = tuple(
            (b["title"], Phrase(b["role"], "en"), b["certain"], b["possible"]) for b in report["bearing"]
        )
        yield Grid("bearing", say.say("bears-table"), heads, bearing_rows)
        yield Paragraph(say.say("bears-note"), "small")
    yield Heading(say.say("observance-head"), 3)
    kept = [(one["title"], (Phrase(f"{observance_sentence(one)}.", "en"),)) for one in report.get("observance", ())]
    yield Items(tuple(kept)) if kept else Paragraph(say.say("observance-none"))
    yield Heading(say.say("due-head", report.get("ahead", 14)), 3)
    due = [
        (say.say("colon", name=date.fromisoformat(d["due"]), text=d["title"]), (say.say("waiting"),) * d["waiting"])
        for d in report["due"]
    ]
    yield Items(tuple(due)) if due else Paragraph(say.say("due-none"))
    for name in ("disputed", "unknown"):
        yield Heading(say.say(f"{name}-head"), 3)
        open_ = [
            (
                f"{o['title']}{' (' + o['key'] + ')' if o['key'] else ''}",
                (Phrase(_open_words(o, name), "en"),),
            )
            for o in report[name]
        ]
        yield Items(tuple(open_)) if open_ else Paragraph(say.say("none"))
    titles = report.get("undecidable_titles", {})
    if report["undecidable"]:
        yield Paragraph(
            say.say("undecidable", names=say.listing([titles.get(n, n) for n in report["undecidable"]])), "small"
        )
    yield Heading(say.say("unwatched-head"), 3)
    unwatched = [str(say.word("type", t)) for t in report["unwatched"]]
    comma = say.comma.join(unwatched)
    none = "unwatched-none" if report["asks"] else "asks-none"
    yield Paragraph(Phrase(f"{comma}.", say.language) if unwatched else say.say(none))


def _open_words(one: Report, under: str) -> str:
    """Return what is said of an open promise, and why; the verdict that its heading says already is left out."""
    said = " or ".join(one["said"])
    return (
        str(one["rule"]) if said == {"unknown": "unknown", "disputed": "contested"}[under] else f"{said}; {one['rule']}"
    )


# The annex.


def _annex(report: Report, say: Words, left_out: int) -> Iterable[Block]:
    yield Heading(say.say("annex"), apart=True)
    if len(report["areas"]) > MOST_ROWS:
        heads = _counted_heads(report, say, "area")
        yield Grid("all-areas", say.say("area-table"), heads, _area_rows(report, say))
    if len(report["parties"]) > MOST_ROWS:
        yield _party_grid(report, say, "all-parties")
    if left_out:
        yield Paragraph(say.say("left-out", left_out), "small")
    if not report["events"]:
        yield Paragraph(say.say("annex-none" if left_out else "none"))
        return
    heads = tuple(say.say(k) for k in ("time", "place", "number", "observation", "source", "status"))
    rows = tuple(
        (
            _time(say, e),
            _where(say, e),
            _number(say, e),
            _observation(e),
            _source(say, e),
            _status(say, e, report),
        )
        for e in report["events"]
    )
    yield Grid("annex", say.say("annex-table"), heads, rows)


def _time(say: Words, event: Mapping[str, Any]) -> str:
    day = say.when(event["date"])
    return f"{day}, {event['hour']}" if event["hour"] else day


def _where(say: Words, event: Mapping[str, Any]) -> str:
    """Return places by name, and the area they lie in."""
    areas = [_area(say, a) for a in event["areas"] if a != NO_AREA]
    names = list(map(say.local, event["place_names"], event["local_names"]))
    if not names:
        return ", ".join(areas) or say.say("no-area")
    others = [a for a in areas if a.casefold() not in {n.casefold() for n in names}]
    return f"{', '.join(names)} ({', '.join(others)})" if others else ", ".join(names)


def _number(say: Words, event: Mapping[str, Any]) -> str:
    low, high = event["low"], event["high"]
    if low is None and high is None:
        return ""
    many = f"{low:,.0f}" if low == high else f"{low or 0:,.0f}–{high:,.0f}" if high is not None else f"≥ {low:,.0f}"
    measure = say.word("measure", event["measure"]) if event["measure"] else ""
    return f"{many} {str(measure).lower()}".strip()


def _observation(event: Mapping[str, Any]) -> str:
    """Return what is reported: the title, who is named, and how it bears on commitments."""
    sides = " / " if event["two_sided"] else " → "
    who = sides.join("; ".join(names) for names in (event["actor"], event["target"]) if names)
    lines = [f"{event['title']}{' (' + who + ')' if who else ''}"]
    bears = [{**b, "title": quoted([b["title"]])} for b in event["bears_on"]]
    lines += [f"{line[0].upper()}{line[1:]}." for line in bearing_lines(bears, "title")]
    return "\n".join(lines)


def _source(say: Words, event: Mapping[str, Any]) -> str:
    names = event["carriers"] or ([event["source"]] if event["source"] else [])
    more = f" +{len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}" if names else say.say("no-source")


def _answer(say: Words, event: Mapping[str, Any]) -> str:
    """Return what the accused answer: whoever reads of an act beside a name reads that too."""
    text = str(event["answer"])
    if text.startswith(ANSWER):
        return str(say.say("answer", text=text.removeprefix(ANSWER)))
    return text.replace(NO_ANSWER, str(say.say("no-answer")), 1)


def _status(say: Words, event: Mapping[str, Any], report: Report) -> str:
    kinds = {a["id"]: a["kind"] for a in report["accounts"]}

    def named(accounts: Sequence[str]) -> str:
        return say.listing([label(a, kinds.get(a, "reading")) for a in accounts])

    parts = [str(say.word("status", event["status"]))]
    if event["denied_by"]:
        parts.append(str(say.say("disputed-by", names=named(event["denied_by"]))))
    if event["open_for"]:
        parts.append(str(say.say("open-in", names=named(event["open_for"]))))
    if event["contested"]:
        parts.append(str(say.say("disputed-text", text=event["contested"])))
    if event["answer"]:
        parts.append(_answer(say, event))
    if not event["exact"]:
        parts.append(str(say.say("no-exact-day")))
    if not event["in_counts"]:
        parts.append(str(say.say("not-counted")))
    return "; ".join(parts)


def _foot(report: Report, say: Words) -> tuple[str, ...]:
    thanks = [say.say("credit", text=text.rstrip(".")) for text in report["credits"]]
    names = "; ".join(a["title"] for a in report["accounts"])
    return (
        say.say("accounts", names=names),
        *(thanks or [say.say("no-licence")]),
        say.say("limits"),
        say.say("silence"),
        Phrase(report["disclaimer"], "") if report["disclaimer"] else Phrase(BOUNDARIES, "en"),
        say.say("made-by", version=VERSION),
    )


def bearing_lines(bears: Sequence[dict[str, Any]], by: str = "commitment") -> list[str]:
    """Return a line for each way in which an event bears on commitments; what is only possible is cut short.

    ``by`` names them by their "commitment" (the id) or their "title".
    """
    vague = Counter(b["doubt"] for b in bears if not b["certain"] and b["role"] != FORBIDDEN)
    groups: dict[tuple[str, str], dict[str, None]] = {}
    for b in bears:
        many = not b["certain"] and b["role"] != FORBIDDEN and vague[b["doubt"]] > MOST_NAMED
        groups.setdefault(("possibly bears on" if many else b["role"], b["doubt"]), {})[b[by]] = None
    lines = []
    for (role, why), group in groups.items():
        names = list(group)
        more = f" and {len(names) - MOST_NAMED} more" if why and len(names) > MOST_NAMED else ""
        lines.append(f"{role} {', '.join(names[:MOST_NAMED] if more else names)}{more}{f': {why}' if why else ''}")
    return lines
