"""What the README says of the heavy weapons of the Sochi memorandum is what the ledger says."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import standoff as so
from standoff.evidence.independence import corroboration
from standoff.views.figures import svg_file
from standoff.views.levels import levels_figure
from standoff.views.lines.levels import gain_sentence

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


def test_the_sentence_on_incidents_to_expect_is_what_levels_say() -> None:
    levels = so.incident_levels(so.load("idlib"), by="admin1", on="2019-08-31", horizons=(28,))
    one = next(level for level in levels.of(28) if level.area == "Idlib Governorate")
    quote = " ".join(README.read_text(encoding="utf-8").replace(">", " ").split())
    assert f"Idlib Governorate **{one.median}** fatal events expected (80 %: **{one.low} to {one.high}**)" in quote
    assert f"after {one.last} in the 28 days before" in quote
    said = gain_sentence(28, levels.scores[28])
    assert "2 % better than “as many as lately”" in said
    assert "such forecasts were **2 %** better" in quote
    picture = (README.parent / "docs" / "_static" / "levels.svg").read_text(encoding="utf-8")
    assert picture == svg_file(levels_figure(levels, 28))


def test_the_sentence_on_another_answer_is_that_of_the_tour() -> None:
    tour = (README.parent / "docs" / "explanation" / "the-standoff.md").read_text(encoding="utf-8")
    quote = " ".join(README.read_text(encoding="utf-8").replace(">", " ").split())
    shares = r"Turkey opens its border towards Europe in (\d+) %, else in (\d+) %"
    pairs, with_it, without = re.findall(rf"go on to Europe.” \((\d+) pairs of runs\): {shares}", tour)[0]
    assert f"in **{with_it} %** of the runs of this model, else in **{without} %** ({pairs} pairs of runs)" in quote
    played, chance = re.findall(r"Of (\d+) disputes whose answers were .*?; (\d+) cannot be told from chance", tour)[0]
    assert f"Of {played} disputes that were played in pairs, {chance} cannot be told from chance" in quote
