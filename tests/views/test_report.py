from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

from page_case import HOSTILE, RLO

from standoff.case.model import Case
from standoff.commitments.monitor import evaluate
from standoff.runs.results import Run
from standoff.views import records
from standoff.views import report as modelcard
from standoff.views.pages import with_links
from standoff.views.report import observed_then, report
from standoff.views.terminal import page

VOID = {"meta", "link", "img", "br", "input", "hr"}


class Tree(HTMLParser):
    """Ids, links, elements, and text outside scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.handlers: list[str] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.json: list[str] = []
        self.in_json = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.in_json = given.get("type") == "application/json"
        if tag not in VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if given.get("href"):
            self.links.append(str(given["href"]))
        self.sources += [str(v) for k, v in attrs if k in ("src", "srcset", "data", "action", "poster")]
        self.handlers += [k for k, _ in attrs if k.startswith("on") or k == "style"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            if self.in_json:
                self.json.append(data)
        else:
            self.text.append(data)


def test_one_file_that_asks_no_host_for_anything(case: Case, run: Run) -> None:
    html = report(case, run)
    tree = Tree(html)
    assert tree.open == []
    assert len(html.encode()) < 1_500_000
    assert tree.sources == []
    assert tree.handlers == []
    assert "@import" not in html
    assert not re.search(r"url\((?!#|['\"]?\$\{|`?#)[^)]*//", html)
    assert "default-src 'none'" in html
    assert re.search(r"<link\b", html) is None


def test_only_its_own_script_may_run(case: Case, run: Run) -> None:
    text = report(case, run)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    (allowed,) = re.findall(r"script-src ([^;]*);", text)
    assert allowed == f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def test_every_link_inside_the_page_arrives(case: Case, run: Run) -> None:
    tree = Tree(report(case, run))
    assert len(tree.ids) == len(set(tree.ids))
    inside = [link[1:] for link in tree.links if link.startswith("#")]
    assert len(inside) > 20
    assert not set(inside) - set(tree.ids)


def test_numbers_lead_back_to_claims_documents_and_sources(case: Case, run: Run) -> None:
    tree = Tree(report(case, run))
    for claim in case.claims:
        assert f"claim-{claim}" in tree.ids
    for name in case.documents:
        assert f"document-{name}" in tree.ids
    for link in ("#claim-c-one", "#document-gazette-1", "#commitments", "#parameters", "#disputes"):
        assert link in tree.links


def test_text_of_a_case_never_becomes_markup(case: Case, run: Run) -> None:
    html = report(case, run)
    assert HOSTILE not in html
    assert "<img" not in html
    assert "<svg onload" not in html
    assert RLO not in html
    assert "\u202e" not in html
    links = Tree(html).links
    assert not [link for link in links if link.lower().startswith("javascript")]
    assert "https://example.org/mud" in links


def test_every_figure_is_a_picture_of_its_own(case: Case, run: Run) -> None:
    """Two widths of each, drawn before the page is written; no id stands twice, or textures would be mixed up."""
    html = report(case, run)
    figures = html.count("<figure ")
    assert figures >= 10
    assert html.count('<div class="wide"><svg ') == html.count('<div class="narrow"><svg ') == figures
    ids = re.findall(r'<(?:pattern|clipPath) id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= set(ids)


def test_a_percent_sign_stays_with_its_number(case: Case, run: Run) -> None:
    html = report(case, run)
    assert not re.search(r"\d %", "".join(Tree(html).text))
    assert "90\u00a0% of runs" in html


def test_addresses_in_a_citation_are_links_and_nothing_else_is() -> None:
    told = with_links("UN S/2018/852; https://example.org/a?b=1&c=2. <b>javascript:x</b>")
    assert told == (
        'UN S/2018/852; <a href="https://example.org/a?b=1&amp;c=2" rel="noreferrer">'
        "https://example.org/a?b=1&amp;c=2</a>. &lt;b&gt;javascript:x&lt;/b&gt;"
    )


def test_a_chain_is_told_from_its_origin() -> None:
    assert records.through(["gazette", "agency", "official"]) == "official, through agency and gazette"
    assert records.through(["gazette"]) == "gazette"


def test_what_is_assumed_is_named_and_not_numbered(case: Case) -> None:
    found = records.unknowns(case)
    assert found["assumed"]
    ids = {f"{kind} {r}" for kind in ("issue", "stake", "option", "commitment") for r in getattr(case, f"{kind}s")}
    assert not ids & {a["what"] for a in found["assumed"]}


def test_the_same_run_gives_the_same_bytes(case: Case, run: Run) -> None:
    assert report(case, run) == report(case, run)


def test_the_one_script_is_ours_and_small(case: Case, run: Run) -> None:
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", report(case, run), re.DOTALL)
    assert len(scripts) == 1 and len(scripts[0]) < 1000
    assert not re.search(r"^\s*(import|export) ", scripts[0], re.MULTILINE)


def test_the_model_card_of_the_documentation_is_the_one_shown() -> None:
    docs = Path(__file__).parents[2] / "docs" / "explanation" / "model-card.md"
    assert docs.read_text(encoding="utf-8") == modelcard.CARD.read_text(encoding="utf-8")
    headings = [s.heading for s in modelcard.card()]
    assert headings[0] == "Model card"
    assert {"Model evaluation matrix", "Implementation plan", "Ethical matrix"} <= set(headings)


def test_the_terminal_page_fits_80_columns(case: Case, run: Run) -> None:
    text = page(case, run)
    assert max(len(line) for line in text.splitlines()) <= 80
    for heading in (
        "WHAT IF THE MODEL HELD",
        "PEOPLE NEWLY DISPLACED",
        "MOST OFTEN FIRST TO BREAK",
        "HOW SUCH RUNS SCORED",
        "WHAT IF, against",
        "SENSITIVITY OF THIS MODEL",
        "WHAT WE DO NOT KNOW",
    ):
        assert heading in text
    assert "n = 200" in text
    assert re.search(r": \d+ % \(\d+ to \d+ %\)", text)
    assert "assumed: 1 of 2 parameters" in text
    assert " will " not in text
    assert not re.search(r"(un)?likely|almost certain", text)  # no word for a chance without how often such ones came


def test_long_titles_wrap_and_nothing_turns_the_terminal_around(case: Case, run: Run) -> None:
    from dataclasses import replace

    long = [replace(o, title="A very long outcome " * 8 + "\x1b[2J\u202e") for o in run.outlook]
    text = page(case, replace(run, outlook=tuple(long)))
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_how_prohibitions_are_observed_stands_beside_the_recorded_ledger(case: Case) -> None:
    told = observed_then(evaluate(case, ["record"], on=case.about.start.start))
    assert len(told) == 1 and all(sentence.endswith(".") for sentence in told)
    assert any("not a count" in sentence for sentence in told)
    assert observed_then(None) == []
