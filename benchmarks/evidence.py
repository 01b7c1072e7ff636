"""Evidence at size: loading and checking 10,000 claims, comparing them, and finding anchors again after edits.

Every case, claim and text here is made up. Bars: load and check under 5 s, compare_claims under 10 s, every planted
contradiction found with its reason and nothing else.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import combinations, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from claim_pairs import KINDS, planted, with_claims
from evidence_case import read_case, write_case

from standoff.case.checks import check
from standoff.case.read import read
from standoff.evidence.contradictions import compare_claims, contradictions, differences

CLAIMS = 10_000


def timed(work: Callable[[], Any], n: int = 3) -> tuple[str, Any]:
    """Run some work n times; return the medians of elapsed and processor time in words, and the last result."""
    elapsed, used, result = [], [], None
    for _ in range(n):
        start, cpu = time.perf_counter(), time.process_time()
        result = work()
        elapsed.append(time.perf_counter() - start)
        used.append(time.process_time() - cpu)
    return f"{statistics.median(elapsed):6.2f} s ({statistics.median(used):.2f} s of processor)", result


def written(number: int) -> str:
    rng = random.Random(number)
    document = rng.choice(["one-1", "one-2", "two-1"])
    teller = "bob" if document == "two-1" else "ann"
    return (
        f"- id: g-{number}\n  document: {document}\n"
        f'  at: {{paragraph: {rng.randint(1, 5)}, anchor: "invented words {number}"}}\n'
        f"  text: An invented statement, number {number}.\n  chain: [{teller}, wire]\n  voice: paraphrase\n"
        f"  says: {{quantity: thing-{rng.randint(0, 500)}, measure: deaths, value: {rng.randint(1, 100)}, of: a, "
        f"as_of: 2001-02-{rng.randint(1, 28):02d}}}\n"
    )


def loading(folder: Path) -> None:
    from standoff.case.checks import check_room

    write_case(folder, {"claims/many.yaml": "".join(written(k) for k in range(CLAIMS))})

    def load() -> int:
        case, problems = read(folder)
        assert case is not None, problems[:3]
        return len(check(case)) + len(check_room(case, "evidence"))

    seconds, problems = timed(load)
    print(f"load and check {CLAIMS:,} claims     {seconds}; median of 3, bar 5 s; {problems} problems")


def comparing(folder: Path) -> None:
    base = read_case(folder)
    pairs = [planted(KINDS[k % len(KINDS)], k) for k in range(CLAIMS // 2)]
    case = with_claims(base, [c for pair in pairs for c in (pair.first, pair.second)])
    seconds, found = timed(lambda: contradictions(case))
    expected = {frozenset((p.first.id, p.second.id)): p.reason for p in pairs if p.reason}
    got = {frozenset((p.first, p.second)): p.reason for p in found}
    right = sum(got.get(pair) == reason for pair, reason in expected.items())
    spare = len(got.keys() - expected.keys())
    print(f"compare_claims {len(case.claims):,} claims, spread   {seconds}; median of 3, bar 10 s")
    print(f"  planted {len(expected)}, found with the right reason {right}, found beside them {spare}")
    seconds, shown = timed(lambda: differences(case))
    print(f"  differences                  {seconds}; {len(shown)} shown")
    loaded, _ = read(folder.parent / "loaded")
    assert loaded is not None
    seconds, found = timed(lambda: contradictions(loaded))
    print(f"compare_claims {len(loaded.claims):,} claims, crowded  {seconds}; {len(found):,} pairs on 501 things")
    some = list(islice(case.claims.values(), 1000))
    seconds, _ = timed(lambda: [compare_claims(case, a, b) for a, b in combinations(some, 2)], 1)
    print(f"all pairs of 1,000 claims       {seconds}; x 100 for 10,000: why claims are put in blocks")


def anchoring() -> None:
    from test_anchors import refind_after_edits

    for name, texts, how in (
        ("a letter", 5, {}),
        ("3 to 9 letters, outside the quotes", 25, {"by_word": True, "elsewhere": True}),
        ("3 to 9 letters, anywhere", 5, {"by_word": True}),
    ):
        right, rough, wrong, lost, seconds = refind_after_edits(seed=1, texts=texts, **how)
        total = right + rough + wrong + lost
        print(
            f"anchors after 200 edits of {name}: {right} of {total} found, {rough} with rough ends (reported changed), "
            f"{wrong} wrong, {lost} reported lost; {1000 * seconds / total:.0f} ms each"
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        loading(Path(folder) / "loaded")
        comparing(Path(folder) / "planted")
    anchoring()


if __name__ == "__main__":
    main()
