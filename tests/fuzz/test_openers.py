"""Pipes, devices, links, deep and endless inputs: every reader ends at once, with an error in one line."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from broken_input import Workbench, plain

from standoff.errors import StandoffError
from standoff.evidence.coding_sheet import coverage
from standoff.evidence.library import document_text
from standoff.files.opener import read_standard_input
from standoff.reading.propose import propose
from standoff.reading.prose_lines import MOST_LETTERS, portioned


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench(tmp_path_factory.mktemp("doors"))


def _stop(*_: object) -> None:
    raise TimeoutError("this reader waits")


@pytest.fixture(autouse=True)
def limit() -> Iterator[None]:
    old = signal.signal(signal.SIGALRM, _stop)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, old)


READERS = ("import, acled.csv", "figures in HXL", "boundaries", "annotations", "text to read", "Flee settings")
ENDLESS: dict[str, bytes] = {
    "letters": b"a" * 10**6,
    "words": b"he said " * 125_000,
    "digits": b"9" * 10**6,
    "brackets": b"[" * 10**6,
    "braces": b'{"a":' * 10**5,
    "quotes": b'"' * 999_999,
    "zero bytes": bytes(10**6),
    "laughs": b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
    "a number": b'{"type": "FeatureCollection", "features": ' + b"9" * 400 + b"}",
    "no text": b"\xff\xfe\xfd" * 1000,
}


def reader_of(bench: Workbench, name: str) -> Callable[[Path], object]:
    from standoff.intake.annotations import read_annotations
    from standoff.intake.boundaries import read_boundaries
    from standoff.intake.hxl import read_observed

    return {
        "import, acled.csv": bench.batch, "figures in HXL": read_observed, "boundaries": read_boundaries,
        "annotations": read_annotations, "text to read": bench.text, "Flee settings": bench.settings,
    }[name]  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_a_reader_waits_for_no_pipe_and_reads_no_device(bench: Workbench, tmp_path: Path, name: str) -> None:
    read = reader_of(bench, name)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for path in (tmp_path / "pipe", tmp_path / "device", tmp_path / "circle", tmp_path, tmp_path / "nothing"):
        with pytest.raises(StandoffError) as caught:
            read(path)
        assert plain(caught.value) == 1
        assert len(str(caught.value).split("\n")) == 1


@pytest.mark.parametrize("name", READERS)
def test_a_reader_ends_with_what_is_endless(bench: Workbench, tmp_path: Path, name: str) -> None:
    read = reader_of(bench, name)
    for kind, data in ENDLESS.items():
        path = tmp_path / "file"
        path.write_bytes(data)
        try:
            read(path)
        except StandoffError as error:
            assert plain(error) == 1, kind


@pytest.mark.parametrize("name", ["coding.csv", "library/observer-2024-02-28.txt"])
def test_files_beside_the_records_are_plain_files_too(bench: Workbench, name: str) -> None:
    from standoff.case.read import read_records

    path = bench.case / name
    data = path.read_bytes()
    case, _ = read_records(bench.case)
    assert case is not None
    path.unlink()
    os.mkfifo(path)
    try:
        if name == "coding.csv":
            with pytest.raises(StandoffError, match=r"coding\.csv"):
                coverage(case)
        else:
            told = document_text(case, case.documents["observer-2024-02-28"])
            assert "this is not a plain file" in str(told)
    finally:
        path.unlink()
        path.write_bytes(data)


def test_standard_input_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/zero").open("rb") as zeros:
        monkeypatch.setattr("sys.stdin", type("Input", (), {"buffer": zeros}))
        with pytest.raises(StandoffError, match="more than 1 MB come in"):
            read_standard_input(2**20)


def test_a_long_line_is_read_in_portions_with_every_offset_as_it_was() -> None:
    sentence = 'The ministry said on 3 March that 35 people were killed. "We will answer," the spokesman said. '
    text = sentence * 60
    read = portioned(text)
    assert len(read) == len(text)
    assert max(map(len, read.split("\n"))) <= MOST_LETTERS
    assert read.replace("\n", " ") == text
    assert all(part.rstrip()[-1] in '."' for part in read.split("\n"))
    assert all(part.count('"') % 2 == 0 for part in read.split("\n"))
    found = propose(text)
    assert all(one.words in text for one in found.proposals[:50])


def test_short_lines_stay_whole_and_what_is_no_word_is_left_out() -> None:
    text = "One line.\n\nAnother line.\n"
    assert portioned(text) is text
    assert portioned("a" * 9000).strip() == ""
