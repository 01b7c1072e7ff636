"""Lines of a text that are no prose of its author: headings, bylines, links, captions, notices around an article."""

from __future__ import annotations

import re

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


def is_heading(line: str) -> bool:
    """Whether a line is a heading of a section: a few words that tell no number and do not end as a sentence does."""
    return (
        len(line.split()) <= _HEADING
        and line.rstrip("\"'”’)")[-1:] not in tuple(".!?")
        and not re.search(r"\d", line[3:])
    )


def is_apart(line: str) -> bool:
    """Whether a line is a heading, byline, date, link, caption or notice rather than the author's prose."""
    if _MARKED.match(line) or _LABEL.match(line) or _BYLINE.match(line) or _DATE.match(line) or _COUNTER.match(line):
        return True
    found = _NOTICE.search(line)
    return found is not None and (len(line.split()) <= _LONG or found.start() <= 4)
