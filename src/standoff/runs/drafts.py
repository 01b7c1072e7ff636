"""A draft agreement as a file of answers: its parties and clauses beside a case, and the draft played.

A clause names a template and answers its questions, or is a commitment as the case would hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from standoff.case.model import Actor, Case, refuse_errors
from standoff.case.parsing import record
from standoff.case.terms import Agreement, Commitment
from standoff.commitments.clauses import Draft, draft_clause
from standoff.errors import Problem, StandoffError
from standoff.files.yaml import Lines, read_yaml
from standoff.runs.proposal import DraftPlay, play_draft
from standoff.values import as_day


def read_answers(path: Path) -> tuple[Agreement | None, tuple[Actor, ...], list[dict[str, Any]]]:
    """Return the agreement, the new actors and the clauses of a file of answers. Raises StandoffError."""
    data, lines, problems = read_yaml(path, str(path))
    if problems:
        raise StandoffError(problems)
    keys = {"agreement", "actors", "clauses"}
    if not isinstance(data, dict) or not isinstance(data.get("clauses"), list) or set(data) - keys:
        what = "this is not a file of answers"
        raise StandoffError.of(
            what, file=str(path), expected="clauses: a list; agreement: its id, or a record if new; actors if new"
        )
    text: Agreement | None = None
    of_case = {"agreement": str(data["agreement"])} if isinstance(data.get("agreement"), str) else {}
    if data.get("agreement") and not of_case:
        text, problems = record(Agreement, data["agreement"], str(path), lines.inside["agreement"])
        if problems:
            raise StandoffError(problems)
    actors = []
    for number, item in enumerate(data.get("actors") or []):
        actor, more = record(Actor, item, str(path), lines.inside["actors"].inside[number])
        problems += more
        actors.append(actor)
    if problems:
        raise StandoffError(problems)
    clauses = []
    for number, item in enumerate(data["clauses"]):
        where = lines.inside["clauses"].inside[number]
        if not isinstance(item, dict):
            raise StandoffError.of(
                "a clause is not a record", file=str(path), line=where.line, expected="- template: ID"
            )
        clauses.append({**of_case, **item, "_file": str(path), "_lines": where})
    return text, tuple(actors), clauses


def drafts_of(case: Case, text: Agreement | None, clauses: list[dict[str, Any]]) -> Iterator[Draft]:
    """Yield the draft of each clause; what is wrong in any of them is told at once, with its line."""
    problems: list[Problem] = []
    drafts: list[Draft] = []
    for clause in clauses:
        file, lines = clause.pop("_file", "--set"), clause.pop("_lines", None)
        try:
            drafts.append(draft_clause(case, clause, text))
        except StandoffError as error:
            for p in error.problems:
                line = lines.at((p.file,)) if lines is not None else 0
                problems.append(Problem(file, line, f"{p.file}: {p.what}", p.expected, p.hint))
    if problems:
        raise StandoffError(problems)
    yield from drafts


def draft_of_file(case: Case, file: Path) -> tuple[Case, list[Commitment], str]:
    """Return the case with the parties of a draft, its clauses as commitments, and its title. Raises StandoffError."""
    text, actors, items = read_answers(file)
    new = {actor.id: actor for actor in actors if actor.id not in case.actors}
    case = replace(case, actors={**case.actors, **new})
    if text is not None and text.id not in case.agreements:
        case = replace(case, agreements={**case.agreements, text.id: text})
    own = [item for item in items if not item.get("template")]
    answered = [item for item in items if item.get("template")]
    problems: list[Problem] = []
    commitments: list[Commitment] = []
    rows = [({k: v for k, v in i.items() if k not in ("_file", "_lines")}, i["_lines"]) for i in own]
    rows += [(row, Lines(0)) for draft in drafts_of(case, text, answered) for row in draft.commitments]
    for row, lines in rows:
        commitment, wrong = record(Commitment, _plain(row), str(file), lines)
        problems += wrong
        if commitment is not None:
            commitments.append(commitment)
    if problems:
        raise StandoffError(problems)
    if not commitments:
        raise StandoffError.of("the draft has no clause", file=str(file), expected="one clause or more")
    return case, commitments, text.title if text is not None else f"The draft of {file.name}"


def _plain(value: Any) -> Any:
    """Return a record as a file has it: everything as texts."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool) or value is None else str(value)


def propose_from_file(
    case: Case,
    draft: str | Path,
    *,
    accounts: str | Sequence[str] = (),
    start: date | str | None = None,
    days: int | None = None,
    trajectories: int = 500,
    seed: int = 1,
    each: bool = False,
    executor: Executor | None = None,
) -> DraftPlay:
    """Play a draft agreement: which clauses the model can play, who complies, what changes with it and without it.

    Parameters
    ----------
    case : Case
        A case with options.
    draft : str or Path
        A YAML file with ``clauses``, as for ``standoff clause CASE --answers FILE``; ``agreement`` and ``actors`` if
        they are new.
    accounts, start, days, trajectories, seed
        As of `simulate`.
    each : bool
        Also play the draft without each clause that the model can play.
    executor : Executor, optional
        What plays batches; the result does not depend on it.

    Returns
    -------
    DraftPlay
        What each clause is to the options of the model, compliance, and the differences.

    Raises
    ------
    StandoffError
        For a file that is none of clauses, with file and line, and as a run does.

    Examples
    --------
    >>> import tempfile, standoff as so
    >>> clause = "{id: quiet, kind: maintain, title: No raids, debtor: russia, creditor: turkey, from: 2019-12-01, "
    >>> clause += "forbid: {type: airstrike, actor: russia}}"
    >>> with tempfile.TemporaryDirectory() as work:
    ...     path = Path(work) / "draft.yaml"
    ...     _ = path.write_text(f"clauses: [{clause}]")
    ...     play = so.propose(so.load("idlib"), path, accounts="pooled", trajectories=8, days=5)
    >>> [clause.id for clause in play.clauses]
    ['quiet']
    """
    refuse_errors(case)
    whole, clauses, title = draft_of_file(case, Path(draft))
    return play_draft(
        whole,
        clauses,
        title=title,
        accounts=(accounts,) if isinstance(accounts, str) else tuple(accounts),
        start=as_day(start, "start"),
        days=days,
        trajectories=trajectories,
        seed=seed,
        each=each,
        executor=executor,
    )
