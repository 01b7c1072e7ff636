"""One reader of tables: CSV in any dialect, workbooks, JSON and zip archives, as rows of text with their lines.

What had to be supposed to read a file (encoding, delimiter, which row is the header) is said in ``assumptions``; rows
that are no records (titles, totals, notes, blank rows) stand in ``asides`` with their lines. Nothing is guessed: where
two readings of a file differ, the error asks. What numbers and dates mean is decided elsewhere, column by column.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, cast

from standoff.errors import Problem, StandoffError
from standoff.files.opener import ends_of_rows, parse_json, read_bytes
from standoff.files.sheet_layout import (
    DELIMITERS,
    MOST_CELL,
    NUMERIC,
    Row,
    bare_cell,
    delimiter_of,
    fill_merged,
    flat_cells,
    lists_in,
    spanned_names,
    text_of_cell,
    with_errors_as_text,
)
from standoff.oneline import OneLine
from standoff.plugins import READERS, function_of, plugin_names

MOST_BYTES = 2**31
GZIP = b"\x1f\x8b"  # begins a file packed with gzip
KEPT_BYTES = 8 * 2**20  # a larger file of text is read again for each pass and not kept
MOST_IN_MEMORY = 512 * 2**20  # of a workbook, of JSON, of what is in an archive
MOST_COLUMNS = 4_000
MOST_ROWS = 10_000_000
MOST_REPEATS = 50_000  # of a row of a sheet of ods
MOST_SHEET_CELLS = 10_000_000  # of a workbook, which is held whole
MOST_ASIDES = 1_000
HEADER_WITHIN = 40  # rows
# what programs on Windows and the Mac write where they do not write Unicode
CODE_PAGES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TAG = re.compile(r"#[A-Za-z][\w-]*(\s*\+\s*\w[\w-]*)*$")
_TOTAL = re.compile(
    r"(?:grand[ -]?|sub[ -]?|genel |sous-|المجموع )?(?:totals?|totale|totalt|totaal|totaux|sum|somme|suma|gesamt"
    r"|insgesamt|gesamtsumme|итого|всего|общий итог|всього|загалом|разом|razem|ogółem|celkem|ukupno|toplam|jumlah"
    r"|jumla|wadarta|ድምር|المجموع|مجموع|الإجمالي|الاجمالي|إجمالي|اجمالي|الكلي|مجموع کل|جمع کل|کل|कुल|মোট|σύνολο"
    r"|合计|合計|总计|總計|小计|tổng(?: cộng)?|total (?:général|general|geral|generale))\s*[:.]?$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:\*|†|‡|source|sources|note|notes|nb|n\.b\.|data (?:from|source)|©|copyright|disclaimer|legend|licen[cs]e|"
    r"last updated?|updated|as of|generated|exported|downloaded|remarks?|fuente|quelle|المصدر|источник)(?=\W|$)",
    re.IGNORECASE,
)
_NOTE_OF_WORDS = re.compile(r"[^\W\d_][\w .]{2,}:\s+\S+\s+\S")  # "Note: counts are of": commas part it into cells
_LEAD = re.compile(f"{_TOTAL.pattern}|{_NOTE.pattern}", re.IGNORECASE)
_LEAD_OF_LINE = re.compile(f"^(?:{_LEAD.pattern})", re.IGNORECASE | re.MULTILINE)
_ODS_CELL = re.compile(
    rb'<table:table-cell\b[^>]*?number-columns-repeated="(\d+)"[^>]*?(?:/>|>.*?</table:table-cell>)', re.DOTALL
)
_ODS_ROW = re.compile(rb'<table:table-row\b[^>]*?number-rows-repeated="(\d+)"[^>]*>.*?</table:table-row>', re.DOTALL)
_SHEET_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]+)(\d+)"[^>]*(?<!/)>')  # that is not empty


def is_total(text: str) -> bool:
    """Whether a name says that it is a total of others."""
    return bool(_TOTAL.match(text))


_BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Aside(OneLine):
    """A row that is not a record: where it stands, what it says in short, and why it is left aside.

    Of a total all its ``cells`` are kept, so that it can be compared.
    """

    line: int
    text: str
    why: str
    cells: tuple[str, ...] = ()


BLOCK, BLOCK_BYTES = 4096, 16 * 2**20  # rows that are read at a time where columns are worked on, and bytes


class Block:
    """Rows of a table that stand one after another, by row or by column.

    ``lines`` are the lines of the rows. Cells are without spaces around. Every row has as many cells as the header,
    unless ``is_ragged``: then some rows have more, and there are no columns.
    """

    __slots__ = ("_columns", "_rows", "is_ragged", "lines")

    def __init__(self, lines: Sequence[int], rows: Sequence[Sequence[str]], width: int, *, stripped: bool) -> None:
        self.lines = lines
        self._rows: Sequence[Sequence[str]] | None = rows if stripped else None
        self.is_ragged = stripped and any(len(cells) != width for cells in rows)
        self._columns: dict[int, list[str]] = {}
        if not stripped:
            self._columns = _Stripped(rows, width)

    @classmethod
    def of(cls, rows: Sequence[Row], width: int) -> Block:
        """Return rows with their lines as a block."""
        return cls([line for line, _ in rows], [cells for _, cells in rows], width, stripped=True)

    def column(self, at: int) -> Sequence[str]:
        """Return the cells of a column."""
        if self._rows is not None and at not in self._columns:
            self._columns[at] = [cells[at] for cells in self._rows]
        return self._columns[at]

    @property
    def rows(self) -> Iterator[Row]:
        """The rows, with their lines."""
        if self._rows is not None:
            return zip(self.lines, map(list, self._rows), strict=True)
        columns = cast("_Stripped", self._columns).all()
        return zip(self.lines, map(list, zip(*columns, strict=True)), strict=True)

    def __len__(self) -> int:
        return len(self.lines)


class _Stripped(dict[int, list[str]]):
    """Columns of rows, without the spaces around their cells, each when it is asked for."""

    def __init__(self, raw: Sequence[Sequence[str]], width: int) -> None:
        super().__init__()
        self._raw, self._width = raw, width

    def __missing__(self, at: int) -> list[str]:
        found = list(map(str.strip, map(itemgetter(at), self._raw)))
        if not "".join(found).isascii():
            found = list(map(bare_cell, found))
        self[at] = found
        return found

    def all(self) -> list[list[str]]:
        return [self[at] for at in range(self._width)]


@dataclass(repr=False)
class Table(OneLine):
    """A table of a file: its header, and its records as often as they are asked for.

    ``header`` are the names as they are written (``""`` for a column without one); ``tags`` the HXL tags of the
    columns, empty where there is no row of them. Iterating gives ``(line, cells)``: cells are text in NFC without
    spaces around, at least as many as the header has; a row with more is given with all of them. Lines are those of a
    text, rows of a sheet, or counted records of JSON. ``asides`` and ``count`` are complete after the first pass; a
    file that is kept in memory has had it.
    """

    name: str
    format: str
    header: tuple[str, ...]
    header_line: int
    tags: tuple[str, ...]
    assumptions: list[str]
    asides: list[Aside]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal_comma_likely: bool = False  # semicolons part the cells, as where the comma is the decimal mark
    count: int = 0
    more_asides: int = 0
    _source: Callable[[], Iterator[Row]] = field(default=lambda: iter(()), repr=False)
    _raw: Callable[[], Iterator[tuple[list[int], list[list[str]]]]] | None = field(default=None, repr=False)
    _path: Path | None = field(default=None, repr=False)  # of a text that is read again for each pass
    _begins: int = 0
    _kept: list[Row] | None = field(default=None, repr=False)
    _passed: bool = False

    def __iter__(self) -> Iterator[Row]:
        return iter(self._kept) if self._kept is not None else self._pass()

    @property
    def is_kept(self) -> bool:
        """Whether the records are held in memory, so that looking at them again costs little."""
        return self._kept is not None

    def keep(self) -> None:
        """Hold the records in memory."""
        if self._kept is None:
            self._kept = list(self._pass())

    def blocks(self) -> Iterator[Block]:
        """Yield the same records as iterating does, many at a time, for those who work on columns."""
        width = len(self.header)
        if self._kept is not None or self._raw is None:
            rows = iter(self)
            while some := list(islice(rows, BLOCK)):
                yield Block.of(some, width)
            return
        sieve = _Sieve(self)
        for lines, raw in self._raw():
            if sieve.is_clean(lines, raw):
                if waiting := sieve.passed():
                    yield Block.of(waiting, width)
                sieve.add(len(raw), lines[-1])
                yield Block(lines, raw, width, stripped=False)
                continue
            stripped = ((line, list(map(bare_cell, cells))) for line, cells in zip(lines, raw, strict=True))
            if some := [row for one in stripped for row in sieve.rows(one)]:
                yield Block.of(some, width)
        sieve.end()

    def parts(self, size: int) -> list[Part]:
        """Return the records of a large text in parts of about ``size`` bytes; empty where it cannot be parted.

        A part ends behind an even number of quotes, at the end of a line. Where quotes are stray that may be within a
        row: then the part cannot be read, or ends in the middle of a row, and the caller has to read the whole.
        """
        if self._path is None or self._kept is not None or not _ENDS_BY_BYTE.fullmatch(self.encoding):
            return []
        ends = [(0, 0), *ends_of_rows(self._path, size)]
        parts = [Part(self._path, self, begin, end, line) for (begin, line), (end, _) in pairwise(ends)]
        return parts if len(parts) > 1 else []

    def passed(self, asides: Sequence[Aside], more: int, count: int) -> None:
        """Take what a first pass found that others made, in parts."""
        room = MOST_ASIDES - len(self.asides)
        self.asides += asides[:room]
        self.more_asides += more + len(asides[room:])
        self.count, self._passed = count, True

    def _pass(self) -> Iterator[Row]:
        sieve = _Sieve(self)
        for row in self._source():
            yield from sieve.rows(row)
        sieve.end()

    def _is_none(self, cells: list[str], width: int) -> str:
        """Return why a row is not a record, ``note`` where that depends on what follows, or nothing."""
        filled = [cell for cell in cells if cell]
        if not filled:
            return "a blank row"
        if _TOTAL.match(filled[0]) and width > 1:
            return TOTAL
        if cells[:width] == list(self.header) and len(filled) > 1:
            return "the header again"
        if width > 2 and len(filled) == 1:
            return "note"
        is_short = len(filled) * 2 <= width or (len(filled) < width and bool(_NOTE_OF_WORDS.match(filled[0])))
        return "note" if width > 1 and is_short and _NOTE.match(filled[0]) else ""

    def _aside(self, line: int, cells: Sequence[str], why: str) -> None:
        if len(self.asides) < MOST_ASIDES:
            text = " | ".join(cell for cell in cells if cell)[:120]
            self.asides.append(Aside(line, text, why, tuple(cells) if why == TOTAL else ()))
        else:
            self.more_asides += 1


_ENDS_BY_BYTE = re.compile(r"utf-8(-sig)?|ascii|cp125\d")  # encodings in which bytes tell quotes and ends of lines
NOTE_BELOW, TOTAL = "a note below the table", "a total"


class Part:
    """A part of a large text that another process may read: where it begins and ends, and its first line."""

    def __init__(self, path: Path, table: Table, begin: int, end: int, line: int) -> None:
        self._path, self._begin, self._end, self._line = path, begin, end, line
        self._of = replace(table, asides=[], assumptions=[], _source=_nothing, _raw=None, _passed=False)

    def table(self) -> Table:
        """Return its records as a table, with the lines of the whole."""
        reader = _Reader(self._of.name, None, None, None)
        with self._path.open("rb") as file:
            file.seek(self._begin)
            source = _Bytes(file.read(self._end - self._begin))
        encoding = self._of.encoding if self._begin == 0 else self._of.encoding.removesuffix("-sig")
        given = (source, encoding, self._of.delimiter, self._line)  # and not the table: a circle would keep the part
        return replace(
            self._of,
            asides=[],
            _raw=lambda: reader._csv_blocks(*given),
            _source=lambda: reader._csv(*given),
        )


def _nothing() -> Iterator[Row]:
    return iter(())


class _Sieve:
    """What parts the records of a table from rows that are none, in one pass over its rows."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._first, table._passed = not table._passed, True
        self._top = table.header[0] if table.header else ""
        self._width = len(table.header)
        self._count = 0
        self._waiting: list[Row] = []  # rows that are notes if nothing but notes follows

    def rows(self, row: Row) -> Sequence[Row]:
        """Return what of the rows so far is certainly a record, of those that were not given back before."""
        (line, cells), width, table = row, self._width, self._table
        if line <= table._begins:
            return ()
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        lead = cells[0] if cells else ""
        if not lead or lead == self._top or _LEAD.match(lead) or (width > 1 and not cells[1]):
            why = table._is_none(cells, width)
            if why == "note":
                self._waiting.append(row)
                return ()
            if why:
                if self._first:
                    table._aside(line, cells, why)
                return ()
        found = [*self.passed(), row] if self._waiting else (row,)
        self.add(1, line)
        return found

    def is_clean(self, lines: Sequence[int], raw: Sequence[Sequence[str]]) -> bool:
        """Whether every one of many rows is a record at first sight: as wide as the header, with its first cells."""
        width = self._width
        if width < 2 or lines[0] <= self._table._begins or set(map(len, raw)) != {width}:
            return False
        leads = [bare_cell(cells[0]) for cells in raw]
        if not all(leads) or self._top in leads or not all(cells[1].strip() for cells in raw):
            return False
        joined = "\n".join(leads)
        return not _LEAD_OF_LINE.search(joined)

    def passed(self) -> list[Row]:
        """Return the rows that waited, as records, since one follows them."""
        waiting, self._waiting = self._waiting, []
        self.add(len(waiting), waiting[-1][0] if waiting else 0)
        return waiting

    def add(self, many: int, line: int) -> None:
        """Count records."""
        self._count += many
        if self._count > MOST_ROWS:
            what = f"the table has more than {MOST_ROWS:,} rows"
            raise StandoffError.of(what, file=self._table.name, line=line, expected="a table split by year or by area")

    def end(self) -> None:
        """Leave aside what still waits: no record follows it."""
        if self._first:
            for line, cells in self._waiting:
                self._table._aside(line, cells, NOTE_BELOW)
            self._table.count = self._count


