"""What a scenario changes in this model, in sentences: clear differences, why, and what cannot be told from chance.

Every difference is paired: both columns have the same luck. A run looks at many outcomes at once, so a difference is
told apart from chance only where it would be with as many looks: at the 90 % level over all of them (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

from standoff.case.model import Case
from standoff.case.strategy import Change
from standoff.case.terms import Commitment
from standoff.oneline import OneLine
from standoff.runs.compare import Z90, Difference, paired_differences
from standoff.runs.incidents import EVERYWHERE
from standoff.runs.results import AnswerEffect, OptionDays, Run
from standoff.text.sentences import count, day, listing, number, percent, points, quoted, rounded, signed, span
from standoff.views.charts import (
    DISPLACED,
    IN_MODEL,
    Figure,
    account_titles,
    base_scenario,
    figure,
    frame,
    main_account,
    run_end,
    scenario_title,
    trajectories,
)
from standoff.world.setting import NO_OPTION, NOTHING_SEEN

MOST_WHY = 3  # options named as the reason
MOST_LISTED = 6
WINDOW = 84  # days; longer ones are in the table


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Effects(OneLine):
    """What one scenario changes: sentences of what is clear, why, and of what cannot be told from chance.

    ``rows`` are the levels beside the differences of the main account: outcome, baseline, scenario, difference, words.
    """

    scenario: str
    title: str
    clear: tuple[str, ...]
    why: str
    rest: str
    rows: tuple[tuple[str, str, str, str, str], ...]


def apart_from_chance(d: Difference, looks: int) -> bool:
    """Whether a difference would stand out with so many looked at: 90 % over all of them."""
    error = (d.high - d.low) / (2 * Z90)
    return d.differ > 0 and abs(d.mean) > NormalDist().inv_cdf(1 - 0.05 / max(looks, 1)) * error


def effects_of(case: Case, run: Run) -> tuple[Effects, ...]:
    """Return what each scenario of a run changes against the first, over all its accounts."""
    paired = [d for d in paired_differences(run) if d.kind == "scenario"] if run.outcomes else []
    names, main = account_titles(case, run), main_account(run)
    out = []
    for scenario in run.scenarios[1:]:
        mine = [d for d in paired if d.scenario == scenario]
        if not mine:
            continue
        looks = len({d.outcome for d in mine if d.differ > 0}) * len(run.accounts)
        clear = {d for d in mine if apart_from_chance(d, looks)}
        by_outcome: dict[str, list[Difference]] = {}
        for d in mine:
            by_outcome.setdefault(d.outcome, []).append(d)
        sure, silent = [], []
        for ds in by_outcome.values():
            some = [d for d in ds if d in clear]
            if some:
                best = next((d for d in some if d.account == main), some[0])
                sure.append((abs(best.mean) / max(best.high - best.low, 1e-12), _effect(best, some, names, len(ds))))
            else:
                silent.append(ds[0].title)
        sure.sort(reverse=True)
        here = [d for d in mine if d.account == main]
        out.append(
            Effects(
                scenario=scenario,
                title=scenario_title(case, scenario),
                clear=tuple(text for _, text in sure),
                why=why_of(case, run, scenario, main) if sure else "",
                rest=_chance(silent, mine, bool(sure)),
                rows=tuple(_row(d, d in clear) for d in here),
            )
        )
    return tuple(out)


def _effect(best: Difference, some: list[Difference], names: dict[str, str], accounts: int) -> str:
    who = "under every account" if len(some) == accounts > 1 else ""
    if not who and accounts > 1:
        others = count(accounts - len(some), "other")
        who = f"under {quoted(names[d.account] for d in some)}, not told from chance under {others}"
    levels = f"{amount(best, best.base)} in the baseline, {amount(best, best.base + best.mean)} in this scenario"
    return f"{best.title}: {levels}, {change(best)}{', ' + who if who else ''}."


def amount(d: Difference, value: float) -> str:
    """Return the level of an outcome in words."""
    if d.unit == "share":
        return f"{percent(min(max(value, 0.0), 1.0))} of runs"
    return f"{value:,.0f}" if d.unit == "incidents" else f"{rounded(max(value, 0.0), 3):,.0f} people"


def change(d: Difference) -> str:
    """Return a difference with its range in words."""
    if d.unit == "share":
        return f"{points(d.mean)} points ({points(d.low)} to {points(d.high)})"
    if d.unit == "incidents":
        return f"{d.mean:+.1f} ({d.low:+.1f} to {d.high:+.1f})"
    return f"{signed(d.mean)} ({signed(d.low)} to {signed(d.high)})"


def _row(d: Difference, clear: bool) -> tuple[str, str, str, str, str]:
    verdict = "beyond chance" if clear else "the same in every run" if d.differ == 0 else "not told from chance"
    return d.title, amount(d, d.base), amount(d, d.base + d.mean), change(d) if d.differ else "none", verdict


def _chance(silent: list[str], mine: list[Difference], some: bool) -> str:
    if not silent:
        return ""
    n = mine[0].n
    if not some:
        outcomes = count(len(silent), "outcome")
        return f"No difference that can be told from chance in {n:,} paired runs, in any of {outcomes}."
    more = len(silent) - MOST_LISTED + 1
    shown = silent if more < 2 else [*silent[: MOST_LISTED - 1], f"{more} more"]
    return f"No difference that can be told from chance in {n:,} paired runs: {listing(shown)}."


def why_of(case: Case, run: Run, scenario: str, account: str) -> str:
    """Return in a sentence what stands behind the effects: what was changed, and what actors do more or less of."""
    changes = case.scenarios[scenario].changes if scenario in case.scenarios else ()
    added = case.scenarios[scenario].clauses if scenario in case.scenarios else ()
    first = "; ".join(filter(None, [_changed(case, changes), _added(added)]))
    options = sorted(
        (o for o in run.options if (o.account, o.scenario) == (account, scenario) and (o.low > 0 or o.high < 0)),
        key=lambda o: -abs(o.difference) / max(o.high - o.low, 1e-9),
    )
    acts = [o for o in options if abs(o.difference) >= 0.05]
    if not run.options:
        return f"Why: {first}." if first else ""
    if not acts:
        more = f" ({first})" if first else ""
        return f"Why: only what was changed{more}; no actor does anything else that can be told from chance."
    does = listing([_act(o) for o in acts[:MOST_WHY]])
    return f"Why: {first + '; ' if first else ''}{does}."


def _act(o: OptionDays) -> str:
    way = "more" if o.difference > 0 else "fewer"
    return f"{quoted([o.title])} on {abs(o.difference):.1f} {way} days a run ({o.low:+.1f} to {o.high:+.1f})"


def _added(clauses: tuple[Commitment, ...]) -> str:
    """Return which clauses a scenario adds, in words."""
    new = [c.title for c in clauses if not c.supersedes]
    changed = [c.title for c in clauses if c.supersedes]
    parts = [f"{quoted(new)} {'is' if len(new) == 1 else 'are'} added"] if new else []
    if changed:
        parts.append(f"{quoted(changed)} {'takes' if len(changed) == 1 else 'take'} the place of what was agreed")
    return listing(parts)


def _changed(case: Case, changes: tuple[Change, ...]) -> str:
    words = list(dict.fromkeys(filter(None, (lever_words(case, one) for one in changes))))
    more = len(words) - MOST_WHY + 1
    return listing(words if more < 2 else [*words[: MOST_WHY - 1], f"{more} more changes"])


def lever_words(case: Case, one: Change) -> str:
    """Return one change of a scenario in words."""
    if one.withdraw:
        title = case.commitments[one.withdraw].title if one.withdraw in case.commitments else one.withdraw
        return f"{quoted([title])} is withdrawn"
    if one.unsend:
        title = case.signals[one.unsend].title if one.unsend in case.signals else one.unsend
        return f"the signal {quoted([title])} was not sent"
    if one.parameter:
        title = case.parameters[one.parameter].title if one.parameter in case.parameters else one.parameter
        return f"{quoted([title])} is {one.value:g}"
    if one.capacity and one.value is not None:
        name = case.places[one.capacity].name if one.capacity in case.places else one.capacity
        return f"{name} has room for {number(one.value)}" if one.value else f"{name} has no limit"
    if one.open or one.shut:
        return f"{way_words(case, one.open or one.shut)} is {'open' if one.open else 'shut'}"
    return ""


def anew_lines(run: Run) -> list[str]:
    """Return what became of agreements made in runs, account by account, and what a truce was drawn to leave.

    Nothing where no option makes any, or in a run of an older edition.
    """
    lines = []
    base = base_scenario(run)
    rows = [r for r in run.meta.get("agreements", ()) if r["made"] > 0]
    for name in dict.fromkeys(r["commitment"] for r in rows):
        mine = [r for r in rows if r["commitment"] == name]
        here = [r for r in mine if r["scenario"] == base]
        if here:
            shares = [(r["account"], percent(r["made"]), percent(r["broken"] / r["made"])) for r in here]
            (account, made, broken), *others = shares
            told = "".join(f"; in {made} and {broken} ({account})" for account, made, broken in others)
            lines.append(
                f"{quoted([here[0]['title']])} is agreed anew in {made} of runs and broken by the end in {broken} of "
                f"those ({account}){told}."
            )
    truces = run.meta.get("truces")
    if truces and truces["months"]:
        low, middle, high = truces["months"][0]
        lines.append(
            f"What such a truce does to incidents is drawn: nothing in {percent(truces['none'])} of {truces['n']:,} "
            f"draws; in the others {percent(middle)} of them are left in the first month (80 %: {percent(low)} "
            f"to {percent(high)}), by what followed written ceasefires elsewhere. Levels never use it."
        )
    return lines


def way_words(case: Case, text: str) -> str:
    """Return a way such as ``route:a:b`` in words."""
    kind, _, rest = text.partition(":")
    ends = [case.places[e].name if e in case.places else e for e in rest.split(":") if e]
    if kind == "place":
        return ends[0]
    return f"the {'way' if kind == 'route' else 'border'} between {listing(ends)}"


def people_ranges(case: Case, run: Run) -> Figure | None:
    """Return people newly displaced by the last day, every account and scenario in one panel."""
    names = account_titles(case, run)
    rows = []
    for scenario in run.scenarios:
        for account in run.accounts:
            if bands := run.fan(account, DISPLACED, scenario=scenario):
                at, title = bands[-1], scenario_title(case, scenario)
                name = names[account] if len(run.scenarios) == 1 else f"{names[account]}: {title}"
                rows.append((name, at.q50, at.q05, at.q95))
    if not rows:
        return None
    low, high = min(r[2] for r in rows), max(r[3] for r in rows)
    whose = "90 % of runs" if len(rows) == 1 else "of each account at least 90 % of runs"
    return figure(
        "people-ranges",
        "ranges",
        title=f"People newly displaced: {whose} lie between {number(low)} and {number(high)}, {IN_MODEL}",
        definition=f"People newly displaced by {day(run_end(run))}, each account and scenario. Dot: median; line: "
        "90 % of runs. Who goes home and leaves again counts twice.",
        columns=["account and scenario", "median", "q05", "q95"],
        rows=[[name, *(int(rounded(v, 3)) for v in values)] for name, *values in rows],
        data={
            "rows": [
                {"name": name, "middle": m, "low": lo, "high": hi, "words": f"{number(m)} ({span(lo, hi)})"}
                for name, m, lo, hi in rows
            ]
        },
        rests=[("the parameters", "parameters")],
        **frame(case, run),
    )


def incident_ranges(case: Case, run: Run, top: int = 8) -> Figure | None:
    """Return incidents of the busiest areas over the longest window of at most 84 days, with actors playing."""
    account, base = main_account(run), base_scenario(run)
    mine = [r for r in run.incidents if (r.account, r.scenario) == (account, base)]
    windows = [r.days for r in mine if r.days <= WINDOW] or [r.days for r in mine]
    if not windows:
        return None
    every = sorted((r for r in mine if r.days == max(windows)), key=lambda r: (r.area != EVERYWHERE, -r.level))
    whole, rows = every[0], every[1 : top + 1]
    words = f"{whole.mean:,.0f} incidents in {whole.days} days (80 %: {whole.q10:,.0f} to {whole.q90:,.0f})"
    return figure(
        "incidents",
        "ranges",
        title=f"In the baseline {words}, {whole.last:,} in as many days before",
        definition="Incidents by area in the baseline, with actors playing. The level is that of the forecast of the "
        "counts alone, whatever actors do: scenarios are ratios to it. Dot: median; line: 80 % of runs; upright: "
        f"counted in as many days before. The {len(rows)} busiest of {len(every) - 1} areas.",
        columns=["area", "days", "mean", "q10", "median", "q90", "level", "counted before"],
        rows=[[r.area, r.days, *(round(v, 1) for v in (r.mean, r.q10, r.q50, r.q90, r.level)), r.last] for r in rows],
        data={
            "rows": [
                {
                    "name": r.area,
                    "middle": r.q50,
                    "low": r.q10,
                    "high": r.q90,
                    "usual": r.last,
                    "words": f"{r.q50:,.0f} ({r.q10:,.0f} to {r.q90:,.0f}); {r.last:,} before",
                }
                for r in rows
            ]
        },
        **frame(case, run),
    )


def level_sentence(run: Run) -> str:
    """Return what the level of a run rests on, or what is missing."""
    level = run.meta.get("level")
    if not level:
        return ""
    if not level.get("counted"):
        return f"No level of incidents: {level.get('missing', 'nothing is counted')}."
    source, until = level["counted"], date.fromisoformat(level["until"])
    if level.get("selection"):
        why = f", since {level['why']}" if level.get("why") else ""
        return (
            f"Counted is the record of the case up to {day(until)}{why}. It is a selection by whoever made the case, "
            "and no count of what happened."
        )
    return f"Counted up to {day(until)}: {source}."


def unplayed_line(run: Run) -> str:
    """Return how many of the commitments that are live at the start the model cannot play, and why."""
    whys = [str(one.get("why", "")) for one in run.meta.get("unmodelled", ())]
    silent, idle = whys.count(NOTHING_SEEN), whys.count(NO_OPTION)
    if not silent + idle:
        return ""
    reasons = [f"{silent} {'says' if silent == 1 else 'say'} nothing that an event could show"] * bool(silent)
    reasons += [f"{idle} {'asks' if idle == 1 else 'ask'} for what no option does"] * bool(idle)
    plays = run.meta.get("modelled")
    of = f" of {count(silent + idle + plays, 'commitment')} live at the start" if isinstance(plays, int) else ""
    return f"the model cannot play {silent + idle}{of}: {listing(reasons)}"


def whatif_lines(case: Case, run: Run) -> list[str]:
    """Return the block of a terminal page on scenarios, unfolded; nothing where a run has one scenario."""
    some = effects_of(case, run)
    if not some:
        return []
    base = scenario_title(case, base_scenario(run))
    lines = [f"WHAT IF, against {quoted([base])}: paired differences in this model, n = {trajectories(run):,} each"]
    for one in some:
        lines.append(f"  {one.title} ({one.scenario})")
        lines += [f"    {text}" for text in (*one.clear, one.why, one.rest) if text]
    return lines


def answer_sentences(case: Case, run: Run, rows: Sequence[AnswerEffect]) -> dict[str, str]:
    """Return dispute -> what its answers change in a run, in a sentence, the clearest difference first.

    ``rows`` are those looked at, for each dispute the one that is told is the clearest; a dispute of which none is
    clear is said to be no different from chance, with the largest difference.
    """
    titles = {str(o["id"]): str(o["title"]) for o in run.meta["outcomes"]}
    enough = NormalDist().inv_cdf(1 - 0.05 / max(len(rows), 1))
    told: dict[str, tuple[float, str]] = {}
    for row in rows:
        size = abs(row.difference) / ((row.high - row.low) / (2 * Z90))
        if size <= told.get(row.dispute, (-1.0, ""))[0]:
            continue
        dispute = case.disputes.get(row.dispute)
        text = next((a.text for a in dispute.answers if a.id == row.answer), row.answer) if dispute else row.answer
        what = titles.get(row.outcome, row.outcome)
        gap = f"{points(row.difference)} points ({points(row.low)} to {points(row.high)})"
        pairs = f"{row.n:,} pairs of runs" if row.paired else f"{row.n:,} runs, unpaired"
        if size > enough:
            said = (
                f"With the answer {quoted([text])} ({pairs}): {what} in {percent(row.p)}, else in "
                f"{percent(row.p_others)}; {gap}."
            )
        else:
            said = f"No difference that can be told from chance ({pairs}); the largest is {gap} in {what}."
        told[row.dispute] = (size, said)
    ranked = sorted(told.items(), key=lambda pair: -pair[1][0])
    return {name: said for name, (_, said) in ranked}


def answer_lines(case: Case, run: Run, most: int = 5) -> list[str]:
    """Return what the answers to disputed questions changed most in a run, beyond chance, in sentences."""
    told = answer_sentences(case, run, run.answers)
    clear = {name: said for name, said in told.items() if not said.startswith("No difference")}
    sentences = []
    for name, said in list(clear.items())[:most]:
        dispute = case.disputes.get(name)
        sentences.append(f"{dispute.question if dispute else name} {said}")
    if run.answers and not sentences:
        return [
            "No answer to a disputed question changes an outcome by more than chance would, of "
            f"{len(run.answers)} looked at."
        ]
    if any(row.paired for row in run.answers):
        rest = len(told) - len(clear)
        sentences += [f"Of {count(rest, 'other dispute')} no difference can be told from chance."] * bool(rest)
    return sentences
