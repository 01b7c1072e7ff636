"""What is run: everything that decides the result, and nothing that does not (such as the number of workers)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from standoff.case.checks import AFTER
from standoff.case.claims import RECORD
from standoff.case.model import Case
from standoff.commitments.patterns.pattern import changing_ties
from standoff.errors import Problem, StandoffError, nearest
from standoff.world.choice_rules import LOGIT, ChoiceRule, name_of_rule, rule_of

MODES = ("simultaneous", "sequential", "equilibrium")
BELIEFS = ("adaptive", "consistent")
ABLATIONS = ("none", "off", "shuffled")
PARAMETERS = ("drawn", "fixed")
MOST_DAYS = 1000
MOST_TRAJECTORIES = 200_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Spec:
    """One ensemble: ``trajectories`` for each account and scenario, in batches of ``batch``, from ``start`` on.

    Only what was known on ``as_of`` is read. ``mode`` is the order of moves; ``ablation`` leaves commitments out of the
    choices (``off``) or shuffles which option meets which condition (``shuffled``). ``mixed`` adds a set of
    trajectories whose answers are drawn dispute by dispute, from which disputes are ranked; ``answers`` plays these
    once more for each dispute, with another of its answers and nothing else changed. ``beliefs`` are counts of
    the record or the model's own chances. ``parameters`` are drawn for each trajectory from what the case declares not
    to know (margins.py), or fixed at its values. ``choice_rule`` names what turns values into chances
    (`standoff.world.choice_rules`); run.json says it where it is not the logit.
    """

    start: date
    days: int
    accounts: tuple[str, ...]
    scenarios: tuple[str, ...] = ("baseline",)
    trajectories: int = 1000
    seed: int = 1
    batch: int = 500
    as_of: date
    mode: str = "simultaneous"
    ablation: str = "none"
    mixed: bool = False
    beliefs: str = "adaptive"
    parameters: str = "drawn"
    choice_rule: str = LOGIT
    answers: bool = False

    def __repr__(self) -> str:
        columns = f"{len(self.accounts)} accounts x {len(self.scenarios)} scenarios"
        return f"<Spec {columns}, {self.days} days from {self.start}, n = {self.trajectories:,}, seed {self.seed}>"

    def as_json(self) -> dict[str, Any]:
        """Return the spec as plain values."""
        record = asdict(self)
        record["start"], record["as_of"] = self.start.isoformat(), self.as_of.isoformat()
        record["accounts"], record["scenarios"] = list(self.accounts), list(self.scenarios)
        if self.choice_rule == LOGIT:  # the usual rule: the record of a run is what it was before there were others
            del record["choice_rule"]
        if not self.answers:  # so that runs without it are what they were
            del record["answers"]
        return record

    def digest(self, case: Case) -> str:
        """Return a short hash of the spec and the case: what finished batches are kept under."""
        text = json.dumps([self.as_json(), case.digest], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Trajectories in each batch."""
        full, rest = divmod(self.trajectories, self.batch)
        return (self.batch,) * full + ((rest,) if rest else ())


