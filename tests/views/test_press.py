"""Drawings on paper: PNG and PDF of the same SVG, with the letters that the fonts of the package hold."""

from __future__ import annotations

import struct

import pytest

from standoff.errors import StandoffError
from standoff.views.drawing import Drawing
from standoff.views.press import FAMILIES, FONTS, pdf_of, png_of


@pytest.fixture(scope="module")
def picture() -> str:
    drawing = Drawing(200, "a picture", 80)
    drawing.text(10, 30, "Hodeidah, Львів", 14)
    drawing.text(10, 60, "الحديدة", 14, font_weight=700)
    return drawing.svg(alone=True)


def test_a_picture_is_a_png_of_its_size(picture: str) -> None:
    pytest.importorskip("typst")
    file = png_of(picture, scale=2)
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", file[16:24])
    assert (width, height) == (400, 160)


def test_a_picture_is_a_pdf_whose_texts_stay_texts(picture: str) -> None:
    pytest.importorskip("typst")
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(pdf_of(picture))
    text = document[0].get_textpage().get_text_range()
    assert len(document) == 1 and document[0].get_size() == (150, 60)  # points
    assert "Hodeidah, Львів" in text and "الحديدة" in text


def test_the_fonts_of_the_package_are_used_before_those_of_the_machine() -> None:
    typst = pytest.importorskip("typst")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    assert sorted(fonts.families()) == sorted(FAMILIES)
    assert {(font.family, font.weight) for font in fonts.fonts()} == {(f, w) for f in FAMILIES for w in (400, 700)}


def test_what_typst_refuses_is_an_error_of_ours() -> None:
    pytest.importorskip("typst")
    with pytest.raises(StandoffError, match="refuses"):
        png_of("<svg")


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from standoff.views import press

    monkeypatch.setitem(sys.modules, "typst", None)
    press._fonts.cache_clear()
    with pytest.raises(StandoffError, match=r"standoff\[print\]"):
        png_of("<svg/>")
