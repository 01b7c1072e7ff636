"""Proposals reviewed: what a person decides is written, found again, undone; nothing is accepted by a machine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from review_case import DOCUMENT, LINES, edit_text, write_case

from standoff.case.history import entries
from standoff.case.model import Case, Event
from standoff.case.read import load
from standoff.errors import StandoffError
from standoff.evidence.decisions import DECISIONS, Act, disagreements
from standoff.reading.accession import accession, add_documents, party_in_words
from standoff.reading.documents import open_document
from standoff.reading.review import Item, Review
from standoff.values import Duration, When


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_case(tmp_path / "case")


def records(folder: Path) -> dict[str, bytes]:
    kinds = (p for p in folder.iterdir() if p.suffix in (".yaml", ".csv"))
    return {p.name: p.read_bytes() for p in kinds}


def numbered(desk: Review, number: str) -> Item:
    return next(item for item in desk.items.values() if item.fields.get("value") == number)


def test_looking_writes_nothing(folder: Path) -> None:
    before = records(folder)
    desk = Review(folder, "Mary")
    assert len(desk.queue) == desk.tally.open >= 5
    assert records(folder) == before and not (folder / DECISIONS).exists()


def test_accepting_writes_the_claim_and_what_is_missing_with_it(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = numbered(desk, "1500")
    assert desk.lit(item)[1] in LINES[2]
    desk.accept(item, {"of": "Northbridge (41.2, 11.2)", "alias": "red = Northern army"})
    case = load(folder)
    claim = case.claims[f"{DOCUMENT}-1"]
    assert claim.chain == ("observer", "mayor") and case.sources["mayor"].kind
    assert claim.says.of == "northbridge" and case.places["northbridge"].lat == 41.2
    assert case.actors["red"].aliases == ("Northern army",)
    assert claim.text == "Mayor says: 1,500 people displaced at Northbridge, 2024-02-26/2024-03-01."
    assert LINES[2] not in claim.text
    assert item.key not in [one.key for one in desk.queue] and desk.tally.accepted == 1
    (entry,) = (e for e in entries(folder) if e.by == "Mary")
    assert entry.what == f"accept {DOCUMENT}-1"


def test_undoing_takes_back_all_that_was_written(folder: Path) -> None:
    before = records(folder)
    desk = Review(folder, "Mary")
    item = numbered(desk, "1500")
    desk.accept(item, {"of": "Northbridge (41.2, 11.2)"})
    assert records(folder) != before
    desk.undo()
    assert records(folder) == before
    again = desk.item(item.key)
    assert again in desk.queue and again.fields["of"] == "Northbridge (41.2, 11.2)"  # the edit stands, until undone
    desk.undo()
    assert "of" not in desk.item(item.key).fields
    with pytest.raises(StandoffError, match="nothing to undo"):
        desk.undo()


def test_what_the_case_refuses_is_not_written(folder: Path) -> None:
    before = records(folder)
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if i.fields.get("event") == "shelling")
    values = {"realis": "asserted", "actor": "red", "target": "blue", "date": "2024-02-26", "row": "yes",
              "source": "a trader"}  # fmt: skip
    with pytest.raises(StandoffError, match="without an answer"):
        desk.accept(item, values)
    assert records(folder) == before and desk.tally.accepted == 0
    desk.accept(desk.item(item.key), {"answer": "none found"})
    case = load(folder)
    (event,) = (e for e in case.events.values() if e.claims == (f"{DOCUMENT}-1",))
    assert event.type == "shelling" and event.known is not None and str(event.known) == "2024-03-01"
    assert case.claims[f"{DOCUMENT}-1"].says.recorded == event.id


def test_an_accusing_row_on_an_outlet_nobody_judged_names_the_field_that_mends_it(folder: Path) -> None:
    copy = open_document(b"Red shelled the town on 26 February, a trader said.\n", "valley.txt")
    said = {"published": "2024-03-01", "publisher": "Valley Courier", "title": "The trader"}
    case = load(folder)
    add_documents(case, [accession(case, copy, captured=datetime(2024, 3, 2, tzinfo=UTC), overrides=said)])
    before = records(folder)
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if "trader" in i.fields.get("source", ""))
    values = {"realis": "asserted", "actor": "red", "target": "blue", "date": "2024-02-26", "row": "yes"}
    with pytest.raises(StandoffError, match="standing=wire or standing=monitor"):
        desk.accept(item, values | {"answer": "none found"})
    assert records(folder) == before


def test_a_spokesman_of_blue_is_not_blue(folder: Path) -> None:
    sources = folder / "sources.yaml"
    sources.write_text(
        sources.read_text(encoding="utf-8") + "- {id: blue-speaks, name: Blue, kind: organisation}\n"
        "- {id: grey, name: Ann Grey, kind: person, aliases: [Grey]}\n",
        encoding="utf-8",
    )
    edit_text(folder, "The mayor said", "Mayor Ann Grey said")
    edit_text(folder, "The governor said", "An adviser to Ann Grey said")
    desk = Review(folder, "Mary")
    assert numbered(desk, "12").fields["source"] == "a spokesman of Blue"
    assert numbered(desk, "1500").fields["source"] == "grey"
    assert numbered(desk, "40").fields["source"] == "An adviser to Ann Grey"


@pytest.mark.parametrize("word", ["blue", "Blue", "the Blue", "BLUE"])
def test_a_party_that_is_named_as_source_speaks_for_itself(folder: Path, word: str) -> None:
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if i.fields.get("event") == "shelling")
    desk.accept(item, {"source": word, "at": "town", "date": "2024-02-26", "row": "", "realis": "denied"})
    case = load(folder)
    source = case.sources[case.claims[f"{DOCUMENT}-1"].chain[-1]]
    assert (source.party, source.name) == ("blue", case.actors["blue"].name)


def test_whom_a_new_source_speaks_for_is_written_where_the_sentence_says_so(folder: Path) -> None:
    edit_text(folder, "a spokesman of Blue said", "Ann Grey, a spokesman of Blue, said")
    desk = Review(folder, "Mary")
    item = numbered(desk, "12")
    assert (item.fields["source"], item.fields["speaks_for"]) == ("Ann Grey", "blue")
    desk.accept(item, {"of": "town"})
    desk.accept(numbered(desk, "1500"), {"of": "town", "source": "John Mayor", "speaks_for": "red"})
    sources = load(folder).sources
    assert (sources["ann-grey"].party, sources["john-mayor"].party) == ("blue", "red")
    with pytest.raises(StandoffError, match="ann-grey speaks for blue"):
        desk.accept(numbered(desk, "40"), {"source": "Ann Grey", "speaks_for": "red"})


@pytest.mark.parametrize(
    ("name", "sentence", "party"),
    [
        ("a spokesman of Red", "", "red"),
        ("Red's defence ministry", "", "red"),
        ("Red army commander Jo Fox", "", ""),  # the army of Red, which the case does not have
        ("Red commander Jo Fox", "", "red"),
        ("Jo Fox", "Red spokesman Jo Fox said that", "red"),
        ("Jo Fox", "Jo Fox, a spokeswoman for Red, said that", "red"),
        ("Jo Fox", "Jo Fox, a spokeswoman for Red and Blue, said that", ""),
        ("Jo Fox", "Jo Fox, an envoy to Red, said that", ""),
        ("Jo Fox", "Former Red commander Jo Fox said that", ""),
        ("a former commander of Red", "", ""),
        ("Jo Fox", "Jo Fox, an adviser to the president of Red, said that", ""),
        ("Jo Fox", "A spokesman of Red said that Jo Fox", ""),
        ("Jo Fox", "Jo Fox, commander of Red Valley, said", ""),
        ("anti-Red commander Jo Fox", "", ""),
    ],
)
def test_words_that_say_whom_somebody_speaks_for(folder: Path, name: str, sentence: str, party: str) -> None:
    assert party_in_words(load(folder), name, sentence) == party


def test_several_parties_with_commas_are_several_and_no_new_one(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if i.fields.get("event") == "shelling")
    decision = desk.accept(item, {"actor": "red, Blue", "at": "town", "date": "2024-02-26"})
    case = load(folder)
    assert case.claims[decision.claim].says.actor == ("red", "blue")
    assert set(case.actors) == {"red", "blue", "civilians"}
    with pytest.raises(StandoffError, match=r"'Red and Blue' are several.*red or blue"):
        desk.accept(numbered(desk, "40"), {"source": "Red and Blue"})


def test_two_parties_before_one_verb_are_bound_together(tmp_path: Path) -> None:
    line = "Red pledged that the Red police and the Blue guards would leave the town by 20 March 2024."
    desk = Review(write_case(tmp_path / "case", (line, "Nobody said more.")), "Mary")
    (item,) = (i for i in desk.queue if i.fields["says"] == "commitment")
    assert item.fields["who"] != "blue"


def test_who_passes_words_on_stands_before_who_said_them(folder: Path) -> None:
    edit_text(folder, "a spokesman of Blue said", "Ann Grey, quoted by the Valley Wire, said")
    assert numbered(Review(folder, "Mary"), "12").fields["source"] == "the Valley Wire > Ann Grey"


def test_a_calibre_is_no_figure_and_a_fate_is_told_once(folder: Path) -> None:
    edit_text(folder, "40 houses were burnt", "120 mm mortars were used")
    desk = Review(folder, "Mary")
    assert not any(i.fields.get("measure") == "distance" for i in desk.queue)
    desk.accept(numbered(desk, "9"))
    assert load(folder).claims[f"{DOCUMENT}-1"].text.count("wounded") == 1


def test_an_act_is_told_by_the_names_of_who_does_it(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if i.fields.get("event") == "shelling")
    values = {"says": "commitment", "source": "red", "who": "red", "whom": "blue", "realis": "threatened"}
    decision = desk.accept(item, values | {"form": "threat", "then": "shelling by red on blue at town"})
    text = load(folder).claims[decision.claim].text
    red, blue = (load(folder).actors[name].name for name in ("red", "blue"))
    assert text.startswith(f"{red} threatens: {red}: shelling by {red} on {blue} at ")


def test_a_place_that_is_only_named_stands_in_the_note(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if i.fields.get("event") == "shelling")
    desk.accept(item, {"at": "Nowhere?", "date": "2024-02-26"})
    claim = load(folder).claims[f"{DOCUMENT}-1"]
    assert claim.note == "place as printed: Nowhere" and claim.says.at == ""


def test_a_claim_tells_a_row_that_is_there_or_joins_one(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if i.fields.get("event") == "shelling")
    desk.edit(item, {"realis": "asserted", "actor": "red", "at": "town", "date": "2024-02-25"})
    assert desk.near_events(desk.item(item.key)) == ("e2-red",)
    desk.accept(desk.item(item.key), {"row": "e2-red"})
    assert load(folder).events["e2-red"].claims == ("c-shelling-red", f"{DOCUMENT}-1")
    desk.undo()
    desk.accept(desk.item(item.key), {"row": "with e2-red", "date": "2024-02-26", "answer": "none found"})
    (incident,) = load(folder).incidents.values()
    assert incident.reports[0] == "e2-red" and incident.by == "Mary"


def test_a_commitment_is_drafted_and_what_is_not_coded_is_judged_by_nothing(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = desk.queue[0]
    terms = {"says": "commitment", "form": "threat", "who": "blue", "whom": "red", "realis": "threatened"}
    desk.edit(item, {**terms, "then": "shelling", "if": "ground-assault by red at town", "deadline": "2024-04-01"})
    desk.accept(desk.item(item.key), {"text": "Blue threatens to shell Red if Red attacks the town."})
    case = load(folder)
    (new,) = (c for c in case.commitments.values() if c.claims == (f"{DOCUMENT}-1",))
    assert (new.debtor, new.creditor, new.adverse) == (("blue",), ("red",), True)
    assert new.then is not None and (new.then.type, new.then.actor, new.then.target) == (
        ("shelling",), ("blue",), ("red",))  # fmt: skip
    assert new.when is not None and (new.when.type, new.when.at) == (("ground-assault",), ("town",))
    desk.undo()
    desk.accept(desk.item(item.key), {"if": "?"})
    (new,) = (c for c in load(folder).commitments.values() if c.claims == (f"{DOCUMENT}-1",))
    assert new.then is None and new.when is None and "its condition" in new.observable


@pytest.mark.parametrize(
    ("deadline", "by", "within"),
    [
        ("2024-04-01", "2024-04-01", None),
        ("within 30 days", None, "30d"),
        ("Within two weeks", None, "2w"),
        ("48 hours", None, "48h"),
        ("a month", None, "1m"),
    ],
)
def test_a_deadline_is_a_day_or_a_span(folder: Path, deadline: str, by: str | None, within: str | None) -> None:
    desk = Review(folder, "Mary")
    item = desk.queue[0]
    terms = {"says": "commitment", "form": "promise", "who": "blue", "realis": "promised", "then": "withdrawal"}
    desk.edit(item, {**terms, "deadline": deadline})
    desk.accept(desk.item(item.key), {"text": "Blue will withdraw."})
    case = load(folder)
    (new,) = (c for c in case.commitments.values() if c.claims == (f"{DOCUMENT}-1",))
    assert new.by == (When.parse(by) if by else None)
    assert new.within == (Duration.parse(within) if within else None)


def test_a_deadline_that_is_neither_is_told_by_its_field(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = desk.queue[0]
    terms = {"says": "commitment", "form": "promise", "who": "blue", "realis": "promised", "then": "withdrawal"}
    desk.edit(item, {**terms, "deadline": "before long"})
    with pytest.raises(StandoffError, match="'before long' is not a deadline; expected a day"):
        desk.accept(desk.item(item.key), {"text": "Blue will withdraw."})


def test_a_second_reading_asks_nothing_twice(folder: Path) -> None:
    desk = Review(folder, "Mary")
    first, second, *_ = desk.queue
    desk.reject(first, "misread")
    desk.accept(second, {"text": "Something is said.", "says": "assessment"})
    keys = {item.key for item in desk.queue}
    again = Review(folder, "Paul")
    assert {item.key for item in again.queue} == keys and not keys & {first.key, second.key}


def test_decisions_are_found_again_in_an_edited_text(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = numbered(desk, "1500")
    desk.reject(item, "misread")
    number = desk.tally.open
    edit_text(folder, LINES[0], "A line that was not there before, and tells nothing.\n" + LINES[0])
    edit_text(folder, "The mayor said that 1,500 people had", "The mayor said that some 1,500 people have")
    desk.refresh()
    assert desk.tally.open == number and desk.tally.lost == 0
    assert all(one.fields.get("value") != "1500" for one in desk.queue)
    edit_text(folder, "The mayor said that some 1,500 people have fled since Monday.", "Nobody fled.")
    desk.refresh()
    assert desk.tally.lost == 1


def test_a_claim_that_is_coded_at_this_place_is_not_asked(folder: Path) -> None:
    desk = Review(folder)
    number, key = desk.tally.open, numbered(desk, "1500").key
    claims = folder / "claims.yaml"
    claims.write_text(
        claims.read_text(encoding="utf-8")
        + f"- id: c-fled\n  text: The mayor counts the displaced.\n  document: {DOCUMENT}\n  chain: observer\n"
        "  at: {paragraph: 3, anchor: 1,500 people had fled}\n"
        "  says: {quantity: people, measure: people-displaced, value: 1500}\n".replace(
            "anchor: 1,500 people had fled", "anchor: '1,500 people had fled'"
        ),
        encoding="utf-8",
    )
    desk.refresh()
    assert desk.tally.open == number - 1 and desk.tally.coded == 1 and key not in desk.items


def test_splitting_merging_widening_and_narrowing(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = numbered(desk, "9")
    desk.split(item)
    part = desk.item(f"{item.key}/2")
    desk.edit(part, {"measure": "wounded-civilian"})
    assert desk.item(item.key).fields["measure"] != "wounded-civilian"
    other = numbered(desk, "40")
    assert other.key in [one.key for one in desk.others_of(desk.item(item.key))]
    desk.merge(other, desk.item(item.key))
    assert other.key not in [one.key for one in desk.queue]
    assert len(desk.item(item.key).anchors) == 2
    before = desk.lit(desk.item(item.key))[1]
    for _ in range(3):
        desk.move(desk.item(item.key), -1)
    desk.move(desk.item(item.key), -1, left=True)
    after = desk.lit(desk.item(item.key))[1]
    assert before.split()[1:-3] == after.split()
    desk.move(desk.item(item.key), 1)
    assert len(desk.lit(desk.item(item.key))[1].split()) == len(after.split()) + 1
    with pytest.raises(StandoffError, match="one to 8 words"):
        desk.move(desk.item(item.key), 9)
    desk.accept(desk.item(item.key))
    assert len(load(folder).claims[f"{DOCUMENT}-1"].at) == 2
    for _ in range(9):
        desk.undo()
    assert f"{item.key}/2" not in desk.items and other.key in [one.key for one in desk.queue]
    assert desk.lit(desk.item(item.key))[1] == before


def test_a_second_reviewer_writes_an_opinion_and_no_record(folder: Path) -> None:
    desk = Review(folder, "Mary")
    one, two = numbered(desk, "1500"), numbered(desk, "40")
    desk.accept(one)
    desk.reject(two, "nothing to keep")
    before = records(folder)
    second = Review(folder, "Paul", second=True)
    assert {item.key for item in second.queue} == {one.key, two.key}
    second.reject(second.item(one.key), "misread")
    second.accept(second.item(two.key))
    assert records(folder) == before and second.queue == []
    assert {d.item: d.kind for d in disagreements(second.log.standing)} == {
        one.key: "accepted and rejected",
        two.key: "accepted and rejected",
    }


def test_what_would_change_a_verdict_comes_before_what_does_not(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if i.fields.get("event") == "shelling")
    desk.edit(item, {"realis": "asserted", "actor": "red", "date": "2024-02-26", "target": "blue"})
    seen: list[Event] = []

    def moves(case: Case, event: Event) -> list[str]:
        seen.append(event)
        return ["red-holds-fire: kept, then broken"]

    first = Review(folder, "Mary", moves=moves).queue[0]
    assert first.key == item.key and first.why == "it would change a verdict: red-holds-fire: kept, then broken"
    assert [e.type for e in seen] == ["shelling"]


def test_what_contradicts_comes_first(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = numbered(desk, "12")
    desk.accept(item, {"of": "town", "as_of": "2024-02-26", "bound": "exact", "measure": "deaths-military"})
    other = numbered(desk, "9")
    again = {"of": "town", "as_of": "2024-02-26", "measure": "deaths-military", "counted": "soldiers of Blue"}
    desk.edit(other, again)
    first = desk.queue[0]
    assert first.key == other.key and first.why == f"it contradicts {DOCUMENT}-1"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"event": "airstrikes"}, "there is no event type 'airstrikes'.*airstrike"),
        ({"at": "Nowhere"}, "there is no place 'Nowhere'.*LATITUDE"),
        ({"target": "none"}, "'none' is not a name"),
        ({"actor": "Unknown"}, "'Unknown' is not a name"),
        ({"realis": "said"}, "'said' is not on the list.*asserted"),
        ({"row": "e9"}, "there is no event 'e9'"),
        ({"row": "yes", "date": ""}, "the event has no day"),
        ({"alias": "red: Reds"}, "'red: Reds' is not read"),
        ({"standing": "good"}, "'good' is not on the list"),
        ({"speaks_for": "rad"}, "there is no actor 'rad'.*red"),
        ({"when": "2024"}, "there is no such field"),
        ({"says": "fact"}, "says is 'fact'"),
        ({"date": "soon"}, "soon"),
        ({"says": "quantity", "measure": "people"}, "'people' is not on the list"),
        ({"says": "quantity", "value": "many"}, "'many' is not a number"),
        ({"says": "commitment", "text": "x", "who": ""}, "nobody is bound"),
        ({"says": "commitment", "text": "x", "who": "red", "then": "being nice"}, "is not read|no event type"),
        ({"says": "assessment"}, "the claim has no text"),
    ],
)
def test_a_wrong_form_says_what_was_expected(folder: Path, values: dict[str, str], words: str) -> None:
    before = records(folder)
    desk = Review(folder, "Mary")
    item = next(i for i in desk.queue if i.fields.get("event") == "shelling")
    with pytest.raises(StandoffError, match=words):
        desk.accept(item, values if "says" in values else {"date": "2024-02-26", **values})
    assert records(folder) == before and desk.tally.accepted == 0


def test_a_reason_is_asked_and_decided_items_are_closed(folder: Path) -> None:
    desk = Review(folder, "Mary")
    item = desk.queue[0]
    with pytest.raises(StandoffError, match="no reason"):
        desk.reject(item, " ")
    desk.reject(item, "misread")
    with pytest.raises(StandoffError, match="decided already"):
        desk.accept(desk.item(item.key), {"text": "x"})
    with pytest.raises(StandoffError, match="there is no proposal"):
        desk.item("nothing")
    assert {d.act for d in desk.log.standing} == {Act.REJECT, Act.EDIT}
    nobody = Review(folder)
    with pytest.raises(StandoffError, match="nobody is named"):
        nobody.reject(nobody.queue[0], "misread")


def test_words_that_may_not_be_passed_on_are_reviewed_on_an_own_screen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "documents.yaml"
    path.write_text(path.read_text() + "  restricted: true\n", encoding="utf-8")
    desk = Review(folder, "Mary")
    assert desk.queue == [] and "may not be passed on" in desk.notes[0]
    monkeypatch.setenv("STANDOFF_RESTRICTED", "show")
    desk.refresh()
    assert desk.queue


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Blue called on Red and Green to stop the attacks.", {"who": "red; Green", "then": "?"}),
        ("Blue threatened to shell Red if Red does not withdraw.", {"who": "blue", "if": "?"}),
        ("Blue promised to withdraw if Red lifted its blockade of the town.", {"who": "blue", "if": "?"}),
        ("Blue threatened to shell Red unless Red reopened the road that it had closed.", {"who": "blue", "if": "?"}),
        ("Blue promised to release all prisoners by 20 March 2024.", {"who": "blue", "then": "prisoner-release"}),
    ],
)
def test_what_may_be_turned_round_is_not_coded(tmp_path: Path, line: str, wanted: dict[str, str]) -> None:
    desk = Review(write_case(tmp_path / "case", (line, "Nobody said more.")), "Mary")
    (item,) = (i for i in desk.queue if i.fields["says"] == "commitment")
    assert {name: item.fields.get(name) for name in wanted} == wanted
