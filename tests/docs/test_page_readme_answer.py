"""What the README says of the heavy weapons of the Sochi memorandum is what the ledger says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import standoff as so
from standoff.evidence.independence import corroboration

README = Path(__file__).parent.parent.parent / "README.md"
NAMES = {
    "turkey": "Turkey",
    "opposition": "the opposition",
    "usa": "the United States",
    "sohr": "the Syrian Observatory",
    "damascus": "Damascus",
    "russia": "Russia",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def test_the_sentence_on_the_heavy_weapons_is_what_the_ledger_says() -> None:
    rows = [r for r in so.ledger(so.load("idlib"), on=date(2018, 12, 1)) if r.commitment == "sochi-6"]
    stands: dict[str, list[str]] = {}
    for row in rows:
        stands.setdefault(row.words, []).append(row.account)
    page = README.read_text(encoding="utf-8")
    quote = page[page.index("> The opposition's heavy weapons") :].split("\n\n")[0]
    quote = " ".join(re.sub(r"[*>]", " ", quote).split())
    assert stands["contested"] == ["record"]
    assert "contested in the record" in quote
    *some, last = (NAMES[name] for name in stands["kept"])
    assert f"kept according to {', '.join(some)} and {last}" in quote
    assert [NAMES[name] for name in stands["broken"]] == ["Damascus"]
    assert "broken according to Damascus" in quote
    assert "russia" in stands["says nothing"]
    assert f"Russia and {NUMBERS[len(stands['says nothing']) - 1]} others say nothing" in quote
    assert set(stands) == {"contested", "kept", "broken", "says nothing"}


def test_the_sentence_on_the_soldiers_is_what_the_dispute_says() -> None:
    case = so.load("idlib")
    counts = {
        a.text.split(",")[0].rstrip("."): corroboration(case, a.claims).count for a in case.disputes["set-c04"].answers
    }
    assert counts == {"22": 1, "33": 1, "34": 2, "36": 2}
    one = {case.claims[name].chain[-1] for name in ("c-c04-first", "c-c04-governor")}
    assert len(one) == 1
    assert "hatay" in one.pop()
    quote = " ".join(README.read_text(encoding="utf-8").split())
    assert "**22** by the first report and **33** in the end" in quote
    assert "**34** and **36**, of two independent sources each" in quote
