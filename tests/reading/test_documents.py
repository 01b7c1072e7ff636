"""Documents of every kind read into paragraphs. Pages and reports are made up, and so is everybody in them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from standoff.case.read import load, start
from standoff.errors import CaseWarning, StandoffError
from standoff.reading.accession import accession, add_documents, id_of, kind_of_source
from standoff.reading.documents import Copy, PageLine, open_document, paragraphs_of
from standoff.reading.propose import propose

NOON = datetime(2024, 3, 2, 12, tzinfo=UTC)
PARAGRAPHS = (
    "At least 12 soldiers of Red were killed near the river on Tuesday, a spokesman of Red said.",
    "Blue denied the attack. It said that its commanders had kept to the ceasefire of the month before.",
    "The observers counted forty-five violations, most of them at the crossing, and could not visit two posts.",
)
HEAD = """<meta charset="utf-8"><title>Soldiers killed | The Observer</title>
<link rel="canonical" href="https://observer.example/2024/02/28/river">
<meta property="og:site_name" content="The Observer (invented)">
<meta property="article:published_time" content="2024-02-28T01:30:00+03:00">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Soldiers killed at the river",
"author": [{"name": "Mary Example"}, {"name": "Paul Sample"}], "datePublished": "2024-02-28T01:30:00+03:00"}</script>"""


def page(head: str = HEAD, body: str = "") -> bytes:
    words = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    links = '<nav><a href="/">Home</a><a href="/w">World</a></nav>'
    return (
        f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{links}<article><h1>Soldiers killed</h1>{body}{words}"
        "</article><footer>Copyright. Subscribe to our newsletter.</footer></body></html>"
    ).encode()


def pdf(paragraphs: tuple[str, ...], **settings: str) -> bytes:
    typst = pytest.importorskip("typst")
    source = (
        "#set page(width: 280pt, height: 200pt, margin: 45pt, header: [Report of the mission],"
        ' footer: [Page #context counter(page).display()])\n#set text(hyphenate: true, size: 10pt, lang: "en")\n'
        f"#set par(justify: {settings.get('justify', 'true')})\n" + "\n\n".join(paragraphs)
    )
    made: bytes = typst.compile(source.encode())
    return made


def test_a_web_page_is_its_article_and_what_it_declares() -> None:
    copy = open_document(page(), "river.html")
    assert copy.text.splitlines()[-3:] == list(PARAGRAPHS)
    assert "newsletter" not in copy.text and "Home" not in copy.text
    said = {key: one.value for key, one in copy.particulars.items()}
    assert said == {
        "title": "Soldiers killed at the river",
        "author": "Mary Example; Paul Sample",
        "published": "2024-02-28",  # the day it was where it was printed
        "address": "https://observer.example/2024/02/28/river",
        "publisher": "The Observer (invented)",
        "language": "en",
    }
    assert copy.particulars["title"].where == "its linked data (headline)"


def test_what_a_page_does_not_say_is_not_known() -> None:
    copy = open_document(page("<title>Soldiers killed</title>"), "river.html")
    assert set(copy.particulars) == {"title", "language"}


def test_a_day_that_may_be_either_of_two_is_not_taken() -> None:
    copy = open_document(page('<meta name="date" content="03/04/2024">'), "river.html")
    assert "published" not in copy.particulars
    assert any("2024-04-03 or 2024-03-04" in remark for remark in copy.remarks)


def test_another_day_is_said() -> None:
    head = HEAD + '<meta name="pubdate" content="2024-03-01">'
    assert any("2024-03-01" in remark for remark in open_document(page(head), "river.html").remarks)


def test_a_byline_and_a_day_that_are_printed_are_taken() -> None:
    text = "Soldiers killed\nBy Mary Example and Paul Sample\nTuesday, 27 February 2024, 10:30\n" + "\n".join(
        PARAGRAPHS
    )
    copy = open_document(text.encode(), "river.txt")
    assert copy.value("author") == "Mary Example; Paul Sample"
    assert (copy.value("published"), copy.particulars["published"].where) == ("2024-02-27", "line 3")
    assert copy.value("title") == "Soldiers killed"


@pytest.mark.parametrize("justify", ["true", "false"])
def test_a_pdf_reads_as_the_plain_text_does(justify: str) -> None:
    others = (one.replace("Red", "Green").replace("observers", "monitors") for one in PARAGRAPHS)
    every = (*PARAGRAPHS, *others, "The week before, nobody was hurt, and 1,200 people came home over the bridge.")
    copy = open_document(pdf(every, justify=justify), "river.pdf")
    assert copy.text.splitlines() == list(every)
    assert "left out" in copy.remarks[0]
    plain = propose("\n".join(every)).proposals
    assert [(p.realis, p.says) for p in propose(copy.text).proposals] == [(p.realis, p.says) for p in plain]


def test_a_word_keeps_a_hyphen_that_it_has_elsewhere() -> None:
    words = ("A cease-fire held. The commander of the northern cease-", "fire zone reported a withdrawal of wea-",
             "pons. The weapons were counted.")  # fmt: skip
    lines = [PageLine(text, 0, 50, 250, 50 + 13 * k, 60 + 13 * k) for k, text in enumerate(words)]
    assert paragraphs_of(lines) == [
        "A cease-fire held. The commander of the northern cease-fire zone reported a withdrawal of weapons. "
        "The weapons were counted."
    ]


def test_a_scan_is_told() -> None:
    with pytest.raises(StandoffError, match=r"this PDF is a scan: 1 page without text.*OCR"):
        open_document(pdf(("#set page(header: none, footer: none)\n#rect(width: 20pt, height: 20pt)",)), "scan.pdf")


def test_a_mail_is_decoded() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Mary Example <mary@observer.example>", "Report of the day"
    mail["Date"] = "Wed, 28 Feb 2024 10:00:00 +0300"
    mail.set_content("\n".join(PARAGRAPHS) + "\nL’état du front.\n", cte="quoted-printable")
    mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="map.bin")
    copy = open_document(mail.as_bytes(), "report.eml")
    assert PARAGRAPHS[0] in copy.text.splitlines() and "L’état du front." in copy.text
    assert [copy.value(key) for key in ("title", "author", "published")] == [
        "Report of the day", "Mary Example", "2024-02-28"]  # fmt: skip
    assert copy.remarks == ("sent with it and not opened: map.bin",)


def test_a_text_saved_from_a_mail_is_decoded_and_that_is_said() -> None:
    raw = (
        b"The commander said that the troops=\n would leave on Friday.=20\nIt=E2=80=99s the third time in a mo=\nnth.\n"
    )
    copy = open_document(raw, "saved.txt")
    assert copy.text.splitlines()[0] == "The commander said that the troops would leave on Friday."
    assert "It’s the third time in a month." in copy.text and "quoted-printable" in copy.remarks[0]
    plain = "x=3 and y=\nz\n"
    assert open_document(plain.encode(), "x.txt").text == plain


def test_a_docx_is_read_in_its_order() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("Report of the day", style="Title")
    document.add_paragraph(PARAGRAPHS[0])
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "violations", "45"
    document.add_paragraph(PARAGRAPHS[1])
    document.core_properties.author = "Somebody's laptop"
    file = io.BytesIO()
    document.save(file)
    copy = open_document(file.getvalue(), "report.docx")
    assert copy.text.splitlines() == ["Report of the day", PARAGRAPHS[0], "violations | 45", PARAGRAPHS[1]]
    assert copy.value("title") == "Report of the day" and "author" not in copy.particulars
    assert any("Somebody's laptop" in remark and "not taken" in remark for remark in copy.remarks)


def _archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b" \n", "a.txt", "the file is empty"),
        (b"%PDF-1.7\n1 0 obj", "a.pdf", "damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "this is a picture"),
        (b"\x7fELF\x00", "a", "this is a program"),
        (b"{\\rtf1 words}", "a.doc", "rich text"),
        (b"\xd0\xcf\x11\xe0words", "a.doc", "older kind, or one with a password"),
        (b"words\0words", "a.txt", "zero bytes"),
        (b'{"name": 1}', "a.json", "this is JSON"),
        (b"l'\xe9tat du front", "a.txt", "byte 2 is not UTF-8"),
        (_archive("xl/workbook.xml"), "a.xlsx", "this is a workbook"),
        (_archive("word/document.xml"), "a.docx", "this docx cannot be read"),
        (b"PK\x03\x04cut", "a.docx", "archive is damaged"),
        (b"<html><body><p></p><div></div></body></html>", "a.html", "no article was found"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(data: bytes, name: str, words: str) -> None:
    with pytest.raises(StandoffError, match=words) as caught:
        open_document(data, name)
    assert str(caught.value).count("\n") == 0 and str(caught.value).startswith(name)


def test_an_encrypted_pdf_is_told() -> None:
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<"
        + b"00" * 32 + b">/U<" + b"11" * 32 + b">>>endobj\nxref\n0 5\n0000000000 65535 f \n"
    )  # fmt: skip
    offsets = [pdf.index(f"{k} 0 obj".encode()) for k in range(1, 5)]
    pdf += b"".join(f"{at:010d} 00000 n \n".encode() for at in offsets)
    pdf += b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n%d\n%%%%EOF" % pdf.index(b"xref\n")
    with pytest.raises(StandoffError, match="this PDF is encrypted"):
        open_document(pdf, "secret.pdf")


def test_another_encoding_is_named() -> None:
    assert "l'état" in open_document("l'état du front".encode("cp1252"), "a.txt", encoding="cp1252").text
    with pytest.raises(StandoffError, match="there is no encoding"):
        open_document("l'état".encode("cp1252"), "a.txt", encoding="cp9")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return start(tmp_path / "case")


def take(folder: Path, copy: Copy, **settings: str) -> tuple[str, ...]:
    case = load(folder)
    return add_documents(case, [accession(case, copy, captured=NOON, overrides=settings)])


def test_a_document_is_taken_in_with_its_original_and_its_sources(folder: Path) -> None:
    take(folder, open_document(page(), "river.html"))
    case = load(folder)
    document = list(case.documents.values())[-1]
    assert document.id == "observer-2024-02-28-2"  # the case has one of this publisher and day
    assert document.outlet == "observer" and document.author == ("mary-example", "paul-sample")
    assert case.sources["mary-example"].of == "observer" and case.sources["mary-example"].kind == "person"
    assert (folder / "library" / document.original).read_bytes() == page()
    assert document.captured == "2024-03-02T12:00:00Z" and not case.errors
    before = (folder / "documents.yaml").read_bytes()
    assert take(folder, open_document(page(), "again.html")) == ()
    assert (folder / "documents.yaml").read_bytes() == before


def test_what_is_not_known_stays_unknown_in_the_record(folder: Path) -> None:
    take(folder, open_document("\n".join(PARAGRAPHS).encode(), "words.txt"))
    document = list(load(folder).documents.values())[-1]
    assert str(document.published) == "../2024-03-02" and document.outlet == "publisher-not-known"
    assert document.title == "words.txt (title not known)" and document.original == ""


def test_a_person_says_what_the_document_does_not(folder: Path) -> None:
    copy = open_document("\n".join(PARAGRAPHS).encode(), "words.txt")
    take(folder, copy, title="Words", author="Mary Example; Paul Sample", published="2024-02", publisher="observer")
    document = list(load(folder).documents.values())[-1]
    assert (document.title, document.outlet, str(document.published)) == ("Words", "observer", "2024-02")
    with pytest.raises(StandoffError, match="date: "):
        take(folder, open_document(b"other words of it", "w.txt"), published="someday")


def test_an_original_that_was_changed_is_told(folder: Path) -> None:
    take(folder, open_document(page(), "river.html"))
    document = list(load(folder).documents.values())[-1]
    (folder / "library" / document.original).write_bytes(b"other")
    with pytest.warns(CaseWarning, match="not the file that was captured"):
        assert any(document.original in str(problem) for problem in load(folder).warnings)


def test_ids_and_kinds_of_sources() -> None:
    assert id_of("L'État: Déjà vu!") == "l-etat-deja-vu" and id_of("2020 report") == "n-2020-report"
    assert id_of("a b", {"a-b", "a-b-2"}) == "a-b-3" and id_of("اخبار").startswith("x-")
    kinds = {
        "a senior Turkish official": "anonymous", "the defence ministry": "office", "Mary Example": "person",
        "Reuters": "agency", "Human Rights Watch": "organisation", "residents": "anonymous", "UNICEF": "organisation",
    }  # fmt: skip
    assert {name: kind_of_source(name) for name in kinds} == kinds
