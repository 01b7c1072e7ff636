"""One run in a process of its own: asked on standard input, told on standard output, one JSON object a line.

It ends with the workbench, which keeps its standard input open.

A crash, a lack of memory or a kill ends this process only; the workbench that started it goes on.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from standoff.cores import end_with_input, one_thread_each


def report_progress(**message: Any) -> None:
    """Say one thing to whoever started this process."""
    print(json.dumps(message), flush=True)


def work(request: dict[str, Any]) -> None:
    """Run what was asked and write its folder. Raises StandoffError when the case or the spec is refused."""
    one_thread_each()
    from standoff.case.read import load
    from standoff.runs import ensemble
    from standoff.runs.folder import write_run
    from standoff.runs.spec import make_spec
    from standoff.runs.summary import summarise
    from standoff.views.report import report

    with ensemble.workers(int(request["workers"])) as pool:
        report_progress(stage="reading the case")
        case = load(request["case"])
        spec = make_spec(
            case,
            accounts=tuple(request["accounts"]),
            scenarios=tuple(request["scenarios"]),
            trajectories=int(request["trajectories"]),
            days=int(request["days"]),
            seed=int(request["seed"]),
            batch=50,
        )
        plan = ensemble.make_plan(case, spec, level=True, present=True)
        report_progress(stage="playing forward")
        results = ensemble.run_plan(plan, executor=pool, tell=lambda done, of: report_progress(done=done, total=of))
    report_progress(stage="writing the report")
    run = summarise(case, plan, results)
    write_run(run, Path(request["out"]), force=True, extra={"report.html": report(case, run)})
    report_progress(stage="done")


def answer() -> int:
    """Read the question, work, and return the exit status."""
    from standoff.errors import StandoffError

    try:
        request = json.loads(sys.stdin.readline())
        end_with_input()  # the workbench holds the other end until it ends
        work(request)
    except StandoffError as error:
        report_progress(problems=[str(p) for p in error.problems])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(answer())