def usual_batch(trajectories: int) -> int:
    """Return the size of batches: 500, and even ones of up to 1,000 where there are more than 2,000 trajectories.

    Large batches take a tenth less time, since each call into NumPy serves more trajectories; small ones share the work
    out better.
    """
    return 500 if trajectories <= 2000 else -(-trajectories // -(-trajectories // 1000))


def make_spec(
    case: Case,
    *,
    accounts: tuple[str, ...] = (),
    scenarios: tuple[str, ...] = (),
    start: date | None = None,
    days: int | None = None,
    trajectories: int = 1000,
    seed: int = 1,
    batch: int | None = None,
    as_of: date | None = None,
    mode: str = "simultaneous",
    ablation: str = "none",
    mixed: bool = False,
    beliefs: str = "adaptive",
    parameters: str = "drawn",
    choice_rule: str | ChoiceRule = LOGIT,
    answers: bool = False,
) -> Spec:
    """Return a spec with the case's defaults. Raises StandoffError with everything that is out of bounds or unknown.

    ``batch`` is `usual_batch` where none is given.
    """
    from standoff.runs.scenario import scenario_named

    problems = []
    begin = start or case.about.start.start or date.min
    length = case.about.days if days is None else days
    batch = usual_batch(trajectories) if batch is None else batch
    for name in accounts:
        able = [a.id for a in case.accounts.values() if not a.is_statement]
        if name not in case.accounts:
            what, hint = f"there is no account {name!r}", nearest(name, able)
            problems.append(Problem("--account", 0, what, ", ".join(able), hint))
        elif case.accounts[name].is_statement:
            what = f"{name!r} is a statement account ({case.accounts[name].title}): not a version of all that happened"
            problems.append(Problem("--account", 0, what, f"the record or a reading: {', '.join(able)}"))
    for name in scenarios:
        try:
            scenario = scenario_named(case, name)
        except StandoffError as error:
            problems += error.problems
            continue
        for change in scenario.changes if name not in case.scenarios else ():
            first = change.from_.start if change.from_ else None
            if first is not None and first >= begin + timedelta(days=max(length, 1)):
                what = (
                    f"{change.shut or change.open} from {first}: after the run, which is of {length} days from {begin}"
                )
                problems.append(Problem("--scenario", 0, what, "a day of the run (--start, --days)"))
    for option, value, low, high in (
        ("--days", length, 1, MOST_DAYS),
        ("-n", trajectories, 1, MOST_TRAJECTORIES),
        ("--seed", seed, 0, 2**63 - 1),
        ("--batch", batch, 1, 10_000),
    ):
        if not low <= value <= high:
            problems.append(Problem(option, 0, f"{value} is out of bounds", f"from {low} to {high}"))
    for option, word, words in (
        ("--mode", mode, MODES),
        ("--ablation", ablation, ABLATIONS),
        ("--beliefs", beliefs, BELIEFS),
        ("--fixed-parameters", parameters, PARAMETERS),
    ):
        if word not in words:
            problems.append(Problem(option, 0, f"{word!r} is unknown", ", ".join(words), nearest(word, words)))
    try:
        rule_of(choice_rule)
    except StandoffError as error:
        problems += [replace(problem, file="--choice-rule") for problem in error.problems]
    if mode == "equilibrium" and name_of_rule(choice_rule) != LOGIT:
        what = f"answers to answers are traced from the logit, not from {name_of_rule(choice_rule)!r}"
        problems.append(Problem("--mode", 0, what, "simultaneous or sequential with another choice rule"))
    first, last = case.about.period.start, case.about.period.end
    if (first and begin < first) or (last and begin > last + AFTER):
        what = f"{begin} lies outside the record"
        problems.append(Problem("--start", 0, what, f"a day from {first} to a year after {last}"))
    if as_of is not None and as_of > begin:
        problems.append(Problem("--as-of", 0, f"{as_of} is after the start {begin}", "a day up to the start"))
    for tie in changing_ties(case, begin, begin + timedelta(days=length)) if 1 <= length <= MOST_DAYS else ():
        what = f"it changes while the run lasts: {tie}; simulated days take who belongs to whom as on {begin}"
        expected = "a run within days on which no membership, alliance or list changes (--start, --days)"
        problems.append(Problem("actors.yaml", 0, what, expected))
    if problems:
        raise StandoffError(problems)
    return Spec(
        start=begin,
        days=length,
        accounts=tuple(dict.fromkeys(accounts)) or default_accounts(case),
        scenarios=tuple(dict.fromkeys(scenarios)) or ("baseline",),
        trajectories=trajectories,
        seed=seed,
        batch=batch,
        as_of=as_of or begin,
        mode=mode,
        ablation=ablation,
        mixed=mixed or answers,
        beliefs=beliefs,
        parameters=parameters,
        choice_rule=name_of_rule(choice_rule),
        answers=answers,
    )


def default_accounts(case: Case) -> tuple[str, ...]:
    """Return the accounts a run takes when none is named: the readings, then those that draw from them.

    Where none draws from others the record comes first: it draws every dispute and doubt.
    """
    readings = [a for a in case.accounts.values() if not a.is_statement and not a.is_record]
    single = [a for a in readings if not a.is_pool]
    voices = [a.id for a in single if a.is_voice] or [a.id for a in single]
    pools = [a.id for a in readings if a.is_pool]
    return (*voices, *pools) if pools else (RECORD.id, *voices)
