"""Every bad input gets file, line, value, what was expected and the nearest name; all problems come at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.case.read import load, locate, read
from standoff.errors import StandoffError

Problems = Callable[[Path], list[str]]


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_template_has_no_problem(folder: Path, problems: Problems) -> None:
    assert problems(folder) == []
    assert load(folder).about.id == "example"


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "claims.yaml",
            "  chain: observer\n",
            "\tchain: observer\n",
            "claims.yaml:6: a tab indents this line; expected spaces",
        ),
        ("actors.yaml", "{id: blue,", "{id: red,", "actors.yaml:2: the actor 'red' is given twice"),
        (
            "commitments.yaml",
            "debtor: blue\n",
            "debtor: bleu\n",
            "there is no actor 'bleu'; expected one of the actors",
        ),
        ("commitments.yaml", "debtor: blue\n", "debtor: bleu\n", "(did you mean 'blue'?)"),
        (
            "commitments.yaml",
            "kind: maintain",
            "kind: maintian",
            "kind is 'maintian'; expected achieve, maintain, quantity, recurrent, permission (did",
        ),
        (
            "accounts.yaml",
            "kind: reading",
            "kind: opinion",
            "kind is 'opinion'; expected statement, reading, record, voice, party, monitor, pooled",
        ),
        ("events.csv", "2024-02-20,", "2024-02-30,", "events.csv:2: date is '2024-02-30'; expected a day that exists"),
        ("places.csv", ",20000,", ",-5,", "places.csv:2: residents is -5; expected zero or more"),
        ("places.csv", "41.0,11.0", "51.0,11.0", "lies outside the region"),
        ("places.csv", "41.0,11.0", "11.0,41.0", "or kind 'beyond' (lat and lon changed places)"),
        (
            "places.csv",
            ",camp_area,",
            ",refugee camp,",
            "places.csv:4: kind is 'refugee camp'; expected town, camp_area",
        ),
        (
            "case.yaml",
            "[10.0, 40.0, 12.0, 42.0]",
            "[12.0, 40.0, 10.0, 42.0]",
            "region is 12, 40, 10, 42; expected west",
        ),
        ("outcomes.yaml", "type: shelling, actor: red", "type: sheling, actor: red", "(did you mean 'shelling'?)"),
        ("outcomes.yaml", "type: shelling, actor: red", "type: shelling, actor: rde", "there is no actor 'rde'"),
        (
            "outcomes.yaml",
            "type: shelling, actor: red",
            "type: shelling, within: front, actor: red",
            "outcomes.yaml:5: an outcome watches for events by type, actor and target alone",
        ),
        ("outcomes.yaml", "people: newly-displaced", "people: newly-dispersed", "expected newly-displaced"),
        (
            "outcomes.yaml",
            "  people: newly-displaced",
            "  border: open\n  people: newly-displaced",
            "watches for border and people; expected exactly one",
        ),
        (
            "coverage.csv",
            "observer,shelling,",
            "observer,sheling,",
            "coverage.csv:2: the event type 'sheling' is unknown",
        ),
        ("routes.csv", "market,camp,22", "market,nowhere,22", "routes.csv:3: there is no place 'nowhere'"),
        ("routes.csv", "market,camp,22", "market,market,22", "the route joins 'market' with itself"),
        ("routes.csv", "market,camp,22", "market,camp,0", "km is 0; expected a distance above zero"),
        (
            "agreements.yaml",
            "  kind: ceasefire",
            "  kind: ceasefire\n  supersedes: river-ceasefire",
            "supersedes itself",
        ),
        (
            "claims.yaml",
            '"agreed to hold fire"',
            '"one two three four five six seven eight nine"',
            "the anchor has 9 words",
        ),
        ("claims.yaml", "document: observer-2024-02-28", "citation: ''", "neither a document nor a citation"),
        ("claims.yaml", "realis: alleged", "realis: aleged", "realis is 'aleged'"),
        ("claims.yaml", "event: shelling", "event: sheling", "(did you mean 'shelling'?)"),
        ("claims.yaml", "  voice: quote", "  voise: quote", "the key 'voise' is unknown"),
        ("commitments.yaml", "kind: maintain", "kind: maintian", "(did you mean 'maintain'?)"),
        (
            "commitments.yaml",
            "forbid: {type: [shelling",
            "forbid: {type: [shelin",
            "the event type 'shelin' is unknown",
        ),
        (
            "commitments.yaml",
            "  within: {assumed: 7d",
            "  within: {asumed: 7d",
            "within is {asumed: 7d, range: [1d, 30d]}; expected {assumed: 3d",
        ),
        ("commitments.yaml", "  title: Blue answers an attack on the town\n", "", "the key 'title' is missing"),
        ("disputes.yaml", "claims: c-shelling-red", "claims: c-shelling-redd", "there is no claim 'c-shelling-redd'"),
        ("accounts.yaml", "who-shelled: red-did}", "who-shelled: red-didnt}", "who-shelled has no answer 'red-didnt'"),
        ("accounts.yaml", "blue-tells: 0.5", "blue-tells: 0.7", "the weights sum to 1.2"),
        ("stakes.yaml", "salience: 0.6, assumed: invented}", "salience: 0.5, assumed: invented}", "do not sum to 1"),
        ("case.yaml", "start: 2024-03-01", "start: soon", "case.yaml:6: start is 'soon'; expected an EDTF date"),
        ("events.csv", "2024-02-25,shelling", "2025-02-25,shelling", "lies after the period of the case"),
        ("events.csv", "id,date,", "id,dat,", "the column 'dat' is unknown"),
        ("routes.csv", "town,market,30,invented", "town,market,30", "routes.csv:2: 3 cells; expected 4"),
        (
            "options.yaml",
            "title: Red holds its fire, default: true, assumed: invented",
            "title: x",
            "the option has no origin",
        ),
    ],
)
def test_bad_values(folder: Path, problems: Problems, file: str, old: str, new: str, expected: str) -> None:
    edit(folder, file, old, new)
    found = problems(folder)
    assert any(expected in line for line in found), found
    assert all(line.startswith(file) or "claims.yaml" in line or "accounts" in line for line in found[:1])


def test_problems_come_all_at_once(folder: Path, problems: Problems) -> None:
    edit(folder, "claims.yaml", "realis: alleged", "realis: aleged")
    edit(folder, "places.csv", ",20000,", ",-5,")
    edit(folder, "commitments.yaml", "debtor: blue\n", "debtor: bleu\n")
    assert len({line.split(":")[0] for line in problems(folder)}) == 3


def test_yaml_bomb_is_refused(folder: Path, problems: Problems) -> None:
    (folder / "actors.yaml").write_text("- &a [*a, *a]\n")
    assert "actors.yaml:1: anchors (&) and aliases (*) are not read; expected the value written out" in problems(folder)


def test_deep_nesting_is_refused(folder: Path, problems: Problems) -> None:
    (folder / "actors.yaml").write_text("[" * 5000 + "]" * 5000)
    assert any("nested deeper" in line for line in problems(folder))


def test_nothing_is_evaluated(folder: Path, problems: Problems) -> None:
    (folder / "actors.yaml").write_text("- !!python/object/apply:os.system ['true']\n")
    assert any("the tag" in line for line in problems(folder))


def test_large_file_is_refused_by_its_size(folder: Path, problems: Problems) -> None:
    with (folder / "claims.yaml").open("wb") as file:
        file.truncate(200 * 2**20)
    assert "claims.yaml: the file has 200 MB; expected at most 16 MB of YAML" in problems(folder)
    with (folder / "events.csv").open("wb") as file:
        file.truncate(200 * 2**20)
    assert any(line.startswith("events.csv: the file has 200 MB") for line in problems(folder))


def test_missing_file(folder: Path, problems: Problems) -> None:
    (folder / "places.csv").unlink()
    assert any("places.csv: the file is missing" in line for line in problems(folder))


def test_norway_stays_norway(folder: Path) -> None:
    edit(folder, "places.csv", ",XX,", ",NO,")
    edit(folder, "actors.yaml", "Red (invented)", "no")
    case, _ = read(folder)
    assert case is not None
    assert case.actors["red"].name == "no"
    assert case.places["town"].country == "NO"


def test_not_utf8(folder: Path, problems: Problems) -> None:
    (folder / "actors.yaml").write_bytes(b"- {id: \xff}\n")
    assert any("is not UTF-8" in line for line in problems(folder))


def test_link_out_of_the_folder(folder: Path, problems: Problems) -> None:
    outside = folder.parent / "actors.yaml"
    (folder / "actors.yaml").rename(outside)
    (folder / "actors.yaml").symlink_to(outside)
    assert any("leaves the case folder" in line for line in problems(folder))


def test_no_such_case(tmp_path: Path) -> None:
    with pytest.raises(StandoffError, match="did you mean 'idlib'"):
        locate("idlip")
    (tmp_path / "file").write_text("")
    with pytest.raises(StandoffError, match="this is a file"):
        locate(tmp_path / "file")
    with pytest.raises(StandoffError, match=r"no case\.yaml"):
        locate(tmp_path)


def test_a_stray_file_is_a_warning(folder: Path) -> None:
    (folder / "evnts.csv").write_text("id\n")
    case, found = read(folder)
    assert case is not None
    assert [(p.file, p.severity, p.hint) for p in found] == [("evnts.csv", "warning", "did you mean 'events.csv'?")]


@pytest.mark.parametrize("kind", ["maintian", "7", "[maintain]", "''"])
def test_what_else_is_wrong_is_said_beside_a_kind_that_is_none(folder: Path, problems: Problems, kind: str) -> None:
    edit(folder, "commitments.yaml", "kind: maintain", f"kind: {kind}")
    edit(folder, "events.csv", "2024-02-20,", "2024-02-30,")
    lines = problems(folder)
    assert [line.split(":")[0] for line in lines] == ["commitments.yaml", "events.csv"]
    assert "kind is" in lines[0]


def test_a_kind_that_is_none_hides_no_reference_to_nothing(folder: Path, problems: Problems) -> None:
    edit(folder, "commitments.yaml", "kind: maintain", "kind: maintian")
    edit(folder, "commitments.yaml", "debtor: blue\n", "debtor: bleu\n")
    assert [line for line in problems(folder) if "did you mean 'blue'?" in line]
    assert [line for line in problems(folder) if "did you mean 'maintain'?" in line]
