"""A short corpus of broken inputs, the same each time; ``make fuzz`` tries them by the ten thousand.

Hypothesis draws the breaks, so that an input which fails is shrunk to a small one.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from broken_input import Reader, Workbench, broken, play
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

QUICK = ("import, acled.csv", "import, ged.csv", "annotations", "boundaries", "figures in HXL", "Flee settings",
         "standard input", "import, dtm.csv", "text to read")  # fmt: skip
SLOW = ("case, YAML", "case, CSV", "case, GeoJSON", "case, scenarios", "case, stories", "case, mapping.yaml",
        "case, incidents.yaml", "Flee folder", "run folder", "import, acled.xlsx", "import, acled.zip")  # fmt: skip
RUNS = 12  # inputs of a quick reader; a third of it of the others


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench(tmp_path_factory.mktemp("fuzz"))


@pytest.fixture(scope="module")
def readers(bench: Workbench) -> dict[str, Reader]:
    return {reader.name: reader for reader in bench.readers()}


@pytest.fixture
def limit() -> Iterator[None]:
    """Stop an input that hangs: half a minute of the processor, for machines that are slow."""

    def stop(*_: object) -> None:
        raise TimeoutError("this input hangs")

    old = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, 30)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, old)


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize("name", [*QUICK, *SLOW])
def test_a_broken_input_is_read_or_refused_in_a_line(readers: dict[str, Reader], name: str) -> None:
    reader = readers[name]
    outcomes = set()
    for number in range(RUNS if name in QUICK else RUNS // 3):
        quiet = Reader(reader.name, reader.files, reader.read)  # the commands after it are for the long run
        outcomes.add(play(quiet, random.Random(f"suite {name} {number}")))
    assert outcomes <= {"read", "refused"}
    assert "refused" in outcomes


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(dice=st.randoms(use_true_random=False), data=st.sampled_from(["acled.csv", "notes.json", "figures.csv"]))
def test_hypothesis_finds_no_other_end(readers: dict[str, Reader], dice: random.Random, data: str) -> None:
    assert play(Reader(data, readers[f"import, {data}"].files, readers[f"import, {data}"].read), dice) in (
        "read",
        "refused",
    )


@pytest.mark.parametrize("number", range(3))
def test_commands_stand_what_was_accepted(readers: dict[str, Reader], number: int) -> None:
    reader = readers["case, texts"]
    assert play(reader, random.Random(f"used {number}")) in ("read", "refused")


def test_breaking_is_the_same_each_time_and_changes_the_file(bench: Workbench) -> None:
    for path in (
        bench.case / "claims.yaml",
        bench.files["acled.csv"],
        bench.files["acled.xlsx"],
        bench.files["notes.json"],
    ):
        data = path.read_bytes()
        first = [broken(data, path.suffix, random.Random(n)) for n in range(8)]
        assert first == [broken(data, path.suffix, random.Random(n)) for n in range(8)]
        assert sum(one != data for one in first) >= 6


def test_a_file_is_as_it_was_after_it_was_broken(readers: dict[str, Reader]) -> None:
    reader = readers["annotations"]
    (path,) = reader.files
    before = Path(path).read_bytes()
    play(reader, random.Random(1))
    assert path.read_bytes() == before
