"""A text as it is read: which lines are prose; lines that only a margin broke are one; Markdown's marks are blank.

Every offset stays what it is in the text itself, so that an anchor still names the physical line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

# Lines that are no prose of the author: headings, bylines, links, captions, notices around an article.


_MARKED = re.compile(r"\s*(?:#{1,6}\s|[-*_=]{3,}\s*$|\||<?https?://\S+>?\s*$|!\[)")
_NOTICE = re.compile(
    r"\bcopyright|all rights reserved|©|\bretweets\b|leave a reply|similar posts|related (?:posts|articles|topics)|"
    r"your email address|required fields|subscribe to|our newsletter|support our work|follow us|share this|click here|"
    r"donat(?:e|ing|ions?) (?:to(?:wards)? (?:the work|us|our)|now|here)|read (?:more|the rest|also)\b|"
    r"original source of this|become a member|comment on .* (?:page|articles)|for media inquiries|to contact (?:the|"
    r"us)|"
    r"images? in this article|privacy policy|terms of use|notes to editors|further information\W*$|screen-?shot-|"
    r"getty images|photo(?:graph)? (?:by|credit)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\W*(?:photo(?:graph)?|image|picture|credit|source|caption|region|theme|tags?|topics?|publication date|"
    r"in-depth report|articles by|disclaimer|media inquiries)\b[^.!?]{0,20}:",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"\W*by:? (?:\W*[A-Z][\w.'’-]*\W*){1,5}$", re.IGNORECASE)
_DATE = re.compile(
    r"[\W\d_]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|"
    r"oct\w*|nov\w*|dec\w*|[ap]m|gmt|[\W\d_])+$",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"\W*[\d.,]+[km]? (?:views?|comments?|shares?|likes?|(?:min(?:ute)?s?|sec\w*) read)\W*$", re.IGNORECASE
)
_HEADING = 5  # words
_LONG = 40  # words: a notice is shorter, unless it opens with its mark
_SHORT_LINE = 400  # letters: a byline, a date and a counter are shorter


def is_heading(line: str) -> bool:
    """Whether a line is a heading of a section: a few words that tell no number and do not end as a sentence does."""
    return (
        len(line.split()) <= _HEADING
        and line.rstrip("\"'”’)")[-1:] not in tuple(".!?")
        and not re.search(r"\d", line[3:])
    )


def is_apart(line: str) -> bool:
    """Whether a line is a heading, byline, date, link, caption or notice rather than the author's prose."""
    if _MARKED.match(line) or _LABEL.match(line):
        return True
    if len(line) <= _SHORT_LINE and (_BYLINE.match(line) or _DATE.match(line) or _COUNTER.match(line)):
        return True
    notice = _NOTICE.search(line)
    return notice is not None and (len(line.split()) <= _LONG or notice.start() <= 4)


# Lines that a margin broke, and marks.


_NARROW, _WIDE = 30, 120  # letters a line of a text with a margin may have
_OUTSIDE = 0.05  # share of lines that may be longer than any margin
_BROKEN = 0.7  # share of line ends inside blocks and sentences at which the next word did not fit
_STOPPED = re.compile(r"[.!?:;][\"'”’)\]]*$")
_SLACK = 2  # letters by which programs differ in where they break
_LEAST = 3  # such line ends
_EMPHASIS = re.compile(r"(?<![\w*_])[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?![\w*_])")
_LINK = re.compile(r"!?\[(?P<words>[^\[\]\n]*)\](?P<target>\((?:https?:|mailto:|/|#)[^()\s]*\))")
_ITEM = re.compile(r"^[ \t]*(?:>[ \t]*)+|^[ \t]*[-*+•][ \t]+", re.MULTILINE)
# Where and through whom a report came: ``RIVERTOWN (Wire) - ``, ``Rivertown, May 4. /WIRE/. ``
_DATELINE = re.compile(
    r"^[A-Z][\w.,'’ -]{1,50}(?:\([^()\n]{2,60}\)\s*[-–—:]+\s*|/[A-Z]{2,}[\w ]*/\.?\s+)|"
    r"^[A-Z][A-Z.'’-]+(?: [A-Z.'’-]+){0,2}(?:,(?: [\w., ]{1,40}?)?)?(?:(?:\s*\([^()\n]{2,60}\))?(?:\s*[-–—]+|"
    r", [A-Z]{3,}\.)|\s*\([^()\n]*[/\d][^()\n]*\))\s+(?=[A-Z\"“])",
    re.MULTILINE,
)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _linked(match: re.Match[str]) -> str:
    """The words of a link, with blanks for its brackets and target."""
    words, target = match["words"], match["target"]
    return f"{words:>{len(match[0]) - len(target) - 1}} {' ' * len(target)}"


