"""One report for every medium: headings, paragraphs, lists, tables and pictures, written once.

A terminal, a page, a PDF, a docx and a workbook are made of the same blocks. A text is the record's own, or a phrase of
ours that knows its language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from standoff.errors import StandoffError, nearest
from standoff.exports.xlsx import Sheet, write_sheets
from standoff.files.whole import write_whole
from standoff.oneline import OneLine
from standoff.text.sentences import fold, visible
from standoff.text.table_printer import Number, table
from standoff.views.charts import Figure
from standoff.views.drawing import Drawing
from standoff.views.figures import drawing_of
from standoff.views.pages import STATIC, render
from standoff.views.press import FAMILIES, pages
from standoff.views.words import RIGHT_TO_LEFT, Words, is_turned, language_of

Cell = str | int | float | None
MOST_MEASURED = 100  # rows of a table that its columns are fitted to
LETTERS = 112.0  # on a line of a table on A4
PADDING = 4.0  # letters that the edges of a cell take
MOST_WHOLE = 2000  # letters of a row that is kept on one page
PAGE_CM, TALLEST_CM = 17.4, 11.5  # how wide a picture on A4 is, and how high at most


@dataclass(frozen=True, slots=True, repr=False)
class Heading(OneLine):
    """A heading; ``level`` 2 is a section of the report. ``apart`` begins a new page on paper."""

    text: str
    level: int = 2
    apart: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Paragraph(OneLine):
    """A paragraph: plain, ``small`` or a ``caution``."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Items(OneLine):
    """A list: each entry is a text and the small lines below it."""

    entries: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Grid(OneLine):
    """A table. Numbers are numbers: right-aligned, and numbers in a workbook."""

    id: str  # of the sheet in a workbook
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Whether each column holds numbers only."""
        return tuple(
            bool(self.rows) and all(isinstance(row[k], int | float | None) for row in self.rows)
            for k in range(len(self.heads))
        )

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of the width of paper that each column gets: its longest word, then what makes the rows lowest."""
        texts = [[written(row[k]) for row in (self.heads, *self.rows)] for k in range(len(self.heads))]
        longest = [
            max((len(w) for t in some for w in breakable(t).replace(BREAK, " ").split()), default=1) for some in texts
        ]
        needs: list[float] = [PADDING + 1.15 * min(letters, 16) for letters in longest]
        whole = [PADDING + max(len(line) for t in some for line in t.split("\n")) for some in texts]
        step = -(-len(self.rows) // MOST_MEASURED) or 1
        rows = [[[len(line) for line in written(cell).split("\n")] for cell in row] for row in self.rows[::step]]
        while LETTERS - sum(needs) >= 1:  # a letter at a time, to the column that lowers the rows most
            height = _height(rows, needs)
            gains = [
                height - _height(rows, [n + (at == k) for at, n in enumerate(needs)]) if needs[k] < whole[k] else 0.0
                for k in range(len(needs))
            ]
            if max(gains, default=0.0) <= 0:
                break
            needs[gains.index(max(gains))] += 1
        short = [max(w - n, 0.0) for w, n in zip(whole, needs, strict=True)]
        if (rest := LETTERS - sum(needs)) > 0 and any(short):
            needs = [n + min(w, w * rest / sum(short)) for n, w in zip(needs, short, strict=True)]
        if (left := LETTERS - sum(needs)) > 0:  # a table is as wide as the page: its first column takes what is left
            needs[0] += left
        return tuple(n / sum(needs) for n in needs)


def _height(rows: Sequence[Sequence[Sequence[int]]], widths: Sequence[float]) -> float:
    """Return how many lines the rows of a table take, their cells given as the lengths of their lines."""
    return sum(
        max(sum(max(n / (w - PADDING), 1.0) for n in cell) for cell, w in zip(row, widths, strict=True)) for row in rows
    )


@dataclass(frozen=True, slots=True, repr=False)
class Picture(OneLine):
    """A figure, drawn once as SVG, with its caption; the title of the figure tells it to who cannot see it."""

    figure: Figure
    caption: str


Block = Heading | Paragraph | Items | Grid | Picture


@dataclass(frozen=True, slots=True, repr=False)
class Paper(OneLine):
    """A report: its kind, title, blocks and foot, in a language."""

    kind: str
    title: str
    blocks: tuple[Block, ...]
    foot: tuple[str, ...]
    words: Words


def written(cell: Cell, words: Words | None = None) -> str:
    """Return a cell as a person reads it, in a language."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if not float(cell).is_integer():
        return f"{cell:,}"
    return (words or Words()).number(cell)


# On a terminal.


def paper_lines(paper: Paper, width: int = 80) -> Iterator[str]:
    """Yield a report as lines, none wider than ``width``; pictures are left out."""
    yield from fold(f"{paper.kind}: {paper.title}", width, hang="  ")
    for block in paper.blocks:
        yield from _lines(block, width)
    for text in paper.foot:
        yield ""
        yield from fold(visible(text), width)


def _lines(block: Block, width: int) -> Iterator[str]:
    if isinstance(block, Heading):
        yield ""
        yield from fold(visible(block.text).upper() if block.level < 3 else visible(block.text), width)
        if block.level < 3:
            yield "-" * min(len(block.text), width)
    elif isinstance(block, Paragraph):
        yield from fold(visible(block.text), width)
    elif isinstance(block, Items):
        for text, small in block.entries:
            yield from fold(f"- {visible(text)}", width, hang="  ")
            for line in small:
                yield from fold(visible(line), width, indent="    ", hang="      ")
    elif isinstance(block, Grid):
        heads = [Number(h) if right else h for h, right in zip(block.heads, block.numeric, strict=True)]
        yield ""
        yield from fold(visible(block.caption), width)
        yield from table(heads, [tuple(map(written, row)) for row in block.rows], width)


# As a page.


def _marked(text: str, own: str) -> Markup:
    """Return a text as markup: a phrase of another language says which, the record's own words turn by themselves."""
    language = language_of(text)
    shown = visible(text)
    if not language:
        return Markup('<bdi dir="auto">{}</bdi>').format(shown)
    if language == own:
        return Markup("{}").format(shown)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    return Markup('<span lang="{}" dir="{}">{}</span>').format(language, direction, shown)


def paper_page(paper: Paper) -> str:
    """Return a report as one HTML page that opens without a server and prints on A4."""
    css = Markup((STATIC / "standoff.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    own = paper.words.language
    return render(
        "paper.html.j2",
        paper=paper,
        css=css,
        kind_of=lambda block: type(block).__name__,
        mark=lambda text: _marked(text, own),
        written=lambda cell: written(cell, paper.words),
        direction="rtl" if paper.words.right_to_left else "ltr",
    )


# As a PDF.


BREAK = "\u200b"  # where a line may end within a word


def breakable(text: str) -> str:
    """Return a text whose addresses may end a line after a dot or a stroke: a column is not as wide as they are."""
    return re.sub(r"\S{16,}", lambda word: re.sub(r"(?<=[\w][./])(?=\w)", BREAK, word[0]), text)


def _text_data(cell: Cell, words: Words | None = None) -> dict[str, Any]:
    text = written(cell, words)
    language = language_of(cell) if isinstance(cell, str) else ""
    if not isinstance(cell, str) and words is not None:  # a number stands as its column does
        return {"text": text, "lang": "", "turned": words.right_to_left}
    return {"text": visible(text), "lang": language, "turned": is_turned(cell if isinstance(cell, str) else text, "")}


def _cell_data(cell: Cell, words: Words) -> dict[str, Any]:
    data = _text_data(cell, words)
    return {**data, "text": breakable(data["text"])}


def _block_data(block: Block, words: Words) -> dict[str, Any]:
    name = type(block).__name__
    if isinstance(block, Heading):
        return {"is": name, "text": _text_data(block.text), "level": block.level, "apart": block.apart}
    if isinstance(block, Paragraph):
        return {"is": name, "text": _text_data(block.text), "style": block.style}
    if isinstance(block, Items):
        return {"is": name, "entries": [[_text_data(t), [_text_data(s) for s in small]] for t, small in block.entries]}
    if isinstance(block, Grid):
        return {
            "is": name,
            "caption": _text_data(block.caption),
            "heads": [_text_data(h) for h in block.heads],
            "rows": [[_cell_data(cell, words) for cell in row] for row in block.rows],
            "numeric": block.numeric,
            "shares": block.shares,
            "whole": max((sum(len(written(c)) for c in row) for row in block.rows), default=0) < MOST_WHOLE,
        }
    drawing = drawing_of(block.figure, link=None)
    return {
        "is": name,
        "caption": _text_data(block.caption),
        "alt": visible(str(block.figure["title"])),
        "svg": drawing.svg(alone=True),
        "cm": width_on_paper(drawing),
    }


def width_on_paper(drawing: Drawing) -> float:
    """Return how many centimetres wide a picture is printed: as the page, less where it would be too high."""
    return min(PAGE_CM, TALLEST_CM * drawing.width / drawing.height)


def paper_pdf(paper: Paper) -> bytes:
    """Return a report as a PDF on A4 with tags for screen readers. Raises StandoffError without the extra ``print``."""
    page_of = paper.words.say("page-of", page="{page}", pages="{pages}")
    data = {
        "kind": _text_data(paper.kind),
        "title": _text_data(paper.title),
        "lang": paper.words.language,
        "rtl": paper.words.right_to_left,
        "turned": sorted(RIGHT_TO_LEFT),
        "fonts": list(FAMILIES),
        "blocks": [_block_data(block, paper.words) for block in paper.blocks],
        "foot": [_text_data(text) for text in paper.foot],
        "page": str(page_of),
    }
    program = (STATIC / "paper.typ").read_text(encoding="utf-8")
    return pages(program, "pdf", inputs={"paper": json.dumps(data, ensure_ascii=False)})


# As a workbook.


def paper_sheets(paper: Paper) -> list[Sheet]:
    """Return the tables of a report as sheets, after one that holds its texts."""
    texts: list[tuple[Any, ...]] = [(paper.kind, paper.title)]
    section = ""
    for block in paper.blocks:
        if isinstance(block, Heading):
            section = block.text
        elif isinstance(block, Paragraph):
            texts.append((section, block.text))
        elif isinstance(block, Items):
            texts += [(section, "\n".join((text, *small))) for text, small in block.entries]
    texts += [("", text) for text in paper.foot]
    grids = [block for block in paper.blocks if isinstance(block, Grid)]
    head = Sheet("report", ("section", "text"), texts)
    figures = [block.figure for block in paper.blocks if isinstance(block, Picture)]
    return [
        head,
        *(Sheet(grid.id, grid.heads, grid.rows) for grid in grids),
        *(Sheet(figure["id"], figure["columns"], figure["rows"]) for figure in figures),
    ]


# To a file: its ending decides.


def _page_bytes(paper: Paper) -> bytes:
    return paper_page(paper).encode()


def _docx_bytes(paper: Paper) -> bytes:
    from standoff.views.docx import paper_docx

    return paper_docx(paper)


_WRITERS: dict[str, Callable[[Paper], bytes]] = {
    ".html": _page_bytes,
    ".htm": _page_bytes,
    ".pdf": paper_pdf,
    ".docx": _docx_bytes,
}
ENDINGS = (".html", ".pdf", ".docx", ".xlsx")


def check_ending(path: Path, endings: Sequence[str] = ENDINGS) -> None:
    """Refuse a file whose ending says nothing that can be written, before anything is worked out.

    Raises StandoffError with what can be written and the nearest of it.
    """
    ending = path.suffix.lower()
    if ending not in (*endings, ".htm"):
        what = f"a report is not written as {ending or 'a file without an ending'}"
        raise StandoffError.of(what, file=str(path), expected=", ".join(endings), hint=nearest(ending, list(endings)))


def write_paper(path: Path, paper: Paper) -> None:
    """Write a report as the ending of the file says: .html, .pdf, .docx or .xlsx; all of it or nothing.

    Raises StandoffError for another ending, without the extra ``print``, or where the file cannot be written.
    """
    check_ending(path)
    if path.suffix.lower() == ".xlsx":
        write_sheets(path, paper_sheets(paper))
        return
    write_file(path, _WRITERS[path.suffix.lower()](paper))


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, in a folder that is there or new. Raises StandoffError where it cannot be."""
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"this cannot be written: {error.strerror or error}"
        raise StandoffError.of(what, file=str(path), expected="a file in a folder that can be written") from None
    write_whole(path, content)
