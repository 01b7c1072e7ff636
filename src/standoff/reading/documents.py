"""Documents as people have them: a web page, PDF, docx, mail or text, read into paragraphs with what it says of itself.

Nothing is guessed. A title, author, day or address is taken only from where the file declares or prints it, and says
from where; what is not there stays unknown, and so does a day that may be either of two.
"""

from __future__ import annotations

import io
import math
import quopri
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median
from typing import Any

from standoff.errors import StandoffError
from standoff.evidence.anchors import normal
from standoff.evidence.library import MAX_TEXT_BYTES
from standoff.files.opener import parse_json
from standoff.oneline import OneLine
from standoff.values import When, days_meant, is_year

MOST_BYTES = 64 * 2**20
MOST_PAGES = 2_000  # of a PDF
MOST_INSIDE = 256 * 2**20  # bytes of a docx when it is unpacked
EXPECTED = "a web page (HTML), PDF, docx, mail (eml) or text"
PARTICULARS = ("title", "author", "published", "address", "publisher", "language", "licence")


@dataclass(frozen=True, slots=True, repr=False)
class Particular(OneLine):
    """What a document says of itself, such as its title, and where in the file it says so."""

    value: str
    where: str


@dataclass(frozen=True, slots=True, repr=False)
class Copy(OneLine):
    """A document as it was read: its text, one paragraph a line; its particulars; the file itself as it was captured.

    ``particulars`` holds only what was there; several authors are parted by ``; ``. ``remarks`` are sentences for the
    person who brings it in: what was left out, decoded, or is not known.
    """

    name: str
    format: str  # web page, PDF, docx, mail, text
    suffix: str
    data: bytes
    text: str
    particulars: dict[str, Particular]
    remarks: tuple[str, ...] = ()

    def value(self, key: str) -> str:
        """Return a particular, or an empty text where the document does not say it."""
        return self.particulars[key].value if key in self.particulars else ""


def open_document(data: bytes, name: str, *, encoding: str = "") -> Copy:
    """Return a document from the bytes of a file. ``encoding`` is that of a text which is not UTF-8.

    Raises StandoffError, in one line, for what is empty, too large, encrypted, a scan without text, or of another kind;
    and where the library that reads this kind is not installed.
    """
    if len(data) > MOST_BYTES:
        raise _refused(name, f"the file has {len(data) / 2**20:.0f} MB", f"at most {MOST_BYTES // 2**20} MB")
    if not data.strip():
        raise _refused(name, "the file is empty", EXPECTED)
    kind, reader = _kind(data, name)
    copy = reader(data, name, encoding)
    text = _clean(copy.text)
    if not text.strip():
        raise _refused(name, f"no text was found in this {kind}", "a document with words")
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise _refused(name, "its text is too long", f"at most {MAX_TEXT_BYTES // 2**20} MB of text")
    particulars = dict(copy.particulars)
    if "published" not in particulars and (printed := _printed_day(text)):
        particulars["published"] = printed
    if "author" not in particulars and (printed := _printed_byline(text)):
        particulars["author"] = printed
    if "title" not in particulars and copy.format in ("text", "PDF", "docx") and (first := _first_line(text)):
        particulars["title"] = Particular(first, "its first line")
    if "language" not in particulars and is_english(text):
        particulars["language"] = Particular("en", "its most common words")
    remarks = (*copy.remarks, _WALL_TOLD) if copy.format.startswith("web page") and is_wall(text) else copy.remarks
    return replace(
        copy, text=text, remarks=remarks, particulars={k: particulars[k] for k in PARTICULARS if k in particulars}
    )


_WALL = re.compile(
    r"\b(?:cookies?|consent|privacy|partners process|enable javascript|access denied|are you a robot|captcha|subscribe|"
    r"subscribers only|sign in|log in|store and access information)\b",
    re.IGNORECASE,
)
_WALL_TOLD = (
    "it looks like a notice about cookies or a login, and not like an article: save the page when its text shows"
)


def is_wall(text: str) -> bool:
    """Whether a short text is what a page shows before its article: a notice about cookies, a login."""
    return len(text.split()) < 80 and _WALL.search(text) is not None