def _plain_marks(text: str) -> str:
    """Blank the marks of emphasis, links, quoted blocks and lists."""
    return _EMPHASIS.sub(_blank, _ITEM.sub(_blank, _LINK.sub(_linked, text)))


def _breaks(text: str) -> list[tuple[int, str, str]]:
    """The line ends inside blocks: the offset of each, with the line before and the one after it."""
    lines = text.split("\n")
    breaks, at = [], 0
    for line, following in pairwise(lines):
        at += len(line)
        if line.strip() and following.strip():
            breaks.append((at, line.rstrip(), following.strip()))
        at += 1
    return breaks


def unwrapped(text: str) -> str:
    """Return a text of the same length in which line ends that only a margin made are blanks.

    A line end is one where the next word would not have fitted into the longest line. A text has a margin when most
    line ends inside its sentences are such and hardly a line is longer than 120 letters; other texts are returned as
    they are.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or sum(len(line) > _WIDE for line in lines) > _OUTSIDE * len(lines):
        return text
    inside = [item for item in _breaks(text) if len(item[1]) <= _WIDE]
    width = max((len(line) for _, line, _ in inside), default=0)
    full = [(at, line) for at, line, next_ in inside if len(line) + len(next_.split()[0]) >= width - _SLACK]
    open_ends = [line for _, line, _ in inside if not _STOPPED.search(line)]
    broken = sum(not _STOPPED.search(line) for _, line in full)
    if width < _NARROW or broken < _LEAST or broken < _BROKEN * len(open_ends):
        return text
    letters = list(text)
    for at, _ in full:
        letters[at] = " "
    return "".join(letters)


# Lines too long for a paragraph. Rules look at a paragraph again and again, so that one of a whole report would take
# the square of its length: it is read in portions.


MOST_LETTERS = 2_000  # of a paragraph
_MOST_OF_A_WORD = 500  # letters; what is longer is no word
_NO_WORD = re.compile(rf"\S{{{_MOST_OF_A_WORD + 1},}}")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9])")
_MARK = re.compile(r"[\"“”]")


def _cut(text: str, start: int, end: int) -> int:
    """Return where a portion ends that begins at ``start``: a sentence's end outside quotations, or any blank."""
    stops = [m.end() for m in _SENTENCE_END.finditer(text, start + MOST_LETTERS // 2, min(start + MOST_LETTERS, end))]
    marks = [m.start() for m in _MARK.finditer(text, start, min(start + MOST_LETTERS, end))]
    outside = [stop for stop in stops if bisect_left(marks, stop) % 2 == 0]
    if outside or stops:
        return (outside or stops)[-1]
    return text.rfind(" ", start, start + MOST_LETTERS)


def portioned(text: str) -> str:
    """Return a text of the same length in which no line is longer than a paragraph: long ones end at sentences.

    What has no blank for hundreds of letters is no word and is left out, as blanks.
    """
    if all(len(line) <= MOST_LETTERS for line in text.split("\n")):
        return text
    text = _NO_WORD.sub(_blank, text.replace("\t", " "))
    letters, start = list(text), 0
    for line in text.split("\n"):
        end = start + len(line)
        while end - start > MOST_LETTERS and (cut := _cut(text, start, end)) > start:
            letters[cut] = "\n"
            start = cut + 1
        start = end + 1
    return "".join(letters)


def as_read(text: str) -> str:
    """Return a text of the same length, unwrapped, in portions and without datelines and Markdown's marks."""
    return portioned(_DATELINE.sub(_blank, _plain_marks(unwrapped(text))))
