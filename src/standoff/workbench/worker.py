"""One run in a process of its own: asked on standard input, told on standard output, one JSON object a line.

A crash, a lack of memory or a kill ends this process only; the workbench that started it goes on.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from standoff.cores import one_thread_each


def tell(**said: Any) -> None:
    """Say one thing to whoever started this process."""
    print(json.dumps(said), flush=True)


def work(asked: dict[str, Any]) -> None:
    """Run what was asked and write its folder. Raises StandoffError when the case or the spec is refused."""
    one_thread_each()
    from standoff.case.read import load
    from standoff.runs import ensemble
    from standoff.runs.folder import write_run
    from standoff.runs.spec import make_spec
    from standoff.runs.summary import summarise
    from standoff.views.report import report

    tell(stage="reading the case")
    case = load(asked["case"])
    spec = make_spec(
        case,
        accounts=tuple(asked["accounts"]),
        scenarios=tuple(asked["scenarios"]),
        trajectories=int(asked["trajectories"]),
        days=int(asked["days"]),
        seed=int(asked["seed"]),
        batch=50,
    )
    made = ensemble.make_plan(case, spec)
    tell(stage="playing forward")
    with ensemble.workers(int(asked["workers"])) as pool:
        results = ensemble.run_plan(made, executor=pool, tell=lambda done, total: tell(done=done, total=total))
    tell(stage="writing the report")
    run = summarise(case, made, results)
    write_run(run, Path(asked["out"]), force=True, extra={"report.html": report(case, run)})
    tell(stage="done")


def main() -> int:
    """Read the question, work, and return the exit status."""
    from standoff.errors import StandoffError

    try:
        work(json.load(sys.stdin))
    except StandoffError as error:
        tell(problems=[str(p) for p in error.problems])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