def _refused(name: str, what: str, expected: str, hint: str = "") -> StandoffError:
    return StandoffError.of(what, file=name, expected=expected, hint=hint)


def _missing(library: str, name: str, kind: str) -> StandoffError:
    """Return the error for a document that needs a library of the extra ``documents``."""
    hint = "pip install 'standoff[documents]', or save its words as a text"
    what = f"{kind} is read by {library}, which is not installed"
    return _refused(name, what, "the extra 'documents'", hint)


_WORDS = "the of and to in that was said with were by from has have is are for at on it as be not"
_COMMON = frozenset(_WORDS.split(" "))
_SHARE = 0.2  # of the words of English prose at least this many are common; about 0.3 is usual


def is_english(text: str) -> bool:
    """Whether a text is English by its most common words; of a few words nothing is said."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    return len(words) >= 20 and sum(word in _COMMON for word in words) >= _SHARE * len(words)


_TAGS = re.compile(rb"<(?:!doctype html|html|head|body|article|p|div)[\s>]", re.IGNORECASE)
_FOREIGN = (
    (b"{\\rtf", "rich text (RTF)"), (b"\x1f\x8b", "a gzip archive"), (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"II*\0", "a picture"), (b"MM\0*", "a picture"),
    (b"RIFF", "a picture or sound"), (b"\x7fELF", "a program"), (b"MZ", "a program"), (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
)  # fmt: skip
_HEADERS = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}")


def _kind(data: bytes, name: str) -> tuple[str, Callable[[bytes, str, str], Copy]]:
    """Tell by its first bytes what a file is, whatever it is called; mail by its name or its header."""
    head = data[:8192].lstrip(b"\xef\xbb\xbf \t\r\n")
    suffix = name.rpartition(".")[2].lower()
    if b"%PDF-" in data[:1024]:
        return "PDF", _pdf
    if head.startswith(b"PK\x03\x04"):
        return "docx", _docx
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        what = "this is a word processor's file of an older kind, or one with a password"
        raise _refused(name, what, EXPECTED, "save it as docx, without a password")
    if known := next((word for start, word in _FOREIGN if head.startswith(start)), ""):
        hint = "recognise its words first, such as with ocrmypdf" if known == "a picture" else ""
        raise _refused(name, f"this is {known}", EXPECTED, hint)
    plain = data[:8192].replace(b"\r\n", b"\n")
    if suffix in ("eml", "mht", "mhtml") or (
        _HEADERS.match(plain) and re.search(rb"(?mi)^(from|mime-version):", plain)
    ):
        return "mail", _mail
    if suffix in ("html", "htm", "xhtml") or len(_TAGS.findall(head)) >= 2 or head[:15].lower() == b"<!doctype html>":
        return "web page", _html
    if head[:1] in (b"{", b"[") and re.match(rb"[{\[]\s*(?:[{\[]\s*)?\"[^\"\n]{1,80}\"\s*[:,]", head):
        hint = "bring tables and exports in with: standoff import"
        raise _refused(name, "this is JSON", EXPECTED, hint)
    if b"\0" in head and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise _refused(name, "this is not a text: it holds zero bytes", EXPECTED)
    return "text", _text


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_UNSEEN = re.compile(r"[\u00ad\u200b\u2060\ufeff]")


def _clean(text: str) -> str:
    """Return a text with ``\\n`` at the end of lines, without control characters and what nobody sees."""
    text = _UNSEEN.sub("", normal(text)).replace("\u2028", "\n").replace("\u2029", "\n").replace("\f", "\n")
    text = _CONTROL.sub(" ", text)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip(
        "\n"
    ) + "\n" * text.endswith("\n")


def decoded_text(data: bytes, name: str, encoding: str = "", declared: str = "") -> str:
    """Return the text of some bytes: by their mark, as declared, or UTF-8; anything else needs ``encoding``."""
    for mark, own in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            encoding = encoding or own
    for one in filter(None, (encoding, declared, "utf-8")):
        try:
            return data.decode(one)
        except LookupError:
            if one == encoding:
                expected = "a name such as utf-8, cp1252 or cp1256"
                raise _refused("--encoding", f"there is no encoding {one[:40]!r}", expected) from None
        except UnicodeDecodeError as error:
            if one == encoding or one == "utf-8":
                line = data.count(b"\n", 0, error.start) + 1
                what = f"line {line}: byte {error.start} is not {one.upper()}"
                raise _refused(name, what, EXPECTED, "name its encoding: --encoding cp1252") from None
    raise AssertionError("UTF-8 is always tried")


# Plain text and mail.


_SOFT = re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)")


def _text(data: bytes, name: str, encoding: str) -> Copy:
    """A text file; one that was saved from a mail in quoted-printable is decoded, and that is said."""
    remarks: tuple[str, ...] = ()
    source = data
    breaks = len(re.findall(rb"=\r?\n", data))
    octets = len(re.findall(rb"=(?:20|3D|09|0A|C2=|E2=80|C3=|D0=|D1=|D8=|D9=)", data))
    if breaks >= 2 and breaks + octets >= 3 and not re.search(rb"[\x80-\xff]", data):
        source = quopri.decodestring(data)
        remarks = ("it was saved from a mail in quoted-printable, which is decoded",)
    text = decoded_text(source, name, encoding)
    return Copy(name, "text", "txt", data, text, {}, remarks)


def _mail(data: bytes, name: str, encoding: str) -> Copy:
    message = message_from_bytes(data, policy=policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    address = str(message.get("snapshot-content-location", "")).strip()
    if body is not None and (address or re.match(r"\W*Saved by\b", str(message.get("from", "")))):
        return _saved_page(data, name, encoding, body, address)
    if body is None:
        raise _refused(name, "this mail has no text", "a mail with words, or the files that were sent with it")
    raw = body.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    text = decoded_text(content, name, encoding, body.get_content_charset() or "")
    if body.get_content_subtype() == "html":
        text = _article(text, name)
    particulars: dict[str, Particular] = {}
    for key, header in (("title", "subject"), ("author", "from"), ("publisher", "")):
        value = " ".join(str(message.get(header, "")).split()) if header else ""
        if key == "author":
            value = re.sub(r"\s*<[^>]*>", "", value).strip(" \"'")
        if value:
            particulars[key] = Particular(value, f"the mail's {header.title()}")
    sent = str(message.get("date", ""))
    if sent:
        with suppress(ValueError, TypeError):
            particulars["published"] = Particular(parsedate_to_datetime(sent).date().isoformat(), "the mail's Date")
    files = [part.get_filename() or "a part without a name" for part in message.iter_attachments()]
    remarks = (f"sent with it and not opened: {', '.join(files)}",) if files else ()
    return Copy(name, "mail", "eml", data, text, particulars, remarks)


def _saved_page(data: bytes, name: str, encoding: str, body: Any, address: str) -> Copy:
    """A web page that a browser saved as a mail (mht): its Date is that of saving, and nobody wrote it."""
    content = body.get_payload(decode=True)
    page = _html(content if isinstance(content, bytes) else b"", name, encoding or body.get_content_charset() or "")
    particulars = dict(page.particulars)
    if "address" not in particulars and re.match(r"https?://", address):
        particulars["address"] = Particular(address, "the address it was saved from")
    remarks = (*page.remarks, "its Date is the day on which it was saved; not taken")
    return replace(page, format="web page (mht)", suffix="mht", data=data, particulars=particulars, remarks=remarks)


# Web pages: the article by trafilatura; particulars from where the page declares them.


_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w-]+)", re.I)
_ARTICLE = re.compile(r"Article|Report|BlogPosting|WebPage|PressRelease", re.IGNORECASE)
_ISO = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:[T\s].*)?$", re.DOTALL)
_TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_AUTHORS = ("author", "article:author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "byl")
_DAYS = (
    "article:published_time", "datepublished", "citation_publication_date", "citation_date", "dc.date.issued",
    "dcterms.issued", "dc.date", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publication_date",
    "date",
)  # fmt: skip
_SITES = ("og:site_name", "citation_publisher", "dc.publisher", "dcterms.publisher")


def _article(page: str, name: str) -> str:
    try:
        import trafilatura
    except ImportError:
        raise _missing("trafilatura", name, "a web page") from None
    text = trafilatura.extract(page, output_format="txt", include_comments=False, include_tables=True)
    if not text:
        raise _refused(name, "no article was found in this web page", "a page with paragraphs of text",
                       "save its words as a text")  # fmt: skip
    return re.sub(r"^- (?=\S)", "", text, flags=re.MULTILINE)


def _html(data: bytes, name: str, encoding: str) -> Copy:
    match = _CHARSET.search(data[:8192])
    declared = (match[1] or match[2]).decode() if match else ""
    page = decoded_text(data, name, encoding, declared)
    text = _article(page, name)
    try:
        from lxml import html
    except ImportError:
        raise _missing("lxml", name, "a web page") from None
    try:
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", page))
    except Exception:
        return Copy(name, "web page", "html", data, text, {}, ("nothing of what it says of itself could be read",))
    particulars, remarks = _declared(root)
    return Copy(name, "web page", "html", data, text, particulars, tuple(remarks))


def _declared(root: Any) -> tuple[dict[str, Particular], list[str]]:
    """Return what a page says of itself, each from the first place that says it, and what stays unknown and why."""
    meta: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        key = (node.get("property") or node.get("name") or node.get("itemprop") or "").lower()
        if key and (content := _one_line(node.get("content") or "")):
            meta.setdefault(key, []).append(content)
    ld = _linked_data(root)
    ways: dict[str, list[tuple[str, str]]] = {key: [] for key in PARTICULARS}
    for record in ld:
        ways["title"] += [(_one_line(str(record.get("headline") or "")), "its linked data (headline)")]
        ways["author"] += [("; ".join(_names(record.get("author"))), "its linked data (author)")]
        ways["published"] += [(str(record.get("datePublished") or ""), "its linked data (datePublished)")]
        ways["publisher"] += [("; ".join(_names(record.get("publisher"))), "its linked data (publisher)")]
        ways["licence"] += [(_one_line(str(record.get("license") or "")), "its linked data (license)")]
    for key, fields in (("title", _TITLES), ("author", _AUTHORS), ("published", _DAYS), ("publisher", _SITES)):
        for one in fields:
            value = (
                "; ".join(dict.fromkeys(meta.get(one, ()))) if key == "author" else next(iter(meta.get(one, ())), "")
            )
            ways[key].append((value, f"its header ({one})"))
    headings = [_one_line(node.text_content()) for node in root.iter("h1")]
    if len(headings) == 1:
        ways["title"].append((headings[0], "its heading"))
    ways["title"].append((_one_line(root.findtext(".//title") or ""), "its <title>"))
    bylines = root.xpath("//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')]")
    names = [_one_line(node.text_content()) for node in bylines]
    ways["author"] += [(one, "its byline") for one in names[:1] if len(one) <= 120]
    times = {_one_line(node.get("datetime") or node.text_content()) for node in root.iter("time")}
    days = {str(day) for one in times if (day := _day(one)[0])}
    if len(days) == 1:
        ways["published"].append((next(iter(days)), "the only time printed in it"))
    for node in root.iter("link"):
        rel = (node.get("rel") or "").lower()
        if rel in ("canonical", "license"):
            ways["address" if rel == "canonical" else "licence"].append((node.get("href") or "", f"its link ({rel})"))
    ways["address"] += [(one, "its header (og:url)") for one in meta.get("og:url", ())]
    ways["language"].append(((root.get("lang") or "").partition("-")[0].lower(), "its lang"))
    particulars: dict[str, Particular] = {}
    remarks: list[str] = []
    for key, places in ways.items():
        for value, where in places:
            if key == "published" and value:
                value, remark = _day(value)
                remarks += [remark] if remark else []
            if key == "author":
                value = "; ".join(one for one in _authors(value) if not one.lower().startswith("http"))
            if key == "address" and not re.match(r"https?://", value):
                value = ""
            if key == "language" and not re.fullmatch(r"[a-z]{2,3}", value):
                value = ""
            if value.strip():
                particulars[key] = Particular(value.strip()[:500], where)
                break
    later = [(_day(value)[0], where) for value, where in ways["published"] if value]
    if "published" in particulars:
        own = particulars["published"].value
        other = next(((day, where) for day, where in later if day and day != own), None)
        if other:
            remarks.append(f"{other[1]} has another day, {other[0]}")
    return particulars, list(dict.fromkeys(remarks))


def _linked_data(root: Any) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for node in root.xpath("//script[@type='application/ld+json']"):
        try:
            ahead: list[Any] = [parse_json((node.text or "").strip()[:1_000_000], "linked data")]
        except StandoffError:
            continue
        for one in ahead:
            if isinstance(one, list):
                ahead += one[:100]
            elif isinstance(one, dict):
                ahead += one["@graph"][:100] if isinstance(one.get("@graph"), list) else []
                if _ARTICLE.search(str(one.get("@type"))) and len(records) < 20:
                    records.append(one)
    return sorted(records, key=lambda r: "WebPage" in str(r.get("@type")))  # the article before the page around it


def _names(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    names = [one.get("name") if isinstance(one, dict) else one for one in several]
    return [_one_line(one) for one in names if isinstance(one, str) and one.strip()]


def _one_line(text: str) -> str:
    return " ".join(text.split())


_ORGANS = re.compile(
    r"\b(?:news|agenc|staff|desk|editor|correspondent|reuters|press|office|ministry|team|report)", re.I
)


def _authors(text: str) -> list[str]:
    """Part a byline into names: at ``;``, ``and``, ``&``, and at commas where each part is a name of a person."""
    text = re.sub(r"^\W*(?:by|written by|author:?)\s+", "", _one_line(text), flags=re.IGNORECASE)
    parts = [one.strip(" ,|") for one in re.split(r"\s*;\s*|\s+and\s+|\s*&\s*", text)]
    names: list[str] = []
    for part in parts:
        pieces = [one.strip() for one in part.split(",")]
        names += pieces if len(pieces) > 1 and all(map(is_person, pieces)) else [part]
    return list(dict.fromkeys(one for one in names if one))


def is_person(name: str) -> bool:
    """Whether a name has the form of a person's: two to five capitalised words, none that stands for a newsroom."""
    words = name.split()
    capital = [w for w in words if w[:1].isupper()]
    return 2 <= len(words) <= 5 and len(capital) >= 2 and not _ORGANS.search(name) and not re.search(r"\d", name)


