"""A mail as it was sent is read by its words: their encoding is undone first. The mail is made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.reading.texts import open_text

BODY = "The ministry said on Friday that =E2=80=9Cno gun has moved=E2=80=9D=\n.\n"


@pytest.mark.parametrize(
    "more", ["", "Subject: The river\n", "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"]
)
@pytest.mark.parametrize("name", ["a.eml", "a.txt"])
def test_a_mail_in_quoted_printable_is_decoded(more: str, name: str, tmp_path: Path) -> None:
    head = f"From: desk@example.org\n{more}Content-Transfer-Encoding: quoted-printable\n\n"
    (tmp_path / name).write_text(head + BODY, encoding="ascii")
    assert open_text(tmp_path / name).strip() == "The ministry said on Friday that “no gun has moved”."


def test_a_text_that_begins_with_a_speaker_is_no_mail(tmp_path: Path) -> None:
    text = "Minister: the guns will not move.\nEnvoy: they will.\n"
    (tmp_path / "t.txt").write_text(text, encoding="utf-8")
    assert open_text(tmp_path / "t.txt") == text
