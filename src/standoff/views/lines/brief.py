"""The brief of a day, on a terminal and as plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from standoff.text.sentences import WIDTH, day, fold
from standoff.text.table_printer import Number, table

if TYPE_CHECKING:
    from standoff.case.brief_sections import BriefDay, BriefSection

FIRST = 3  # sentences on top
HEIGHT = 70  # lines of one page, at 80 columns


def brief_answers(sections: Sequence[BriefSection]) -> list[str]:
    """Return the sentences that stand on top: the first sections' own answers."""
    return [s.headline for s in sections if s.headline][:FIRST]


def brief_head(opened: BriefDay) -> str:
    """Return which days the brief is of, and what was known of them."""
    ahead = f"{day(opened.first)} to {day(opened.on)}, and {opened.days} days ahead" if opened.days > 1 else ""
    log = "; rows of the log as they stand now" if opened.events else ""
    return f"{f'{ahead}. ' if ahead else ''}As known on {day(opened.on)}{log}."


def brief_lines(opened: BriefDay, sections: Sequence[BriefSection], width: int) -> list[str]:
    """Return the lines of a brief, none wider than ``width``: one page.

    Where it would be longer it has fewer entries; where that is not enough, no blank lines, and then as many entries as
    fit. At last a section that only repeats the top goes, and of the longest stands what its command shows.
    """
    most = max(HEIGHT, HEIGHT * WIDTH // width)
    lines = _shortened(opened, sections, width, most, spaced=True)
    return lines if len(lines) <= most else _shortened(opened, sections, width, most, spaced=False)


def _shortened(opened: BriefDay, sections: Sequence[BriefSection], width: int, most: int, *, spaced: bool) -> list[str]:
    shown = list(sections)
    while len(lines := [line for line in _lines(opened, shown, width) if spaced or line]) > most:
        sizes = [len(list(section_lines(s, width, set()))) if _can_shorten(s) else 0 for s in shown]
        if not any(sizes):
            if _cut_note(shown, width):
                continue
            if spaced or not (_drop_repeated(shown) or _empty_longest(shown, width)):
                break
            continue
        longest = sizes.index(max(sizes))
        one = shown[longest]
        if len(one.items) > 1:
            shown[longest] = replace(one, items=one.items[:-1], more=one.more + 1)
        else:
            shown[longest] = replace(one, rows=one.rows[:-1], more=one.more + 1)
    return lines


LONG_NOTE = 3  # lines, of which the last sentence can go


def _cut_note(sections: list[BriefSection], width: int) -> bool:
    """Leave out the last sentence of the longest note, and whether one was long enough."""
    longest = max(sections, key=lambda section: len(section.note))
    sentences = re.split(r"(?<=\.) (?=[A-Z“])", longest.note)
    if len(sentences) < 2 or len(fold(longest.note, width)) < LONG_NOTE:
        return False
    sections[sections.index(longest)] = replace(longest, note=" ".join(sentences[:-1]))
    return True


def _drop_repeated(sections: list[BriefSection]) -> bool:
    """Leave out a section of which all is said in the sentences on top, and whether one was."""
    top = brief_answers(sections)
    for at, one in enumerate(sections):
        if one.title and one.headline in top and not (one.items or one.rows or one.more or one.note or one.missing):
            sections[at] = replace(one, title="")  # the sentence on top stays
            return True
    return False


def _empty_longest(sections: list[BriefSection], width: int) -> bool:
    """Leave the only entry of the longest section to the command that shows it, and whether there was one."""
    able = [s for s in sections[1:] if s.items and not s.rows and s.way_on]
    if not able:
        return False
    longest = max(able, key=lambda s: len(list(section_lines(s, width, set()))))
    sections[sections.index(longest)] = replace(longest, items=(), more=longest.more + len(longest.items))
    return True


def _can_shorten(section: BriefSection) -> bool:
    """Whether a section keeps at least one entry, or a row below the heads, without its last."""
    return len(section.items) > 1 or len(section.rows) > 2


def _lines(opened: BriefDay, sections: Sequence[BriefSection], width: int) -> Iterator[str]:
    yield from fold(f"{opened.case.about.title}: {day(opened.on)}", width)
    for sentence in brief_answers(sections):
        yield from fold(f"- {sentence}.", width, hang="  ")
    yield from fold(brief_head(opened), width)
    written = set(brief_answers(sections))  # what stands on top, and what items rest on, is written once
    for section in sections:
        if section.missing or not section.title:
            continue
        yield ""
        yield from fold(section.title.upper(), width)
        yield from section_lines(section, width, written)
    lacking = [section for section in sections if section.missing]
    if lacking:
        yield ""
        yield from fold("NOT KNOWN", width)
    by_reason: dict[tuple[str, str], list[str]] = {}
    for section in lacking:
        by_reason.setdefault((section.missing, section.way_on), []).append(section.title)
    for (missing, way_on), titles in by_reason.items():
        names = "; ".join([titles[0], *(f"{title[:1].lower()}{title[1:]}" for title in titles[1:])])
        yield from fold(f"- {names}: {missing}{f' ({way_on})' if way_on else ''}.", width, hang="  ")
    if opened.case.warnings:
        yield ""
        yield from fold(opened.case.caution, width)


def section_lines(section: BriefSection, width: int, above: set[str]) -> Iterator[str]:
    """Yield the lines of a section without its title; what stands in ``above`` already is not written again."""
    if section.rows:
        if section.headline:
            yield from fold(f"{section.headline}.", width)
        heads, *body = section.rows
        yield from table((heads[0], *map(Number, heads[1:])), body, width)
    more = list(_more(section, width))
    if section.rows:
        yield from more
    for item in section.items:
        short = item.rests.partition(" (and ")[0]
        rests = "" if not item.rests else " [as above]" if short in above else f" [{item.rests}]"
        above.add(short)
        yield from fold(f"- {item.text.rstrip('.')}.{rests}", width, hang="  ")
    together = f"{section.note} {' '.join(more)}"
    if not section.rows and section.note and more and len(together) <= width:
        yield together
    else:
        yield from [] if section.rows else more
        yield from fold(section.note, width) if section.note else ()
    shown_above = section.more and (not section.headline or section.headline in above)
    if not (section.items or section.rows or shown_above):
        yield from fold(f"{section.headline}." if section.headline else "Nothing.", width)


def _more(section: BriefSection, width: int) -> Iterator[str]:
    if section.more:
        where = f": {section.way_on}" if section.way_on else ""
        yield from fold(f"{section.more:,} more{where}", width, hang="  ")


def brief_data(opened: BriefDay, sections: Sequence[BriefSection]) -> dict[str, Any]:
    """Return a brief as plain data."""
    return {
        "case": opened.case.about.title,
        "on": opened.on.isoformat(),
        "from": opened.first.isoformat(),
        "days": opened.days,
        "as_known": brief_head(opened),
        "answers": brief_answers(sections),
        "sections": [asdict(section) for section in sections],
        "caution": opened.case.caution,
        "disclaimer": opened.case.about.disclaimer,
    }
