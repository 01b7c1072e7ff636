"""Documents taken into a case by the command. Texts are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standoff.case.read import load, start
from standoff.cli import main
from standoff.evidence.library import excerpts
from standoff.exports.annotation import to_annotations

WORDS = (
    "The commander of Red said on Friday that his troops would leave the bridge by the end of the month.\n"
    "Nobody was hurt in the town, and the market was open, as it has been for a week.\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words.txt").write_text(WORDS, encoding="utf-8")
    return start(tmp_path / "case")


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    main([str(word) for word in words])
    return capsys.readouterr().out


def state(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file() and ".standoff" not in p.parts}


def test_what_is_known_and_what_is_not_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(folder)
    out = run(capsys, "add-document", folder, folder.parent / "words.txt", "--dry-run")
    assert "day        not known; say it with --date" in out and "nothing was written (--dry-run)" in out
    assert state(folder) == before
    out = run(
        capsys, "add-document", folder, folder.parent / "words.txt", "--date", "2024-03-01", "--source", "observer",
        "--title", "Red leaves the bridge", "--author", "Mary Example", "--address", "https://observer.example/1",
    )  # fmt: skip
    assert "not known" not in out and f"next: standoff review {folder}" in out
    document = load(folder).documents["observer-2024-03-01"]
    assert document.author == ("mary-example",) and (folder / "library" / document.file).read_text() == WORDS
    again = state(folder)
    assert "nothing changes" in run(capsys, "add-document", folder, folder.parent / "words.txt")
    assert state(folder) == again


def test_a_folder_is_taken_in_whole_or_not_at_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = folder.parent / "files"
    files.mkdir()
    (files / "a.txt").write_text(WORDS, encoding="utf-8")
    (files / "b.txt").write_text(WORDS.replace("Red", "Blue"), encoding="utf-8")
    (files / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    before = state(folder)
    with pytest.raises(SystemExit):
        main(["add-document", str(folder), str(files)])
    assert "this is a picture" in capsys.readouterr().err and state(folder) == before
    answer = json.loads(run(capsys, "add-document", folder, files, "--skip-bad", "--json"))
    assert [one["written"] for one in answer["documents"]] == [True, True]
    assert [one["document"]["id"] for one in answer["documents"]] == ["a-txt-undated", "b-txt-undated"]
    assert len(answer["left_out"]) == 1
    with pytest.raises(SystemExit):
        main(["add-document", str(folder), str(files), "--title", "One title"])
    assert "said of 3 files at once" in capsys.readouterr().err


def test_words_that_may_not_be_passed_on_are_in_no_output(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(
        capsys, "add-document", folder, folder.parent / "words.txt", "--restricted", "--date", "2024-03-01",
        "--source", "observer",
    )  # fmt: skip
    claims = folder / "claims.yaml"
    claims.write_text(
        claims.read_text(encoding="utf-8")
        + "- id: c-leaves\n  text: Red says that it leaves.\n  document: observer-2024-03-01\n  realis: promised\n"
        "  chain: [observer, red-spokesman]\n  voice: paraphrase\n  at: {paragraph: 1, anchor: troops would leave}\n"
        "  says: {assessment: withdrawal}\n",
        encoding="utf-8",
    )
    assert "troops would leave the bridge" not in json.dumps(to_annotations(load(folder), in_text=True))
    case = load(folder)
    assert excerpts(case, case.claims["c-leaves"]) == ()
    monkeypatch.setenv("STANDOFF_RESTRICTED", "show")
    (place,) = excerpts(case, case.claims["c-leaves"])
    assert place.words == "troops would leave" and place.before.endswith("that his ")