def read_table_file(
    file: str | Path | bytes,
    name: str,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    is_header: Callable[[Sequence[str]], bool] | None = None,
    within: Path | None = None,
    two_rows: bool = False,
) -> Table:
    """Read the table that a file holds, whatever its format.

    Parameters
    ----------
    file : str, Path or bytes
        A path, or what is in a file (standard input).
    name : str
        How the user calls it: errors name it.
    sheet : str, optional
        Which sheet of a workbook, list of a JSON answer or member of an archive.
    encoding : str, optional
        Of a text, where the file does not tell.
    is_header : callable, optional
        Whether a row is a header that the caller knows: it is then taken wherever it stands among the first rows.
    within : Path, optional
        A folder that links may not lead out of.
    two_rows : bool
        Whether the header may stand on two rows, of which the upper spans columns of the lower.

    Raises
    ------
    StandoffError
        For what is not a table, or can be read in two ways: with the line, and what would decide it.
    """
    reader = _Reader(name, sheet, encoding, is_header, two_rows)
    suffix = Path(name).suffix.lower().removeprefix(".")
    if suffix in plugin_names(READERS):
        data = file if isinstance(file, bytes) else read_bytes(Path(file), name, MOST_IN_MEMORY, within=within)
        return reader.table_by_plugin(data, suffix)
    if isinstance(file, bytes):
        return reader.table_of(file)
    path = Path(file)
    head = read_bytes(path, name, MOST_BYTES, within=within, part=8192)
    size = path.stat().st_size
    if size > KEPT_BYTES and _kind(head) == "text":
        return reader.streamed(path, head)
    most = MOST_BYTES if _kind(head) == "text" else MOST_IN_MEMORY
    return reader.table_of(read_bytes(path, name, most, within=within))


