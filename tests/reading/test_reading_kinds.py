"""Kinds of wire and situation-report English: each is read for what it says, and no more."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from standoff.reading.documents import open_document
from standoff.reading.propose import propose, saying_day
from standoff.values import When

DAY = date(2014, 3, 14)  # a Friday


def says(text: str) -> list[str]:
    """What is proposed, in short: realis, kind, value, place, time."""
    out = []
    for p in propose(text, None, DAY).proposals:
        what = p.says
        head = str(what.get("event") or what.get("measure") or next(iter(what)))
        value = what.get("value", "-".join(str(what[k]) for k in ("low", "high") if k in what))
        out.append(" ".join(filter(None, (p.realis, head, str(value), p.place, p.when))))
    return out


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The toll from the blast in the town of Ariha was revised down to 32 from 40.", "asserted deaths 32 Ariha"),
        ("The agency corrected its figure for the camp from 4,200 to 3,900 people.", "asserted people-stock 3900"),
        ("Officials said six in ten families had no water.", "asserted share 0.6"),
        ("There are 2,400 displaced people in 11 sites.", "asserted idps-stock 2400"),
        (
            "An earlier report that rebels had killed 30 guards was false, the ministry said.",
            "denied deaths 30",
        ),
        ("It was not clear who shelled the school on Tuesday.", "asserted shelling 2014-03-11"),
        ("Red rejected claims that it had shelled the school.", "denied shelling"),
        ("Red rejected a request by Blue for a truce.", "asserted refusal"),
        ("Red and Blue blamed each other for the shelling.", "asserted accusation"),
        ("Red denied the allegations.", "asserted denial"),
        ("The council did nothing to stop the attacks, the bishop said.", "asserted assault"),
        ("The posts came under heavy fire.", "asserted assault"),
        ("Red and Blue traded artillery fire.", "asserted clash"),
        ("The rebels blocked two aid convoys.", "asserted obstruction"),
        ("The road from Ariha to the coast remains closed.", "asserted road-closed"),
    ],
)
def test_a_kind_of_sentence(text: str, wanted: str) -> None:
    assert wanted in says(text), says(text)


def test_what_was_corrected_is_not_counted_again() -> None:
    assert not any("40" in one for one in says("The toll from the blast in Ariha was revised down to 32 from 40."))


def test_a_request_that_was_turned_down_is_no_opening() -> None:
    assert says("The ministry turned down a request to reopen the crossing.") == ["asserted refusal"]


def test_the_council_is_the_one_body_that_the_text_names_so() -> None:
    text = "The River Council met on Monday. The council said that its troops would leave the bridge by 20 March."
    assert {p.named for p in propose(text, None, DAY).proposals if p.source_words} == {"River Council"}
    two = f"The Valley Council watched. {text}"
    assert {p.named for p in propose(two, None, DAY).proposals if p.source_words} == {""}


def test_who_closes_a_sentence_is_no_part_of_what_was_told() -> None:
    text = "Red told aid agencies to leave Ariha by Tuesday because an assault was imminent, two envoys said."
    (demand,) = [p.says["commitment"] for p in propose(text, None, DAY).proposals if "commitment" in p.says]
    assert demand["then"] == "to leave Ariha by Tuesday"


def test_a_town_is_one_wherever_the_text_names_it() -> None:
    text = "Shells fell on the town of Tarsa.\nAbout 2,300 people fled Tarsa on Thursday."
    assert "asserted people-displaced 2300 Tarsa 2014-03-13" in says(text)
    assert "asserted people-displaced 2300 2014-03-13" in says(text.partition("\n")[2])


def test_of_a_text_without_a_day_weekdays_are_left_open() -> None:
    known = SimpleNamespace(published=When.parse("2014-03-14"))
    unknown = SimpleNamespace(published=When.parse("../2026-11-30"))
    assert saying_day(known) == DAY  # type: ignore[arg-type]
    assert saying_day(unknown) is None  # type: ignore[arg-type]
    assert [p.when for p in propose("Red shelled the town on Tuesday.", None, None).proposals] == [""]


MHT = """From: <Saved by Blink>
Snapshot-Content-Location: https://wire.example/amra
Subject: Amra
Date: Thu, 2 May 2013 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="B"

--B
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable

<html><head><title>Amra</title></head><body><article><h1>Amra</h1><p>Shelling killed at least 9 people in =
Amra, the office said.</p><p>Published: 3 May 2013 | By our desk</p><p>The road to Tel is shut.</p></article>=
</body></html>
--B--
"""


def test_a_page_that_was_saved_as_a_mail_is_a_page() -> None:
    pytest.importorskip("trafilatura")
    copy = open_document(MHT.encode(), "page.mht")
    told = {key: one.value for key, one in copy.particulars.items()}
    assert told["address"] == "https://wire.example/amra"
    assert told["published"] == "2013-05-03"  # not the day on which it was saved
    assert "author" not in told
    assert any("saved" in remark for remark in copy.remarks)


def test_a_wall_of_cookies_is_told_to_be_one() -> None:
    pytest.importorskip("trafilatura")
    notice = "We and our partners store and access information. Accept cookies to go on."
    page = f"<html><body><div><p>{notice}</p></div></body></html>"
    assert any("cookies" in remark for remark in open_document(page.encode(), "wall.html").remarks)