def _day(text: str) -> tuple[str, str]:
    """Return a day as a case writes it and an empty remark; or an empty day and why it is not taken."""
    text = _one_line(text)
    if match := _ISO.match(text):
        try:
            return (match[1], "") if When.parse(match[1]) else ("", "")
        except ValueError:
            return "", f"the day {text[:40]!r} is none"
    plain = re.sub(
        r"^(?:published|posted|updated|released|issued|date)?\s*(?:on|:)?\s*|(?:[,\s]+(?:at\s*)?\d{1,2}[:.]\d{2}.*)$",
        "", text, flags=re.IGNORECASE,
    )  # fmt: skip
    plain = re.sub(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", "", plain, flags=re.I)
    if re.fullmatch(r"\d{5,7}|\d{9,}", plain):
        return "", ""
    ways = days_meant(plain)
    if len(ways) == 1 and is_year(int(ways[0][:4])):
        return ways[0], ""
    if len(ways) == 2:
        return "", f"its day is printed as {text[:40]!r}, which may be {ways[0]} or {ways[1]}"
    return "", ""


_TOP = 12  # lines at the top in which a day or a byline may be printed


def _top(text: str) -> Iterator[tuple[int, str]]:
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return iter(lines[:_TOP])


_BARS = re.compile(r"\s+[|•·]\s+")


def _printed_day(text: str) -> Particular | None:
    for number, line in _top(text):
        for part in _BARS.split(line):  # Published: 3 June 2011 | By our correspondent
            if 6 <= len(part) <= 60 and re.search(r"\d{4}", part) and len(day := _day(part)[0]) == 10:
                return Particular(day, f"line {number}")
    return None


def _printed_byline(text: str) -> Particular | None:
    for number, line in _top(text):
        for part in _BARS.split(line):
            names = _authors(part) if len(part) <= 100 and re.match(r"by:?\s+[A-Z]", part, re.IGNORECASE) else []
            if names and all(map(is_person, names)):
                return Particular("; ".join(names), f"line {number}")
    return None


def _first_line(text: str) -> str:
    line = next((line for _, line in _top(text)), "")
    return (
        line if len(line.split()) <= 20 and line[-1:] not in tuple(".!?:;,") and re.search(r"[^\W\d_]{3}", line) else ""
    )


# PDF: lines with their place on the page; those of one paragraph are joined.


@dataclass(frozen=True, slots=True, repr=False)
class PageLine(OneLine):
    """A line of a page: its words and where they stand, in points from the top left; ``page`` is counted from 0."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    place: float = 0.5  # from 0 at the top of the page to 1 at its bottom

    @property
    def height(self) -> float:
        """The height of its letters."""
        return self.bottom - self.top


def _pdf(data: bytes, name: str, encoding: str) -> Copy:
    try:
        import pypdfium2 as pdfium
    except ImportError:
        raise _missing("pypdfium2", name, "a PDF") from None
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise _refused(name, "this PDF is encrypted", "a PDF that opens without a password") from None
        raise _refused(name, "this PDF cannot be read: it is damaged or cut off", EXPECTED) from None
    with document:
        if len(document) > MOST_PAGES:
            raise _refused(name, f"this PDF has {len(document):,} pages", f"at most {MOST_PAGES:,}")
        pages = []
        for number in range(len(document)):
            try:
                pages.append(_page_lines(document[number], number))
            except pdfium.PdfiumError:
                raise _refused(name, f"page {number + 1} cannot be read", EXPECTED) from None
        declared = document.get_metadata_dict()
    blank = [number for number, lines in enumerate(pages, 1) if not lines]
    if len(blank) == len(pages):
        what = f"this PDF is a scan: {_counted(len(pages), 'page')} without text"
        raise _refused(name, what, "a PDF with text", "recognise its words first (OCR), such as with ocrmypdf")
    remarks = []
    if blank:
        remarks.append(f"{_counted(len(blank), 'page')} without text, perhaps scans: {', '.join(map(str, blank[:12]))}")
    kept, margins = without_margins(pages)
    if margins:
        remarks.append(f"{_counted(margins, 'line')} of headers, footers and page numbers left out")
    for key in ("Title", "Author", "CreationDate"):
        if value := _one_line(declared.get(key, "")):
            said = value if key != "CreationDate" else re.sub(r"^D:(\d{4})(\d{2})(\d{2}).*", r"\1-\2-\3", value)
            remarks.append(f"the file's property {key} is {said[:100]!r}, set by the program that made it; not taken")
    text = "\n".join(paragraphs_of(kept))
    return Copy(name, "PDF", "pdf", data, text, {}, tuple(remarks))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}"


_HYPHENS = "\x02\ufffe\u00ad"  # how pdfium marks a hyphen at the end of a line


def _page_lines(page: Any, number: int) -> list[PageLine]:
    height = page.get_height() or 1.0
    view = page.get_textpage()
    count = view.count_chars()
    lines: list[PageLine] = []
    text = view.get_text_range() if count else ""
    if len(text) != count:  # where letters and their places do not go side by side, they are asked for one by one
        text = "".join((view.get_text_range(k, 1) or " ")[:1] for k in range(count))
    at = 0
    for piece in re.split(rf"(\r\n|\n|\r|(?<=[{_HYPHENS}]))", text):  # a hyphen that ends a line stands for its end
        first = at
        at += len(piece)
        inside = [k for k, letter in enumerate(piece) if not letter.isspace() and letter not in _HYPHENS]
        if not inside:
            continue
        ends = dict.fromkeys((inside[0], inside[len(inside) // 2], inside[-1]))
        boxes = [view.get_charbox(first + k, loose=True) for k in ends]
        words = "".join("\u00ad" if letter in _HYPHENS else letter for letter in piece)
        top, bottom = height - max(box[3] for box in boxes), height - min(box[1] for box in boxes)
        left, right, place = boxes[0][0], boxes[-1][2], (top + bottom) / 2 / height
        lines.append(PageLine(" ".join(words.split()), number, left, right, top, bottom, place))
    view.close()
    return lines


_NUMBER_ALONE = re.compile(r"\W*(?:page|p\.|seite)?\s*\d{1,4}(?:\s*(?:of|/|\||-)\s*\d{1,4})?\W*", re.IGNORECASE)
_EDGE = 0.13  # share of a page, at its top and bottom, in which headers and footers stand


_MOST_NUMBERS = 4  # of a line, any of which may be that of its page


def _marks(line: PageLine, page: int) -> set[tuple[str, int]]:
    """What a header or footer has in common on all pages: its words and its height, but for the number of the page.

    The day of a form (Date: 3 May) is another on each page, and is none.
    """
    text, place = line.text.casefold(), round(line.place * 100)
    numbers = list(re.finditer(r"\d{1,6}", text))[:_MOST_NUMBERS]
    pages = {f"{text[: m.start()]}#{int(m[0]) - page}{text[m.end() :]}" for m in numbers}
    return {(one, place) for one in (text, *pages)}


def without_margins(pages: list[list[PageLine]]) -> tuple[list[PageLine], int]:
    """Return the lines of all pages without headers, footers and page numbers, and how many lines were left out.

    A header or footer stands at the edge of at least half of the pages, and of two, alike but for the page's number.
    """
    edges = [_edge(lines) for lines in pages]
    seen = Counter(
        mark for page, lines in enumerate(edges) for mark in {mark for line in lines for mark in _marks(line, page)}
    )
    least = max(2, math.ceil(len(pages) / 2))

    def is_margin(line: PageLine, page: int) -> bool:
        alike = any(seen[mark] >= least for mark in _marks(line, page))
        return alike or bool(_NUMBER_ALONE.fullmatch(line.text))

    left_out = {id(line) for page, lines in enumerate(edges) for line in lines if is_margin(line, page)}
    kept = [line for lines in pages for line in lines if id(line) not in left_out]
    return kept, len(left_out)


def _edge(lines: list[PageLine]) -> list[PageLine]:
    """The lines of a page that may be a header or a footer: the outermost, and what stands at its edge."""
    ordered = sorted(lines, key=lambda line: line.top)
    outer = {id(line) for line in (*ordered[:1], *ordered[-1:])}
    return [line for line in lines if id(line) in outer or not _EDGE < line.place < 1 - _EDGE]


_STOP = re.compile(r"[.!?:;][\"'”’)\]]*$")
_ITEM = re.compile(r"(?:[•▪●–—*-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")


def paragraphs_of(lines: Iterable[PageLine]) -> list[str]:
    """Join the lines of each paragraph, so that sentences read as they do in a plain text.

    A paragraph ends where the gap to the next line is wide, the size of the letters changes, the next line is indented
    or an item of a list, or a sentence ends well before the right edge of its block. Over a page it goes on where its
    sentence does.
    """
    every = list(lines)
    if not every:
        return []
    pitch = [b.top - a.top for a, b in pairwise(every) if a.page == b.page and b.top > a.top]
    usual = median(pitch) if pitch else 0.0
    words = " ".join(line.text for line in every).casefold()
    lexicon = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)+|[^\W\d_]+", words))
    blocks: list[list[PageLine]] = [[every[0]]]
    for before, line in pairwise(every):
        if _goes_on(blocks[-1], before, line, usual):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [_joined(block, lexicon) for block in blocks]


def _goes_on(block: list[PageLine], before: PageLine, line: PageLine, usual: float) -> bool:
    ended = _STOP.search(before.text) is not None
    if _ITEM.match(line.text) or abs(line.height - before.height) > 0.15 * max(line.height, before.height):
        return False
    if line.page != before.page or line.top <= before.top:  # a new page or column
        return not ended and (line.text[:1].islower() or before.text.endswith(("-", "\u00ad", ",")))
    if abs(line.top - before.bottom) < 0.3 and line.left > before.right:
        return True
    gap = line.top - before.top
    if usual and gap > 1.35 * usual and gap > 1.9 * max(line.height, before.height):
        return False
    if usual and gap > 1.7 * usual:
        return False
    width = max(one.right for one in block) - min(one.left for one in block)
    if line.left > before.left + 6 and len(block) > 1 and ended:
        return False
    short = before.right < max(line.right, *(one.right for one in block)) - max(0.18 * width, 24)
    if short and ended:
        return False
    return not (short and line.text[:1].isupper() and len(before.text.split()) <= 8)


def _joined(block: list[PageLine], lexicon: Counter[str]) -> str:
    text = block[0].text
    for line in block[1:]:
        cut = re.search(r"([^\W\d_]+)([-\u00ad\u2010])$", text)
        onward = re.match(r"[^\W\d_]+", line.text)
        if cut and onward and onward[0][0].islower():
            whole, hyphened = (cut[1] + onward[0]).casefold(), f"{cut[1]}-{onward[0]}".casefold()
            keeps = lexicon[hyphened] > 0 and lexicon[whole] == 0
            text = text[: cut.start(2)] + ("-" if keeps else "") + line.text
        elif cut:
            text = text[: cut.start(2)] + "-" + line.text
        else:
            text = f"{text} {line.text}"
    return text.replace("\u00ad", "-" if text.endswith("\u00ad") else "")


# docx: paragraphs and tables in their order.


def _docx(data: bytes, name: str, encoding: str) -> Copy:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _refused(name, "this archive is damaged", EXPECTED) from None
    if not any(part.filename == "word/document.xml" for part in parts):
        known = {"xl/": "a workbook", "ppt/": "slides", "content.xml": "an OpenDocument file"}
        what = next((word for start, word in known.items() if any(p.filename.startswith(start) for p in parts)), "")
        hint = "bring tables in with: standoff import" if what == "a workbook" else "save it as docx or PDF"
        raise _refused(name, f"this is {what or 'an archive'}, not a docx", EXPECTED, hint)
    if sum(part.file_size for part in parts) > MOST_INSIDE:
        raise _refused(name, "this docx is too large when it is unpacked", f"at most {MOST_INSIDE // 2**20} MB")
    if any(part.flag_bits & 1 for part in parts):
        raise _refused(name, "this docx is encrypted", "a docx that opens without a password")
    try:
        import docx
    except ImportError:
        raise _missing("python-docx", name, "a docx") from None
    try:
        document = docx.Document(io.BytesIO(data))
        lines = [line for part in document.iter_inner_content() for line in _docx_lines(part)]
        titles = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Title"]
        properties = document.core_properties
        said = [("title", properties.title), ("author", properties.author), ("created", properties.created)]
    except Exception as error:
        what = f"this docx cannot be read: {type(error).__name__}"
        raise _refused(name, what, "a docx as a word processor writes it") from None
    remarks = [
        f"the file's property {key} is {str(value)[:100]!r}, set by the program that made it; not taken"
        for key, value in said
        if value and str(value) != "python-docx"
    ]
    notes = _docx_notes(data, [part.filename for part in parts])
    if notes:
        lines += [f"{number}. {note}" for number, note in enumerate(notes, 1)]
        remarks.append(f"{_counted(len(notes), 'footnote')} stand at the end of its text" if len(notes) > 1 else
                       "1 footnote stands at the end of its text")  # fmt: skip
    particulars = {}
    if titles and (title := _one_line(titles[0])):
        particulars["title"] = Particular(title, "its title")
    return Copy(name, "docx", "docx", data, "\n".join(lines), particulars, tuple(remarks))


def _docx_notes(data: bytes, names: list[str]) -> list[str]:
    """The footnotes and endnotes of a docx, in order, without the lines that part them from the text."""
    from lxml import etree

    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    notes: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            if name not in names:
                continue
            try:
                root = etree.fromstring(archive.read(name), parser)
            except (etree.XMLSyntaxError, zipfile.BadZipFile, OSError):
                continue
            for note in root.iter(f"{space}footnote", f"{space}endnote"):
                if note.get(f"{space}type") in (None, "normal"):
                    text = _one_line(" ".join("".join(p.itertext(f"{space}t")) for p in note.iter(f"{space}p")))
                    notes += [text] if text else []
    return notes


def _docx_lines(part: Any) -> Iterator[str]:
    if hasattr(part, "rows"):
        for row in part.rows:
            cells = [_one_line(cell.text) for cell in row.cells]
            yield " | ".join(dict.fromkeys(cell for cell in cells if cell))
    elif text := _one_line(part.text):
        yield text