def unpacked(data: bytes, name: str) -> bytes:
    """Return what a file packed with gzip holds. Raises StandoffError where it is none, or too large."""
    out = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while chunk := file.read(2**20):
                out.write(chunk)
                if out.tell() > MOST_IN_MEMORY:
                    expected = f"at most {MOST_IN_MEMORY // 2**20} MB when unpacked"
                    raise StandoffError.of("what is in it is too large", file=name, expected=expected)
    except (OSError, EOFError, zlib.error) as error:
        what = f"this cannot be unpacked: {str(error)[:100]}"
        raise StandoffError.of(what, file=name, expected="a file packed with gzip") from None
    return out.getvalue()


_LOCKED = "EncryptedPackage".encode("utf-16-le")  # the part of an xlsx that a password keeps


def _kind(head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "json" if start in (b"{", b"[") else "text"


@dataclass
class _Reader:
    name: str
    sheet: str | None
    encoding: str | None
    is_header: Callable[[Sequence[str]], bool] | None
    two_rows: bool = False

    def fail(self, what: str, line: int = 0, expected: str = "a table", hint: str = "") -> StandoffError:
        return StandoffError.of(what, file=self.name, line=line, expected=expected, hint=hint)

    def table_of(self, data: bytes) -> Table:
        if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
            raise self.fail("the file is empty")
        kind = _kind(data[:8192])
        if kind == "zip":
            return self._zipped(data)
        if kind == "xls":
            return self._workbook(data, "xls")
        if kind == "json":
            return self._json(data)
        return self._text(_Bytes(data), data[: 2**20], keep=True)

    def table_by_plugin(self, data: bytes, suffix: str) -> Table:
        """Read the rows that a plug-in reads of a file: the first is the header."""
        rule = function_of(READERS, suffix, "data, sheet")
        try:
            rows = [(k, [text_of_cell(cell) for cell in row]) for k, row in enumerate(rule(data, self.sheet), 1)]
        except StandoffError:
            raise
        except Exception as error:
            what = f"the plug-in {READERS}:{suffix} cannot read it: {type(error).__name__}: {error}"
            raise self.fail(what, expected=f"a file of the kind {suffix}") from error
        if not any(any(cells) for _, cells in rows):
            raise self.fail("there is no table in it")
        return self._of_grids({suffix: rows}, suffix, "table")

    def streamed(self, path: Path, head: bytes) -> Table:
        with path.open("rb") as file:
            sample = file.read(2**20)
        return self._text(_File(path), sample, keep=False)

    # ------------------------------------------------------------------ text

    def _text(self, source: _Bytes | _File, sample: bytes, *, keep: bool) -> Table:
        if self.sheet:
            raise self.fail("this is a text, which has no sheets", expected="no --sheet", hint="leave --sheet out")
        encoding, said = self._encoding(source, sample)
        text = sample.decode(encoding, errors="replace")
        if len(sample) >= 2**20:  # the last line of the sample may be cut
            text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
        delimiter = delimiter_of(text)
        table = Table(self.name, "csv", (), 0, (), said, [], encoding=encoding, delimiter=delimiter)
        table.decimal_comma_likely = delimiter == ";"
        if delimiter != ",":
            said.append(f"the cells are parted by {DELIMITERS[delimiter]}")
        rows = lambda: self._csv(source, encoding, delimiter)  # noqa: E731
        if isinstance(source, _File) and not keep:
            table._path = source.path
            table._raw = lambda: self._csv_blocks(source, encoding, delimiter)
        return self._settled(table, rows, keep=keep)

    def _encoding(self, source: _Bytes | _File, sample: bytes) -> tuple[str, list[str]]:
        if self.encoding:
            try:
                name = codecs.lookup(self.encoding).name
            except LookupError:
                what = f"there is no encoding {self.encoding!r}"
                raise StandoffError.of(what, file="--encoding", expected="utf-8, utf-16, cp1252, ...") from None
            if (wrong := source.undecodable(name)) is not None:
                byte, line = wrong
                raise self.fail(f"byte {byte} is not {self.encoding}", line, "another encoding")
            return ("utf-8-sig" if name == "utf-8" else name), [f"the text is in {self.encoding}, as you say"]
        for mark, name in _BOMS:
            if sample.startswith(mark):
                said = [] if name == "utf-8-sig" else [f"the text is in {name.upper()}, as its first bytes say"]
                return self._checked(source, name), said
        evens, odds = sample[:2000:2].count(0), sample[1:2000:2].count(0)
        if max(evens, odds) > len(sample[:2000]) // 8:
            name = "utf-16-le" if odds > evens else "utf-16-be"
            return self._checked(source, name), [f"the text is in {name.upper()}"]
        if b"\0" in sample:
            line = sample.count(b"\n", 0, sample.index(b"\0")) + 1
            raise self.fail("this holds zero bytes and is not a text", line, "a table as text, xlsx, xls, ods or JSON")
        wrong = source.undecodable("utf-8")
        if wrong is None:
            return "utf-8-sig", []
        return self._code_page(source, wrong)

    def _checked(self, source: _Bytes | _File, name: str) -> str:
        if (wrong := source.undecodable(name)) is not None:
            raise self.fail(f"byte {wrong[0]} is not {name.upper()}", wrong[1], "a text in one encoding")
        return name

    def _code_page(self, source: _Bytes | _File, wrong: tuple[int, int]) -> tuple[str, list[str]]:
        """Return the code page of a text that is not UTF-8; it is asked for where two fit and read differently."""
        from charset_normalizer import from_bytes

        odd = source.odd_lines()
        found = from_bytes(odd, cp_isolation=list(CODE_PAGES), threshold=0.35)
        pages = [page for match in found for page in match.could_be_from_charset if page in CODE_PAGES]
        readings: dict[str, str] = {}
        for page in (p for p in CODE_PAGES if p in pages):
            text = odd.decode(page, errors="replace")
            if "\ufffd" not in text and not _mixed(text):
                readings.setdefault(text, page)
        if any(_OF_A_MAC.search(text) for text in readings):  # signs within words: an old Mac wrote letters there
            readings.setdefault(odd.decode("mac_roman"), "mac_roman")
        if not readings:
            byte, line = wrong
            raise self.fail(
                f"byte {byte} is not UTF-8, and no other encoding fits the text",
                line,
                "a text in UTF-8",
                "in a spreadsheet choose CSV UTF-8, or name it with --encoding",
            )
        if len(readings) > 1:
            texts = [text.splitlines() for text in readings]
            line = next(k for k, lines in enumerate(zip(*texts, strict=False)) if len(set(lines)) > 1)
            lines = [text[line] for text in texts]
            at = next(k for k, letters in enumerate(zip(*lines, strict=False)) if len(set(letters)) > 1)
            cut = slice(max(at - 8, 0), at + 16)
            shown = {
                f"{text[cut].strip()!r} as {page}": page for text, page in zip(lines, readings.values(), strict=True)
            }
            what = f"this is not UTF-8, and reads {', '.join(shown)}"
            raise self.fail(
                what, wrong[1], "the encoding it was saved in", f"say --encoding {', or '.join(shown.values())}"
            )
        (page,) = readings.values()
        return page, [f"the text is not UTF-8 (line {wrong[1]}) and is read as {page}"]

    def _csv(self, source: _Bytes | _File, encoding: str, delimiter: str, before: int = 0) -> Iterator[Row]:
        for lines, rows in self._csv_blocks(source, encoding, delimiter, before):
            for line, cells in zip(lines, rows, strict=True):
                plain = "".join(cells).isascii()  # most rows are: they hold nothing to normalise
                yield line, [cell.strip() for cell in cells] if plain else list(map(bare_cell, cells))

    def _csv_blocks(
        self, source: _Bytes | _File, encoding: str, delimiter: str, before: int = 0
    ) -> Iterator[tuple[list[int], list[list[str]]]]:
        """Yield the rows of a text with the lines on which they begin, many at a time; cells as they are written.

        ``before`` are the lines that stand before the text, which is a part of a whole.
        """
        csv.field_size_limit(MOST_CELL)
        with source.open() as raw:
            lines = io.TextIOWrapper(raw, encoding=encoding, newline="")
            reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=delimiter == " ")
            begins, begin, rows = [], before + 1, []
            size, end = HEADER_WITHIN, BLOCK_BYTES  # of the first block: often no more is wanted
            try:
                for cells in reader:
                    begins.append(begin)
                    rows.append(cells)
                    begin = before + reader.line_num + 1
                    if len(cells) > MOST_COLUMNS:
                        what = f"the row has {len(cells):,} cells"
                        raise self.fail(what, begin - 1, f"at most {MOST_COLUMNS:,}")
                    if len(rows) == size or raw.tell() > end:
                        yield begins, rows
                        begins, rows, size, end = [], [], BLOCK, raw.tell() + BLOCK_BYTES
            except csv.Error as error:
                if "field limit" in str(error):
                    what = f'a quote (") in a cell of this row is open, or a cell has more than {MOST_CELL:,} letters'
                else:
                    what = 'a quote (") in a cell of this row is open or stray'
                expected = "quotes around a whole cell, doubled inside"
                raise StandoffError([Problem(self.name, begin, what, expected)]) from None
            if rows:
                yield begins, rows

    # ------------------------------------------------------------------ header

    def _settled(self, table: Table, rows: Callable[[], Iterator[Row]], *, keep: bool) -> Table:
        """Find the header of a table among its first rows, and its row of tags; then keep the records if wanted."""
        first: list[Row] = []
        for row in rows():
            first.append((row[0], list(row[1])))
            if len(first) >= HEADER_WITHIN:
                break
        at, tags_at = self._header_row(first)
        header_line, header = first[at] if at is not None else (0, [])
        above_line = header_line
        if self.two_rows and at is not None and tags_at is None and (spanned := spanned_names(first, at)) is not None:
            above_line, header_line, header = spanned
            table.assumptions.append(f"the header is on lines {above_line} and {header_line}")
        while header and not header[-1] and all(len(c) < len(header) or not c[len(header) - 1] for _, c in first):
            header = header[:-1]
        if tags_at is not None:
            line, tags = first[tags_at]
            width = max(len(header), len(tags))
            table.tags = tuple(tags) + ("",) * (width - len(tags))
            header = header + [""] * (width - len(header)) if header else [""] * width
            table._begins = line
            table.assumptions.append(f"line {line} holds HXL tags")
        else:
            table._begins = header_line
        table.header, table.header_line, table._source = tuple(header), header_line, rows
        if not any(header) and not table.tags:
            raise self.fail("no row of this has names of columns", expected="a table with a header")
        above = [row for row in first if row[0] < (above_line or table._begins) and any(row[1])]
        for line, cells in above:
            table._aside(line, cells, "a title above the header")
        if above:
            rows_above = f"{len(above)} other row{'s' if len(above) > 1 else ''}"
            table.assumptions.append(f"the header is on line {above_line}, below {rows_above}")
        if keep:
            table.keep()
        return table

    def _header_row(self, rows: list[Row]) -> tuple[int | None, int | None]:
        for k, (_, cells) in enumerate(rows):
            filled = [cell for cell in cells if cell]
            if filled and all(cell.startswith("#") for cell in filled) and any(map(_TAG.match, filled)):
                above = [j for j in range(k) if any(rows[j][1])]
                good = [j for j in above if sum(1 for c in rows[j][1] if c) > 1 or len(filled) == 1]
                return (good[-1] if good else None), k
        if self.is_header is not None:
            for k, (_, cells) in enumerate(rows):
                if self.is_header(cells):
                    return k, None
        wide = max((sum(1 for c in cells if c) for _, cells in rows), default=0)
        for k, (_, cells) in enumerate(rows):
            filled = [cell for cell in cells if cell]
            names = all(not NUMERIC.match(cell) for cell in filled) and len(set(filled)) == len(filled)
            if filled and names and len(filled) * 2 > wide and (len(filled) > 1 or wide == 1):
                return k, None
        return next((k for k, (_, cells) in enumerate(rows) if any(cells)), None), None

    # ------------------------------------------------------------------ workbooks

    def _workbook(self, data: bytes, format_: str) -> Table:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            data = with_errors_as_text(data) if data.startswith(b"PK\x03\x04") else data
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            names = [m.name for m in book.sheets_metadata if str(m.typ).endswith("WorkSheet")]
            hidden = {m.name for m in book.sheets_metadata if not str(m.visible).endswith(".Visible")}
            wanted = [self._named(names, "sheet")] if self.sheet else [n for n in names if n not in hidden] or names
            read = {n: book.get_sheet_by_name(n) for n in wanted}
            grids = {n: one.to_python(skip_empty_area=False) for n, one in read.items()}
            merged = {n: fill_merged(grids[n], one.merged_cell_ranges or ()) for n, one in read.items()}
        except StandoffError:
            raise
        except (CalamineError, *_BROKEN_ZIP) as error:
            locked = _LOCKED in data or "password" in str(error).casefold()
            what = (
                "this workbook has a password" if locked else f"this is not a workbook that can be read: {error}"[:160]
            )
            hint = "open it with its password, and save it without one" if locked else ""
            raise self.fail(what, expected="xlsx, xls or ods without a password", hint=hint) from None
        except BaseException as error:  # the reader is written in Rust, and may panic
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            raise self.fail("this is not a workbook that can be read", expected="xlsx, xls or ods") from None
        sheets = {
            n: [(k, [text_of_cell(c) for c in row]) for k, row in enumerate(grid, 1)] for n, grid in grids.items()
        }
        table = self._of_grids(sheets, format_, "sheet")
        lasts, joint = merged[table.sheet]
        if many := sum(1 for last in lasts if last > table.header_line):
            cells = (
                "1 cell that is merged over rows holds"
                if many == 1
                else f"{many:,} cells that are merged over rows hold"
            )
            table.assumptions.append(f"{cells} for each of these rows")
        table.assumptions += joint
        return table

    def _named(self, names: Sequence[str], what: str) -> str:
        from standoff.errors import nearest

        folded = {name.casefold().strip(): name for name in names}
        if found := folded.get((self.sheet or "").casefold().strip()):
            return found
        raise self.fail(
            f"there is no {what} {self.sheet!r}",
            expected=f"one of {', '.join(names)}",
            hint=nearest(self.sheet or "", names),
        )

    def _of_grids(self, grids: dict[str, list[Row]], format_: str, noun: str) -> Table:
        tables = {}
        for sheet, rows in grids.items():
            if sum(1 for _, cells in rows if any(cells)) < (1 if len(grids) == 1 else 2):
                continue
            table = Table(self.name, format_, (), 0, (), [], [], sheet=sheet)
            try:
                tables[sheet] = self._settled(table, lambda rows=rows: iter([(n, list(c)) for n, c in rows]), keep=True)  # type: ignore[misc]
            except StandoffError:
                if len(grids) == 1:
                    raise
        if not tables:
            raise self.fail("there is no table in it")
        if len(tables) > 1:
            known = {
                n: t for n, t in tables.items() if t.tags or (self.is_header is not None and self.is_header(t.header))
            }
            wide = {n: t for n, t in tables.items() if len(t.header) > 2 and t.count}
            fitting = known or wide
            if len(fitting) != 1:
                names = ", ".join(fitting or tables)
                raise self.fail(f"it has several tables: {names}", expected="one", hint=f"name the {noun} with --sheet")
            tables = fitting
        ((sheet, table),) = tables.items()
        if len(grids) > 1:
            table.assumptions.append(
                f"the {noun} {sheet!r} is read; the others are {', '.join(n for n in grids if n != sheet)}"
            )
        return table

    # ------------------------------------------------------------------ JSON

    def _json(self, data: bytes) -> Table:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise self.fail(f"byte {error.start} is not UTF-8", line, "JSON in UTF-8") from None
        rows = [(k, row) for k, row in enumerate(text.split("\n"), 1) if row.strip()]
        if len(rows) > 1 and rows[0][1].strip().endswith("}") and rows[1][1].lstrip().startswith("{"):
            found: list[tuple[int, Any]] = []
            for k, row in rows:
                try:
                    found.append((k, parse_json(row, self.name, "one record in JSON on each line")))
                except StandoffError as error:
                    first = error.problems[0]
                    raise self.fail(first.what, k, first.expected) from None
            return self._of_records(found, "jsonl", "", [])
        value = parse_json(text, self.name)
        if self.name.lower().endswith((".jsonl", ".ndjson")) and isinstance(value, dict):
            return self._of_records([(1, value)], "jsonl", "", [])
        lists = dict(lists_in(value, ""))
        if not lists:
            raise self.fail("there is no list of records in this JSON", expected="[{...}, ...] or {data: [{...}, ...]}")
        if self.sheet:
            key = self._named(list(lists), "list")
        else:
            filled = [key for key, rows in lists.items() if rows] or list(lists)
            known = [key for key in filled if len(filled) > 1 and self._is_known(lists[key])]
            others = ", ".join(key for key in filled if known and key not in known)
            filled = known if len(known) == 1 else filled
            if len(filled) > 1:
                raise self.fail(
                    f"it has several lists: {', '.join(filled)}", expected="one", hint="name the list with --sheet"
                )
            (key,) = filled
        said = [f"the records are those of {key!r}"] if key else []
        if not self.sheet and others:
            said = [f"the records are those of {key!r}; the other lists are {others}"]
        if isinstance(value, dict):
            total = next((value[k] for k in ("count", "total", "total_count") if isinstance(value.get(k), int)), None)
            if total is not None and total > len(lists[key]):
                said.append(f"it says that there are {total} records and holds {len(lists[key])}: the rest is missing")
        return self._of_records(list(enumerate(lists[key], 1)), "json", key, said)

    def _is_known(self, records: Sequence[Any]) -> bool:
        """Whether the first records of a list have the columns of a source that the caller knows."""
        if self.is_header is None:
            return False
        if all(isinstance(item, list) for item in records):
            return any(self.is_header([text_of_cell(cell) for cell in item]) for item in records[:HEADER_WITHIN])
        names = dict.fromkeys(
            n for item in records[:HEADER_WITHIN] if isinstance(item, dict) for n in dict(flat_cells(item, ""))
        )
        return self.is_header(list(names))

    def _of_records(self, records: list[tuple[int, Any]], format_: str, key: str, notes: list[str]) -> Table:
        if records and all(isinstance(item, list) for _, item in records):  # rows of cells, as HXL in JSON
            grid = [(k, [text_of_cell(c) for c in item]) for k, item in records]
            table = self._of_grids({key: grid}, format_, "list")
            table.assumptions[:0] = notes
            return table
        header: dict[str, None] = {}
        rows: list[tuple[int, dict[str, str]]] = []
        for k, item in records:
            if not isinstance(item, dict):
                raise self.fail(f"record {k} is {json.dumps(item)[:40]}", k, "a record: {name: value, ...}")
            flat = dict(flat_cells(item, ""))
            header.update(dict.fromkeys(flat))
            rows.append((k, flat))
        if len(header) > MOST_COLUMNS:
            raise self.fail(f"its records have {len(header):,} different keys", expected=f"at most {MOST_COLUMNS:,}")
        table = Table(self.name, format_, tuple(header), 0, (), notes, [], sheet=key)
        names = list(header)
        table._source = lambda: ((k, [flat.get(n, "") for n in names]) for k, flat in rows)
        if rows and all(cell.startswith("#") for cell in (rows[0][1].get(n, "") for n in names) if cell):
            tags = [rows[0][1].get(n, "") for n in names]
            if any(map(_TAG.match, tags)):
                table.tags, table._begins = tuple(tags), rows[0][0]
        elif names and all(_TAG.match(n) for n in names):
            table.tags = tuple(names)
        table.keep()
        return table

    # ------------------------------------------------------------------ archives

    def _zipped(self, data: bytes) -> Table:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = [i.filename for i in archive.infolist() if not i.is_dir()]
                if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
                    self._bounded(archive.infolist())
                    self._refuse_far_cells(archive, names)
                    return self._workbook(data, "xlsx")
                if "content.xml" in names and "mimetype" in names:
                    self._bounded(archive.infolist())
                    self._refuse_repeats(archive.read("content.xml"))
                    return self._workbook(data, "ods")
                own = [n for n in names if not n.startswith("__MACOSX/") and not n.rpartition("/")[2].startswith(".")]
                kinds = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".jsonl", ".ndjson")
                tables = [n for n in own if n.lower().endswith(kinds)]
                member = self._named(tables, "file") if self.sheet and self.sheet in tables else ""
                if not member:
                    data_first = [n for n in tables if not re.search(r"readme|licen|metadata", n, re.IGNORECASE)]
                    tables = data_first if len(data_first) == 1 else tables
                    if len(tables) != 1:
                        what = f"the archive holds {', '.join(own[:8]) or 'nothing'}"
                        hint = "name the file with --sheet" if tables else ""
                        raise self.fail(what, expected="one table", hint=hint)
                    (member,) = tables
                info = archive.getinfo(member)
                self._bounded([info])
                inner = archive.read(member)
        except _BROKEN_ZIP as error:
            if isinstance(error, StandoffError):
                raise
            raise self.fail(f"this archive cannot be read: {str(error)[:100]}", expected="a zip file") from None
        of = None if self.sheet == member else self.sheet
        reader = _Reader(self.name, of, self.encoding, self.is_header, self.two_rows)
        if inner[:4] == b"PK\x03\x04" and not member.lower().endswith(".xlsx") and not member.lower().endswith(".ods"):
            raise self.fail("the archive holds an archive", expected="one table")
        table = reader.table_of(inner)
        table.assumptions.insert(0, f"the file {member!r} of the archive is read")
        return table

    def _refuse_far_cells(self, archive: zipfile.ZipFile, names: Sequence[str]) -> None:
        """Refuse a sheet with a stray cell far away: its reader makes room for every cell between, and ends us all."""
        for name in names:
            if not (name.startswith("xl/worksheets/") and name.endswith(".xml")):
                continue
            last_row = last_column = 0
            last = ""
            for match in _SHEET_CELL.finditer(archive.read(name)):
                letters, row = match[1], int(match[2][-12:])
                column = 0
                for letter in letters[-6:]:
                    column = column * 26 + letter - 64
                if row > last_row or column > last_column:
                    last = (letters + match[2]).decode()[:20]
                last_row, last_column = max(last_row, row), max(last_column, column)
            if last_row * last_column > MOST_SHEET_CELLS:
                what = f"a sheet reaches to the cell {last}: {last_row:,} rows of {last_column:,} columns"
                expected = f"at most {MOST_SHEET_CELLS:,} cells"
                hint = "take away what stands far from the table, or save the table as CSV"
                raise self.fail(what, expected=expected, hint=hint)

    def _refuse_repeats(self, content: bytes) -> None:
        """Refuse cells and rows with something in them that a sheet of ods says to stand there very many times."""
        for pattern, most in ((_ODS_CELL, MOST_COLUMNS), (_ODS_ROW, MOST_REPEATS)):
            for match in pattern.finditer(content):
                if int(match[1][-12:]) > most and (b"office:value" in match[0] or b"<text:p" in match[0]):
                    what = f"a sheet says that the same cells stand there {int(match[1][-12:]):,} times"
                    raise self.fail(what, expected=f"at most {most:,}", hint="save the table as CSV")

    def _bounded(self, infos: Sequence[zipfile.ZipInfo]) -> None:
        if sum(i.file_size for i in infos) > MOST_IN_MEMORY:
            raise self.fail(
                "what is in it is too large", expected=f"at most {MOST_IN_MEMORY // 2**20} MB when unpacked"
            )


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self.data = data

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        yield io.BytesIO(self.data)

    def undecodable(self, encoding: str) -> tuple[int, int] | None:
        """Return the number and the line of the first byte that is not in an encoding."""
        decoder = codecs.getincrementaldecoder(encoding)()
        at, line = 0, 1
        with self.open() as file:
            while chunk := file.read(2**22):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    start = max(error.start, 0)
                    return at + start, line + chunk.count(b"\n", 0, start)
                at += len(chunk)
                line += chunk.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return at - 1, line
        return None

    def odd_lines(self, most: int = 2**18) -> bytes:
        """Return the lines that are not ASCII, up to so many bytes."""
        out: list[bytes] = []
        size = 0
        with self.open() as file:
            for line in file:
                if not line.isascii():
                    out.append(line)
                    size += len(line)
                    if size > most:
                        break
        return b"".join(out)


class _File(_Bytes):
    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        with self.path.open("rb") as file:
            yield file


_OF_A_MAC = re.compile(r"[^\W\d_][‡ˆ‰†]|[a-zß-ÿ][ŽŠŸ](?![A-Z])")


def _mixed(text: str) -> bool:
    """Whether a word of a text mixes alphabets, as in a text that is read in the wrong code page."""
    for word in re.findall(r"[^\W\d_]{2,}", text):
        if not word.isascii() and len({unicodedata.name(c, "?").split()[0] for c in word}) > 1:
            return True
    return False
