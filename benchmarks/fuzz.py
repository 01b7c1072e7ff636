"""Broken inputs by the thousand: every reader refuses or reads them, and never fails in another way.

``make fuzz`` breaks the files of the template, a Flee folder, a run folder and made-up tables in turn (bytes, tokens,
lines, values, structure), with a seed, and prints what was read, refused, and failed. It exits 1 after a failure.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from standoff.case.read import TEMPLATE
from standoff.errors import StandoffError

FLEE = Path(__file__).parents[1] / "tests" / "people" / "flee" / "made_up"
LIMIT = 20  # seconds an input may take
TOKENS = (
    "nan", "NaN", ".nan", "inf", "-inf", "Infinity", "1e400", "1e308", "-1", "-0.5", "0", "5", "9" * 30, "9" * 400,
    "9" * 5000, "9999-12", "9999-12-31", "0025-03-10", "0000-01-01", "2024-13-01", "true", "null", "[]", "{}", "''",
    "&a", "*a", "!!python/x", "\u2028", "\u202e", "\x00", "\ufeff", "'", '"', "[" * 50, "a" * 5000, "é", "1,000", "50%",
)  # fmt: skip
MADE_UP: dict[str, str] = {
    "figures.csv": "date,place,people\n#date,#loc+name,#affected+idps\n2024-02-14,Rivertown,1200\n2024-02-20,Camp,30\n",
    "areas.geojson": '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"ADM3_PCODE": '
    '"XX0101", "ADM3_EN": "Made up"}, "geometry": {"type": "Polygon", "coordinates": [[[10, 40], [11, 40], [11, 41], '
    "[10, 40]]]}}]}",
    "notes.json": '{"type": "Annotation", "id": "x", "target": {"source": "y", "selector": {"type": '
    '"FragmentSelector", "value": "line=3,4"}}, "standoff:claim": {"id": "c", "text": "made up", "chain": ["a"], '
    '"says": {"quantity": "people", "measure": "deaths", "value": 5}, "at": [{"paragraph": 3, "anchor": "x"}]}}',
    "settings.yml": "spawn_rules:\n  take_from_population: false\nmove_rules:\n  max_move_speed: 360.0\n"
    "  camp_movechance: 0.001\n  conflict_spawn_decay: [1.0, 0.5]\noptimisations:\n  hasten: 1\n",
    "text.txt": "The ministry said on 3 March 2020 that 35 people were killed and 2.5 million displaced by the fire.\n",
}


def broken(data: bytes, dice: random.Random) -> bytes:
    """Return a file with one to three changes."""
    for _ in range(dice.randint(1, 3)):
        how = dice.randrange(6)
        text = data.decode("utf-8", errors="surrogateescape")
        at = dice.randrange(len(data) + 1)
        if how == 0:
            data = data[:at] + bytes([dice.randrange(256)]) + data[at + dice.randint(0, 1) :]
            continue
        if how == 1:  # a number or word becomes a token
            words = [i for i, c in enumerate(text) if c.isalnum() and (i == 0 or not text[i - 1].isalnum())]
            if words:
                start = dice.choice(words)
                end = start
                while end < len(text) and (text[end].isalnum() or text[end] in ".-"):
                    end += 1
                text = text[:start] + dice.choice(TOKENS) + text[end:]
        elif how == 2:  # a value after a colon or between commas becomes a token
            marks = [i for i, c in enumerate(text) if c in ":,"]
            if marks:
                start = dice.choice(marks) + 1
                end = min((e for c in ",\n]}" if (e := text.find(c, start)) >= 0), default=len(text))
                text = text[:start] + " " + dice.choice(TOKENS) + text[end:]
        elif how == 3:
            lines = text.split("\n")
            i, j = dice.randrange(len(lines)), dice.randrange(len(lines))
            lines[i], lines[j] = (lines[j], lines[i]) if dice.random() < 0.5 else (lines[j], lines[j])
            text = "\n".join(lines)
        elif how == 4:
            text = text[: dice.randrange(len(text) + 1)]
        else:
            spot = dice.randrange(len(text) + 1)
            text = text[:spot] + dice.choice(TOKENS) + text[spot:]
        data = text.encode("utf-8", errors="surrogateescape")
    return data


Reader = Callable[[Path], object]


def readers(work: Path) -> Iterator[tuple[str, list[Path], Reader]]:
    """Yield each reader with the sound files it reads, under ``work``."""
    from standoff.case.read import load, read
    from standoff.commitments.monitor import evaluate
    from standoff.formats.annotation import read_annotations
    from standoff.intake.boundaries import read_boundaries
    from standoff.intake.hxl import read_observed
    from standoff.people.flee.folder import Finds, read_folder
    from standoff.people.flee.rules import FleeRules
    from standoff.people.flee.scenario import scenario_of
    from standoff.people.flee.series import read_series
    from standoff.people.flee.settings import read_settings
    from standoff.runs.ensemble import make_plan, run_plan
    from standoff.runs.folder import load_run
    from standoff.runs.spec import make_spec
    from standoff.runs.summary import summarise
    from standoff.views.findings import findings
    from standoff.views.maps import region_map
    from standoff.workbench.futures import shown

    sound = load(work / "case")

    def checked(_: Path) -> object:
        case, problems = read(work / "case")
        if case is None or any(p.severity == "error" for p in problems):
            raise StandoffError(problems)
        if not case.options:
            return None
        made = make_plan(case, make_spec(case, trajectories=2, days=5))  # what passes check can be run
        return summarise(case, made, run_plan(made)), region_map(case), evaluate(case, on=case.about.start.end)

    def drawn(_: Path) -> object:
        found = load_run(work / "run")
        return shown(sound, found, "pooled", ""), findings(sound, found)

    def flee(_: Path) -> object:
        folder = read_folder(work / "flee" / "input")
        series = read_series(work / "flee" / "data", folder)
        return scenario_of(folder, series, FleeRules())

    def settings(path: Path) -> object:
        finds = Finds()
        read_settings(path, finds)
        return finds.raise_errors()

    def text(path: Path) -> object:
        from standoff.reading.propose import as_claims, propose
        from standoff.reading.texts import open_text

        return as_claims(propose(open_text(path), None, None), None)

    case = [p for p in (work / "case").rglob("*") if p.suffix in {".yaml", ".csv", ".geojson"}]
    yield "case", case, checked
    if (work / "run").is_dir():
        yield "run folder", [*(work / "run").glob("*.csv"), work / "run" / "run.json"], drawn
    if (work / "flee").is_dir():
        yield "Flee folder", [*(work / "flee").rglob("*.csv")], flee
    for name, reader in (
        ("figures.csv", read_observed), ("areas.geojson", read_boundaries), ("notes.json", read_annotations),
        ("settings.yml", settings), ("text.txt", text),
    ):  # fmt: skip
        yield name, [work / name], reader


def _stop(_: int, __: FrameType | None) -> None:
    raise TimeoutError(f"more than {LIMIT} s")


def prepared(work: Path) -> None:
    """Write the sound files: the template with a zone, a run of it, and what is made up above."""
    from click.testing import CliRunner

    from standoff.cli import cli

    shutil.copytree(TEMPLATE, work / "case")
    zone = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "z", "buffer_km": 5}, '
    zone += '"geometry": {"type": "Polygon", "coordinates": [[[10.5, 40.5], [11.5, 40.5], [11.5, 41.5], [10.5, 40.5]]]}'
    zone += "}]}"
    (work / "case" / "zones.geojson").write_text(zone)
    if FLEE.is_dir():
        shutil.copytree(FLEE, work / "flee")
    for name, text in MADE_UP.items():
        (work / name).write_text(text, encoding="utf-8")
    asked = ["run", str(work / "case"), "-n", "10", "--days", "10", "--workers", "1", "--out", str(work / "run")]
    CliRunner().invoke(cli, asked)


def main() -> int:
    """Break and read, and print a line a reader; 1 after a failure."""
    options = argparse.ArgumentParser()
    options.add_argument("-n", type=int, default=200, help="inputs a reader")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", action="store_true", help="print what fails, and the traceback")
    given = options.parse_args()
    warnings.simplefilter("error")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        prepared(work)
        signal.signal(signal.SIGALRM, _stop)
        for name, files, reader in readers(work):
            dice = random.Random(f"{given.seed} {name}")
            counts: Counter[str] = Counter()
            where: Counter[str] = Counter()
            for _ in range(given.n):
                path = dice.choice(files)
                sound = path.read_bytes()
                path.write_bytes(broken(sound, dice))
                signal.alarm(LIMIT)
                try:
                    reader(path)
                    counts["read"] += 1
                except StandoffError:
                    counts["refused"] += 1
                except Exception as error:
                    counts["failed"] += 1
                    last = traceback.extract_tb(error.__traceback__)[-1]
                    if given.show:
                        print(path.read_text(encoding="utf-8", errors="replace")[:3000])
                        traceback.print_exc()
                    where[f"{type(error).__name__} {Path(last.filename).name}:{last.lineno} ({path.name})"] += 1
                finally:
                    signal.alarm(0)
                    path.write_bytes(sound)
            told = ", ".join(f"{counts[word]} {word}" for word in ("read", "refused", "failed"))
            print(f"{name}: {given.n} inputs, {told}")
            for what, many in where.most_common():
                print(f"  {many} times {what}")
            failed += counts["failed"]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
