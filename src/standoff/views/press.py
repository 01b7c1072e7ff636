"""Pictures and pages on paper: PNG and PDF, set by Typst with the fonts that stand beside this program.

A drawing is made once, as SVG; here it becomes what a docx, a slide or a printer takes. The fonts are Noto Sans and
Noto Sans Arabic, cut to Latin, Greek, Cyrillic and Arabic letters: the same picture on every machine. Other letters are
taken from the machine's own fonts.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from standoff.errors import StandoffError
from standoff.views.pages import STATIC

FONTS = STATIC / "fonts"
FAMILIES = ("Noto Sans", "Noto Sans Arabic")
PIXELS_PER_INCH = 96.0  # of the units of a drawing
_PICTURE = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")\n'


def print_missing(what: str, library: str, way_on: str = "") -> StandoffError:
    """Return the error for a file that needs a library of the extra ``print``."""
    expected = "pip install 'standoff[print]'" + (f", or {way_on}" if way_on else "")
    return StandoffError.of(f"{what} is written by {library}, which is not installed", file="--out", expected=expected)


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(font_paths=[str(FONTS)])


def pages(
    source: str, kind: Literal["pdf", "png"], *, inputs: dict[str, str] | None = None, scale: float = 2.0
) -> bytes:
    """Return what a Typst text sets, as ``pdf`` or as the ``png`` of its one page.

    ``inputs`` are the texts that it asks for by name (``sys.inputs``): nothing of a record is ever part of ``source``.
    Raises StandoffError where Typst is not installed or refuses the text.
    """
    try:
        import typst
    except ImportError:
        raise print_missing("a PDF or PNG", "typst", "an .svg or .html file") from None
    compiler = typst.Compiler(source.encode(), font_paths=_fonts(), sys_inputs=inputs or {})
    try:
        answer: Any = compiler.compile(format=kind, ppi=PIXELS_PER_INCH * scale)
    except typst.TypstError as error:
        raise StandoffError.of(f"Typst refuses it: {error.message}", file="--out", expected="an .svg file") from None
    if isinstance(answer, list):
        answer = answer[0]
    return bytes(answer)


def png_of(svg: str, scale: float = 2.0) -> bytes:
    """Return a drawing as PNG, ``scale`` pixels for each of its units.

    ``svg`` stands alone, as from :func:`standoff.views.figures.svg_file`. Raises StandoffError without the extra.
    """
    return pages(_PICTURE, "png", inputs={"svg": svg}, scale=scale)


def pdf_of(svg: str) -> bytes:
    """Return a drawing as a PDF of one page of its size; its texts stay texts. Raises as `png_of`."""
    return pages(_PICTURE, "pdf", inputs={"svg": svg})
