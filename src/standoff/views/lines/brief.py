"""The brief of a day, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from standoff.text.sentences import WIDTH, day, fold
from standoff.text.table import Number, table

if TYPE_CHECKING:
    from standoff.case.sections import BriefDay, BriefSection

FIRST = 3  # sentences on top
HEIGHT = 70  # lines of one page, at 80 columns


def brief_answers(sections: Sequence[BriefSection]) -> list[str]:
    """Return the sentences that stand on top: the first sections' own answers."""
    return [s.headline for s in sections if s.headline][:FIRST]


def brief_lines(opened: BriefDay, sections: Sequence[BriefSection], width: int) -> list[str]:
    """Return the lines of a brief, none wider than ``width``: one page, with fewer entries where it would be longer."""
    most = max(HEIGHT, HEIGHT * WIDTH // width)
    shown = list(sections)
    while len(lines := list(_lines(opened, shown, width))) > most:
        sizes = [len(list(section_lines(s, width, set()))) if _can_shorten(s) else 0 for s in shown]
        if not any(sizes):
            break
        longest = sizes.index(max(sizes))
        one = shown[longest]
        if len(one.items) > 1:
            shown[longest] = replace(one, items=one.items[:-1], more=one.more + 1)
        else:
            shown[longest] = replace(one, rows=one.rows[:-1], more=one.more + 1)
    return lines


def _can_shorten(section: BriefSection) -> bool:
    """Whether a section keeps at least one entry, or two rows below the heads, without its last."""
    return len(section.items) > 1 or len(section.rows) > 3


def _lines(opened: BriefDay, sections: Sequence[BriefSection], width: int) -> Iterator[str]:
    yield from fold(f"{opened.case.about.title}: {day(opened.on)}", width)
    for sentence in brief_answers(sections):
        yield from fold(f"- {sentence}.", width, hang="  ")
    written: set[str] = set()  # what items rest on is written once
    for section in sections:
        if section.missing:
            continue
        yield ""
        yield from fold(section.title.upper(), width)
        yield from section_lines(section, width, written)
    lacking = [section for section in sections if section.missing]
    if lacking:
        yield ""
        yield from fold("NOT KNOWN", width)
    for section in lacking:
        way_on = f" ({section.way_on})" if section.way_on else ""
        yield from fold(f"- {section.title}: {section.missing}{way_on}.", width, hang="  ")
    if opened.case.warnings:
        yield ""
        yield from fold(opened.case.caution, width)


def section_lines(section: BriefSection, width: int, above: set[str]) -> Iterator[str]:
    """Yield the lines of a section without its title; what stands in ``above`` already is not written again."""
    for item in section.items:
        short = item.rests.partition(" (and ")[0]
        rests = "" if not item.rests else " [as above]" if short in above else f" [{item.rests}]"
        above.add(short)
        yield from fold(f"- {item.text.rstrip('.')}.{rests}", width, hang="  ")
    if section.rows:
        if section.headline:
            yield from fold(f"{section.headline}.", width)
        heads, *body = section.rows
        yield from table((heads[0], *map(Number, heads[1:])), body, width)
    if section.more:
        where = f": {section.way_on}" if section.way_on else ""
        yield from fold(f"{section.more:,} more{where}", width, hang="  ")
    if section.note:
        yield from fold(section.note, width)
    if not (section.items or section.rows):
        yield from fold(f"{section.headline}." if section.headline else "Nothing.", width)


def brief_data(opened: BriefDay, sections: Sequence[BriefSection]) -> dict[str, Any]:
    """Return a brief as plain data."""
    return {
        "case": opened.case.about.title,
        "on": opened.on.isoformat(),
        "from": opened.first.isoformat(),
        "days": opened.days,
        "answers": brief_answers(sections),
        "sections": [asdict(section) for section in sections],
        "caution": opened.case.caution,
        "disclaimer": opened.case.about.disclaimer,
    }
