"""A report as a document for a word processor: real headings, repeated table heads, captions, alternative texts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from standoff.views.figures import drawing_of
from standoff.views.paper import Cell, Grid, Heading, Items, Paper, Paragraph, Picture, width_on_paper, written
from standoff.views.press import png_of, print_missing
from standoff.views.words import RIGHT_TO_LEFT, is_turned, language_of

FONT = "Arial"  # on every system, with Arabic letters, or replaced by one of its widths
_REGION = {"ar": "ar-SA", "en": "en-GB", "fr": "fr-FR"}
MARK = "\N{LEFT-TO-RIGHT MARK}"
_INK, _SOFT = "1A1A1A", "555555"


def paper_docx(paper: Paper) -> bytes:
    """Return a report as docx. Raises StandoffError without the extra ``print``."""
    try:
        import docx
    except ImportError:
        raise print_missing("a docx", "python-docx", "an .html file") from None
    return _Document(docx, paper).content()


class _Document:
    def __init__(self, docx: Any, paper: Paper) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        self.element, self.qn = OxmlElement, qn
        self.paper = paper
        self.own = paper.words.language
        self.document = docx.Document()
        self._prepare(docx)

    def _child(self, parent: Any, name: str, **values: str) -> Any:
        child = self.element(name)
        for key, value in values.items():
            child.set(self.qn(f"w:{key}"), value)
        parent.append(child)
        return child

    def _prepare(self, docx: Any) -> None:
        about = self.document.core_properties
        about.title, about.author, about.comments = f"{self.paper.kind}: {self.paper.title}", "", ""
        about.language = _REGION.get(self.own, self.own)
        page = self.document.sections[0]
        page.page_width, page.page_height = docx.shared.Mm(210), docx.shared.Mm(297)
        page.left_margin = page.right_margin = docx.shared.Mm(18)
        page.top_margin = page.bottom_margin = docx.shared.Mm(18)
        self.width = page.page_width - page.left_margin - page.right_margin
        sizes = {"Normal": 9.5, "Title": 18, "Heading 1": 16, "Heading 2": 13, "Heading 3": 11, "Caption": 9}
        for name, size in {**sizes, "List Bullet": 9.5}.items():
            style = self.document.styles[name]
            style.font.name, style.font.size = FONT, docx.shared.Pt(size)
            self._child(style.element.get_or_add_rPr(), "w:szCs", val=str(round(2 * size)))
            style.font.color.rgb = docx.shared.RGBColor.from_string(_INK)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for old in [key for key in fonts.attrib if key.endswith("Theme")]:
                del fonts.attrib[old]
            for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(self.qn(f"w:{kind}"), FONT)
        properties = self.document.styles["Normal"].element.get_or_add_rPr()
        region = _REGION.get(self.own, self.own)
        for old in properties.findall(self.qn("w:lang")):
            properties.remove(old)
        self._child(properties, "w:lang", val="en-GB" if self.paper.words.right_to_left else region, bidi=region)
        self.document.styles["Normal"].paragraph_format.space_after = docx.shared.Pt(4)
        self._numbers(page)

    def _numbers(self, page: Any) -> None:
        line = page.footer.paragraphs[0]
        self._turn(line)
        pattern = str(self.paper.words.say("page-of", page="\x00", pages="\x01"))
        run = ""
        for letter in pattern:
            if letter not in "\x00\x01":
                run += letter
                continue
            line.add_run(run)
            run = ""
            self._field(line.add_run(), "PAGE" if letter == "\x00" else "NUMPAGES")
        line.add_run(run)

    def _field(self, run: Any, code: str) -> None:
        self._child(run._r, "w:fldChar", fldCharType="begin")
        self._child(run._r, "w:instrText").text = code
        self._child(run._r, "w:fldChar", fldCharType="separate")
        self._child(run._r, "w:t").text = "1"
        self._child(run._r, "w:fldChar", fldCharType="end")

    def _turn(self, paragraph: Any) -> None:
        """Let a paragraph begin on the right where the document does."""
        if self.own in RIGHT_TO_LEFT:
            self._child(paragraph._p.get_or_add_pPr(), "w:bidi")

    def _say(self, paragraph: Any, cell: Cell, *, bold: bool = False, soft: bool = False, size: float = 0.0) -> None:
        from docx.shared import Pt, RGBColor

        whole = written(cell, self.paper.words)
        text = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in whole)
        language = language_of(cell) if isinstance(cell, str) else ""
        turned = is_turned(cell if isinstance(cell, str) else text, self.own)
        if self.own in RIGHT_TO_LEFT and not turned and text:
            text = f"{MARK}{text}{MARK}"  # a day at its beginning and a stop at its end stay with it
        run = paragraph.add_run(text)
        run.bold = bold or None
        properties = run._r.get_or_add_rPr()
        if bold:
            self._child(properties, "w:bCs")
        if soft:
            run.font.color.rgb = RGBColor.from_string(_SOFT)
        if size or soft:
            run.font.size = Pt(size or 8.5)
            self._child(properties, "w:szCs", val=str(round(2 * (size or 8.5))))
        if turned and text.strip():
            self._child(properties, "w:rtl")
            self._child(properties, "w:lang", bidi=_REGION.get(language or "ar", language))
        elif language and language != self.own:
            self._child(properties, "w:lang", val=_REGION.get(language, language))

    def content(self) -> bytes:
        """Return the document as bytes."""
        head = self.document.add_paragraph()
        self._turn(head)
        self._say(head, self.paper.kind, soft=True)
        self._heading(Heading(self.paper.title, 1))
        for block in self.paper.blocks:
            if isinstance(block, Heading):
                self._heading(block)
            elif isinstance(block, Paragraph):
                line = self.document.add_paragraph()
                self._turn(line)
                self._say(line, block.text, soft=block.style == "small", bold=block.style == "caution")
            elif isinstance(block, Items):
                for text, small in block.entries:
                    line = self.document.add_paragraph(style="List Bullet")
                    self._turn(line)
                    self._say(line, text)
                    for more in small:
                        line.add_run().add_break()
                        self._say(line, more, soft=True)
            elif isinstance(block, Grid):
                self._grid(block)
            else:
                self._picture(block)
        for text in self.paper.foot:
            line = self.document.add_paragraph()
            self._turn(line)
            self._say(line, text, soft=True)
        file = BytesIO()
        self.document.save(file)
        return file.getvalue()

    def _heading(self, block: Heading) -> None:
        line = self.document.add_heading("", block.level)
        line.paragraph_format.page_break_before = block.apart
        self._turn(line)
        self._say(line, block.text)

    def _caption(self, text: str) -> Any:
        line = self.document.add_paragraph(style="Caption")
        self._turn(line)
        self._say(line, text, bold=True)
        return line

    def _grid(self, grid: Grid) -> None:
        from docx.shared import Pt

        self._caption(grid.caption).paragraph_format.keep_with_next = True
        widths = [int(self.width * share) for share in grid.shares]
        table = self.document.add_table(rows=0, cols=len(grid.heads), style="Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        properties = table._tbl.tblPr
        if self.paper.words.right_to_left:
            self._child(properties, "w:bidiVisual")
        self._child(properties, "w:tblCaption", val=str(grid.caption))
        numeric = grid.numeric
        for number, row in enumerate((grid.heads, *grid.rows)):
            added = table.add_row()
            cells = added.cells
            row_properties = added._tr.get_or_add_trPr()
            self._child(row_properties, "w:cantSplit")
            if number == 0:
                self._child(row_properties, "w:tblHeader")
            for k, (cell, value) in enumerate(zip(cells, row, strict=True)):
                cell.width = widths[k]
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(1)
                self._turn(paragraph)
                if numeric[k]:
                    paragraph.alignment = 0 if self.own in RIGHT_TO_LEFT else 2
                self._say(paragraph, value, bold=number == 0, size=8.5)
                if number == 0:
                    self._child(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill="F0EDE6")
        self.document.add_paragraph().paragraph_format.space_after = Pt(2)

    def _picture(self, block: Picture) -> None:
        from docx.shared import Cm

        drawing = drawing_of(block.figure, link=None)
        line = self.document.add_paragraph()
        line.paragraph_format.keep_with_next = True
        self._turn(line)
        shape = line.add_run().add_picture(BytesIO(png_of(drawing.svg(alone=True))), width=Cm(width_on_paper(drawing)))
        shape._inline.docPr.set("descr", str(block.figure["title"]))
        shape._inline.docPr.set("title", str(block.caption))
        self._caption(block.caption)
