"""A case of an older edition in today's words: what is rewritten, what is left, and what stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_case import write_case

from standoff.case.journal import entries, undo
from standoff.case.read import read, shipped, start
from standoff.case.upgrade import upgrade
from standoff.cli import main
from standoff.errors import StandoffError

OLD_ACCOUNTS = """\
# whose version is read
- id: observer
  title: As the observer tells it   # of the bank
  voices: [observer]
  answers: {who-shelled: red}
- {id: red, title: "As Red tells it", kind: "voice", voices: [red-spokesman], answers: {who-shelled: nobody}}
- id: all
  # both of them
  title: Both
  kind:   pooled
  credence: {observer: 0.5, red: 0.5}
"""
NEW_ACCOUNTS = """\
# whose version is read
- id: observer
  kind: reading
  title: As the observer tells it   # of the bank
  voices: [observer]
  answers: {who-shelled: red}
- {id: red, title: "As Red tells it", kind: reading, voices: [red-spokesman], answers: {who-shelled: nobody}}
- id: all
  # both of them
  title: Both
  kind:   reading
  credence: {observer: 0.5, red: 0.5}
"""


def older(folder: Path) -> Path:
    """The template as an older edition would have it."""
    edit(folder / "case.yaml", "format: 2   # who", "# who")
    edit(folder / "actors.yaml", ", name: Red", ", name_ar: أحمر, name: Red")
    edit(folder / "places.csv", "id,name,kind", "id,name,name_ar,kind")
    rows = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    cells = [row.split(",", 2) for row in rows[1:]]
    rows[1:] = [f"{a},{b},,{rest}" for a, b, rest in cells]
    (folder / "places.csv").write_text("\r\n".join(rows) + "\r\n", encoding="utf-8", newline="")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, (path.name, text[:400])
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*"))
            if p.is_file() and ".standoff" not in p.parts and p.name != "journal.jsonl"}  # fmt: skip


def test_an_older_case_is_rewritten_and_nothing_else_of_it(folder: Path) -> None:
    before = contents(older(folder))
    assert not [p for p in read(folder)[1] if p.severity == "error"]
    result = upgrade(folder)
    assert [str(edit) for edit in result.edits] == [
        "actors.yaml:1: name_ar -> name_local",
        "places.csv:1: name_ar -> name_local",
        "case.yaml:2: added format: 2",
    ]
    assert result.left == ()
    after = contents(folder)
    assert set(after) == set(before)
    assert {name for name in after if after[name] != before[name]} == {"actors.yaml", "places.csv", "case.yaml"}
    assert after["actors.yaml"] == before["actors.yaml"].replace(b"name_ar", b"name_local")
    assert after["places.csv"] == before["places.csv"].replace(b"name_ar", b"name_local")  # its line ends, too
    assert after["case.yaml"] == before["case.yaml"].replace(b"id: example", b"format: 2\nid: example")
    case, problems = read(folder)
    assert case is not None
    assert problems == []
    assert case.about.format == 2


def test_an_upgrade_is_one_entry_of_the_journal_and_is_taken_back(folder: Path) -> None:
    before = contents(older(folder))
    upgrade(folder, by="Ann Field")
    (entry,) = entries(folder)
    assert (entry.by, entry.what) == ("Ann Field", "upgrade: 3 changes to the words of this edition")
    undo(folder, entry.id, by="Ann Field")
    after = contents(folder)
    assert after == before


def test_a_second_call_changes_nothing(folder: Path) -> None:
    upgrade(older(folder))
    before = contents(folder)
    assert upgrade(folder) == type(upgrade(folder))((), ())
    assert contents(folder) == before


def test_a_dry_run_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(older(folder))
    main(["upgrade", str(folder), "--dry-run"])
    assert contents(folder) == before
    said = capsys.readouterr().out
    assert "actors.yaml:1: name_ar -> name_local" in said
    assert f"{folder}: 3 changes to make, 0 left to you" in said
    main(["upgrade", str(folder)])
    assert "3 changes made, 0 left to you" in capsys.readouterr().out


def test_kinds_of_accounts_that_are_readings_are_named_so(folder: Path) -> None:
    text = OLD_ACCOUNTS
    (folder / "accounts.yaml").write_text(text, encoding="utf-8")
    result = upgrade(folder)
    assert (folder / "accounts.yaml").read_text(encoding="utf-8") == NEW_ACCOUNTS
    assert [(e.line, e.old, e.new) for e in result.edits] == [
        (3, "", "kind: reading"),
        (6, "kind: voice", "kind: reading"),
        (10, "kind: pooled", "kind: reading"),
    ]


@pytest.mark.parametrize("kind", ["party", "monitor"])
def test_a_kind_that_was_two_things_is_left_with_its_line(
    folder: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    account = f"- {{id: red, title: As Red tells it,\n   kind: {kind}, voices: [red-spokesman]}}\n"
    (folder / "accounts.yaml").write_text(account, encoding="utf-8")
    before = contents(folder)
    with pytest.raises(SystemExit) as stopped:
        main(["upgrade", str(folder)])
    assert stopped.value.code == 1
    assert f"left: accounts.yaml:2: the account 'red' is of the old kind '{kind}'" in capsys.readouterr().err
    assert contents(folder) == before


def test_a_name_that_is_given_in_both_words_is_left(folder: Path) -> None:
    edit(folder / "actors.yaml", ", name: Red", ", name_ar: أحمر, name_local: أحمر, name: Red")
    result = upgrade(folder)
    assert [str(p).partition(";")[0] for p in result.left] == [
        "actors.yaml:1: the record has both name_ar and name_local"
    ]


def test_the_format_is_left_where_the_case_does_not_pass_with_it(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case")
    about = (folder / "case.yaml").read_bytes()
    result = upgrade(folder)
    assert (folder / "case.yaml").read_bytes() == about
    assert {e.file for e in result.edits} == {"accounts.yaml", "actors.yaml", "places.csv"}
    accused = [p for p in result.left if p.file == "events.csv"]
    assert accused
    assert all(p.line == 2 for p in accused)
    assert all("call standoff upgrade again" in p.hint for p in result.left)
    case, _ = read(folder)
    assert case is not None
    assert not case.errors
    assert all(a.kind == "reading" for a in case.accounts.values() if not a.is_record)


def test_errors_of_other_kinds_are_named_and_the_rest_is_rewritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(older(folder) / "commitments.yaml", "debtor: blue\n", "debtor: bleu\n")
    edit(folder / "commitments.yaml", "kind: maintain", "kind: maintian")
    with pytest.raises(SystemExit) as stopped:
        main(["upgrade", str(folder)])
    assert stopped.value.code == 1
    printed = capsys.readouterr()
    assert "actors.yaml:1: name_ar -> name_local" in printed.out
    assert "name_local" in (folder / "actors.yaml").read_text(encoding="utf-8")
    assert f"{folder}: 2 changes made, 0 left to you, 2 errors to mend" in printed.out
    for place in ("error: commitments.yaml:", "did you mean 'blue'?", "kind is 'maintian'"):
        assert place in printed.err
    assert "format: 2" not in (folder / "case.yaml").read_text(encoding="utf-8")
    with pytest.raises(SystemExit):  # nothing to rewrite any more, and still refused
        main(["upgrade", str(folder)])
    assert "0 changes made, 0 left to you, 2 errors to mend" in capsys.readouterr().out


def test_errors_of_a_case_of_this_edition_are_named_too(folder: Path) -> None:
    edit(folder / "events.csv", "2024-02-20,", "2024-02-30,")
    before = contents(folder)
    result = upgrade(folder)
    assert (result.edits, result.left) == ((), ())
    assert [(p.file, p.line) for p in result.errors] == [("events.csv", 2)]
    assert contents(folder) == before


def test_what_is_left_and_what_is_wrong_are_told_at_once(folder: Path) -> None:
    text = (folder / "accounts.yaml").read_text(encoding="utf-8").replace("kind: reading", "kind: party", 1)
    (folder / "accounts.yaml").write_text(text, encoding="utf-8")
    edit(folder / "events.csv", "2024-02-20,", "2024-02-30,")
    result = upgrade(folder)
    assert [p.file for p in result.left] == ["accounts.yaml"]
    assert "events.csv" in {p.file for p in result.errors}


def test_what_is_not_yaml_is_refused_with_its_line(folder: Path) -> None:
    edit(folder / "actors.yaml", "- {id: red", "\t- {id: red")
    before = contents(folder)
    with pytest.raises(StandoffError, match=r"actors.yaml:\d+: a tab indents this line"):
        upgrade(folder)
    assert contents(folder) == before


@pytest.mark.parametrize("name", [*shipped(), "empty"])
def test_a_case_of_today_is_left_as_it_is(name: str, tmp_path: Path) -> None:
    folder = start(tmp_path / "mine", name)
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    done = upgrade(folder)
    assert (done.edits, done.left, done.errors) == ((), (), ())
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()} == before
