"""A monitor's daily report on a terminal, and how an event bears on what was promised, in lines for any medium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from standoff.text.sentences import fold
from standoff.views.lines.observance import observance_sentence

MOST_NAMED = 3  # commitments named in a line of what is only possible
FORBIDDEN = "possibly forbidden by"


def daily_lines(report: Mapping[str, Any], width: int = 80) -> list[str]:
    """Return the lines of a report made by ``standoff.commitments.daily.daily``, ``width`` columns wide."""
    out: list[str] = []

    def line(sentence: str, indent: str = "  ", hang: str = "    ") -> None:
        out.extend(fold(sentence, width, indent=indent, hang=hang))

    def head(sentence: str) -> None:
        out.extend(["", sentence.upper(), "-" * min(len(sentence), width)])

    line(f"{report['case']}: daily report of {report['on']}", "", "")
    line(f"Period {report['from']} to {report['on']}; what was known on {report['as_of']}.", "", "")
    line("Accounts: " + ", ".join(a["id"] for a in report["accounts"]), "", "")
    if log := report.get("log"):
        line(f"With a log: {log['said']}.", "", "")
    head(f"New in {report['days']} days")
    for e in report["events"]:
        line(f"{e['date']}  {e['title']} [{e['id']}]")
        if e["denied_by"] or e["open_for"] or e["contested"]:
            who = "denied by " + ", ".join(e["denied_by"]) if e["denied_by"] else e["contested"] or "versions differ"
            line(f"disputed: {who}", "      ", "      ")
        for bearing in bearing_lines(e["bears_on"]):
            line(bearing, "      ", "        ")
    if not report["events"]:
        line("nothing in the record")
    if some := sum(e.get("restricted", False) for e in report["events"]):
        line(f"{some} of these may not be passed on by their source: --html and --json leave them out, counted.")
    if report["counted"]:
        head("Trend against the period before")
    else:
        head("Recorded in the period, and in the one before")
        line("A selection by whoever made the case, not a count of what happened.")
    for t in report["trend"]:
        change = f"  {t['change']:>+4}" if report["counted"] else ""
        line(f"{t['type'].replace('-', ' '):<28}{t['now']:>4}  before {t['before']:>4}{change}")
    head("What changed")
    for c in report["changed"]:
        key = f" ({c['key']})" if c["key"] else ""
        by = "all" if len(c["accounts"]) == len(report["accounts"]) else ", ".join(c["accounts"])
        line(f"{c['date']}  {c['commitment']}{key}: {c['was']} -> {c['now']}  [{by}]")
        line(c["title"], "      ", "      ")
    if not report["changed"]:
        line("nothing")
    head("How prohibitions in force are observed")
    for one in report.get("observance", ()):
        line(f"{one['commitment']}: {one['title']}")
        line(f"{observance_sentence(one)}.", "      ", "      ")
    if not report.get("observance"):
        line("none is in force")
    head("Due soon")
    for d in report["due"]:
        line(f"{d['due']}  {d['commitment']}: {d['title']}")
    if not report["due"]:
        line("nothing")
    for name, title in (("disputed", "Disputed"), ("unknown", "Unknown")):
        head(title)
        for o in report[name]:
            key = f" ({o['key']})" if o["key"] else ""
            line(f"{o['commitment']}{key}: {' | '.join(o['said'])}; {o['rule']}")
            line(o["title"], "      ", "      ")
        if not report[name]:
            line("nothing")
    if report["undecidable"]:
        line("No report could decide: " + ", ".join(report["undecidable"]))
    head("Nobody is known to have watched for")
    line(", ".join(t.replace("-", " ") for t in report["unwatched"]) or "nothing that the commitments ask about")
    if "caution" in report:
        out.append("")
        line(report["caution"], "", "")
    if report["disclaimer"]:
        out.append("")
        line(report["disclaimer"], "", "")
    return out


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
