"""Lines of a text that are no prose of its author: headings, bylines, links, captions, notices around an article."""

from __future__ import annotations

import re

_MARKED = re.compile(r"\s*(?:#{1,6}\s|[-*_=]{3,}\s*$|<?https?://\S+>?\s*$|!\[)")
_NOTICE = re.compile(
    r"copyright|all rights reserved|©|\bretweets?\b|\blikes\b$|leave a reply|similar posts|related (?:posts|articles|"
    r"topics)|"
    r"your email address|required fields|subscribe|newsletter|donat(?:e|ing|ion)s? (?:to(?:wards)? (?:the work|us|"
    r"our)|now|here)|"
    r"support our work|follow us|share this|click here|"
    r"read (?:more|the rest|also)|original source of this|become a member|comment on .* (?:page|articles)|disclaimer:|"
    r"media inquiries|to contact (?:the|us)|articles by:|images? in this article|cookie|privacy policy|terms of use|"
    r"notes to editors|further information|sign up|fair use|screen-?shot|getty images|photo(?:graph)? (?:by|credit)|"
    r"(?:photo|image|picture|credit|source|caption|region|theme|tags?|topics?|publication date|in-depth report):",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"\W*by:? (?:\W*[A-Z][\w.'’-]*\W*){1,5}$", re.IGNORECASE)
_DATE = re.compile(
    r"[\W\d_]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|"
    r"oct\w*|nov\w*|dec\w*|[ap]m|gmt|[\W\d_])+$",
    re.IGNORECASE,
)
_LONG = 60  # words: a notice is shorter, unless it opens with its mark


def is_apart(line: str) -> bool:
    """Whether a line is a heading, byline, date, link, caption or notice rather than the author's prose."""
    if _MARKED.match(line) or _BYLINE.match(line) or _DATE.match(line):
        return True
    found = _NOTICE.search(line)
    return found is not None and (len(line.split()) <= _LONG or found.start() <= 4)
